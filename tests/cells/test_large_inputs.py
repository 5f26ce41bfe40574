"""Inputs of scale 1,000 in float32: outputs and gradients of every cell are finite."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from random_cells import compiled_at_low_cost
from recurra import Cell
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.cells import all_cells
from recurra.testing.cases import draw_case, numbers_for
from recurra.testing.runs import run_plans

SCALE = 1000.0


@pytest.mark.parametrize("checked", all_cells.values(), ids=lambda checked: checked.name)
def test_outputs_and_gradients_are_finite(checked: Cell) -> None:
    case = draw_case(checked, numbers_for(checked, {}), (3, 3, 3))
    inputs = [SCALE * (np.abs(value) if leaf.name in ("mass", "dt") else value)
              for leaf, value in zip(checked.step.inputs, case.call.inputs, strict=True)]  # fmt: skip
    case = replace(case, call=replace(case.call, inputs=inputs))
    with compiled_at_low_cost(), np.errstate(all="ignore"):
        found = run_plans(case, LLVMKernel, dtype="float32")
    assert all(np.isfinite(array).all() for array in (*found.values, *found.gradients))
