"""What a forecasting network reads: windows with their covariates, cut from a panel batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from recurra.data.panel import Origins, PaddedPanel
from recurra.errors import DataError
from recurra.training.batches import seeded

__all__ = ["PanelTensors", "Widths", "WindowBatch", "WindowBatches"]


@dataclass(frozen=True, kw_only=True)
class Widths:
    """How many numbers the covariates of a batch have, past, future and static, and how many targets there are."""

    past: int = 0
    future: int = 0
    static: int = 0
    targets: int = 1


class WindowBatch(NamedTuple):
    """Windows of one target each, without unit.

    Attributes
    ----------
    values
        (B, window), NaN where nothing is known.
    past
        (B, window, past covariates).
    future
        (B, window + horizon, future covariates).
    static
        (B, static covariates).
    target
        (B,) which target it is.
    """

    values: Tensor
    past: Tensor
    future: Tensor
    static: Tensor
    target: Tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelTensors:
    """A panel as a network reads it: scaled, encoded, padded.

    Attributes
    ----------
    padded
        Where each row of the panel is in the tensors.
    values
        (padded rows, targets), NaN where nothing is known.
    past, future
        (padded rows, covariates).
    static
        (series, covariates).
    window, horizon
        How many rows a forecast looks at, and how many it gives.
    """

    padded: PaddedPanel
    values: Tensor
    past: Tensor
    future: Tensor
    static: Tensor
    window: int
    horizon: int

    def cut(self, at: Origins, /) -> tuple[WindowBatch, Tensor]:
        """Return the windows before some origins, and what came: (B, horizon), NaN where it is not known."""
        first = torch.from_numpy(self.padded.rows(at))[:, None]
        rows = first + torch.arange(-self.window, self.horizon)
        target = torch.from_numpy(at.target)
        values = self.values[rows, target[:, None]]
        return WindowBatch(
            values=values[:, : self.window],
            past=self.past[rows[:, : self.window]],
            future=self.future[rows],
            static=self.static[torch.from_numpy(at.series)],
            target=target,
        ), values[:, self.window :]

    def useful(self, at: Origins, /) -> Origins:
        """Return the origins with a known value in their window and in their horizon."""
        known = (~self.values.isnan()).long().cumsum(0)
        known = torch.cat([known.new_zeros(1, known.shape[1]), known]).numpy()
        rows = self.padded.rows(at)
        before = known[rows, at.target] - known[rows - self.window, at.target]
        after = known[rows + self.horizon, at.target] - known[rows, at.target]
        return at.chosen((before > 0) & (after > 0))


class WindowBatches:
    """Batches of windows and what came after them, shuffled anew in every epoch.

    Parameters
    ----------
    tensors, at
        What they are cut from, and where.
    batch_size
        Windows in a batch; the last may have fewer.
    seed
        Shuffles by (seed, epoch); without it, the order stays.

    Raises
    ------
    DataError
        If there is no window.
    """

    def __init__(self, tensors: PanelTensors, at: Origins, /, *, batch_size: int, seed: int | None = None) -> None:
        if not len(at):
            raise DataError("no window has a known value both before and after its origin; give more rows")
        self._tensors, self._at, self._batch_size, self._seed = tensors, at, batch_size, seed
        self._epoch = 0

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the order of an epoch (from 0)."""
        self._epoch = epoch

    def __len__(self) -> int:
        return -(-len(self._at) // self._batch_size)

    def __iter__(self) -> Iterator[tuple[WindowBatch, Tensor]]:
        for chosen in self._order().split(self._batch_size):
            yield self._tensors.cut(self._at.chosen(chosen.numpy()))

    def _order(self) -> Tensor:
        if self._seed is None:
            return torch.arange(len(self._at))
        with seeded(self._seed, self._epoch):
            return torch.randperm(len(self._at))
