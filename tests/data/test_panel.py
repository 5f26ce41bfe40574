"""Panels: the long layout, gaps, covariates, what follows, and what is refused."""

from __future__ import annotations

import numpy as np
import polars
import pytest

from recurra.data import Columns, Panel, Step, append_rows, concatenate_panels, read_panel
from recurra.errors import DataError


def years(first: int, count: int) -> Panel:
    values = np.arange(first, first + count)
    return read_panel(polars.DataFrame({"year": values, "x": values * 1.0}), columns=Columns(time="year"))


def long(**columns: list[object]) -> polars.DataFrame:
    """Series A at 1, 2, 4 and B at 2, 3, in rows that are mixed."""
    frame = {"unique_id": ["A", "B", "A", "B", "A"], "ds": [1, 2, 2, 3, 4], "y": [1.0, 20.0, 2.0, 30.0, 4.0]}
    return polars.DataFrame({**frame, **columns})


def test_the_only_other_column_is_the_target() -> None:
    panel = years(1700, 3)
    assert (panel.columns.targets, panel.ids, str(panel.step)) == (("x",), ("",), "1")
    assert panel.targets[:, 0].tolist() == [1700.0, 1701.0, 1702.0]
    assert panel.span(np.array([1]), np.array([3])) == {"rows": 2, "first": "1701", "last": "1702"}


def test_rows_are_numbered_where_there_is_no_time() -> None:
    panel = read_panel(polars.DataFrame({"x": [5.0, 6.0]}))
    assert panel.times.values.tolist() == [1, 2]
    assert panel.times.name == "row"


def test_the_long_layout_is_found_by_its_names() -> None:
    panel = read_panel(long())
    assert panel.columns == Columns(id="unique_id", time="ds", targets=("y",))
    assert panel.ids == ("A", "B")
    assert panel.bounds.tolist() == [0, 4, 6]
    assert panel.times.values.tolist() == [1, 2, 3, 4, 2, 3]
    np.testing.assert_equal(panel.targets[:, 0], [1, 2, np.nan, 4, 20, 30])
    assert panel.missing() == 1


def test_the_long_layout_with_other_names_is_the_same() -> None:
    frame = long().rename({"unique_id": "shop", "ds": "day", "y": "sales"})
    named = read_panel(frame, columns=Columns(id="shop", time="day", targets=("sales",)))
    np.testing.assert_equal(named.targets, read_panel(long()).targets)


def test_values_may_be_missing() -> None:
    panel = read_panel(polars.DataFrame({"x": ["1", "NA", "", "4"]}))
    np.testing.assert_equal(panel.targets[:, 0], [1, np.nan, np.nan, 4])


def test_rows_after_the_last_value_are_the_future() -> None:
    frame = polars.DataFrame({"x": [1.0, None, 3.0, None, None], "price": [1, 2, 3, 4, 5]})
    panel = read_panel(frame, columns=Columns(targets=("x",), future=("price",)))
    assert panel.known.tolist() == [3]
    assert (panel.rows, len(panel.targets), panel.missing()) == (3, 5, 1)
    assert panel.tail(1).covariates["price"].tolist() == [3, 4, 5]


def test_covariates_are_numbers_or_categories() -> None:
    frame = long(price=["1", "2", "", "4", "5"], day=["mon", "tue", "", "wed", "mon"], region=["n", "s", "n", "s", "n"])
    columns = Columns(past=("price",), future=("day",), static=("region",))
    panel = read_panel(frame, columns=columns)
    np.testing.assert_equal(panel.covariates["price"], [1, np.nan, np.nan, 5, 2, 4])
    assert panel.covariates["day"].tolist() == ["mon", "", "", "mon", "tue", "wed"]
    assert panel.statics["region"].tolist() == ["n", "s"]


def test_several_targets_and_one_that_others_see() -> None:
    frame = polars.DataFrame({"a": [1.0, 2.0], "b": [3.0, None]})
    panel = read_panel(frame, columns=Columns(targets=("a", "b"), past=("a",)))
    np.testing.assert_equal(panel.targets, [[1, 3], [2, np.nan]])
    assert panel.known.tolist() == [2]


def test_some_series_and_some_rows() -> None:
    panel = read_panel(long())
    second = panel.only([1])
    assert (second.ids, second.targets[:, 0].tolist(), second.bounds.tolist()) == (("B",), [20.0, 30.0], [0, 2])
    assert panel.tail(1).times.values.tolist() == [4, 3]
    assert panel.last_times().tolist() == [4, 3]
    np.testing.assert_equal(concatenate_panels([panel.only([0]), panel.only([1])]).targets, panel.targets)


def columns(**named: object) -> Columns:
    return Columns(**named)  # pyright: ignore[reportArgumentType]


REFUSED = [
    (polars.DataFrame({"a": [1, 2], "b": [1, 2]}), columns(), "say which column is the target; it has 'a', 'b'"),
    (polars.DataFrame({"a": [1, 2]}), columns(time="a"), "it has no column left"),
    (polars.DataFrame({"a": [1, 2]}), columns(time="a", targets=("a",)), "the time and the target are the same column"),
    (polars.DataFrame({"a": [1, 2], "b": [1, 2]}), columns(time="b", past=("b",), targets=("a",)),
     "a past covariate and the time are the same column, 'b'"),
    (long(), columns(past=("price",)), "has no column 'price'"),
    (long(region=["n", "s", "s", "s", "n"]), columns(static=("region",)),
     "column 'region', data row 3: the static covariate is s, but n in the first row of series 'A'"),
    (long(y=[1.0, None, 2.0, None, 4.0]), columns(), "series 'B' has no value of y"),
    (long(unique_id=["A", "", "A", "B", "A"]), columns(), "data row 2: the name of the series is missing"),
    (long(ds=[1, 2, 1, 3, 4]), columns(), "data row 3: the time 1 of series 'A' is there twice, also in row 1"),
    (long(ds=[3, 2, 3, 3, 4]), columns(), "data row 3: the time 3 of series 'A' is there twice, also in row 1"),
    (long(y=["1", "x", "2", "3", "4"]), columns(), "column 'y', data row 2: 'x' is not a number"),
    (long(y=["1", "2", "inf", "3", "4"]), columns(), "column 'y', data row 3: the value is infinite"),
    (long().drop("unique_id"), columns(), "or name the column that says which series a row is of"),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "wanted", "message"), REFUSED, ids=[each[2][:40] for each in REFUSED])
def test_what_cannot_be_used_is_refused(frame: polars.DataFrame, wanted: Columns, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_panel(frame, columns=wanted)


def test_newer_rows_go_on_after_the_history() -> None:
    whole = append_rows(years(1700, 5), years(1703, 4))
    assert whole.times.values.tolist() == list(range(1700, 1707))
    assert whole.targets[:, 0].tolist() == list(range(1700, 1707))
    assert whole.known.tolist() == [7]


def test_newer_rows_after_a_gap_are_refused() -> None:
    with pytest.raises(DataError, match="begins at 1708, but the model's history ends at 1704"):
        append_rows(years(1700, 5), years(1708, 2))


def test_older_rows_do_not_take_the_history() -> None:
    assert append_rows(years(1700, 5), years(1600, 3)).rows == 3


def test_a_step_that_is_known_is_kept() -> None:
    frame = polars.DataFrame({"year": [1700, 1702, 1703], "x": [1.0, 2.0, 3.0]})
    assert read_panel(frame, columns=Columns(time="year"), step=Step(count=1, unit="number")).missing() == 1


def test_many_series_are_read_quickly() -> None:
    ids, rows = np.repeat(np.arange(2000), 50), np.tile(np.arange(50), 2000)
    panel = read_panel(polars.DataFrame({"unique_id": ids, "ds": rows, "y": rows * 1.0}))
    assert (len(panel), panel.rows) == (2000, 100_000)


def test_rows_in_any_order_are_sorted_within_each_series() -> None:
    shuffled = polars.DataFrame(
        {"unique_id": ["A", "B", "A", "B", "A"], "ds": [3, 2, 1, 1, 2], "y": [30, 2, 10, 1, 20]}
    )
    panel = read_panel(shuffled)
    assert panel.ids == ("A", "B")
    assert panel.times.values.tolist() == [1, 2, 3, 1, 2]
    assert panel.targets[:, 0].tolist() == [10, 20, 30, 1, 2]
