"""Searches from their first trial to what they found: seeds, going on, budgets, the test part, every task."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
from spoken_letters import pairs
from tune_cases import FIXED, SERIES, SIZES, forecaster

from recurra.cells import Elman
from recurra.errors import DataError, InputError, TrainingError
from recurra.tasks import (
    ClassifyOptions,
    Forecaster,
    LanguageModel,
    LanguageOptions,
    SequenceClassifier,
    SequenceTagger,
    TagOptions,
    TranscribeOptions,
    Transcriber,
    TranslateOptions,
    Translator,
)
from recurra.tasks.forecast.network import ForecastLearner
from recurra.tune import Search, TuneOptions, training, tune, tuner
from recurra.tune.training import Trials


def find(*, folder: Path | None = None, estimator: Any = None, fixed: tuple[str, ...] = FIXED, **given: Any) -> Search:
    options = TuneOptions(**{"trials": 2, "search": (SIZES,), **given})
    return tune(estimator or forecaster(), SERIES, options=options, fixed=fixed, folder=folder)


def drawn(search: Search) -> list[tuple[Any, ...]]:
    return [(trial.number, dict(trial.values), trial.value, trial.ended) for trial in search.trials]


@pytest.fixture(scope="module")
def found() -> Search:
    return find(trials=4)


def test_it_tries_and_names_the_best(found: Search) -> None:
    assert found.counts() == {"complete": 4}
    assert found.ended_by == "trials"
    assert found.best.value == min(trial.value for trial in found.trials if trial.value is not None)
    options = found.best_options
    assert {"hidden_size": options.hidden_size, "learning_rate": options.learning_rate} == dict(found.best.values)
    assert (options.cell, options.layers, options.epochs) == ("GRU", 1, 2)


def test_the_first_trial_is_what_the_options_say(found: Search) -> None:
    assert found.trials[0].values == {"hidden_size": 4, "learning_rate": 0.01}
    assert found.trials[1].values != found.trials[0].values


def test_each_trial_knows_its_cost(found: Search) -> None:
    for trial in found.trials:
        fitted = Forecaster(found.options_of(trial))  # pyright: ignore[reportArgumentType]
        assert trial.cost is not None
        assert trial.cost.parameters == fitted.fit(SERIES).metrics_["parameters"]
        assert 0 < trial.cost.step_seconds < trial.cost.epoch_seconds


def test_the_best_options_fit_to_the_same_validation(found: Search) -> None:
    fitted = Forecaster(found.best_options).fit(SERIES)  # pyright: ignore[reportArgumentType]
    assert fitted.metrics_["training"]["validation"]["loss"] == found.best.value


def test_the_same_seed_gives_the_same_search(found: Search) -> None:
    assert drawn(find(trials=4)) == drawn(found)
    assert drawn(find(trials=2, estimator=forecaster(seed=1)))[1] != drawn(found)[1]


def test_a_search_goes_on_as_if_it_never_stopped(found: Search, tmp_path: Path) -> None:
    assert len(find(trials=1, folder=tmp_path).trials) == 1
    assert len(find(trials=3, folder=tmp_path).trials) == 3
    assert drawn(find(trials=4, folder=tmp_path)) == drawn(found)


def test_what_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = find(trials=1, folder=tmp_path)
    monkeypatch.setattr(Trials, "run", None)
    assert drawn(find(trials=1, folder=tmp_path)) == drawn(first)


def test_the_test_part_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Forecaster, "_measure", None)
    assert find(trials=1).counts() == {"complete": 1}
    monkeypatch.undo()
    changed = SERIES.with_columns(x=np.r_[SERIES["x"][:70], np.full(10, 99.0)])
    options = TuneOptions(trials=2, search=(SIZES,))
    assert drawn(tune(forecaster(), changed, options=options, fixed=FIXED)) == drawn(find(trials=2))


REVIEWS = polars.DataFrame({"t": ["a fine film", "a dull film", "so great", "so poor"] * 10, "l": [1, 0, 1, 0] * 10})
SENTENCES = [[("the", "D"), ("cat", "N"), ("sees", "V")], [("a", "D"), ("dog", "N")]] * 15
TASKS: dict[str, tuple[Any, Any]] = {
    "classify": (
        SequenceClassifier(ClassifyOptions(text="t", label="l", epochs=1, hidden_size=4, embedding_size=4)),
        REVIEWS,
    ),
    "language": (LanguageModel(LanguageOptions(epochs=1, hidden_size=8, layers=1, batch_size=4, bptt=16)), "rhyme.txt"),
    "tag": (
        SequenceTagger(TagOptions(epochs=1, hidden_size=8, word_size=8, character_size=4, character_features=4)),
        SENTENCES,
    ),
    "transcribe": (Transcriber(TranscribeOptions(epochs=1, hidden_size=4, layers=1, convolutions=0)), pairs(30)),
    "translate": (
        Translator(TranslateOptions(epochs=1, hidden_size=8, embedding_size=8, batch_size=8)),
        [(f"{n}", f"{n} {n}") for n in range(60)],
    ),
}


@pytest.mark.parametrize("task", TASKS)
def test_every_task_can_be_tuned(task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rhyme.txt").write_text("row, row, row your boat\ngently down the stream\n" * 40)
    estimator, data = TASKS[task]
    search = tune(
        estimator, data, options=TuneOptions(trials=1, search=("hidden_size=4..8",)), fixed=("cell", "layers")
    )
    assert search.task == task
    assert search.counts() == {"complete": 1}
    assert {"hidden_size", "dropout", "learning_rate"} == set(search.best.values)
    assert search.best.cost is not None


# budgets -------------------------------------------------------------------------------------------------------------


def test_over_budget_is_never_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[int] = []
    original = training.train

    def recording(learner: Any, /, **given: Any) -> Any:
        trained.append(sum(each.numel() for each in learner.network.parameters()))
        return original(learner, **given)

    monkeypatch.setattr(training, "train", recording)
    most = 250
    search = find(trials=3, search=("hidden_size=2..64",), budget_parameters=most)
    assert search.counts()["over budget"] >= 1
    assert search.counts()["complete"] == len(trained) == 3
    assert max(trained) <= most
    assert search.budget == "250 parameters"
    over = next(trial for trial in search.trials if trial.ended == "over budget")
    assert over.value is None
    assert "parameters" in over.reason


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (
            {"budget_parameters": 10},
            r"of 10 parameters; the nearest is hidden_size = 2, .* at \d+ parameters",
        ),
        ({"budget_memory": 1e-6}, "nothing meets the budget of .* MB; the nearest is hidden_size = 2"),
        ({"budget_seconds_per_step": 1e-9}, "ms a step; the nearest is hidden_size = 2"),
        ({"budget_epoch": 1e-9}, "an epoch; the nearest is hidden_size = 2"),
    ],
)
def test_a_budget_that_nothing_meets_names_the_nearest(budget: dict[str, float], said: str) -> None:
    given: dict[str, Any] = budget
    with pytest.raises(InputError, match=said):
        find(**given)


def test_the_nearest_is_that_of_the_cheapest_cell() -> None:
    with pytest.raises(InputError, match="the nearest is cell = Elman, hidden_size = 2"):
        find(search=(SIZES, "cell=LSTM,Elman"), fixed=("layers", "dropout"), budget_parameters=5)


def test_a_search_in_which_hardly_anything_meets_the_budget_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuner, "_IN_VAIN", 1)
    estimator = forecaster(hidden_size=64)
    search = find(trials=3, search=("hidden_size=2,64",), estimator=estimator, budget_parameters=90)
    assert search.ended_by == "budget"
    assert search.counts() == {"over budget": 1}


# what goes wrong -----------------------------------------------------------------------------------------------------


def test_minutes_end_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    search = find(trials=1000, minutes=0.02, estimator=forecaster(epochs=100_000, patience=100_000))
    assert search.ended_by == "minutes"
    assert search.counts() == {"lost": 1}
    with pytest.raises(TrainingError, match="no trial came to its end: 0 trials; 1 lost; the time was over"):
        _ = search.best
    assert time.monotonic() - begun < 15


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, original = find(trials=3, folder=tmp_path / "whole"), training.train

    def interrupted(learner: Any, /, **given: Any) -> Any:
        if learner.network.recurrent.hidden_size == whole.trials[1].values["hidden_size"]:
            signal.raise_signal(signal.SIGINT)
        return original(learner, **given)

    with monkeypatch.context() as patch:
        patch.setattr(training, "train", interrupted)
        search = find(trials=3, folder=tmp_path / "cut")
    assert search.ended_by == "interrupt"
    assert search.counts() == {"complete": 1, "lost": 1}
    again = find(trials=3, folder=tmp_path / "cut")
    assert [each[1:] for each in drawn(again) if each[3] == "complete"] == [each[1:] for each in drawn(whole)]


def test_a_loss_that_is_not_finite_is_one_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    loss, calls = ForecastLearner.loss, [0]

    def poisoned(self: ForecastLearner, batch: Any) -> Any:
        return loss(self, batch) * (float("nan") if self.network.recurrent.hidden_size == 4 else 1)  # pyright: ignore

    monkeypatch.setattr(ForecastLearner, "loss", poisoned)
    search = find(trials=2)
    assert search.counts() == {"diverged": 1, "complete": 1}, calls
    assert "the loss is nan" in search.trials[0].reason
    with pytest.raises(TrainingError, match="no trial came to its end: 1 trial: 1 diverged; the loss is nan"):
        _ = find(trials=1).best


def test_values_that_do_not_go_together_are_refused() -> None:
    search = find(
        trials=2,
        search=("output=quantile,normal", "strategy=autoregressive,direct"),
        fixed=(*FIXED, "hidden_size", "learning_rate"),
        estimator=forecaster(seed=1),
    )
    assert search.counts() == {"complete": 2, "refused": 1}
    refused = next(trial for trial in search.trials if trial.ended == "refused")
    assert "an autoregressive forecast draws its next value" in refused.reason


def test_data_that_cannot_be_read_are_told_at_once() -> None:
    with pytest.raises(DataError, match="there is no file"):
        tune("forecast", "no-such-file.csv")


def test_a_task_that_nobody_knows() -> None:
    with pytest.raises(InputError, match="there is no task 'forcast'; expected one of classify, forecast"):
        tune("forcast", SERIES)


def test_one_process_trains_a_trial() -> None:
    with pytest.raises(InputError, match="devices = 2: a trial is trained by one process"):
        find(estimator=forecaster(devices=2))


def test_a_cell_of_ones_own_stays() -> None:
    estimator = Forecaster(forecaster().options, cell=Elman)
    search = find(trials=1, estimator=estimator, fixed=("layers", "dropout"))
    assert set(search.best.values) == {"hidden_size", "learning_rate"}
    assert search.best.cost is not None
    assert search.best.cost.parameters == estimator.fit(SERIES).metrics_["parameters"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"estimator": forecaster(batch_size=5)}, "with another options: batch_size was 32 and is 5"),
        ({"search": ("hidden_size=2..9",)}, "with another space: hidden_size was 'hidden_size=2..8' and is"),
        ({"budget_parameters": 10_000}, "with another budget: '', got '10,000 parameters'"),
    ],
)
def test_who_goes_on_has_to_mean_the_same(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    find(trials=1, folder=tmp_path)
    with pytest.raises(InputError, match=said):
        find(trials=2, folder=tmp_path, **changed)


def test_other_data_are_another_search(tmp_path: Path) -> None:
    for name, rows in (("a.csv", 80), ("b.csv", 79)):
        SERIES.head(rows).write_csv(tmp_path / name)
    options, folder = TuneOptions(trials=1, search=(SIZES,)), tmp_path / "search"
    tune(forecaster(), tmp_path / "a.csv", options=options, fixed=FIXED, folder=folder)
    with pytest.raises(InputError, match="with another data: training was"):
        tune(forecaster(), tmp_path / "b.csv", options=options, fixed=FIXED, folder=folder)
    (tmp_path / "a.csv").rename(tmp_path / "moved.csv")
    tune(forecaster(), tmp_path / "moved.csv", options=options, fixed=FIXED, folder=folder)
