"""What stands on a recurrent layer and says how likely each class is: a softmax, with tied weights, or adaptive."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_size
from recurra.nn.named import check_named

__all__ = ["AdaptiveSoftmax", "Softmax", "SoftmaxHead", "TiedLinear"]

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
        projected = hidden if self.projection is None else self.projection(hidden)
        return functional.linear(projected, self._tied[0].weight, self.bias)

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

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import Softmax
    >>> head = Softmax(torch.nn.Linear(8, 100))
    >>> loss = head.loss(torch.randn(5, 8), torch.arange(5))
    """

    @checked(InputError)
    def __init__(self, scores: nn.Module) -> None:
        super().__init__()
        self.scores = scores

    def loss(self, hidden: Tensor, targets: Tensor, *, reduction: LossReduction = "mean") -> Tensor:
        """Return -log p of the targets; see `SoftmaxHead.loss`."""
        check_named("reduction", reduction, known=get_args(LossReduction))
        return functional.cross_entropy(self.scores(hidden), targets, reduction=reduction)

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
