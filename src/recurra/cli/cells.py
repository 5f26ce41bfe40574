"""`recurra cells`: the cells that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.terminal import print_table, say

if TYPE_CHECKING:
    from recurra import Cell

__all__ = ["cells"]


@reporting_failures
def cells(
    input_size: Annotated[int, typer.Option(help="Size of the input, for the count.", min=1)] = 2,
    hidden_size: Annotated[int, typer.Option(help="Size of the state, for the count.", min=1)] = 32,
) -> None:
    """List the cells: their names, what they are, how many parameters they have.

    Example: recurra cells --hidden-size 64
    """
    from recurra.cells import all_cells

    print_table(
        ("cell", "what it is", "parameters"),
        [(name, _sentence(cell.doc), _count(cell, input_size, hidden_size)) for name, cell in all_cells.items()],
        numeric_from=2,
    )
    say(f"Parameters for an input of {input_size} and a state of {hidden_size}.")


def _sentence(text: str) -> str:
    """Return the first sentence of a docstring."""
    paragraph = " ".join(text.strip().partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".")


def _count(cell: Cell, input_size: int, hidden_size: int) -> str:
    """Return the number of parameters; a size of the cell's own, such as a rank, counts as the state's."""
    own = {name: hidden_size for name in cell.sizes if name not in ("input_size", "hidden_size")}
    return str(cell.parameter_count(input_size=input_size, hidden_size=hidden_size, sizes=own))
