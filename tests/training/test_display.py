"""What a person sees: a line an epoch in a log, one live line on a terminal, nothing where it is not asked for."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from learners import line, run

from recurra.errors import InputError
from recurra.training import display
from recurra.training.loop import Surroundings

SHOWN = Surroundings(progress=True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_has_a_line_an_epoch(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr(display.time, "monotonic", lambda: float(next(clock)))
    run(line(), epochs=3, surroundings=SHOWN)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert [each.split("  ")[0] for each in lines] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    assert all("loss" in each and "rate 0.05" in each for each in lines)
    found = [re.search(r" valid (\S+) best (\S+) \((\d)\) ", each) for each in lines]
    values = [float(each[1]) for each in found if each]
    assert len(values) == 3
    assert [(float(each[2]), int(each[3])) for each in found if each] == [
        min((value, epoch) for epoch, value in enumerate(values[:seen], 1)) for seen in (1, 2, 3)
    ]


def test_quick_epochs_are_a_line_a_second_and_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    run(line(), epochs=50, surroundings=SHOWN)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("epoch 50/50")
    assert len(lines) < 25


def test_a_terminal_has_one_line_that_is_redrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(display, "_BETWEEN", 0)
    run(line(), epochs=2, surroundings=SHOWN)
    shown = terminal.getvalue()
    assert shown.count("\n") <= 2
    for part in ("epoch 1/2 step 1/4", "epoch 2/2", "loss", "rate 0.05", "valid", "best", "left 0:0"):
        assert part in shown, part


def test_at_most_four_refreshes_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    training = run(line(), epochs=1, batch_size=1, surroundings=SHOWN)
    assert training.steps == 40
    assert terminal.getvalue().count("epoch 1/1") <= 3 + 4 * training.seconds


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0:00"), (61, "1:01"), (3661, "1:01:01"), (-5, "0:00")])
def test_times(seconds: float, text: str) -> None:
    assert display._clock(seconds) == text


def test_tensorboard_gets_every_row(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    training = run(line(), epochs=2, surroundings=Surroundings(tensorboard=tmp_path / "log"))
    log = accumulator.EventAccumulator(str(tmp_path / "log"))
    log.Reload()
    names = {"training/train_loss", "training/learning_rate", "training/gradient_norm", "validation/loss"}
    assert set(log.Tags()["scalars"]) == names
    losses = [(event.step, pytest.approx(event.value, rel=1e-5)) for event in log.Scalars("training/train_loss")]
    assert losses == [(row["step"], row["train_loss"]) for row in training.history.steps]
    assert [event.step for event in log.Scalars("validation/loss")] == [4, 8]


def test_tensorboard_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(InputError, match="needs the package tensorboard: pip install tensorboard"):
        run(line(), surroundings=Surroundings(tensorboard=tmp_path / "log"))
