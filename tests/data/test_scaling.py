"""Scales of many channels: levels and spreads, missing values, constant channels, JSON, and windows of their own."""

from __future__ import annotations

import numpy as np
import pytest

from recurra.data import ChannelScale, fit_channels, window_scale
from recurra.errors import DataError

NAN = float("nan")
VALUES = np.array([[1.0, -5.0], [2.0, 5.0], [3.0, NAN], [4.0, 1.0], [100.0, 3.0]])


@pytest.mark.parametrize(
    ("kind", "level", "spread"),
    [
        ("standard", np.nanmean(VALUES, 0), np.nanstd(VALUES, 0)),
        ("robust", [3.0, 2.0], [2.0, 4.0]),
        ("min-max", [1.0, -5.0], [99.0, 10.0]),
        ("none", [0.0, 0.0], [1.0, 1.0]),
    ],
)
def test_kinds_of_scales(kind, level, spread) -> None:
    scale = fit_channels(VALUES, kind=kind)
    np.testing.assert_allclose(scale.level, level, rtol=1e-12)
    np.testing.assert_allclose(scale.spread, spread, rtol=1e-12)
    np.testing.assert_allclose(scale.undo(scale.apply(VALUES)), VALUES, rtol=1e-12)
    assert np.isnan(scale.apply(VALUES)).sum() == 1


@pytest.mark.parametrize("kind", ["standard", "robust", "min-max", "none"])
@pytest.mark.parametrize("channel", [[7.0, 7.0], [0.0, 0.0], [NAN, NAN], [NAN, 3.0], [1e300, -1e300], [1e-300, 3e-300]])
def test_awkward_channels_stay_finite_and_come_back(kind, channel: list[float]) -> None:
    values = np.array(channel)[:, np.newaxis]
    scale = fit_channels(values, kind=kind)
    assert np.isfinite(scale.level).all()
    assert (scale.spread > 0).all()
    np.testing.assert_allclose(scale.undo(scale.apply(values)), values, rtol=1e-12)
    assert np.isfinite(scale.apply(values)).sum() == np.isfinite(values).sum()


def test_a_scale_comes_back_from_json_exactly() -> None:
    scale = fit_channels(VALUES * np.pi)
    back = ChannelScale.from_json(scale.to_json())
    assert back.level.tolist() == scale.level.tolist()
    assert back.spread.tolist() == scale.spread.tolist()


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"level": [1], "spread": [0]}', '{"level": [1], "spread": [1, 2]}', '{"level": "x", "spread": 1}'],
)
def test_a_damaged_scale_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="this is no scale"):
        ChannelScale.from_json(text)


def test_one_channel_is_the_scale_of_a_series() -> None:
    scale, alone = fit_channels(VALUES), fit_channels(VALUES[:, :1])
    assert (scale.level[0], scale.spread[0]) == (alone.level[0], alone.spread[0])
    assert (scale.level[0], scale.spread[0]) == pytest.approx((VALUES[:, 0].mean(), VALUES[:, 0].std()))


def test_windows_of_their_own_have_level_zero_and_spread_one() -> None:
    windows = np.random.default_rng(0).normal(5, 3, (4, 20, 2)) * np.array([1.0, 100.0])
    scale = window_scale(windows)
    assert scale.level.shape == (4, 1, 2)
    scaled = scale.apply(windows)
    np.testing.assert_allclose(scaled.mean(1), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(1), 1)
    forecasts = np.zeros((4, 7, 2))
    np.testing.assert_allclose(scale.undo(forecasts)[:, 3], windows.mean(1))


def test_what_cannot_be_scaled() -> None:
    with pytest.raises(DataError, match="row 2, channel 1: the value is infinite"):
        fit_channels(np.array([[1.0], [np.inf]]))
    with pytest.raises(DataError, match="'z-score' is not known; expected one of standard"):
        fit_channels(VALUES, kind="z-score")  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match="no rows"):
        fit_channels(np.empty((0, 2)))
