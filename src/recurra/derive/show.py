"""The plans as text: what runs before, in and after the time loop, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable

from recurra.derive.equations import adjoint_names, forward_names
from recurra.derive.plan import BackwardPlan, ForwardPlan, Plans
from recurra.derive.stages import Product, Segment
from recurra.graph.node import Node, uses
from recurra.graph.printing import TEXT, Writer

__all__ = ["show"]

ALL_STEPS = "for all steps at once"


def show(plans: Plans) -> str:
    """Return both plans, a line for each product and each value that is named, shared or stored."""
    names = {**forward_names(plans.forward.step, TEXT), **adjoint_names(plans.forward, plans.backward)}
    forward = _Lines(names, _segments(plans.forward), plans.forward.step.roots).forward(plans.forward)
    backward = _Lines(names, _segments(plans.backward), plans.backward.step.roots).backward(plans.backward)
    return "\n".join(["forward plan", *forward, "", "backward plan", *backward]) + "\n"


def _segments(plan: ForwardPlan | BackwardPlan) -> tuple[Segment, Segment, Segment]:
    return plan.before, plan.loop, plan.after


class _Lines:
    """Numbers what has no name and needs one, and writes the lines of a plan."""

    def __init__(self, names: dict[Node, str], segments: Iterable[Segment], roots: Iterable[Node]) -> None:
        self.names = names
        self.writer = Writer(TEXT, names)
        count = uses(roots)
        for segment in segments:
            made = [result for stage in segment.stages for p in stage.products for result in p.results]
            shared = [node for node in segment.nodes if count.get(node, 0) > 1 or node in segment.writes]
            for node in (*made, *shared):
                names.setdefault(node, f"v{sum(name.startswith('v') for name in names.values()) + 1}")

    def forward(self, plan: ForwardPlan) -> Iterable[str]:
        """Yield the lines of a forward plan."""
        if plan.prelude.leaves:
            yield "  once"
        for parameter, value in zip(plan.prelude.leaves, plan.prelude.values, strict=True):
            yield f"    {parameter.name} = {self.writer.define(value)}"
        yield from self._parts(plan)
        pairs = zip(plan.step.states, plan.step.next_states, strict=True)
        yield f"  carried: {', '.join(f'{self.names[s]} <- {self.writer.write(n)}' for s, n in pairs)}"
        yield f"  output: {', '.join(map(self.writer.write, plan.step.outputs))}"
        yield f"  saved: {', '.join(self.names[node] for node in plan.saved) or 'nothing'}"

    def backward(self, plan: BackwardPlan) -> Iterable[str]:
        """Yield the lines of a backward plan."""
        yield from self._parts(plan)
        pairs = zip(plan.step.incoming_states, plan.step.states, strict=True)
        yield f"  carried: {', '.join(f'{self.names[s]} <- {self.writer.write(n)}' for s, n in pairs)}"
        yield "  sums over all rows of all steps"
        for gradient in plan.weight_gradients:
            deltas = " ".join(self.writer.write(delta) for delta in gradient.deltas)
            yield f"    ({self.writer.write(gradient.operand)})ᵀ @ [{deltas}]"
        for node in plan.row_sums:
            yield f"    sum of {self.writer.write(node.args[0])}"

    def _parts(self, plan: ForwardPlan | BackwardPlan) -> Iterable[str]:
        titles = (f"before the loop, {ALL_STEPS}", "in the loop, step by step", f"after the loop, {ALL_STEPS}")
        for title, segment in zip(titles, _segments(plan), strict=True):
            yield f"  {title}{'' if segment.nodes else ': nothing'}"
            for stage in segment.stages:
                yield from map(self._product, stage.products)
                named = [node for node in stage.pointwise if node in self.names]
                yield from (f"    {self.names[node]} = {self.writer.define(node)}" for node in named)

    def _product(self, product: Product) -> str:
        results = " ".join(self.names[result] for result in product.results)
        operands = " ".join(self.writer.write(operand) for operand in product.operands)
        weights = "; ".join(" ".join(self.writer.write(weight) for weight in line) for line in product.weights)
        return f"    [{results}] = [{operands}] @ [{weights}]"
