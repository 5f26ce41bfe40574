"""A series in a file, a model of it, and the command run in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_cases import SMALL, Outcome, Run, wave
from typer.testing import CliRunner

from recurra.cli.main import app


@pytest.fixture(scope="session")
def run() -> Run:
    def call(*arguments: str | Path) -> Outcome:
        runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
        result = runner.invoke(app, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(code=result.exit_code, out=result.stdout, err=result.stderr)

    return call


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """A CSV file of the years 1900 to 1979."""
    path = tmp_path / "wave.csv"
    path.write_text(wave(1900, 80))
    return path


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A model of that series; not to be changed."""
    folder = tmp_path_factory.mktemp("fitted")
    (folder / "wave.csv").write_text(wave(1900, 80))
    outcome = run("fit", "forecast", folder / "wave.csv", *SMALL, "--out", folder / "model", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    return folder / "model"
