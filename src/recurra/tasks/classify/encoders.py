"""What makes sequences readable for the network, a class for each kind: texts, numbers, recordings, images."""

from __future__ import annotations

import abc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self, cast, final

import numpy as np
from torch import nn

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
from recurra.data.pictures import PIXELS
from recurra.data.scaling import check_scaled
from recurra.errors import DataError
from recurra.nn.exported_parts import scaling
from recurra.tasks.classify.linear import check_size
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.exporting import typical
from recurra.tasks.sound import SoundFeatures, augmentation
from recurra.tasks.sound_options import with_sound_defaults

__all__ = [
    "ENCODERS", "Augment", "Encoder", "ExportedReading", "ImageEncoder", "NumberEncoder", "SoundEncoder", "TextEncoder",
    "fit_encoder",
]  # fmt: skip

Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]
"""Returns a changed copy of what the network reads of a sequence, (steps, channels)."""


@dataclass(frozen=True, kw_only=True)
class ExportedReading:
    """How an exported model reads: its first layers, what they do and what is outside, the input, and drawn samples."""

    layers: tuple[Any, ...]
    artefact: tuple[str, ...]
    outside: tuple[str, ...] = ()
    given: Mapping[str, Any]
    samples: Mapping[str, np.ndarray]


class Encoder(abc.ABC):
    """What was fitted on the training part to make sequences readable."""

    file: ClassVar[str]
    """The name of its file in the model folder."""

    unit: ClassVar[str] = "steps"
    """What the lengths of sequences are counted in."""

    baseline_steps: ClassVar[int] = 32
    """Most steps that the linear baseline sees of what is no text."""

    longest: int | None
    """Steps after which a sequence is cut off."""

    @classmethod
    @abc.abstractmethod
    def fit(cls, training: LabelledSequences, options: ClassifyOptions, /) -> Self:
        """Fit it to the training part.

        Raises
        ------
        DataError
            If the texts have no tokens that are frequent enough, or a value is infinite.
        """

    @classmethod
    @abc.abstractmethod
    def restored(cls, content: str, /, *, longest: int | None) -> Self:
        """Return the encoder that `to_json` wrote; `ValueError` or `DataError` if it is another."""

    @property
    @abc.abstractmethod
    def inputs(self) -> int:
        """How many tokens, or channels of what the network reads, there are."""

    @property
    def raw_inputs(self) -> int:
        """How many channels sequences have."""
        return self.inputs

    @property
    def reads_steps(self) -> bool:
        """Whether each step of a sequence is one that the network reads, as it comes."""
        return True

    @abc.abstractmethod
    def to_json(self) -> str:
        """Return it as JSON."""

    @abc.abstractmethod
    def check(self, data: LabelledSequences, /) -> None:
        """Refuse sequences of another kind than those of the training part."""

    @abc.abstractmethod
    def read(self, sequence: Any, /) -> np.ndarray:
        """Return what the network reads of a sequence: (steps,) int64, or (steps, channels) float32.

        It may be given as an exported model gets it, too: as numbers of tokens, or as the steps of an image.
        """

    @abc.abstractmethod
    def filled_in(self, options: ClassifyOptions, training: LabelledSequences, /) -> ClassifyOptions:
        """Return the options with what was left open."""

    @abc.abstractmethod
    def exported(self, reader: nn.Module | None, /) -> ExportedReading:
        """Return how the exported model reads, given what makes vectors of tokens in the network."""

    def augmentation(self, options: ClassifyOptions, /) -> Augment | None:
        """Return what changes sequences in training; None where nothing does."""
        return None

    def encode(self, data: LabelledSequences, /) -> MappedSequences[np.ndarray]:
        """Return each sequence as the network reads it: (steps,) int64, or (steps, channels) float32.

        Raises
        ------
        DataError
            If a sequence is of another kind than those of the training part, or is empty; the message says the row.
        """
        self.check(data)
        return mapped_arrays(self._encoded(data))

    def _encoded(self, data: LabelledSequences) -> Iterator[np.ndarray]:
        for row, sequence in zip(data.rows.tolist(), data.sequences, strict=True):
            found = self.read(sequence)
            if not len(found):
                raise DataError(f"{data.source}, row {row}: the text has no tokens; expected at least one")
            if found.dtype.kind == "f":
                check_scaled(found, cast(np.ndarray, sequence), where=f"{data.source}, row {row}")
            yield found[: self.longest]


def _holds(data: LabelledSequences, expected: str) -> DataError:
    """Return the error that says what the data hold in place of what was expected."""
    found = {
        "text": "texts", "audio": "recordings", "image": f"images of {data.channels} numbers a row",
        "numbers": f"sequences of {data.channels} channels",
    }  # fmt: skip
    return DataError(f"{data.source} holds {found[data.kind]}; the model was fitted on {expected}")


_WORDS, _CHARACTERS = 2, 3
"""Tokens of the longest n-gram."""

_TEXT_DROPOUT = 0.3
"""Share of the vectors' features that is dropped where nobody said."""

_LOOKED_AT = 1000
"""Texts whose tokens say what most tokens are, about."""


@final
@dataclass(frozen=True)
class TextEncoder(Encoder):
    """Makes texts numbers of tokens."""

    tokenizer: Tokenizer
    longest: int | None = None
    file = "vocabulary.json"
    unit = "tokens"

    @classmethod
    def fit(cls, training: LabelledSequences, options: ClassifyOptions, /) -> Self:
        """See `Encoder.fit`."""
        chosen = TokenOptions(
            level=options.level,
            words=options.words,
            lowercase=options.lowercase and options.level != "bpe",
            normalise=options.normalise if options.level == "word" else "none",
            minimum_count=options.minimum_count,
            maximum_size=options.maximum_size,
        )
        return cls(fit_tokenizer(cast(Sequence[str], training.sequences), chosen), options.longest)

    @classmethod
    def restored(cls, content: str, /, *, longest: int | None) -> Self:
        """See `Encoder.restored`."""
        return cls(tokenizer_from_json(content), longest)

    @property
    def inputs(self) -> int:
        """How many tokens the vocabulary has."""
        return len(self.tokenizer.vocabulary)

    @property
    def unknown(self) -> int:
        """The number of the token for unknown ones: one more than there are where the tokenizer has none."""
        vocabulary = self.tokenizer.vocabulary
        return self.inputs if vocabulary.unknown is None else vocabulary.number(vocabulary.unknown)

    @property
    def tokens(self) -> int:
        """How many numbers of tokens there are, that of unknown ones counted."""
        return max(self.inputs, self.unknown + 1)

    def split(self, text: str, /) -> list[str]:
        """Return the tokens of a text that the network reads."""
        return self.tokenizer.split(text)[: self.longest]

    def to_json(self) -> str:
        """Return the tokenizer as JSON."""
        return self.tokenizer.to_json()

    def check(self, data: LabelledSequences, /) -> None:
        """See `Encoder.check`."""
        if data.kind != "text":
            raise DataError(f"{data.source} holds sequences of numbers; the model was fitted on texts")

    def read(self, sequence: Any, /) -> np.ndarray:
        """Return the numbers of a text's tokens, (steps,) int64; of numbers of tokens themselves."""
        return self.tokenizer.encode(sequence) if isinstance(sequence, str) else sequence

    def filled_in(self, options: ClassifyOptions, training: LabelledSequences, /) -> ClassifyOptions:
        """Return the options with dropout and the size of n-grams.

        Raises
        ------
        InputError
            If n-grams of the size that is asked for are too many to be numbered.
        """
        size = options.ngram_size or self._ngram_size(training)
        check_size(size, tokens=self.tokens)
        dropout = _TEXT_DROPOUT if options.input_dropout is None else options.input_dropout
        return replace(_front_filled_in(options), ngram_size=size, input_dropout=dropout)

    def exported(self, reader: nn.Module | None, /) -> ExportedReading:
        """See `Encoder.exported`."""
        return ExportedReading(
            layers=(cast(Any, reader).embedding,), artefact=("vectors of tokens",),
            outside=("a text becomes the numbers of its tokens",),
            given={"kind": "tokens", "tokenizer": self.tokenizer.to_dictionary()}, samples={},
        )  # fmt: skip

    def _ngram_size(self, training: LabelledSequences) -> int:
        """Return a size by whether most tokens are characters, as they are in Chinese."""
        texts = training.sequences[:: max(1, len(training) // _LOOKED_AT)]
        lengths = [len(token) for text in texts for token in self.split(str(text))]
        return _CHARACTERS if lengths and lengths.count(1) > len(lengths) / 2 else _WORDS


_CONVOLUTIONS, _FEATURES, _FEATURES_OF_BANDS = 2, 32, 16
"""Convolutions in front of recordings, and their features, where nobody said."""


def _front_filled_in(options: ClassifyOptions, *, is_sound: bool = False, bands: bool = False) -> ClassifyOptions:
    """Return the options with those of the convolutions."""
    over_bands = is_sound and bands if options.convolve_bands is None else options.convolve_bands
    features = options.convolution_features or (_FEATURES_OF_BANDS if over_bands else _FEATURES)
    count = _CONVOLUTIONS * is_sound if options.convolutions is None else options.convolutions
    return replace(options, convolutions=count, convolve_bands=over_bands, convolution_features=features)


def _numbers_filled_in(
    options: ClassifyOptions, *, rate: int | None = None, bands: bool = False
) -> ClassifyOptions:  # fmt: skip
    """Return the options of what is no text with what was left open."""
    options = replace(options, input_dropout=options.input_dropout or 0.0)
    options = _front_filled_in(options, is_sound=rate is not None, bands=bands)
    return with_sound_defaults(options, rate=rate, streams=not options.bidirectional, bands=bands)


@final
@dataclass(frozen=True)
class NumberEncoder(Encoder):
    """Brings channels to a common scale."""

    channels: ChannelScale
    longest: int | None = None
    file = "scaler.json"

    @classmethod
    def fit(cls, training: LabelledSequences, options: ClassifyOptions, /) -> Self:
        """See `Encoder.fit`."""
        values = sampled_rows(cast(Sequence[np.ndarray], training.sequences))
        return cls(fit_channels(values, kind=options.scale), options.longest)

    @classmethod
    def restored(cls, content: str, /, *, longest: int | None) -> Self:
        """See `Encoder.restored`."""
        return cls(ChannelScale.from_json(content), longest)

    @property
    def inputs(self) -> int:
        """How many channels there are."""
        return len(self.channels.level)

    def to_json(self) -> str:
        """Return the scale as JSON."""
        return self.channels.to_json()

    def check(self, data: LabelledSequences, /) -> None:
        """See `Encoder.check`."""
        if data.kind != "numbers" or data.channels != self.inputs:
            raise _holds(data, f"sequences of {self.inputs} channels")

    def read(self, sequence: Any, /) -> np.ndarray:
        """See `Encoder.read`."""
        with np.errstate(over="ignore"):
            return self.channels.apply(sequence).astype(np.float32)

    def filled_in(self, options: ClassifyOptions, training: LabelledSequences, /) -> ClassifyOptions:
        """See `Encoder.filled_in`."""
        return _numbers_filled_in(options)

    def exported(self, reader: nn.Module | None, /) -> ExportedReading:
        """See `Encoder.exported`."""
        return _scaled(self.channels, {"kind": "numbers", "channels": self.inputs, **self.channels.to_dictionary()})

    def augmentation(self, options: ClassifyOptions, /) -> Augment | None:
        """See `Encoder.augmentation`."""
        return augmentation(options, self.channels)


def _scaled(channels: ChannelScale, given: Mapping[str, Any]) -> ExportedReading:
    """Return how a model reads that begins with a scale."""
    return ExportedReading(
        layers=(scaling(channels.level, channels.spread),), artefact=("channels are brought to a common scale",),
        given=given, samples={"x": typical(channels.level, channels.spread)},
    )  # fmt: skip


_OTHERS = "_unknown_"
"""The class of words that are none of the others, as Warden (2018), Speech Commands, names it."""

_SCALED_BY = 500
"""Recordings, or images, that the scale is fitted to, about."""


@final
@dataclass(frozen=True)
class SoundEncoder(Encoder):
    """Makes features of recordings."""

    features: SoundFeatures
    longest: int | None = None
    file = SoundFeatures.file

    @classmethod
    def fit(cls, training: LabelledSequences, options: ClassifyOptions, /) -> Self:
        """See `Encoder.fit`."""
        assert training.rate is not None
        some = cast(Sequence[np.ndarray], training.sequences)[:: max(1, len(training) // _SCALED_BY)]
        return cls(SoundFeatures.fit(some, rate=training.rate, options=options), options.longest)

    @classmethod
    def restored(cls, content: str, /, *, longest: int | None) -> Self:
        """See `Encoder.restored`."""
        return cls(SoundFeatures.from_json(content), longest)

    @property
    def inputs(self) -> int:
        """How many features there are."""
        return self.features.module.output_features

    @property
    def raw_inputs(self) -> int:
        """One, as recordings are samples."""
        return 1

    @property
    def reads_steps(self) -> bool:
        """No: a step is a window of samples."""
        return False

    def to_json(self) -> str:
        """Return the features' sizes and scale as JSON."""
        return self.features.to_json()

    def check(self, data: LabelledSequences, /) -> None:
        """See `Encoder.check`."""
        if data.channels != 1 or data.rate != self.features.rate:
            raise _holds(data, "recordings")

    def read(self, sequence: Any, /) -> np.ndarray:
        """See `Encoder.read`."""
        return self.features.of(sequence)

    def filled_in(self, options: ClassifyOptions, training: LabelledSequences, /) -> ClassifyOptions:
        """See `Encoder.filled_in`."""
        others = _OTHERS if options.others is None and _OTHERS in training.classes else options.others
        options = replace(options, others=others)
        return _numbers_filled_in(options, rate=training.rate, bands=self.features.is_bands)

    def exported(self, reader: nn.Module | None, /) -> ExportedReading:
        """See `Encoder.exported`."""
        scaled = _scaled(self.features.channels, {"kind": "samples", "rate": self.features.rate})
        return replace(
            scaled, layers=(self.features.module, *scaled.layers), samples={"x": typical(np.zeros(1), np.full(1, 0.1))},
            artefact=("samples become energies in bands", *scaled.artefact),
        )  # fmt: skip

    def augmentation(self, options: ClassifyOptions, /) -> Augment | None:
        """See `Encoder.augmentation`."""
        return augmentation(options, self.features.channels, sound=self.features)


@final
@dataclass(frozen=True, kw_only=True)
class ImageEncoder(Encoder):
    """Reads images row by row, or pixel by pixel.

    Attributes
    ----------
    scale
        Of the numbers of a pixel.
    columns
        Pixels of a row.
    scan
        What a step is: a row, or a pixel, those of the first row first.
    """

    scale: ChannelScale
    columns: int
    scan: Literal["rows", "pixels"]
    longest: int | None = None
    file = "images.json"
    baseline_steps = 1024

    @classmethod
    def fit(cls, training: LabelledSequences, options: ClassifyOptions, /) -> Self:
        """See `Encoder.fit`."""
        some = cast(Sequence[np.ndarray], training.sequences)[:: max(1, len(training) // _SCALED_BY)]
        assert training.pixel is not None
        assert training.channels is not None
        values = np.concatenate([each.reshape(-1, training.pixel) for each in some])
        scale = fit_channels(values, kind=options.scale)
        columns = training.channels // training.pixel
        return cls(scale=scale, columns=columns, scan=options.scan, longest=options.longest)

    @classmethod
    def restored(cls, content: str, /, *, longest: int | None) -> Self:
        """See `Encoder.restored`."""
        found = json.loads(content)
        if not isinstance(found, dict) or found.keys() != {"columns", "scan", "scale"}:
            raise ValueError(f"{cls.file}: expected columns, scan and scale")
        columns, scan, scale = found["columns"], found["scan"], ChannelScale.from_dictionary(found["scale"])
        is_right = type(columns) is int and 1 <= columns <= 65_536 and scan in ("rows", "pixels")
        if not is_right or len(scale.level) not in PIXELS.values():
            raise ValueError(f"{cls.file}: columns = {columns!r}, scan = {scan!r} or the scale is out of bounds")
        return cls(scale=scale, columns=columns, scan=scan, longest=longest)

    @property
    def pixel(self) -> int:
        """Numbers that a pixel has."""
        return len(self.scale.level)

    @property
    def channels(self) -> ChannelScale:
        """The scale of what the network reads at a step."""
        count = self.columns if self.scan == "rows" else 1
        return ChannelScale(np.tile(self.scale.level, count), np.tile(self.scale.spread, count))

    @property
    def inputs(self) -> int:
        """How many numbers a step has."""
        return self.raw_inputs if self.scan == "rows" else self.pixel

    @property
    def raw_inputs(self) -> int:
        """How many numbers a row of pixels has."""
        return self.columns * self.pixel

    @property
    def reads_steps(self) -> bool:
        """Whether a row is a step."""
        return self.scan == "rows"

    def to_json(self) -> str:
        """Return its sizes and scale as JSON."""
        return json.dumps({"columns": self.columns, "scan": self.scan, "scale": self.scale.to_dictionary()})

    def check(self, data: LabelledSequences, /) -> None:
        """See `Encoder.check`."""
        if data.kind != "image" or data.channels != self.raw_inputs:
            raise _holds(data, f"images of {self.raw_inputs} numbers a row")

    def read(self, sequence: Any, /) -> np.ndarray:
        """See `Encoder.read`."""
        return self.channels.apply(sequence.reshape(-1, self.inputs)).astype(np.float32)

    def image(self, sequence: np.ndarray, /) -> np.ndarray:
        """Return an image (rows, columns, numbers a pixel)."""
        return sequence.reshape(-1, self.columns, self.pixel)

    def filled_in(self, options: ClassifyOptions, training: LabelledSequences, /) -> ClassifyOptions:
        """See `Encoder.filled_in`."""
        colour = next(name for name, pixel in PIXELS.items() if pixel == self.pixel)
        return replace(_numbers_filled_in(options), colour=colour)

    def exported(self, reader: nn.Module | None, /) -> ExportedReading:
        """See `Encoder.exported`."""
        sizes = {"columns": self.columns, "numbers a pixel": self.pixel, "scan": self.scan}
        return _scaled(self.channels, {"kind": "image", "from": 0, "to": 1, **sizes, **self.channels.to_dictionary()})

    def augmentation(self, options: ClassifyOptions, /) -> Augment | None:
        """Return what shifts images in both directions, and changes them in time as other sequences."""
        change = augmentation(options, self.channels)
        if change is None:
            return None

        def changed(sequence: np.ndarray, random: np.random.Generator) -> np.ndarray:
            rows = change(sequence.reshape(-1, self.raw_inputs), random)
            # what is shifted in rows so far is shifted in columns as its transpose is in rows
            columns = self.image(rows).swapaxes(0, 1)
            moved = change.shifted(columns.reshape(self.columns, -1), random).reshape(columns.shape)
            return np.ascontiguousarray(moved.swapaxes(0, 1)).reshape(-1, self.inputs)

        return changed


ENCODERS: Mapping[str, type[Encoder]] = {
    "text": TextEncoder, "numbers": NumberEncoder, "audio": SoundEncoder, "image": ImageEncoder,
}  # fmt: skip
"""What reads each kind of `LabelledSequences`."""


def fit_encoder(training: LabelledSequences, options: ClassifyOptions, /) -> Encoder:
    """Fit the vocabulary, or the scale of the channels, to the training part; see `Encoder.fit`."""
    return ENCODERS[training.kind].fit(training, options)
