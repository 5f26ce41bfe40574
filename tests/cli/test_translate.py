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
    assert run("predict", tmp_path / "m", "--text", "a\tb").code == 0
    several = run("predict", tmp_path / "m", "--text", "ab", "--beam", 4, "--best", 2, "--json")
    told = json.loads(several.out)["predictions"]
    assert [each["rank"] for each in told] == [1, 2]
    assert len(told[0]["attention"]) == len(told[0]["units"])
    named = ("--source-file", folder / "train.in", "--target-file", folder / "train.out")
    again = run("fit", "translate", *named, *QUICK, "--out", tmp_path / "n", "--quiet")
    assert again.code == 0, again.err
    for model, data in (("m", ()), ("n", ()), ("n", (folder / "test.tsv",))):
        (folder / "test.tsv").write_text("".join(f"{source}\t{target}\n" for source, target in TEXTS))
        seen = run("diagnose", tmp_path / model, *data, "--batches", 1)
        assert seen.code == 0, seen.err
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


def test_other_tables_are_read_by_the_columns_of_the_first(run: Run, tmp_path: Path) -> None:
    """Wherever these stand there; texts and not numbers of rows were translated."""
    table, other = tmp_path / "pairs.csv", tmp_path / "other.csv"
    table.write_text("in,out\n" + "".join(f"{source},{target}\n" for source, target in TEXTS))
    rows = [f"{number},{target},{source}\n" for number, (source, target) in enumerate(TEXTS)]
    other.write_text("".join(["number,out,in\n", *rows]))
    fitted = run("fit", "translate", table, *QUICK, "--out", tmp_path / "m", "--quiet")
    assert fitted.code == 0, fitted.err
    scores = [run("evaluate", tmp_path / "m", each, "--json").out for each in (table, other)]
    assert scores[0] == scores[1]
    listed = run("predict", tmp_path / "m", other, "--csv", "-").out
    assert [line.split(",")[2] for line in listed.splitlines()[1:3]] == ["aa", "ab"]
    table.write_text("in,out\n" + "".join(f"{source},1 {number}\n" for number, (source, _) in enumerate(TEXTS)))
    foreign = run("fit", "translate", table, "--from", tmp_path / "m", "--epochs", 1, "--out", tmp_path / "n")
    assert foreign.code == 2
    assert "row 1: the earlier model knows no character of the target '1 0' (" in " ".join(foreign.err.split())
    drawn = run("predict", tmp_path / "m", other, "--top-k", 3)
    assert "--top-k = 3: it is for drawing; expected a temperature above 0 beside it" in " ".join(drawn.err.split())


def test_a_search_is_for_translators(model: Path, series: Path, run: Run) -> None:
    outcome = run("predict", model, series, "--beam", 3)
    assert outcome.code == 2
    assert "--beam:" in outcome.err
    assert "is a model for forecast; expected one for translate" in " ".join(outcome.err.split())
