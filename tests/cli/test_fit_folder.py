"""What `fit` says of the folder that it will write into, and what `--lean` leaves out of it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from cli_cases import SMALL, Run

from recurra.cells import Elman
from recurra.errors import ModelFolderError
from recurra.tasks import Forecaster
from recurra.training.model_folder import read_model_folder, write_model_folder


def test_a_model_that_will_be_replaced_is_named(run: Run, series: Path, model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    outcome = run("fit", "forecast", series, *SMALL, "--out", folder, "--json")
    assert outcome.code == 0
    assert f"Note: {folder} holds a model, which will be replaced" in outcome.err
    assert json.loads(outcome.out)["parameters"] > 0


def test_an_interrupted_training_is_mentioned(run: Run, series: Path, tmp_path: Path) -> None:
    left = tmp_path / "model.training"
    left.mkdir()
    (left / "last.safetensors").write_bytes(b"")
    outcome = run("fit", "forecast", series, *SMALL, "--out", tmp_path / "model", "--json")
    assert outcome.code == 0
    assert f"a training was interrupted in {left}; --resume goes on with it" in outcome.err
    assert not left.exists()
    assert "interrupted" not in run("fit", "forecast", series, *SMALL, "--out", tmp_path / "new", "--json").err


def test_a_training_is_over_also_where_nobody_reads_how_it_went(
    run: Run, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the output goes to `head`, which has ended."""

    def broken(_: str) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("recurra.cli.fit.say", broken)
    run("fit", "forecast", series, *SMALL, "--out", tmp_path / "model")
    assert (tmp_path / "model" / "report.html").exists()
    assert not (tmp_path / "model.training").exists()


def test_a_lean_model_quotes_no_data_and_works(run: Run, series: Path, model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lean"
    outcome = run("fit", "forecast", series, *SMALL, "--out", folder, "--lean")
    assert outcome.code == 0
    assert "report" not in outcome.out
    assert read_model_folder(model).keys() - read_model_folder(folder).keys() == {"report.html", "predictions.csv"}
    assert run("predict", folder).out == run("predict", model).out
    Forecaster.load(folder).save(tmp_path / "again")
    assert read_model_folder(tmp_path / "again").keys() == read_model_folder(folder).keys()


def test_scores_that_cannot_be_shown_are_refused_when_a_model_is_read(model: Path, tmp_path: Path) -> None:
    files = read_model_folder(model)
    metrics = json.loads(files["metrics.json"])
    for name in metrics["test"]:
        wrong = {**metrics, "test": {**metrics["test"], name: ["x"]}}
        write_model_folder(tmp_path / "model", {**files, "metrics.json": json.dumps(wrong).encode()})
        try:
            loaded = Forecaster.load(tmp_path / "model")
        except ModelFolderError:
            continue
        loaded.score_table(loaded.metrics_["test"])
    wrong = {**metrics, "test": {}}
    write_model_folder(tmp_path / "model", {**files, "metrics.json": json.dumps(wrong).encode()})
    with pytest.raises(ModelFolderError, match="is incomplete: it has no"):
        Forecaster.load(tmp_path / "model")


_COMMANDS = (("fit",), ("fit", "forecast"), ("plan", "forecast"))  # a search chooses the cell itself


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_a_config_runs_no_file(
    run: Run, series: Path, model: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that the cell came from may be anybody's by now: without its equations there is no cell."""
    monkeypatch.chdir(tmp_path)
    evil = tmp_path / "evil.py"
    evil.write_text(f"import pathlib\npathlib.Path({str(tmp_path / 'ran')!r}).touch()\n")
    known = yaml.safe_load((model / "config.yaml").read_text())
    known["options"]["cell"] = f"{evil}:Evil"
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(known))
    outcome = run(*command, *[series] * (len(command) - 1), "--config", tmp_path / "config.yaml")
    assert outcome.code != 0
    assert "cell.json" in outcome.err
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_a_config_that_grows_by_aliases_is_refused(
    run: Run, series: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    (tmp_path / "config.yaml").write_text("\n".join(lines))
    outcome = run(*command, *[series] * (len(command) - 1), "--config", tmp_path / "config.yaml")
    assert outcome.code != 0
    assert "alias" in outcome.err


def test_a_config_takes_the_cell_beside_it(
    run: Run, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model with a cell of one's own is repeated from its equations; the file that they came from is not needed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "from recurra import cell, tanh\n\n@cell\ndef Mine(p, x, h):\n    return tanh(x @ p.W + h @ p.U + p.b)\n"
    )
    small = ("--cell", "mine.py:Mine", "--time", "year", "--horizon", "4", "--epochs", "1", "--hidden-size", "4")
    assert run("fit", "forecast", series, *small, "--out", "first").code == 0
    (tmp_path / "mine.py").write_text("raise SystemError\n")
    again = run("fit", "--config", tmp_path / "first" / "config.yaml", "--out", "again")
    assert again.code == 0, again.err
    assert (tmp_path / "again" / "cell.json").read_text() == (tmp_path / "first" / "cell.json").read_text()


def test_what_a_person_names_may_be_a_link(
    run: Run, series: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    (folder / "cell.json").write_text(Elman.to_json())
    Path("mine.yaml").symlink_to(folder / "config.yaml")
    again = run("fit", "forecast", series, "--config", "mine.yaml", "--out", "again", "--json")
    assert again.code == 0, again.err
    assert json.loads((tmp_path / "again" / "cell.json").read_text()) == json.loads(Elman.to_json())
    Path("x.json").symlink_to(folder / "cell.json")
    by_cell = run("fit", "forecast", series, *SMALL, "--cell", "x.json", "--out", "by-cell", "--json")
    assert by_cell.code == 0, by_cell.err


def test_a_file_of_a_model_folder_may_not_be_a_link(
    run: Run, series: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    (tmp_path / "elsewhere.json").write_text(Elman.to_json())
    (folder / "cell.json").symlink_to(tmp_path / "elsewhere.json")
    outcome = run("fit", "forecast", series, "--config", folder / "config.yaml", "--out", "again")
    assert outcome.code != 0
    assert "cell.json is a link; a model folder has none" in " ".join(outcome.err.split())
    (folder / "cell.json").unlink()
    (folder / "config.yaml").rename(tmp_path / "config.yaml")
    (folder / "config.yaml").symlink_to(tmp_path / "config.yaml")
    assert "it is a link" in run("predict", folder).err


@pytest.mark.parametrize("kind", ["huge", "pipe", "folder"])
def test_a_cell_that_is_no_plain_file_is_refused(run: Run, series: Path, tmp_path: Path, kind: str) -> None:
    cell = tmp_path / "x.json"
    if kind == "huge":
        with cell.open("wb") as file:
            file.truncate(10**10)  # sparse: it takes no room
    elif kind == "pipe":
        os.mkfifo(cell)
    else:
        cell.mkdir()
    outcome = run("fit", "forecast", series, *SMALL, "--cell", cell, "--out", tmp_path / "model")
    assert outcome.code != 0
    assert "x.json" in outcome.err
