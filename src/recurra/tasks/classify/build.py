"""The network that fits the options and the data."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch

from recurra import Cell
from recurra.data import LabelledSequences, WordVectors, read_vectors
from recurra.tasks.classify.encoder import Encoder, TextEncoder
from recurra.tasks.classify.linear import NgramFeatures, SeriesFeatures, check_size, most_terms
from recurra.tasks.classify.network import ClassifyNetwork, TokenVectors
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["build_network", "filled_in", "linear_features", "read_pretrained"]

_WORDS, _CHARACTERS = 2, 3
"""Tokens of the longest n-gram."""

_TEXT_DROPOUT = 0.3
"""Share of the vectors' features that is dropped where nobody said."""

_LOOKED_AT = 1000
"""Texts whose tokens say what most tokens are, about."""


def read_pretrained(options: ClassifyOptions, encoder: Encoder, /) -> WordVectors | None:
    """Read the pretrained vectors of the vocabulary's words, if the options name a file.

    Raises
    ------
    DataError
        If the file cannot be read; the message says the line.
    """
    if options.vectors is None or not isinstance(encoder, TextEncoder):
        return None
    return read_vectors(options.vectors, encoder.tokenizer.vocabulary)


def filled_in(
    options: ClassifyOptions, pretrained: WordVectors | None, /, *, training: LabelledSequences, encoder: Encoder
) -> ClassifyOptions:
    """Return the options with what was left open: the width of pretrained vectors, dropout, averaging, size of n-grams.

    Raises
    ------
    InputError
        If n-grams of the size that is asked for are too many to be numbered.
    """
    if pretrained is not None:
        options = dataclasses.replace(options, embedding_size=pretrained.values.shape[1])
    # a moving average over more than half an epoch would lag behind the first epochs
    steps = -(-len(training) // options.batch_size)
    decay = min(options.average_decay, max(0.0, 1 - 2 / steps))
    is_text = isinstance(encoder, TextEncoder)
    dropped = (_TEXT_DROPOUT if is_text else 0.0) if options.input_dropout is None else options.input_dropout
    options = dataclasses.replace(options, average_decay=decay, input_dropout=dropped)
    if not isinstance(encoder, TextEncoder):
        return options
    size = options.ngram_size or _ngram_size(encoder, training)
    check_size(size, tokens=max(encoder.inputs, encoder.unknown + 1))
    return dataclasses.replace(options, ngram_size=size)


def linear_features(
    training: Sequence[np.ndarray], encoder: Encoder, options: ClassifyOptions, /, *, classes: int
) -> NgramFeatures | SeriesFeatures:
    """Return what a linear classifier sees of encoded sequences; `options` as `filled_in` returns them."""
    if not isinstance(encoder, TextEncoder):
        return SeriesFeatures.fit(training)
    tokens = max(encoder.inputs, encoder.unknown + 1)
    return NgramFeatures.fit(training, size=options.ngram_size or _WORDS, tokens=tokens, most=most_terms(classes))


def _ngram_size(encoder: TextEncoder, training: LabelledSequences) -> int:
    """Return a size by whether most tokens are characters, as they are in Chinese."""
    texts = training.sequences[:: max(1, len(training) // _LOOKED_AT)]
    lengths = [len(token) for text in texts for token in encoder.split(str(text))]
    return _CHARACTERS if lengths and lengths.count(1) > len(lengths) / 2 else _WORDS


def build_network(
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
