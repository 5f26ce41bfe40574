"""Between which numbers a built-in cell is drawn: time gaps, masks, amounts and rates are not negative."""

from __future__ import annotations

from recurra import Cell
from recurra.cells import all_cells
from recurra.testing.cases import Ranges

__all__ = ["ranges_of"]


RATES = frozenset({"decay"})
"""States that are rates: below zero, which no cell makes them, they would grow as exp(time)."""


def ranges_of(cell: Cell) -> Ranges:
    """Return what `check_cell` and `draw_case` take as ranges."""
    if cell.name not in all_cells:
        return {}
    further = [str(leaf.name) for leaf in cell.further_inputs]
    return dict.fromkeys([*further, *(state for state in cell.states if state in RATES)], (0.0, 1.0))
