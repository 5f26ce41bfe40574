"""Statements of simple, multiplicative and gated cells, of those that are linear in their state, and of attention."""

from __future__ import annotations

import torch
from papers import OWN, H, I, Matrices, paper, square, zeros
from torch import Tensor, cat, exp, sigmoid, softmax, tanh
from torch.nn.functional import conv1d, relu


@paper(lambda i, h, own: i * own + own * h + i * h + h * h + h * own + own * own)
def SCRN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, s, out = zeros(H), zeros(OWN), []
    for x_t in x:
        s = (1 - 0.95) * (p["B"] @ x_t) + 0.95 * s
        h = sigmoid(p["P"] @ s + p["A"] @ x_t + p["R"] @ h)
        out.append(p["U"] @ h + p["V"] @ s)
    return out


@paper(lambda i, h, own: i * h + own * h + h + h * own + own)
def Jordan(p: Matrices, x: Tensor) -> list[Tensor]:
    y, out = zeros(OWN), []
    for x_t in x:
        y = sigmoid(p["W_o"] @ sigmoid(cat([p["W_x"], p["W_y"]], 1) @ cat([x_t, y]) + p["b_h"]) + p["b_o"])
        out.append(y)
    return out


@paper(lambda i, h, own: square(i, h))
def RIN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        h = relu(p["W_x"] @ x_t + (p["U"] + torch.eye(H, dtype=x.dtype)) @ h + p["b"])
        out.append(h)
    return out


@paper(lambda i, h, own: i * h + 3 * h * h + h)
def HigherOrderRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    out = [zeros(H)] * 3
    for x_t in x:
        out.append(tanh(p["W_x"] @ x_t + sum(p[f"W_{n}"] @ out[-n] for n in (1, 2, 3)) + p["b"]))
    return out[3:]


@paper(lambda i, h, own: i * h + h * h + own * h + h + h * own + own * own + own)
def MTRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """One network of both kinds of units, with a vector of time constants."""
    tau = torch.tensor([5.0] * H + [70.0] * OWN, dtype=torch.float64)
    W = cat([cat([p["W_uu"], p["W_su"]], 1), cat([p["W_us"], p["W_ss"]], 1)])
    potential, out = zeros(H + OWN), []
    for x_t in x:
        drive = W @ tanh(potential) + cat([p["W_x"] @ x_t + p["b_u"], p["b_s"]])
        potential = (1 - 1 / tau) * potential + drive / tau
        out.append(tanh(potential[:H]))
    return out


@paper(lambda i, h, own: 5 * h * own + own + own * h + i * h + h + 5 * h * own + own)
def StatisticalRU(p: Matrices, x: Tensor) -> list[Tensor]:
    """All averages in one vector."""
    scales = (0.0, 0.25, 0.5, 0.9, 0.99)
    W_r, W_o = (cat([p[f"W_{name}{k}"] for k in range(1, 6)], 1) for name in "ro")
    mu, out = zeros(5 * H), []
    for x_t in x:
        r = relu(W_r @ mu + p["b_r"])
        phi = relu(p["W_s"] @ r + p["W_x"] @ x_t + p["b_s"])
        mu = cat([a * m + (1 - a) * phi for a, m in zip(scales, mu.chunk(5), strict=True)])
        out.append(relu(W_o @ mu + p["b_o"]))
    return out


@paper(lambda i, h, own: i * own + h * own + i * h + own * h + h)
def MultiplicativeRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """The state matrix of each step, built from its factors."""
    h, out = zeros(H), []
    for x_t in x:
        W_hh = p["W_fh"] @ torch.diag(p["W_xf"] @ x_t) @ p["W_hf"]
        h = tanh(p["W_xh"] @ x_t + W_hh @ h + p["b"])
        out.append(h)
    return out


def integrated(p: Matrices, k: str, x: Tensor, h: Tensor) -> Tensor:
    """(alpha U h + beta_2) * W x + beta_1 U h + b: the sum of the paper, factored."""
    u, w = p[f"U_{k}"] @ h, p[f"W_{k}"] @ x
    return (p[f"alpha_{k}"] * u + p[f"beta2_{k}"]) * w + p[f"beta1_{k}"] * u + p[f"b_{k}"]


@paper(lambda i, h, own: square(i, h) + 3 * h)
def MIRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        h = tanh(integrated(p, "n", x_t, h))
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * (square(i, h) + 3 * h))
def MIGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        r, z = (sigmoid(integrated(p, k, x_t, h)) for k in "rz")
        h = torch.lerp(tanh(integrated(p, "n", x_t, r * h)), h, z)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * (square(i, h) + 3 * h))
def MILSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        i, f, o, g = (integrated(p, k, x_t, h) for k in "ifog")
        c = c * sigmoid(f) + tanh(g) * sigmoid(i)
        h = sigmoid(o) * tanh(c)
        out.append(h)
    return out


@paper(lambda i, h, own: i * h + h * h + 5 * h)
def DeltaRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        d_rec, d_dat = p["V"] @ h, p["W"] @ x_t
        d1, d2 = p["alpha"] * d_rec * d_dat, p["beta1"] * d_rec + p["beta2"] * d_dat
        r = sigmoid(d_dat + p["b_r"])
        h = tanh((1 - r) * tanh(d1 + d2 + p["b_z"]) + r * h)
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * i * h)
def LRN(p: Matrices, x: Tensor) -> list[Tensor]:
    q, k, v = (x @ p[f"W_{name}"].T for name in "qkv")
    h, out = zeros(H), []
    for t in range(len(x)):
        h = tanh(sigmoid(k[t] + h) * v[t] + sigmoid(q[t] - h) * h)
        out.append(h)
    return out


@paper(lambda i, h, own: 2 * i * h + 2 * h * h + 3 * h)
def CARU(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for v_t in x:
        projected = p["W_vn"] @ v_t + p["b_v"]
        n = tanh((p["W_hn"] @ h + p["b_h"]) + projected)
        z = sigmoid((p["W_hz"] @ h + p["b_z"]) + p["W_vz"] @ v_t)
        h = torch.lerp(h, n, sigmoid(projected) * z)
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * square(i, h) + i * i + h * i + i)
def EleAttGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        attended = sigmoid(p["W_xa"] @ x_t + p["W_ha"] @ h + p["b_a"]) * x_t
        r, z = (sigmoid(p[f"W_x{k}"] @ attended + p[f"W_h{k}"] @ h + p[f"b_{k}"]) for k in "rz")
        h = z * h + (1 - z) * tanh(p["W_xn"] @ attended + p["W_hn"] @ (r * h) + p["b_n"])
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * i * h + 4 * h)
def SRU(p: Matrices, x: Tensor) -> list[Tensor]:
    c, out = zeros(H), []
    for x_t in x:
        f = sigmoid(p["W_f"] @ x_t + p["v_f"] * c + p["b_f"])
        r = sigmoid(p["W_r"] @ x_t + p["v_r"] * c + p["b_r"])
        c = f * c + (1 - f) * (p["W"] @ x_t)
        out.append(r * c + (1 - r) * (p["W_x"] @ x_t))
    return out


@paper(lambda i, h, own: 6 * i * h)
def QRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    """By a masked convolution of width two over the whole sequence."""

    def convolved(gate: str) -> Tensor:
        kernel = torch.stack([p[f"V_{gate}"], p[f"W_{gate}"]], -1)
        return conv1d(cat([zeros(I)[None], x]).T[None], kernel)[0].T

    c, out = zeros(H), []
    for z, f, o in zip(tanh(convolved("z")), sigmoid(convolved("f")), sigmoid(convolved("o")), strict=True):
        c = f * c + (1 - f) * z
        out.append(o * c)
    return out


def scanned(log_coefficients: Tensor, log_values: Tensor) -> list[Tensor]:
    """The parallel scan of minGRU's appendix B, on logarithms, from a first value of log 0."""
    sums = torch.cumsum(log_coefficients, 0)
    return list(exp(sums + torch.logcumsumexp(log_values - sums, 0)))


def log_g(a: Tensor) -> Tensor:
    return torch.where(a >= 0, torch.log(relu(a) + 0.5), torch.nn.functional.logsigmoid(a))


@paper(lambda i, h, own: 2 * (i * h + h))
def LogSpaceMinGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    k = x @ p["W_xz"].T + p["b_z"]
    log_z, log_keep = torch.nn.functional.logsigmoid(k), torch.nn.functional.logsigmoid(-k)
    return scanned(log_keep, log_z + log_g(x @ p["W_xh"].T + p["b_h"]))


@paper(lambda i, h, own: 3 * (i * h + h))
def LogSpaceMinLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    f, i = (sigmoid(x @ p[f"W_x{k}"].T + p[f"b_{k}"]) for k in "fi")
    return scanned(torch.log(f / (f + i)), torch.log(i / (f + i)) + log_g(x @ p["W_xh"].T + p["b_h"]))


@paper(lambda i, h, own: 3 * i * h + 3 * h)
def RGLRU(p: Matrices, x: Tensor) -> list[Tensor]:
    """a to the power c r, with a the sigmoid of Λ."""
    h, out = zeros(H), []
    for x_t in x:
        r, i = sigmoid(p["W_a"] @ x_t + p["b_a"]), sigmoid(p["W_x"] @ x_t + p["b_x"])
        a = sigmoid(p["l"]) ** (8 * r)
        h = a * h + torch.sqrt(1 - a**2) * (i * (p["W"] @ x_t))
        out.append(h)
    return out


@paper(lambda i, h, own: 2 * i * h + 3 * h + 2 * h * own)
def LRU(p: Matrices, x: Tensor) -> list[Tensor]:
    """In complex numbers, and without a loop over states: a sum of powers of the diagonal."""
    decay = exp(torch.complex(-exp(p["nu"]), exp(p["theta"])))
    B, C = torch.complex(p["B_re"], p["B_im"]), torch.complex(p["C_re"], p["C_im"])
    driven = exp(p["gamma"]) * (x.to(B.dtype) @ B.T)
    return [(C @ sum(decay ** (t - s) * driven[s] for s in range(t + 1))).real for t in range(len(x))]


@paper(lambda i, h, own: 2 * (i * h + h) + 4 * square(i, h))
def GILRLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    """First the surrogate for all steps, then the gates for all steps, then the memory."""
    g, values = sigmoid(x @ p["W_g"].T + p["b_g"]), tanh(x @ p["W_s"].T + p["b_s"])
    surrogate = [zeros(H)]
    for g_t, value in zip(g, values, strict=True):
        surrogate.append(g_t * surrogate[-1] + (1 - g_t) * value)
    before = torch.stack(surrogate[:-1])
    f, i, o, z = (before @ p[f"U_{k}"].T + x @ p[f"V_{k}"].T + p[f"b_{k}"] for k in "fioz")
    c, out = zeros(H), []
    for t in range(len(x)):
        c = sigmoid(f[t]) * c + sigmoid(i[t]) * tanh(z[t])
        out.append(sigmoid(o[t]) * c)
    return out


@paper(lambda i, h, own: square(i, h) + 2 * i * h + h)
def RCNN(p: Matrices, x: Tensor) -> list[Tensor]:
    c1, c2, h, out = zeros(H), zeros(H), zeros(H), []
    for x_t in x:
        decay = sigmoid(p["W_l"] @ x_t + p["U_l"] @ h + p["b_l"])
        c1, c2 = torch.lerp(p["W_1"] @ x_t, c1, decay), torch.lerp(c1 + p["W_2"] @ x_t, c2, decay)
        h = tanh(c2 + p["b"])
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * i * h)
def AFTSimple(p: Matrices, x: Tensor) -> list[Tensor]:
    """For each step a softmax over all steps so far, feature by feature."""
    q, k, v = (x @ p[f"W_{name}"].T for name in "qkv")
    return [sigmoid(q[t]) * (softmax(k[: t + 1], 0) * v[: t + 1]).sum(0) for t in range(len(x))]


@paper(lambda i, h, own: i * own + own + i * h)
def Aaren(p: Matrices, x: Tensor) -> list[Tensor]:
    """For each step torch's attention of the query to all steps so far."""
    k, v = x @ p["W_k"].T, x @ p["W_v"].T
    attend = torch.nn.functional.scaled_dot_product_attention
    return [attend(p["q"][None], k[: t + 1], v[: t + 1], scale=1.0)[0] for t in range(len(x))]


@paper(lambda i, h, own: 3 * i + 3 * i * h + 2 * h + h * h)
def RWKV4(p: Matrices, x: Tensor) -> list[Tensor]:
    """The weighted mean as it is defined, a sum over all steps so far."""
    before = cat([zeros(I)[None], x[:-1]])
    r, k, v = ((p[f"m_{n}"] * x + (1 - p[f"m_{n}"]) * before) @ p[f"W_{n}"].T for n in "rkv")
    decay, out = exp(p["w"]), []
    for t in range(len(x)):
        weights = torch.stack([*(exp(-(t - 1 - i) * decay + k[i]) for i in range(t)), exp(p["b_u"] + k[t])])
        out.append(p["W_o"] @ (sigmoid(r[t]) * (weights * v[: t + 1]).sum(0) / weights.sum(0)))
    return out


@paper(lambda i, h, own: 3 * square(i, h))
def CoupledLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        f, o, g = (p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"] for k in "foc")
        c = torch.lerp(tanh(g), c, sigmoid(f))
        h = sigmoid(o) * tanh(c)
        out.append(h)
    return out


@paper(lambda i, h, own: 4 * square(i, h) + 3 * h * h)
def FullPeepholeLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        i, f = (sigmoid(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"W_c{k}"] @ c + p[f"b_{k}"]) for k in "if")
        c = f * c + i * tanh(p["W_xc"] @ x_t + p["W_hc"] @ h + p["b_c"])
        h = sigmoid(p["W_xo"] @ x_t + p["W_ho"] @ h + p["W_co"] @ c + p["b_o"]) * tanh(c)
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * square(i, h))
def OriginalGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        r, z = (sigmoid(p[f"W_x{k}"] @ x_t + p[f"W_h{k}"] @ h + p[f"b_{k}"]) for k in "rz")
        h = z * h + (1 - z) * tanh(p["W_xn"] @ x_t + p["W_hn"] @ (r * h) + p["b_n"])
        out.append(h)
    return out


@paper(lambda i, h, own: 3 * square(i, h))
def MUT3(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        z = sigmoid(p["W_xz"] @ x_t + p["W_hz"] @ tanh(h) + p["b_z"])
        r = sigmoid(p["W_xr"] @ x_t + p["W_hr"] @ h + p["b_r"])
        h = tanh(p["W_hh"] @ (r * h) + p["W_xh"] @ x_t + p["b_h"]) * z + h * (1 - z)
        out.append(h)
    return out


@paper(lambda i, h, own: 8 * (i * h + h * h))
def NAS(p: Matrices, x: Tensor) -> list[Tensor]:
    """From the leaves of the paper's tree upwards, two by two."""
    h, c, out = zeros(H), zeros(H), []
    for x_t in x:
        a, b = ([p[f"W_{name}{k}"] @ value for k in range(8)] for name, value in (("x", x_t), ("h", h)))
        leaves = [sigmoid(a[0] + b[0]), relu(a[1] + b[1]), sigmoid(a[2] + b[2]), relu(a[3] * b[3]),
                  tanh(a[4] + b[4]), sigmoid(a[5] + b[5]), tanh(a[6] + b[6]), sigmoid(a[7] + b[7])]  # fmt: skip
        level = [tanh(leaves[0] * leaves[1]), tanh(leaves[2] + leaves[3]),
                 tanh(leaves[4] * leaves[5]), sigmoid(leaves[6] + leaves[7])]  # fmt: skip
        c = tanh(level[0] + c) * level[1]
        h = tanh(c * tanh(level[2] + level[3]))
        out.append(h)
    return out


@paper(lambda i, h, own: square(i, h))
def CTRNN(p: Matrices, x: Tensor) -> list[Tensor]:
    h, out = zeros(H), []
    for x_t in x:
        h = torch.lerp(h, tanh(p["W_x"] @ x_t + p["W_h"] @ h + p["b"]), 0.1)
        out.append(h)
    return out


@paper(lambda i, h, own: 2 * (i * h + h))
def MinGRU(p: Matrices, x: Tensor) -> list[Tensor]:
    z, values = sigmoid(x @ p["W_xz"].T + p["b_z"]), x @ p["W_xh"].T + p["b_h"]
    kept = torch.stack([torch.stack([(1 - z[s + 1 : t + 1]).prod(0) for s in range(len(x))]) for t in range(len(x))])
    return [(kept[t, : t + 1] * (z * values)[: t + 1]).sum(0) for t in range(len(x))]


@paper(lambda i, h, own: 3 * (i * h + h))
def MinLSTM(p: Matrices, x: Tensor) -> list[Tensor]:
    f, i = (sigmoid(x @ p[f"W_x{k}"].T + p[f"b_{k}"]) for k in "fi")
    values, h, out = x @ p["W_xh"].T + p["b_h"], zeros(H), []
    for t in range(len(x)):
        h = f[t] / (f[t] + i[t]) * h + i[t] / (f[t] + i[t]) * values[t]
        out.append(h)
    return out
