"""A kill at every step of saving a model: it is the old one or the new one, whole, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from kill_campaign import save_until_killed, version, versioned
from small_models import in_child

from recurra.training import model_folder
from recurra.training.model_folder import find_model, write_model_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")

FILES = {"config.yaml": b"task: forecast", "metrics.json": b"{}", "weights.safetensors": bytes(1000)}


def killed(target: Path, number: int, *, step: int) -> bool:
    """Save in another process until a step, and say whether it was killed before it was done."""
    child = in_child(lambda: save_until_killed(target, versioned(FILES, number, padding=100), after=step))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


@pytest.mark.parametrize("exchange", [True, False], ids=["exchanged", "moved"])
@pytest.mark.parametrize("old", [True, False], ids=["over a model", "a new one"])
def test_a_kill_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchange: bool, old: bool) -> None:
    if not exchange:
        monkeypatch.setattr(model_folder, "_system_exchange", lambda: None)
    step, found = 0, set()
    while True:
        target = tmp_path / str(step) / "model"
        target.parent.mkdir()
        if old:
            write_model_folder(target, versioned(FILES, 1, padding=100))
        if not killed(target, 2, step=step):
            break
        found.add(version(target) if find_model(target) else 0)
        write_model_folder(target, versioned(FILES, 3, padding=100))
        assert version(target) == 3
        assert [path.name for path in target.parent.iterdir()] == ["model"], step
        step += 1
    assert step > 10  # so many steps are there that one can be killed at
    assert found == {1, 2} if old else {0, 2}
