"""`recurra fit translate` and what follows: two files, a table, a search, other tasks' options refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_cases import Run

QUICK = ("--hidden-size", 8, "--embedding-size", 8, "--epochs", 2, "--batch-size", 16, "--cell", "GRU")
TEXTS = [(f"{a}{b}", f"{a} {b}") for a in "abcde" for b in "abcdefgh"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("pairs")
    for ending, side in (("in", 0), ("out", 1)):
        (base / f"train.{ending}").write_text("".join(f"{pair[side]}\n" for pair in TEXTS))
        (base / f"test.{ending}").write_text("".join(f"{pair[side]}\n" for pair in TEXTS[:4]))
    return base


def test_two_files_by_what_they_begin_with_and_by_name(folder: Path, run: Run, tmp_path: Path) -> None:
    endings = ("--source", "in", "--target", "out")
    fitted = run(
        "fit", "translate", folder / "train", "--test", folder / "test", *endings, *QUICK, "--out", tmp_path / "m"
    )
    assert fitted.code == 0, fitted.err
    assert "4 test (from test.in and test.out)" in " ".join(fitted.out.split())
    assert "exact" in fitted.out
    assert f"Next: recurra predict {tmp_path / 'm'}" in " ".join(fitted.out.split())
    evaluated = run("evaluate", tmp_path / "m", folder / "test", "--json")
    assert json.loads(evaluated.out)["pairs"] == 4
    (tmp_path / "new.txt").write_text("ab\n\ncd\n")
    lines = run("predict", tmp_path / "m", tmp_path / "new.txt").out.split("\n")
    assert len(lines) == 4
    assert lines[1] == ""
    several = run("predict", tmp_path / "m", "--text", "ab", "--beam", 4, "--best", 2, "--json")
    told = json.loads(several.out)["predictions"]
    assert [each["rank"] for each in told] == [1, 2]
    assert len(told[0]["attention"]) == len(told[0]["units"])
    named = ("--source-file", folder / "train.in", "--target-file", folder / "train.out")
    again = run("fit", "translate", *named, *QUICK, "--out", tmp_path / "n", "--quiet")
    assert again.code == 0, again.err
    config = run("fit", "--config", tmp_path / "n" / "config.yaml", "--out", tmp_path / "o", "--quiet")
    assert config.code == 0, config.err


def test_what_is_wrong_is_named_and_nothing_is_written(folder: Path, run: Run, tmp_path: Path) -> None:
    table = tmp_path / "pairs.tsv"
    table.write_text("in\tout\nab\ta b\ncd\t\n")
    outcome = run("fit", "translate", table, "--out", tmp_path / "m")
    assert outcome.code == 2
    assert "pairs.tsv, data row 2: the target is empty" in " ".join(outcome.err.split())
    assert "with the option --drop-empty" in outcome.err
    assert not (tmp_path / "m").exists()
    missing = run("fit", "translate", table, "--source", "on", "--out", tmp_path / "m")
    assert "has no column 'on'" in " ".join(missing.err.split())
    nothing = run("fit", "translate", "--out", tmp_path / "m", "--epochs", 1)
    assert "expected a file with them, got none" in " ".join(nothing.err.split())

    two = run("fit", "translate", table, "--source-file", "drop_empty.in", "--target-file", table)
    assert "--source-file = 'drop_empty.in': expected no data beside it, got " in two.err
    one = run("fit", "translate", "--target-file", table)
    assert "got --target-file alone; expected both --source-file and --target-file, or neither" in one.err
    joint = run("fit", "translate", table, "--joint", "--source-units", "char", "--target-units", "bpe")
    assert "Error: --joint: the units are char and bpe" in joint.err
    tied = run("fit", "language", table, "--adaptive-softmax", "--tied")
    assert "Error: --adaptive-softmax: its weights cannot be tied; expected --no-tied" in tied.err


def test_a_search_is_for_translators(model: Path, series: Path, run: Run) -> None:
    outcome = run("predict", model, series, "--beam", 3)
    assert outcome.code == 2
    assert "--beam:" in outcome.err
    assert "is a model for forecast; expected one for translate" in " ".join(outcome.err.split())
