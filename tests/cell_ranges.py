"""Between which numbers a built-in cell's further inputs are drawn: time gaps, masks and amounts are not negative."""

from __future__ import annotations

from recurra import Cell
from recurra.cells import all_cells
from recurra.testing.cases import Ranges

__all__ = ["ranges_of"]


def ranges_of(cell: Cell) -> Ranges:
    """Return what `check_cell` and `draw_case` take as ranges."""
    return {str(leaf.name): (0.0, 1.0) for leaf in cell.further_inputs if cell.name in all_cells}
