"""From a person's sequences to what a network reads: numbers of tokens, or scaled channels."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast, final

import numpy as np

from recurra.data import (
    ChannelScale,
    LabelledSequences,
    Tokenizer,
    TokenOptions,
    fit_channels,
    fit_tokenizer,
    tokenizer_from_json,
)
from recurra.data.memory_mapped import MappedSequences, mapped_arrays, sampled_rows
from recurra.errors import DataError
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["Encoder", "NumberEncoder", "TextEncoder", "fit_encoder", "restored_encoder"]


class Encoder(abc.ABC):
    """What was fitted on the training part to make sequences readable."""

    file: str
    """The name of its file in the model folder."""

    longest: int | None
    """Steps after which a sequence is cut off."""

    @property
    @abc.abstractmethod
    def inputs(self) -> int:
        """How many tokens or channels there are."""

    @abc.abstractmethod
    def to_json(self) -> str:
        """Return it as JSON."""

    @abc.abstractmethod
    def _encoded(self, data: LabelledSequences) -> Iterator[np.ndarray]: ...

    def encode(self, data: LabelledSequences, /) -> MappedSequences[np.ndarray]:
        """Return each sequence as the network reads it: (steps,) int64, or (steps, channels) float32.

        Raises
        ------
        DataError
            If a sequence is of another kind than those of the training part, or is empty; the message says the row.
        """
        return mapped_arrays(self._checked(data))

    def _checked(self, data: LabelledSequences) -> Iterator[np.ndarray]:
        for row, sequence in zip(data.rows.tolist(), self._encoded(data), strict=True):
            if not len(sequence):
                raise DataError(f"{data.source}, row {row}: the text has no tokens; expected at least one")
            yield sequence[: self.longest]


@final
@dataclass(frozen=True)
class TextEncoder(Encoder):
    """Makes texts numbers of tokens."""

    tokenizer: Tokenizer
    longest: int | None = None
    file = "vocabulary.json"

    @property
    def inputs(self) -> int:
        """How many tokens the vocabulary has."""
        return len(self.tokenizer.vocabulary)

    @property
    def unknown(self) -> int:
        """The number of the token for unknown ones: one more than there are where the tokenizer has none."""
        vocabulary = self.tokenizer.vocabulary
        return self.inputs if vocabulary.unknown is None else vocabulary.number(vocabulary.unknown)

    def split(self, text: str, /) -> list[str]:
        """Return the tokens of a text that the network reads."""
        return self.tokenizer.split(text)[: self.longest]

    def to_json(self) -> str:
        """Return the tokenizer as JSON."""
        return self.tokenizer.to_json()

    def _encoded(self, data: LabelledSequences) -> Iterator[np.ndarray]:
        if data.channels is not None:
            raise DataError(f"{data.source} holds sequences of numbers; the model was fitted on texts")
        yield from map(self.tokenizer.encode, cast(Sequence[str], data.sequences))


@final
@dataclass(frozen=True)
class NumberEncoder(Encoder):
    """Brings channels to a common scale."""

    channels: ChannelScale
    longest: int | None = None
    file = "scaler.json"

    @property
    def inputs(self) -> int:
        """How many channels there are."""
        return len(self.channels.level)

    def to_json(self) -> str:
        """Return the scale as JSON."""
        return self.channels.to_json()

    def _encoded(self, data: LabelledSequences) -> Iterator[np.ndarray]:
        if data.channels != self.inputs:
            found = "texts" if data.channels is None else f"sequences of {data.channels} channels"
            raise DataError(f"{data.source} holds {found}; the model was fitted on sequences of {self.inputs} channels")
        sequences = cast(Sequence[np.ndarray], data.sequences)
        for row, each in zip(data.rows, sequences, strict=True):
            yield self._scaled(each, f"{data.source}, row {row}")

    def _scaled(self, sequence: np.ndarray, where: str) -> np.ndarray:
        with np.errstate(over="ignore"):
            scaled = self.channels.apply(sequence).astype(np.float32)
        if not np.isfinite(scaled).all():
            step, channel = np.argwhere(~np.isfinite(scaled))[0].tolist()
            value = sequence[step, channel]
            raise DataError(f"{where}: step {step + 1}, channel {channel + 1} is {value}, too large or not finite")
        return scaled


def fit_encoder(training: LabelledSequences, options: ClassifyOptions, /) -> Encoder:
    """Fit the vocabulary, or the scale of the channels, to the training part.

    Raises
    ------
    DataError
        If the texts have no tokens that are frequent enough, or a value is infinite.
    """
    if training.channels is not None:
        values = sampled_rows(cast(Sequence[np.ndarray], training.sequences))
        return NumberEncoder(fit_channels(values, kind=options.scale), options.longest)
    chosen = TokenOptions(
        level=options.level,
        words=options.words,
        lowercase=options.lowercase and options.level != "bpe",
        normalise=options.normalise if options.level == "word" else "none",
        minimum_count=options.minimum_count,
        maximum_size=options.maximum_size,
    )
    return TextEncoder(fit_tokenizer(cast(Sequence[str], training.sequences), chosen), options.longest)


def restored_encoder(content: str, /, *, file: str, longest: int | None) -> Encoder:
    """Return the encoder that `Encoder.to_json` wrote into a file of that name."""
    if file == TextEncoder.file:
        return TextEncoder(tokenizer_from_json(content), longest)
    return NumberEncoder(ChannelScale.from_json(content), longest)
