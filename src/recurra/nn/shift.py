"""What a sequence has a step before: rows shifted by a step, and the states that are nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.tensors import DeviceTable
from recurra.graph.step import Shift
from recurra.nn.guards import cached_by_shape

__all__ = ["Shifted", "rows_before"]


@dataclass(frozen=True)
class Shifted:
    """Inputs and states of a run with shifts; rows and `batch_sizes` as `recurra.backends.kernel.Call` says.

    Attributes
    ----------
    shifts : sequence of Shift
    inputs : list of tensors
        Those that were given, and a further one for each shift.
    states : list of tensors (batch, size)
        Those that are no shift.
    batch_sizes : sequence of int
    reverse : bool
    """

    shifts: Sequence[Shift]
    inputs: list[Tensor]
    states: list[Tensor]
    batch_sizes: Sequence[int]
    reverse: bool

    @classmethod
    def of(
        cls,
        shifts: Sequence[Shift],
        inputs: Sequence[Tensor],
        states: Sequence[Tensor],
        batch_sizes: Sequence[int],
        *,
        reverse: bool,
    ) -> Shifted:
        """Return what a run of the shifted plans is given, from what one of the plain plans is."""
        further, gone = list(inputs), {shift.state for shift in shifts}
        for shift in shifts:
            further.append(rows_before(further[shift.input], states[shift.state], batch_sizes, reverse=reverse))
        stay = [state for number, state in enumerate(states) if number not in gone]
        return cls(shifts, further, stay, batch_sizes, reverse)

    def finals(self, states: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Return all states after the last step, in the cell's order, from those that the run gave."""
        if not self.shifts:
            return tuple(states)
        last: dict[int, Tensor] = {}
        for shift in self.shifts:
            found = _last(self.inputs[shift.input], self.batch_sizes, reverse=self.reverse)
            last[shift.state] = found.to(states[0].dtype, copy=True)  # the input is its owner's to write to
        others = iter(states)
        return tuple(last[k] if k in last else next(others) for k in range(len(states) + len(last)))


def rows_before(rows: Tensor, initial: Tensor, batch_sizes: Sequence[int], *, reverse: bool) -> Tensor:
    """Return for each row the one that its sequence has a step before, as steps are run, and at the first `initial`.

    Parameters
    ----------
    rows : tensor (sum of batch_sizes, ...)
    initial : tensor (batch, ...)
    batch_sizes : sequence of int, never rising
    reverse : bool
        Whether the steps are run backwards.
    """
    first, count = batch_sizes[0], len(rows)
    initial = initial.to(rows.dtype)
    if first == batch_sizes[-1]:
        return torch.cat((rows[first:], initial) if reverse else (initial, rows[: count - first]))
    return torch.cat((rows, initial)).index_select(0, _numbers_before(tuple(batch_sizes), reverse, rows.device).read())


def _last(rows: Tensor, batch_sizes: Sequence[int], *, reverse: bool) -> Tensor:
    """Return the row of the step of each sequence that is run last."""
    first = batch_sizes[0]
    if reverse:
        return rows[:first]
    if first == batch_sizes[-1]:
        return rows[len(rows) - first :]
    return rows.index_select(0, _last_numbers(tuple(batch_sizes), rows.device).read())


@cached_by_shape
def _numbers_before(batch_sizes: tuple[int, ...], reverse: bool, device: torch.device) -> DeviceTable:
    """Return the numbers of the rows a step before; that of the initial state of sequence k is k after the last row."""
    sizes = torch.tensor((0, *batch_sizes, 0))
    begin, count = sizes.cumsum(0) - sizes, sum(batch_sizes)
    steps = torch.arange(len(sizes)).repeat_interleave(sizes)
    sequences, before = torch.arange(count) - begin[steps], steps + (1 if reverse else -1)
    return DeviceTable(torch.where(sequences < sizes[before], begin[before], count) + sequences, device)


@cached_by_shape
def _last_numbers(batch_sizes: tuple[int, ...], device: torch.device) -> DeviceTable:
    """Return the number of the last row of each sequence."""
    sizes, sequences = torch.tensor(batch_sizes), torch.arange(batch_sizes[0])
    lengths = (sizes[:, None] > sequences).sum(0)
    return DeviceTable((sizes.cumsum(0) - sizes)[lengths - 1] + sequences, device)
