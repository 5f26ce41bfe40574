"""A cell's step drawn: in box-drawing characters, or as an SVG that is readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from recurra.characters import plain
from recurra.diagram.boxes import Box
from recurra.diagram.layout import Drawing, Frame, Wire, drawing
from recurra.spec import Cell

__all__ = ["draw", "to_svg", "to_text"]

CHARACTERS = {
    frozenset(sides.split()): character
    for sides, character in {
        "left": "─", "right": "─", "left right": "─", "up": "│", "down": "│", "up down": "│",
        "down right": "┌", "down left": "┐", "up right": "└", "up left": "┘", "up down right": "├",
        "up down left": "┤", "down left right": "┬", "up left right": "┴", "up down left right": "┼",
    }.items()
}  # fmt: skip
BRIDGE, TIP, OUT = "│", "▶", "├"
"""Wires that cross without meeting: the upright one is drawn through. An end at a box, a start at a box."""


def draw(cell: Cell, /, *, svg: bool = False, ascii: bool = False) -> str:
    """Return the dataflow of a cell's step as text, in plain characters if `ascii`, or as an SVG document.

    Examples
    --------
    >>> from recurra.cells import Elman
    >>> print(draw(Elman))
             ┌ h ────────────────┐
    x[t] ───▶│ tanh(x W_x        │
    h[t-1] ─▶│ + h[t-1] W_h + b) ├─▶ h[t]
             └───────────────────┘
    """
    drawn = drawing(cell.written, spell=plain if ascii else str)
    if svg:
        return to_svg(drawn, title=f"{cell.name}, one step")
    return plain(to_text(drawn)) if ascii else to_text(drawn)


def to_text(drawing: Drawing, /) -> str:
    """Return the drawing as lines of text without spaces at their ends."""
    page = [[" "] * drawing.width for _ in range(drawing.height)]
    for wire in drawing.wires:
        _draw_wire(wire, page)
    for frame in drawing.frames:
        _draw_frame(frame, page)
    for wire in drawing.wires:
        for row, column in wire.tips:
            page[row][column] = TIP
        row, column, _ = wire.across[0]
        if wire.box.kind == "value":
            page[row][column] = OUT
    return "\n".join("".join(line).rstrip() for line in page)


def _draw_wire(wire: Wire, page: list[list[str]]) -> None:
    for (row, column), sides in wire.arms().items():
        page[row][column] = CHARACTERS[sides] if page[row][column] == " " else BRIDGE


def _draw_frame(frame: Frame, page: list[list[str]]) -> None:
    if frame.box.kind != "value":
        _write(page, frame.top, frame.left, frame.box.text)
        return
    inner = frame.width - 2
    title = f" {frame.box.name} " if frame.box.name else ""
    _write(page, frame.top, frame.left, f"┌{title:─<{inner}}┐")
    for number in range(frame.height - 2):
        line = frame.lines[number] if number < len(frame.lines) else ""
        _write(page, frame.top + 1 + number, frame.left, f"│ {line:<{inner - 2}} │")
    _write(page, frame.top + frame.height - 1, frame.left, f"└{'─' * inner}┘")


def _write(page: list[list[str]], row: int, column: int, text: str) -> None:
    page[row][column : column + len(text)] = text


LETTER, ROW = 8.4, 20.0
"""The width of a letter and the height of a row in pixels, for a monospaced font of 14."""
MARGIN, CORNER = 16.0, 6.0

COLOURS = {
    "page": ("#ffffff", "#0d1117"), "box": ("#f6f8fa", "#21262d"), "edge": ("#57606a", "#8b949e"),
    "ink": ("#1f2328", "#e6edf3"), "input": ("#0969da", "#58a6ff"), "state": ("#bc4c00", "#f0883e"),
}  # fmt: skip
"""Name -> (light, dark)."""

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

LEGEND = (("input", "from an input"), ("state", "from a state"), ("value", "a value of this step"))
"""Kind of box -> what its wires are; wires of values are as grey as the edges of boxes."""


def to_svg(drawing: Drawing, /, *, title: str) -> str:
    """Return the drawing as an SVG document; wires from inputs and from states have colours of their own.

    Colours are attributes, which every viewer and converter knows; the style sheet only changes them where the viewer
    is dark. Title and legend are drawn.
    """
    width = max(drawing.width, len(title), sum(len(said) + 7 for _, said in LEGEND)) * LETTER + 2 * MARGIN
    height = (drawing.height + 3) * ROW + 2 * MARGIN
    parts = [line for wire in drawing.wires for line in _svg_wire(wire)]
    parts += [line for frame in drawing.frames for line in _svg_frame(frame)]
    body = "\n".join(f"    {line}" for line in parts)
    legend = "\n".join(f"    {line}" for line in _legend((drawing.height + 0.8) * ROW))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" font-family="{FONT}" font-size="14">\n  <title>{escape(title)}</title>\n'
        f"  <desc>{escape(_description(drawing))}</desc>\n  <style>{_dark()}</style>\n"
        f'  <rect {_paint("fill", "page")} width="100%" height="100%" rx="8"/>\n'
        f'  <text {_paint("fill", "ink")} font-weight="700" x="{MARGIN:g}" y="{MARGIN + 10:g}">{escape(title)}</text>\n'
        f'  <g transform="translate({MARGIN:g} {MARGIN + 1.5 * ROW:g})">\n{body}\n{legend}\n  </g>\n</svg>\n'
    )


def _paint(attribute: str, colour: str) -> str:
    """Return an attribute with a light colour, and the class by which it becomes the dark one."""
    return f'class="{attribute}-{colour}" {attribute}="{COLOURS[colour][0]}"'


def _dark() -> str:
    rules = (
        f".{attribute}-{name} {{ {attribute}: {dark} }}"
        for name, (_, dark) in COLOURS.items()
        for attribute in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme: dark) {{ {' '.join(rules)} }}"


def _description(drawing: Drawing) -> str:
    """Return what the picture shows, for those who do not see it."""
    kinds = {"input": "inputs", "state": "states", "value": "values", "result": "results"}
    found = {kind: [_said(f.box) for f in drawing.frames if f.box.kind == kind] for kind in kinds}
    said = "; ".join(f"{kinds[kind]} {', '.join(names)}" for kind, names in found.items() if names)
    return f"The dataflow of one step, from left to right: {said}."


def _said(box: Box) -> str:
    return (box.name or box.text) if box.kind == "value" else box.text


def _legend(y: float) -> Iterator[str]:
    x = 0.0
    for kind, said in LEGEND:
        yield f'<path {_paint("stroke", _colour(kind))} fill="none" stroke-width="1.8" d="M{x:g} {y:g} h28"/>'
        yield f'<text {_paint("fill", "ink")} font-size="12" x="{x + 34:g}" y="{y + 4:g}">{escape(said)}</text>'
        x += (len(said) + 7) * LETTER


def _colour(kind: str) -> str:
    return "edge" if kind == "value" else kind


def _svg_wire(wire: Wire) -> Iterator[str]:
    """Yield a wire: a path to each end, dots where it parts, and tips."""
    colour = _colour(wire.box.kind)
    line, end = _paint("stroke", colour), _paint("fill", colour)
    yield "<g>"
    yield f'  <path {line} fill="none" stroke-width="1.8" d="{" ".join(_paths(wire))}"/>'
    for (row, column), sides in wire.arms().items():
        if len(sides) > 2:
            yield f'  <circle {end} cx="{_x(column):g}" cy="{_y(row):g}" r="3.2"/>'
    for row, column in wire.tips:
        x, y = _x(column) + LETTER, _y(row)
        yield f'  <path {end} d="M{x - 9:g} {y - 5:g} L{x:g} {y:g} L{x - 9:g} {y + 5:g} z"/>'
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


def _svg_frame(frame: Frame) -> Iterator[str]:
    ink = _paint("fill", "ink")
    lines, middle = frame.lines, _y(frame.top) + (frame.height - 1) * ROW / 2
    first = middle - (len(lines) - 1) * ROW / 2
    left = frame.left
    if frame.box.kind == "value":
        colours = (
            f'class="fill-box stroke-edge" fill="{COLOURS["box"][0]}" stroke="{COLOURS["edge"][0]}" stroke-width="1.5"'
        )
        yield (
            f'<rect {colours} x="{_x(left):g}" y="{_y(frame.top):g}" width="{(frame.width - 1) * LETTER:g}" '
            f'height="{(frame.height - 1) * ROW:g}" rx="6"/>'
        )
        if frame.box.name:
            place = f'font-weight="700" font-size="13" x="{_x(left) + 8:g}" y="{_y(frame.top) - 4:g}"'
            yield f"<text {ink} {place}>{escape(frame.box.name)}</text>"
        left += 2
    for number, line in enumerate(lines):
        yield f'<text {ink} x="{left * LETTER:g}" y="{first + number * ROW + 5:g}">{escape(line)}</text>'


def _x(column: float) -> float:
    return (column + 0.5) * LETTER


def _y(row: float) -> float:
    return (row + 0.5) * ROW
