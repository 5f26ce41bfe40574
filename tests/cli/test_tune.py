"""`recurra tune`: what it prints and writes, what stays fixed, and what `fit` makes of it."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
import yaml
from cli_cases import Run

from recurra.tasks import Forecaster
from recurra.tune.training import Trials

DATA = ("--time", "year", "--horizon", "3", "--season-length", "5", "--epochs", "2")
QUICK = (*DATA, "--cell", "GRU", "--layers", "1", "--dropout", "0.1", "--search", "hidden_size=2..6", "--trials", "2")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The folder of a search; not to be changed."""
    from cli_cases import wave

    folder = tmp_path_factory.mktemp("tuned")
    (folder / "wave.csv").write_text(wave(1900, 80))
    outcome = run("tune", "forecast", folder / "wave.csv", *QUICK, "--out", folder / "search")
    assert outcome.code == 0, outcome.err
    (folder / "out.txt").write_text(outcome.out)
    (folder / "err.txt").write_text(outcome.err)
    return folder


def test_it_says_how_it_goes_and_what_is_best(found: Path) -> None:
    said = (found / "err.txt").read_text().splitlines()
    assert [line.split("  ")[0] for line in said] == ["trial 0 (1 of 2)", "trial 1 (2 of 2)"]
    out = (found / "out.txt").read_text()
    assert "best at its" in out
    assert "2 trials: 2 complete." in out
    assert f"recurra fit --config {found / 'search' / 'best.yaml'} --out MODEL" in out
    names = {path.name for path in (found / "search").iterdir()}
    assert names == {"search.db", "best.yaml", "trials.csv", "search.json", "report.html"}


def test_what_is_given_stays(found: Path) -> None:
    best = yaml.safe_load((found / "search" / "best.yaml").read_text())["options"]
    assert (best["cell"], best["layers"], best["dropout"], best["horizon"]) == ("GRU", 1, 0.1, 3)
    told = json.loads((found / "search" / "search.json").read_text())
    assert [text.split("=")[0] for text in told["space"]] == ["hidden_size", "learning_rate"]
    assert 2 <= best["hidden_size"] <= 6


def test_the_best_options_fit(found: Path, run: Run, tmp_path: Path) -> None:
    config = found / "search" / "best.yaml"
    given = ("fit", "forecast", found / "wave.csv", "--config", config, "--out", tmp_path / "given", "--quiet")
    assert run(*given).code == 0
    assert run("fit", "--config", config, "--out", tmp_path / "alone", "--quiet").code == 0
    best = json.loads((found / "search" / "search.json").read_text())["best"]
    for name in ("given", "alone"):
        training = Forecaster.load(tmp_path / name).metrics_["training"]
        assert training["validation"]["loss"] == best["value"]


def test_the_same_command_goes_on(found: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trials, "run", None)
    outcome = run("tune", "forecast", found / "wave.csv", *QUICK, "--out", found / "search", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    told = json.loads(outcome.out)
    assert told == json.loads((found / "search" / "search.json").read_text())
    assert {"best", "front", "trials", "counts", "importance"} <= set(told)


def test_it_fits_at_once(run: Run, series: Path, tmp_path: Path) -> None:
    outcome = run("tune", "forecast", series, *QUICK[:-1], "1", "--out", tmp_path / "search", "--fit", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    model = Forecaster.load(tmp_path / "search" / "model")
    best = yaml.safe_load((tmp_path / "search" / "best.yaml").read_text())["options"]
    assert model.options_.hidden_size == best["hidden_size"]


def test_a_config_says_where_to_begin_and_fixes_nothing(found: Path, run: Run, tmp_path: Path) -> None:
    arguments = ("--config", found / "search" / "best.yaml", "--layers", "1", "--trials", "1", "--out", tmp_path / "s")
    outcome = run("tune", "forecast", found / "wave.csv", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    assert {"cell", "hidden_size", "dropout", "learning_rate"} <= {text.split("=")[0] for text in told["space"]}
    best = json.loads((found / "search" / "search.json").read_text())["best"]
    assert told["trials"][0]["hidden_size"] == best["hidden_size"]
    assert told["trials"][0]["value"] == best["value"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--search", "hiden=1..2"), "there is no option 'hiden'"),
        (("--search", "cell=GRU"), "search: cell is given too"),
        (("--trials", "0"), "--trials = 0: expected a whole number from 1 to 1,000,000"),
        (("--budget-parameters", "3"), "nothing meets the budget of 3 parameters; the nearest is --hidden-size = 2"),
        (("--storage", "nothing"), "storage = 'nothing'"),
        (("--validation-fraction", "2"), "--validation-fraction = 2"),
    ],
)
def test_bad_input(run: Run, series: Path, tmp_path: Path, given: tuple[str, ...], message: str) -> None:
    outcome = run("tune", "forecast", series, *QUICK, "--out", tmp_path / "search", *given)
    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert not (tmp_path / "search" / "best.yaml").exists()


def test_ctrl_c_ends_with_its_code(run: Run, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = Forecaster.prepare

    def interrupted(self: Forecaster, sources: object) -> object:
        if self.options.hidden_size not in (2, 6):  # the corner that is looked at first, and the first trial
            signal.raise_signal(signal.SIGINT)
        return prepare(self, sources)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Forecaster, "prepare", interrupted)
    arguments = (*DATA, "--cell", "GRU", "--layers", "1", "--dropout", "0", "--search", "hidden_size=2,3,4,5")
    outcome = run("tune", "forecast", series, *arguments, "--out", tmp_path / "search", "--seed", "5")
    assert outcome.code == 130
    assert "interrupted; the finished trials are kept, and the same command goes on with them" in outcome.err


def test_the_help_says_where_it_looks(run: Run) -> None:
    text = run("tune", "tag", "--help").out
    assert "hidden_size=32..512" in text
    assert "Example: recurra tune tag train.conllu" in text
    assert text.count("--minutes") == 1
