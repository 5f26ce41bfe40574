"""Windows: what a forecasting network reads, with covariates, cut from a panel batch by batch, on a common level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from recurra.data.panel import Origins, PaddedPanel
from recurra.errors import DataError
from recurra.training.batches import seeded

__all__ = ["Levelled", "PanelTensors", "Widths", "WindowBatch", "WindowBatches", "level_windows"]


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
        # sums from the first row on: their difference is the count of known values between two rows
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


_FLOOR = 1e-2
"""Least spread of a window, as a share of the whole series' spread: a flat window is not blown up."""


class Levelled(NamedTuple):
    """Windows without level and spread.

    Attributes
    ----------
    values
        (B, window), 0 where nothing is known.
    absent
        (B, window) 1 where nothing is known, else 0.
    level, spread
        (B, 1) what was taken off, and what was divided by.
    """

    values: Tensor
    absent: Tensor
    level: Tensor
    spread: Tensor


def level_windows(windows: Tensor, kind: str, /, *, season: int) -> Levelled:
    """Bring windows (B, window), with NaN where nothing is known, to a common level.

    Parameters
    ----------
    windows
        Without unit.
    kind
        "window": the mean of the last season, and the standard deviation; "last": the last value, as in SegRNN (Lin et
        al., 2023); "counts": divided by one more than the mean, as in DeepAR (Salinas et al., 2020); "none".
    season
        Steps whose mean is the level.
    """
    known = ~windows.isnan()
    values = windows.nan_to_num(0.0)
    level, spread = torch.zeros_like(values[:, :1]), torch.ones_like(values[:, :1])
    if kind == "window":
        level = _level(values, known, season)
        spread = _mean((values - _mean(values, known)).square(), known).sqrt() + _FLOOR
    elif kind == "last":
        level = _last(values, known)
    elif kind == "counts":
        spread = 1 + _mean(values, known)
    scaled = torch.where(known, (values - level) / spread, 0.0)
    return Levelled(scaled, (~known).to(windows.dtype), level, spread)


def _mean(values: Tensor, known: Tensor) -> Tensor:
    """Return the mean (B, 1) of what is known, 0 where nothing is."""
    return torch.where(known, values, 0.0).sum(1, keepdim=True) / known.sum(1, keepdim=True).clamp(min=1)


def _level(values: Tensor, known: Tensor, season: int) -> Tensor:
    """Return the mean of the last season, or of the window where that has no value."""
    recent = known[:, -season:]
    mean = _mean(values[:, -season:], recent)
    return torch.where(recent.any(1, keepdim=True), mean, _mean(values, known))


def _last(values: Tensor, known: Tensor) -> Tensor:
    back = known.flip(1).long().argmax(1, keepdim=True)
    return values.gather(1, values.shape[1] - 1 - back)
