"""A text diagram read back, character by character: which box reads which, by the lines alone."""

from __future__ import annotations

import re

HERE = {"─": "LR", "│": "UD", "┌": "DR", "┐": "DL", "└": "UR", "┘": "UL", "├": "UDR", "┤": "UDL", "┬": "DLR",
        "┴": "ULR", "┼": "UDLR"}  # fmt: skip
MOVES = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}
OPPOSITE = {"U": "D", "D": "U", "L": "R", "R": "L"}


def ends_of(page: list[str], row: int, column: int) -> list[tuple[int, int]]:
    """Follow a wire that leaves a place to the right; return where its tips are.

    An upright line that is met from the side is passed over, and a level one is never met from above.
    """
    pending, seen, tips = [(row, column, "R")], set(), []
    while pending:
        row, column, direction = pending.pop()
        if (row, column, direction) in seen:
            continue
        seen.add((row, column, direction))
        down, right = MOVES[direction]
        row, column = row + down, column + right
        letter = page[row][column]
        if letter == "▶":
            assert direction == "R"
            tips.append((row, column))
        elif letter == "│" and direction in "LR":
            pending.append((row, column, direction))
        else:
            arms = HERE[letter]
            assert OPPOSITE[direction] in arms, f"row {row}, column {column}: {letter} met going {direction}"
            pending += [(row, column, arm) for arm in arms if arm != OPPOSITE[direction]]
    return tips


def frames_of(page: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the bordered boxes: name and text, top, left, bottom, right (the borders' rows and columns)."""
    found = []
    for row, line in enumerate(page):
        for start in re.finditer(r"┌(?: (\S+) )?─*┐", line):
            left, right = start.start(), start.end() - 1
            bottom = row + 1
            while bottom < len(page) and page[bottom][left] == "│" and page[bottom][right] in "│├":
                bottom += 1
            if bottom - row > 1 and page[bottom][left : right + 1] == f"└{'─' * (right - left - 1)}┘":
                lines = [page[inner][left + 1 : right].strip() for inner in range(row + 1, bottom)]
                found.append((f"{start[1] or ''}: {' '.join(lines).strip()}", row, left, bottom, right))
    return found


def read(text: str) -> set[tuple[str, str, int]]:
    """Return every wire of a diagram: from what, to what, at which port."""
    width = max(map(len, text.splitlines()))
    page = [line.ljust(width + 1) for line in text.splitlines()]
    frames = frames_of(page)
    starts = [(label, row, right) for label, top, _, bottom, right in frames
              for row in range(top + 1, bottom) if page[row][right] == "├"]  # fmt: skip
    starts += [(found[0].strip(), row, found.end() - 1) for row, line in enumerate(page)
               if (found := re.match(r"\S+ (?=[─▶])", line))]  # fmt: skip
    wires = set()
    for label, row, column in starts:
        for tip_row, tip in ends_of(page, row, column):
            wires.add((label, *target(page, frames, tip_row, tip)))
    return wires


def target(page: list[str], frames: list[tuple[str, int, int, int, int]], row: int, column: int) -> tuple[str, int]:
    """Return what a tip points at, and at which of its ports."""
    for label, top, left, bottom, _ in frames:
        if left == column + 1 and top < row < bottom:
            return label, row - top - 1
    return page[row][column + 1 :].strip(), 0
