"""Width: values that are much wider than what they are made of, such as outer products and states that are matrices.

To store one for all steps costs more than all else, so plans have them made where they are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from recurra.graph.node import REDUCTIONS, SCANS, Node, topological
from recurra.graph.step import Step

__all__ = ["made_of", "matrices_of", "narrow_parts", "stretched"]

_OVER_FEATURES = REDUCTIONS | SCANS | {"matmul"}
"""What reads other features than its own."""


def stretched(nodes: Iterable[Node]) -> set[Node]:
    """Return the elementwise values that are wider than all that is stored of what they are made of."""
    found: set[Node] = set()
    for node in nodes:
        if len(node.shape) > 1 and node.op not in _OVER_FEATURES:
            as_wide = [a for a in node.args if a.rows and a.width == node.width]
            if found.issuperset(as_wide):
                found.add(node)
    return found


def narrow_parts(node: Node, wide: Collection[Node]) -> list[Node]:
    """Return the values of which a stretched one is made, that are not stretched themselves."""
    made = topological([node], stop=lambda each: each not in wide and each.op != "reshape")
    return [each for each in made if each.rows and each.args and each not in wide and each.op != "reshape"]


def made_of(leaves: Iterable[Node], nodes: Iterable[Node]) -> list[Node]:
    """Return what is made of leaves feature by feature, and what reduces it."""
    wide, found = set(leaves), []
    for node in nodes:
        if not wide.isdisjoint(node.args):
            found.append(node)
            if node.op not in REDUCTIONS | {"matmul"}:
                wide.add(node)
    return found


def matrices_of(core: Step, at_hand: set[Node]) -> tuple[Node, ...]:
    """Return the states that are wider than all else from which their next values follow: matrices of a few vectors.

    Nothing but the state itself of the step before, and what is narrower and at hand, gives the next one.
    """
    found = []
    for state, following in zip(core.states, core.next_states, strict=True):
        made = [node for node in topological([following], stop=at_hand.__contains__) if node.rows]
        read = [node for node in made if node in at_hand or not node.args]
        is_narrow = all(node.width != state.width for node in read if node is not state)
        inside = {node.op for node in made if node not in read}
        is_elementwise = inside.isdisjoint({"matmul", "batch_mean"}) and all(node.op != "noise" for node in read)
        if len(state.shape) > 1 and following not in at_hand and is_narrow and is_elementwise:
            found.append(state)
    return tuple(found)
