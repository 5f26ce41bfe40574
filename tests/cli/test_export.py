"""`recurra export`."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from cli_cases import Run

from recurra.nn import GRU


def test_a_model_of_a_task_is_refused_by_name(run: Run, model: Path, tmp_path: Path) -> None:
    outcome = run("export", model, "--to", "c", "--out", tmp_path / "series.c")
    assert outcome.code == 2
    assert "is a model for forecast, and such models cannot be exported yet" in outcome.err
    assert not (tmp_path / "series.c").exists()


def test_what_can_be_exported_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    layer = GRU(2, 3)
    layer.backend = "numpy"
    monkeypatch.setattr("recurra.cli.export.load_model", lambda folder: layer)
    given = ("export", tmp_path, "--out", tmp_path / "gates.c", "--weights", "int8")
    assert run(*given).out == f"Wrote {tmp_path / 'gates.c'} and {tmp_path / 'gates.h'}.\n"
    again = run(*given)
    assert (again.code, "already there; overwrite=True, on the command line --overwrite" in again.err) == (2, True)
    assert run(*given, "--overwrite", "--quiet").out == ""
