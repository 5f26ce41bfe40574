"""What comes after a training is tried before it; and once there are weights, nothing that fails loses them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from spoken_letters import write_letters

from recurra.cli.fit import FitArguments, run_fit
from recurra.errors import DataError, ModelFolderError, TrainingError
from recurra.tasks import estimator as fitting
from recurra.tasks.registry import TASKS, load_model

_EMPTY = "\t_" * 6

SMALL: dict[str, dict[str, Any]] = {
    "forecast": {"time": "year", "horizon": 3, "season_length": 5},
    "classify": {"text": "text", "label": "label", "batch_size": 8},
    "language": {"level": "char", "batch_size": 2, "bptt": 20},
    "tag": {"column": "UPOS", "batch_size": 4},
    "transcribe": {"batch_size": 8, "layers": 1, "convolutions": 0},
    "translate": {"embedding_size": 4, "batch_size": 16, "beam": 2},
}
CONTENT: dict[str, Callable[[], str]] = {
    "forecast": lambda: "\n".join(["year,x", *(f"{1900 + n},{n % 5}.5" for n in range(80)), ""]),
    "classify": lambda: "\n".join(["text,label", *(f"{'good' * (n % 2)} film {n},{n % 2}a" for n in range(60)), ""]),
    "language": lambda: "".join(f"the {n} cats sat on {n * n} mats.\n" for n in range(60)),
    "tag": lambda: "".join(f"1\tcat{n % 7}\t_\tNOUN{_EMPTY}\n2\tsat\t_\tVERB{_EMPTY}\n\n" for n in range(40)),
    "translate": lambda: "\n".join(["of,to", *(f"{n},{' '.join(f'{n}')}" for n in range(40)), ""]),
}
SUFFIX = {"forecast": ".csv", "classify": ".csv", "language": ".txt", "tag": ".conllu", "translate": ".csv"}

STEPS = ("_measure", "to_files", "_report", "score_table", "trained_on")
"""What an estimator, and its model, do after the training."""


def _data(task: str, folder: Path) -> Path:
    if task == "transcribe":
        return write_letters(folder / "letters", count=30)
    path = folder / f"data{SUFFIX[task]}"
    path.write_text(CONTENT[task](), encoding="utf-8")
    return path


def _options(task: str) -> Any:
    return TASKS[task].options_class()(hidden_size=4, epochs=1, **SMALL[task])


def _arguments(task: str, *, data: Path, out: Path) -> FitArguments:
    return FitArguments(task=TASKS[task], options=_options(task), data=data, out=out, quiet=True)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("the training was begun")


def _raises(error: Exception) -> Callable[..., Any]:
    def method(*_: object, **__: object) -> Any:
        raise error

    return method


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("task", TASKS)
def test_what_would_fail_after_the_training_is_said_before_it(
    task: str, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "train", _never)
    estimator = TASKS[task].estimator_class()(_options(task))
    owner = estimator.model_class if step == "to_files" else type(estimator)
    monkeypatch.setattr(owner, step, _raises(ZeroDivisionError("by these data")))
    with pytest.raises(TrainingError, match=r"is not begun, .* would fail: ZeroDivisionError: by these data"):
        estimator.fit(_data(task, tmp_path), out=tmp_path / "model")
    monkeypatch.setattr(owner, step, _raises(DataError("row 7 has no such thing")))
    with pytest.raises(DataError, match="row 7"):
        estimator.fit(_data(task, tmp_path), out=tmp_path / "model")
    assert not estimator.is_fitted


def test_a_text_that_cannot_be_written_is_said_before_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written at each validation: the first is after an epoch."""
    monkeypatch.setattr(fitting, "train", _never)
    estimator = TASKS["language"].estimator_class()(_options("language"))
    monkeypatch.setattr(type(estimator), "_sample", _raises(OverflowError("no such token")))
    with pytest.raises(TrainingError, match="OverflowError: no such token"):
        estimator.fit(_data("language", tmp_path))


@pytest.mark.parametrize("task", TASKS)
def test_to_try_it_leaves_no_trace(task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same weights and scores as without it."""
    data = _data(task, tmp_path)
    tried = TASKS[task].estimator_class()(_options(task)).fit(data, out=tmp_path / "model")
    monkeypatch.setattr(fitting.Estimator, "_dry_run", lambda *_, **__: None)
    plain = TASKS[task].estimator_class()(_options(task)).fit(data)
    state = plain.network_.state_dict()
    assert all(value.equal(state[name]) for name, value in tried.network_.state_dict().items())
    assert tried.metrics_["test"] == plain.metrics_["test"]
    assert tried._model.to_files() == plain._model.to_files()


@pytest.mark.parametrize("task", TASKS)
def test_a_training_that_fails_leaves_the_earlier_model_as_it_was(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = _data(task, tmp_path)
    estimator = TASKS[task].estimator_class()(_options(task)).fit(data)
    model, files, metrics = estimator._model, estimator._model.to_files(), dict(estimator.metrics_)
    monkeypatch.setattr(fitting, "train", _raises(TrainingError("the loss is nan")))
    with pytest.raises(TrainingError, match="the loss is nan"):
        estimator.fit(data)
    assert estimator._model is model
    assert (model.to_files(), estimator.metrics_) == (files, metrics)


@pytest.mark.skipif(sys.platform == "win32", reason="/dev/null is a file elsewhere")
@pytest.mark.parametrize("out", ["/dev/null/model", "/proc/nowhere/model"])
@pytest.mark.parametrize("task", TASKS)
def test_a_folder_that_cannot_be_written_is_said_before_the_training(
    task: str, out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "train", _never)
    with pytest.raises(ModelFolderError, match="cannot be written"):
        run_fit(_arguments(task, data=_data(task, tmp_path), out=Path(out)))


@pytest.mark.parametrize("task", TASKS)
def test_the_weights_are_saved_before_they_are_measured(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A process that is killed while it measures leaves a model; one that fails says where the model is."""
    kind, data, folder = TASKS[task].estimator_class(), _data(task, tmp_path), tmp_path / "model"
    found: list[bool] = []

    def measure(*_: object, **__: object) -> Any:
        found.append(load_model(folder).is_fitted)
        raise MemoryError

    def train(*given: Any, **others: Any) -> Any:
        training = begun(*given, **others)
        monkeypatch.setattr(kind, "_measure", measure)
        return training

    begun = fitting.train
    monkeypatch.setattr(fitting, "train", train)
    with pytest.raises(MemoryError):
        run_fit(_arguments(task, data=data, out=folder))
    assert found == [True]
    assert f"its weights are in {folder}" in " ".join(capsys.readouterr().err.split())
    model = load_model(folder)
    assert "test" not in model.metrics_
    assert len(model.listing(data).frame)
