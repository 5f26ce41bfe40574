"""The network of a language model: vectors of tokens, recurrent layers upon each other, a softmax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from recurra import Cell
from recurra.errors import InputError
from recurra.nn import (
    AdaptiveSoftmax,
    CarriedState,
    EmbeddingDropout,
    LockedDropout,
    Recurrent,
    Sequential,
    Softmax,
    SoftmaxHead,
    TiedLinear,
)  # fmt: skip
from recurra.nn.softmax_heads import linear_cross_entropy
from recurra.tasks.language.options import LanguageOptions
from recurra.transforms import weight_drop

__all__ = ["Carried", "LanguageNetwork", "Read"]

Carried = tuple[CarriedState, ...]
"""The states of each layer, from batch to batch."""

_RANGE = 0.1
"""Vectors of tokens are drawn evenly from minus this to this (Merity, Keskar & Socher 2018, section 4.2)."""

_LEAST_FOR_CLUSTERS = 100


@dataclass(frozen=True)
class Read:
    """What the recurrent layers make of tokens.

    Attributes
    ----------
    outputs
        (steps, batch, features) of the last layer, as the penalty on change has them.
    dropped
        The same after dropout, as the softmax has them.
    carried
        The states after the last step, without their history.
    """

    outputs: Tensor
    dropped: Tensor
    carried: Carried


class LanguageNetwork(nn.Module):
    """Says how likely each token is to come next.

    Parameters
    ----------
    cell
        The recurrent cell.
    options
        Sizes, ties and dropout, with nothing left open.
    tokens
        Size of the vocabulary; tokens are numbered from the most frequent on.
    """

    def __init__(self, cell: Cell, /, *, options: LanguageOptions, tokens: int) -> None:
        super().__init__()
        if options.embedding_size is None or options.tied is None:
            raise InputError("embedding_size and tied are left open; expected options that are filled in")
        vectors = nn.Embedding(tokens, options.embedding_size)
        nn.init.uniform_(vectors.weight, -_RANGE, _RANGE)
        self.embedding = EmbeddingDropout(vectors, options.token_dropout)
        self.layers = nn.ModuleList(_layers(cell, options))
        self.input_dropout = _dropout(options.input_dropout, options)
        self.hidden_dropout = _dropout(options.hidden_dropout, options)
        self.output_dropout = _dropout(options.dropout, options)
        self.head = _head(vectors, self._recurrent()[-1].output_features, options)
        if options.initial_range is not None:
            for parameter in self.parameters():
                nn.init.uniform_(parameter, -options.initial_range, options.initial_range)

    def read(self, tokens: Tensor, carried: Carried | None = None) -> Read:
        """Read tokens (steps, batch), from the carried states on; zeros by default."""
        outputs = self.input_dropout(self.embedding(tokens))
        states: list[CarriedState] = []
        for number, layer in enumerate(self._recurrent()):
            if number:
                outputs = self.hidden_dropout(outputs)
            outputs, after = layer(outputs, carried[number] if carried else None)
            states.append(CarriedState(after))
        return Read(outputs, self.output_dropout(outputs), tuple(states))

    def loss(self, read: Read, targets: Tensor, /) -> Tensor:
        """Return the mean of -log p of the tokens that follow, (steps, batch), in nats."""
        hidden, wanted = read.dropped.flatten(0, 1), targets.flatten()
        if (linear := self.scores()) is None:
            return self.head.loss(hidden, wanted)
        return linear_cross_entropy(hidden, linear[0], bias=linear[1], targets=wanted)

    def scores(self) -> tuple[Tensor, Tensor | None] | None:
        """Return the matrix (tokens, features) and the biases that give the softmax its scores, if that is all."""
        scores = self.head.scores if isinstance(self.head, Softmax) else None
        if isinstance(scores, nn.Linear):
            return scores.weight, scores.bias
        if isinstance(scores, TiedLinear) and scores.projection is None:
            return self.embedding.embedding.weight, scores.bias
        return None

    def forward(self, tokens: Tensor, carried: Carried | None = None) -> tuple[Tensor, Carried]:
        """Return log p of the tokens that come next, (steps, batch, tokens), in nats, and the states."""
        read = self.read(tokens, carried)
        return self.head(read.dropped.flatten(0, 1)).unflatten(0, tokens.shape), read.carried

    @property
    def tokens(self) -> int:
        """The size of the vocabulary."""
        return self.embedding.embedding.num_embeddings

    def recurrence(self) -> Sequential:
        """Return the recurrent layers alone, with the same weights: what a stream runs."""
        return Sequential(*self._recurrent())

    def _recurrent(self) -> Sequence[Recurrent]:
        return [layer for layer in self.layers if isinstance(layer, Recurrent)]


def _layers(cell: Cell, options: LanguageOptions) -> list[Recurrent]:
    """Return the layers; where weights are tied, the last is as wide as a token's vector (Merity et al., 4.4)."""
    width = options.embedding_size or options.hidden_size
    sizes = [width, *[options.hidden_size] * options.layers]
    if options.tied:
        sizes[-1] = width
    chosen = weight_drop(cell, options.weight_drop) if options.weight_drop else cell
    layers: list[Recurrent] = []
    for size in sizes[1:]:
        layers.append(Recurrent(chosen, layers[-1].output_features if layers else width, size))
    return layers


def _dropout(share: float, options: LanguageOptions) -> nn.Module:
    return LockedDropout(share) if options.locked_dropout else nn.Dropout(share)


def _head(vectors: nn.Embedding, features: int, options: LanguageOptions) -> SoftmaxHead:
    tokens = vectors.num_embeddings
    if options.adaptive_softmax:
        if tokens < _LEAST_FOR_CLUSTERS:
            raise InputError(
                f"adaptive_softmax = True: got a vocabulary of {tokens} tokens; expected {_LEAST_FOR_CLUSTERS} or more"
            )
        narrower = next(each for each in (4, 2, 1) if each**2 <= features)  # the narrowest cluster has some features
        return AdaptiveSoftmax(features, tokens, cutoffs=[tokens // 20, tokens // 5], divisor=narrower)
    if options.tied:
        return Softmax(TiedLinear(vectors, features=features))
    scores = nn.Linear(features, tokens)
    nn.init.uniform_(scores.weight, -_RANGE, _RANGE)
    nn.init.zeros_(scores.bias)
    return Softmax(scores)
