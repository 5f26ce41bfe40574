"""Cross-entropy of a linear map's scores, whose gradient is made in the memory of the scores themselves."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

__all__ = ["linear_cross_entropy"]

_MOST_SCORES = 1 << 23
"""Scores (32 MiB in float32) that are held at once."""


def linear_cross_entropy(hidden: Tensor, weight: Tensor, *, bias: Tensor | None, targets: Tensor) -> Tensor:
    """Return the mean of -log softmax(hidden weightᵀ + bias) at the targets, in nats.

    It is `cross_entropy(linear(hidden, weight, bias), targets)`. For a large vocabulary its memory is what costs: the
    scores, their log softmax and the gradients of both are as many numbers each. Here there is one such block, in
    which the gradient takes the place of the log softmax, and no more than 32 MiB of it. There is no second derivative.

    Parameters
    ----------
    hidden : tensor (rows, features)
    weight : tensor (classes, features)
    bias : tensor (classes,), optional
    targets : whole numbers (rows,)

    Examples
    --------
    >>> import torch
    >>> from recurra.nn.linear_cross_entropy import linear_cross_entropy
    >>> layer, hidden, targets = torch.nn.Linear(8, 100), torch.randn(5, 8), torch.arange(5)
    >>> loss = linear_cross_entropy(hidden, layer.weight, bias=layer.bias, targets=targets)
    >>> torch.allclose(loss, torch.nn.functional.cross_entropy(layer(hidden), targets))
    True
    """
    added = weight.new_zeros(len(weight)) if bias is None else bias
    if not torch.is_grad_enabled():
        parts = zip(_parts(hidden, len(weight)), _parts(targets, len(weight)), strict=True)
        total = sum(_summed(rows, weight, added, wanted) for rows, wanted in parts)
        return torch.as_tensor(total) / len(hidden)
    return _LinearCrossEntropy.apply(hidden, weight, added, targets)  # pyright: ignore[reportReturnType]


class _LinearCrossEntropy(torch.autograd.Function):
    """The loss, and at once the gradients of it."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, bias: Tensor, targets: Tensor) -> Tensor:
        loss, share = hidden.new_zeros(()), 1 / len(hidden)
        d_hidden, d_weight, d_bias = torch.empty_like(hidden), None, torch.zeros_like(bias)
        pieces = [_parts(each, len(weight)) for each in (hidden, targets, d_hidden)]
        for rows, wanted, d_rows in zip(*pieces, strict=True):
            scores = torch.addmm(bias, rows, weight.T)
            torch.log_softmax(scores, 1, out=scores)
            loss -= scores.gather(1, wanted.unsqueeze(1)).sum()
            d_scores = _minus_one(scores.exp_(), wanted)
            torch.mm(d_scores, weight, out=d_rows)
            shared = rows * share  # the mean is taken where the numbers are few
            d_weight = d_scores.T @ shared if d_weight is None else d_weight.addmm_(d_scores.T, shared)
            d_bias.add_(d_scores.sum(0), alpha=share)
        ctx.gradients = (d_hidden.mul_(share), d_weight, d_bias)
        return loss * share

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        gradients, ctx.gradients = ctx.gradients, None
        if gradient.item() != 1:
            gradients = [each.mul_(gradient) for each in gradients]
        return *gradients, None


def _parts(rows: Tensor, classes: int) -> tuple[Tensor, ...]:
    return rows.split(max(1, _MOST_SCORES // classes))


def _minus_one(shares: Tensor, targets: Tensor) -> Tensor:
    ones = shares.new_full((len(targets), 1), -1.0)
    return shares.scatter_add_(1, targets.unsqueeze(1), ones)


def _summed(hidden: Tensor, weight: Tensor, bias: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(functional.linear(hidden, weight, bias), targets, reduction="sum")
