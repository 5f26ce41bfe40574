"""The network of a classifier: vectors of tokens or channels, recurrent layers, pooling, a linear map."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra import Cell
from recurra.nn import ConvolutionalFront, EmbeddingDropout, LockedDropout, Pooling, Recurrent, chrono
from recurra.tasks.classify.options import ClassifyOptions
from recurra.transforms import recurrent_dropout

__all__ = ["ClassifyNetwork", "TokenVectors"]


class ClassifyNetwork(nn.Module):
    """Gives the scores of the classes for packed sequences.

    Parameters
    ----------
    cell
        The recurrent cell.
    options
        Sizes, directions, pooling, dropouts, convolutions.
    reader
        What makes vectors of what comes in, such as `TokenVectors`; None where sequences are vectors already.
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
        self.input_dropout = LockedDropout(options.input_dropout or 0.0)
        self.front = _front(inputs, options) if options.convolutions else None
        self.recurrent = _recurrent(cell, self.front.output_features if self.front else inputs, options)
        features = self.recurrent.output_features
        self.pooling = Pooling(options.pooling, features, bidirectional=options.bidirectional)
        self.dropout = nn.Dropout(options.dropout)
        self.head = nn.Linear(features, classes)

    def forward(self, sequences: PackedSequence) -> tuple[Tensor, Tensor | None]:
        """Return scores (batch, classes), and with attention the weights (batch, steps after the convolutions)."""
        vectors = self.input_dropout(self.reader(sequences) if self.reader else self._noisy(sequences))
        if self.front is not None:
            vectors = cast(PackedSequence, self.front(vectors))
        outputs, _ = self.recurrent(vectors)
        pooled, weights = self.pooling(outputs)
        return self.head(self.dropout(pooled)), weights

    def _noisy(self, sequences: PackedSequence) -> PackedSequence:
        """Return sequences of numbers, in training with noise."""
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


def _front(inputs: int, options: ClassifyOptions) -> ConvolutionalFront:
    widths = [inputs, *[options.convolution_features] * options.convolutions]
    return ConvolutionalFront(widths, kernel_size=options.convolution_size, stride=options.convolution_stride)


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
