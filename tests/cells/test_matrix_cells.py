"""Cells with a matrix for each head, against the papers' equations written once more: head by head, in plain torch."""

from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor
from torch.nn.functional import elu, silu, softplus

from recurra.cells import find
from recurra.graph.compound import number_of
from recurra.nn import Recurrent

SIZES = {
    "FastWeights": {"key_size": 5},
    "RetNet": {"heads": 3, "key_size": 2},
    "ONLSTM": {"chunks": 3},
    "GroupedLSTM": {"groups": 3},
    "S6": {"state_size": 4, "dt_rank": 2},
    "SSD": {"heads": 3, "state_size": 4},
}
INPUT, HIDDEN, HEADS, STEPS, BATCH = 6, 12, 3, 7, 2
Parameters = Mapping[str, Tensor]


def heads(value: Tensor) -> list[Tensor]:
    return list(value.chunk(HEADS, -1))


def linear_attention(p: Parameters, x: Tensor) -> Tensor:
    """The sums over all earlier steps, without a state."""
    queries, keys = elu(x @ p["W_q"]) + 1, elu(x @ p["W_k"]) + 1
    found = []
    for q, k, v in zip(heads(queries), heads(keys), heads(x @ p["W_v"]), strict=True):
        weight = torch.einsum("tbi,sbi->bts", q, k).tril()
        found.append(torch.einsum("bts,sbj->tbj", weight, v) / (weight.sum(-1).T[..., None] + 1e-6))
    return torch.cat(found, -1)


def fast_weights(p: Parameters, x: Tensor) -> Tensor:
    keys, queries = (x @ p["W_k"]).softmax(-1), (x @ p["W_q"]).softmax(-1)
    return torch.einsum("bts,sbj->tbj", torch.einsum("tbi,sbi->bts", queries, keys).tril(), x @ p["W_v"])


Step = Callable[..., tuple[Tensor, Tensor]]


def recurrence(one_head: Callable[[Parameters, Tensor, int], tuple[list[Tensor], Step]]):
    """Return a function that runs a step of each head, on states (batch, key, value) that begin with zero."""

    def run(p: Parameters, x: Tensor) -> Tensor:
        outputs = []
        for head in range(HEADS):
            values, step = one_head(p, x, head)
            state = x.new_zeros(x.shape[1], HIDDEN // HEADS, HIDDEN // HEADS)
            found = []
            for at in range(len(x)):
                state, y = step(state, *(value[at] for value in values))
                found.append(y)
            outputs.append(torch.stack(found))
        return torch.cat(outputs, -1)

    return run


def projected(p: Parameters, x: Tensor, head: int, *names: str) -> list[Tensor]:
    return [heads(x @ p[name])[head] for name in names]


def read(q: Tensor, state: Tensor) -> Tensor:
    return torch.bmm(q[:, None], state)[:, 0]


@recurrence
def gla(p, x, head):
    gate = heads(torch.sigmoid(x @ p["W_a"] + p["b_a"]) ** (1 / 16))[head]

    def step(S, q, k, v, a):
        S = torch.diag_embed(a) @ S + k[:, :, None] @ v[:, None]
        return S, read(q, S) / 2  # the root of a head's size, 4

    return [*projected(p, x, head, "W_q", "W_k", "W_v"), gate], step


@recurrence
def hgrn2(p, x, head):
    f, o = (heads(torch.sigmoid(v))[head] for v in (x @ p["W_f"] + p["b_f"], x @ p["W_o"]))

    def step(S, i, f, o):
        S = torch.diag_embed(f) @ S + (1 - f)[:, :, None] @ i[:, None]
        return S, read(o, S)

    return [*projected(p, x, head, "W_i"), f, o], step


def delta_step(S, q, k, v, alpha, beta):
    eye = torch.eye(k.shape[-1], dtype=k.dtype)
    S = (eye - beta[:, :, None] * k[:, :, None] @ k[:, None]) @ (alpha[:, :, None] * S)
    S = S + beta[:, :, None] * k[:, :, None] @ v[:, None]
    return S, read(q, S)


def delta_values(p, x, head, alpha):
    q, k, v = projected(p, x, head, "W_q", "W_k", "W_v")
    beta = torch.sigmoid(x @ p["W_b"])[..., head, None]
    q, k = (value / (value.square().sum(-1, keepdim=True) + 1e-6).sqrt() for value in (silu(q), silu(k)))
    return [q, k, v, alpha, beta]


@recurrence
def delta_net(p, x, head):
    return delta_values(p, x, head, torch.ones_like(x[..., :1])), delta_step


@recurrence
def gated_delta_net(p, x, head):
    alpha = torch.exp(-p["a"].exp() * softplus(x @ p["W_a"] + p["b_a"]))[..., head, None]
    return delta_values(p, x, head, alpha), delta_step


@recurrence
def rwkv6(p, x, head):
    w = heads(torch.exp(-torch.exp(x @ p["W_w"] + p["b_w"])))[head]
    u = heads(p["u"])[head]

    def step(S, r, k, v, w):
        written = k[:, :, None] @ v[:, None]
        y = read(r, S + torch.diag_embed(u.expand_as(k)) @ written)
        return torch.diag_embed(w) @ S + written, y

    return [*projected(p, x, head, "W_r", "W_k", "W_v"), w], step


@recurrence
def rwkv7(p, x, head):
    r, k, v = projected(p, x, head, "W_r", "W_k", "W_v")
    a = heads(torch.sigmoid(x @ p["W_a"] + p["b_a"]))[head]
    w = heads(torch.exp(-torch.exp(torch.tensor(-0.5)) * torch.sigmoid(x @ p["W_w"] + p["b_w"])))[head]
    removal = k * heads(p["xi"])[head]
    removal = removal / (removal.square().sum(-1, keepdim=True) + 1e-6).sqrt()
    written = k * (1 + (a - 1) * heads(p["alpha"])[head])

    def step(S, r, v, a, w, removal, written):
        transition = torch.diag_embed(w) - (removal * a)[:, :, None] @ removal[:, None]
        S = transition @ S + written[:, :, None] @ v[:, None]
        return S, read(r, S)

    return [r, v, a, w, removal, written], step


def mlstm(p: Parameters, x: Tensor) -> Tensor:
    """The parallel form, equations 45 to 50 of the paper's appendix: a matrix of gates for each pair of steps."""
    gates = [x @ p[f"W_{gate}"] + p[f"b_{gate}"] for gate in "if"]
    outputs = []
    for head in range(HEADS):
        q, k, v = projected(p, x, head, "W_q", "W_k", "W_v")
        i, f = (gate[..., head] for gate in gates)
        kept = torch.nn.functional.logsigmoid(f).cumsum(0)
        D = (kept[:, None] - kept[None] + i[None]).permute(2, 0, 1)  # (batch, to, from)
        D = D.masked_fill(torch.ones(len(x), len(x)).triu(1).bool(), -torch.inf)
        # the state begins with m = 0 and an empty memory
        m = torch.maximum(D.amax(-1), kept.T)
        C = torch.einsum("tbi,sbi->bts", q, k) / k.shape[-1] ** 0.5 * (D - m[..., None]).exp()
        n = torch.maximum(C.sum(-1).abs(), (-m).exp())
        outputs.append(torch.einsum("bts,sbj->tbj", C / n[..., None], v))
    return torch.sigmoid(x @ p["W_o"] + p["b_o"]) * torch.cat(outputs, -1)


def slstm(p: Parameters, x: Tensor) -> Tensor:
    """Exponential gates as they are, without what stabilises them, and each head's matrices as one block matrix."""
    h, c, n = (x.new_zeros(x.shape[1], HIDDEN) for _ in range(3))
    outputs = []
    for now in x:
        z, i, f, o = (now @ p[f"W_{g}"] + p[f"b_{g}"] + h @ torch.block_diag(*p[f"R_{g}"]) for g in "zifo")
        c = torch.sigmoid(f) * c + i.exp() * z.tanh()
        n = torch.sigmoid(f) * n + i.exp()
        h = torch.sigmoid(o) * c / n
        outputs.append(h)
    return torch.stack(outputs)


def s6(p: Parameters, x: Tensor) -> Tensor:
    u = x @ p["W_u"]
    dt = softplus(u @ p["R"] @ p["W_dt"] + p["b_dt"])
    h = x.new_zeros(x.shape[1], HIDDEN, SIZES["S6"]["state_size"])
    outputs = []
    for at in range(len(x)):
        B, C = u[at] @ p["W_B"], u[at] @ p["W_C"]
        for channel in range(HIDDEN):
            decay = torch.exp(-dt[at, :, channel, None] * p["A"][channel].exp())
            new = decay * h[:, channel] + dt[at, :, channel, None] * B * u[at, :, channel, None]
            h = torch.cat([h[:, :channel], new[:, None], h[:, channel + 1 :]], 1)
        outputs.append((h * C[:, None]).sum(-1) + p["D"] * u[at])
    return torch.stack(outputs)


def ssd(p: Parameters, x: Tensor) -> Tensor:
    """As a semiseparable matrix, the paper's equation 3: what every step leaves of every earlier one."""
    B, C, dt = x @ p["W_B"], x @ p["W_C"], softplus(x @ p["W_dt"] + p["b_dt"])
    outputs = []
    for head, u in enumerate(heads(x @ p["W_u"])):
        kept = (-p["A"][head].exp() * dt[..., head]).cumsum(0)
        L = (kept[:, None] - kept[None]).permute(2, 0, 1).exp().tril()
        weight = L * torch.einsum("tbn,sbn->bts", C, B) * dt[..., head].T[:, None]
        outputs.append(torch.einsum("bts,sbj->tbj", weight, u) + p["D"][head] * u)
    return torch.cat(outputs, -1)


def retnet(p: Parameters, x: Tensor) -> Tensor:
    """The parallel form, equation 5: keys and queries turned by their places, and a mask that decays."""
    places, turned = torch.arange(len(x), dtype=x.dtype), 10000.0 ** (-torch.arange(2, dtype=x.dtype) / 2)
    turn = torch.exp(1j * places[:, None] * turned)[:, None]  # (time, 1, key)
    outputs = []
    for head in range(HEADS):
        q_re, q_im, k_re, k_im, v = projected(p, x, head, "W_qr", "W_qi", "W_kr", "W_ki", "W_v")
        q, k = torch.complex(q_re, q_im) * turn, torch.complex(k_re, k_im) * turn
        decay = (1 - 2.0 ** (-5 - head)) ** (places[:, None] - places).clamp(min=0)
        weight = torch.einsum("tbi,sbi->bts", q, k.conj()).real * decay.tril() / 2  # the root of four numbers a key
        outputs.append(torch.einsum("bts,sbj->tbj", weight, v))
    return torch.cat(outputs, -1)


def ordered(p: Parameters, x: Tensor) -> Tensor:
    """Unit by unit's master gates, each shared by four neighbours."""
    h, c = (x.new_zeros(x.shape[1], HIDDEN) for _ in range(2))
    outputs = []
    for now in x:
        f, i, o, g, mf, mi = (
            now @ p[f"W_x{k}"] + h @ p[f"W_h{k}"] + p[f"b_{k}"] for k in ("f", "i", "o", "c", "mf", "mi")
        )
        opened = mf.softmax(-1).cumsum(-1).repeat_interleave(4, -1)
        closed = (1 - mi.softmax(-1).cumsum(-1)).repeat_interleave(4, -1)
        both = opened * closed
        c = (f.sigmoid() * both + (opened - both)) * c + (i.sigmoid() * both + (closed - both)) * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs)


def grouped(p: Parameters, x: Tensor) -> Tensor:
    """One LSTM, whose matrices have blocks on their diagonals."""
    h, c = (x.new_zeros(x.shape[1], HIDDEN) for _ in range(2))
    W = {k: torch.block_diag(*p[f"W_{k}"]) for k in ("xi", "xf", "xo", "xc", "hi", "hf", "ho", "hc")}
    outputs = []
    for now in x:
        i, f, o, g = (now @ W[f"x{k}"] + h @ W[f"h{k}"] + p[f"b_{k}"].flatten() for k in "ifoc")
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs)


PAPERS = {
    "LinearAttention": linear_attention, "FastWeights": fast_weights, "GLA": gla, "HGRN2": hgrn2,
    "DeltaNet": delta_net, "GatedDeltaNet": gated_delta_net, "RWKV6": rwkv6, "RWKV7": rwkv7, "mLSTM": mlstm,
    "sLSTMHeads": slstm, "S6": s6, "SSD": ssd, "RetNet": retnet, "ONLSTM": ordered, "GroupedLSTM": grouped,
}  # fmt: skip


@pytest.mark.parametrize("name", PAPERS)
def test_a_cell_is_what_its_paper_says(name: str) -> None:
    torch.manual_seed(3)
    cell = find(name)
    layer = Recurrent(cell, INPUT, HIDDEN, sizes=SIZES.get(name, {"heads": HEADS}), dtype=torch.float64)
    own = {parameter.name: getattr(layer, f"{parameter.name}_l0") for parameter in cell.parameters}
    with torch.no_grad():
        for tensor in own.values():
            torch.nn.init.normal_(tensor, std=0.5)
    x = torch.randn(STEPS, BATCH, INPUT, dtype=torch.float64)
    found, expected = layer(x)[0], PAPERS[name](own, x)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
    weights = torch.randn_like(found)
    gradients = [torch.autograd.grad((each * weights).sum(), [*own.values()]) for each in (found, expected)]
    for mine, papers in zip(*gradients, strict=True):
        torch.testing.assert_close(mine, papers, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", PAPERS)
def test_a_parameter_has_the_shape_that_its_sizes_say(name: str) -> None:
    layer = Recurrent(find(name), INPUT, HIDDEN, sizes=SIZES.get(name, {"heads": HEADS}))
    sizes = {"input_size": INPUT, "hidden_size": HIDDEN, **layer.sizes}
    for parameter in find(name).parameters:
        expected = tuple(number_of(size, sizes) for size in parameter.shape)
        assert getattr(layer, f"{parameter.name}_l0").shape == expected
