"""Splits, windows, baseline, scores, covariates as numbers, conformal intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars
import pytest

from recurra.data import (
    Columns,
    Panel,
    Share,
    conformal_offsets,
    fit_channels,
    read_panel,
    score,
    seasonal_naive,
    seasonal_naive_error,
    split_panel,
)
from recurra.data.covariates import Encoding, encode, fit_encoding
from recurra.data.panel import PaddedPanel, origins
from recurra.data.split import split_series
from recurra.errors import DataError

SHARE = Share(fraction=0.15)
NAN = float("nan")


def panel(*lengths: int) -> Panel:
    ids = np.repeat(np.arange(len(lengths)), lengths)
    rows = np.concatenate([np.arange(length) for length in lengths])
    return read_panel(polars.DataFrame({"unique_id": ids, "ds": rows, "y": ids * 100.0 + rows}))


@pytest.mark.parametrize("rows", [30, 47, 309])
def test_a_split_leaves_no_row_out_and_gives_each_part_a_horizon(rows: int) -> None:
    train, validation, test = split_series(rows, window=6, horizon=5, validation=SHARE, test=SHARE, source="x.csv")
    assert train >= 11
    assert validation - train >= 5
    assert test - validation >= 5
    assert test == rows


def test_a_part_may_be_a_number_of_rows() -> None:
    parts = split_series(50, window=6, horizon=5, validation=Share(fraction=0.1, rows=7), test=SHARE, source="x.csv")
    assert parts == (35, 42, 50)


def test_too_few_rows_say_how_many_are_needed() -> None:
    parts: dict[str, Any] = {"validation": SHARE, "test": SHARE, "source": "x.csv"}
    with pytest.raises(DataError, match=r"x\.csv has 20 rows; .* need at least 21") as raised:
        split_series(20, window=6, horizon=5, **parts)
    assert "window of 6 and a horizon of 5" in str(raised.value)
    split_series(21, window=6, horizon=5, **parts)


def test_each_series_is_split_by_itself_and_short_ones_only_train() -> None:
    split = split_panel(panel(100, 40, 9), window=6, horizon=4, validation=SHARE, test=SHARE)
    assert split.train.tolist() == [70, 28, 9]
    assert split.validation.tolist() == [85, 34, 9]
    assert split.test.tolist() == [100, 40, 9]
    with pytest.raises(DataError, match=r"its longest series '0', has 9 rows"):
        split_panel(panel(9, 5), window=6, horizon=4, validation=SHARE, test=SHARE)


def test_origins_are_every_row_of_every_series_and_target() -> None:
    two = panel(5, 4)
    at = origins(two, first=np.array([2, 4]), last=np.array([3, 3]))
    assert list(zip(at.series.tolist(), at.row.tolist(), at.target.tolist(), strict=True)) == [(0, 2, 0), (0, 3, 0)]


def test_nothing_is_known_before_a_series_and_after_it() -> None:
    two = panel(3, 2)
    padded = PaddedPanel(two, before=2, after=1)
    values = padded.known(two.targets)[:, 0]
    np.testing.assert_equal(values, [NAN, NAN, 0, 1, 2, NAN, NAN, NAN, 100, 101, NAN])
    at = origins(two, first=np.array([1, 1]), last=np.array([1, 1]))
    assert values[padded.rows(at)].tolist() == [1.0, 101.0]


def test_the_future_has_covariates_and_no_targets() -> None:
    frame = polars.DataFrame({"x": [1.0, 2.0, None], "price": [5.0, 6.0, 7.0]})
    with_price = read_panel(frame, columns=Columns(targets=("x",), future=("price",)))
    padded = PaddedPanel(with_price, before=0, after=2)
    np.testing.assert_equal(padded.known(with_price.targets)[:, 0], [1, 2, NAN, NAN])
    np.testing.assert_equal(padded.ahead(with_price.covariates["price"]), [5, 6, 7, NAN])


@pytest.mark.parametrize("values", [[1.0, 2.0, 4.0], [7.0, 7.0], [0.0, 0.0], [1e300, -1e300], [1e-300, 3e-300]])
def test_a_scale_undoes_itself(values: list[float]) -> None:
    given = np.array(values)
    scale = fit_channels(given[:, np.newaxis])
    assert (scale.spread > 0).all()
    np.testing.assert_allclose(scale.undo(scale.apply(given)), given, rtol=1e-12)
    assert np.isfinite(scale.apply(given)).all()


@pytest.mark.parametrize(
    ("window", "season", "expected"),
    [
        ([9.0, 1, 2, 3], 3, [1, 2, 3, 1, 2]),
        ([9.0, 1, 2, 3], 1, [3, 3, 3, 3, 3]),
        ([9.0], 99, [9, 9, 9, 9, 9]),
        ([7.0, 8, NAN, 9], 2, [7, 9, 7, 9, 7]),
        ([NAN, 8, NAN, 9], 2, [9, 9, 9, 9, 9]),
        ([1.0, 5, NAN, NAN], 1, [5, 5, 5, 5, 5]),
        ([NAN, NAN], 1, [NAN] * 5),
    ],
)
def test_the_baseline_repeats_the_last_season_that_is_known(
    window: list[float], season: int, expected: list[float]
) -> None:
    found = seasonal_naive(np.array([window]), horizon=5, season_length=season)
    np.testing.assert_equal(found, [expected])


def test_the_naive_error_leaves_out_what_is_missing() -> None:
    assert seasonal_naive_error(np.array([1.0, 2.0, NAN, 4.0, 7.0]), season_length=1) == 2.0
    assert seasonal_naive_error(np.array([1.0, NAN]), season_length=1) is None


def test_scores() -> None:
    scores = score(np.array([[1.0, 2.0]]), np.array([[1.0, 5.0]]), scale=0.5)
    assert (scores.mae, scores.mase) == (1.5, 3.0)
    assert scores.rmse == pytest.approx(4.5**0.5)
    assert scores.smape == pytest.approx((0 + 2 * 3 / 7) / 2)
    assert (scores.wql, scores.coverage) == (None, {})


def test_what_is_missing_does_not_count() -> None:
    scores = score(np.array([[1.0, 2.0]]), np.array([[NAN, 5.0]]), scale=np.array([1.5]))
    assert (scores.mae, scores.rmse, scores.mase) == (3.0, 3.0, 2.0)


def test_the_mase_of_several_series_leaves_out_those_without_a_scale() -> None:
    scores = score(np.zeros((3, 1)), np.array([[4.0], [6.0], [9.0]]), scale=np.array([2.0, NAN, 0.0]))
    assert scores.mase == 2.0


def test_scores_of_intervals() -> None:
    actual, middle = np.array([[1.0, 5.0]]), np.array([[2.0, 4.0]])
    scores = score(middle, actual, scale=None, intervals={0.8: (middle - 1, middle + 0.5)})
    assert scores.coverage == {"80": 0.5, "width-80": 1.5}
    pinball = [0.5 + 0.5, 0.1 * 0 + 0.1 * 2, 0.1 * 1.5 + 0.9 * 0.5]
    assert scores.wql == pytest.approx(2 * np.mean(pinball) / 6)


@pytest.mark.parametrize("values", [[5.0, 5.0, 5.0], [5.0]])
def test_there_is_no_mase_for_a_series_without_a_naive_error(values: list[float]) -> None:
    scale = seasonal_naive_error(np.array(values), season_length=1)
    assert score(np.ones((1, 1)), np.zeros((1, 1)), scale=scale).mase is None


def test_a_number_is_scaled_by_its_training_rows() -> None:
    values = np.array([1.0, 3.0, NAN, 100.0])
    number = fit_encoding("price", values, training=np.array([True, True, True, False]), source="x.csv")
    assert number.apply(values, source="x.csv")[:, 0].tolist() == [-1.0, 1.0, 0.0, 98.0]


def test_a_category_has_a_place_and_one_that_is_missing_none() -> None:
    values = np.array(["b", "a", ""], dtype=object)
    category = fit_encoding("day", values, training=np.ones(3, bool), source="x.csv")
    assert category.apply(values, source="x.csv").tolist() == [[0, 1], [1, 0], [0, 0]]
    assert Encoding.from_dictionary(category.to_dictionary()) == category
    assert encode((category, category), {"day": values}, rows=3, source="x.csv").shape == (3, 4)
    assert encode((), {}, rows=3, source="x.csv").shape == (3, 0)
    with pytest.raises(DataError, match=r"column 'day': the model does not know the category 'ab'; it knows 'a', 'b'"):
        category.apply(np.array(["ab"], dtype=object), source="x.csv")


def test_too_many_categories_are_refused() -> None:
    values = np.array([str(number) for number in range(501)], dtype=object)
    with pytest.raises(DataError, match="it has 501 categories"):
        fit_encoding("name", values, training=np.ones(501, bool), source="x.csv")


def test_conformal_intervals_hold_what_they_should() -> None:
    random = np.random.default_rng(0)
    calibration, later = random.normal(size=(2, 4000, 3)) * [1.0, 2.0, 3.0]
    zero = np.zeros_like(calibration)
    offsets = conformal_offsets(zero, zero, calibration, coverage=0.8)
    np.testing.assert_allclose(offsets, 1.2816 * np.array([1, 2, 3]), rtol=0.05)
    np.testing.assert_allclose((np.abs(later) <= offsets).mean(0), 0.8, atol=0.02)


def test_conformal_intervals_that_are_too_wide_shrink_and_few_rows_share() -> None:
    wide = np.full((50, 2), 10.0)
    assert (conformal_offsets(-wide, wide, np.zeros((50, 2)), coverage=0.8) == -10).all()
    actual = np.array([[1.0, 3.0], [2.0, NAN]])
    assert conformal_offsets(np.zeros((2, 2)), np.zeros((2, 2)), actual, coverage=0.5).tolist() == [2.0, 2.0]
    assert conformal_offsets(np.zeros((1, 2)), np.zeros((1, 2)), np.full((1, 2), NAN), coverage=0.5).tolist() == [0, 0]
