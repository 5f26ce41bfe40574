"""Statements of cells in continuous time, of dynamical systems, and of cells with an orthogonal state matrix."""

from __future__ import annotations

import math

import torch
from papers import H, I, Matrices, gated_memory, paper, square, zeros
from torch import Tensor, exp, sigmoid, tanh
from torch.nn.functional import leaky_relu, relu, softplus


@paper(lambda i, h, own: 3 * (square(i, h) + i * h) + (i * h + h) + 2 * i)
def GRUD(p: Matrices, x: Tensor, *, seen: Tensor, dt: Tensor) -> list[Tensor]:
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


@paper(lambda i, h, own: (i * own + h * own + own) + 3 * (own * h + h))
def CfC(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t, t in zip(x, dt, strict=True):
        backbone = tanh(p["W_x"] @ x_t + p["W_h"] @ h + p["b"])
        f, g, k = (p[f"W_z{head}"] @ backbone + p[f"b_{head}"] for head in "fgk")
        h = sigmoid(-f * t) * tanh(g) + (1 - sigmoid(-f * t)) * tanh(k)
        out.append(h)
    return out


@paper(lambda i, h, own: square(i, h) + 2 * h)
def LTC(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    """The fused solver as it is derived: an implicit Euler step in x with f held, solved as a linear equation."""
    v, tau, out = zeros(H), 1 / softplus(p["w"]), []
    for x_t, elapsed in zip(x, dt, strict=True):
        step = float(elapsed) / 6
        for _ in range(6):
            f = sigmoid(p["W_h"] @ v + p["W_x"] @ x_t + p["b"])
            # v' = v + step * (-(1 / tau + f) v' + f A)
            v = torch.linalg.solve(torch.eye(H, dtype=v.dtype) + step * torch.diag(1 / tau + f), v + step * f * p["A"])
        out.append(v)
    return out


def implicit_decay(h: Tensor, z: Tensor, g: Tensor, step: Tensor) -> Tensor:
    """Solve h' = h + step * (1 - z) * (g - h') for h'."""
    return torch.linalg.solve(torch.diag(1 + step * (1 - z)), h + step * (1 - z) * g)


@paper(lambda i, h, own: 3 * square(i, h))
def GRUODE(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        for _ in range(3):
            r, z = (sigmoid(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"]) for k in "rz")
            g = tanh(p["W_xg"] @ x_t + p["W_hg"] @ (r * h) + p["b_g"])
            h = implicit_decay(h, z, g, elapsed / 3)
        out.append(h)
    return out


def _gru_ode_bayes_parameters(i: int, h: int, own: int) -> int:
    forecast = h * own + own + 2 * (own * i + i)
    update = 2 * 5 * i + 3 * (2 * i * h + h * h + h) + h  # prepared, then a GRU
    return 3 * (h * h + h) + forecast + update


@paper(_gru_ode_bayes_parameters)
def GRUODEBayes(p: Matrices, x: Tensor, *, seen: Tensor, dt: Tensor) -> list[Tensor]:
    """The update by torch's GRU cell, for the samples that saw anything; what is prepared in one vector."""
    h, out = zeros(H), []
    with torch.no_grad():
        update = torch.nn.GRUCell(2 * I, H, dtype=torch.float64)
        update.weight_ih.copy_(torch.cat([torch.cat([p[f"W_{k}1"], p[f"W_{k}2"]], 1) for k in "rzn"]))
        update.weight_hh.copy_(torch.cat([p[f"V_{k}"] for k in "rzn"]))
        update.bias_ih.copy_(torch.cat([p[f"b_{k}"] for k in "rzn"]))
        update.bias_hh.copy_(torch.cat([zeros(H), zeros(H), p["b_vn"]]))
        for x_t, m, elapsed in zip(x, seen, dt, strict=True):
            for _ in range(2):
                r, z = (sigmoid(p[f"U_{k}"] @ h + p[f"b_u{k}"]) for k in "rz")
                h = implicit_decay(h, z, tanh(p["U_g"] @ (r * h) + p["b_ug"]), elapsed / 2)
            hidden = relu(p["W_q"] @ h + p["b_q"])
            mean, log_variance = p["W_m"] @ hidden + p["b_m"], p["W_v"] @ hidden + p["b_v"]
            log_variance = log_variance.clamp(-10, 10)
            features = torch.stack([x_t, mean, log_variance, (x_t - mean) / torch.sqrt(exp(log_variance))])
            prepared = []
            for k in (1, 2):
                weights = torch.stack([p[f"w_{name}{k}"] for name in "xmve"])
                prepared.append(relu((weights * features).sum(0) + p[f"b_p{k}"]) * m)
            if m.any():
                h = update(torch.cat(prepared), h)
            out.append(h)
    return out


def euler(p: Matrices, h: Tensor, time: Tensor) -> Tensor:
    for _ in range(3):
        h = h + time / 3 * (p["U_2"] @ tanh(p["U_1"] @ h + p["b_u1"]) + p["b_u2"])
    return h


@paper(lambda i, h, own: square(i, h) + h * own + own + own * h + h)
def ODERNN(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        h = tanh(p["W_x"] @ x_t + p["W_h"] @ euler(p, h, elapsed) + p["b"])
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + h * own + own + own * h + h)
def ODELSTM(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        h, c = gated_memory(*(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"] for k in "ifoc"), c)
        h = euler(p, h, elapsed)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + h * h + h)
def TimeAwareLSTM(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        short = tanh(p["W_d"] @ c + p["b_d"])
        long = c - short
        adjusted = long + short * (1 / math.log(math.e + float(elapsed)))
        h, c = gated_memory(*(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"] for k in "ifoc"), adjusted)
        out.append(h)
    return out


def time_gate(p: Matrices, x: Tensor, elapsed: Tensor, k: str) -> Tensor:
    return sigmoid(p[f"W_x{k}"] @ x + sigmoid(p[f"W_t{k}"] @ elapsed) + p["b_t" if k == "t" else f"b_t{k}"])


def output_gate(p: Matrices, x: Tensor, h: Tensor, c: Tensor, elapsed: Tensor) -> Tensor:
    return sigmoid(p["W_xo"] @ x + p["W_to"] @ elapsed + p["W_ho"] @ h + p["w_co"] * c + p["b_o"])


@paper(lambda i, h, own: 4 * square(i, h) + 3 * h + (i * h + h + h) + h)
def TimeLSTM1(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        i, f = (sigmoid(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"w_c{k}"] * c + p[f"b_{k}"]) for k in "if")
        candidate = tanh(p["W_xc"] @ x_t + p["W_hc"] @ h + p["b_c"])
        c = f * c + i * time_gate(p, x_t, elapsed, "t") * candidate
        h = output_gate(p, x_t, h, c, elapsed) * tanh(c)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + 3 * h + 2 * (i * h + h + h) + h)
def TimeLSTM2(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        i, f = (sigmoid(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"w_c{k}"] * c + p[f"b_{k}"]) for k in "if")
        candidate = tanh(p["W_xc"] @ x_t + p["W_hc"] @ h + p["b_c"])
        now, c = (f * c + i * time_gate(p, x_t, elapsed, k) * candidate for k in "12")
        h = output_gate(p, x_t, h, now, elapsed) * tanh(now)
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * square(i, h) + 2 * h + 2 * (i * h + h + h) + h)
def TimeLSTM3(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        i = sigmoid(p["W_xi"] @ x_t + p["W_hi"] @ h + p["w_ci"] * c + p["b_i"])
        candidate = tanh(p["W_xc"] @ x_t + p["W_hc"] @ h + p["b_c"])
        now = torch.lerp(c, candidate, i * time_gate(p, x_t, elapsed, "1"))
        c = (1 - i) * c + i * time_gate(p, x_t, elapsed, "2") * candidate
        h = output_gate(p, x_t, h, now, elapsed) * tanh(now)
        out.append(h)
    return out


@paper(lambda i, h, own: 7 * square(i, h))
def CTLSTM(p: Matrices, x: Tensor, *, dt: Tensor) -> list[Tensor]:
    """2 σ(2c) - 1 as in the paper, which is a tanh; the memory as a function of time between events."""

    def memory(t: float) -> Tensor:
        return target + (c - target) * exp(-decay * t)

    def squashed(c: Tensor) -> Tensor:
        return 2 * sigmoid(2 * c) - 1

    c, target, decay, o, out = zeros(H), zeros(H), zeros(H), zeros(H), []
    for x_t, elapsed in zip(x, dt, strict=True):
        at_event = memory(float(elapsed))
        h = o * squashed(at_event)
        a = {k: p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"] for k in ("i", "f", "o", "z", "d", "ti", "tf")}
        z = squashed(a["z"])
        c = sigmoid(a["f"]) * at_event + sigmoid(a["i"]) * z
        target = sigmoid(a["tf"]) * target + sigmoid(a["ti"]) * z
        decay, o = softplus(a["d"]), sigmoid(a["o"])
        out.append(o * squashed(memory(0.0)))
    return out


@paper(lambda i, h, own: 4 * square(i, h))
def LEM(p: Matrices, x: Tensor) -> list[Tensor]:
    y, z, out = zeros(H), zeros(H), []
    for u in x:
        dt = sigmoid(p["W_1"] @ y + p["V_1"] @ u + p["b_1"])
        dt_bar = sigmoid(p["W_2"] @ y + p["V_2"] @ u + p["b_2"])
        z = (1 - dt) * z + dt * tanh(p["W_z"] @ y + p["V_z"] @ u + p["b_z"])
        y = (1 - dt_bar) * y + dt_bar * tanh(p["W_y"] @ z + p["V_y"] @ u + p["b_y"])
        out.append(y)
    return out


def oscillators(p: Matrices, x: Tensor, *, is_implicit: bool) -> list[Tensor]:
    """Each step as a linear system for velocity and position, unit by unit."""
    state, out = torch.zeros(H, 2, dtype=torch.float64), []
    for x_t in x:
        new = []
        for k in range(H):
            dt, a, force = sigmoid(p["c"][k]), relu(p["a"][k]), p["B"][k] @ x_t
            one, none = torch.ones_like(dt), torch.zeros_like(dt)
            left = torch.stack([one, dt * a if is_implicit else none, -dt, one]).reshape(2, 2)
            right = torch.stack([one, none if is_implicit else -dt * a, none, one]).reshape(2, 2)
            new.append(torch.linalg.solve(left, right @ state[k] + torch.stack([dt * force, none])))
        state = torch.stack(new)
        out.append(state[:, 1])
    return out


@paper(lambda i, h, own: i * h + 2 * h)
def LinOSS(p: Matrices, x: Tensor) -> list[Tensor]:
    return oscillators(p, x, is_implicit=True)


@paper(lambda i, h, own: i * h + 2 * h)
def LinOSSIMEX(p: Matrices, x: Tensor) -> list[Tensor]:
    return oscillators(p, x, is_implicit=False)


@paper(lambda i, h, own: square(i, h))
def MomentumRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """The momentum unrolled: a sum over all inputs, each by its age."""
    h, out = zeros(H), []
    for t in range(len(x)):
        v = sum(0.9 ** (t - s) * 0.1 * (p["W"] @ x[s]) for s in range(t + 1))
        h = tanh(p["U"] @ h + v + p["b"])
        out.append(h)
    return out


def reflection(u: Tensor) -> Tensor:
    """Return a Householder matrix."""
    return torch.eye(len(u), dtype=u.dtype) - 2 * torch.outer(u, u) / (u @ u)


@paper(lambda i, h, own: i * h + 4 * h + h)
def OrthogonalRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    W = torch.linalg.multi_dot([reflection(p[f"u_{k}"]) for k in (4, 3, 2, 1)])
    torch.testing.assert_close(W @ W.T, torch.eye(H, dtype=W.dtype))
    h, out = zeros(H), []
    for x_t in x:
        h = leaky_relu(W @ h + p["V"] @ x_t + p["b"], 0.1)
        out.append(h)
    return out


@paper(lambda i, h, own: i * h + 4 * h + 2 * h)
def SpectralRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    U, V = reflection(p["u_2"]) @ reflection(p["u_1"]), reflection(p["v_2"]) @ reflection(p["v_1"])
    W = U @ torch.diag(2 * 0.1 * (sigmoid(p["s"]) - 0.5) + 1) @ V
    assert (torch.linalg.svdvals(W) - 1).abs().max() <= 0.1
    h, out = zeros(H), []
    for x_t in x:
        h = tanh(W @ h + p["W_x"] @ x_t + p["b"])
        out.append(h)
    return out


@paper(lambda i, h, own: 2 * h * h + i * h + h)
def LipschitzRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """The row form of the cell has the transpose of each matrix."""

    def held(M: Tensor) -> Tensor:
        M = M.T
        symmetric, antisymmetric = M + M.T, M - M.T
        return ((1 - 0.75) * symmetric + 0.75 * antisymmetric - 0.001 * torch.eye(H, dtype=M.dtype)).T

    A, W, h, out = held(p["M_A"]), held(p["M_W"]), zeros(H), []
    for x_t in x:
        h = h + 0.03 * (A @ h) + 0.03 * tanh(W @ h + p["U"] @ x_t + p["b"])
        out.append(h)
    return out
