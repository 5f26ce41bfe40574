"""Facts that follow from the equations: parameters, operations, what is kept, whether the state is linear."""

from __future__ import annotations

import pytest
import torch

from recurra import cell, exp, sigmoid, tanh, where
from recurra.cells import GRU, LSTM, CoupledLSTM, Elman, ElmanReLU, PeepholeLSTM, ProjectedLSTM
from recurra.derive.equations import show
from recurra.derive.facts import count


@pytest.mark.parametrize(
    ("made", "reference", "double_biases"),
    [(Elman, torch.nn.RNN, 1), (LSTM, torch.nn.LSTM, 4), (GRU, torch.nn.GRU, 2)],
    ids=["Elman", "LSTM", "GRU"],
)
def test_parameter_counts_are_torchs_less_its_second_biases(made, reference, double_biases: int) -> None:
    theirs = sum(parameter.numel() for parameter in reference(7, 11).parameters())
    assert made.parameter_count(input_size=7, hidden_size=11) == theirs - double_biases * 11


# A multiply-add is two, an addition or a product one, a tanh five, a sigmoid four.
FLOPS = [
    (Elman, 1, 2 + 5),  # two additions, tanh
    (LSTM, 4, 4 * 2 + 3 * 4 + 5 + 3 + 5 + 1),  # additions of four gates, three sigmoids, tanh; c: three; o * tanh(c)
    (GRU, 3, 2 * (2 + 4) + (1 + 1 + 1 + 1) + 5 + 4),  # two gates; n: two biases, r * (...), one more sum; tanh; h: four
]


@pytest.mark.parametrize(("made", "matrices", "elementwise"), FLOPS, ids=["Elman", "LSTM", "GRU"])
def test_flops_are_those_counted_by_hand(made, matrices: int, elementwise: int) -> None:
    i, h = 7, 11
    assert made.flops(input_size=i, hidden_size=h) == matrices * 2 * (i + h) * h + elementwise * h


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


@cell
def Bent(p, x, h):
    return where(h > 0, h, x @ p.W)


@cell
def Divided(p, x, h):
    return x @ p.W / (2.0 + h)


@cell(sizes={"last": "input_size", "before": "input_size"})
def Window(p, x, h, last, before):
    """A window of three inputs: the order of two states is that of the register."""
    f = sigmoid(x @ p.A + last @ p.B + before @ p.C)
    return f * h + (1 - f) * (last @ p.D), x, last


@cell(sizes={"kept": "input_size"})
def Held(p, x, h, kept):
    """Its second state depends on itself, and is no past input."""
    return sigmoid(kept @ p.A) * h, 0.5 * kept + x


def test_a_matrix_on_past_inputs_is_an_input_matrix() -> None:
    assert {p.name: p.role for p in Window.parameters} == dict.fromkeys("ABCD", "input matrix")
    assert {p.name: p.role for p in Held.parameters} == {"A": "state matrix"}


@pytest.mark.parametrize("made", [MinGRU, Chosen, Window], ids=lambda c: c.name)
def test_linear_in_its_state(made) -> None:
    assert made.linear_in_state


@pytest.mark.parametrize("made", [Elman, ElmanReLU, LSTM, GRU, Squared, Bent, Divided, Held], ids=lambda c: c.name)
def test_not_linear_in_its_state(made) -> None:
    assert not made.linear_in_state


@pytest.mark.parametrize(
    ("made", "arrays"), [(Elman, 1), (LSTM, 6), (GRU, 5), (MinGRU, 3)], ids=lambda v: getattr(v, "name", "")
)
def test_what_training_keeps(made, arrays: int) -> None:
    """Numbers for each step of each sequence, in states: for the LSTM four gates, c and h."""
    sizes = {"input_size": 7, "hidden_size": 11}
    plan = made.plans().forward
    kept = dict.fromkeys((*plan.saved, *plan.step.next_states, *plan.step.outputs))
    assert count([each.shape for each in kept], sizes) == arrays * 11


def test_roles() -> None:
    assert {p.name: p.role for p in PeepholeLSTM.parameters if p.name[-1] == "i"} == {
        "W_xi": "input matrix", "W_hi": "state matrix", "w_ci": "diagonal", "b_i": "bias",
    }  # fmt: skip


@cell
def Added(p, x, h):
    return tanh(x @ p.W - p.b - (p.c + p.d)) + (p.e + 1.0) * h - 2.0 * p.f


def test_a_bias_is_added_by_itself_or_in_a_sum() -> None:
    """A vector that is scaled, or in a sum that is multiplied, is none."""
    found = {p.name: p.role for p in Added.parameters if p.name != "W"}
    assert found == {**dict.fromkeys("bcd", "bias"), **dict.fromkeys("ef", "diagonal")}


@cell(sizes={"x": "hidden_size"})
def Mixed(p, x, h):
    return tanh((x @ p.A + h) @ p.B + h @ (p.C - p.C.T) + x @ p.D + h @ p.D)


def test_a_matrix_on_what_depends_on_a_state_is_a_state_matrix() -> None:
    roles = {p.name: p.role for p in Mixed.parameters}
    assert roles == {"A": "input matrix", **dict.fromkeys("BCD", "state matrix")}


def test_plans_are_printed_with_every_part() -> None:
    text = show(Mixed.plans())
    for part in ("forward plan", "  once\n", "before the loop", "in the loop", "after the loop", "carried:", "saved:"):
        assert part in text
    assert text.index("backward plan") < text.index("sums over all rows of all steps")
