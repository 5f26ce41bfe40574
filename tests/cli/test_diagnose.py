"""`recurra diagnose`: on models of every task, with files, with a trial."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_cases import Run

SENTENCES = "the\tD\nold\tA\ncat\tN\n\na\tD\ncat\tN\nsees\tV\nthe\tD\ndog\tN\n\n"
REVIEWS = "text\tlabel\n" + "a good film\tyes\na bad film indeed\tno\n" * 20
FITS = {
    "language": ("book.txt", "row, row, row your boat\n" * 60, ("--hidden-size", "12", "--layers", "2")),
    "classify": ("reviews.tsv", REVIEWS, ("--text", "text", "--label", "label", "--hidden-size", "6")),
    "tag": ("train.conll", SENTENCES * 20, ("--hidden-size", "8", "--word-size", "8")),
    "translate": ("pairs.tsv", "of\tto\n" + "".join(f"{n}\t{n}{n}\n" for n in range(60)), ("--hidden-size", "4")),
}


def test_the_verdict_of_a_forecast(model: Path, series: Path, run: Run, tmp_path: Path) -> None:
    outcome = run("diagnose", model, series, "--out", tmp_path / "why", "--dependence", 5)
    assert (outcome.code, outcome.err) == (0, "")
    assert "The data depend on themselves over 5 steps, as given." in outcome.out
    assert "under 1 % after" in outcome.out
    assert {"report.html", "diagnosis.json"} <= {path.name for path in (tmp_path / "why").iterdir()}


def test_json_is_what_is_written(model: Path, series: Path, run: Run, tmp_path: Path) -> None:
    told = json.loads(run("diagnose", model, series, "--json", "--out", tmp_path / "why").out)
    assert told == json.loads((tmp_path / "why" / "diagnosis.json").read_text())
    assert told["layers"][0]["memory"]["gains"][0] == pytest.approx(1.0)


def test_the_model_folder_stays_as_it_is(model: Path, series: Path, run: Run) -> None:
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    assert run("diagnose", model, series).code == 0
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before


def test_advice_is_tried(model: Path, series: Path, run: Run) -> None:
    outcome = run("diagnose", model, series, "--dependence", 40, "--try", "--steps", 4, "--json")
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    assert told["findings"][0]["kind"] == "short memory"
    trial = told["trial"]
    assert trial["steps"] == 4
    assert trial["before"]["horizon"] < (trial["after"]["horizon"] or 1000)
    shown = run("diagnose", model, series, "--dependence", 40, "--try", "--steps", 4).out
    assert "Tried: begin with" in shown
    assert "before" in shown


@pytest.mark.parametrize("task", FITS)
def test_every_task_has_a_diagnosis(task: str, run: Run, tmp_path: Path) -> None:
    name, text, options = FITS[task]
    (tmp_path / name).write_text(text)
    fitted = run("fit", task, tmp_path / name, *options, "--epochs", 1, "--out", tmp_path / "m", "--quiet")
    assert fitted.code == 0, fitted.err
    outcome = run("diagnose", tmp_path / "m", tmp_path / name, "--json")
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    assert told["layers"]
    assert all(loss > 0 for loss in told["losses"])
    if task == "language":
        assert sum(told["loss_by_step"]) / len(told["loss_by_step"]) == pytest.approx(
            sum(told["losses"]) / len(told["losses"]), rel=0.05
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing", "x.csv"), "nothing"),
        (("{model}", "nothing.csv"), "nothing.csv"),
        (("{model}", "{series}", "--batches", "0"), "--batches"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], message: str, model: Path, series: Path, run: Run) -> None:
    outcome = run("diagnose", *(each.format(model=model, series=series) for each in arguments))
    assert outcome.code == 2
    assert message in outcome.err
