"""What a diagram of a step shows: its values as boxes, each with what it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from recurra.derive.equations import forward_names
from recurra.graph.node import Node, topological
from recurra.graph.ops import OPS
from recurra.graph.printing import TEXT, ExpressionWriter, matrix_product, shared, told_apart
from recurra.graph.step import Step

__all__ = ["Box", "boxes"]

BLANK = "□"
"""Stands in a box's expression for a value without a name, read there alone; what it is comes in at that place."""

_SUMS = ("add", "sub", "neg")
_PLAIN = ("neg", "broadcast", "transpose")


@dataclass(frozen=True, eq=False)
class Box:
    """A value in the diagram.

    Attributes
    ----------
    kind : str
        "input" or "state" (they come in at the left), "value", or "result" (goes out at the right).
    name : str
        What the cell's function calls it, or "v1", "v2", ... if it is read more than once; may be empty.
    text : str
        Its expression; for what comes in and goes out, its name with the time step.
    reads : tuple of boxes
        Each once, in the order of the expression.
    """

    kind: str
    name: str
    text: str
    reads: tuple[Box, ...] = ()


def boxes(step: Step, *, spell: Callable[[str], str] = str) -> list[Box]:
    """Return the boxes of a step, each after those that it reads; `spell` respells what stands in them.

    A value has a box if it has a name, if it is read more than once, or if it joins several values and is no part of
    a longer sum or of a function's argument. So a gate is one box, and so is each term of a sum of products.
    """
    reads = _reads(step)
    long = forward_names(step, TEXT)
    names = _names(reads, long)
    written = {**names, **{parameter: parameter.name for parameter in step.parameters}}
    written |= {node: "…" for node in shared(step.roots, written) if not node.rows}
    writer = ExpressionWriter(TEXT, written)
    made: dict[Node, Box] = {}
    for node, sources in reads.items():
        if node.op in ("input", "state"):
            made[node] = Box(node.op, spell(names[node]), spell(long[node]))
        else:
            name = "" if names[node] == BLANK else names[node]
            read = tuple(made[source] for source in sources)
            made[node] = Box("value", spell(name), spell(writer.define(node)), read)
    return [*made.values(), *(Box("result", "", spell(name), (made[node],)) for name, node in _results(step))]


def _names(reads: Mapping[Node, tuple[Node, ...]], long: Mapping[Node, str]) -> dict[Node, str]:
    """Return what is written for the nodes that have a box, without the time of what is of this step."""
    readers = Counter(source for sources in reads.values() for source in sources)
    taken = {name.removesuffix("[t]") for name in long.values()}
    fresh = (f"v{number}" for number in count(1) if f"v{number}" not in taken)
    return {
        node: long[node].removesuffix("[t]") if node in long else next(fresh) if readers[node] > 1 else BLANK
        for node in reads
    }


def _results(step: Step) -> list[tuple[str, Node]]:
    """Return what goes out of a step, by name: the next states, and the outputs that are none of them."""
    states = [(f"{state.name}[t]", node) for state, node in zip(step.states, step.next_states, strict=True)]
    output = f"{told_apart(step).output}[t]"
    return states + [(output, node) for node in step.outputs if node not in step.next_states]


def _reads(step: Step) -> dict[Node, tuple[Node, ...]]:
    """Return the nodes that have a box, arguments first, each with those that it reads through nodes without one."""
    users = _users(step)
    found: dict[Node, tuple[Node, ...]] = dict.fromkeys((*step.inputs, *step.states), ())
    within: dict[Node, tuple[Node, ...]] = {}
    for node in topological(step.roots):
        if not node.rows or node in found:
            continue
        arguments = [(a,) if a in found else within[a] for a in node.args if a.rows]
        sources = tuple(dict.fromkeys(source for several in arguments for source in several))
        is_kept = node in step.names or node in step.roots or len(users[node]) > 1
        if is_kept or not _is_absorbed(node, sources, users[node][0]):
            found[node] = sources
        else:
            within[node] = sources
    return found


def _users(step: Step) -> Mapping[Node, list[Node]]:
    users: dict[Node, list[Node]] = {}
    for node in topological(step.roots):
        users.setdefault(node, [])
        for argument in node.args:
            users[argument].append(node)
    return users


def _is_absorbed(node: Node, sources: tuple[Node, ...], user: Node) -> bool:
    """Return whether a value is written inside its only user: it joins nothing, or is a part of what that is."""
    if len(sources) <= 1 or matrix_product(user) is not None or (node.op in (*_SUMS, "matmul") and user.op in _SUMS):
        return True
    return not _is_function(node) and (_is_function(user) or user.op == "matmul")


def _is_function(node: Node) -> bool:
    return node.op in OPS and OPS[node.op].arity == 1 and node.op not in _PLAIN
