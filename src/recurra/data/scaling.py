"""Scales: what takes values to a common level and spread, fitted on the training part alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, final, get_args

import numpy as np

from recurra.errors import DataError

__all__ = ["ChannelScale", "ScaleKind", "check_scaled", "fit_channels", "window_scale"]

ScaleKind = Literal["standard", "robust", "min-max", "none"]
"""Level and spread of a channel: mean and standard deviation; median and distance of the quartiles; least value and
distance to the greatest; or 0 and 1."""

_NO_SPREAD = 1e-12

_FARTHEST = 1e18
"""How far from its level a value may be: float32 holds its square, and sums of it."""


@final
@dataclass(frozen=True, eq=False)
class ChannelScale:
    """Takes each channel to level 0 and spread 1, and back; missing values (NaN) stay missing.

    Attributes
    ----------
    level, spread
        (channels,) or any shape that the values' broadcasts with, in their unit; `spread` is above zero.

    Examples
    --------
    >>> scale = fit_channels(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> scale.apply(np.array([[5.0, 5.0]])).tolist(), scale.undo(np.zeros(2)).tolist()
    ([[3.0, 0.0]], [2.0, 5.0])
    """

    level: np.ndarray
    spread: np.ndarray

    def apply(self, values: np.ndarray, /) -> np.ndarray:
        """Return values (..., channels) without unit."""
        return (values - self.level) / self.spread

    def undo(self, values: np.ndarray, /) -> np.ndarray:
        """Return values (..., channels) in their unit."""
        return values * self.spread + self.level

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"level": self.level.tolist(), "spread": self.spread.tolist()}

    def to_json(self) -> str:
        """Return the scale as JSON, exact to the last digit."""
        return json.dumps(self.to_dictionary())

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the scale that `to_dictionary` described; `DataError` if it is none."""
        try:
            level, spread = (np.array(content[name], np.float64) for name in ("level", "spread"))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"this is no scale: {type(error).__name__}: {error}") from None
        if level.shape != spread.shape or not (np.isfinite(level).all() and (spread > 0).all()):
            raise DataError("this is no scale; expected finite levels and as many spreads above zero")
        return cls(level, spread)

    @classmethod
    def from_json(cls, text: str, /) -> Self:
        """Return the scale that `to_json` wrote; `DataError` if it is none."""
        try:
            return cls.from_dictionary(json.loads(text))
        except json.JSONDecodeError as error:
            raise DataError(f"this is no scale: {error}") from None


def fit_channels(values: np.ndarray, /, *, kind: ScaleKind = "standard") -> ChannelScale:
    """Fit a scale to the values of the training part, each channel by itself.

    Parameters
    ----------
    values
        (rows, channels); missing ones are NaN and do not count.
    kind
        What level and spread are. A channel that is constant has spread 1, one without any value level 0 as well.

    Raises
    ------
    DataError
        If the kind is not known, there are no rows, or a value is infinite.
    """
    if kind not in get_args(ScaleKind):
        raise DataError(f"the scale {kind!r} is not known; expected one of {', '.join(get_args(ScaleKind))}")
    if not len(values):
        raise DataError("there are no rows to fit a scale to; expected at least one")
    if np.isinf(values).any():
        row, place = np.argwhere(np.isinf(values))[0].tolist()
        raise DataError(f"row {row + 1}, channel {place + 1}: the value is infinite; expected a finite one or NaN")
    return _fitted(np.asarray(values, np.float64), kind, axis=0, keep=False)


def check_scaled(scaled: np.ndarray, values: np.ndarray, /, *, where: str) -> None:
    """Refuse a sequence at one scale (steps, channels) on which float32 cannot compute, and say which of its values.

    Parameters
    ----------
    scaled, values
        The sequence, and what it was before.
    where
        What the message calls it.

    Raises
    ------
    DataError
        If a value is missing, not finite, or very far from the training part's.
    """
    fits = np.abs(scaled) <= _FARTHEST
    if not fits.all():
        step, channel = np.argwhere(~fits)[0].tolist()
        value = (values if values.shape == scaled.shape else scaled)[step, channel]
        raise DataError(f"{where}: step {step + 1}, channel {channel + 1} is {value}, too large or not finite")


def window_scale(windows: np.ndarray, /, *, kind: ScaleKind = "standard") -> ChannelScale:
    """Return the scale of each window by itself, so that a model sees shapes and not levels.

    Reversible instance normalisation without learnt weights: Kim et al. (2022), ICLR, equations 1 to 3. What a model
    says of the windows is taken back with `undo`.

    Parameters
    ----------
    windows
        (count, rows, channels); missing values are NaN.
    kind
        As in `fit_channels`.

    Examples
    --------
    >>> import numpy as np
    >>> window_scale(np.array([[[1.0], [3.0]]])).level
    array([[[2.]]])
    """
    return _fitted(np.asarray(windows, np.float64), kind, axis=1, keep=True)


def _fitted(values: np.ndarray, kind: ScaleKind, *, axis: int, keep: bool) -> ChannelScale:
    """Return level and spread along an axis, which stays with length 1 if `keep`."""
    missing = np.isnan(values).all(axis, keepdims=True)
    known = np.where(missing, 0.0, values)
    largest = np.nanmax(np.abs(known), axis, keepdims=True)
    largest = np.where(largest == 0, 1.0, largest)  # a large level must not overflow when it is squared
    level, spread = (part * largest for part in _LEVELS[kind](known / largest, axis))
    spread = np.where(spread > _NO_SPREAD * largest, spread, 1.0)
    if kind == "none":
        level, spread = np.zeros_like(level), np.ones_like(spread)
    return ChannelScale(level, spread) if keep else ChannelScale(level.squeeze(axis), spread.squeeze(axis))


def _standard(values: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    return np.nanmean(values, axis, keepdims=True), np.nanstd(values, axis, keepdims=True)


def _robust(values: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    low, middle, high = np.nanquantile(values, (0.25, 0.5, 0.75), axis, keepdims=True)
    return middle, high - low


def _extent(values: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    low = np.nanmin(values, axis, keepdims=True)
    return low, np.nanmax(values, axis, keepdims=True) - low


_LEVELS = {"standard": _standard, "robust": _robust, "min-max": _extent, "none": _extent}
