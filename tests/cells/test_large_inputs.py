"""Inputs of scale 1,000 in float32: outputs and gradients of every cell, and of every transform, are finite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from cell_ranges import ranges_of
from random_cells import compiled_at_low_cost
from recurra import Cell, transforms
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.cells import LSTM, ElmanReLU, all_cells, sLSTM, sLSTMHeads
from recurra.testing.cases import draw_case, numbers_for
from recurra.testing.runs import run_plans

SCALE = 1000.0

TRANSFORMS: dict[str, Callable[[Cell], Cell]] = {
    "batch_norm": transforms.batch_norm,
    "layer_norm": transforms.layer_norm,
    "recurrent_dropout": lambda cell: transforms.recurrent_dropout(cell, 0.3),
    "residual": lambda cell: transforms.residual(cell, projection=True),
    "weight_drop": lambda cell: transforms.weight_drop(cell, 0.3),
    "zoneout": lambda cell: transforms.zoneout(cell, 0.3),
}


def assert_finite(checked: Cell, *, training: bool = False) -> None:
    case = draw_case(checked, numbers_for(checked, {}), (3, 3, 3), ranges=ranges_of(checked))
    case = replace(case, call=replace(case.call, inputs=[SCALE * value for value in case.call.inputs]))
    with compiled_at_low_cost(), np.errstate(all="ignore"):
        found = run_plans(case, LLVMKernel, dtype="float32", training=training)
    assert all(np.isfinite(array).all() for array in (*found.values, *found.gradients))


@pytest.mark.parametrize("checked", all_cells.values(), ids=lambda checked: checked.name)
def test_outputs_and_gradients_are_finite(checked: Cell) -> None:
    assert_finite(checked)


@pytest.mark.parametrize("name", transforms.__all__)
@pytest.mark.parametrize("cell", [LSTM, ElmanReLU, sLSTM, sLSTMHeads], ids=lambda cell: cell.name)
def test_those_of_transformed_cells_are_finite(cell: Cell, name: str) -> None:
    """With the noise and the statistics of training, where there are any; in evaluation there is less."""
    assert_finite(TRANSFORMS[name](cell), training=True)
