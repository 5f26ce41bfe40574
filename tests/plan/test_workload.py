"""What is asked about: sizes are checked, lengths become batch sizes, a layer says its own."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from recurra import nn
from recurra.cells import GRU, LSTM, Elman, MinGRU, ProjectedLSTM
from recurra.errors import InputError
from recurra.plan import Workload
from recurra.spec import Cell


@pytest.mark.parametrize("name", ["input_size", "hidden_size", "layers", "threads"])
@pytest.mark.parametrize("value", [0, -3, 1.5, True])
def test_sizes_are_whole_numbers_from_one(name: str, value: Any) -> None:
    fields: dict[str, Any] = {"cell": LSTM, "input_size": 3, "hidden_size": 5, "lengths": (4,), name: value}
    with pytest.raises(InputError, match=f"{name}: got {value}"):
        Workload(**fields)


@pytest.mark.parametrize("lengths", [(), (3, 0)])
def test_a_batch_has_sequences_with_steps(lengths: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="whole number"):
        Workload(cell=LSTM, input_size=3, hidden_size=5, lengths=lengths)


def test_unknown_dtype_and_layout_are_refused() -> None:
    with pytest.raises(InputError, match="bfloat16"):
        Workload(cell=LSTM, input_size=3, hidden_size=5, lengths=(3,), dtype="bfloat16")
    with pytest.raises(InputError, match="MinGRU is no layer of"):
        Workload(cell=MinGRU, input_size=3, hidden_size=5, lengths=(3,), as_torch=True)


def test_batch_sizes_are_those_of_a_packed_sequence() -> None:
    lengths = (7, 7, 4, 1)
    packed = pack_sequence([torch.zeros(length, 3) for length in lengths])
    workload = Workload(cell=LSTM, input_size=3, hidden_size=5, lengths=lengths)
    assert workload.batch_sizes == tuple(packed.batch_sizes.tolist())
    assert (workload.rows, workload.batch, workload.is_ragged) == (19, 4, True)


@pytest.mark.parametrize("layer", [nn.LSTM(3, 5, 2, bidirectional=True), nn.Recurrent(GRU, 3, 5, num_layers=2)])
def test_a_layer_says_its_workload(layer: Any) -> None:
    workload = Workload.of(layer, lengths=(4, 4), threads=1)
    assert workload.parameters == sum(each.numel() for each in layer.parameters())
    assert [*workload.layer().state_dict()] == [*layer.state_dict()]


def test_no_recurrent_layer_is_refused() -> None:
    with pytest.raises(InputError, match=r"got Linear, expected a recurrent layer of recurra\.nn"):
        Workload.of(torch.nn.Linear(3, 4), lengths=(3,))


@pytest.mark.parametrize(
    ("cell", "by_hand"),
    [(LSTM, lambda i, h: 4 * h * (i + h + 1)), (GRU, lambda i, h: 3 * h * (i + h + 1) + h),
     (Elman, lambda i, h: h * (i + h + 1))],
)  # fmt: skip
def test_parameters_by_hand(cell: Cell, by_hand: Any) -> None:
    workload = Workload(cell=cell, input_size=6, hidden_size=9, layers=2, lengths=(3,))
    assert workload.parameters == by_hand(6, 9) + by_hand(9, 9)


def test_further_sizes_are_given() -> None:
    workload = Workload(cell=ProjectedLSTM, input_size=6, hidden_size=9, lengths=(3,), sizes=(("proj_size", 2),))
    assert workload.parameters == ProjectedLSTM.parameter_count(input_size=6, hidden_size=9, sizes={"proj_size": 2})
