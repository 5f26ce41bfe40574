"""How a value of a step is written for people: by its name, or as its equation."""

from __future__ import annotations

from recurra.derive.plan import ForwardPlan
from recurra.graph.node import Node, depends_on, topological
from recurra.graph.printing import MATMUL, TEXT, Writer

__all__ = ["Spelled"]


class Spelled:
    """Writes the values of the step of a plan, with the names that the equations gave."""

    def __init__(self, plan: ForwardPlan, /) -> None:
        step, prelude = plan.step, plan.prelude
        names = {node: name for node, name in step.names.items() if node.rows and node.args}
        after = zip(step.states, step.next_states, strict=True)
        names |= {node: leaf.name for leaf, node in after if node.args and node not in names}
        self._names = names
        written = {node: f"{name}[t]" for node, name in names.items()}
        written |= {leaf: f"{leaf.name}[t]" for leaf in step.inputs}
        written |= {leaf: f"{leaf.name}[t-1]" for leaf in step.states}
        expressions = zip(prelude.leaves, prelude.values, strict=True)
        written |= {leaf: Writer(TEXT, {}).write(value, inside=MATMUL) for leaf, value in expressions}
        self._writer = Writer(TEXT, written)

    def name(self, node: Node, /) -> str:
        """Return the name of a value, or its expression where it has none."""
        return self._names.get(node) or self._writer.write(node)

    def equation(self, node: Node, /) -> str:
        """Return the equation of a value: "i[t] = σ(x[t] W_xi + h[t-1] W_hi + b_i)"."""
        right = self._writer.define(node)
        return f"{self._names[node]}[t] = {right}" if node in self._names else right

    def place(self, node: Node, /) -> str:
        """Return the equation of a value, or what it is and of which equation it is a part."""
        users = depends_on(self._names, [node])
        whole = next((each for each in topological(self._names) if each in users and each in self._names), node)
        return self.equation(node) if whole is node else f"{self._writer.define(node)}, of {self.equation(whole)}"
