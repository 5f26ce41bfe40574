"""The network of a language model (vectors of tokens, recurrent layers upon each other, a softmax), and its learner."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, final

import torch
from torch import Tensor, nn

from recurra import Cell
from recurra.data import WordVectors
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
)
from recurra.nn.softmax_heads import linear_cross_entropy
from recurra.tasks.language.options import LanguageOptions
from recurra.training.learner import Learner, Sum
from recurra.transforms import weight_drop

__all__ = ["Batch", "Carried", "LanguageLearner", "LanguageNetwork", "Read", "perplexity"]

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

    def take_vectors(self, vectors: WordVectors, /) -> None:
        """Take pretrained vectors of the words that have one; the others keep theirs."""
        found = torch.from_numpy(vectors.found)
        with torch.no_grad():
            self.embedding.embedding.weight[found] = torch.from_numpy(vectors.values)[found]

    def recurrence(self) -> Sequential:
        """Return the recurrent layers alone, with the same weights: what a stream runs."""
        return Sequential(*self._recurrent())

    def _recurrent(self) -> Sequence[Recurrent]:
        return cast("Sequence[Recurrent]", list(self.layers))


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


Batch = tuple[Tensor, Tensor]
"""Tokens (steps, batch), and those that follow."""


@final
class LanguageLearner(Learner):
    """Learns from batches (tokens, the tokens that follow), both (steps, batch).

    Parameters
    ----------
    network
        Trained in place.
    options
        The penalties, and the steps of a whole batch.
    write
        Returns a text that the network writes; it is asked at every validation.

    Attributes
    ----------
    samples
        The step of each validation, and what the network wrote then.
    """

    network: LanguageNetwork

    def __init__(
        self, network: LanguageNetwork, /, *, options: LanguageOptions, write: Callable[[LanguageNetwork], str]
    ) -> None:
        super().__init__(network)
        self.samples: list[tuple[int, str]] = []
        self._options, self._write = options, write

    def loss(self, batch: Batch, /) -> Tensor:
        """Return the mean surprise of the tokens that follow, in nats, with the penalties."""
        read = self._read(batch[0])
        return self.network.loss(read, batch[1]) + self._penalty(read)

    def measure(self, batch: Batch, /) -> Mapping[str, Sum]:
        """Return the surprise of the tokens that follow, in nats."""
        read = self._read(batch[0])
        count = batch[1].numel()
        return {"loss": Sum(self.network.loss(read, batch[1]) * count, count)}

    def losses_by_step(self, batch: Batch, /) -> Tensor:
        """Return the mean surprise (steps,) at each step, in nats."""
        read = self._read(batch[0])
        steps = zip(read.outputs.split(1), read.dropped.split(1), batch[1].split(1), strict=True)
        return torch.stack(
            [self.network.loss(Read(outputs, dropped, read.carried), wanted) for outputs, dropped, wanted in steps]
        )

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the mean, and the perplexity."""
        means = super().summarise(sums)
        return {**means, "perplexity": perplexity(means["loss"])}

    def rate_scale(self, batch: Batch, /) -> float:
        """Return a batch's share of the steps, where these vary (Merity, Keskar & Socher 2018, section 3)."""
        return len(batch[0]) / self._options.bptt if self._options.varying_bptt else 1.0

    def on_validation_end(self, *, step: int) -> None:
        """Let the network write."""
        self.samples.append((step, self._write(self.network)))

    def _read(self, tokens: Tensor) -> Read:
        read = self.network.read(tokens, self.carried)
        self.carried = read.carried
        return read

    def _penalty(self, read: Read) -> Tensor | float:
        """Return AR and TAR: Merity, McCann & Socher (2017), arXiv:1708.01009, equations 1 and 2, on means."""
        found: Tensor | float = 0.0
        if self._options.activation_penalty:
            found = self._options.activation_penalty * read.dropped.square().mean()
        if self._options.change_penalty and len(read.outputs) > 1:
            found = found + self._options.change_penalty * torch.diff(read.outputs, dim=0).square().mean()
        return found


def perplexity(nats: float, /) -> float:
    """Return exp(nats), infinity where that is too large.

    Examples
    --------
    >>> from recurra.tasks.language.network import perplexity
    >>> perplexity(0.0), perplexity(1e6)
    (1.0, inf)
    """
    return math.exp(nats) if nats < 700 else math.inf
