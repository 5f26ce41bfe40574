"""Boxes and wires on a grid of characters: what the text and the SVG both draw."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from recurra.diagram.boxes import Box, boxes
from recurra.diagram.layout import Place, layered
from recurra.graph.step import Step

__all__ = ["Drawing", "Frame", "Wire", "drawing"]

LINE = 20
"""Letters in a line of a box, where its terms allow."""


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
        return {place: frozenset(sides) for place, sides in arms.items()}


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

    def __init__(self, layers: list[list[Place]]) -> None:
        self.layers = layers
        self.frames: list[Frame] = []
        self.across: dict[Box, list[tuple[int, int, int]]] = {}
        self.down: dict[Box, list[tuple[int, int, int]]] = {}
        self.tips: dict[Box, list[tuple[int, int]]] = {}

    def drawn(self) -> Drawing:
        left, right = 0, self._frames(self.layers[0], 0)
        for before, after in pairwise(self.layers):
            left = self._channel(before, after, left, right)
            right = self._frames(after, left)
        height = max(place.top + place.height for layer in self.layers for place in layer)
        wires = [
            Wire(box, tuple(across), tuple(self.down.get(box, ())), tuple(self.tips.get(box, ())))
            for box, across in self.across.items()
        ]
        return Drawing(tuple(self.frames), tuple(wires), right, height)

    def _frames(self, layer: list[Place], left: int) -> int:
        """Draw the boxes of a layer and return the column after the widest."""
        frames = [_frame(place, left) for place in layer if not place.is_wire]
        self.frames += frames
        return max((frame.left + frame.width for frame in frames), default=left)

    def _channel(self, before: list[Place], after: list[Place], left: int, right: int) -> int:
        """Draw the wires between two layers and return the column at which the second starts."""
        targets: dict[Place, list[tuple[int, Place]]] = {}
        for place in after:
            for port, source in zip(place.ports, place.sources, strict=True):
                targets.setdefault(source, []).append((place.top + port, place))
        spans = {
            source: _Span(source.top + source.out, tuple(row for row, _ in ends)) for source, ends in targets.items()
        }
        columns = {source: right + 1 + 2 * track for source, track in _tracks(spans).items()}
        end = max(columns.values(), default=right - 1) + 3  # the first column of the second layer
        starts = {frame.box: frame.left + frame.width - (frame.box.kind == "value") for frame in self.frames}
        for source, ends in targets.items():
            self._wire(source, ends, left if source.is_wire else starts[source.box], columns.get(source), end)
        return end

    def _wire(self, source: Place, ends: list[tuple[int, Place]], start: int, column: int | None, end: int) -> None:
        """Draw a wire from its start to the places that it reaches in the next layer."""
        across, row = self.across.setdefault(source.box, []), source.top + source.out
        if column is not None:
            across.append((row, start, column))
            rows = [row, *(target for target, _ in ends)]
            self.down.setdefault(source.box, []).append((column, min(rows), max(rows)))
        for target, place in ends:
            across.append((target, start if column is None else column, end if place.is_wire else end - 1))
            if not place.is_wire:
                self.tips.setdefault(source.box, []).append((target, end - 1))


def _frame(place: Place, left: int) -> Frame:
    """Return a place's box at a column; a line without a border keeps a space from its wire."""
    box, lines = place.box, _lines(place.box)
    width = max(map(len, lines))
    if box.kind == "value":
        width = max(width, len(box.name) + 2) + 4
    elif box.kind == "result":
        left += 1
    else:
        width += 1
    return Frame(box, left, place.top, width, place.height, lines)


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


def _tracks(spans: dict[Place, _Span]) -> dict[Place, int]:
    """Return on which track, from the left, each wire turns; wires that do not meet may have the same."""
    order: list[Place] = []
    for place, span in spans.items():
        if not span.is_straight:
            at = range(len(order) + 1)
            costs = [
                sum(_cost(spans[a], span) for a in order[:n]) + sum(_cost(span, spans[b]) for b in order[n:])
                for n in at
            ]
            order.insert(min(at, key=costs.__getitem__), place)
    tracks: dict[Place, int] = {}
    for place in _sorted(order, spans):
        met = [tracks[other] for other in tracks if spans[other].meets(spans[place])]
        tracks[place] = 1 + max(met, default=-1)
    return tracks


def _sorted(order: list[Place], spans: dict[Place, _Span]) -> list[Place]:
    """Return the order with each wire before those that would lie on it if they turned first."""
    left, done = list(order), []
    while left:
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
