"""One built-in cell of each kind: what a layer can tell cells apart by.

A layer, a stream or a reset sees sizes, states, further inputs and delays, not equations, which `check_cell` checks for
every cell on every backend. So a test of a layer runs over kinds: a new cell of a known kind adds nothing to it.
"""

from __future__ import annotations

from collections.abc import Hashable

from recurra import Cell
from recurra.backends.kernel import without_kernel
from recurra.cells import all_cells
from recurra.graph.compound import factors_of
from recurra.graph.node import Shape

__all__ = ["CELL_OF_EACH_KIND", "NESTED", "ON_A_GPU", "kind_of", "own_sizes", "smallest_sizes"]

ON_A_GPU: dict[str, Cell] = {
    name: cell for name, cell in all_cells.items() if not without_kernel(cell.plans(), "triton")
}
"""Name -> cell, those that Triton has kernels for."""

NESTED = frozenset(name for name, cell in ON_A_GPU.items() if cell.plans().has_axes)
"""Those whose values have several axes: a program has whole heads or matrices, and goes through all steps."""


def own_sizes(cell: Cell, number: int) -> dict[str, int]:
    """Return this number for each size of a cell beside those of input and state, 1 for what divides others."""
    dividing = {name for size in cell.step.all_sizes() for name in factors_of(size)[1]}
    own = (name for name in cell.sizes if name not in ("input_size", "hidden_size"))
    return {name: 1 if name in dividing else number for name in own}


def smallest_sizes(cell: Cell) -> dict[str, int]:
    """Return the smallest number for each size of a cell: 1, but for circuits, which have three layers of neurons."""
    return {name: 3 if cell.name == "NCP" and name == "hidden_size" else 1 for name in cell.sizes}


def kind_of(cell: Cell) -> Hashable:
    """Return all that a layer can see of a cell but its parameters' values: of states which kinds, not how many."""
    step = cell.step
    return (
        frozenset(shape_of(leaf.shape) for leaf in step.states),
        len(step.states) > 1,
        shape_of(step.output.shape),
        step.output in step.next_states,
        tuple(shape_of(leaf.shape) for leaf in cell.further_inputs),
        step.per_sequence,
        bool(cell.written.delays),
        bool(cell.plans().forward.prelude.leaves),
    )


def shape_of(shape: Shape) -> Hashable:
    """Return how many axes there are, or of a vector which size: a cell's own sizes are as good as each other."""
    return len(shape) if len(shape) > 1 else shape[0] if shape[0] in ("input_size", "hidden_size", 1) else "own"


CELL_OF_EACH_KIND: dict[str, Cell] = {
    cell.name: cell for cell in {kind_of(cell): cell for cell in reversed(all_cells.values())}.values()
}
"""Name -> cell, the first of each kind."""
