"""The steps of a batch as tables on the device, made once for its sizes: no call waits for the host."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.tensors import DeviceTable

__all__ = ["Steps", "steps_of"]


@dataclass(frozen=True)
class Steps:
    """How the rows of a batch are divided into steps.

    Attributes
    ----------
    sizes : tuple of int
        The sequences at each step, never rising.
    device : torch.device
    """

    sizes: tuple[int, ...]
    device: torch.device

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

    @property
    def table(self) -> Tensor:
        """`starts`, then `lengths`."""
        return self._table.read()

    @property
    def sequences(self) -> Tensor:
        """The sequence of each row."""
        return self._sequences.read()

    @property
    def times(self) -> Tensor:
        """The step of each row."""
        return self._times.read()

    @property
    def last(self) -> Tensor:
        """For each sequence the line of the carried values, two for each in turns, that holds its last one."""
        return self._last.read()

    @functools.cached_property
    def _table(self) -> DeviceTable:
        return self._made([*self.starts, *self.lengths])

    @functools.cached_property
    def _sequences(self) -> DeviceTable:
        return self._made([number for size in self.sizes for number in range(size)])

    @functools.cached_property
    def _times(self) -> DeviceTable:
        return self._made([step for step, size in enumerate(self.sizes) for _ in range(size)])

    @functools.cached_property
    def _last(self) -> DeviceTable:
        return self._made([length % 2 * self.batch + number for number, length in enumerate(self.lengths)])

    def _made(self, numbers: Sequence[int]) -> DeviceTable:
        return DeviceTable(torch.tensor(numbers, dtype=torch.int64), self.device)


@functools.lru_cache(maxsize=64)
def steps_of(sizes: tuple[int, ...], device: torch.device) -> Steps:
    """Return the steps of a batch; those of sizes that come again are kept."""
    return Steps(sizes, device)
