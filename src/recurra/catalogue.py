"""The table of all cells: where each is from, what it costs, and whether it is linear in its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from recurra.cells import all_cells
from recurra.citation import Source
from recurra.errors import InputError
from recurra.graph.compound import divisible
from recurra.spec import Cell

__all__ = ["ORDERS", "Entry", "catalogue", "entry"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A cell in the table.

    Attributes
    ----------
    name : str
    about : str
        The first sentence of its docstring.
    source : Source or None
    parameters : int
        Trainable numbers at the given sizes.
    flops : int
        Floating-point operations of one forward step of one sequence; a multiply-add is two.
    states : tuple of str
    linear_in_state : bool
    """

    name: str
    about: str
    source: Source | None
    parameters: int
    flops: int
    states: tuple[str, ...]
    linear_in_state: bool


ORDERS: Mapping[str, Callable[[Entry], Any]] = {
    "name": lambda entry: entry.name.lower(),
    "year": lambda entry: entry.source.year if entry.source else float("inf"),
    "parameters": lambda entry: entry.parameters,
    "flops": lambda entry: entry.flops,
}
"""What the table can be sorted by; smallest first, and cells that are equal in it keep their order."""


def entry(cell: Cell, /, *, input_size: int, hidden_size: int) -> Entry:
    """Return what the table says of a cell; a size of the cell's own, such as a rank, is that of the state.

    What divides the input or the state, such as a number of heads, is 1 where that does not divide it.
    """
    given = {"input_size": input_size, "hidden_size": hidden_size}
    numbers = {name: given.get(name, hidden_size) for name in cell.sizes}
    own = {
        name: number
        for name, number in divisible(cell.step.all_sizes(), numbers, fixed=given).items()
        if name not in given
    }
    return Entry(
        name=cell.name,
        about=_first_sentence(cell.doc),
        source=cell.source,
        parameters=cell.parameter_count(input_size=input_size, hidden_size=hidden_size, sizes=own),
        flops=cell.flops(input_size=input_size, hidden_size=hidden_size, sizes=own),
        states=cell.states,
        linear_in_state=cell.linear_in_state,
    )


def catalogue(*, input_size: int, hidden_size: int, linear: bool = False, sort: str | None = None) -> list[Entry]:
    """Return the table of recurra's cells.

    Parameters
    ----------
    input_size, hidden_size : int
        What parameters and operations are counted for.
    linear : bool
        Whether only the cells that are linear in their state are listed.
    sort : str, optional
        One of `ORDERS`; by default families stand together.

    Raises
    ------
    InputError
        If there is no such order.
    """
    if sort is not None and sort not in ORDERS:
        raise InputError(f"sort: got {sort!r}, expected one of {list(ORDERS)}")
    chosen = [cell for cell in all_cells.values() if cell.linear_in_state or not linear]
    entries = [entry(cell, input_size=input_size, hidden_size=hidden_size) for cell in chosen]
    return entries if sort is None else sorted(entries, key=ORDERS[sort])


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.strip().partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".")


def __dir__() -> list[str]:
    return sorted(__all__)
