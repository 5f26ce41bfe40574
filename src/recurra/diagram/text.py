"""A drawing in box-drawing characters."""

from __future__ import annotations

from recurra.diagram.drawing import Drawing, Frame, Wire

__all__ = ["text"]

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
CHARACTERS = {
    LEFT: "─", RIGHT: "─", LEFT | RIGHT: "─", UP: "│", DOWN: "│", UP | DOWN: "│",
    DOWN | RIGHT: "┌", DOWN | LEFT: "┐", UP | RIGHT: "└", UP | LEFT: "┘",
    UP | DOWN | RIGHT: "├", UP | DOWN | LEFT: "┤", DOWN | LEFT | RIGHT: "┬", UP | LEFT | RIGHT: "┴",
    UP | DOWN | LEFT | RIGHT: "┼",
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
            page[row][column - 1] = OUT
    return "\n".join("".join(line).rstrip() for line in page)


def _draw_wire(wire: Wire, page: list[list[str]]) -> None:
    for (row, column), arms in _arms(wire).items():
        is_free = page[row][column] == " "
        page[row][column] = CHARACTERS[arms] if is_free else BRIDGE


def _arms(wire: Wire) -> dict[tuple[int, int], int]:
    """Return the directions in which a wire leaves each character that it goes through."""
    arms: dict[tuple[int, int], int] = {}
    for row, start, end in wire.across:
        for column in range(start, end + 1):
            sides = LEFT * (column > start) | RIGHT * (column < end)
            arms[row, column] = arms.get((row, column), 0) | sides
    for column, start, end in wire.down:
        for row in range(start, end + 1):
            sides = UP * (row > start) | DOWN * (row < end)
            arms[row, column] = arms.get((row, column), 0) | sides
    return arms


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
