"""The example scripts run, learn something, and say what guessing would give."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TASKS = {
    "adding": (("--length", "6"), "guessing has an error of 0.167"),
    "copying": (("--delay", "3"), "guessing has a loss of 0.904"),  # 10 log 8 / 23
}


def run(root: Path, script: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, root / "examples" / f"{script}.py", *options], capture_output=True, text=True, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(
    "gates",
    [
        pytest.param((), id="plain", marks=pytest.mark.slow),
        pytest.param(("--forget", "b_f", "--input", "b_i"), id="chrono"),
    ],
)
def test_an_example_learns(root: Path, tmp_path: Path, task: str, gates: tuple[str, ...]) -> None:
    """Few steps on short sequences: the loss falls, and is what the file says."""
    size, guessing = TASKS[task]
    small = ("--hidden-size", "8", "--steps", "30", "--every", "10", "--rate", "0.01", "--csv", tmp_path / "curve.csv")
    done = run(root, task, *size, *small, *gates)
    assert done.returncode == 0, done.stderr
    assert guessing in done.stdout.splitlines()[0]
    printed = [float(found) for found in re.findall(r"(?:error|loss) +(\d+\.\d+)$", done.stdout, re.MULTILINE)]
    assert len(printed) == 3
    assert printed[-1] < printed[0]
    with (tmp_path / "curve.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [10, 20, 30]
    assert [float(row["loss"]) for row in rows] == pytest.approx(printed, abs=6e-5)


def test_the_curves_are_drawn(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "a.csv").write_text("step,loss\n10,0.3\n20,0.1\n")
    done = run(root, "curves", tmp_path / "out.svg", "--guessing", "0.167", f"LSTM={tmp_path / 'a.csv'}")
    assert done.returncode == 0, done.stderr
    drawn = (tmp_path / "out.svg").read_text(encoding="utf-8")
    assert ">LSTM<" in drawn
    assert ">guessing<" in drawn
