"""Cells that no peer computes as their papers do: against the equations step by step, or a law that they obey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, exp, sigmoid, softmax, tanh
from torch.nn.functional import conv1d, relu

from recurra import Cell
from recurra.cells import CTRNN, IRNN, DilatedGRU, Elman, MassConservingLSTM, OriginalGRU, all_cells, ctrnn, sLSTM
from recurra.nn import Recurrent

T, B, I, H, OWN = 7, 2, 3, 5, 4  # noqa: E741
Matrices = Mapping[str, Tensor]
Rows = Mapping[str, Tensor]


def layer_of(cell: Cell, *, input_size: int = I, **options: Any) -> Recurrent:
    """Return a layer with parameters that are all random."""
    torch.manual_seed(0)
    own = {name: OWN for name in cell.sizes if name not in ("input_size", "hidden_size")}
    layer = Recurrent(cell, input_size, H, sizes=own, dtype=torch.float64, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-0.8, 0.8)
    return layer


def of(layer: Recurrent) -> Matrices:
    """Return the parameters as in a paper, where a matrix stands to the left of a column."""
    values = {p.name: getattr(layer, f"{p.name}_l0").detach() for p in layer.cell.parameters}
    return {name: value.T if value.dim() == 2 else value for name, value in values.items()}


def further_of(cell: Cell) -> Rows:
    widths = {leaf.name: I if leaf.shape[0] == "input_size" else int(leaf.shape[0]) for leaf in cell.further_inputs}
    generator = torch.Generator().manual_seed(1)
    return {n: torch.rand(T, B, width, dtype=torch.float64, generator=generator) for n, width in widths.items()}


def zeros(size: int) -> Tensor:
    return torch.zeros(size, dtype=torch.float64)


# Each statement runs one sequence x (T, I) and yields the outputs; a product is matrix @ column, as in the papers.


def sru(p: Matrices, x: Tensor) -> list[Tensor]:
    c, out = zeros(H), []
    for x_t in x:
        f = sigmoid(p["W_f"] @ x_t + p["v_f"] * c + p["b_f"])
        r = sigmoid(p["W_r"] @ x_t + p["v_r"] * c + p["b_r"])
        c = f * c + (1 - f) * (p["W"] @ x_t)
        out.append(r * c + (1 - r) * (p["W_x"] @ x_t))
    return out


def qrnn(p: Matrices, x: Tensor) -> list[Tensor]:
    """By a masked convolution of width two over the whole sequence."""

    def convolved(gate: str) -> Tensor:
        kernel = torch.stack([p[f"V_{gate}"], p[f"W_{gate}"]], -1)
        return conv1d(torch.cat([zeros(I)[None], x]).T[None], kernel)[0].T

    c, out = zeros(H), []
    for z, f, o in zip(tanh(convolved("z")), sigmoid(convolved("f")), sigmoid(convolved("o")), strict=True):
        c = f * c + (1 - f) * z
        out.append(o * c)
    return out


def slstm(p: Matrices, x: Tensor) -> list[Tensor]:
    """Without the stabiliser, which changes nothing but the range of the numbers."""
    h, c, n, out = zeros(H), zeros(H), zeros(H), []
    for x_t in x:
        z, i, f, o = (p[f"W_x{gate}"] @ x_t + p[f"W_h{gate}"] @ h + p[f"b_{gate}"] for gate in "zifo")
        c = sigmoid(f) * c + exp(i) * tanh(z)
        n = sigmoid(f) * n + exp(i)
        h = sigmoid(o) * c / n
        out.append(h)
    return out


def grud(p: Matrices, x: Tensor, *, seen: Tensor, dt: Tensor) -> list[Tensor]:
    """Feature by feature, as the paper's cases; masks are 0 or 1."""
    h, last, out = zeros(H), [0.0] * I, []
    for x_t, m, delta in zip(x, seen, dt, strict=True):
        filled = zeros(I)
        for d in range(I):
            gamma = exp(-max(zeros(1)[0], p["w_x"][d] * delta[d] + p["b_x"][d]))
            filled[d] = x_t[d] if m[d] else gamma * last[d] + (1 - gamma) * 0.0
            last[d] = float(x_t[d]) if m[d] else last[d]
        h = exp(-relu(p["W_d"] @ delta + p["b_d"])) * h
        r, z = (sigmoid(p[f"W_x{g}"] @ filled + p[f"W_h{g}"] @ h + p[f"W_m{g}"] @ m + p[f"b_{g}"]) for g in "rz")
        candidate = tanh(p["W_xn"] @ filled + p["W_hn"] @ (r * h) + p["W_mn"] @ m + p["b_n"])
        h = (1 - z) * h + z * candidate
        out.append(h)
    return out


def cfc(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t, t in zip(x, dt, strict=True):
        backbone = tanh(p["W_x"] @ x_t + p["W_h"] @ h + p["b"])
        f, g, k = (p[f"W_z{head}"] @ backbone + p[f"b_{head}"] for head in "fgk")
        h = sigmoid(-f * t) * tanh(g) + (1 - sigmoid(-f * t)) * tanh(k)
        out.append(h)
    return out


def scrn(p: Matrices, x: Tensor) -> list[Tensor]:
    h, s, out = zeros(H), zeros(OWN), []
    for x_t in x:
        s = (1 - 0.95) * (p["B"] @ x_t) + 0.95 * s
        h = sigmoid(p["P"] @ s + p["A"] @ x_t + p["R"] @ h)
        out.append(p["U"] @ h + p["V"] @ s)
    return out


def mass_conserving(p: Matrices, x: Tensor, *, mass: Tensor) -> list[Tensor]:
    """R is the transpose of the cell's, whose rows stand to the left; so its columns sum to 1."""
    c, out = zeros(H), []
    for x_t, m in zip(x, mass, strict=True):
        level = c / c.norm(p=1) if c.any() else c
        i = softmax(p["W_xi"] @ x_t + p["W_ci"] @ level + p["b_i"], 0)
        o = sigmoid(p["W_xo"] @ x_t + p["W_co"] @ level + p["b_o"])
        total = softmax(p["B"], 0) @ c + i * m
        c = (1 - o) * total
        out.append(o * total)
    return out


def lem(p: Matrices, x: Tensor) -> list[Tensor]:
    y, z, out = zeros(H), zeros(H), []
    for u in x:
        dt = sigmoid(p["W_1"] @ y + p["V_1"] @ u + p["b_1"])
        dt_bar = sigmoid(p["W_2"] @ y + p["V_2"] @ u + p["b_2"])
        z = (1 - dt) * z + dt * tanh(p["W_z"] @ y + p["V_z"] @ u + p["b_z"])
        y = (1 - dt_bar) * y + dt_bar * tanh(p["W_y"] @ z + p["V_y"] @ u + p["b_y"])
        out.append(y)
    return out


STATEMENTS: dict[str, Callable[..., list[Tensor]]] = {
    "SRU": sru, "QRNN": qrnn, "sLSTM": slstm, "GRUD": grud, "CfC": cfc, "SCRN": scrn,
    "MassConservingLSTM": mass_conserving, "LEM": lem,
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_equations_of_the_paper(name: str) -> None:
    cell = all_cells[name]
    layer, x = layer_of(cell), torch.randn(T, B, I, dtype=torch.float64)
    further = {key: value.round() if key == "seen" else value for key, value in further_of(cell).items()}
    output = layer(x, inputs=further)[0]
    # the mass conserving cell adds 1e-5 to a norm, which the paper does not
    allowed = 1e-4 if name == "MassConservingLSTM" else 1e-12
    for k in range(B):
        expected = STATEMENTS[name](of(layer), x[:, k], **{key: value[:, k] for key, value in further.items()})
        torch.testing.assert_close(output[:, k], torch.stack(expected), atol=allowed, rtol=allowed)


def test_what_is_conserved_is_put_out_or_kept() -> None:
    """In exact numbers, whatever the parameters are."""
    layer = layer_of(MassConservingLSTM)
    x, mass = torch.randn(T, B, I, dtype=torch.float64), torch.rand(T, B, 1, dtype=torch.float64)
    output, state = layer(x, inputs={"mass": mass})
    assert (output >= 0).all()
    torch.testing.assert_close(output.sum((0, 2)) + state[0].sum(-1), mass.sum((0, 2)))


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
