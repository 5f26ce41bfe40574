"""Bad input: a message of ours on stderr, exit code 2, no traceback, nothing written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli_cases import SMALL, Run, wave

GOOD = wave(1900, 80)
YEARS = [str(year) for year in range(1900, 1980)]


def rows(values: dict[int, str], *, times: dict[int, str] | None = None) -> str:
    """A table in which some rows (from 1) have other values or times."""
    lines = [
        f"{(times or {}).get(row, year)},{values.get(row, str(row % 5))}" for row, year in enumerate(YEARS, start=1)
    ]
    return "\n".join(["year,x", *lines])


DATA = [
    ("", "is empty"),
    ("year,x\n", "has a header but no rows"),
    (b"year,x\n1900,\xff\n", "is not UTF-8: line 2"),
    (rows({7: "seven"}), "column 'x', data row 7: 'seven' is not a number"),
    (rows({7: "-inf"}), "data row 7: the value is infinite ('-inf')"),
    (rows({}, times={7: "1905"}), "data row 7: the time 1905 is there twice, also in row 6"),
    (rows({}, times={80: "2990"}), "from data row 79 (1978) to row 80 (2990) it is 1012"),
    (rows({}, times={7: "?"}), "data row 7: '?' is no time"),
    (wave(1900, 9), "has 9 rows; a window of 1 and a horizon of 3 need at least 10"),
    ("a,b\n1,2\n", "has no column 'year', its columns are 'a', 'b'"),
    ("yaer,x\n1,2\n", "has no column 'year', its columns are 'yaer', 'x'; did you mean 'yaer'?"),
    ("year,a,b\n1,2,3\n2,2,3\n", "say which column is the target; it has 'a', 'b'"),
]


@pytest.mark.parametrize(("content", "message"), DATA)
def test_bad_data(run: Run, tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    outcome = run("fit", "forecast", path, *SMALL, "--out", tmp_path / "model")
    assert outcome.code == 2
    assert outcome.err.startswith("Error: ")
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""
    assert [item.name for item in tmp_path.iterdir()] == ["data.csv"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--horizon", "0"], "--horizon = 0: expected a whole number from 1 to 1,000,000"),
        (["--horizon", "x"], "--horizon = 'x': expected a whole number from 1 to 1,000,000"),
        (["--cell", "GRUU"], "named as file.py:Name); did you mean 'GRU'?"),
        (["--cell", "none.py:Cell"], "there is no file none.py"),
        (["--window", "70"], "a window of 70 and a horizon of 3 need at least"),
        (["--target", "X1"], "'x'; did you mean 'x'?"),
        (["--time-format", "%d/%m/%Y"], "does not fit the time format"),
        (["--learning-rate", "inf"], "--learning-rate = inf: expected a number above 0, 1,000,000 at most"),
    ],
)
def test_bad_options(run: Run, series: Path, tmp_path: Path, options: list[str], message: str) -> None:
    outcome = run("fit", "forecast", series, *SMALL, "--out", tmp_path / "model", *options)
    assert outcome.code == 2
    assert message in outcome.err
    assert not (tmp_path / "model").exists()


ARGUMENTS = [
    ("fit forecast x.csv --horizon x", "--horizon = 'x': expected a whole number from 1 to 1,000,000"),
    ("fit forecast x.csv --horizon 2.5", "--horizon = '2.5': expected a whole number from 1 to 1,000,000"),
    ("fit forecast x.csv --dropout a", "--dropout = 'a': expected a number from 0 on, below 1"),
    ("fit forecast x.csv --loss foo", "--loss = 'foo': expected 'absolute', 'squared' or 'huber'"),
    (
        "fit forecast x.csv --learning-rate zz",
        "--learning-rate = 'zz': expected a number above 0, 1,000,000 at most, or",
    ),
    ("fit forecast x.csv --horizon", "--horizon has no value; expected a whole number from 1 to 1,000,000"),
    ("fit forecast x.csv --refit=3", "--refit takes no value"),
    ("fit forecast x.csv --language zh", "--language stands before the command: "),
    ("fit forecast x.csv --horizn 3", "there is no option --horizn; did you mean '--horizon'?"),
    ("fit forecast x.csv y.csv", "got 'y.csv' besides; expected [OPTIONS] {DATA}"),
    ("fit forecast --horizon 3", "DATA is missing; expected a path"),
    (
        "fit forcast x.csv",
        "there is no command 'forcast'; expected classify, forecast, language, tag, transcribe, translate; did you "
        "mean 'forecast'?",
    ),
    ("fit --out", "--out has no value; expected a path"),
    ("tune forecast x.csv --trials x", "--trials = 'x': expected a whole number from 1 to 1,000,000"),
    ("plan forecast x.csv --trials 3", "there is no option --trials"),
    ("generate m --length q", "--length = 'q': expected a whole number from 1 to 1,000,000,000,000"),
    ("predict m --horizon 2.5", "--horizon = '2.5': expected a whole number"),
    ("backtest m d --stride z", "--stride = 'z': expected a whole number"),
    ("cells --plan", "there is no option --plan; did you mean '--plans'?"),
    ("predct m", "there is no command 'predct'; expected fit, predict,"),
    ("--foo", "there is no option --foo"),
    ("predict m --language zh", "--language stands before the command: "),
]
LIBRARY = ("Invalid value", "Usage:", "Input should", "No such", "requires an argument", "unexpected extra", "Try '")


@pytest.mark.parametrize(("arguments", "message"), ARGUMENTS, ids=[arguments for arguments, _ in ARGUMENTS])
def test_arguments_that_a_command_cannot_take(run: Run, arguments: str, message: str) -> None:
    outcome = run(*arguments.split())
    assert (outcome.code, outcome.out) == (2, "")
    said = " ".join(outcome.err.split())
    assert said.startswith(f"Error: {message}"), said
    assert "--help)" in said
    assert not [words for words in LIBRARY if words in said]


def test_a_missing_file(run: Run, tmp_path: Path) -> None:
    outcome = run("fit", "forecast", tmp_path / "none.csv", "--out", tmp_path / "model")
    assert (outcome.code, outcome.err) == (2, f"Error: there is no file {tmp_path / 'none.csv'}\n")


def test_brackets_in_a_message_are_printed_as_they_are(run: Run, tmp_path: Path) -> None:
    outcome = run("fit", "forecast", tmp_path / "[bold]none[x].csv", "--out", tmp_path / "model")
    assert "[bold]none[x].csv" in outcome.err


def test_an_output_folder_that_is_something_else_is_refused_before_training(
    run: Run, series: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    outcome = run("fit", "forecast", series, *SMALL, "--out", tmp_path / "thesis")
    assert outcome.code == 2
    assert "exists and is no recurra model" in outcome.err
    assert "epoch" not in outcome.err
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def damage(folder: Path, kind: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    if kind == "incomplete":
        (folder / "weights.safetensors").unlink()
    elif kind == "changed":
        (folder / "config.yaml").write_text("task: forecast\n")
    elif kind == "newer":
        (folder / "manifest.json").write_text(json.dumps({**manifest, "format_version": 99}))
    else:
        (folder / "manifest.json").unlink()


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("incomplete", "is incomplete: weights.safetensors is missing"),
        ("changed", "is damaged: config.yaml is not as it was written"),
        ("newer", "has the format 99, this recurra reads up to 1; update recurra"),
        ("none", "is no recurra model"),
    ],
)
def test_bad_models(run: Run, model: Path, tmp_path: Path, command: str, kind: str, message: str) -> None:
    shutil.copytree(model, tmp_path / "model")
    damage(tmp_path / "model", kind)
    outcome = run(command, tmp_path / "model")
    assert outcome.code == 2
    assert message in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_a_missing_model(run: Run, tmp_path: Path, command: str) -> None:
    outcome = run(command, tmp_path / "none")
    assert (outcome.code, outcome.err) == (2, f"Error: there is no model folder {tmp_path / 'none'}\n")
    (tmp_path / "file").touch()
    assert (
        run("predict", tmp_path / "file").err == f"Error: there is no model folder {tmp_path / 'file'}; it is a file\n"
    )


def test_csv_and_json_together(run: Run, model: Path) -> None:
    assert run("predict", model, "--csv", "-", "--json").code == 2


def test_a_csv_that_cannot_be_written(run: Run, model: Path, tmp_path: Path) -> None:
    outcome = run("predict", model, "--csv", tmp_path / "none" / "next.csv")
    assert outcome.code == 2
    assert "cannot be written: No such file or directory" in outcome.err
    assert run("predict", model, "--csv", tmp_path).err == f"Error: {tmp_path} cannot be written: it is a folder\n"
    assert "cannot be written: File name too long" in run("predict", model, "--csv", tmp_path / ("a" * 300)).err


@pytest.mark.parametrize("command", ["predict", "backtest"])
def test_predictions_do_not_replace_what_they_are_made_from(
    run: Run, model: Path, series: Path, tmp_path: Path, command: str
) -> None:
    before, link = series.read_bytes(), tmp_path / "link.csv"
    link.symlink_to(series)
    for file in (series, link):
        outcome = run(command, model, series, "--csv", file)
        said = f"Error: {file} cannot be written: it is the file with the data; give another\n"
        assert (outcome.code, outcome.err) == (2, said)
    assert series.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without a device that is always full")
def test_full_disks(run: Run, model: Path) -> None:
    outcome = run("predict", model, "--csv", "/dev/full")
    assert (outcome.code, outcome.err) == (2, "Error: /dev/full cannot be written: No space left on device\n")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "recurra", "predict", str(model), "--csv", "-"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, text=True)
    assert (done.returncode, done.stderr) == (2, "Error: the output cannot be written: No space left on device\n")


def test_a_notation_without_a_cell(run: Run) -> None:
    outcome = run("cells", "--latex")
    assert (outcome.code, outcome.err) == (2, "Error: --latex was given without a cell; expected recurra cells CELL\n")


def test_a_stage_that_there_is_not(run: Run) -> None:
    for arguments, part in (
        (("cells", "LSTM", "--stage", "code"), "expected one of ['graph', 'plans', 'loops'"),
        (("cells", "LSTM", "--stage", "ir", "--pass", "both"), "expected one of ['inference', 'forward', 'backward']"),
        (("cells", "--stage", "ir"), "--stage was given without a cell"),
        (("cells", "LSTM", "--linear"), "--linear was given with the cell LSTM; it is for the list of all"),
        (("export", "model", "--out", "a.c", "--weights", "int4"), "--weights = 'int4': expected 'float32' or 'int8'"),
        (("cells", "--sort", "age"), "sort: got 'age', expected one of ['name', 'year', 'parameters', 'flops']"),
        (("cells", "LSTM", "--json", "--plans"), "--plans was given with --json; expected one of them"),
    ):
        outcome = run(*arguments)
        assert outcome.code == 2
        assert part in outcome.err
