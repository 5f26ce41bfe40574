"""Packed rows, their order and the shapes of parameters: what a kernel would read past the end of is refused first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from recurra import cell, tanh
from recurra.cells import LSTM as LSTM_CELL
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, RNN, Pooling, Recurrent, Sequential


@cell(sizes={"q": 1})
def Gated(p, x, h, *, q):
    """A cell with a further input."""
    return tanh(x @ p.W + h @ p.U) * q


def both(**options: object) -> list[nn.Module]:
    return [LSTM(3, 6, **options), Recurrent(LSTM_CELL, 3, 6, **options)]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("backend", ["llvm", "torch", "numpy"])
@pytest.mark.parametrize(
    ("batch_sizes", "rows", "said"),
    [
        (torch.tensor([2, 3, 1]), 6, r"batch_sizes \[2, 3, 1\]"),
        (torch.tensor([1, 400]), 401, "never rise"),
        (torch.tensor([3, 2, 1]), 4, "4 packed rows; its batch_sizes add up to 6"),
        (torch.tensor([3, 2, 1]), 9, "9 packed rows; its batch_sizes add up to 6"),
        (torch.tensor([2, 0]), 2, "from 1 on"),
        (torch.tensor([], dtype=torch.int64), 0, "batch_sizes"),
        (torch.tensor([2.0, 1.0]), 3, "whole numbers"),
    ],
)
def test_packed_rows_that_do_not_fit(batch_sizes: torch.Tensor, rows: int, said: str, backend: str) -> None:
    packed = PackedSequence(torch.randn(rows, 3), batch_sizes)
    for layer in both(bidirectional=True):
        layer.backend = backend  # pyright: ignore[reportArgumentType]
        with pytest.raises(InputError, match=said):
            layer(packed)
    with pytest.raises(InputError, match=said):
        Pooling("mean", 3)(packed)


def test_an_order_that_has_not_all_sequences() -> None:
    packed = pack_sequence([torch.randn(4, 3), torch.randn(2, 3)])
    one = torch.tensor([0])
    for layer in both():
        with pytest.raises(InputError, match="an order of shape"):
            layer(PackedSequence(packed.data, packed.batch_sizes, one, one), (torch.ones(1, 2, 6),) * 2)


def test_further_inputs_are_of_the_same_sequences() -> None:
    layer = Recurrent(Gated, 3, 3)
    short, long = torch.randn(2, 3), torch.randn(4, 3)
    x = pack_sequence([short, long], enforce_sorted=False)
    fits = pack_sequence([torch.ones(2, 1), torch.zeros(4, 1)], enforce_sorted=False)
    output, _ = layer(x, inputs={"q": fits})
    assert not output.data[output.batch_sizes[0] - 2].any()  # the longer one comes first, and its q is 0
    with pytest.raises(InputError, match=r"inputs\['q'\]: its sequences are packed in another order"):
        layer(x, inputs={"q": pack_sequence([torch.ones(4, 1), torch.zeros(2, 1)], enforce_sorted=False)})
    flags = PackedSequence(torch.zeros(6, dtype=torch.bool), x.batch_sizes)
    with pytest.raises(InputError, match="reset: its sequences are packed in another order"):
        layer(x, inputs={"q": fits}, reset=flags)


def test_an_order_that_is_no_change_is_none() -> None:
    """`enforce_sorted` leaves the order out, and otherwise it may be 0, 1, 2."""
    layer = Recurrent(Gated, 3, 3)
    x = pack_sequence([torch.randn(4, 3), torch.randn(2, 3)])
    q = pack_sequence([torch.ones(4, 1), torch.ones(2, 1)], enforce_sorted=False)
    assert q.sorted_indices is not None
    layer(x, inputs={"q": q})


@pytest.mark.parametrize(
    "make", [lambda: LSTM(3, 6, 2, proj_size=4), lambda: GRU(3, 6, bidirectional=True), lambda: RNN(3, 6)]
)
def test_parameters_of_another_shape(make: Callable[[], nn.Module]) -> None:
    """Each of them, made smaller or turned over, as after copying from a layer with another layout."""
    for name, parameter in make().named_parameters():
        for wrong in (parameter.detach()[:1].clone(), torch.randn(7, 5)):
            layer = make()
            layer.get_parameter(name).data = wrong
            with pytest.raises(InputError, match=rf"{name}: got shape .* expected \({parameter.shape[0]},"):
                layer(torch.randn(5, 2, 3))


def test_parameters_of_a_cell_in_torchs_layout() -> None:
    layer = Recurrent(LSTM_CELL, 3, 6)
    stream = layer.eval().stream()
    layer.W_xi_l0 = nn.Parameter(torch.randn(6, 3))
    with pytest.raises(InputError, match=r"W_xi_l0: got shape \(6, 3\), expected \(3, 6\)"):
        layer(torch.randn(5, 2, 3))
    with pytest.raises(InputError, match="W_xi_l0"):
        stream.refresh()


def test_parameters_of_a_head() -> None:
    linear, norm = nn.Linear(6, 2), nn.LayerNorm(6)
    stream = Sequential(LSTM(3, 6), norm, linear).eval().stream()
    stream.step(torch.randn(3))
    linear.weight.data = torch.randn(6, 2)
    with pytest.raises(InputError, match=r"weight: got shape \(6, 2\), expected \(2, 6\)"):
        stream.refresh()
    linear.weight.data, norm.bias.data = torch.randn(2, 6), torch.randn(1)
    with pytest.raises(InputError, match=r"bias: got shape \(1,\), expected \(6,\)"):
        stream.refresh()
