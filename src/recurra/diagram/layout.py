"""Where everything in a diagram lies: boxes in layers and on rows, then frames and wires on a grid of characters.

A layered graph drawing by the steps of Sugiyama, Tagawa & Toda (1981), IEEE Transactions on Systems, Man, and
Cybernetics 11(2): each box in a layer as deep as its longest path from what comes in; a wire has a vertex of its own in
each layer that it goes through; few crossings by ordering the layers around barycentres; rows by least squares; last
the wires, each with a track of its own where it goes up or down. Text and SVG both draw the result.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from recurra.diagram.boxes import Box, boxes
from recurra.graph.step import Step

__all__ = ["Drawing", "Frame", "Wire", "drawing"]

SWEEPS = 12
"""How often the layers are ordered, from left to right and back; the best order found is taken."""

LINE = 20
"""Letters in a line of a box, where its terms allow."""


@dataclass(eq=False)
class Vertex:
    """A box in its layer, or a wire on its way through one (a dummy vertex).

    Attributes
    ----------
    box : Box
        For a wire, the box that it comes from.
    is_wire : bool
    sources : list of Vertex
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
    sources: list[Vertex] = field(default_factory=list)
    height: int = 1
    ports: Sequence[int] = ()
    out: int = 0
    top: int = 0


def layered(boxes: Sequence[Box], rows_of: Callable[[Box], int]) -> list[list[Vertex]]:
    """Return the layers from left to right, in each the vertices from top to bottom.

    `rows_of` says how many rows of text a box has; what comes in and goes out has one row and no border.
    """
    layers = _layers(boxes, rows_of)
    _order(layers)
    _put_on_rows(layers)
    for before, after in pairwise(layers):
        _untangle(before, after)
    return layers


def _layers(boxes: Sequence[Box], rows_of: Callable[[Box], int]) -> list[list[Vertex]]:
    depth: dict[Box, int] = {}
    for box in boxes:
        depth[box] = 1 + max((depth[read] for read in box.reads), default=-1) if box.kind != "result" else 0
    last = 1 + max(depth.values())
    depth |= {box: last for box in boxes if box.kind == "result"}
    layers: list[list[Vertex]] = [[] for _ in range(last + 1)]
    at: dict[tuple[Box, int], Vertex] = {}

    def reached(box: Box, layer: int) -> Vertex:
        """Return where a box's value is in a layer, with a wire through all layers up to there."""
        if (box, layer) not in at:
            at[box, layer] = Vertex(box, True, [reached(box, layer - 1)], ports=(0,))
            layers[layer].append(at[box, layer])
        return at[box, layer]

    for box in boxes:
        vertex = at[box, depth[box]] = Vertex(box, False)
        layers[depth[box]].append(vertex)
        if box.kind == "result":
            vertex.ports = (0,)
        elif box.kind == "value":
            inner = max(rows_of(box), len(box.reads))
            vertex.height, vertex.out = inner + 2, 1 + inner // 2
            vertex.ports = range(1, 1 + len(box.reads))
    for box in boxes:
        at[box, depth[box]].sources = [reached(read, depth[box] - 1) for read in box.reads]
    return layers


def _order(layers: list[list[Vertex]]) -> None:
    """Order each layer so that few wires cross."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers)
    for sweep in range(SWEEPS):
        _sweep(layers, forward=sweep % 2 == 0)
        crossings = _crossings(layers)
        if crossings < fewest:  # a sweep may make it worse, and a later one better again: the best so far is kept
            best, fewest = [list(layer) for layer in layers], crossings
    for layer, ordered in zip(layers, best, strict=True):
        layer[:] = ordered


def _sweep(layers: list[list[Vertex]], *, forward: bool) -> None:
    """Put each vertex near the mean of what it reads, or of what reads it."""
    pairs = list(pairwise(layers))
    for before, after in pairs if forward else reversed(pairs):
        near: dict[Vertex, list[float]] = {}
        for source, start, vertex, end in _edges(before, after):
            near.setdefault(vertex if forward else source, []).append(start if forward else end)
        moved = after if forward else before
        means = {vertex: sum(at) / len(at) for index, vertex in enumerate(moved) for at in [near.get(vertex, [index])]}
        moved.sort(key=means.__getitem__)


def _edges(before: list[Vertex], after: list[Vertex]) -> list[tuple[Vertex, float, Vertex, float]]:
    """Return the wires between two layers: where each starts and ends, and the position of either in its layer."""
    index = {vertex: position for position, vertex in enumerate(before)}
    return [
        (source, index[source], vertex, position + port / (len(vertex.sources) + 1))
        for position, vertex in enumerate(after)
        for port, source in enumerate(vertex.sources)
    ]


def _crossings(layers: list[list[Vertex]]) -> int:
    total = 0
    for before, after in pairwise(layers):
        edges = [(start, end) for _, start, _, end in _edges(before, after)]
        total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(edges) for c, d in edges[:i])
    return total


def _put_on_rows(layers: list[list[Vertex]]) -> None:
    """Put vertices on rows so that wires are straight where they can be: by what is before, by what is after, again."""
    for layer in layers:
        _settle(layer, {})
    for backward in (False, True, False):
        pairs = list(pairwise(layers))
        for before, after in reversed(pairs) if backward else pairs:
            wanted: dict[Vertex, list[float]] = {}
            for vertex in after:
                for port, source in zip(vertex.ports, vertex.sources, strict=True):
                    down = vertex.top + port - source.top - source.out
                    moved, by = (source, down) if backward else (vertex, -down)
                    wanted.setdefault(moved, []).append(moved.top + by)
            _settle(before if backward else after, wanted)
    highest = min(vertex.top for layer in layers for vertex in layer)
    for vertex in (vertex for layer in layers for vertex in layer):
        vertex.top -= highest


def _settle(layer: list[Vertex], wanted: dict[Vertex, list[float]]) -> None:
    """Choose the rows of a layer, in order and without overlap, nearest to those wanted: least squares.

    With each vertex's rows taken off those below it, the order alone is left: a monotone regression, by pooling
    neighbours that stand the wrong way round (Barlow et al., 1972).
    """
    pools: list[tuple[float, int]] = []
    offset = 0
    for vertex in layer:
        rows = wanted.get(vertex, [vertex.top])
        pools.append((sum(rows) / len(rows) - offset, 1))
        offset += vertex.height
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:  # the wrong way round: both take their common mean
            (second, n), (first, m) = pools.pop(), pools.pop()
            pools.append(((first * m + second * n) / (m + n), m + n))
    shifts = [shift for shift, length in pools for _ in range(length)]
    offset = 0
    for vertex, shift in zip(layer, shifts, strict=True):
        vertex.top = round(shift) + offset
        offset += vertex.height


def _untangle(before: list[Vertex], after: list[Vertex]) -> None:
    """Move vertices down until the wires between two layers can be drawn without lying on each other.

    On a row that one wire starts and another ends on, the first has to turn off further left. Where this goes round in
    a circle, the vertex that one of them ends at moves down, and all below it.
    """
    while circle := _circle(before, after):
        start = after.index(circle)
        for vertex in after[start:]:
            vertex.top += 1


def _circle(before: list[Vertex], after: list[Vertex]) -> Vertex | None:
    """Return a vertex at which a wire ends that is on a circle of wires that have to turn before each other."""
    starts = {source.top + source.out: source for source in before}
    earlier: dict[Vertex, dict[Vertex, Vertex]] = {source: {} for source in before}
    for vertex in after:
        for port, source in zip(vertex.ports, vertex.sources, strict=True):
            other = starts.get(vertex.top + port, source)
            if other is not source:
                earlier[source][other] = vertex  # `other` turns off first
    left = dict(earlier)
    while free := [source for source, others in left.items() if not others.keys() & left.keys()]:
        for source in free:
            del left[source]
    if not left:
        return None
    return next(vertex for others in left.values() for other, vertex in others.items() if other in left)


@dataclass(frozen=True)
class Frame:
    """A box on the grid: `box.kind` "value" has a border, the others are a line of text without one.

    `left`, `top`, `width` and `height` are in characters, the border included.
    """

    box: Box
    left: int
    top: int
    width: int
    height: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Wire:
    """The way of a box's value to those that read it.

    Attributes
    ----------
    box : Box
        Where it comes from.
    across : tuple of (row, from column, to column)
        The first begins at the box: on its border, or one column after a line without one.
    down : tuple of (column, from row, to row)
    tips : tuple of (row, column)
        Its ends, each just left of a box that reads it.
    """

    box: Box
    across: tuple[tuple[int, int, int], ...]
    down: tuple[tuple[int, int, int], ...]
    tips: tuple[tuple[int, int], ...]

    def arms(self) -> dict[tuple[int, int], frozenset[str]]:
        """Return for each (row, column) on the way in which directions it goes on: of up, down, left and right."""
        arms: dict[tuple[int, int], set[str]] = defaultdict(set)
        for row, start, end in self.across:
            for column in range(start, end):
                arms[row, column].add("right")
                arms[row, column + 1].add("left")
        for column, start, end in self.down:
            for row in range(start, end):
                arms[row, column].add("down")
                arms[row + 1, column].add("up")
        return {at: frozenset(sides) for at, sides in arms.items()}


@dataclass(frozen=True)
class Drawing:
    """Everything on the grid, and its size in characters."""

    frames: tuple[Frame, ...]
    wires: tuple[Wire, ...]
    width: int
    height: int


def drawing(step: Step, *, spell: Callable[[str], str] = str) -> Drawing:
    """Return the drawing of a step's dataflow: time within the step goes from left to right; `spell` as in `boxes`."""
    return _Drawer(layered(boxes(step, spell=spell), lambda box: len(_lines(box)))).drawn()


def _lines(box: Box) -> tuple[str, ...]:
    """Return a box's text in lines, broken before the terms of its sums."""
    lines: list[str] = []
    for term in re.split(r" (?=[+-] )", box.text):
        if lines and len(lines[-1]) + 1 + len(term) <= LINE:
            lines[-1] += f" {term}"
        else:
            lines.append(term)
    return tuple(lines)


class _Drawer:
    """Puts the layers side by side, with channels between them in which the wires go up and down."""

    def __init__(self, layers: list[list[Vertex]]) -> None:
        self.layers = layers
        self.frames: list[Frame] = []
        self.across: dict[Box, list[tuple[int, int, int]]] = {}
        self.down: dict[Box, list[tuple[int, int, int]]] = {}
        self.tips: dict[Box, list[tuple[int, int]]] = {}

    def drawn(self) -> Drawing:
        left, right = 0, self._frames(self.layers[0], 0)
        for after in self.layers[1:]:
            left = self._channel(after, left, right)
            right = self._frames(after, left)
        height = max(vertex.top + vertex.height for layer in self.layers for vertex in layer)
        wires = [
            Wire(box, tuple(across), tuple(self.down.get(box, ())), tuple(self.tips.get(box, ())))
            for box, across in self.across.items()
        ]
        return Drawing(tuple(self.frames), tuple(wires), right, height)

    def _frames(self, layer: list[Vertex], left: int) -> int:
        """Draw the boxes of a layer and return the column after the widest."""
        frames = [_frame(vertex, left) for vertex in layer if not vertex.is_wire]
        self.frames += frames
        return max((frame.left + frame.width for frame in frames), default=left)

    def _channel(self, after: list[Vertex], left: int, right: int) -> int:
        """Draw the wires between two layers and return the column at which the second starts."""
        targets: dict[Vertex, list[tuple[int, Vertex]]] = {}
        for vertex in after:
            for port, source in zip(vertex.ports, vertex.sources, strict=True):
                targets.setdefault(source, []).append((vertex.top + port, vertex))
        spans = {
            source: _Span(source.top + source.out, tuple(row for row, _ in ends)) for source, ends in targets.items()
        }
        columns = {source: right + 1 + 2 * track for source, track in _tracks(spans).items()}
        end = max(columns.values(), default=right - 1) + 3  # the first column of the second layer
        starts = {frame.box: frame.left + frame.width - (frame.box.kind == "value") for frame in self.frames}
        for source, ends in targets.items():
            self._wire(source, ends, left if source.is_wire else starts[source.box], columns.get(source), end)
        return end

    def _wire(self, source: Vertex, ends: list[tuple[int, Vertex]], start: int, column: int | None, end: int) -> None:
        """Draw a wire from its start to the vertices that it reaches in the next layer."""
        across, row = self.across.setdefault(source.box, []), source.top + source.out
        if column is not None:
            across.append((row, start, column))
            rows = [row, *(target for target, _ in ends)]
            self.down.setdefault(source.box, []).append((column, min(rows), max(rows)))
        for target, vertex in ends:
            across.append((target, start if column is None else column, end if vertex.is_wire else end - 1))
            if not vertex.is_wire:
                self.tips.setdefault(source.box, []).append((target, end - 1))


def _frame(vertex: Vertex, left: int) -> Frame:
    """Return a vertex's box at a column; a line without a border keeps a space from its wire."""
    box, lines = vertex.box, _lines(vertex.box)
    width = max(map(len, lines))
    if box.kind == "value":
        width = max(width, len(box.name) + 2) + 4
    elif box.kind == "result":
        left += 1
    else:
        width += 1
    return Frame(box, left, vertex.top, width, vertex.height, lines)


@dataclass(frozen=True)
class _Span:
    """What a wire has to connect in a channel: the row at which it comes in, and those at which it goes out."""

    start: int
    ends: tuple[int, ...]

    @property
    def is_straight(self) -> bool:
        return set(self.ends) == {self.start}

    @property
    def rows(self) -> range:
        return range(min(self.start, *self.ends), max(self.start, *self.ends) + 1)

    def meets(self, other: _Span) -> bool:
        """Return whether both go through one row."""
        return self.rows[0] <= other.rows[-1] and other.rows[0] <= self.rows[-1]


def _tracks(spans: dict[Vertex, _Span]) -> dict[Vertex, int]:
    """Return on which track, from the left, each wire turns; wires that do not meet may have the same."""
    order: list[Vertex] = []
    for vertex, span in spans.items():
        if not span.is_straight:
            at = range(len(order) + 1)  # an insertion sort by crossings: each wire goes where it makes the fewest
            costs = [
                sum(_cost(spans[a], span) for a in order[:n]) + sum(_cost(span, spans[b]) for b in order[n:])
                for n in at
            ]
            order.insert(min(at, key=costs.__getitem__), vertex)
    tracks: dict[Vertex, int] = {}
    for vertex in _sorted(order, spans):
        met = [tracks[other] for other in tracks if spans[other].meets(spans[vertex])]
        tracks[vertex] = 1 + max(met, default=-1)
    return tracks


def _sorted(order: list[Vertex], spans: dict[Vertex, _Span]) -> list[Vertex]:
    """Return the order with each wire before those that would lie on it if they turned first."""
    left, done = list(order), []
    while left:  # there is always a free one, as `_untangle` has moved what went round in a circle
        free = next(a for a in left if not any(_lies_on(spans[a], spans[b]) for b in left if b is not a))
        left.remove(free)
        done.append(free)
    return done


def _lies_on(first: _Span, second: _Span) -> bool:
    """Return whether wires lie on each other if the first turns left of the second."""
    return second.start in first.ends


def _cost(first: _Span, second: _Span) -> int:
    """Return how often wires cross if the first turns left of the second."""
    crossings = (second.start in first.rows) + sum(end in second.rows for end in first.ends)
    return crossings + 1000 * _lies_on(first, second)
