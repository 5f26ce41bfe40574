"""Forecasts of many series as commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_cases import Run

HEAD = "unique_id,ds,y,promotion"
OPTIONS = ("--horizon", "2", "--season-length", "3", "--hidden-size", "4", "--epochs", "1", "--quiet")


def shops(first: int = 0, count: int = 30) -> list[str]:
    days = range(first, first + count)
    return [f"{shop},{day},{10 + day % 3},{'yes' if day % 4 else 'no'}" for shop in "AB" for day in days]


def test_many_series_with_a_future(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text("\n".join([HEAD, *shops()]))
    (tmp_path / "next.csv").write_text("\n".join([HEAD, "A,30,,yes", "A,31,,no"]))
    model = tmp_path / "model"
    options = (*OPTIONS, "--future", "promotion", "--intervals", "80")
    outcome = run("fit", "forecast", tmp_path / "shops.csv", *options, "--out", model)
    assert outcome.code == 0, outcome.err
    assert "in 2 series of 2 steps" in run("evaluate", model).out
    lines = run("predict", model, tmp_path / "next.csv", "--csv", "-").out.splitlines()
    assert lines[0] == "unique_id,ds,y,y-lo-80,y-hi-80"
    assert [line.split(",")[:2] for line in lines[1:]] == [["A", "30"], ["A", "31"]]
    rows = json.loads(run("predict", model, tmp_path / "next.csv", "--json").out)["predictions"]
    assert [row["unique_id"] for row in rows] == ["A", "A"]
    outcome = run("predict", model)
    assert (outcome.code, outcome.out) == (2, "")
    assert "column 'promotion' of series 'A': there is no value for 30" in outcome.err


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([*shops(), ",5,1,yes"], (), "column 'unique_id', data row 61: the name of the series is missing"),
        ([*shops(), "A,29,1,yes"], (), "data row 61: the time 29 of series 'A' is there twice, also in row 30"),
        ([*shops(), "C,1,,yes"], (), "series 'C' has no value of y"),
        ([*shops(), "C,1,x,yes"], (), "column 'y', data row 61: 'x' is not a number"),
        (shops(), ("--static", "promotion"), "the static covariate is yes, but no in the first row of series 'A'"),
        (shops(), ("--past", "promtion"), "did you mean 'promotion'?"),
        (shops(count=6), (), "its longest series 'A', has 6 rows"),
    ],
)
def test_bad_panels(run: Run, tmp_path: Path, rows: list[str], options: tuple[str, ...], message: str) -> None:
    (tmp_path / "shops.csv").write_text("\n".join([HEAD, *rows]))
    outcome = run("fit", "forecast", tmp_path / "shops.csv", *OPTIONS, *options, "--out", tmp_path / "model")
    assert outcome.code == 2
    assert message in outcome.err
    assert not (tmp_path / "model").exists()


def test_backtest_and_a_longer_horizon_are_commands(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "x.csv"
    data.write_text("t,x\n" + "".join(f"{2000 + row // 4}-Q{row % 4 + 1},{row % 4}\n" for row in range(60)), "utf-8")
    model = tmp_path / "model"
    small = ("--time", "t", "--horizon", 2, "--window", 4, "--epochs", 1, "--hidden-size", 4, "--quiet")
    assert run("fit", "forecast", data, *small, "--out", model).code == 0
    longer = run("predict", model, "--horizon", 5, "--csv", "-")
    assert [line.partition(",")[0] for line in longer.out.splitlines()] == [
        "t", "2015-Q1", "2015-Q2", "2015-Q3", "2015-Q4", "2016-Q1",
    ]  # fmt: skip
    tested = run("backtest", model, data, "--stride", 2, "--csv", "-")
    assert tested.out.splitlines()[0] == "t,cutoff,actual,forecast,seasonal_naive"
    assert tested.out.splitlines()[-1].startswith("2014-Q4,2014-Q2,3.0,")
    assert run("backtest", model, data, "--stride", 0).code == 2
