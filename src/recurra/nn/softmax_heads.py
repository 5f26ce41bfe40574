"""Softmax heads: how likely each class is, plain, with tied weights or adaptive; cross-entropy in little memory."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_named, check_share, check_size

__all__ = ["AdaptiveSoftmax", "Softmax", "SoftmaxHead", "TiedLinear", "linear_cross_entropy"]

LossReduction = Literal["mean", "sum", "none"]


class TiedLinear(nn.Module):
    """Scores of words from the vectors that an embedding has for them: E P h + b.

    Press & Wolf (2017), arXiv:1608.05859; Inan, Khosravi & Socher (2017), arXiv:1611.01462. The embedding stays where
    it is in the model and its weight comes once in the `state_dict`; a copy of the whole model is tied to its own.

    Parameters
    ----------
    embedding : nn.Embedding
    features : int, optional
        The width of h; where it is not the embedding's, a projection P stands between. The embedding's by default.
    bias : bool
        Whether there is b, one number a word.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import TiedLinear
    >>> embedding = torch.nn.Embedding(100, 8)
    >>> tied = TiedLinear(embedding, features=16)
    >>> tied(torch.randn(5, 16)).shape, [name for name, _ in tied.named_parameters()]
    (torch.Size([5, 100]), ['bias', 'projection.weight'])
    """

    @checked(InputError)
    def __init__(self, embedding: nn.Embedding, *, features: int | None = None, bias: bool = True) -> None:
        super().__init__()
        self._tied = (embedding,)  # a tuple, for a module of its own it is not
        width = embedding.embedding_dim
        self.features = width if features is None else features
        check_size("features", self.features)
        like = {"device": embedding.weight.device, "dtype": embedding.weight.dtype}
        self.projection = None if self.features == width else nn.Linear(self.features, width, bias=False, **like)
        self.bias = nn.Parameter(torch.zeros(embedding.num_embeddings, **like)) if bias else None

    def forward(self, hidden: Tensor) -> Tensor:
        """Return the scores (..., words) of hidden states (..., features)."""
        if hidden.shape[-1] != self.features:
            raise InputError(f"hidden: got {hidden.shape[-1]} features, expected {self.features}")
        return functional.linear(self.projected(hidden), self.weight, self.bias)

    @property
    def weight(self) -> Tensor:
        """The embedding's vectors (words, embedding_dim)."""
        return self._tied[0].weight

    def projected(self, hidden: Tensor) -> Tensor:
        """Return P h, (..., embedding_dim), of hidden states (..., features)."""
        return hidden if self.projection is None else self.projection(hidden)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.features} -> {self._tied[0].num_embeddings}"


class SoftmaxHead(nn.Module):
    """A head that says how likely each class is, from hidden states."""

    @abstractmethod
    def loss(self, hidden: Tensor, targets: Tensor, *, reduction: LossReduction = "mean") -> Tensor:
        """Return -log p of the targets, in nats.

        Parameters
        ----------
        hidden : tensor (rows, features)
        targets : whole numbers (rows,)
        reduction : ``"mean"`` or ``"sum"`` over the rows, or ``"none"`` for (rows,)
        """

    @abstractmethod
    def log_prob(self, hidden: Tensor) -> Tensor:
        """Return log p of every class, (rows, classes), of hidden states (rows, features)."""

    def forward(self, hidden: Tensor) -> Tensor:
        """Return log p of every class; see `log_prob`."""
        return self.log_prob(hidden)


class Softmax(SoftmaxHead):
    """The softmax of scores.

    Parameters
    ----------
    scores : nn.Module
        From hidden states (rows, features) to scores (rows, classes), such as `nn.Linear` or `TiedLinear`.
    label_smoothing : float from 0 to 1
        Share of each target that the loss in training gives to all classes alike (Szegedy et al. 2016, section 7).

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import Softmax
    >>> head = Softmax(torch.nn.Linear(8, 100))
    >>> loss = head.loss(torch.randn(5, 8), torch.arange(5))
    """

    @checked(InputError)
    def __init__(self, scores: nn.Module, *, label_smoothing: float = 0.0) -> None:
        super().__init__()
        check_share("label_smoothing", label_smoothing)
        self.scores, self.label_smoothing = scores, label_smoothing

    def loss(self, hidden: Tensor, targets: Tensor, *, reduction: LossReduction = "mean") -> Tensor:
        """Return -log p of the targets; see `SoftmaxHead.loss`."""
        check_named("reduction", reduction, known=get_args(LossReduction))
        smoothing = self.label_smoothing if self.training else 0.0
        return functional.cross_entropy(self.scores(hidden), targets, reduction=reduction, label_smoothing=smoothing)

    def log_prob(self, hidden: Tensor) -> Tensor:
        """Return log p of every class, (rows, classes)."""
        return self.scores(hidden).log_softmax(-1)


class AdaptiveSoftmax(SoftmaxHead):
    """A softmax that spends less on rare classes, which stand in clusters of their own; for large vocabularies.

    Grave et al. (2017), arXiv:1609.04309, by `torch.nn.AdaptiveLogSoftmaxWithLoss`. Classes are numbered from the
    most frequent on.

    Parameters
    ----------
    features, classes : int
        The width of a hidden state, and the number of classes.
    cutoffs : sequence of int
        The class with which each cluster begins, rising, from 1 to classes - 1. Those before stand in the head.
    divisor : float
        How much narrower each cluster's projection is than the one before.

    Raises
    ------
    InputError
        If sizes or cutoffs do not fit.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import AdaptiveSoftmax
    >>> head = AdaptiveSoftmax(16, 1000, cutoffs=[50, 200])
    >>> hidden = torch.randn(5, 16)
    >>> loss = head.loss(hidden, torch.tensor([0, 49, 50, 500, 999]))
    >>> head.log_prob(hidden).shape
    torch.Size([5, 1000])
    """

    @checked(InputError)
    def __init__(
        self,
        features: int,
        classes: int,
        *,
        cutoffs: Sequence[int],
        divisor: float = 4.0,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        check_size("features", features)
        check_size("classes", classes)
        if not cutoffs or any(low >= high for low, high in pairwise([0, *cutoffs, classes])):
            raise InputError(f"cutoffs: got {list(cutoffs)}, expected rising numbers from 1 to {classes - 1}")
        self.softmax = nn.AdaptiveLogSoftmaxWithLoss(
            features, classes, list(cutoffs), div_value=divisor, head_bias=True, device=device, dtype=dtype
        )

    def loss(self, hidden: Tensor, targets: Tensor, *, reduction: LossReduction = "mean") -> Tensor:
        """Return -log p of the targets; see `SoftmaxHead.loss`."""
        check_named("reduction", reduction, known=get_args(LossReduction))
        losses = -self.softmax(hidden, targets).output
        return {"mean": Tensor.mean, "sum": Tensor.sum, "none": Tensor.clone}[reduction](losses)

    def log_prob(self, hidden: Tensor) -> Tensor:
        """Return log p of every class, (rows, classes)."""
        return self.softmax.log_prob(hidden)


_MOST_SCORES = 1 << 23
"""Scores (32 MiB in float32) that are held at once."""


def linear_cross_entropy(
    hidden: Tensor, weight: Tensor, *, bias: Tensor | None, targets: Tensor, label_smoothing: float = 0.0
) -> Tensor:
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
    label_smoothing : float from 0 to 1, the share of each target that all classes get alike

    Examples
    --------
    >>> import torch
    >>> from recurra.nn.softmax_heads import linear_cross_entropy
    >>> layer, hidden, targets = torch.nn.Linear(8, 100), torch.randn(5, 8), torch.arange(5)
    >>> loss = linear_cross_entropy(hidden, layer.weight, bias=layer.bias, targets=targets)
    >>> torch.allclose(loss, torch.nn.functional.cross_entropy(layer(hidden), targets))
    True
    """
    added = weight.new_zeros(len(weight)) if bias is None else bias
    if not torch.is_grad_enabled():
        parts = zip(_parts(hidden, len(weight)), _parts(targets, len(weight)), strict=True)
        total = sum(_summed(rows, weight, added, wanted, label_smoothing) for rows, wanted in parts)
        return torch.as_tensor(total, device=weight.device) / len(hidden)
    return _LinearCrossEntropy.apply(hidden, weight, added, targets, label_smoothing)  # pyright: ignore[reportReturnType]


class _LinearCrossEntropy(torch.autograd.Function):
    """The loss, and at once the gradients of it."""

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, bias: Tensor, targets: Tensor, label_smoothing: float
    ) -> Tensor:
        loss, share, sure = hidden.new_zeros(()), 1 / len(hidden), 1 - label_smoothing
        of_each = label_smoothing / len(weight)
        d_hidden, d_weight, d_bias = torch.empty_like(hidden), None, torch.zeros_like(bias)
        pieces = [_parts(each, len(weight)) for each in (hidden, targets, d_hidden)]
        for rows, wanted, d_rows in zip(*pieces, strict=True):
            scores = torch.addmm(bias, rows, weight.T)
            torch.log_softmax(scores, 1, out=scores)
            loss -= sure * scores.gather(1, wanted.unsqueeze(1)).sum()
            if label_smoothing:
                loss -= of_each * scores.sum()
            # the gradient of cross-entropy: softmax - what is wanted, here without what all classes get alike
            d_scores = _minus(scores.exp_(), wanted, sure)
            torch.mm(d_scores, weight, out=d_rows)
            shared = rows * share  # the mean is taken where the numbers are few
            d_weight = d_scores.T @ shared if d_weight is None else d_weight.addmm_(d_scores.T, shared)
            d_bias.add_(d_scores.sum(0), alpha=share)
        if label_smoothing and d_weight is not None:  # which has one row for all, and so is no product
            d_hidden.sub_(weight.sum(0), alpha=of_each)
            d_weight.sub_(hidden.mean(0), alpha=of_each)
            d_bias.sub_(of_each)
        ctx.gradients = (d_hidden.mul_(share), d_weight, d_bias)
        return loss * share

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        gradients, ctx.gradients = ctx.gradients, None
        if gradient.item() != 1:
            gradients = [each.mul_(gradient) for each in gradients]
        return *gradients, None, None


def _parts(rows: Tensor, classes: int) -> tuple[Tensor, ...]:
    return rows.split(max(1, _MOST_SCORES // classes))


def _minus(shares: Tensor, targets: Tensor, value: float) -> Tensor:
    return shares.scatter_add_(1, targets.unsqueeze(1), shares.new_full((len(targets), 1), -value))


def _summed(hidden: Tensor, weight: Tensor, bias: Tensor, targets: Tensor, label_smoothing: float) -> Tensor:
    scores = functional.linear(hidden, weight, bias)
    return functional.cross_entropy(scores, targets, reduction="sum", label_smoothing=label_smoothing)
