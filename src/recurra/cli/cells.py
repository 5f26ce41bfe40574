"""`recurra cells`: the cells that there are, and the equations of one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recurra.cli.terminal import fits_console, line_width, print_table, reporting_failures, say, say_json
from recurra.data.files import write_whole
from recurra.errors import InputError

if TYPE_CHECKING:
    from recurra import Cell
    from recurra.catalogue import Entry

__all__ = ["cells"]

_ROOMY = 110
"""Characters of a line from which on the table of all cells has room for where a paper was published."""


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
    diagram: Annotated[
        Path | None, typer.Option(help="Write the diagram of the step as SVG to this file.", metavar="FILE")
    ] = None,
    linear: Annotated[bool, typer.Option("--linear", help="List only cells that are linear in their state.")] = False,
    sort: Annotated[
        str | None, typer.Option(help="Sort the list by name, year, parameters or flops.", metavar="COLUMN")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list, or what it says of one cell, as JSON.")
    ] = False,
    input_size: Annotated[int, typer.Option(help="Size of the input, for the counts.", min=1)] = 2,
    hidden_size: Annotated[int, typer.Option(help="Size of the state, for the counts.", min=1)] = 32,
) -> None:
    """List the cells, or print one: its equations, a diagram of its step, its derived backpropagation through time.

    Example: recurra cells LSTM
    """
    of_one = (("--latex", latex), ("--plans", plans), ("--stage", stage), ("--diagram", diagram))
    of_all = (("--linear", linear), ("--sort", sort))
    if cell is None:
        _refuse(of_one, "without a cell; expected recurra cells CELL")
        _list(input_size, hidden_size, linear=linear, sort=sort, as_json=as_json)
        return
    _refuse(of_all, f"with the cell {cell}; it is for the list of all")
    from recurra.catalogue import entry
    from recurra.tasks.cell_choice import find_cell

    found = find_cell(cell)
    if as_json:
        _refuse(of_one, "with --json; expected one of them")
        _print_json([entry(found, input_size=input_size, hidden_size=hidden_size)], input_size, hidden_size)
    elif diagram is not None:
        write_whole(diagram, found.diagram(svg=True))
        say(f"Wrote the diagram of {found.name} to {diagram}.")
    elif stage is not None:
        say(_stage(found, stage, which).rstrip())
    elif plans:
        say(found.show_plans().rstrip())
    elif latex:
        say(f"{found.equations(latex=True)}\n\n{found.backward_equations(latex=True)}")
    else:
        _describe(found, entry(found, input_size=input_size, hidden_size=hidden_size))
        say(_sizes(input_size, hidden_size))


def _refuse(options: tuple[tuple[str, object], ...], where: str) -> None:
    """Refuse the options that are given where they mean nothing."""
    for name, given in options:
        if given:
            raise InputError(f"{name} was given {where}")


def _list(input_size: int, hidden_size: int, *, linear: bool, sort: str | None, as_json: bool) -> None:
    from recurra.catalogue import catalogue

    entries = catalogue(input_size=input_size, hidden_size=hidden_size, linear=linear, sort=sort)
    if as_json:
        _print_json(entries, input_size, hidden_size)
        return
    print_table(
        ("cell", "year", "from", "states", "linear", "parameters", "FLOPs"),
        [_row(entry, is_short=(line_width() or _ROOMY) < _ROOMY) for entry in entries],
        numeric_from=5,
        dense=True,
    )
    say(_sizes(input_size, hidden_size))
    say("Linear: each next state is affine in the states, with coefficients from inputs.")


def _row(entry: Entry, *, is_short: bool) -> tuple[str, ...]:
    """Return a line of the table; in a short one the paper is known by its authors."""
    source = entry.source
    year = str(source.year) if source else ""
    paper = "" if source is None else source.short.partition(", ")[0] if is_short else source.short
    linear = "yes" if entry.linear_in_state else ""
    return entry.name, year, paper, ", ".join(entry.states), linear, f"{entry.parameters:,}", f"{entry.flops:,}"


def _print_json(entries: list[Entry], input_size: int, hidden_size: int) -> None:
    sizes = {"input_size": input_size, "hidden_size": hidden_size}
    say_json({**sizes, "cells": [dataclasses.asdict(entry) for entry in entries]})


def _describe(cell: Cell, entry: Entry) -> None:
    """Print a cell's equations, its diagram, the equations' derivatives and what a step costs."""
    say(f"{cell.name}: {' '.join(cell.doc.split())}\n")
    drawn = cell.diagram()
    say(f"{cell.equations()}\n\n{drawn if fits_console(drawn) else cell.diagram(ascii=True)}\n")
    say(f"Backpropagation through time, derived:\n\n{cell.backward_equations()}\n")
    say(f"{entry.parameters} parameters: {', '.join(leaf.name for leaf in cell.parameters)}.")
    linear = "Linear" if entry.linear_in_state else "Not linear"
    say(f"{entry.flops} floating-point operations a step. {linear} in its state.")


def _stage(cell: Cell, stage: str, which: str) -> str:
    """Return a stage of the compiler, for this machine and float32."""
    from recurra.backends.kernel import compiled_kernel_of

    return compiled_kernel_of(cell.plans(), "llvm").source(stage, which=which)


def _sizes(input_size: int, hidden_size: int) -> str:
    return (
        f"Parameters and floating-point operations (of a forward step of one sequence)\n"
        f"are for an input of {input_size} and a state of {hidden_size}."
    )
