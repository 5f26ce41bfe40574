"""One built-in cell of each kind: what a layer can tell cells apart by.

A layer, a stream or a reset sees sizes, states, further inputs and delays, not equations, which `check_cell` checks for
every cell on every backend. So a test of a layer runs over kinds: a new cell of a known kind adds nothing to it.
"""

from __future__ import annotations

from collections.abc import Hashable

from recurra import Cell
from recurra.cells import all_cells

__all__ = ["CELL_OF_EACH_KIND", "kind_of"]


def kind_of(cell: Cell) -> Hashable:
    """Return all that a layer can see of a cell but its parameters' values."""
    step = cell.step
    return (
        tuple(leaf.shape for leaf in step.states),
        step.output.shape,
        step.output in step.next_states,
        tuple(leaf.shape for leaf in cell.further_inputs),
        step.per_sequence,
        bool(cell.written.delays),
        bool(cell.plans().forward.prelude.leaves),
    )


CELL_OF_EACH_KIND: dict[str, Cell] = {
    cell.name: cell for cell in {kind_of(cell): cell for cell in reversed(all_cells.values())}.values()
}
"""Name -> cell, the first of each kind."""
