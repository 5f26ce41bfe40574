"""Facts that follow from the equations: parameters, operations, what is kept, whether the state is linear."""

from __future__ import annotations

import pytest
import torch

from recurra import cell, exp, sigmoid, tanh, where
from recurra.cells import GRU, LSTM, CoupledLSTM, Elman, ElmanReLU, OriginalGRU, PeepholeLSTM, ProjectedLSTM
from recurra.derive.facts import saved_size
from recurra.derive.show import show


@pytest.mark.parametrize(
    ("made", "reference", "double_biases"),
    [(Elman, torch.nn.RNN, 1), (LSTM, torch.nn.LSTM, 4), (GRU, torch.nn.GRU, 2)],
    ids=["Elman", "LSTM", "GRU"],
)
def test_parameter_counts_are_torchs_less_its_second_biases(made, reference, double_biases: int) -> None:
    theirs = sum(parameter.numel() for parameter in reference(7, 11).parameters())
    assert made.parameter_count(input_size=7, hidden_size=11) == theirs - double_biases * 11


@pytest.mark.parametrize(
    ("made", "matrices", "elementwise"),
    [(Elman, 1, 3), (LSTM, 4, 16), (GRU, 3, 15)],
    ids=["Elman", "LSTM", "GRU"],
)
def test_flops_are_two_a_multiply_add_and_a_few_elementwise(made, matrices: int, elementwise: int) -> None:
    """The products count exactly; elementwise work is a small multiple of the state's size."""
    count, i, h = made.flops(input_size=7, hidden_size=11), 7, 11
    products = matrices * 2 * (i + h) * h
    assert products < count <= products + 10 * elementwise * h
    assert made.flops(input_size=14, hidden_size=11) - count == matrices * 2 * i * h


def test_a_projection_counts_in_its_own_size() -> None:
    sizes = {"proj_size": 3}
    theirs = sum(p.numel() for p in torch.nn.LSTM(7, 11, proj_size=3).parameters())
    assert ProjectedLSTM.parameter_count(input_size=7, hidden_size=11, sizes=sizes) == theirs - 4 * 11


def test_peepholes_and_coupled_gates() -> None:
    lstm = LSTM.parameter_count(input_size=7, hidden_size=11)
    assert PeepholeLSTM.parameter_count(input_size=7, hidden_size=11) == lstm + 3 * 11
    assert CoupledLSTM.parameter_count(input_size=7, hidden_size=11) == lstm * 3 // 4


@cell
def MinGRU(p, x, h):
    """Feng et al. (2024): linear in its state."""
    z = sigmoid(x @ p.W_z)
    return (1 - z) * h + z * (x @ p.W_h)


@cell
def Chosen(p, x, h):
    return where(x @ p.W > 0, 0.5 * h, x @ p.V) / exp(x @ p.U)


@cell
def Squared(p, x, h):
    return x @ p.W + 0.1 * h * h


@pytest.mark.parametrize("made", [MinGRU, Chosen], ids=lambda c: c.name)
def test_linear_in_its_state(made) -> None:
    assert made.linear_in_state


@pytest.mark.parametrize("made", [Elman, ElmanReLU, LSTM, GRU, OriginalGRU, Squared], ids=lambda c: c.name)
def test_not_linear_in_its_state(made) -> None:
    assert not made.linear_in_state


@pytest.mark.parametrize(
    ("made", "arrays"), [(Elman, 1), (LSTM, 7), (GRU, 5), (MinGRU, 3)], ids=lambda v: getattr(v, "name", "")
)
def test_what_training_keeps(made, arrays: int) -> None:
    """Numbers for each step of each sequence, in states: for the LSTM four gates, tanh(c), c and h."""
    sizes = {"input_size": 7, "hidden_size": 11}
    assert saved_size(made.plans().forward, sizes) == arrays * 11


def test_roles() -> None:
    assert {p.name: p.role for p in PeepholeLSTM.parameters if p.name[-1] == "i"} == {
        "W_xi": "input matrix", "W_hi": "state matrix", "w_ci": "diagonal", "b_i": "bias",
    }  # fmt: skip


@cell
def Mixed(p, x, h):
    return tanh((x @ p.A + h) @ p.B + h @ (p.C - p.C.T))


def test_a_matrix_on_what_depends_on_a_state_is_a_state_matrix() -> None:
    assert {p.name: p.role for p in Mixed.parameters} == {"A": "input matrix", "B": "state matrix", "C": "state matrix"}


def test_plans_are_printed_with_every_part() -> None:
    text = show(Mixed.plans())
    for part in ("forward plan", "  once\n", "before the loop", "in the loop", "after the loop", "carried:", "saved:"):
        assert part in text
    assert text.index("backward plan") < text.index("sums over all rows of all steps")
