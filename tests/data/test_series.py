"""Series, splits, windows, scales, baseline and scores."""

from __future__ import annotations

import numpy as np
import polars
import pytest

from recurra.data.baseline import seasonal_naive, seasonal_naive_error
from recurra.data.continuing import continued
from recurra.data.scale import fit_scale
from recurra.data.scores import score
from recurra.data.series import Series, read_series
from recurra.data.split import split_by_time
from recurra.data.windows import rolling_windows
from recurra.errors import DataError


def series(first: int, count: int) -> Series:
    years = np.arange(first, first + count)
    return read_series(polars.DataFrame({"year": years, "x": years * 1.0}), time="year")


def test_the_only_other_column_is_the_target() -> None:
    read = series(1700, 3)
    assert (read.name, str(read.step), list(read.values)) == ("x", "1", [1700.0, 1701.0, 1702.0])
    assert read.span(1, 3) == {"rows": 2, "first": "1701", "last": "1702"}


def test_rows_are_numbered_where_there_is_no_time() -> None:
    read = read_series(polars.DataFrame({"x": [5.0, 6.0]}))
    assert list(read.times.values) == [1, 2]
    assert read.times.name == "row"


def test_the_target_must_be_clear() -> None:
    frame = polars.DataFrame({"year": [1, 2], "a": [1, 2], "b": [1, 2]})
    with pytest.raises(DataError, match="say which column is the target; it has 'a', 'b'"):
        read_series(frame, time="year")
    with pytest.raises(DataError, match="the same column"):
        read_series(frame, time="year", target="year")


def test_newer_rows_go_on_after_the_history() -> None:
    joined = continued(series(1700, 5), series(1703, 4))
    assert list(joined.times.values) == list(range(1700, 1707))
    assert list(joined.values) == list(range(1700, 1707))


def test_newer_rows_after_a_gap_are_refused() -> None:
    with pytest.raises(DataError, match="begins at 1708, but the model's history ends at 1704"):
        continued(series(1700, 5), series(1708, 2))


def test_older_rows_do_not_take_the_history() -> None:
    assert len(continued(series(1700, 5), series(1600, 3))) == 3


@pytest.mark.parametrize("rows", [30, 47, 309])
def test_a_split_leaves_no_row_out_and_gives_each_part_a_horizon(rows: int) -> None:
    split = split_by_time(rows, window=6, horizon=5, validation_fraction=0.15, test_fraction=0.15, source="x.csv")
    assert split.train >= 11
    assert split.validation - split.train >= 5
    assert split.test - split.validation >= 5
    assert split.test == rows


def test_too_few_rows_say_how_many_are_needed() -> None:
    parts = {"validation_fraction": 0.15, "test_fraction": 0.15, "source": "x.csv"}
    with pytest.raises(DataError, match=r"x\.csv has 20 rows; .* need at least 21") as raised:
        split_by_time(20, window=6, horizon=5, **parts)  # pyright: ignore[reportArgumentType]
    assert "window of 6 and a horizon of 5" in str(raised.value)
    split_by_time(21, window=6, horizon=5, **parts)  # pyright: ignore[reportArgumentType]


def test_windows_roll_by_one_step() -> None:
    windows, horizons = rolling_windows(np.arange(6), window=3, horizon=2)
    assert windows.tolist() == [[0, 1, 2], [1, 2, 3]]
    assert horizons.tolist() == [[3, 4], [4, 5]]


def test_a_short_series_has_no_windows() -> None:
    windows, horizons = rolling_windows(np.arange(4), window=3, horizon=2)
    assert windows.shape == (0, 3)
    assert horizons.shape == (0, 2)


@pytest.mark.parametrize("values", [[1.0, 2.0, 4.0], [7.0, 7.0], [0.0, 0.0], [1e300, -1e300], [1e-300, 3e-300]])
def test_a_scale_undoes_itself(values: list[float]) -> None:
    given = np.array(values)
    scale = fit_scale(given)
    assert scale.spread > 0
    np.testing.assert_allclose(scale.undo(scale.apply(given)), given, rtol=1e-12)
    assert np.isfinite(scale.apply(given)).all()


def test_the_baseline_repeats_the_last_season() -> None:
    windows = np.array([[9.0, 1.0, 2.0, 3.0]])
    assert seasonal_naive(windows, horizon=5, season_length=3).tolist() == [[1, 2, 3, 1, 2]]
    assert seasonal_naive(windows, horizon=2, season_length=1).tolist() == [[3, 3]]
    assert seasonal_naive(windows, horizon=1, season_length=99).tolist() == [[9]]


def test_scores() -> None:
    scores = score(np.array([[1.0, 2.0]]), np.array([[1.0, 5.0]]), scale=0.5)
    assert (scores.mae, scores.mase) == (1.5, 3.0)
    assert scores.rmse == pytest.approx(4.5**0.5)


@pytest.mark.parametrize("values", [[5.0, 5.0, 5.0], [5.0]])
def test_there_is_no_mase_for_a_series_without_a_naive_error(values: list[float]) -> None:
    scale = seasonal_naive_error(np.array(values), season_length=1)
    assert score(np.ones((1, 1)), np.zeros((1, 1)), scale=scale).mase is None
