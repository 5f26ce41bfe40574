"""Forecasts of many series: short ones, gaps, covariates, several targets, strategies, new series, backtests."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
from polars.testing import assert_frame_equal

from exported_models import ExportedGraph
from recurra.errors import DataError, InputError
from recurra.tasks import Forecaster, ForecastOptions

SMALL = ForecastOptions(horizon=3, season_length=5, hidden_size=4, epochs=2)


def shops(count: int = 3, rows: int = 60, *, first: int = 0, last_rows: int | None = None) -> polars.DataFrame:
    """Return series that repeat every 5 steps on levels of their own; the last may be shorter."""
    parts = []
    for shop in range(count):
        length = last_rows if last_rows is not None and shop == count - 1 else rows
        steps = np.arange(first, first + length)
        values = 10.0 ** (shop + 1) * (2 + np.sin(steps * 2 * np.pi / 5))
        parts.append(polars.DataFrame({"unique_id": f"shop {shop}", "ds": steps, "y": values}))
    return polars.concat(parts)


def fit(frame: polars.DataFrame, **options: Any) -> Forecaster:
    return Forecaster(dataclasses.replace(SMALL, **options)).fit(frame)


@pytest.fixture(scope="module")
def fitted() -> Forecaster:
    return fit(shops(), intervals="80,95")


def test_each_series_has_its_forecast_and_its_intervals(fitted: Forecaster) -> None:
    forecast = fitted.predict()
    assert forecast.columns == ["unique_id", "ds", "y", "y-lo-80", "y-hi-80", "y-lo-95", "y-hi-95"]
    assert forecast["unique_id"].to_list() == [f"shop {shop}" for shop in range(3) for _ in range(3)]
    assert forecast["ds"].to_list() == [60, 61, 62] * 3
    for low, high in (("y-lo-95", "y-lo-80"), ("y-lo-80", "y"), ("y", "y-hi-80"), ("y-hi-80", "y-hi-95")):
        assert (forecast[low] <= forecast[high]).all()
    means = forecast.group_by("unique_id", maintain_order=True).agg(polars.col("y").mean())["y"].to_numpy()
    np.testing.assert_allclose(means, [20, 200, 2000], rtol=0.5)


def test_one_network_does_not_see_the_order_of_series(fitted: Forecaster) -> None:
    mixed = shops().sort("ds", "unique_id")
    assert_frame_equal(fitted.predict(mixed), fitted.predict(shops()))


def test_a_panel_survives_its_folder(fitted: Forecaster, tmp_path: Path) -> None:
    loaded = Forecaster.load(fitted.save(tmp_path / "model"))
    assert loaded.predict().equals(fitted.predict())
    assert dataclasses.asdict(loaded.evaluate(shops())) == fitted.metrics_["test"]
    again = loaded.save(tmp_path / "again")
    for name in ("scaler.json", "history.json", "predictions.csv"):
        assert (again / name).read_bytes() == (tmp_path / "model" / name).read_bytes()


def test_the_scores_are_of_all_series_and_of_the_intervals(fitted: Forecaster) -> None:
    test = fitted.metrics_["test"]
    assert (test["series"], test["windows"]) == (3, 3 * (9 - 3 + 1))
    assert set(test["model"]["coverage"]) == {"80", "width-80", "95", "width-95"}
    assert test["model"]["wql"] > 0
    json.dumps(fitted.metrics_)


def test_a_model_forecasts_series_that_it_has_not_seen(fitted: Forecaster) -> None:
    other = shops().filter(unique_id="shop 1").with_columns(unique_id=polars.lit("new"))
    known = fitted.predict(shops().filter(unique_id="shop 1"))
    np.testing.assert_allclose(fitted.predict(other)["y"], known["y"], rtol=0.05)
    evaluation = fitted.evaluate(other)
    assert (evaluation.series, evaluation.seen_in_training) == (1, False)


def test_a_model_goes_on_with_new_series(fitted: Forecaster) -> None:
    forecaster = Forecaster(fitted.options_).fit(shops())
    forecaster.options = dataclasses.replace(SMALL, epochs=1)
    before = forecaster.facts_.scale.level[0]
    frame = polars.concat([shops(1, rows=70), shops(1, rows=60).with_columns(unique_id=polars.lit("new"))])
    forecaster.fit(frame, go_on=True)
    assert forecaster.facts_.ids == ("shop 0", "new")
    assert forecaster.facts_.scale.level[0] == before
    assert forecaster.predict()["unique_id"].unique(maintain_order=True).to_list() == ["shop 0", "new"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"horizon": 4}, "horizon = 4: the earlier model has 3"),
        ({"strategy": "segment"}, "strategy = 'segment'"),
        ({"target": "y,z"}, "target: got 2 columns; the model that this goes on from has 1"),
    ],
)
def test_a_training_that_goes_on_keeps_its_network(changed: dict[str, Any], message: str) -> None:
    forecaster = fit(shops(1), epochs=1)
    forecaster.options = dataclasses.replace(SMALL, **changed)
    with pytest.raises(InputError, match=message):
        forecaster.fit(shops(1), go_on=True)


@pytest.mark.parametrize("length", [1, 4, 8, 12])
def test_short_series_train_and_are_forecast(length: int) -> None:
    forecaster = fit(shops(last_rows=length))
    too_short = length < 3 * 3 + 1
    assert forecaster.metrics_["trained_on"]["untested"] == too_short
    assert ("1 series are too short for a test and only trained" in forecaster.trained_on()) == too_short
    assert forecaster.predict().filter(unique_id="shop 2")["y"].is_finite().all()


def test_what_is_missing_is_said_and_does_not_become_a_value() -> None:
    frame = shops(2).with_row_index().with_columns(
        y=polars.when(polars.col("index") % 7 == 3).then(None).otherwise("y")
    ).drop("index").filter(polars.col("ds") != 20)  # fmt: skip
    forecaster = fit(frame)
    assert forecaster.metrics_["trained_on"]["missing"] > 15
    assert "values are missing; they were masked, not filled" in forecaster.trained_on()
    assert np.isfinite(forecaster.metrics_["test"]["model"]["mae"])
    assert forecaster.predict()["y"].is_finite().all()


def test_the_weights_do_not_see_what_a_missing_value_was() -> None:
    gone = polars.when(polars.col("ds") == 30).then(None).otherwise("y")
    left_out = fit(shops(1).filter(polars.col("ds") != 30))
    masked = fit(shops(1).with_columns(y=gone))
    assert masked.predict().equals(left_out.predict())


def with_covariates(rows: int = 60, *, future: int = 3) -> polars.DataFrame:
    """Return a series that a holiday lifts, with rows of the future that know the holidays."""
    random = np.random.default_rng(0)
    holiday = random.random(rows + future) < 0.3
    values = [10.0 * lift + random.normal() for lift in holiday[:rows]]
    return polars.DataFrame({
        "ds": np.arange(rows + future),
        "y": [*values, *([None] * future)],
        "day": np.where(holiday, "holiday", "workday"),
        "price": random.normal(size=rows + future),
        "shop": "one",
    })  # fmt: skip


COVARIATES = {"past": "price", "future": "day", "static": "shop"}


@pytest.mark.parametrize("strategy", ["direct", "autoregressive", "segment"])
def test_a_future_covariate_is_used(strategy: str) -> None:
    frame = with_covariates(200)
    options: dict[str, Any] = {"strategy": strategy, "season_length": 1, "hidden_size": 16, "epochs": 25}
    forecaster = fit(frame, **COVARIATES, **options)
    ignorant = fit(frame.select("ds", "y"), **options)
    with_them, without = (each.metrics_["test"]["model"]["mae"] for each in (forecaster, ignorant))
    assert with_them < 0.75 * without


def test_the_future_may_come_later(tmp_path: Path) -> None:
    frame = with_covariates()
    forecaster = fit(frame, **COVARIATES)
    now = forecaster.predict()
    without = fit(frame.head(60), **COVARIATES)
    with pytest.raises(DataError, match="column 'day': there is no value for 60; expected one for each of the 3 steps"):
        without.predict()
    with pytest.raises(DataError, match="there is no value for 62"):
        without.predict(frame.slice(60, 2))
    loaded = Forecaster.load(without.save(tmp_path / "model"))
    assert loaded.predict(frame.slice(60)).equals(now)
    with pytest.raises(DataError, match="the model does not know the category 'strike'"):
        loaded.predict(frame.slice(60).with_columns(day=polars.lit("strike")))


def test_several_targets_are_forecast_side_by_side() -> None:
    frame = shops(1).with_columns(z=-polars.col("y") * 100)
    forecaster = fit(frame, target="y,z", intervals="80")
    forecast = forecaster.predict()
    assert forecast.columns == ["unique_id", "ds", "y", "y-lo-80", "y-hi-80", "z", "z-lo-80", "z-hi-80"]
    assert (forecast["z"] < -500).all()
    assert set(forecaster.backtest(frame)["target"]) == {"y", "z"}


@pytest.mark.parametrize(
    "options",
    [
        {"output": "quantile", "intervals": "50,90"},
        {"output": "normal", "intervals": "80", "conformal": False},
        {"output": "student", "strategy": "autoregressive", "intervals": "80"},
        {"output": "negative-binomial", "intervals": "80", "strategy": "segment"},
        {"strategy": "segment", "normalise": "last", "segment_length": 2},
        {"strategy": "autoregressive", "cell": "LSTM", "layers": 2},
        {"loss": "huber"},
    ],
)
def test_strategies_and_outputs_of_all_kinds(options: dict[str, Any], tmp_path: Path) -> None:
    counts = shops(2, 40).with_columns(polars.col("y").round().cast(polars.Int64))
    forecaster = fit(counts, epochs=1, **options)
    loaded = Forecaster.load(forecaster.save(tmp_path / "model"))
    assert loaded.predict().equals(forecaster.predict())
    assert (loaded.offsets_ == {}) == (options.get("conformal") is False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"intervals": "80,x"}, "intervals = '80,x': expected percents"),
        ({"intervals": "100"}, "expected percents above 0 and below 100"),
        ({"output": "quantile", "strategy": "autoregressive"}, "quantiles do not say how"),
        ({"output": "negative-binomial", "normalise": "last"}, "counts cannot be negative"),
        ({"intervals": "80", "conformal": False}, "a point forecast has no intervals of its own"),
        ({"validation_fraction": 0.6, "test_fraction": 0.5}, "together 1.1"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        dataclasses.replace(SMALL, **options)


def test_counts_are_whole_numbers() -> None:
    with pytest.raises(DataError, match=r"column 'y', time 0: 20\.5 is no count"):
        fit(shops(1).with_columns(polars.col("y") + 0.5), output="negative-binomial")


def test_a_backtest_says_from_when_each_forecast_is(fitted: Forecaster) -> None:
    frame = fitted.backtest(shops(), stride=3)
    assert frame.columns[:4] == ["unique_id", "ds", "cutoff", "actual"]
    assert frame["cutoff"].unique().sort().to_list() == [50, 53, 56]
    assert (frame["ds"] - frame["cutoff"]).unique().sort().to_list() == [1, 2, 3]
    every = fitted.backtest(shops())
    assert (every["actual"] - every["forecast"]).abs().mean() == pytest.approx(fitted.metrics_["test"]["model"]["mae"])
    with pytest.raises(InputError, match="stride = 0"):
        fitted.backtest(shops(), stride=0)


def test_the_history_is_a_value_that_goes_on(fitted: Forecaster) -> None:
    later = fitted.history_after(shops(3, 2, first=60))
    assert fitted.predict(later).equals(fitted.predict(shops(3, 62)))
    assert fitted.predict()["ds"].to_list()[:3] == [60, 61, 62]


def test_conformal_intervals_hold_about_as_much_as_they_should() -> None:
    noise = np.random.default_rng(0).normal(size=6000)
    fitted = fit(polars.DataFrame({"y": noise}), intervals="80", epochs=1, season_length=1, batch_size=512)
    assert fitted.metrics_["test"]["model"]["coverage"]["80"] == pytest.approx(0.8, abs=0.04)


def test_an_exported_panel_has_scales_and_covariates(tmp_path: Path) -> None:
    sale = polars.when(polars.col("ds") % 3 == 0).then(polars.lit("yes")).otherwise(polars.lit("no"))
    size = polars.col("unique_id").str.slice(5).cast(polars.Float64)
    frame = shops().with_columns(past=polars.col("y").log(), sale=sale, size=size)
    known = frame.filter(polars.col("ds") < 57)
    fitted = fit(known, past="past", future="sale", static="size", intervals="80", epochs=1)
    graph = ExportedGraph(fitted, tmp_path)
    inputs, last = graph.tables["inputs"], frame.filter(polars.col("unique_id") == "shop 1")
    window = inputs["x"]["steps"]
    recent = last.filter(polars.col("ds") < 57).tail(window)
    ahead = last.tail(window + 3)["sale"]
    (category,) = inputs["future"]["columns"]
    sales = np.array([[value == each for each in category["categories"]] for value in ahead], np.float32)
    (found,) = graph(
        x=recent["y"].to_numpy().astype(np.float32)[None],
        past=recent["past"].to_numpy().astype(np.float32)[None],
        future=sales.reshape(1, -1),
        static=np.array([[1]], np.float32),
        scale=np.array(inputs["scale"]["series"]["shop 1"], np.float32),
    )
    future = frame.filter(polars.col("ds") >= 57).with_columns(y=polars.lit(None, polars.Float64), past=None)
    forecast = fitted.predict(polars.concat([known, future], how="vertical_relaxed"))
    wanted = forecast.filter(polars.col("unique_id") == "shop 1").drop("unique_id", "ds").to_numpy()
    np.testing.assert_allclose(found[0], wanted, rtol=1e-5)
