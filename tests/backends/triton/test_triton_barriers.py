"""Programs that share rows and run at once: what one reads of another was written before the barrier between them."""

from __future__ import annotations

import pytest

pytest.importorskip("triton", reason="its interpreter runs these tests")

import torch
from taking_turns import take_turns

from cell_kinds import NESTED, ON_A_GPU
from recurra import Cell
from recurra.backends.cost import Limits
from recurra.backends.triton import kernel, kernel_choice, phases
from recurra.cells import GRU, LSTM, NAS, WMCLSTM, MassConservingLSTM, OriginalGRU, ProjectedLSTM
from recurra.transforms import layer_norm, zoneout
from triton_cases import NarrowGate, assert_agrees, case_of


@pytest.fixture(params=[False, True], ids=["first first", "last first"])
def in_turns(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, device: torch.device) -> None:
    """Run programs of 16 columns that share rows, in either order between two barriers."""
    if device.type == "cuda":
        pytest.skip("on a device the programs of these forms run at once in the tests of all cells")
    monkeypatch.setattr(kernel_choice, "_all_columns", lambda *_: None)
    monkeypatch.setattr(kernel, "limits_of", lambda device: Limits(multiprocessors=64, shared=160 * 1024))
    take_turns(monkeypatch, backwards=request.param)


SHARED = [
    (LSTM, (3, 2, 1)),
    (OriginalGRU, (17, 17, 2)),
    (layer_norm(LSTM), (2, 2, 1)),
    (layer_norm(zoneout(OriginalGRU, 0.3)), (2, 2, 1)),
    (ProjectedLSTM, (2, 2, 2)),
    (WMCLSTM, (2, 2, 1)),
    (NAS, (2, 2)),
    (NarrowGate, (2, 2, 1)),
    (MassConservingLSTM, (2, 2, 1)),
]


@pytest.mark.parametrize(("cell", "batch_sizes"), SHARED, ids=lambda each: str(getattr(each, "name", "")))
@pytest.mark.usefixtures("in_turns")
def test_programs_wait_where_they_must(cell: Cell, batch_sizes: tuple[int, ...], device: torch.device) -> None:
    case = case_of(cell, batch_sizes, hidden_size=18, input_size=3)
    assert_agrees(case, device, only="persistent", training=cell.random)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in ON_A_GPU if name not in NESTED])
@pytest.mark.usefixtures("in_turns")
def test_programs_of_every_cell_wait_where_they_must(name: str, device: torch.device) -> None:
    sizes = dict.fromkeys(ON_A_GPU[name].sizes, 19)
    assert_agrees(case_of(ON_A_GPU[name], (2, 2, 1), reverse=True, **sizes), device, only="persistent")


@pytest.mark.parametrize("cell", [LSTM, GRU], ids=lambda c: c.name)
@pytest.mark.usefixtures("in_turns")
def test_the_test_sees_a_barrier_that_is_left_out(
    cell: Cell, device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phases, "_with_barriers", lambda found, **_: tuple(found))
    with pytest.raises(AssertionError):
        assert_agrees(case_of(cell, (2, 2, 1), hidden_size=18), device, only="persistent")
