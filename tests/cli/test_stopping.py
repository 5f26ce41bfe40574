"""A loss that is not finite, and Ctrl-C: the best model so far is kept, and the exit code tells."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from cli_cases import SMALL, Run

from recurra.tasks import Forecaster
from recurra.tasks.forecast.network import ForecastLearner
from recurra.training.checkpoints import checkpoint_folder

COMMAND = [sys.executable, "-c", "from recurra.cli.main import main; main()"]


def poison(monkeypatch: pytest.MonkeyPatch, *, epoch: int) -> None:
    """Make the loss NaN from an epoch (from 0) on."""
    loss = ForecastLearner.loss

    def poisoned(self: ForecastLearner, batch: Any) -> torch.Tensor:
        found = loss(self, batch)
        return found * float("nan") if self.training and self.epoch >= epoch else found

    monkeypatch.setattr(ForecastLearner, "loss", poisoned)


def test_nan_after_an_epoch_keeps_the_best_model(
    run: Run, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, epoch=1)
    outcome = run("fit", "forecast", series, *SMALL, "--out", tmp_path / "model")
    assert outcome.code == 3
    assert "Error: the loss is nan at epoch 2, step 1" in outcome.err
    assert "the weights of epoch 1 are kept" in outcome.err
    assert Forecaster.load(tmp_path / "model").metrics_["training"]["ended_by"] == "loss"


def test_nan_at_once_writes_nothing(run: Run, series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch, epoch=0)
    outcome = run("fit", "forecast", series, *SMALL, "--out", tmp_path / "model")
    assert outcome.code == 3
    assert "Error: the loss is nan at epoch 1, step 1" in outcome.err
    assert not (tmp_path / "model").exists()


def test_a_huge_learning_rate_ends_with_a_message(run: Run, series: Path, tmp_path: Path) -> None:
    options = ["--learning-rate", "1e6", "--weight-decay", "1e6", "--epochs", "5"]
    outcome = run("fit", "forecast", series, *SMALL, *options, "--out", tmp_path / "model")
    assert outcome.code == 3
    assert "Error: the" in outcome.err
    assert "loss is nan at epoch" in outcome.err or "loss is inf at epoch" in outcome.err


def wait_for_an_epoch(model: Path, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if [*checkpoint_folder(model).glob("best-*.safetensors")]:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    raise AssertionError("no epoch ended within a minute")


def test_ctrl_c_keeps_the_best_model(series: Path, tmp_path: Path) -> None:
    long = ["--epochs", "1000000", "--patience", "1000000"]
    arguments = ["fit", "forecast", str(series), *SMALL, *long, "--out", str(tmp_path / "model")]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for_an_epoch(tmp_path / "model", process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert f"interrupted; the best weights so far are in {tmp_path / 'model'}" in err
    assert "Traceback" not in err
    assert "Test errors" in out
    assert json.loads((tmp_path / "model" / "metrics.json").read_text())["training"]["ended_by"] == "interrupt"
    assert Forecaster.load(tmp_path / "model").predict().height == 3
