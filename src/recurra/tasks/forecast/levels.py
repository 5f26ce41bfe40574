"""What a window is brought to before a network reads it: its own level and spread, its last value, or nothing."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["Levelled", "level_windows"]

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
