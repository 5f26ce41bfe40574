"""What values are called in the generated source: as in the equations, spelled so that Python can read it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from recurra.derive.equations import adjoint_names
from recurra.derive.plan import Plans
from recurra.graph.node import Node, Size, topological

__all__ = ["Names", "extent", "size_name"]

_TAKEN = frozenset({
    "tl", "rows", "member", "live", "column", "here", "first", "running", "seed", "table", "steps", "turn", "time",
    "times", "sequence", "sequences", "begin", "end", "slot", "carry", "scratch", "kept", "work", "d_work", "arrived",
    "inner", "all_inner", "start", "operand", "key", "part", "count", "length", "is_first", "sigmoid", "tanh",
    "softplus", "rectified", "larger", "smaller", "hashed", "waited", "cross_barrier", "batch",
})  # fmt: skip
_BUFFER = re.compile(r"(d_)?(input|output|product|result)_\d+|.*_(at|down|across)|inside_.*")


def size_name(size: Size) -> str:
    """Return a size as the source names it: a constant of the compiler, or a number."""
    return str(size) if isinstance(size, int) else size.upper()


def extent(sizes: Sequence[Size]) -> str:
    """Return a sum of sizes, e.g. ``"2 * HIDDEN_SIZE + 1"``."""
    counts: dict[str, int] = {}
    number = sum(size for size in sizes if isinstance(size, int))
    for size in sizes:
        if isinstance(size, str):
            counts[size_name(size)] = counts.get(size_name(size), 0) + 1
    terms = [name if count == 1 else f"{count} * {name}" for name, count in counts.items()]
    return " + ".join([*terms, str(number)] if number or not terms else terms)


class Names:
    """Gives each node a name of its own, the same one every time."""

    def __init__(self, plans: Plans) -> None:
        self.given: dict[Node, str] = {}
        self.taken = set(_TAKEN)
        step, backward = plans.forward.step, plans.backward
        for state, after in zip(step.states, step.next_states, strict=True):
            self.name(state, f"{state.name}_before")
            if after.args and after.rows:
                self.name(after, state.name)
        for node in (*step.inputs, *step.parameters):
            self.name(node, node.name)
        for node, name in step.names.items():
            self.name(node, name)
        for leaf in (*backward.step.incoming_outputs, *backward.step.incoming_states):
            self.name(leaf, f"d_{leaf.name}{'_after' if leaf in backward.step.incoming_states else ''}")
        for node, adjoint in backward.step.adjoints.items():
            if node in self.given and adjoint.args and adjoint.rows:
                self.name(adjoint, f"d_{self.given[node]}")
        for node, text in adjoint_names(plans.forward, plans.backward).items():
            if node.args and node.rows:
                self.name(node, text.replace("δ", "d_").replace("[t]", ""))
        for node in topological(backward.step.roots):
            if node.op == "transpose" and node.args[0] in self.given:
                self.name(node, f"{self.given[node.args[0]]}_T")
        self.named = frozenset(self.given)
        for node in topological((*step.roots, *backward.step.roots)):
            self.name(node, f"{node.op}_{len(self.given) - len(self.named) + 1}")

    def name(self, node: Node, wish: str) -> str:
        """Return the node's name; it gets one like the wish if it has none."""
        if node not in self.given:
            wish = re.sub(r"\W+", "_", wish).strip("_") or "value"
            wish = (
                f"v_{wish}" if not wish.isidentifier() or keyword.iskeyword(wish) or _BUFFER.fullmatch(wish) else wish
            )
            name, number = wish, 1
            while name in self.taken:
                number += 1
                name = f"{wish}_{number}"
            self.taken.add(name)
            self.given[node] = name
        return self.given[node]

    def __getitem__(self, node: Node) -> str:
        return self.given[node]
