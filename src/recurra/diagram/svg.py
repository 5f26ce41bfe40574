"""A drawing as SVG: one file, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from recurra.diagram.drawing import Drawing, Frame, Wire

__all__ = ["svg"]

LETTER, ROW = 8.4, 20.0
"""The width of a letter and the height of a row in pixels, for a monospaced font of 14."""
MARGIN, CORNER = 16.0, 6.0

STYLE = """
  svg { --page: #ffffff; --box: #f6f8fa; --edge: #57606a; --ink: #1f2328; --input: #0969da; --state: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #0d1117; --box: #21262d; --edge: #8b949e; --ink: #e6edf3; --input: #58a6ff; --state: #f0883e; }
  }
  .page { fill: var(--page); }
  text { fill: var(--ink); font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  .name { font-weight: 700; font-size: 13px; }
  .box { fill: var(--box); stroke: var(--edge); stroke-width: 1.5; }
  .value { color: var(--edge); }
  .input { color: var(--input); }
  .state { color: var(--state); }
  .wire { fill: none; stroke: currentColor; stroke-width: 1.8; }
  .end { fill: currentColor; }
"""


def svg(drawing: Drawing, /, *, title: str) -> str:
    """Return the drawing as an SVG document; wires from inputs and from states have colours of their own."""
    width, height = drawing.width * LETTER + 2 * MARGIN, drawing.height * ROW + 2 * MARGIN
    parts = [line for wire in drawing.wires for line in _wire(wire)]
    parts += [line for frame in drawing.frames for line in _frame(frame)]
    body = "\n".join(f"    {line}" for line in parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img">\n  <title>{escape(title)}</title>\n  <style>{STYLE}  </style>\n'
        f'  <rect class="page" width="100%" height="100%" rx="8"/>\n'
        f'  <g transform="translate({MARGIN:g} {MARGIN:g})">\n{body}\n  </g>\n</svg>\n'
    )


def _wire(wire: Wire) -> Iterator[str]:
    """Yield a wire: a path to each end, dots where it parts, and tips."""
    yield f'<g class="{wire.box.kind}">'
    yield f'  <path class="wire" d="{" ".join(_paths(wire))}"/>'
    for (row, column), sides in wire.arms().items():
        if len(sides) > 2:
            yield f'  <circle class="end" cx="{_x(column):g}" cy="{_y(row):g}" r="3.2"/>'
    for row, column in wire.tips:
        x, y = _x(column) + LETTER, _y(row)
        yield f'  <path class="end" d="M{x - 9:g} {y - 5:g} L{x:g} {y:g} L{x - 9:g} {y + 5:g} z"/>'
    yield "</g>"


def _paths(wire: Wire) -> Iterator[str]:
    """Yield the parts of a wire's path: each turn from what comes in at it to each of what goes out."""
    turns = {column for column, _, _ in wire.down}
    for row, start, end in wire.across:
        if start not in turns and end not in turns:
            yield f"M{_x(start):g} {_y(row):g} H{_x(end):g}"
    for column in sorted(turns):
        (row, start, _), *_ = (level for level in wire.across if level[2] == column)
        for target, _, end in (level for level in wire.across if level[1] == column):
            yield f"M{_x(start):g} {_y(row):g} {_turn(row, column, target)}H{_x(end):g}"


def _turn(row: int, column: int, target: int) -> str:
    """Return the way from one row to another at a column, with round corners."""
    if row == target:
        return ""
    x, y, below = _x(column), _y(row), _y(target)
    bend = CORNER if below > y else -CORNER
    return (
        f"H{x - CORNER:g} Q{x:g} {y:g} {x:g} {y + bend:g} V{below - bend:g} Q{x:g} {below:g} {x + CORNER:g} {below:g} "
    )


def _frame(frame: Frame) -> Iterator[str]:
    lines, middle = frame.lines, _y(frame.top) + (frame.height - 1) * ROW / 2
    first = middle - (len(lines) - 1) * ROW / 2
    left = frame.left
    if frame.box.kind == "value":
        yield (
            f'<rect class="box" x="{_x(left):g}" y="{_y(frame.top):g}" width="{(frame.width - 1) * LETTER:g}" '
            f'height="{(frame.height - 1) * ROW:g}" rx="6"/>'
        )
        if frame.box.name:
            yield f'<text class="name" x="{_x(left) + 8:g}" y="{_y(frame.top) - 4:g}">{escape(frame.box.name)}</text>'
        left += 2
    for number, line in enumerate(lines):
        yield f'<text x="{left * LETTER:g}" y="{first + number * ROW + 5:g}">{escape(line)}</text>'


def _x(column: float) -> float:
    return (column + 0.5) * LETTER


def _y(row: float) -> float:
    return (row + 0.5) * ROW
