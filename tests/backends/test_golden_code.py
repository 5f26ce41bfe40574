"""What is compiled is committed: a refactoring of the LLVM backend shows an empty diff.

The loops of every cell, and the whole IR of the shortest one for a processor with AVX2. A change that is meant is
written with `pytest --renew-golden tests/backends/test_golden_code.py`, read and committed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recurra.backends.llvm import program
from recurra.backends.llvm.compiler import Target
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.backends.llvm.program import Form
from recurra.cells import Elman, all_cells

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
AVX2 = Target("x86_64-unknown-linux-gnu", "haswell", "+avx2,+fma", 256, 6)
PASSES = ("inference", "forward", "backward")


@pytest.mark.parametrize("name", all_cells)
def test_loops_are_as_committed(name: str, golden: Callable[[Path, str], None]) -> None:
    kernel = LLVMKernel(all_cells[name].plans(), AVX2)
    text = "\n".join(f"{which}\n\n{kernel.source('loops', which=which)}" for which in PASSES)
    golden(GOLDEN / "loops" / f"{name}.txt", text)


@pytest.mark.parametrize("which", ["forward", "backward"])
@pytest.mark.parametrize("is_joint", [False, True], ids=["own sequences", "joint"])
def test_the_ir_is_as_committed(
    which: str, is_joint: bool, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "openmp", lambda: True)
    form = Form(is_hoisted=not is_joint, is_joint=is_joint)
    text = LLVMKernel(Elman.plans(), AVX2).source("ir", which=which, form=form)
    golden(GOLDEN / "ir" / f"Elman_{which}{'_joint' if is_joint else ''}.ll", text)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "loops").glob("*.txt")} == set(all_cells)
    assert len(list((GOLDEN / "ir").glob("*"))) == 4
