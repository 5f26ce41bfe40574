"""A line of columns: its cells, and the line with another cell and all else as it was."""

from __future__ import annotations

import re

__all__ = ["BYTE_ORDER_MARK", "line_cells", "replaced_cell"]

BYTE_ORDER_MARK = "\ufeff"
"""What some files in UTF-8 begin with; it belongs to no cell."""


def line_cells(line: str, /) -> list[str]:
    r"""Return the cells of a line: between tabs where it has any, else between spaces; none if all are empty.

    Examples
    --------
    >>> line_cells("EU NNP  B-ORG\n"), line_cells("1\tEU\t\t_\n"), line_cells("\n")
    (['EU', 'NNP', 'B-ORG'], ['1', 'EU', '', '_'], [])
    """
    line = line.strip("\r\n").removeprefix(BYTE_ORDER_MARK)
    if "\t" not in line:
        return [cell for cell in line.split(" ") if cell]
    cells = line.split("\t")
    return cells if any(cells) else []


def replaced_cell(line: str, column: int | None, text: str, /) -> str:
    """Return a line with another text in a column (from 0, or from -1), or with one more column if it is None."""
    body = line.rstrip("\r\n")
    end = line[len(body) :]
    tabs = "\t" in body
    if column is None:
        separator = "\t" if tabs else " "
        return f"{body.rstrip(' ')}{separator}{text}{end}"
    pieces = re.split(r"(\t)" if tabs else r"( +)", body)
    place = [place for place in range(0, len(pieces), 2) if tabs or pieces[place]][column]
    mark = BYTE_ORDER_MARK if pieces[place].startswith(BYTE_ORDER_MARK) else ""
    pieces[place] = mark + text
    return "".join(pieces) + end
