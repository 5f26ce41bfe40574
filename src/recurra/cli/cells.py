"""`recurra cells`: the cells that there are, and the equations of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.terminal import print_table, say
from recurra.errors import InputError

if TYPE_CHECKING:
    from recurra import Cell

__all__ = ["cells"]


@reporting_failures
def cells(
    cell: Annotated[
        str | None,
        typer.Argument(help="Name of a cell, or your own as file.py:Name: its equations are printed.", metavar="CELL"),
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print the equations as LaTeX.")] = False,
    plans: Annotated[bool, typer.Option("--plans", help="Print what runs before, in and after the time loop.")] = False,
    stage: Annotated[
        str | None,
        typer.Option(
            help="Print a stage on the way to machine code: graph, plans, loops, ir, optimised or assembly.",
            metavar="STAGE",
        ),
    ] = None,
    which: Annotated[
        str, typer.Option("--pass", help="Of which pass: inference, forward or backward.", metavar="PASS")
    ] = "forward",
    input_size: Annotated[int, typer.Option(help="Size of the input, for the count.", min=1)] = 2,
    hidden_size: Annotated[int, typer.Option(help="Size of the state, for the count.", min=1)] = 32,
) -> None:
    """List the cells, or print the equations of one and its derived backpropagation through time.

    Example: recurra cells LSTM
    """
    if cell is None:
        given = [name for name, is_given in (("--latex", latex), ("--plans", plans), ("--stage", stage)) if is_given]
        if given:
            raise InputError(f"{given[0]} was given without a cell; expected recurra cells CELL")
        _list(input_size, hidden_size)
        return
    from recurra.tasks.cell_choice import find_cell

    found = find_cell(cell)
    if stage is not None:
        say(_stage(found, stage, which).rstrip())
        return
    if plans:
        say(found.show_plans().rstrip())
    else:
        _describe(found, latex=latex, count=_count(found, input_size, hidden_size))
    if not (latex or plans):
        say(_sizes(input_size, hidden_size))


def _list(input_size: int, hidden_size: int) -> None:
    from recurra.cells import all_cells

    print_table(
        ("cell", "what it is", "parameters"),
        [(name, _sentence(cell.doc), _count(cell, input_size, hidden_size)) for name, cell in all_cells.items()],
        numeric_from=2,
    )
    say(_sizes(input_size, hidden_size))


def _describe(cell: Cell, *, latex: bool, count: str) -> None:
    """Print a cell's equations and their derivatives; as LaTeX, nothing else."""
    if latex:
        say(f"{cell.equations(latex=True)}\n\n{cell.backward_equations(latex=True)}")
        return
    say(f"{cell.name}: {' '.join(cell.doc.split())}\n")
    say(f"{cell.equations()}\n\nBackpropagation through time, derived:\n\n{cell.backward_equations()}\n")
    say(f"{count} parameters: {', '.join(leaf.name for leaf in cell.parameters)}.")


def _stage(cell: Cell, stage: str, which: str) -> str:
    """Return a stage of the compiler, for this machine and float32."""
    from recurra.backends.llvm.kernel import LLVMKernel

    return LLVMKernel(cell.plans()).source(stage, which=which)


def _sizes(input_size: int, hidden_size: int) -> str:
    return f"Parameters for an input of {input_size} and a state of {hidden_size}."


def _sentence(text: str) -> str:
    """Return the first sentence of a docstring."""
    paragraph = " ".join(text.strip().partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".")


def _count(cell: Cell, input_size: int, hidden_size: int) -> str:
    """Return the number of parameters; a size of the cell's own, such as a rank, counts as the state's."""
    own = {name: hidden_size for name in cell.sizes if name not in ("input_size", "hidden_size")}
    return str(cell.parameter_count(input_size=input_size, hidden_size=hidden_size, sizes=own))
