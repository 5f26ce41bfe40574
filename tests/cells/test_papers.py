"""Cells against what their papers say: the statements of each, one sequence at a time, and laws that they obey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import papers_further  # noqa: F401  (enters its statements)
import papers_gated  # noqa: F401
import papers_lstm  # noqa: F401
import papers_time  # noqa: F401
import pytest
import torch
from papers import OWN, STATEMENTS, H, I, Matrices
from torch import Tensor, sigmoid, tanh

from recurra import Cell
from recurra.cells import (
    CTRNN,
    GRUODE,
    IRNN,
    LTC,
    RWKV4,
    S5,
    SCLSTM,
    DilatedGRU,
    Elman,
    MassConservingLSTM,
    OriginalGRU,
    all_cells,
    ctrnn,
    echo_state,
    gru_ode,
    ltc,
    ncp,
    sLSTM,
)
from recurra.nn import Recurrent

T, B = 7, 2
Rows = Mapping[str, Tensor]


def layer_of(cell: Cell, *, input_size: int = I, **options: Any) -> Recurrent:
    """Return a layer with parameters that are all random."""
    torch.manual_seed(0)
    own = {name: OWN for name in cell.sizes if name not in ("input_size", "hidden_size")}
    layer = Recurrent(cell, input_size, H, sizes=own, dtype=torch.float64, backend="torch", **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-0.8, 0.8)
    return layer


def of(layer: Recurrent) -> Matrices:
    """Return parameters and fixed arrays as in a paper, where a matrix stands to the left of a column."""
    values = {p.name: getattr(layer, f"{p.name}_l0").detach() for p in layer.cell.step.parameters}
    return {name: value.T if value.dim() == 2 else value for name, value in values.items()}


def further_of(cell: Cell) -> Rows:
    widths = {leaf.name: I if leaf.shape[0] == "input_size" else int(leaf.shape[0]) for leaf in cell.further_inputs}
    generator = torch.Generator().manual_seed(1)
    return {n: torch.rand(T, B, width, dtype=torch.float64, generator=generator) for n, width in widths.items()}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_equations_of_the_paper(name: str) -> None:
    cell = all_cells[name]
    layer, x = layer_of(cell), torch.randn(T, B, I, dtype=torch.float64)
    further = {key: value.round() if key == "seen" else value for key, value in further_of(cell).items()}
    output = layer(x, inputs=further)[0]
    # the mass conserving cell adds 1e-5 to a norm, which the paper does not
    allowed = 1e-4 if name == "MassConservingLSTM" else 1e-12
    for k in range(B):
        given = {key: value[:, k] for key, value in further.items()}
        expected = STATEMENTS[name].outputs(of(layer), x[:, k], **given)
        torch.testing.assert_close(output[:, k], torch.stack(expected), atol=allowed, rtol=allowed)


def test_what_is_conserved_is_put_out_or_kept() -> None:
    """In exact numbers, whatever the parameters are."""
    layer = layer_of(MassConservingLSTM)
    x, mass = torch.randn(T, B, I, dtype=torch.float64), torch.rand(T, B, 1, dtype=torch.float64)
    output, state = layer(x, inputs={"mass": mass})
    assert (output >= 0).all()
    torch.testing.assert_close(output.sum((0, 2)) + state[0].sum(-1), mass.sum((0, 2)))


def test_a_reservoir_has_its_spectral_radius_and_its_density() -> None:
    """And other weights from another seed, the same from the same."""
    made = [echo_state(radius=0.7, density=0.2, scale=0.5, seed=seed) for seed in (1, 1, 2)]
    sizes = {"input_size": 3, "hidden_size": 40}
    first, again, other = (cell.fixed_arrays(sizes) for cell in made)
    for arrays in (first, other):
        assert np.abs(np.linalg.eigvals(arrays["W"])).max() == pytest.approx(0.7)
        assert ((arrays["W"] != 0).sum(0) == 8).all()
        assert 0.4 < np.abs(arrays["W_in"]).max() <= 0.5
    assert (first["W"] == again["W"]).all()
    assert not (first["W"] == other["W"]).all()


def test_s5_begins_with_the_eigenvalues_of_hippos_normal_part() -> None:
    """HiPPO-LegS as Gu et al. (2020) print it, and what Gupta et al. (2022) add to make it normal."""
    n = np.arange(8)
    legs = -np.tril(np.sqrt(np.outer(2 * n + 1, 2 * n + 1)), -1) - np.diag(n + 1.0)
    found = np.linalg.eigvals(legs + np.outer(np.sqrt(n + 0.5), np.sqrt(n + 0.5)))
    np.testing.assert_allclose(found.real, -0.5, atol=1e-9)
    begins = S5.initial_parameters({"input_size": 3, "hidden_size": 5, "state_size": 4})
    np.testing.assert_allclose(begins["im"], sorted(found.imag)[4:])
    assert -np.exp(begins["log_re"]) == pytest.approx(-0.5)


def test_the_wiring_of_a_neural_circuit_policy() -> None:
    """From inputs to interneurons, on to command neurons, among these, and on to motor neurons; none is left out."""
    cell, sizes = ncp(motors=2, density=0.3, seed=5), {"input_size": 4, "hidden_size": 22}
    wired = cell.fixed_arrays(sizes)
    begins = cell.initial_parameters(sizes)
    layer = np.repeat([2, 1, 0], [2, 8, 12])  # motor, command and interneurons
    assert set(layer[wired["wired_x"].any(0)]) == {0}
    assert wired["wired_x"].any(1).all()
    before, after = layer[np.argwhere(wired["wired"])].T
    assert set(zip(before.tolist(), after.tolist(), strict=True)) == {(0, 1), (1, 1), (1, 2)}
    assert (wired["wired_x"].any(0) | wired["wired"].any(0)).all()
    assert (np.abs(begins["E"]) == wired["wired"]).all()
    assert set(np.unique(begins["E"])) == {-1, 0, 1}


@pytest.mark.parametrize("size", [1e3, -1e3])
@pytest.mark.parametrize("gate", ["i", "f"])
def test_the_stabiliser_keeps_exponential_gates_in_range(gate: str, size: float) -> None:
    """exp of a thousand is infinite in float64; the outputs and their gradients are finite, and at most 1."""
    layer = layer_of(sLSTM, init={})
    with torch.no_grad():
        getattr(layer, f"b_{gate}_l0").fill_(size)
    output = layer(torch.randn(T, B, I, dtype=torch.float64))[0]
    assert (output.abs() <= 1).all()
    assert all(g.isfinite().all() for g in torch.autograd.grad(output.sum(), list(layer.parameters())))


@pytest.mark.parametrize("skip", [1, 2, 3])
def test_a_dilated_gru_is_a_gru_on_every_nth_step(skip: int) -> None:
    dilated, plain = layer_of(DilatedGRU.delayed({"h_s": skip})), layer_of(OriginalGRU)
    x = torch.randn(3 * skip, B, I, dtype=torch.float64)
    output = dilated(x)[0]
    for first in range(skip):
        torch.testing.assert_close(output[first::skip], plain(x[first::skip])[0])


def test_a_leaky_integrator_with_a_step_of_its_time_constant_is_elmans_network() -> None:
    x = torch.randn(T, B, I, dtype=torch.float64)
    torch.testing.assert_close(layer_of(ctrnn(step=2.0, tau=2.0))(x)[0], layer_of(Elman)(x)[0])


def test_a_leaky_integrator_nears_a_constant_drive_by_a_tenth_of_the_distance() -> None:
    layer = layer_of(CTRNN)
    with torch.no_grad():
        layer.W_h_l0.zero_()
    x = torch.randn(1, B, I, dtype=torch.float64).expand(T, B, I)
    drive = tanh(x @ layer.W_x_l0 + layer.b_l0)
    shares = 1 - 0.9 ** torch.arange(1, T + 1, dtype=torch.float64)
    torch.testing.assert_close(layer(x)[0], shares[:, None, None] * drive)


def test_irnn_begins_as_a_sum_of_its_inputs() -> None:
    """With the identity on its state and no bias, a state of positive drives is their sum."""
    layer = Recurrent(IRNN, I, H, init={"W_x": 0.5}, dtype=torch.float64)
    x = torch.rand(T, B, I, dtype=torch.float64)
    torch.testing.assert_close(layer(x)[0], (x @ layer.W_x_l0).cumsum(0))


def test_a_dialogue_act_is_read_away() -> None:
    """SC-LSTM from a given act: what is left of it falls with each word, and is written into the memory."""
    layer, x = layer_of(SCLSTM), torch.randn(T, 1, I, dtype=torch.float64)
    p, act = of(layer), torch.tensor([1.0, 0, 1, 0], dtype=torch.float64)
    start = torch.zeros(1, 1, H, dtype=torch.float64)
    output, (_, _, left) = layer(x, (start, start, act.expand(1, 1, OWN)))
    h, c, d = torch.zeros(H, dtype=torch.float64), torch.zeros(H, dtype=torch.float64), act
    for t in range(T):
        i, f, o, g = (p[f"W_x{k}"] @ x[t, 0] + p[f"W_h{k}"] @ h for k in "ifoc")
        d = sigmoid(p["W_xr"] @ x[t, 0] + 0.5 * (p["W_hr"] @ h)) * d
        c = sigmoid(f + p["b_f"]) * c + sigmoid(i) * tanh(g) + tanh(p["W_dc"] @ d)
        h = sigmoid(o) * tanh(c)
        torch.testing.assert_close(output[t, 0], h)
    torch.testing.assert_close(left[0, 0], d)
    assert (d[act == 0] == 0).all()
    assert (d[act == 1] < 1).all()


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_a_mean_of_values_whose_keys_are_large_is_finite(size: float) -> None:
    """RWKV-4 with keys of a thousand, whose exponentials float64 does not hold: still a mean of the values."""
    layer, x = layer_of(RWKV4), torch.rand(T, B, I, dtype=torch.float64)
    with torch.no_grad():
        layer.W_k_l0.fill_(size)
        layer.W_v_l0.fill_(1.0)
        layer.W_r_l0.fill_(100.0)
        layer.W_o_l0.fill_(1 / H)
        for name in "rkv":
            getattr(layer, f"m_{name}_l0").fill_(1.0)
    output = layer(x)[0]
    values = x.sum(-1, keepdim=True)
    assert (output <= values.max(0).values + 1e-9).all()
    assert (output >= values.min(0).values - 1e-9).all()
    assert all(g.isfinite().all() for g in torch.autograd.grad(output.sum(), list(layer.parameters())))


def rate_of_ltc(p: Matrices, x: Tensor, h: Tensor) -> Tensor:
    f = sigmoid(p["W_x"] @ x + p["W_h"] @ h + p["b"])
    return -(torch.nn.functional.softplus(p["w"]) + f) * h + f * p["A"]


def rate_of_gru_ode(p: Matrices, x: Tensor, h: Tensor) -> Tensor:
    r, z = (sigmoid(p[f"W_x{k}"] @ x + p[f"W_h{k}"] @ h + p[f"b_{k}"]) for k in "rz")
    return (1 - z) * (tanh(p["W_xg"] @ x + p["W_hg"] @ (r * h) + p["b_g"]) - h)


@pytest.mark.parametrize(
    ("cell", "many", "rate"),
    [(LTC, ltc(unfolds=24), rate_of_ltc), (GRUODE, gru_ode(steps=24), rate_of_gru_ode)],
    ids=["LTC", "GRUODE"],
)
def test_a_solver_nears_the_differential_equation(cell: Cell, many: Cell, rate: Any) -> None:
    """By the classical Runge-Kutta method in 100 steps; the error falls with the number of the cell's own steps."""
    x, dt = torch.randn(1, 1, I, dtype=torch.float64), torch.ones(1, 1, 1, dtype=torch.float64)
    start, errors = 0.5 * torch.ones(1, 1, H, dtype=torch.float64), []
    for each in (cell, many):
        layer = layer_of(each)
        p, h, step = of(layer), start[0, 0], 0.01
        for _ in range(100):
            k1 = rate(p, x[0, 0], h)
            k2 = rate(p, x[0, 0], h + step / 2 * k1)
            k3 = rate(p, x[0, 0], h + step / 2 * k2)
            k4 = rate(p, x[0, 0], h + step * k3)
            h = h + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        errors.append(float((layer(x, start, inputs={"dt": dt})[0][0, 0] - h).detach().abs().max()))
    assert errors[0] < 0.1
    assert errors[1] < 0.4 * errors[0]
