"""Training anew on all rows when the model has been measured."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
import torch

from recurra.errors import TrainingError
from recurra.tasks import Forecaster, ForecastOptions, estimator
from recurra.training.loop import Training, train

PLAIN = ForecastOptions(
    time="year", target="x", horizon=3, season_length=5, hidden_size=4, epochs=3, intervals="80", dropout=0.0
)
REFIT = dataclasses.replace(PLAIN, refit=True)


def wave(count: int = 80, *, level: float = 10.0) -> polars.DataFrame:
    years = np.arange(1900, 1900 + count)
    return polars.DataFrame({"year": years, "x": level + 3 * np.sin(years * 2 * np.pi / 5)})


def weights(model: Forecaster) -> dict[str, torch.Tensor]:
    return dict(model.network_.state_dict())


def same(one: Forecaster, other: Forecaster) -> bool:
    return all(torch.equal(weight, weights(other)[name]) for name, weight in weights(one).items())


@pytest.fixture(scope="module")
def plain() -> Forecaster:
    return Forecaster(PLAIN).fit(wave())


@pytest.fixture(scope="module")
def refitted() -> Forecaster:
    return Forecaster(REFIT).fit(wave())


def test_errors_and_intervals_stay_those_of_the_measured_model(plain: Forecaster, refitted: Forecaster) -> None:
    assert refitted.metrics_["test"] == plain.metrics_["test"]
    assert np.array_equal(refitted.offsets_[0.8], plain.offsets_[0.8])
    assert refitted._model.predictions == plain._model.predictions
    assert not same(refitted, plain)
    assert not refitted.predict().equals(plain.predict())


def test_as_many_epochs_as_were_best(refitted: Forecaster) -> None:
    training = refitted.metrics_["training"]
    assert training["refitted_epochs"] == training["best_epoch"]
    assert refitted.metrics_["trained_on"]["refitted"] == {"rows": 80, "first": "1900", "last": "1979"}


def test_it_learns_from_every_window_at_the_same_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, Training]] = []

    def watched(*args: Any, training: Any, **rest: Any) -> Training:
        seen.append((len(training._at), train(*args, training=training, **rest)))
        return seen[-1][1]

    monkeypatch.setattr(estimator, "train", watched)
    Forecaster(REFIT).fit(wave())
    (few, first), (all_windows, second) = seen
    assert all_windows == 80 - 10 - 3 + 1 > few  # every window of 10 with a horizon of 3
    assert second.epochs == second.best_epoch == first.best_epoch
    assert second.learning_rate == first.learning_rate


def test_what_the_test_rows_say_reaches_the_weights_but_not_the_scale(refitted: Forecaster) -> None:
    changed = wave().with_columns(x=polars.when(polars.col("year") >= 1968).then(0.0).otherwise(polars.col("x")))
    other = Forecaster(REFIT).fit(changed)
    assert other.facts_.scale.to_dictionary() == refitted.facts_.scale.to_dictionary()
    assert not same(other, refitted)


def test_the_same_seed_gives_the_same_weights(refitted: Forecaster) -> None:
    assert same(Forecaster(REFIT).fit(wave()), refitted)


def test_it_is_said(refitted: Forecaster, plain: Forecaster, tmp_path: Path) -> None:
    assert "Then trained anew on all rows, 1900 to 1979 (80 rows)" in refitted.trained_on()
    assert "trained anew" not in plain.trained_on()
    page = (refitted.save(tmp_path / "model") / "report.html").read_text()
    assert "of these weights no error is known" in page.replace("\n", " ")
    loaded = Forecaster.load(tmp_path / "model")
    assert loaded.predict().equals(refitted.predict())
    assert loaded.trained_on() == refitted.trained_on()


def test_all_rows_count_as_seen(refitted: Forecaster, plain: Forecaster) -> None:
    assert refitted.evaluate(wave()).seen_in_training
    assert not plain.evaluate(wave()).seen_in_training
    assert not refitted.evaluate(wave(90)).seen_in_training


def test_several_series() -> None:
    frame = polars.concat([
        wave(80).with_columns(id=polars.lit("a")), wave(60, level=50.0).with_columns(id=polars.lit("b"))
    ])  # fmt: skip
    fitted = Forecaster(dataclasses.replace(REFIT, id="id")).fit(frame)
    assert fitted.metrics_["trained_on"]["refitted"]["rows"] == 140
    assert [int(each) for each in fitted.facts_.seen_until] == [1979, 1959]
    assert fitted.predict()["year"].to_list() == [1980, 1981, 1982, 1960, 1961, 1962]


def test_going_on_from_a_model_begins_with_its_weights(plain: Forecaster, tmp_path: Path) -> None:
    again = Forecaster.load(plain.save(tmp_path / "model"))
    again.options = dataclasses.replace(REFIT, epochs=1, learning_rate=1e-30, weight_decay=0.0)
    again.fit(wave(), go_on=True)
    for name, weight in weights(again).items():
        assert torch.allclose(weight, weights(plain)[name]), name
    assert again.metrics_["training"]["refitted_epochs"] == 1


def second_training(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Let the second training end as if something had happened in it."""
    calls: list[Training] = []

    def changed(*args: Any, **rest: Any) -> Training:
        calls.append(train(*args, **rest))
        return dataclasses.replace(calls[-1], **changes) if len(calls) == 2 else calls[-1]

    monkeypatch.setattr(estimator, "train", changed)


def test_an_interrupted_refit_leaves_the_measured_weights(plain: Forecaster, monkeypatch: pytest.MonkeyPatch) -> None:
    second_training(monkeypatch, ended_by="interrupt")
    model = Forecaster(REFIT).fit(wave())
    assert same(model, plain)
    assert model.metrics_["training"]["ended_by"] == "interrupt"
    assert "refitted_epochs" not in model.metrics_["training"]


def test_a_refit_that_fails_leaves_the_measured_weights(plain: Forecaster, monkeypatch: pytest.MonkeyPatch) -> None:
    second_training(monkeypatch, ended_by="loss", problem="the loss is nan")
    model = Forecaster(REFIT)
    with pytest.raises(TrainingError, match="anew on all rows: the loss is nan; the measured weights are kept"):
        model.fit(wave())
    assert same(model, plain)


def test_a_resumed_training_is_refitted_as_well(refitted: Forecaster, tmp_path: Path) -> None:
    Forecaster(dataclasses.replace(REFIT, epochs=1)).fit(wave(), checkpoints=tmp_path)
    resumed = Forecaster(REFIT).fit(wave(), checkpoints=tmp_path, resume=True)
    assert same(resumed, refitted)


@pytest.mark.slow
def test_two_processes_refit_together(refitted: Forecaster, tmp_path: Path) -> None:
    wave().write_csv(tmp_path / "wave.csv")
    options = ["--time", "year", "--horizon", "3", "--season-length", "5", "--hidden-size", "4", "--epochs", "2"]
    clean = {name: value for name, value in os.environ.items() if name not in ("RANK", "LOCAL_RANK", "WORLD_SIZE")}
    command = [sys.executable, "-m", "recurra", "fit", "forecast", str(tmp_path / "wave.csv"), *options]
    outcome = subprocess.run(
        [*command, "--batch-size", "16", "--quiet", "--refit", "--devices", "2", "--out", str(tmp_path / "model")],
        env=clean, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    model = Forecaster.load(tmp_path / "model")
    training = model.metrics_["training"]
    assert training["refitted_epochs"] == training["best_epoch"]
    assert model.metrics_["trained_on"]["refitted"] == refitted.metrics_["trained_on"]["refitted"]
    assert model.predict()["year"].to_list() == [1980, 1981, 1982]
