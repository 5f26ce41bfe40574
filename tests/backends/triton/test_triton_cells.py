"""Every cell as Triton kernels, forward and backward, against its own function and autograd."""

from __future__ import annotations

import pytest
import torch

from cell_kinds import NESTED, ON_A_GPU
from recurra import Cell
from recurra.cells import (
    GRU,
    LSTM,
    ElmanReLU,
    IndRNN,
    LiGRU,
    MassConservingLSTM,
    MinGRU,
    OriginalGRU,
    ProjectedLSTM,
)
from recurra.transforms import layer_norm, recurrent_dropout, residual, zoneout
from triton_cases import NarrowGate, assert_agrees, case_of

FORMS = ("persistent", "step-wise")


IN_SHORT = ("DeltaNet", "mLSTM")
"""Of the cells with matrices, those that the default run runs."""

CELLS = [
    pytest.param(name, marks=pytest.mark.slow) if name in NESTED - {*IN_SHORT} else name for name in ON_A_GPU
]  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_ragged_batch(name: str, device: torch.device) -> None:
    assert_agrees(case_of(ON_A_GPU[name], (3, 2, 1), reverse=True), device)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in ON_A_GPU if name not in NESTED])
def test_a_ragged_batch_step_by_step(name: str, device: torch.device) -> None:
    assert_agrees(case_of(ON_A_GPU[name], (3, 1)), device, only="step-wise")


SHAPES = {
    "one step": (3,),
    "one sequence": (1, 1, 1),
    "a tile and a row": (17, 17),
    "two tiles, ragged": (18, 17, 1),
}


@pytest.mark.parametrize("only", FORMS)
@pytest.mark.parametrize("reverse", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("cell", [LSTM, OriginalGRU], ids=lambda c: c.name)
def test_awkward_shapes(cell: Cell, shape: str, reverse: bool, only: str, device: torch.device) -> None:
    assert_agrees(case_of(cell, SHAPES[shape], reverse=reverse), device, only=only)


SHARED = [(LSTM, 67), (OriginalGRU, 1), (OriginalGRU, 33), (layer_norm(LiGRU), 33), (ProjectedLSTM, 33),
          (MassConservingLSTM, 33), (NarrowGate, 33)]  # fmt: skip


@pytest.mark.parametrize(("cell", "hidden_size"), SHARED, ids=lambda each: str(getattr(each, "name", each)))
def test_programs_that_share_rows(cell: Cell, hidden_size: int, device: torch.device) -> None:
    """Step by step, 32 columns each: a program reads what others have written, and sums what others have summed."""
    assert_agrees(case_of(cell, (2, 1), hidden_size=hidden_size, input_size=3), device, only="step-wise")


@pytest.mark.parametrize("cell", [IndRNN, MinGRU], ids=lambda c: c.name)
def test_columns_that_need_no_others_are_divided(cell: Cell, device: torch.device) -> None:
    assert_agrees(case_of(cell, (2, 2, 1), hidden_size=37, reverse=True), device)


TRANSFORMED = [
    layer_norm(LSTM),
    zoneout(LSTM, {"h": 0.3, "c": 0.2}),
    recurrent_dropout(GRU, 0.4),
    residual(GRU, projection=True),
    layer_norm(zoneout(ElmanReLU, 0.5)),
    NarrowGate,
]


@pytest.mark.parametrize("only", FORMS)
@pytest.mark.parametrize("cell", TRANSFORMED, ids=lambda c: c.name)
def test_transformed_cells_in_training(cell: Cell, only: str, device: torch.device) -> None:
    """Noise is the same as the eager loop's, drawn anew in the backward pass."""
    case = case_of(cell, (3, 2, 2, 1))
    assert_agrees(case, device, only=only, training=True)


@pytest.mark.parametrize("only", FORMS)
@pytest.mark.parametrize("cell", [LSTM, GRU], ids=lambda c: c.name)
def test_single_precision(cell: Cell, only: str, device: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tf32 is not allowed, as `torch.backends.cudnn` says."""
    monkeypatch.setattr(torch.backends.cudnn.rnn, "fp32_precision", "ieee")
    assert_agrees(case_of(cell, (3, 2, 1)), device, only=only, dtype="float32")
