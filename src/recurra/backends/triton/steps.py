"""The steps of a batch as tables on the device, made once for its sizes: no call waits for the host."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from recurra.backends.transfer import on_device

__all__ = ["Steps", "steps_of"]


@dataclass(frozen=True)
class Steps:
    """How the rows of a batch are divided into steps.

    Attributes
    ----------
    sizes : tuple of int
        The sequences at each step, never rising.
    device : torch.device
    pending : list of events
        After each a table has been copied.
    """

    sizes: tuple[int, ...]
    device: torch.device
    pending: list[torch.cuda.Event] = field(default_factory=list, compare=False)

    @property
    def batch(self) -> int:
        """The sequences of the batch."""
        return self.sizes[0]

    @property
    def is_ragged(self) -> bool:
        """Whether some sequences end earlier than others."""
        return self.sizes[-1] != self.sizes[0]

    @functools.cached_property
    def starts(self) -> list[int]:
        """The first row of each step, and the number of all rows."""
        return [0, *itertools.accumulate(self.sizes)]

    @functools.cached_property
    def lengths(self) -> list[int]:
        """The steps of each sequence."""
        found = [0] * self.batch
        running = self.batch
        for step, size in enumerate((*self.sizes[1:], 0), start=1):
            found[size:running] = [step] * (running - size)
            running = size
        return found

    @functools.cached_property
    def table(self) -> Tensor:
        """`starts`, then `lengths`."""
        return self._on_device([*self.starts, *self.lengths])

    @functools.cached_property
    def sequences(self) -> Tensor:
        """The sequence of each row."""
        return self._on_device([number for size in self.sizes for number in range(size)])

    @functools.cached_property
    def times(self) -> Tensor:
        """The step of each row."""
        return self._on_device([step for step, size in enumerate(self.sizes) for _ in range(size)])

    @functools.cached_property
    def last(self) -> Tensor:
        """For each sequence the line of the carried values, two for each in turns, that holds its last one."""
        return self._on_device([length % 2 * self.batch + number for number, length in enumerate(self.lengths)])

    def _on_device(self, numbers: Sequence[int]) -> Tensor:
        table = on_device(torch.tensor(numbers, dtype=torch.int64), self.device)
        if self.device.type == "cuda":
            copied = torch.cuda.Event()
            copied.record(torch.cuda.current_stream(self.device))
            self.pending.append(copied)
        return table

    def join(self) -> None:
        """Let the current stream wait for tables that another one may still be copying; the host does not wait."""
        if not self.pending or torch.cuda.is_current_stream_capturing():
            return  # before a graph is captured, torch waits for everything
        self.pending[:] = [copied for copied in self.pending if not copied.query()]
        for copied in self.pending:
            torch.cuda.current_stream(self.device).wait_event(copied)


def steps_of(sizes: tuple[int, ...], device: torch.device) -> Steps:
    """Return the steps of a batch, with tables that the current stream can read."""
    steps = _kept(sizes, device)
    steps.join()
    return steps


@functools.lru_cache(maxsize=64)
def _kept(sizes: tuple[int, ...], device: torch.device) -> Steps:
    """Return the steps of a batch; those of sizes that come again are kept."""
    return Steps(sizes, device)
