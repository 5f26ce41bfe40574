"""Times and steps: what is read, what follows, and what is refused."""

from __future__ import annotations

import datetime

import polars
import pytest

from recurra.data.layout import one_series
from recurra.data.steps import Step, find_step, places_in_time
from recurra.data.times import WHOLE_NUMBERS, Times, read_times, time_texts
from recurra.errors import DataError


def read(values: list[object], *, format: str | None = None) -> Times:
    return read_times(polars.Series("t", values), source="x.csv", format=format)


def following(values: list[object], count: int, *, format: str | None = None) -> tuple[str, list[str]]:
    times = read(values, format=format)
    step = find_step(times, source="x.csv")
    return str(step), time_texts(step.after(times.values, count), format=times.format)


def places(times: Times, step: Step) -> list[int]:
    return places_in_time(times, step, source="x.csv", layout=one_series(len(times.values))).tolist()


CASES = [
    (["1700", "1701"], "1", ["1702", "1703"]),
    ([2, 4, 6], "2", ["8", "10"]),
    (["1949-11", "1949-12"], "1 month", ["1950-01", "1950-02"]),
    (["1949-10-01", "1950-01-01"], "3 months", ["1950-04-01", "1950-07-01"]),
    (["2000-01-06", "2000-01-07", "2000-01-10"], "1 weekday", ["2000-01-11", "2000-01-12"]),
    (["1700", "1701", "1703"], "1", ["1704", "1705"]),
    (["2000-01", "2000-02", "2000-04", "2000-05"], "1 month", ["2000-06", "2000-07"]),
    (["2000-01-31", "2000-02-29", "2000-03-31"], "1 month", ["2000-04-30", "2000-05-31"]),
    (["2001-01-01", "2002-01-01"], "12 months", ["2003-01-01", "2004-01-01"]),
    (["2000-02-27", "2000-02-28"], "1 day", ["2000-02-29", "2000-03-01"]),
    (["20000227", "20000228"], "1 day", ["20000229", "20000301"]),
    (["2000-01-01", "2000-01-08"], "7 days", ["2000-01-15", "2000-01-22"]),
    (["2000-12-31 22:00", "2000-12-31 23:00"], "1 hour", ["2001-01-01 00:00", "2001-01-01 01:00"]),
    (["2000-01-01 00:00:00", "2000-01-01 00:15:00"], "15 minutes", ["2000-01-01 00:30:00", "2000-01-01 00:45:00"]),
    (["2000-01-01T00:00:00Z", "2000-01-01T00:00:01Z"], "1 second", ["2000-01-01T00:00:02Z", "2000-01-01T00:00:03Z"]),
    (["2000-01-01T00:00:00.000000", "2000-01-01T01:00:00.000000"], "1 hour",
     ["2000-01-01T02:00:00", "2000-01-01T03:00:00"]),
    (["30.01.2000", "31.01.2000"], "1 day", ["01.02.2000", "02.02.2000"]),
    (["01/30/2000", "01/31/2000"], "1 day", ["02/01/2000", "02/02/2000"]),
    ([datetime.date(2000, 1, 1), datetime.date(2000, 2, 1)], "1 month", ["2000-03-01", "2000-04-01"]),
    ([datetime.datetime(2000, 1, 1, 5), datetime.datetime(2000, 1, 1, 6)], "1 hour",
     ["2000-01-01T07:00:00", "2000-01-01T08:00:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("values", "step", "expected"), CASES, ids=lambda value: str(value)[:40])
def test_the_step_and_what_follows(values: list[object], step: str, expected: list[str]) -> None:
    assert following(values, 2) == (step, expected)


@pytest.mark.parametrize(("values", "step", "expected"), CASES, ids=lambda value: str(value)[:40])
def test_a_step_accepts_what_follows_by_it(values: list[object], step: str, expected: list[str]) -> None:
    times = read(values)
    later = read([*expected], format=times.format)
    assert places(later, find_step(times, source="x.csv")) == [0, 1]


def test_whole_numbers_are_no_dates() -> None:
    assert read(["1700", "1701"]).format == WHOLE_NUMBERS
    assert read(["20000227", "20000228"]).format == "%Y%m%d"


def test_a_format_that_is_given_is_used() -> None:
    assert following(["03/02/2000", "04/02/2000"], 1, format="%d/%m/%Y") == ("1 day", ["05/02/2000"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["1700", "1702", "1701"], "data row 3: the time 1701 comes after 1702; sort"),
        (["1700", "1701", "1701"], "data row 3: the time 1701 is there twice, also in row 2"),
        (["1700", "", "1702"], "data row 2: the time is missing"),
        (["1700", None, "1702"], "data row 2: the time is missing"),
        (["1700", "seventeen", "1702"], "data row 2: 'seventeen' is no time; expected a whole number"),
        (["2000-01-01", "2000-13-01"], "data row 2: '2000-13-01' is no time"),
        (["01/02/2000", "02/02/2000"], "may be month/day or day/month"),
        ([1.5, 2.5], "expected whole numbers or dates, got Float64"),
    ],
)
def test_what_is_no_time_is_refused(values: list[object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(values)


def test_a_format_that_does_not_fit_is_refused() -> None:
    with pytest.raises(DataError, match=r"data row 1: '2000-01-01' does not fit the time format '%d/%m/%Y'"):
        read(["2000-01-01"], format="%d/%m/%Y")
    with pytest.raises(DataError, match="is no time format"):
        read(["2000-01-01"], format="%Y %H")


def test_a_time_zone_is_refused() -> None:
    column = polars.Series("t", [datetime.datetime(2000, 1, 1)]).dt.replace_time_zone("UTC")
    with pytest.raises(DataError, match="time zone"):
        read_times(column, source="x.csv")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["1700", "1702", "1704", "1705"], r"most steps are 2, but from data row 3 \(1704\) to row 4 \(1705\) it is 1"),
        (["2000-01", "2000-02", "2000-09"], r"row 2 \(2000-02\) to row 3 \(2000-09\) it is 7 months"),
        (["2000-01-08", "2000-01-15", "2000-01-20"], "most steps are 5 days, .* it is 7 days"),
    ],
)
def test_irregular_times_say_where(values: list[object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        find_step(read(values), source="x.csv")


def test_one_row_has_no_step() -> None:
    with pytest.raises(DataError, match="one row"):
        find_step(read(["1700"]), source="x.csv")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Step(count=4, unit="number"), r"with a step of 4, but data row 2 \(1702\) does not follow row 1"),
        (Step(count=1, unit="number"), r"with a step of 1, but data row 2 \(1702\) does not follow row 1"),
        (Step(count=1, unit="month"), "with a step of 1 month, which these .* do not have"),
    ],
)
def test_another_step_than_the_known_one_is_refused(step: Step, message: str) -> None:
    with pytest.raises(DataError, match=message):
        places(read(["1700", "1702", "1704"]), step)


def test_gaps_have_places() -> None:
    assert places(read(["1700", "1701", "1703"]), Step(count=1, unit="number")) == [0, 1, 3]
