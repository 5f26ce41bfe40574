"""What `import recurra.nn` costs beyond torch, and what it leaves alone."""

from __future__ import annotations

from fresh_python import output_of

MEASURE = """
import time, torch
from torch.nn.utils import rnn
start = time.process_time()
import recurra.nn
for name in dir(recurra.nn): getattr(recurra.nn, name)
print(time.process_time() - start)
"""
TASKS = ("polars", "pydantic", "typer", "rich", "yaml", "matplotlib", "optuna", "torch._dynamo")


def test_it_takes_little_time() -> None:
    """Every name of the package, whose built-in cells are traced: 0.4 to 0.6 s of a processor were measured."""
    assert min(float(output_of(MEASURE)) for _ in range(2)) < 0.8


def test_it_imports_nothing_that_only_tasks_need() -> None:
    loaded = output_of(
        "import sys, recurra.nn as r; [getattr(r, name) for name in dir(r)]; print(*sys.modules)"
    ).split()
    assert "torch" in loaded
    assert not [name for name in TASKS if name in loaded]


def test_a_first_step_does_not_import_the_compiler() -> None:
    """Running a layer, forward and backward, leaves dynamo alone: more than a second."""
    run = (
        "import sys, torch, recurra.nn as r; r.LSTM(2, 3)(torch.ones(4, 1, 2))[0].sum().backward(); print(*sys.modules)"
    )
    assert "torch._dynamo" not in output_of(run).split()
