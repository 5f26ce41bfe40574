"""The commands as a person uses them: fit, predict, evaluate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import safetensors.torch
import torch
from cli_cases import SMALL, Run, wave

from recurra.cells import LSTM
from recurra.tasks import Forecaster

FILES = [
    "config.yaml", "history.json", "manifest.json", "metrics.json", "predictions.csv", "report.html", "scaler.json",
    "training.json", "weights.safetensors",
]  # fmt: skip


def test_fit_prints_the_errors_and_writes_the_model(run: Run, series: Path, tmp_path: Path) -> None:
    outcome = run("fit", "forecast", series, *SMALL, "--out", tmp_path / "model")
    assert outcome.code == 0, outcome.err
    assert "Trained on 1900 to 1955 (56 rows); stopped by 1956 to 1967 (12 rows): best epoch" in outcome.out
    assert "Test errors: 10 rolling windows of 3 steps, 1968 to 1979" in outcome.out
    assert "GRU, 4 wide" in outcome.out
    assert "seasonal naive, 5 back" in outcome.out
    assert "in the unit of x" in outcome.out
    assert "epoch 2/2" in outcome.err
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == FILES


def test_the_model_is_named_after_task_and_data(
    run: Run, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("fit", "forecast", series, *SMALL)
    assert "with a report: forecast-wave/report.html. Next: recurra predict forecast-wave" in outcome.out
    assert (tmp_path / "forecast-wave" / "manifest.json").is_file()


def test_predict_prints_a_table(run: Run, model: Path) -> None:
    outcome = run("predict", model)
    rows = [line.split() for line in outcome.out.splitlines() if line.strip()]
    assert rows[0] == ["year", "x"]
    assert [row[0] for row in rows[2:]] == ["1980", "1981", "1982"]
    assert outcome.code == 0


def test_predict_writes_csv(run: Run, model: Path, tmp_path: Path) -> None:
    printed = run("predict", model, "--csv", "-").out
    outcome = run("predict", model, "--csv", tmp_path / "next.csv")
    assert outcome.out == f"Wrote 3 rows to {tmp_path / 'next.csv'}.\n"
    assert (tmp_path / "next.csv").read_text() == printed
    assert printed.splitlines()[0] == "year,x"
    assert [line.partition(",")[0] for line in printed.splitlines()[1:]] == ["1980", "1981", "1982"]


def test_predict_prints_json(run: Run, model: Path) -> None:
    content = json.loads(run("predict", model, "--json").out)
    assert content["target"] == "x"
    assert [row["year"] for row in content["predictions"]] == [1980, 1981, 1982]
    expected = Forecaster.load(model).predict()["x"].to_list()
    assert [row["x"] for row in content["predictions"]] == pytest.approx(expected, rel=1e-6)


def test_predict_goes_on_from_newer_data(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "newer.csv").write_text(wave(1980, 2))
    lines = run("predict", model, tmp_path / "newer.csv", "--csv", "-").out.splitlines()
    assert [line.partition(",")[0] for line in lines] == ["year", "1982", "1983", "1984"]


def test_dates_are_written_as_in_the_data(run: Run, tmp_path: Path) -> None:
    months = [f"{2000 + month // 12}-{month % 12 + 1:02},{month % 5}" for month in range(80)]
    (tmp_path / "monthly.csv").write_text("\n".join(["month,x", *months]))
    options = ["--time", "month", "--horizon", "3", "--season-length", "5", "--epochs", "1", "--quiet"]
    assert run("fit", "forecast", tmp_path / "monthly.csv", *options, "--out", tmp_path / "model").code == 0
    lines = run("predict", tmp_path / "model", "--csv", "-").out.splitlines()
    assert [line.partition(",")[0] for line in lines] == ["month", "2006-09", "2006-10", "2006-11"]


def test_evaluate_prints_the_test_errors_again(run: Run, model: Path, series: Path) -> None:
    again = run("evaluate", model)
    assert "Test errors: 10 rolling windows of 3 steps, 1968 to 1979" in again.out
    assert run("evaluate", model, series).out == again.out
    assert json.loads(run("evaluate", model, "--json").out)["windows"] == 10


def test_evaluate_says_what_was_seen_in_training(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(wave(1900, 60))
    assert "SEEN IN TRAINING: 48 rolling windows" in run("evaluate", model, tmp_path / "old.csv").out


def test_a_newer_model_replaces_the_older_one(run: Run, model: Path, series: Path, tmp_path: Path) -> None:
    shutil.copytree(model, tmp_path / "model")
    assert run("fit", "forecast", series, *SMALL, "--seed", "1", "--out", tmp_path / "model").code == 0
    assert Forecaster.load(tmp_path / "model").options_.seed == 1


def test_a_diagram_is_written_as_svg(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lstm.svg"
    path.write_text("older")
    outcome = run("cells", "LSTM", "--diagram", path)
    assert (outcome.code, outcome.out) == (0, f"Wrote the diagram of LSTM to {path}.\n")
    assert path.read_text(encoding="utf-8") == LSTM.diagram(svg=True)
    assert [item.name for item in tmp_path.iterdir()] == ["lstm.svg"]


def test_a_diagram_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "none" / "lstm.svg"
    outcome = run("cells", "LSTM", "--diagram", path)
    assert (outcome.code, outcome.err) == (2, f"Error: {path} cannot be written: No such file or directory\n")
    assert run("cells", "LSTM", "--diagram", tmp_path).err == f"Error: {tmp_path} cannot be written: it is a folder\n"


def test_a_training_is_repeated_from_its_config(run: Run, model: Path, tmp_path: Path) -> None:
    outcome = run("fit", "--config", model / "config.yaml", "--out", tmp_path / "again", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert (tmp_path / "again" / "weights.safetensors").read_bytes() == (model / "weights.safetensors").read_bytes()


def test_options_of_a_config_give_way_to_those_of_the_command(
    run: Run, series: Path, model: Path, tmp_path: Path
) -> None:
    config, out = model / "config.yaml", tmp_path / "other"
    outcome = run("fit", "forecast", series, "--config", config, "--hidden-size", "3", "--out", out, "--json")
    assert json.loads(outcome.out)["trained_on"]["training"]["rows"] == 56
    text = (out / "config.yaml").read_text()
    assert "hidden_size: 3" in text
    assert "season_length: 5" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("task: forecast", "is not the config.yaml of a model"),
        ("{", "is no YAML"),
        ("{task: weather, data: {}, options: {}}", "is of the task 'weather'; expected"),
        ("{task: forecast, data: {}, options: {}}", "does not say which file"),
    ],
)
def test_a_config_that_is_none(run: Run, tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "config.yaml").write_text(content)
    outcome = run("fit", "--config", tmp_path / "config.yaml", "--out", tmp_path / "model")
    assert outcome.code == 2
    assert message in outcome.err
    assert not (tmp_path / "model").exists()


def test_a_model_goes_on_from_an_earlier_one(run: Run, series: Path, model: Path, tmp_path: Path) -> None:
    options = (
        "--config",
        model / "config.yaml",
        "--from",
        model,
        "--out",
        tmp_path / "next",
        "--learning-rate",
        "1e-9",
    )
    outcome = run("fit", "forecast", series, *options, "--out", tmp_path / "next", "--quiet")
    assert outcome.code == 0, outcome.err
    old, new = (safetensors.torch.load_file(folder / "weights.safetensors") for folder in (model, tmp_path / "next"))
    for name, weight in old.items():
        torch.testing.assert_close(new[name], weight, rtol=1e-4, atol=1e-6)
