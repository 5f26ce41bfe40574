"""The cycles of the calendar as inputs of a forecast."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import numpy as np
import polars
import pytest
import yaml

from recurra.data import Step, calendar_features, suggested_calendar
from recurra.data.covariates import CYCLES
from recurra.errors import InputError, ModelFolderError
from recurra.tasks import Forecaster, ForecastOptions
from recurra.tasks.forecast.model import check_fits
from recurra.training.model_folder import Folder

WEEKLY = ForecastOptions(
    time="day", target="x", horizon=3, window=2, hidden_size=8, epochs=25, normalise="none", dropout=0.0,
    learning_rate=0.03, segment_length=1,
)  # fmt: skip
QUICK = dataclasses.replace(WEEKLY, epochs=1)


def saturdays(count: int = 200) -> polars.DataFrame:
    """Return days of which only Saturdays differ: two days before them look like any others."""
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=number) for number in range(count)]
    noise = np.random.default_rng(0).normal(0, 0.05, count)
    return polars.DataFrame({"day": days, "x": noise + [5.0 * (day.weekday() == 5) for day in days]})


def hours(count: int = 24 * 12, *, zone: str | None = None) -> polars.DataFrame:
    begin = datetime.datetime(2024, 3, 25)
    times = polars.datetime_range(begin, begin + datetime.timedelta(hours=count - 1), "1h", eager=True, time_zone="UTC")
    times = times.dt.convert_time_zone(zone) if zone else times.dt.replace_time_zone(None)
    return polars.DataFrame({"day": times, "x": np.sin(np.arange(count) * 2 * np.pi / 24)})


def place(name: str, text: str, *, zone: str | None = None) -> float:
    """Return where in a cycle a time is, from its sine and cosine."""
    sine, cosine = calendar_features(np.array([text], dtype="datetime64[us]"), [name], zone=zone)[0]
    return round(float(np.arctan2(sine, cosine) / (2 * np.pi) % 1), 9) % 1


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("month", "2024-01-31", 0.0),
        ("month", "1969-12-01", 11 / 12),
        ("day-of-year", "2024-12-31", 365 / 366),
        ("day-of-year", "2023-12-31", 364 / 365),
        ("day-of-month", "2024-02-29", 28 / 29),
        ("weekday", "2024-01-01", 0.0),
        ("weekday", "1969-12-28", 6 / 7),
        ("hour", "2024-01-01T18:30", 18.5 / 24),
        ("minute", "2024-01-01T18:30:30", 30.5 / 60),
    ],
)
def test_the_place_in_a_cycle(name: str, text: str, expected: float) -> None:
    assert place(name, text) == pytest.approx(expected, abs=1e-8)


def test_the_clock_of_the_zone_counts() -> None:
    assert place("hour", "2024-01-01T11:00", zone="Europe/Berlin") == pytest.approx(0.5)
    assert place("hour", "2024-07-01T10:00", zone="Europe/Berlin") == pytest.approx(0.5)
    assert place("weekday", "2024-01-07T23:30", zone="+05:30") == 0.0


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step(count=1, unit="number"), ()),
        (Step(count=1, unit="month"), ("month",)),
        (Step(count=3, unit="month end"), ("month",)),
        (Step(count=12, unit="month"), ()),
        (Step(count=1, unit="weekday"), ("weekday", "day-of-year")),
        (Step(count=1, unit="day", zone="Europe/Berlin"), ("weekday", "day-of-year")),
        (Step(count=86_400, unit="second"), ("weekday", "day-of-year")),
        (Step(count=7 * 86_400, unit="second"), ("day-of-year",)),
        (Step(count=3_600, unit="second"), ("hour", "weekday", "month")),
        (Step(count=10, unit="second"), ("minute", "hour", "weekday", "month")),
        (Step(count=100_000, unit="microsecond"), ("minute", "hour", "weekday", "month")),
    ],
)
def test_what_a_step_suggests(step: Step, expected: tuple[str, ...]) -> None:
    assert suggested_calendar(step) == expected


@pytest.mark.parametrize("strategy", ["direct", "autoregressive", "segment"])
def test_a_weekday_pattern_is_seen_beyond_a_short_window(strategy: str) -> None:
    without = Forecaster(dataclasses.replace(WEEKLY, strategy=strategy)).fit(saturdays())
    with_it = Forecaster(dataclasses.replace(WEEKLY, strategy=strategy, calendar="weekday")).fit(saturdays())
    blind, seeing = (each.metrics_["test"]["model"]["rmse"] for each in (without, with_it))
    assert seeing < blind / 2
    # 200 days from a Monday on end with a Thursday: what follows is Friday, Saturday, Sunday
    friday, saturday, sunday = with_it.predict()["x"]
    assert saturday > 2.5 > max(friday, sunday)


def test_future_rows_are_not_needed_and_a_longer_horizon_goes_on(tmp_path: Path) -> None:
    fitted = Forecaster(dataclasses.replace(QUICK, calendar="auto", refit=True)).fit(saturdays())
    assert fitted.options_.calendar == "weekday,day-of-year"
    assert fitted.predict(horizon=8)["x"].is_finite().all()
    loaded = Forecaster.load(fitted.save(tmp_path / "model"))
    assert loaded.predict(horizon=8).equals(fitted.predict(horizon=8))
    assert loaded.evaluate(saturdays(220)) == fitted.evaluate(saturdays(220))
    later = saturdays(201)[200:]
    assert loaded.predict(later)["day"].to_list()[0] == later["day"][0] + datetime.timedelta(days=1)


def test_what_is_ahead_is_what_newer_rows_would_say() -> None:
    fitted = Forecaster(dataclasses.replace(QUICK, calendar="hour,weekday")).fit(hours(zone="Europe/Berlin"))
    model = fitted._model
    assert model is not None
    short = model.read(hours(zone="Europe/Berlin")[: 24 * 6 - 2])  # the clock goes forward right after
    whole = model.read(hours(zone="Europe/Berlin"))
    facts = fitted.facts_
    few, all_rows = (
        fitted.encodings_.tensors(panel, facts, window=4, horizon=24).future for panel in (short, whole)
    )  # fmt: skip
    assert np.allclose(few, all_rows[: len(few)], atol=1e-6)
    assert few.shape[1] == 4


def test_several_series_and_covariates_beside_it() -> None:
    frame = saturdays(80).with_columns(price=polars.int_range(80) % 3)
    both = polars.concat([
        frame.with_columns(id=polars.lit("a")), frame[10:70].with_columns(id=polars.lit("b"))
    ])  # fmt: skip
    options = dataclasses.replace(QUICK, id="id", past="price", calendar="weekday,month")
    assert len(Forecaster(options).fit(both).predict()) == 6


def test_whole_numbers_have_no_calendar() -> None:
    frame = polars.DataFrame({"day": np.arange(60), "x": np.arange(60.0)})
    for calendar in ("auto", "month"):
        with pytest.raises(InputError, match="whole numbers, which have no calendar"):
            Forecaster(dataclasses.replace(QUICK, calendar=calendar)).fit(frame)
    assert Forecaster(dataclasses.replace(QUICK, calendar="none")).fit(frame).options_.calendar is None


@pytest.mark.parametrize(
    ("calendar", "message"), [("weekdya", "weekday"), ("auto,month", "auto"), ("month,month", "twice")]
)
def test_names_are_checked(calendar: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ForecastOptions(calendar=calendar)
    assert all(ForecastOptions(calendar=name).cycles == (name,) for name in CYCLES)


def test_going_on_keeps_the_calendar() -> None:
    model = Forecaster(dataclasses.replace(QUICK, calendar="weekday")).fit(saturdays())
    for calendar in (None, "auto", " weekday"):
        model.options = dataclasses.replace(QUICK, calendar=calendar)
        assert model.fit(saturdays(), go_on=True).options_.calendar == "weekday"
    for calendar in ("none", "month"):
        model.options = dataclasses.replace(QUICK, calendar=calendar)
        with pytest.raises(InputError, match="the earlier model has 'weekday'"):
            model.fit(saturdays(), go_on=True)


def test_a_folder_whose_calendar_is_another_is_refused(tmp_path: Path) -> None:
    model = Forecaster(dataclasses.replace(QUICK, calendar="weekday")).fit(saturdays())
    folder = Folder.read(model.save(tmp_path / "model"))
    for calendar, cycles in (("auto", ("auto",)), ("month", ("weekday",)), (None, ("weekday",))):
        options = dataclasses.replace(model.options_, calendar=calendar)
        encodings = dataclasses.replace(model.encodings_, calendar=cycles)
        with pytest.raises(ModelFolderError, match="the calendar"):
            check_fits(options, history=model.history_, encodings=encodings, offsets=model.offsets_)
    config = yaml.safe_load(folder.files["config.yaml"])
    assert config["options"]["calendar"] == "weekday"
    config["options"]["calendar"] = "weekday,month"
    files = {**folder.files, "config.yaml": yaml.safe_dump(config).encode()}
    with pytest.raises(ModelFolderError):
        Forecaster.restored(dataclasses.replace(folder, files=files))
