"""`recurra export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from cli_cases import Run

from recurra.nn import GRU


def test_a_model_of_a_task_is_written_with_its_tables(run: Run, model: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"series{suffix}" for suffix in (".c", ".h", ".json")]
    outcome = run("export", model, "--to", "c", "--out", files[0])
    assert outcome.out == f"Wrote {', '.join(map(str, files[:-1]))} and {files[-1]}.\n"
    tables = json.loads(files[-1].read_text())
    assert (tables["task"], tables["version"], tables["output"]["steps"]) == ("forecast", 1, 3)


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


def test_an_object_is_for_a_target(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = GRU(2, 3)
    layer.backend = "numpy"
    monkeypatch.setattr("recurra.cli.export.load_model", lambda folder: layer)
    given = ("export", tmp_path, "--to", "object", "--out", tmp_path / "gates.o", "--target")
    assert run(*given, "riscv32").out == f"Wrote {tmp_path / 'gates.o'} and {tmp_path / 'gates.h'}.\n"
    outcome = run(*given, "riscv23", "--overwrite")
    assert (outcome.code, "no processor 'riscv23'; expected one of" in outcome.err) == (2, True)
