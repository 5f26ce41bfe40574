"""The errors of each series are where people look: in what evaluate prints, in its JSON, and in the report."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars
import pytest
from typer.testing import CliRunner

from recurra.cli.main import app
from recurra.tasks import Forecaster, ForecastOptions
from recurra.tasks.forecast.scores import series_table

OPTIONS = ForecastOptions(
    id="id", time="year", target="x", horizon=3, season_length=5, hidden_size=4, epochs=1, batch_size=256
)
COUNT = 24


def shops() -> polars.DataFrame:
    """Series of ever more noise, and a constant one."""
    years, random = np.arange(1940, 2000), np.random.default_rng(0)
    parts = [
        polars.DataFrame(
            {"id": f"s{n:02}", "year": years, "x": 10 + 3 * np.sin(years * 1.2566) + 0.2 * n * random.normal(size=60)}
        )
        for n in range(1, COUNT)
    ]
    return polars.concat([*parts, polars.DataFrame({"id": "still", "year": years, "x": np.full(60, 5.0)})])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("shops")
    shops().write_csv(base / "shops.csv")
    return Forecaster(OPTIONS).fit(base / "shops.csv").save(base / "model")


def test_evaluate_lists_the_best_and_the_worst_series(folder: Path) -> None:
    runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
    outcome = runner.invoke(app, ["evaluate", str(folder)])
    assert outcome.exit_code == 0
    test = json.loads(runner.invoke(app, ["evaluate", str(folder), "--json"]).stdout)
    assert len(test["by_series"]) == COUNT
    known = {name: each["x"]["model"]["mase"] for name, each in test["by_series"].items()}
    order = sorted(known, key=lambda name: np.inf if known[name] is None else known[name])
    assert f"Errors of the 10 best and the 10 worst of {COUNT} series" in outcome.stdout
    printed = [line.split()[0] for line in outcome.stdout.splitlines() if line.split()[:1] and line.split()[0] in known]
    assert printed == [*order[:10], *order[-10:]]
    scaled = [name for name in order if known[name] is not None]
    said = f"the least MASE is that of {scaled[0]} ({known[scaled[0]]:.3f}), the largest that of {scaled[-1]}"
    assert said in " ".join(outcome.stdout.split())


def test_the_report_has_every_series_folded(folder: Path) -> None:
    page = (folder / "report.html").read_text()
    assert f"Errors of all {COUNT} series" in page
    assert all(f"s{n:02}" in page for n in range(1, COUNT))


def test_a_forecast_of_one_series_has_no_such_table() -> None:
    alone = shops().filter(id="s01")
    fitted = Forecaster(OPTIONS).fit(alone)
    assert series_table(fitted.metrics_["test"], most=20) is None
    table = fitted.score_table(fitted.metrics_["test"])
    assert table.further == ()
    assert "series the least" not in table.caption


def test_the_season_that_is_taken_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    months = [f"{year}-{month:02}-01" for year in range(2000, 2006) for month in range(1, 13)]
    frame = polars.DataFrame({"month": months, "x": np.sin(np.arange(72))})
    options = ForecastOptions(time="month", target="x", horizon=2, hidden_size=4, epochs=1)
    Forecaster(options).fit(frame, progress=True)
    assert "Season 12 from the step of 1 month" in capsys.readouterr().err
    given = ForecastOptions(time="month", target="x", horizon=2, hidden_size=4, epochs=1, season_length=12)
    Forecaster(given).fit(frame, progress=True)
    assert "Season" not in capsys.readouterr().err
