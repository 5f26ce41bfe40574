"""Times and steps: what is read, what follows, and what is refused."""

from __future__ import annotations

import datetime

import polars
import pytest

from recurra.data import Step, Times
from recurra.data.steps import find_step, places_in_time
from recurra.data.times import WHOLE_NUMBERS, in_order, one_series, parse_times, time_texts
from recurra.errors import DataError


def read_column(column: polars.Series, *, format: str | None = None, zone: str | None = None) -> Times:
    layout = one_series(len(column))
    times = parse_times(column, source="x.csv", format=format, layout=layout, zone=zone)
    return in_order(times, layout, source="x.csv")[0]


def read(values: list[object], *, format: str | None = None) -> Times:
    return read_column(polars.Series("t", values), format=format)


def following(values: list[object], count: int, *, format: str | None = None) -> tuple[str, list[str]]:
    times = read(values, format=format)
    step = find_step(times, source="x.csv")
    return str(step), time_texts(step.after(times.values, count), format=times.format, zone=times.zone)


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
     ["2000-01-01T02:00:00.000000", "2000-01-01T03:00:00.000000"]),
    (["2024-Q3", "2024-Q4"], "3 months", ["2025-Q1", "2025-Q2"]),
    (["2024Q3", "2024Q4"], "3 months", ["2025Q1", "2025Q2"]),
    (["Q3 2024", "Q4 2024"], "3 months", ["Q1 2025", "Q2 2025"]),
    (["202311", "202312"], "1 month", ["202401", "202402"]),
    ([202311, 202312], "1 month", ["202401", "202402"]),
    (["2023121122", "2023121123"], "1 hour", ["2023121200", "2023121201"]),
    (["20231231T235900", "20240101T000000"], "1 minute", ["20240101T000100", "20240101T000200"]),
    (["Nov-09", "Dec-09"], "1 month", ["Jan-10", "Feb-10"]),
    (["NOV-2009", "DEC-2009"], "1 month", ["JAN-2010", "FEB-2010"]),
    (["November 2009", "December 2009"], "1 month", ["January 2010", "February 2010"]),
    (["30-Dec-99", "31-Dec-99"], "1 day", ["01-Jan-00", "02-Jan-00"]),
    (["Dec 30, 2023", "Dec 31, 2023"], "1 day", ["Jan 01, 2024", "Jan 02, 2024"]),
    (["30.12.23", "31.12.23"], "1 day", ["01.01.24", "02.01.24"]),
    (["12/30/68", "12/31/68"], "1 day", ["01/01/69", "01/02/69"]),
    (["12/8/2023", "12/31/2023", "1/23/2024"], "23 days", ["2/15/2024", "3/9/2024"]),
    (["12/31/2023 10:00 PM", "12/31/2023 11:00 PM"], "1 hour", ["01/01/2024 12:00 AM", "01/01/2024 01:00 AM"]),
    (["12/31/2023 11:00 am", "12/31/2023 12:00 pm"], "1 hour", ["12/31/2023 01:00 pm", "12/31/2023 02:00 pm"]),
    (["2024-W51", "2024-W52"], "7 days", ["2025-W01", "2025-W02"]),
    (["2024-01-01T00:00:00.0", "2024-01-01T00:00:01.5"], "1.5 seconds",
     ["2024-01-01T00:00:03.0", "2024-01-01T00:00:04.5"]),
    (["2024-01-01 00:00:00.800", "2024-01-01 00:00:00.900"], "0.1 seconds",
     ["2024-01-01 00:00:01.000", "2024-01-01 00:00:01.100"]),
    (["2024-01-01T00:00:00+05:30", "2024-01-01T01:00:00+05:30"], "1 hour",
     ["2024-01-01T02:00:00+05:30", "2024-01-01T03:00:00+05:30"]),
    (["2024-01-01 00:00:00 -0800", "2024-01-02 00:00:00 -0800"], "1 day",
     ["2024-01-03 00:00:00 -0800", "2024-01-04 00:00:00 -0800"]),
    ([datetime.datetime(2024, 1, 1, 0, 0, 0, 900_000), datetime.datetime(2024, 1, 1, 0, 0, 1)], "0.1 seconds",
     ["2024-01-01T00:00:01.100", "2024-01-01T00:00:01.200"]),
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
    assert later.zone == times.zone
    assert places(later, find_step(times, source="x.csv")) == [0, 1]


def test_whole_numbers_are_no_dates() -> None:
    assert read(["1700", "1701"]).format == WHOLE_NUMBERS
    assert read(["20000227", "20000228"]).format == "%Y%m%d"


def test_a_format_that_is_given_is_used() -> None:
    assert following(["03/02/2000", "04/02/2000"], 1, format="%d/%m/%Y") == ("1 day", ["05/02/2000"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ["2000-01-01 02:00", "2000-01-01 02:00"],
            "twice, also in row 1; expected each once: drop one, or name .*; if the clock went back, say the time zone",
        ),
        (["2024-07-01T00:00+01:00", "2024-12-01T00:00+02:00"], "offsets .01:00 and .02:00; say which time zone"),
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
        read(["2000-01-01"], format="%Y %K")
    with pytest.raises(DataError, match="it has no year"):
        read(["01-01"], format="%m-%d")
    with pytest.raises(DataError, match="a year of two digits is %y"):
        read(["01/02/23"], format="%d/%m/%Y")


def test_rows_are_sorted_by_time() -> None:
    assert read(["1700", "1702", "1701"]).values.tolist() == [1700, 1701, 1702]


BERLIN = "Europe/Berlin"


def zoned(values: list[object], *, zone: str | None = BERLIN) -> Times:
    return read_column(polars.Series("t", values), zone=zone)


def next_texts(times: Times, count: int) -> tuple[str, list[str]]:
    step = find_step(times, source="x.csv")
    return str(step), time_texts(step.after(times.values, count), format=times.format, zone=times.zone)


def test_the_doubled_hour_is_two_hours_in_either_order_of_the_rows() -> None:
    local = ["2024-10-27 01:00", "2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 03:00"]
    for texts in (local, local[::-1]):
        times = zoned([*texts])
        assert [times.text(row) for row in range(4)] == local
        assert (times.values[1:] - times.values[:-1]).astype("timedelta64[h]").astype(int).tolist() == [1, 1, 1]
        assert next_texts(times, 1) == ("1 hour", ["2024-10-27 04:00"])


def test_a_forecast_goes_through_the_doubled_hour_and_the_missing_one() -> None:
    assert next_texts(zoned(["2024-10-27 00:00", "2024-10-27 01:00"]), 3) == (
        "1 hour", ["2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 03:00"],
    )  # fmt: skip
    assert next_texts(zoned(["2024-03-31 00:00", "2024-03-31 01:00"]), 2)[1] == ["2024-03-31 03:00", "2024-03-31 04:00"]
    with pytest.raises(DataError, match="data row 2: 2024-03-31 02:30 is no time in Europe/Berlin"):
        zoned(["2024-03-31 01:30", "2024-03-31 02:30"])


@pytest.mark.parametrize(
    ("texts", "step", "expected"),
    [
        (["2024-03-30 00:00", "2024-03-31 00:00"], "1 day", ["2024-04-01 00:00", "2024-04-02 00:00"]),
        (["2024-03-29 02:30", "2024-03-30 02:30"], "1 day", ["2024-03-31 03:30", "2024-04-01 02:30"]),
        (["2024-02-01 00:00", "2024-03-01 00:00"], "1 month", ["2024-04-01 00:00", "2024-05-01 00:00"]),
        (["2024-03-28 09:00", "2024-03-29 09:00", "2024-04-01 09:00"], "1 weekday",
         ["2024-04-02 09:00", "2024-04-03 09:00"]),
        (["2024-03-30T00:00+01:00", "2024-03-31T00:00+01:00"], "1 day",
         ["2024-04-01T00:00+02:00", "2024-04-02T00:00+02:00"]),
    ],
)  # fmt: skip
def test_days_and_months_follow_the_clock_of_the_zone(texts: list[object], step: str, expected: list[str]) -> None:
    assert next_texts(zoned(texts), 2) == (step, expected)


def test_times_with_a_zone_of_their_own_keep_it() -> None:
    column = polars.Series("t", [datetime.datetime(2024, 3, 30), datetime.datetime(2024, 3, 31)])
    times = read_column(column.dt.replace_time_zone(BERLIN))
    assert times.zone == BERLIN
    assert next_texts(times, 1) == ("1 day", ["2024-04-01T00:00:00+02:00"])
    utc = zoned(["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"], zone=None)
    assert (utc.zone, utc.format) == ("UTC", "%Y-%m-%dT%H:%M:%SZ")


def test_what_is_finer_than_a_microsecond_is_refused() -> None:
    column = polars.Series("t", [1_000, 2_001]).cast(polars.Datetime("ns"))
    with pytest.raises(DataError, match=r"data row 2: .* finer than a microsecond"):
        read_column(column)


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
