"""`Forecaster` in Python: fit, predict, evaluate, save, load."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
import torch

from exported_models import ExportedGraph
from recurra import cell, tanh
from recurra.errors import CellError, DataError, ExportError, InputError, ModelFolderError, TrainingError
from recurra.export import check_export
from recurra.tasks import Forecaster, ForecastOptions
from recurra.tasks.forecast.network import ForecastLearner

SMALL = ForecastOptions(time="year", target="x", horizon=3, season_length=5, hidden_size=4, epochs=2)
CELL = '''
from recurra import cell, tanh

@cell
def Leaky(p, x, h):
    """A leaky unit."""
    h = 0.5 * h + 0.5 * tanh(x @ p.W_x + h @ p.W_h + p.b)
    return h
'''


def wave(first: int = 1900, count: int = 80, *, level: float = 10.0, size: float = 3.0) -> polars.DataFrame:
    years = np.arange(first, first + count)
    return polars.DataFrame({"year": years, "x": level + size * np.sin(years * 2 * np.pi / 5)})


@pytest.fixture(scope="module")
def fitted() -> Forecaster:
    return Forecaster(SMALL).fit(wave())


def test_a_quantised_forecast_is_nearly_the_same(fitted: Forecaster) -> None:
    found, exact = (each.predict().drop("year").to_numpy() for each in (fitted.quantised("int8"), fitted))
    np.testing.assert_allclose(found, exact, atol=0.05 * np.abs(exact).max())


def test_the_forecast_goes_on_after_the_data(fitted: Forecaster) -> None:
    forecast = fitted.predict()
    assert forecast["year"].to_list() == [1980, 1981, 1982]
    assert forecast.columns == ["year", "x"]
    assert forecast["x"].is_finite().all()


def test_a_horizon_without_end_is_refused(fitted: Forecaster) -> None:
    assert len(fitted.predict(horizon=10)) == 10
    with pytest.raises(InputError, match=r"horizon = 1000000: expected at most 30000, 10,000 times the horizon of 3"):
        fitted.predict(horizon=1_000_000)


def test_dates_stay_dates() -> None:
    months = polars.datetime_range(polars.datetime(2000, 1, 1), polars.datetime(2006, 1, 1), "1mo", eager=True)
    frame = polars.DataFrame({"month": months.dt.date(), "x": np.arange(len(months)) % 5})
    forecast = Forecaster(dataclasses.replace(SMALL, time="month")).fit(frame).predict()
    assert forecast["month"].dtype == polars.Date
    assert forecast["month"].dt.to_string("%Y-%m-%d").to_list() == ["2006-02-01", "2006-03-01", "2006-04-01"]


def test_options_that_were_open_are_filled_in(fitted: Forecaster) -> None:
    assert fitted.options.window is None
    assert fitted.options_.window == 10
    open_target = Forecaster(dataclasses.replace(SMALL, target=None)).fit(wave())
    assert open_target.options_.target == "x"


def test_the_metrics_say_what_the_weights_were_trained_on(fitted: Forecaster) -> None:
    parts = fitted.metrics_["trained_on"]
    assert parts["training"] == {"rows": 56, "first": "1900", "last": "1955"}
    assert parts["validation"] == {"rows": 12, "first": "1956", "last": "1967"}
    assert parts["test"] == {"rows": 12, "first": "1968", "last": "1979"}
    test = fitted.metrics_["test"]
    assert (test["windows"], test["horizon"], test["first"], test["last"]) == (10, 3, "1968", "1979")


def test_what_comes_later_changes_neither_the_weights_nor_the_scale(fitted: Forecaster) -> None:
    frame = wave().with_columns(x=polars.when(polars.col("year") >= 1968).then(1e6).otherwise(polars.col("x")))
    other = Forecaster(SMALL).fit(frame)
    assert other.facts_.scale.to_dictionary() == fitted.facts_.scale.to_dictionary()
    for name, weight in fitted.network_.state_dict().items():
        assert torch.equal(weight, other.network_.state_dict()[name]), name


def test_what_comes_after_the_training_rows_does_not_change_the_scale(fitted: Forecaster) -> None:
    frame = wave().with_columns(x=polars.when(polars.col("year") >= 1956).then(1e6).otherwise(polars.col("x")))
    assert Forecaster(SMALL).fit(frame).facts_.scale.to_dictionary() == fitted.facts_.scale.to_dictionary()


def test_the_same_seed_gives_the_same_forecast(fitted: Forecaster) -> None:
    assert Forecaster(SMALL).fit(wave()).predict().equals(fitted.predict())
    other = Forecaster(dataclasses.replace(SMALL, seed=1)).fit(wave())
    assert not other.predict().equals(fitted.predict())


@pytest.mark.parametrize(("level", "size"), [(10.0, 0.0), (0.0, 0.0), (1e9, 1.0), (0.0, 1e-9), (-5e20, 1e20)])
def test_levels_and_sizes_of_every_kind(level: float, size: float) -> None:
    fitted = Forecaster(SMALL).fit(wave(level=level, size=size))
    assert fitted.predict()["x"].is_finite().all()
    if size == 0.0:
        assert fitted.metrics_["test"]["model"]["mase"] is None
        assert fitted.metrics_["test"]["seasonal_naive"]["mae"] == 0.0


def test_save_and_load_give_the_same_forecast(fitted: Forecaster, tmp_path: Path) -> None:
    folder = fitted.save(tmp_path / "model")
    loaded = Forecaster.load(folder)
    assert loaded.predict().equals(fitted.predict())
    assert loaded.metrics_ == fitted.metrics_
    assert loaded.options_ == fitted.options_
    assert loaded.training_ is None


def test_newer_rows_that_follow_the_history(fitted: Forecaster) -> None:
    assert fitted.predict(wave(1980, 1))["year"].to_list() == [1981, 1982, 1983]
    whole = fitted.predict(wave(1900, 85))
    assert fitted.predict(wave(1980, 5)).equals(whole)
    assert fitted.predict(wave(2100, 15))["year"].to_list() == [2115, 2116, 2117]


def test_newer_rows_after_a_gap_are_refused(fitted: Forecaster) -> None:
    with pytest.raises(DataError, match=r"begins at 1982, but the model's history ends at 1979"):
        fitted.predict(wave(1982, 3))


def test_newer_rows_with_another_step_are_refused(fitted: Forecaster) -> None:
    with pytest.raises(DataError, match="with a step of 1"):
        fitted.predict(wave(1980, 40).gather_every(2))


def test_few_rows_without_a_time_are_refused() -> None:
    fitted = Forecaster(dataclasses.replace(SMALL, time=None)).fit(wave())
    assert fitted.predict()["row"].to_list() == [81, 82, 83]
    with pytest.raises(DataError, match="expected at least the 10 rows of its window"):
        fitted.predict(wave(1980, 3))


def test_evaluating_the_same_data_gives_the_test_errors(fitted: Forecaster) -> None:
    assert dataclasses.asdict(fitted.evaluate(wave())) == fitted.metrics_["test"]


def test_data_seen_in_training_are_called_so(fitted: Forecaster) -> None:
    evaluation = fitted.evaluate(wave(1900, 60))
    assert evaluation.seen_in_training
    assert evaluation.windows == 60 - 10 - 3 + 1
    assert not fitted.evaluate(wave(2000, 30)).seen_in_training


def test_too_few_rows_to_evaluate(fitted: Forecaster) -> None:
    with pytest.raises(DataError, match="has 12 rows; expected at least 13"):
        fitted.evaluate(wave(2000, 12))


def test_too_few_rows_to_fit() -> None:
    with pytest.raises(DataError, match=r"has 9 rows; a window of 1 and a horizon of 3 need at least 10"):
        Forecaster(SMALL).fit(wave(count=9))
    with pytest.raises(DataError, match=r"a window of 60 and a horizon of 3 need at least 89"):
        Forecaster(dataclasses.replace(SMALL, window=60)).fit(wave())


def test_an_unfitted_forecaster_says_so() -> None:
    with pytest.raises(InputError, match="no weights yet"):
        Forecaster().predict()


def test_a_loss_that_becomes_nan_keeps_the_best_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    loss, calls = ForecastLearner.loss, 0

    def poisoned(learner: ForecastLearner, batch: Any, /) -> torch.Tensor:
        nonlocal calls
        calls += 1
        return loss(learner, batch) * (float("nan") if calls > 6 else 1.0)

    monkeypatch.setattr(ForecastLearner, "loss", poisoned)
    forecaster = Forecaster(dataclasses.replace(SMALL, epochs=50))
    with pytest.raises(TrainingError, match=r"the loss is nan at epoch 4, step 1.* weights of epoch \d are kept"):
        forecaster.fit(wave())
    assert forecaster.is_fitted
    assert forecaster.metrics_["training"]["ended_by"] == "loss"
    assert forecaster.predict()["x"].is_finite().all()


def test_a_cell_of_ones_own_is_saved_as_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "mine.py"
    source.write_text(CELL)
    fitted = Forecaster(dataclasses.replace(SMALL, cell=f"{source}:Leaky")).fit(wave())
    folder = fitted.save(tmp_path / "model")
    source.write_text("raise SystemExit('this was run')")
    loaded = Forecaster.load(folder)
    assert (folder / "cell.json").is_file()
    assert loaded.predict().equals(fitted.predict())


def test_functions_of_the_sizes_are_saved_as_their_values(tmp_path: Path) -> None:
    """Those of the initialisation, of fixed arrays and of initial states, in a network of two layers."""

    @cell(
        init={"b": lambda hidden_size: np.linspace(0.0, 1.0, hidden_size)},
        fixed={"decay": lambda hidden_size: np.linspace(0.1, 0.9, hidden_size)},
        initial={"h": lambda hidden_size: np.linspace(-1.0, 1.0, hidden_size)},
    )
    def Spread(p, x, h):
        return p.decay * h + tanh(x @ p.W_x + p.b)

    fitted = Forecaster(dataclasses.replace(SMALL, layers=2), cell=Spread).fit(wave())
    loaded = Forecaster.load(fitted.save(tmp_path / "model"))
    assert loaded.predict().equals(fitted.predict())
    assert loaded.cell_.to_json() == Spread.to_json(sizes={"input_size": 9, "hidden_size": 4})


def test_functions_with_other_values_in_each_layer_are_refused_before_the_training() -> None:
    @cell(init={"W_x": lambda input_size, hidden_size: np.ones((input_size, hidden_size))})
    def Ones(p, x, h):
        return tanh(x @ p.W_x + h)

    with pytest.raises(CellError, match=r"Ones: its functions of the sizes have other values in each .* layers=1"):
        Forecaster(dataclasses.replace(SMALL, layers=2), cell=Ones).fit(wave())


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("LSTMM", r"there is no cell 'LSTMM' .*; did you mean 'LSTM'\?"),
        ("ProjectedLSTM", "the cell ProjectedLSTM needs proj_size, which a task cannot give"),
        ("{folder}/none.py:Leaky", "there is no file"),
        ("{folder}/mine.py:Leeky", r"has no cell 'Leeky', its cells: 'Leaky'; did you mean 'Leaky'\?"),
        ("{folder}/broken.py:Leaky", "does not run: ZeroDivisionError: division by zero"),
    ],
)
def test_a_cell_that_is_none_is_refused(tmp_path: Path, cell: str, message: str) -> None:
    (tmp_path / "mine.py").write_text(CELL)
    (tmp_path / "broken.py").write_text("1 / 0")
    with pytest.raises(InputError, match=message):
        Forecaster(dataclasses.replace(SMALL, cell=cell.format(folder=tmp_path))).fit(wave())


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("config.yaml", b"task: forecast", b"task: poetry", "is a model for 'poetry'"),
        ("config.yaml", b"horizon: 3", b"horizon: -3", "horizon = -3"),
        ("config.yaml", b"horizon: 3", b"horizont: 3", "horizont"),
        ("config.yaml", b"hidden_size: 4", b"hidden_size: 5", "does not hold a model for forecast"),
        ("config.yaml", b"task: forecast", b"task: !!python/object/apply:os.system ['exit 1']", "does not hold"),
        ("config.yaml", b"task: forecast", b"[", "does not hold"),
        ("scaler.json", b'"level"', b'"lever"', "is incomplete: it has no 'level'"),
        ("history.json", b"[", b"", "does not hold a model for forecast"),
        ("weights.safetensors", b"{", b"", "does not hold a model for forecast"),
    ],
)
def test_a_folder_with_a_fitting_manifest_but_wrong_content(
    fitted: Forecaster, tmp_path: Path, name: str, before: bytes, after: bytes, message: str
) -> None:
    from recurra.training.model_folder import read_model_folder, write_model_folder

    files = read_model_folder(fitted.save(tmp_path / "model"))
    assert before in files[name]
    write_model_folder(tmp_path / "model", {**files, name: files[name].replace(before, after, 1)})
    with pytest.raises(ModelFolderError, match=message):
        Forecaster.load(tmp_path / "model")


@pytest.mark.parametrize("name", ["config.yaml", "weights.safetensors", "history.json", "metrics.json"])
def test_a_folder_without_a_file_that_the_task_needs(fitted: Forecaster, tmp_path: Path, name: str) -> None:
    from recurra.training.model_folder import read_model_folder, write_model_folder

    files = read_model_folder(fitted.save(tmp_path / "model"))
    write_model_folder(tmp_path / "model", {key: value for key, value in files.items() if key != name})
    with pytest.raises(ModelFolderError, match=f"is incomplete: it has no '{name}'"):
        Forecaster.load(tmp_path / "model")


def test_defaults_beat_the_seasonal_naive_forecast_of_the_shops() -> None:
    """Four weeks of three shops; whichever the seed, the error was half of the naive forecast's."""
    path = Path(__file__).parents[3] / "examples" / "shops.csv"
    options = ForecastOptions(horizon=7, season_length=7, future="promotion", static="region", test_rows=28, epochs=20)
    test = Forecaster(options).fit(path).metrics_["test"]
    assert test["model"]["mase"] < 0.75 * test["seasonal_naive"]["mase"]


def test_the_baseline_has_its_whole_season_where_the_window_is_shorter() -> None:
    fitted = Forecaster(dataclasses.replace(SMALL, window=2)).fit(wave())
    assert fitted.metrics_["test"]["seasonal_naive"]["mae"] == pytest.approx(0.0, abs=1e-9)
    assert fitted.metrics_["test"]["windows"] == 10


def meter(rows: int = 60, **options: Any) -> tuple[polars.DataFrame, ForecastOptions]:
    """A meter at 48 million that moves by some units."""
    values = 48_000_000.25 + np.sin(np.arange(rows)) * 3 + np.arange(rows) % 2
    frame = polars.DataFrame({"t": np.arange(rows), "x": values})
    return frame, ForecastOptions(**{"time": "t", "horizon": 2, "window": 4, "epochs": 1, "hidden_size": 4, **options})


def test_a_large_level_loses_no_digits(tmp_path: Path) -> None:
    frame, options = meter()
    fitted = Forecaster(options).fit(frame)
    written = polars.read_csv(fitted.save(tmp_path / "model") / "predictions.csv")
    known = dict(zip(frame["t"], frame["x"], strict=True))
    assert written["actual"].to_list() == [known[t] for t in written["t"].to_list()]
    np.testing.assert_allclose(fitted.listing().frame["x"], fitted.predict()["x"], rtol=0, atol=1e-5)


def test_what_fails_after_the_training_loses_no_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    frame, options = meter()
    fitted, measure = Forecaster(options), Forecaster._measure

    def fail(self: Forecaster, prepared: Any) -> Any:
        if self.training_ is None:
            return measure(self, prepared)
        raise OSError("the disk is full")

    monkeypatch.setattr(Forecaster, "_measure", fail)
    with pytest.raises(OSError, match="the disk is full"):
        fitted.fit(frame)
    again = Forecaster.load(fitted.save(tmp_path / "model"))
    assert again.predict().equals(fitted.predict())
    assert "No report" in (tmp_path / "model" / "report.html").read_text(encoding="utf-8")


def test_what_can_fail_after_the_training_is_tried_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, options = meter()

    def fail(*_: object, **__: object) -> None:
        raise ValueError("cannot be written")

    monkeypatch.setattr("recurra.tasks.forecast.estimator.tested_listing", fail)
    monkeypatch.setattr("recurra.tasks.estimator.train", lambda *_, **__: pytest.fail("it has trained"))
    with pytest.raises(TrainingError, match=r"is not begun, .*ValueError: cannot be written"):
        Forecaster(options).fit(frame)


@pytest.mark.parametrize(
    ("texts", "zone", "expected"),
    [
        ([f"{2000 + row // 4}-Q{row % 4 + 1}" for row in range(60)], None, ["2015-Q1", "2015-Q2"]),
        ([f"{row % 12 + 1}/1/{row // 12:02d}" for row in range(60)], None, ["1/1/05", "2/1/05"]),
        ([f"2024-01-01T00:00:{row // 10:02d}.{row % 10}" for row in range(60)], None,
         ["2024-01-01T00:00:06.0", "2024-01-01T00:00:06.1"]),
        ([f"2024-01-{row // 24 + 1:02d}T{row % 24:02d}:00:00-03:00" for row in range(60)], None,
         ["2024-01-03T12:00:00-03:00", "2024-01-03T13:00:00-03:00"]),
        ([f"2024-10-{25 + row // 24:02d} {row % 24:02d}:00" for row in range(49)] + ["2024-10-27 01:00"],
         "Europe/Berlin", ["2024-10-27 02:00", "2024-10-27 02:00"]),
    ],
)  # fmt: skip
def test_times_come_out_as_they_came_in(
    texts: list[str], zone: str | None, expected: list[str], tmp_path: Path
) -> None:
    format = "%m/%d/%y" if "/" in texts[0] else None
    frame = polars.DataFrame({"t": texts, "x": np.sin(np.arange(len(texts)))})
    options = ForecastOptions(
        time="t", horizon=2, window=4, epochs=1, hidden_size=4, time_zone=zone, time_format=format, season_length=1
    )
    fitted = Forecaster(options).fit(frame)
    again = Forecaster.load(fitted.save(tmp_path / "model"))
    assert again.listing().frame["t"].to_list() == expected
    assert set(polars.read_csv(tmp_path / "model" / "predictions.csv", infer_schema=False)["t"]) <= set(texts)
    assert again.listing(frame[-20:]).frame["t"].to_list() == expected


def test_a_season_that_the_step_suggests_is_used() -> None:
    months = [f"{2000 + row // 12}-{row % 12 + 1:02d}" for row in range(72)]
    frame = polars.DataFrame({"t": months, "x": np.arange(72.0)})
    options = ForecastOptions(time="t", horizon=2, epochs=1, hidden_size=4)
    assert Forecaster(options).fit(frame).options_.season_length == 12
    short = dataclasses.replace(options, window=4)
    assert Forecaster(short).fit(frame[:30]).options_.season_length == 1


def test_a_constant_series_forecasts_its_constant_and_a_minimum_holds() -> None:
    frame = polars.DataFrame({"t": np.arange(60), "x": np.full(60, 7.5)})
    options = ForecastOptions(time="t", horizon=3, window=4, epochs=1, hidden_size=4, intervals="0.8")
    assert options.coverages() == (0.8,)
    assert set(Forecaster(options).fit(frame).predict()["x"]) == {7.5}
    falling = polars.DataFrame({"t": np.arange(60), "x": np.arange(60.0)[::-1] ** 2 / 100})
    least = Forecaster(dataclasses.replace(options, minimum=2.0)).fit(falling).predict()
    assert least["x"].min() >= 2
    assert least["x-lo-80"].min() >= 2


def test_a_longer_horizon_goes_on_from_the_forecast() -> None:
    frame, options = meter(intervals="80")
    fitted = Forecaster(options).fit(frame)
    once, longer = fitted.predict(), fitted.predict(horizon=5)
    assert longer["t"].to_list() == [60, 61, 62, 63, 64]
    assert longer[:2].equals(once)
    assert longer["x-lo-80"].null_count() == 3
    again = polars.concat([frame, once["t", "x"].cast(frame.schema)])
    np.testing.assert_allclose(fitted.predict(again)["x"], longer["x"][2:4], rtol=1e-12)
    assert fitted.predict(horizon=1).equals(once[:1])


def test_rows_of_the_future_need_neither_target_nor_past_nor_statics() -> None:
    rows = np.arange(40)
    shops = [
        polars.DataFrame({
            "id": name, "t": rows, "y": rows % 5 * 1.0, "sold": rows * 1.0, "price": rows % 3, "region": region,
        })
        for name, region in (("A", "north"), ("B", "south"))
    ]  # fmt: skip
    options = ForecastOptions(
        id="id", time="t", target="y", past="sold", future="price", static="region", horizon=2, window=4, epochs=1,
        hidden_size=4,
    )  # fmt: skip
    fitted = Forecaster(options).fit(polars.concat(shops))
    ahead = polars.DataFrame({"id": ["A", "B", "A", "B"], "t": [41, 40, 40, 41], "price": [1, 2, 0, 1]})
    full = ahead.with_columns(
        polars.lit(None, polars.Float64).alias("y"), polars.lit(None, polars.Float64).alias("sold"),
        polars.Series("region", ["north", "south", "north", "south"]),
    )  # fmt: skip
    assert fitted.predict(ahead)["t"].to_list() == [40, 41, 40, 41]
    assert fitted.predict(ahead).equals(fitted.predict(full))
    with pytest.raises(DataError, match="has no column 'region'"):
        fitted.predict(ahead.with_columns(polars.lit("C").alias("id")))


def test_an_unseen_category_is_an_option() -> None:
    frame = wave().with_columns(polars.Series("kind", ["a", "b"] * 40))
    newer = wave(1980, 20).with_columns(polars.lit("c").alias("kind"))
    options = dataclasses.replace(SMALL, target="x", past="kind", epochs=1)
    with pytest.raises(DataError, match="does not know the category 'c'"):
        Forecaster(options).fit(frame).predict(newer)
    fitted = Forecaster(dataclasses.replace(options, unseen_categories="missing")).fit(frame)
    assert fitted.predict(newer).equals(fitted.predict(newer.with_columns(polars.lit("").alias("kind"))))


def test_all_columns_of_numbers_may_be_targets() -> None:
    frame = wave().with_columns((polars.col("x") * 100).alias("z"), polars.lit("text").alias("note"))
    fitted = Forecaster(dataclasses.replace(SMALL, target="all", epochs=1)).fit(frame)
    assert fitted.predict().columns == ["year", "x", "z"]


def test_errors_are_of_each_target_and_of_each_series() -> None:
    frame = wave().with_columns((polars.col("x") * 1000).alias("z"))
    fitted = Forecaster(dataclasses.replace(SMALL, target="x,z", epochs=1)).fit(frame)
    test = fitted.metrics_["test"]
    assert test["model"]["mae"] is None
    assert test["by_target"]["z"]["seasonal_naive"]["mae"] == pytest.approx(
        1000 * test["by_target"]["x"]["seasonal_naive"]["mae"]
    )
    assert [row[0].partition(":")[0] for row in fitted.score_table(test).rows] == ["x", "x", "z", "z"]
    panel = polars.concat([wave().with_columns(polars.lit(name).alias("id")) for name in "ab"])
    both = Forecaster(dataclasses.replace(SMALL, id="id", epochs=1)).fit(panel)
    assert set(both.metrics_["test"]["by_series"]) == {"a", "b"}
    assert set(both.metrics_["test"]["by_series"]["a"]) == {"x"}


def test_a_model_that_does_not_beat_the_naive_forecast_says_so() -> None:
    fitted = Forecaster(dataclasses.replace(SMALL, epochs=1)).fit(wave())  # which repeats itself exactly
    assert "does NOT beat the seasonal naive forecast" in fitted.score_table(fitted.metrics_["test"]).caption


def test_intervals_that_rest_on_few_windows_say_so() -> None:
    frame, options = meter(intervals="95")
    assert "rests on 8 validation windows" in Forecaster(options).fit(frame).trained_on()
    long, _ = meter(rows=800)
    assert "rests on" not in Forecaster(options).fit(long).trained_on()


def test_an_exported_forecast_is_in_the_unit_of_the_data(fitted: Forecaster, tmp_path: Path) -> None:
    graph = ExportedGraph(fitted, tmp_path)
    window = graph.tables["inputs"]["x"]["steps"]
    (found,) = graph(x=wave()["x"].tail(window).to_numpy().astype(np.float32)[None])
    np.testing.assert_allclose(found[0, :, 0], fitted.predict()["x"], rtol=1e-5)
    check_export(fitted, "c", weights="int8")
    if shutil.which("node"):
        check_export(fitted, "js")
        check_export(fitted, "wasm")


@pytest.mark.parametrize(
    "options",
    [
        {"output": "quantile", "intervals": "80,95", "minimum": 8.0, "normalise": "last"},
        pytest.param({"output": "normal", "intervals": "90", "normalise": "none"}, marks=pytest.mark.slow),
        pytest.param({"output": "student"}, marks=pytest.mark.slow),
    ],
)
def test_exported_intervals(options: dict[str, Any], tmp_path: Path) -> None:
    fitted = Forecaster(dataclasses.replace(SMALL, epochs=1, **options)).fit(wave())
    graph = ExportedGraph(fitted, tmp_path)
    window = wave()["x"].tail(graph.tables["inputs"]["x"]["steps"]).to_numpy().astype(np.float32)[None]
    (found,) = graph(x=window)
    if "intervals" in options:
        np.testing.assert_allclose(found[0], fitted.predict().drop("year").to_numpy(), rtol=1e-5)
    check_export(fitted, "c")
    check_export(fitted, "object")


@pytest.mark.slow
def test_other_strategies_are_not_exported() -> None:
    fitted = Forecaster(dataclasses.replace(SMALL, epochs=1, strategy="segment")).fit(wave())
    with pytest.raises(ExportError, match=r"strategy = 'segment': .* a model of the direct strategy can be exported"):
        fitted.exported()
