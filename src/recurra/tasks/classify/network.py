"""The network of a classifier (vectors or channels, recurrent layers, pooling, a linear map), and its learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, final

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils.rnn import PackedSequence

from recurra import Cell
from recurra.data import WordVectors
from recurra.nn import (
    ConvolutionalFront,
    EmbeddingDropout,
    LockedDropout,
    Pooling,
    Recurrent,
    SelfAttention,
    Standardise,
    chrono,
)
from recurra.tasks.classify.encoders import Encoder, TextEncoder
from recurra.tasks.classify.options import ClassifyOptions
from recurra.training.learner import Learner, Monitor, Sum
from recurra.transforms import recurrent_dropout

__all__ = [
    "Batch", "ClassifyLearner", "ClassifyNetwork", "LabelsLearner", "TokenVectors", "balanced_weights", "make_network",
    "monitor_of", "positive_weights",
]  # fmt: skip


class ClassifyNetwork(nn.Module):
    """Gives the scores of the classes for packed sequences.

    Parameters
    ----------
    cell
        The recurrent cell.
    options
        Sizes, directions, pooling, dropouts, convolutions.
    reader
        What makes vectors of tokens; None where sequences are vectors already, which are standardised.
    inputs
        The width of those vectors.
    classes
        How many classes there are.
    """

    def __init__(
        self, cell: Cell, /, *, options: ClassifyOptions, reader: nn.Module | None, inputs: int, classes: int
    ) -> None:
        super().__init__()
        self.reader, self.noise = reader, 0.0 if reader else options.noise
        self.standardise = None
        if reader is None and options.standardise in ("recording", "running"):
            self.standardise = Standardise(options.standardise)
        self.input_dropout = LockedDropout(options.input_dropout or 0.0)
        self.front = None
        if options.convolutions:
            assert options.convolution_features is not None
            self.front = ConvolutionalFront(
                [inputs, *[options.convolution_features] * options.convolutions],
                kernel_size=options.convolution_size, stride=options.convolution_stride,
                over_features=bool(options.convolve_bands),
            )  # fmt: skip
        self.recurrent = _recurrent(cell, self.front.output_features if self.front else inputs, options)
        features = self.recurrent.output_features
        self.self_attention = None
        if options.self_attention:
            self.self_attention = SelfAttention(features, heads=options.heads, dropout=options.dropout)
        self.pooling = Pooling(options.pooling, features, bidirectional=options.bidirectional)
        self.dropout = nn.Dropout(options.dropout)
        self.head = nn.Linear(features, classes)

    def forward(self, sequences: PackedSequence) -> tuple[Tensor, Tensor | None]:
        """Return scores (batch, classes), and with attention the weights (batch, steps after the convolutions)."""
        vectors = self.input_dropout(self.reader(sequences) if self.reader else self._noisy(sequences))
        if self.front is not None:
            vectors = cast(PackedSequence, self.front(vectors))
        outputs, _ = self.recurrent(vectors)
        if self.self_attention is not None:
            outputs = self.self_attention(outputs)
        pooled, weights = self.pooling(outputs)
        return self.head(self.dropout(pooled)), weights

    def _noisy(self, sequences: PackedSequence) -> PackedSequence:
        """Return sequences of numbers at their own scale, if that is asked for, and in training with noise."""
        if self.standardise is not None:
            sequences = cast(PackedSequence, self.standardise(sequences))
        if not (self.training and self.noise):
            return sequences
        return sequences._replace(data=sequences.data + self.noise * torch.randn(sequences.data.shape))


class TokenVectors(nn.Module):
    """Vectors of tokens, of which some are unknown, or zero, in training.

    Parameters
    ----------
    tokens
        How many the vocabulary has.
    unknown
        The number of the token that unknown ones are; `tokens` adds one for it.
    size
        The width of a vector.
    options
        The dropouts.
    vectors
        (tokens, size) pretrained ones; else they are drawn.
    """

    def __init__(
        self, tokens: int, /, *, unknown: int, size: int, options: ClassifyOptions, vectors: Tensor | None = None
    ) -> None:
        super().__init__()
        self.unknown, self.word_dropout = unknown, options.word_dropout
        embedding = nn.Embedding(max(tokens, unknown + 1), size)
        nn.init.normal_(embedding.weight, std=size**-0.5)
        if vectors is not None:
            with torch.no_grad():
                embedding.weight[: len(vectors)] = vectors
            embedding.weight.requires_grad_(not options.freeze_vectors)
        self.embedding = EmbeddingDropout(embedding, options.embedding_dropout)

    def forward(self, tokens: PackedSequence) -> PackedSequence:
        """Return the vectors of packed tokens."""
        if self.training and self.word_dropout:
            is_dropped = torch.rand(tokens.data.shape) < self.word_dropout
            tokens = tokens._replace(data=tokens.data.masked_fill(is_dropped, self.unknown))
        return self.embedding(tokens)


def _recurrent(cell: Cell, inputs: int, options: ClassifyOptions) -> Recurrent:
    init = None
    if options.memory is not None:
        init = chrono(options.memory, forget=options.forget_gate, input=options.input_gate)
    return Recurrent(
        recurrent_dropout(cell, options.recurrent_dropout) if options.recurrent_dropout else cell,
        inputs,
        options.hidden_size,
        num_layers=options.layers,
        bidirectional=options.bidirectional,
        dropout=options.dropout if options.layers > 1 else 0.0,
        init=init,
    )


def make_network(
    cell: Cell,
    /,
    *,
    options: ClassifyOptions,
    encoder: Encoder,
    classes: int,
    pretrained: WordVectors | None = None,
) -> ClassifyNetwork:
    """Return a new network for what an encoder gives; `options` as `filled_in` returns them."""
    if not isinstance(encoder, TextEncoder):
        return ClassifyNetwork(cell, options=options, reader=None, inputs=encoder.inputs, classes=classes)
    reader = TokenVectors(
        encoder.inputs, unknown=encoder.unknown, size=options.embedding_size, options=options,
        vectors=None if pretrained is None else _with_drawn(pretrained),
    )  # fmt: skip
    return ClassifyNetwork(cell, options=options, reader=reader, inputs=options.embedding_size, classes=classes)


def _with_drawn(pretrained: WordVectors) -> torch.Tensor:
    """Return the vectors, and for words without one a drawn vector of the same spread."""
    values, found = torch.from_numpy(pretrained.values), torch.from_numpy(pretrained.found)
    spread = float(values[found].std()) if bool(found.any()) else 1.0
    drawn = spread * torch.randn(values.shape)
    return torch.where(found.unsqueeze(1), values, drawn)


Batch = tuple[PackedSequence, Tensor]
"""Packed sequences, and the numbers of their classes (batch,), or which labels each has (batch, labels) bool."""


class _SequenceLearner(Learner):
    """Learns what is said of packed sequences.

    Parameters
    ----------
    network
        Trained in place.
    options
        The smoothing of labels, and which measure chooses the weights.
    weights
        (classes,) what an error in each class counts, or not to see a label that is there; 1 if None.
    """

    network: ClassifyNetwork

    def __init__(self, network: ClassifyNetwork, /, *, options: ClassifyOptions, weights: Tensor | None = None) -> None:
        super().__init__(network)
        self.monitor = monitor_of(options)
        self._smoothing, self._weights = options.label_smoothing, weights

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the cross-entropy, the share of sequences of which all is right, and the macro F1."""
        means = super().summarise({name: sums[name] for name in ("loss", "accuracy")})
        return {**means, "macro_f1": _macro_f1(sums)}


def _counted(found: Tensor, there: Tensor, right: Tensor, /, *, count: int) -> dict[str, Sum]:
    """Return how many of each class (classes,) were found, were there, and were right, of so many sequences."""
    sums: dict[str, Sum] = {}
    for name, each in (("found", found), ("there", there), ("right", right)):
        sums |= {f"{name} {place}": Sum(number, count) for place, number in enumerate(each.tolist())}
    return sums


@final
class ClassifyLearner(_SequenceLearner):
    """Learns classes."""

    def loss(self, batch: Batch, /) -> Tensor:
        """Return the cross-entropy of a batch, with the weights of the classes and the smoothing."""
        sequences, labels = batch
        scores, _ = self.network(sequences)
        return cross_entropy(scores, labels, weight=self._weights, label_smoothing=self._smoothing)

    def measure(self, batch: Batch, /) -> Mapping[str, Sum]:
        """Return the plain cross-entropy, the sequences that are right, and of each class what `_counted` says."""
        sequences, labels = batch
        scores, _ = self.network(sequences)
        count, predicted = len(labels), scores.argmax(1)
        right = labels[predicted == labels]
        counts = (torch.bincount(each, minlength=scores.shape[1]) for each in (predicted, labels, right))
        loss = cross_entropy(scores, labels, reduction="sum")
        return {"loss": Sum(loss, count), "accuracy": Sum(len(right), count), **_counted(*counts, count=count)}


@final
class LabelsLearner(_SequenceLearner):
    """Learns any number of labels, each by itself."""

    def loss(self, batch: Batch, /) -> Tensor:
        """Return the mean cross-entropy of a label of a sequence, with the weights and the smoothing."""
        sequences, labels = batch
        scores, _ = self.network(sequences)
        wanted = labels.to(scores.dtype) * (1 - self._smoothing) + self._smoothing / 2
        return binary_cross_entropy_with_logits(scores, wanted, pos_weight=self._weights)

    def measure(self, batch: Batch, /) -> Mapping[str, Sum]:
        """Return the plain cross-entropy, the sets that are right, and of each label what `_counted` says."""
        sequences, labels = batch
        scores, _ = self.network(sequences)
        predicted, count = scores > 0, len(labels)  # each label from a probability of 0.5 on
        loss = binary_cross_entropy_with_logits(scores, labels.to(scores.dtype), reduction="sum")
        right = float((predicted == labels).all(1).sum())
        counts = (each.sum(0) for each in (predicted, labels, predicted & labels))
        return {"loss": Sum(loss, labels.numel()), "accuracy": Sum(right, count), **_counted(*counts, count=count)}


def _macro_f1(sums: Mapping[str, Sum]) -> float:
    """Return the mean F1 of the classes that are there or were found."""
    found, there, right = (
        torch.tensor([float(each.total) for key, each in sums.items() if key.startswith(f"{name} ")])
        for name in ("found", "there", "right")
    )
    is_seen = found + there > 0
    return float((2 * right[is_seen] / (found + there)[is_seen]).mean()) if bool(is_seen.any()) else 0.0


def positive_weights(labels: Tensor, /) -> Tensor:
    """Return how many sequences have a label not for each that has it, (labels,), at most 100."""
    there = labels.sum(0).clamp(min=1)
    return ((len(labels) - there) / there).clamp(1, 100).float()


def monitor_of(options: ClassifyOptions, /) -> Monitor:
    """Return which measure chooses the weights."""
    return Monitor(options.choose_by, larger_is_better=options.choose_by != "loss")


def balanced_weights(labels: Tensor, /, *, classes: int) -> Tensor:
    """Return what an error in each class counts, (classes,), so that all classes count the same; 1 on the average.

    Examples
    --------
    >>> import torch
    >>> from recurra.tasks.classify.network import balanced_weights
    >>> balanced_weights(torch.tensor([0, 0, 0, 1]), classes=2)
    tensor([0.6667, 2.0000])
    """
    counts = torch.bincount(labels, minlength=classes)
    return len(labels) / (classes * counts.clamp(min=1)).float()
