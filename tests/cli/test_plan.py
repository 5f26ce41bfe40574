"""`recurra plan`: tables, JSON, budgets, a picture, and a training on a person's data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from recurra.backends.kernel import units_of
from recurra.cli.main import app
from recurra.plan import Calibration, Machine
from recurra.plan.budget import _Search

SMALL = ("--cell", "GRU", "--hidden-size", "8", "--batch", "4", "--length", "6", "--threads", "1")

Plan = Callable[..., Any]

INVENTED = Calibration(
    machine=Machine.here(1), prices=dict.fromkeys(units_of("llvm").counted, 1e-09), runs=0, error=0.0, pace=0.001
)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Run the command with a calibration that was not measured."""
    calibration = tmp_path / "calibration.json"
    calibration.write_text(INVENTED.to_json(), encoding="utf-8")

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["plan", *SMALL, "--calibration", str(calibration), *arguments])

    return run


def test_tables_name_passes_and_bounds(plan: Plan) -> None:
    done = plan()
    assert done.exit_code == 0, done.output
    assert "GRU: 1 layer of 8, inputs of 32; 4 sequences of 6 steps; float32, 1 thread" in done.stdout
    for word in ("inference", "forward", "backward", "stream", "bound by", "992 parameters", "length^", "batches of"):
        assert word in done.stdout


def test_json_has_the_numbers(plan: Plan) -> None:
    found = json.loads(plan("--json", "--budget-parameters", "5000", "--cells", "LSTM,GRU").stdout)
    assert found["parameters"] == 3 * 8 * (32 + 8 + 1) + 8
    assert found["passes"]["forward"]["flops"] > 0
    assert {"saved", "peak"} <= set(found["memory"])
    assert found["affordable"]["parameters"] <= 5000
    assert found["cells"]["GRU"]["hidden_size"] == found["affordable"]["hidden_size"]
    assert found["cells"]["LSTM"]["hidden_size"] < found["cells"]["GRU"]["hidden_size"]


@pytest.mark.parametrize("budget", [("--budget-parameters", "5000"), ("--budget-memory", "1")])
def test_a_budget_of_counts_needs_no_times(monkeypatch: pytest.MonkeyPatch, budget: tuple[str, str]) -> None:
    """On a machine that was not measured nothing is; --calibrate is what asks for it."""
    monkeypatch.setattr("recurra.plan.stored_calibration", lambda *_, **__: None)
    monkeypatch.setattr("recurra.plan.calibration_for", lambda *_, **__: pytest.fail("measured for nothing"))
    done = CliRunner().invoke(app, ["plan", *SMALL, *budget, "--cells", "LSTM,GRU"])
    assert done.exit_code == 0, done.output
    assert "The largest hidden size within the budget is" in done.stdout
    assert "992 parameters. A training step of these layers takes 0." in done.stdout
    assert "This machine has not been measured, and the answer needs no times" in done.stdout
    found = json.loads(CliRunner().invoke(app, ["plan", *SMALL, *budget, "--json"]).stdout)
    assert found["affordable"]["hidden_size"] > 1
    assert (found["passes"], found["growth"], found["batches"]) == ({}, [], {})


def test_a_budget_of_time_is_confirmed(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes near the answer are run: here each takes a tenth longer than predicted, on any machine."""
    monkeypatch.setattr(_Search, "_measured", lambda self, size: 1.1 * self.seconds(size))
    found = json.loads(plan("--json", "--budget-seconds", "0.01").stdout)["affordable"]
    assert found["confirmed"]
    assert found["seconds"] == pytest.approx(1.1 * found["predicted_seconds"])
    assert 0.005 < found["seconds"] <= 0.01
    assert found["hidden_size"] < found["predicted_size"]


def test_growth_is_written_as_a_picture(plan: Plan, tmp_path: Path) -> None:
    done = plan("--out", str(tmp_path / "growth.svg"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_calibration_is_exported(plan: Plan, tmp_path: Path) -> None:
    plan("--export", str(tmp_path / "exported.json"))
    assert (tmp_path / "exported.json").read_text(encoding="utf-8") == INVENTED.to_json()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--budget-seconds", "1e-12"), "no hidden size meets the budget: the nearest, 1, takes"),
        (("--cells", "LSTM"), "--cells: expected a budget too"),
        (("--hidden-size", "0"), "--hidden-size = 0"),
        (("--cell", "LSTN"), "did you mean 'LSTM'"),
        (("--calibration", "nowhere.json"), "nowhere.json cannot be read"),
    ],
)
def test_bad_input_is_said(plan: Plan, arguments: tuple[str, ...], message: str) -> None:
    done = plan(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


def test_a_stale_calibration_is_refused(plan: Plan) -> None:
    done = plan("--threads", "3")
    assert done.exit_code == 2
    assert "the calibration is stale (threads: 1, not 3)" in " ".join(done.stderr.split())


def test_a_training_is_planned_on_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recurra.cli.plan._calibrated", lambda threads: INVENTED)
    table = tmp_path / "reviews.csv"
    table.write_text("text,label\n" + "a good film,yes\na bad film,no\n" * 20, encoding="utf-8")
    arguments = ["plan", "classify", str(table), "--text", "text", "--label", "label", "--epochs", "3", "--json"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["epochs"] == 3
    assert found["fit_seconds"] == pytest.approx(3 * found["epoch_seconds"])
    assert found["epoch_seconds"] >= found["steps"] * found["step_seconds"]
    assert found["parameters"] > 0 < found["peak_memory"]
    assert [layer["name"] for layer in found["layers"]] == ["recurrent"]
