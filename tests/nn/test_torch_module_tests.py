"""PyTorch's own tests of its recurrent modules, run on recurra's classes, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("torch_module_tests.py")


def run(*arguments: str) -> None:
    found = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    passed, _, count, _ = found.stdout.split()[-4:]
    assert passed == count
    assert int(count) >= 20


def test_recurras_classes_pass_torchs_tests() -> None:
    run()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_every_derivative_of_every_sample(name: str) -> None:
    run("--all", name)
