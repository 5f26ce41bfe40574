"""The options of a model that goes on from an earlier one: what its network was made with stays."""

from __future__ import annotations

import dataclasses

from recurra.errors import InputError
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["with_network_of"]

_OF_THE_NETWORK = (
    "cell", "hidden_size", "layers", "bidirectional", "pooling", "embedding_size", "convolutions",
    "convolution_features", "convolution_size", "convolution_stride", "level", "words", "lowercase", "minimum_count",
    "maximum_size", "vectors", "scale", "longest",
)  # fmt: skip


def with_network_of(options: ClassifyOptions, earlier: ClassifyOptions, /) -> ClassifyOptions:
    """Return options with what belongs to the earlier network and its vocabulary as it was there.

    Raises
    ------
    InputError
        If one of these was given, and is another.
    """
    defaults = {field.name: field.default for field in dataclasses.fields(options)}
    for name in _OF_THE_NETWORK:
        given, known = getattr(options, name), getattr(earlier, name)
        if given not in (known, defaults[name]):
            raise InputError(f"{name} = {given!r}: the earlier model has {known!r}, and goes on with it; leave it out")
    return dataclasses.replace(options, **{name: getattr(earlier, name) for name in _OF_THE_NETWORK})
