"""Statements of LSTMs, and of cells that have several layers in a step."""

from __future__ import annotations

import torch
from papers import OWN, H, I, Matrices, gated_memory, paper, square, zeros
from torch import Tensor, cat, exp, sigmoid, softmax, tanh


@paper(lambda i, h, own: 4 * square(i, h))
def sLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """Without the stabiliser, which changes nothing but the range of the numbers."""
    h, c, n, out = zeros(H), zeros(H), zeros(H), []
    for x_t in x:
        z, i, f, o = (p[f"W_x{gate}"] @ x_t + p[f"W_h{gate}"] @ h + p[f"b_{gate}"] for gate in "zifo")
        c = sigmoid(f) * c + exp(i) * tanh(z)
        n = sigmoid(f) * n + exp(i)
        h = sigmoid(o) * c / n
        out.append(h)
    return out


@paper(lambda i, h, own: 2 * square(i, h) + h * h)
def MassConservingLSTM(p: Matrices, x: Tensor, *, mass: Tensor) -> list[Tensor]:
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


def odyssey(p: Matrices, x: Tensor, change: str) -> list[Tensor]:
    """The vanilla LSTM of the odyssey, appendix A.1, with one change: a gate of ones, or no activation."""
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:

        def gate(k: str, memory: Tensor, x_t: Tensor = x_t, h: Tensor = h) -> Tensor:
            if change == f"no {k}":
                return torch.ones(H, dtype=torch.float64)
            return sigmoid(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + torch.diag(p[f"w_c{k}"]) @ memory + p[f"b_{k}"])

        z = p["W_xc"] @ x_t + p["W_hc"] @ h + p["b_c"]
        z = z if change == "linear input" else tanh(z)
        c = z * gate("i", c) + c * gate("f", c)
        h = (c if change == "linear output" else tanh(c)) * gate("o", c)
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * square(i, h) + 2 * h)
def NoInputGateLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    return odyssey(p, x, "no i")


@paper(lambda i, h, own: 3 * square(i, h) + 2 * h)
def NoOutputGateLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    return odyssey(p, x, "no o")


@paper(lambda i, h, own: 4 * square(i, h) + 3 * h)
def NoInputActivationLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    return odyssey(p, x, "linear input")


@paper(lambda i, h, own: 4 * square(i, h) + 3 * h)
def NoOutputActivationLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    return odyssey(p, x, "linear output")


@paper(lambda i, h, own: 4 * square(i, h) + 3 * h + 9 * h * h)
def FullGateRecurrenceLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """All gates' last values in one vector."""
    h, c, gates, out = zeros(H), zeros(H), zeros(3 * H), []
    for x_t in x:
        before = {
            k: p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"]
            + cat([p[f"R_i{k}"], p[f"R_f{k}"], p[f"R_o{k}"]], 1) @ gates
            for k in "ifo"
        }  # fmt: skip
        i, f = (sigmoid(before[k] + p[f"w_c{k}"] * c) for k in "if")
        c = f * c + i * tanh(p["W_xc"] @ x_t + p["W_hc"] @ h + p["b_c"])
        o = sigmoid(before["o"] + p["w_co"] * c)
        h, gates = o * tanh(c), cat([i, f, o])
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + 5 * i * h)
def MogrifierLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """By the paper's recursion: x^k from x^(k-2) and h^(k-1) where k is odd, the other way round where it is even."""
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        X, Y = {-1: x_t}, {0: h}
        for k in range(1, 6):
            if k % 2 == 1:
                X[k] = 2 * sigmoid(p[f"Q_{k}"] @ Y[k - 1]) * X[k - 2]
            else:
                Y[k] = 2 * sigmoid(p[f"R_{k}"] @ X[k - 1]) * Y[k - 2]
        a = (p[f"W_x{gate}"] @ X[5] + p[f"W_h{gate}"] @ Y[4] + p[f"b_{gate}"] for gate in "ifoc")
        h, c = gated_memory(*a, c)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h))
def SubLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    W, R, b = (cat([p[f"{name}{gate}"] for gate in "zifo"]) for name in ("W_x", "W_h", "b_"))
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        z, i, f, o = sigmoid(W @ x_t + R @ h + b).chunk(4)
        c = c * f + z - i
        h = sigmoid(c) - o
        out.append(h)
    return out


@paper(lambda i, h, own: 8 * square(i, h))
def ArrayLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    h, lanes, out = zeros(H), [zeros(H), zeros(H)], []
    for x_t in x:
        total = zeros(H)
        for k in (0, 1):
            a = (p[f"W_{g}{k + 1}"] @ x_t + p[f"U_{g}{k + 1}"] @ h + p[f"b_{g}{k + 1}"] for g in "ifog")
            put_out, lanes[k] = gated_memory(*a, lanes[k])
            total = total + put_out
        h = total
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * (i * h + h * h) + h + i * own + h * own + own * h)
def SCLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """With no dialogue act, where the cell is an LSTM; `test_a_dialogue_act_is_read_away` has one."""
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        i, f, o, g = (p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h for k in "ifoc")
        h, c = gated_memory(i, f + p["b_f"], o, g, c)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h))
def MomentumLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """As in the paper: each gate has a sum with momentum of its own, of its product with the input."""
    h, c, v, out = zeros(H), zeros(H), dict.fromkeys("ifoc", zeros(H)), []
    for x_t in x:
        v = {k: 0.9 * v[k] + 0.1 * (p[f"W_v{k}"] @ x_t) for k in v}
        h, c = gated_memory(*(v[k] + p[f"W_h{k}"] @ h + p[f"b_{k}"] for k in v), c)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + 4 * square(h, h))
def NestedLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """The inner LSTM is torch's."""
    inner = torch.nn.LSTMCell(H, H, dtype=torch.float64)
    with torch.no_grad():
        inner.weight_ih.copy_(cat([p[f"W_u{k}"] for k in "ifco"]))
        inner.weight_hh.copy_(cat([p[f"W_s{k}"] for k in "ifco"]))
        inner.bias_ih.copy_(cat([p[f"b_c{k}"] for k in "ifco"]))
        inner.bias_hh.zero_()
        h, c, d, out = zeros(H), zeros(H), zeros(H), []
        for x_t in x:
            i, f, o, g = (p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"] for k in "ifoc")
            c, d = inner(sigmoid(i) * tanh(g), (sigmoid(f) * c, d))
            h = sigmoid(o) * tanh(c)
            out.append(h)
    return out


def _hyper_parameters(i: int, h: int, own: int) -> int:
    embeddings = 3 * (own * own + own * h) + 2 * own  # hyper and embedding size are both `own`
    return 4 * ((i + h) * own + own * own + own) + 4 * embeddings + 4 * square(i, h)


@paper(_hyper_parameters)
def HyperLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """The main LSTM's matrices are built at each step: their rows scaled by the hypernetwork's vectors."""
    hyper = torch.nn.LSTMCell(H + I, OWN, dtype=torch.float64)
    with torch.no_grad():
        hyper.weight_ih.copy_(cat([cat([p[f"U_h{k}"], p[f"U_x{k}"]], 1) for k in "ifgo"]))
        hyper.weight_hh.copy_(cat([p[f"U_v{k}"] for k in "ifgo"]))
        hyper.bias_ih.copy_(cat([p[f"b_v{k}"] for k in "ifgo"]))
        hyper.bias_hh.zero_()
        h, c, small, out = zeros(H), zeros(H), (zeros(OWN), zeros(OWN)), []
        for x_t in x:
            small = hyper(cat([h, x_t]), small)
            a = {}
            for k in "ifog":
                z_h, z_x = (p[f"Z_{part}{k}"] @ small[0] + p[f"b_{part}{k}"] for part in "hx")
                W_h = torch.diag(p[f"D_h{k}"] @ z_h) @ p[f"W_h{k}"]
                W_x = torch.diag(p[f"D_x{k}"] @ z_x) @ p[f"W_x{k}"]
                a[k] = W_h @ h + W_x @ x_t + p[f"D_b{k}"] @ (p[f"Z_b{k}"] @ small[0]) + p[f"b_{k}"]
            h, c = gated_memory(a["i"], a["f"], a["o"], a["g"], c)
            out.append(h)
    return out


@paper(lambda i, h, own: 4 * (square(i, h) + own * h + h * h + h + h * own + own * own + own))
def FastSlowLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """Of three of torch's LSTM cells."""

    def cell(k: str, inputs: int, units: int) -> torch.nn.LSTMCell:
        made = torch.nn.LSTMCell(inputs, units, dtype=torch.float64)
        made.weight_ih.copy_(cat([p[f"W_{gate}{k}"] for gate in "ifgo"]))
        made.weight_hh.copy_(cat([p[f"U_{gate}{k}"] for gate in "ifgo"]))
        made.bias_ih.copy_(cat([p[f"b_{gate}{k}"] for gate in "ifgo"]))
        made.bias_hh.zero_()
        return made

    with torch.no_grad():
        first, slow, second = cell("1", I, H), cell("s", H, OWN), cell("2", OWN, H)
        fast_state, slow_state, out = (zeros(H), zeros(H)), (zeros(OWN), zeros(OWN)), []
        for x_t in x:
            fast_state = first(x_t, fast_state)
            slow_state = slow(fast_state[0], slow_state)
            fast_state = second(slow_state[0], fast_state)
            out.append(fast_state[0])
    return out


@paper(lambda i, h, own: 2 * (i * h) + 6 * (h * h + h))
def RecurrentHighway(p: Matrices, x: Tensor) -> list[Tensor]:
    """The indicator of the first layer written out, and the carry gate by itself."""
    y, out = zeros(H), []
    for x_t in x:
        s = y
        for layer in (1, 2, 3):
            first = float(layer == 1)
            hidden = tanh(first * (p["W_u"] @ x_t) + p[f"R_u{layer}"] @ s + p[f"b_u{layer}"])
            transform = sigmoid(first * (p["W_t"] @ x_t) + p[f"R_t{layer}"] @ s + p[f"b_t{layer}"])
            carry = 1 - transform
            s = hidden * transform + s * carry
        y = s
        out.append(y)
    return out


@paper(lambda i, h, own: i * own + h * own + own + own * h + h)
def DeepTransitionRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        h = tanh(p["W_u"] @ tanh(p["W_x"] @ x_t + p["W_h"] @ h + p["b_u"]) + p["b_h"])
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * i * h + 6 * (h * h + h))
def DeepTransitionGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    s, out = zeros(H), []
    for x_t in x:
        for k, fed in ((1, x_t), (2, zeros(I))):
            r, z = (sigmoid(p[f"W_{g}"] @ fed + p[f"U_{g}{k}"] @ s + p[f"b_{g}{k}"]) for g in "rz")
            candidate = tanh(p["W_n"] @ fed + r * (p[f"U_n{k}"] @ s) + p[f"b_n{k}"])
            s = (1 - z) * candidate + z * s
        out.append(s)
    return out


@paper(lambda i, h, own: i * h + h * h + 4 * h * h + 2 * (i + 2 * h) + 2 * (h + 2 * h))
def GatedFeedbackRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """The gates from the concatenation of both layers' states."""
    last, out = [zeros(H), zeros(H)], []
    for x_t in x:
        below, new = x_t, []
        for j in (1, 2):
            total = p[f"W_{j}"] @ below
            for i in (1, 2):
                g = sigmoid(p[f"W_g{i}{j}"] @ below + cat([p[f"U_g{i}{j}"], p[f"V_g{i}{j}"]], 1) @ cat(last))
                total = total + g * (p[f"U_{i}{j}"] @ last[i - 1])
            below = tanh(total)
            new.append(below)
        last = new
        out.append(last[1])
    return out


@paper(
    lambda i, h, own: 3 * square(i, h) + 3 * square(h, h)
    + (i * h + h + 2 * h * h) + (h * h + h + 2 * h * h) + 2 * (i + 2 * h) + 2 * (h + 2 * h)
)  # fmt: skip
def GatedFeedbackLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    last, c, out = [zeros(H), zeros(H)], [zeros(H), zeros(H)], []
    for x_t in x:
        below, new = x_t, []
        for j in (1, 2):
            g = p[f"W_c{j}"] @ below + p[f"b_c{j}"]
            for i in (1, 2):
                both = cat([p[f"U_g{i}{j}"], p[f"V_g{i}{j}"]], 1) @ cat(last)
                g = g + sigmoid(p[f"W_g{i}{j}"] @ below + both) * (p[f"U_{i}{j}"] @ last[i - 1])
            a = (p[f"W_{k}{j}"] @ below + p[f"U_{k}{j}"] @ last[j - 1] + p[f"b_{k}{j}"] for k in "ifo")
            below, c[j - 1] = gated_memory(*a, g, c[j - 1])
            new.append(below)
        last = new
        out.append(last[1])
    return out
