"""Boxes in layers: each as deep as its longest path from what comes in; then ordered, and put on rows.

The steps of Sugiyama, Tagawa & Toda (1981), IEEE Transactions on Systems, Man, and Cybernetics 11(2): layers by longest
path, wires through the layers between as places of their own, few crossings by ordering around barycentres.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from recurra.diagram.boxes import Box

__all__ = ["Place", "layered"]

SWEEPS = 12


@dataclass(eq=False)
class Place:
    """A box in its layer, or a wire on its way through one.

    Attributes
    ----------
    box : Box
        For a wire, the box that it comes from.
    is_wire : bool
    sources : list of Place
        Where it is reached from, all in the layer before, in the order of its ports.
    height : int
        Its rows.
    ports : list of int
        The row of each source's port, and `out` the row of what leaves, counted from its `top`.
    top : int
        Its first row in the diagram.
    """

    box: Box
    is_wire: bool
    sources: list[Place] = field(default_factory=list)
    height: int = 1
    ports: Sequence[int] = ()
    out: int = 0
    top: int = 0


def layered(boxes: Sequence[Box], rows_of: Callable[[Box], int]) -> list[list[Place]]:
    """Return the layers from left to right, in each the places from top to bottom.

    `rows_of` says how many rows of text a box has; what comes in and goes out has one row and no border.
    """
    layers = _layers(boxes, rows_of)
    _order(layers)
    _put_on_rows(layers)
    for before, after in pairwise(layers):
        _untangle(before, after)
    return layers


def _layers(boxes: Sequence[Box], rows_of: Callable[[Box], int]) -> list[list[Place]]:
    depth: dict[Box, int] = {}
    for box in boxes:
        depth[box] = 1 + max((depth[read] for read in box.reads), default=-1) if box.kind != "result" else 0
    last = 1 + max(depth.values())
    depth |= {box: last for box in boxes if box.kind == "result"}
    layers: list[list[Place]] = [[] for _ in range(last + 1)]
    at: dict[tuple[Box, int], Place] = {}

    def reached(box: Box, layer: int) -> Place:
        """Return where a box's value is in a layer, with a wire through all layers up to there."""
        if (box, layer) not in at:
            at[box, layer] = Place(box, True, [reached(box, layer - 1)], ports=(0,))
            layers[layer].append(at[box, layer])
        return at[box, layer]

    for box in boxes:
        place = at[box, depth[box]] = Place(box, False)
        layers[depth[box]].append(place)
        if box.kind == "result":
            place.ports = (0,)
        elif box.kind == "value":
            inner = max(rows_of(box), len(box.reads))
            place.height, place.out = inner + 2, 1 + inner // 2
            place.ports = range(1, 1 + len(box.reads))
    for box in boxes:
        at[box, depth[box]].sources = [reached(read, depth[box] - 1) for read in box.reads]
    return layers


def _order(layers: list[list[Place]]) -> None:
    """Order each layer so that few wires cross."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers)
    for sweep in range(SWEEPS):
        _sweep(layers, forward=sweep % 2 == 0)
        crossings = _crossings(layers)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    for layer, ordered in zip(layers, best, strict=True):
        layer[:] = ordered


def _sweep(layers: list[list[Place]], *, forward: bool) -> None:
    """Put each place near the mean of what it reads, or of what reads it."""
    pairs = list(pairwise(layers))
    for before, after in pairs if forward else reversed(pairs):
        near: dict[Place, list[float]] = {}
        for source, start, place, end in _edges(before, after):
            near.setdefault(place if forward else source, []).append(start if forward else end)
        moved = after if forward else before
        means = {place: sum(at) / len(at) for index, place in enumerate(moved) for at in [near.get(place, [index])]}
        moved.sort(key=means.__getitem__)


def _edges(before: list[Place], after: list[Place]) -> list[tuple[Place, float, Place, float]]:
    """Return the wires between two layers: where each starts and ends, and the position of either in its layer."""
    index = {place: position for position, place in enumerate(before)}
    return [
        (source, index[source], place, position + port / (len(place.sources) + 1))
        for position, place in enumerate(after)
        for port, source in enumerate(place.sources)
    ]


def _crossings(layers: list[list[Place]]) -> int:
    total = 0
    for before, after in pairwise(layers):
        edges = [(start, end) for _, start, _, end in _edges(before, after)]
        total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(edges) for c, d in edges[:i])
    return total


def _put_on_rows(layers: list[list[Place]]) -> None:
    """Put places on rows so that wires are straight where they can be: by what is before, by what is after, again."""
    for layer in layers:
        _settle(layer, {})
    for backward in (False, True, False):
        pairs = list(pairwise(layers))
        for before, after in reversed(pairs) if backward else pairs:
            wanted: dict[Place, list[float]] = {}
            for place in after:
                for port, source in zip(place.ports, place.sources, strict=True):
                    down = place.top + port - source.top - source.out
                    moved, by = (source, down) if backward else (place, -down)
                    wanted.setdefault(moved, []).append(moved.top + by)
            _settle(before if backward else after, wanted)
    highest = min(place.top for layer in layers for place in layer)
    for place in (place for layer in layers for place in layer):
        place.top -= highest


def _settle(layer: list[Place], wanted: dict[Place, list[float]]) -> None:
    """Choose the rows of a layer, in order and without overlap, nearest to those wanted: least squares.

    With each place's rows taken off those below it, the order alone is left: a monotone regression, by pooling
    neighbours that stand the wrong way round (Barlow et al., 1972).
    """
    pools: list[tuple[float, int]] = []
    offset = 0
    for place in layer:
        rows = wanted.get(place, [place.top])
        pools.append((sum(rows) / len(rows) - offset, 1))
        offset += place.height
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (second, n), (first, m) = pools.pop(), pools.pop()
            pools.append(((first * m + second * n) / (m + n), m + n))
    shifts = [shift for shift, length in pools for _ in range(length)]
    offset = 0
    for place, shift in zip(layer, shifts, strict=True):
        place.top = round(shift) + offset
        offset += place.height


def _untangle(before: list[Place], after: list[Place]) -> None:
    """Move places down until the wires between two layers can be drawn without lying on each other.

    On a row that one wire starts and another ends on, the first has to turn off further left. Where this goes round in
    a circle, the place that one of them ends at moves down, and all below it.
    """
    while circle := _circle(before, after):
        start = after.index(circle)
        for place in after[start:]:
            place.top += 1


def _circle(before: list[Place], after: list[Place]) -> Place | None:
    """Return a place at which a wire ends that is on a circle of wires that have to turn before each other."""
    starts = {source.top + source.out: source for source in before}
    earlier: dict[Place, dict[Place, Place]] = {source: {} for source in before}
    for place in after:
        for port, source in zip(place.ports, place.sources, strict=True):
            other = starts.get(place.top + port, source)
            if other is not source:
                earlier[source][other] = place  # `other` turns off first
    left = dict(earlier)
    while free := [source for source, others in left.items() if not others.keys() & left.keys()]:
        for source in free:
            del left[source]
    if not left:
        return None
    return next(place for others in left.values() for other, place in others.items() if other in left)
