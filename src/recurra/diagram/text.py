"""A drawing in box-drawing characters."""

from __future__ import annotations

from recurra.diagram.drawing import Drawing, Frame, Wire

__all__ = ["text"]

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


def text(drawing: Drawing, /) -> str:
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
