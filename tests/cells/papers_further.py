"""Statements of cells that spike, skip or keep a rhythm, of wired ones, and of state spaces in complex numbers."""

from __future__ import annotations

import math

import numpy as np
import torch
from papers import OWN, H, Matrices, gated_memory, paper, square, zeros
from torch import Tensor, sigmoid, tanh
from torch.nn.functional import silu, softplus


@paper(lambda i, h, own: square(i, h))
def ClockworkRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """Unit by unit: one of period 2^k is computed at every 2^k-th step, from those with at least its period."""
    h, out = zeros(H), []
    periods = [2 ** (4 * unit // H) for unit in range(H)]
    for t, x_t in enumerate(x):
        new = h.clone()
        for unit, period in enumerate(periods):
            if t % period == 0:
                read = sum(p["W_h"][unit, other] * h[other] for other in range(H) if periods[other] >= period)
                new[unit] = tanh(p["W_x"][unit] @ x_t + read + p["b"][unit])
        h = new
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + 6 * h)
def PhasedLSTM(p: Matrices, x: Tensor, *, time: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t, now in zip(x, time, strict=True):
        gates = {g: p[f"W_x{g}"] @ x_t + p[f"W_h{g}"] @ h + p[f"b_{g}"] for g in "ifoc"}
        new = sigmoid(gates["f"] + p["w_cf"] * c) * c + sigmoid(gates["i"] + p["w_ci"] * c) * tanh(gates["c"])
        y = sigmoid(gates["o"] + p["w_co"] * new) * tanh(new)
        k, tau = zeros(H), p["log_tau"].exp()
        for unit in range(H):
            phase = math.fmod(math.fmod(now - p["b_s"][unit], tau[unit]) + tau[unit], tau[unit]) / tau[unit]
            r = p["r"][unit]
            k[unit] = 2 * phase / r if phase < r / 2 else 2 - 2 * phase / r if phase < r else 0.001 * phase
        c, h = k * new + (1 - k) * c, k * y + (1 - k) * h
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * square(i, h) + h + 1)
def SkipGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    """A step whose number is not near 1 is skipped: it is not computed."""
    h, u, out = zeros(H), 1.0, []
    for x_t in x:
        is_update = u > 0.5
        if is_update:
            r, z = (sigmoid(p[f"W_x{g}"] @ x_t + p[f"W_h{g}"] @ h + p[f"b_{g}"]) for g in "rz")
            h = (1 - z) * tanh(p["W_xn"] @ x_t + p["W_hn"] @ (r * h) + p["b_n"]) + z * h
        more = float(sigmoid(p["W_p"] @ h + p["b_p"]))
        u = more if is_update else u + min(more, 1 - u)
        out.append(h)
    return out


@paper(lambda i, h, own: i * h + h * h)
def LIF(p: Matrices, x: Tensor) -> list[Tensor]:
    spikes, potential, current, out = zeros(H), zeros(H), zeros(H), []
    for x_t in x:
        potential, current = 0.9 * potential + current - spikes, 0.8 * current + p["W"] @ x_t + p["U"] @ spikes
        spikes = (potential > 1).double()
        out.append(spikes)
    return out


@paper(lambda i, h, own: i * h + h * h)
def ALIF(p: Matrices, x: Tensor) -> list[Tensor]:
    spikes, potential, rise, out = zeros(H), zeros(H), zeros(H), []
    for x_t in x:
        reset = (0.01 + 1.8 * rise) * spikes
        potential = 0.95 * potential + 0.05 * (p["W"] @ x_t + p["U"] @ spikes) - reset
        rise = 0.99 * rise + 0.01 * spikes
        spikes = (potential > 0.01 + 1.8 * rise).double()
        out.append(spikes)
    return out


@paper(lambda i, h, own: 0)
def EchoState(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        h = 0.7 * h + 0.3 * tanh(p["W_in"] @ x_t + p["W"] @ h)
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * h + 2 * i + 4 * (i * h + h * h))
def NCP(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    """Synapse by synapse; each of six steps is the solution of dv = step * (its rate at the new v, gates held)."""
    v, out = zeros(H), []
    # as in the cell a matrix is (from, to)
    m = {name: value.T if value.dim() == 2 else value for name, value in p.items()}

    def synapses(before: Tensor, end: str) -> tuple[Tensor, Tensor]:
        conductance, pull = zeros(H), zeros(H)
        for i, j in m[f"wired{end}"].nonzero().tolist():
            gate = sigmoid(m[f"sigma{end}"][i, j] * (before[i] - m[f"mu{end}"][i, j])) * softplus(m[f"w{end}"][i, j])
            conductance[j] += gate
            pull[j] += gate * m[f"E{end}"][i, j]
        return conductance, pull

    for x_t, elapsed in zip(x, dt, strict=True):
        sensed = synapses(p["a_x"] * x_t + p["b_x"], "_x")
        for _ in range(6):
            own = synapses(v, "")
            rate = float(elapsed) / 6 / softplus(p["c"])
            conductance = softplus(p["g"]) + sensed[0] + own[0]
            pull = softplus(p["g"]) * p["rest"] + sensed[1] + own[1]
            v = torch.linalg.solve(torch.diag(1 + rate * conductance), v + rate * pull)
        out.append(v)
    return out


@paper(lambda i, h, own: 5 * (i * h + h) + 2 * h * h + 3 * h)
def HGRN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H) + 0j, []
    for x_t in x:
        bound = sigmoid(p["l"])
        f = bound + (1 - bound) * sigmoid(p["W_f"] @ x_t + p["b_f"])
        c = torch.complex(silu(p["W_cr"] @ x_t + p["b_cr"]), silu(p["W_ci"] @ x_t + p["b_ci"]))
        h = f * torch.exp(1j * p["theta"]) * h + (1 - f) * c
        gate = sigmoid(torch.cat([p["W_gr"] @ x_t + p["b_gr"], p["W_gi"] @ x_t + p["b_gi"]]))
        out.append(torch.cat([p["W_or"], p["W_oi"]], 1) @ (gate * torch.cat([h.real, h.imag])) + p["b_o"])
    return out


@paper(lambda i, h, own: i * h + h * h + own * h + i + h + own)
def LMU(p: Matrices, x: Tensor) -> list[Tensor]:
    """The memory's system entry by entry, as the paper prints it; held by the exponential of the augmented matrix."""
    system = torch.zeros(OWN + 1, OWN + 1, dtype=torch.float64)
    for i in range(OWN):
        system[i, OWN] = (2 * i + 1) * (-1) ** i
        for j in range(OWN):
            system[i, j] = (2 * i + 1) * (-1 if i < j else (-1) ** (i - j + 1))
    held = torch.matrix_exp(system / 100)
    h, m, out = zeros(H), zeros(OWN), []
    for x_t in x:
        u = p["e_x"] @ x_t + p["e_h"] @ h + p["e_m"] @ m
        m = held[:OWN, :OWN] @ m + held[:OWN, OWN] * u
        h = tanh(p["W_x"] @ x_t + p["W_h"] @ h + p["W_m"] @ m)
        out.append(h)
    return out


def held(log_dt: Tensor, log_re: Tensor, im: Tensor) -> tuple[Tensor, Tensor]:
    """Return exp(dt A) and the integral of exp(s A) for s from 0 to dt, by Gauss and Legendre."""
    system, dt = torch.complex(-log_re.exp(), im), log_dt.exp()
    places, weights = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(5))
    parts = 40
    integral = torch.zeros_like(system)
    for part in range(parts):
        for place, weight in zip(places, weights, strict=True):
            integral = integral + weight / (2 * parts) * dt * torch.exp(dt * (part + (place + 1) / 2) / parts * system)
    return torch.exp(dt * system), integral


@paper(lambda i, h, own: i * h + 2 * h + 4 * h * own)
def S4D(p: Matrices, x: Tensor) -> list[Tensor]:
    """As a convolution of each channel."""
    kept, read = held(p["log_dt"], p["log_re"], p["im"])  # (state, channel)
    C = torch.complex(p["C_re"], p["C_im"])
    u, out = x @ p["W_u"].T, []
    for t in range(len(x)):
        kernel = [2 * (C * kept ** (t - s) * read).sum(0).real for s in range(t + 1)]
        out.append(sum(k * u[s] for s, k in enumerate(kernel)) + p["D"] * u[t])
    return out


@paper(lambda i, h, own: 3 * own + 2 * i * own + 2 * own * h + i * h)
def S5(p: Matrices, x: Tensor) -> list[Tensor]:
    kept, read = held(p["log_dt"], p["log_re"], p["im"])
    B, C = torch.complex(p["B_re"], p["B_im"]), torch.complex(p["C_re"], p["C_im"])
    h, out = zeros(OWN) + 0j, []
    for x_t in x:
        h = kept * h + read * (B @ x_t.to(B.dtype))
        out.append(2 * (C @ h).real + p["D"] @ x_t)
    return out


@paper(lambda i, h, own: (i + own) * own + own * 4 * h + 4 * h + h * own)
def FactorisedLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    h, c, out = zeros(OWN), zeros(H), []
    for x_t in x:
        z = torch.cat([p["W_x"], p["W_h"]], 1) @ torch.cat([x_t, h])
        y, c = gated_memory(*(p[f"W_{g}"] @ z + p[f"b_{g}"] for g in "ifoc"), c)
        h = p["W_p"] @ y
        out.append(h)
    return out
