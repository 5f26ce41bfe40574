"""The network that fits the options and the data."""

from __future__ import annotations

import dataclasses

import torch

from recurra import Cell
from recurra.data.vectors import WordVectors, read_vectors
from recurra.tasks.classify.encoder import Encoder, TextEncoder
from recurra.tasks.classify.network import ClassifyNetwork, TokenVectors
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["build_network", "filled_in", "read_pretrained"]


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


def filled_in(options: ClassifyOptions, pretrained: WordVectors | None, /) -> ClassifyOptions:
    """Return the options with the width of the pretrained vectors."""
    if pretrained is None:
        return options
    return dataclasses.replace(options, embedding_size=pretrained.values.shape[1])


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
