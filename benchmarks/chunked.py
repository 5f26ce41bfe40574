"""Chunked forms of three cells with a matrix for each head, in plain torch, as their papers give them.

Within a chunk of steps everything is a product of matrices; from chunk to chunk a state goes on. They are peers in
`benchmarks.matrix_cells`, with the parameters of our layers, and torch derives their gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, silu

from recurra.nn import Recurrent

__all__ = ["CHUNKED", "Chunked"]

CHUNK = 64
"""Steps, as the papers' kernels have by default; what is left at the end is a shorter chunk."""


class Chunked:
    """A layer's cell in its chunked form; called as the layer is, without states."""

    def __init__(self, layer: Recurrent) -> None:
        self.layer, self.form = layer, CHUNKED[layer.cell.name]

    def __call__(self, x: Tensor) -> tuple[Tensor]:
        """Return the outputs of all steps, (time, batch, hidden_size)."""
        named = {name.removesuffix("_l0"): value for name, value in self.layer.named_parameters()}
        return (self.form(named, x.transpose(0, 1), self.layer.sizes["heads"]).transpose(0, 1),)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        self.layer.zero_grad()


def _heads(x: Tensor, heads: int) -> Tensor:
    """Return (batch, time, heads * n) as (batch, heads, time, n)."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def _flat(y: Tensor) -> Tensor:
    return y.transpose(1, 2).flatten(2)


def _chunks(*arrays: Tensor) -> Iterator[tuple[Tensor, ...]]:
    return zip(*(array.split(CHUNK, 2) for array in arrays), strict=True)


def gla(p: Mapping[str, Tensor], x: Tensor, heads: int) -> Tensor:
    """Gated linear attention, Yang et al. (2023), arXiv:2312.06635, section 4."""
    q, k, v = (_heads(x @ p[name], heads) for name in ("W_q", "W_k", "W_v"))
    decay = logsigmoid(_heads(x @ p["W_a"] + p["b_a"], heads)) / 16
    state, outputs = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1]), []
    chunks = _chunks(q, k, v, decay)
    for q, k, v, decay in chunks:
        sums = decay.cumsum(2)
        read, last = q * sums.exp(), sums[:, :, -1:]
        inside = (read @ (k * (-sums).exp()).mT).tril()
        outputs.append(read @ state + inside @ v)
        state = last.exp().mT * state + (k * (last - sums).exp()).mT @ v
    return _flat(torch.cat(outputs, 2)) / outputs[0].shape[-1] ** 0.5


def delta_net(p: Mapping[str, Tensor], x: Tensor, heads: int) -> Tensor:
    """DeltaNet by the WY form, Yang et al. (2024), arXiv:2406.06484, section 3."""
    q, k = (silu(_heads(x @ p[name], heads)) for name in ("W_q", "W_k"))
    q, k = (each / (each.square().sum(-1, keepdim=True) + 1e-6).sqrt() for each in (q, k))
    v, beta = _heads(x @ p["W_v"], heads), _heads(x @ p["W_b"], heads).sigmoid()
    state, outputs = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1]), []
    chunks = _chunks(q, k, v, beta)
    for q, k, v, beta in chunks:
        weighed = k * beta
        triangle = torch.eye(k.shape[2]) + (weighed @ k.mT).tril(-1)
        solved = torch.linalg.solve_triangular(triangle, torch.cat([v * beta, weighed], -1), upper=False)
        written, keys = solved.split([v.shape[-1], k.shape[-1]], -1)
        written = written - keys @ state
        outputs.append(q @ state + (q @ k.mT).tril() @ written)
        state = state + k.mT @ written
    return _flat(torch.cat(outputs, 2))


def mlstm(p: Mapping[str, Tensor], x: Tensor, heads: int) -> Tensor:
    """The chunkwise form of the mLSTM, Beck et al. (2025), arXiv:2503.14376, section 3."""
    q, k, v = (_heads(x @ p[name], heads) for name in ("W_q", "W_k", "W_v"))
    k = k / k.shape[-1] ** 0.5
    i, f = (_heads(x @ p[f"W_{name}"] + p[f"b_{name}"], heads) for name in "if")
    f, v = logsigmoid(f), torch.cat([v, torch.ones_like(v[..., :1])], -1)  # the normaliser is one column more
    state, top, outputs = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1]), q.new_zeros(*q.shape[:2], 1, 1), []
    chunks = _chunks(q, k, v, i, f)
    for q, k, v, i, f in chunks:
        sums = f.cumsum(2)
        hidden = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool).triu(1)
        scores = (sums + (i - sums).mT).masked_fill(hidden, -torch.inf)
        tops = torch.maximum(scores.amax(-1, keepdim=True), sums + top).detach()
        read = (sums + top - tops).exp() * (q @ state) + ((q @ k.mT) * (scores - tops).exp()) @ v
        total = torch.maximum(read[..., -1:].abs(), (-tops.clamp(min=-80)).exp())
        outputs.append(read[..., :-1] / total)
        last, new = sums[:, :, -1:], tops[:, :, -1:]
        state = (last + top - new).exp() * state + (k * (last - sums + i - new).exp()).mT @ v
        top = new
    return (x @ p["W_o"] + p["b_o"]).sigmoid() * _flat(torch.cat(outputs, 2))


CHUNKED: dict[str, Callable[[Mapping[str, Tensor], Tensor, int], Any]] = {
    "GLA": gla, "DeltaNet": delta_net, "mLSTM": mlstm,
}  # fmt: skip
"""Cell -> its chunked form, given parameters, (batch, time, input_size) and the number of heads."""
