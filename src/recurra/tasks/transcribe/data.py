"""Recordings with their texts: read, split, made features and labels, and in the batches that a network takes."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, Literal, cast, final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import shown
from recurra.data import (
    Augmentation,
    BatchOptions,
    ChannelScale,
    fit_channels,
    packed,
    read_recordings,
    read_table,
)
from recurra.data.audio import as_steps, common_rate, is_sound
from recurra.data.batching import Bucketed
from recurra.data.files import folder_of_paths, read_each, refuse
from recurra.data.memory_mapped import chosen, mapped_arrays, sampled_rows
from recurra.data.pictures import is_picture, read_line
from recurra.data.scaling import check_scaled
from recurra.data.split import SplitDescription, split_parts
from recurra.data.table_formats import is_pandas_frame
from recurra.data.tables import column, column_texts, complete_rows
from recurra.errors import DataError
from recurra.tasks.model import Sources
from recurra.tasks.sound import SoundFeatures, augmentation
from recurra.tasks.transcribe.options import TranscribeOptions

__all__ = [
    "Alphabet",
    "Features",
    "Kind",
    "SplitRecordings",
    "TranscribeBatches",
    "TranscribeData",
    "read_transcribed",
    "read_untranscribed",
    "split_recordings",
]

Kind = Literal["sound", "frames", "picture"]
"""Samples; steps with channels, such as cepstra or the pen; or the columns of a picture of a line."""


@final
@dataclass(frozen=True, kw_only=True)
class TranscribeData:
    """Sequences to transcribe, and the text of each.

    Attributes
    ----------
    sequences
        (steps, channels) float32 of any lengths from 1 on; of sound (samples, 1).
    texts
        (count,) what they hold; None where nobody says.
    kind
        What the sequences are.
    source
        What messages call the data.
    rows
        (count,) the data row of each, from 1.
    ids
        (count,) the path of each, or its row.
    rate
        Samples a second of sound; else None.
    groups, flags
        (count,) what the columns of groups and of parts say; None without such a column.
    dropped
        The rows that were left out.
    dropped_ids
        The path of each, where there is one.
    """

    sequences: Sequence[np.ndarray]
    texts: tuple[str, ...] | None
    kind: Kind
    source: str
    rows: np.ndarray
    ids: tuple[str, ...]
    rate: int | None = None
    groups: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    dropped: tuple[int, ...] = ()
    dropped_ids: tuple[str | None, ...] = ()

    def __len__(self) -> int:
        return len(self.sequences)

    def part(self, places: np.ndarray, /) -> TranscribeData:
        """Return the recordings at places (count,)."""
        kept = places.tolist()
        named = {
            name: None if (given := getattr(self, name)) is None else tuple(given[place] for place in kept)
            for name in ("texts", "ids", "groups", "flags")
        }
        return replace(self, sequences=chosen(self.sequences, places), rows=self.rows[places], **cast("Any", named))


def read_transcribed(data: Any, options: TranscribeOptions, /, *, has_parts: bool = False) -> TranscribeData:
    """Read recordings with their texts.

    Parameters
    ----------
    data
        A table (a path or a frame) with the columns that the options name, or pairs (array, text).
    options
        Where the table holds what, and how recordings are read.
    has_parts
        Whether the column of parts is read, if the options name one.

    Raises
    ------
    DataError
        If the data cannot be read; recordings that cannot are named together, each with its row.
    """
    if isinstance(data, TranscribeData):
        found = data
    elif isinstance(data, list | tuple):
        found = _in_memory(data, options, has_texts=True)
    else:
        part = options.part if has_parts else None
        found = _from_table(data, options, has_texts=True, part=part, is_training=has_parts)
    if found.texts is None:
        raise DataError(f"{found.source} has no texts; expected the text of each recording")
    return replace(found, texts=tuple(_normal(text, options) for text in found.texts))


def read_untranscribed(
    data: Any, options: TranscribeOptions, /, *, features: Features | None = None
) -> TranscribeData:  # fmt: skip
    """Read recordings without texts: a table, one file, a folder of files, or a list of arrays or paths.

    Those that cannot be used, or are not of the kind that `features` are of, are left out, and named in `dropped`.
    """
    options = replace(options, missing="drop")
    if isinstance(data, TranscribeData):
        return replace(data, texts=None)
    if isinstance(data, list | tuple):
        return _in_memory(data, options, has_texts=False, features=features)
    if isinstance(data, np.ndarray):
        return _in_memory([data], options, has_texts=False, features=features)
    if isinstance(data, str | Path) and Path(data).is_dir():
        paths = sorted(each for each in Path(data).rglob("*") if each.is_file() and _is_known(each))
        if not paths:
            raise DataError(f"{data} is a folder without sounds, pictures or arrays; expected some")
        return _of_paths(paths, options, source=str(data), features=features)
    if isinstance(data, str | Path) and _is_known(Path(data)):
        return _of_paths([Path(data)], options, source=str(data), features=features)
    return _from_table(data, options, has_texts=False, part=None, features=features)


def _named(kind: Kind, width: int) -> str:
    """Return what messages call sequences of a kind."""
    names = {"sound": "sound", "frames": f"arrays of {width} channels", "picture": f"pictures of lines, {width} high"}
    return names[kind]


def _is_known(path: Path) -> bool:
    return is_sound(path) or is_picture(path) or path.suffix.lower() == ".npy"


def _normal(text: str, options: TranscribeOptions) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text.lower() if options.lowercase else text


def _from_table(
    data: Any,
    options: TranscribeOptions,
    *,
    has_texts: bool,
    part: str | None,
    is_training: bool = False,
    features: Features | None = None,
) -> TranscribeData:
    import polars

    if not (isinstance(data, str | Path | polars.DataFrame | polars.LazyFrame) or is_pandas_frame(data)):
        raise DataError(f"got {shown(data)}; expected a table, as a path or a frame, or a list")
    if has_texts and isinstance(data, str | Path) and (Path(data).is_dir() or _is_known(Path(data))):
        raise DataError(f"{data} says no texts; expected a table with a row for each file: its path and its text")
    frame, source = read_table(data, format=options.table_format())
    if is_training:
        _check_columns(frame.columns, options, source=source)
    group = options.group if has_texts else None
    names = [options.audio, *([options.text] if has_texts else []), *filter(None, (part, group))]
    kept, ids = np.ones(frame.height, bool), column(frame, options.audio, source=source).cast(polars.String)
    if options.missing == "drop":
        kept = complete_rows(frame, names, source=source)
        frame = frame.filter(polars.Series(kept))
    if not frame.height:
        raise DataError(f"{source} has no rows in which there is a recording")
    beside = folder_of_paths(data)
    columns = {"path": options.audio, "text": options.text if has_texts else None, "group": group, "part": part}
    said = {  # before any recording is read, which takes long
        what: column_texts(frame, name, source=source, what=what, droppable=True).to_list()
        for what, name in columns.items()
        if name is not None
    }
    rows = np.flatnonzero(kept) + 1
    paths = [beside / each for each in said["path"]]
    found, places = _read(paths, rows, options, source=source, silent=not has_texts, features=features)
    kept_of = {what: tuple(texts[place] for place in places.tolist()) for what, texts in said.items()}
    dropped = sorted({*(np.flatnonzero(~kept) + 1).tolist(), *np.delete(rows, places).tolist()})
    return replace(
        found, texts=kept_of.get("text"), ids=kept_of["path"], groups=kept_of.get("group"), flags=kept_of.get("part"),
        dropped=tuple(dropped), dropped_ids=tuple(ids[row - 1] for row in dropped),
    )  # fmt: skip


def _check_columns(names: Sequence[str], options: TranscribeOptions, /, *, source: str) -> None:
    """Refuse a table without the columns that are read where nobody said other ones, and say how to."""
    usual = TranscribeOptions()
    for option, name in (("audio", usual.audio), ("text", usual.text)):
        if name not in names and getattr(options, option) == name:
            known, what = ", ".join(map(repr, names)), "texts" if option == "text" else "paths"
            raise DataError(
                f"{source} has no column {name!r}, its columns are {known}; {option} = COLUMN says which has the {what}"
            )


def _of_paths(
    paths: Sequence[Path], options: TranscribeOptions, *, source: str, features: Features | None
) -> TranscribeData:
    rows = np.arange(1, len(paths) + 1)
    found, places = _read(paths, rows, options, source=source, silent=True, features=features)
    dropped = tuple(np.delete(rows, places).tolist())
    return replace(
        found, ids=tuple(str(paths[place]) for place in places), dropped=dropped,
        dropped_ids=tuple(str(paths[row - 1]) for row in dropped),
    )  # fmt: skip


def _read(
    paths: Sequence[Path],
    rows: np.ndarray,
    options: TranscribeOptions,
    *,
    source: str,
    silent: bool,
    features: Features | None,
) -> tuple[TranscribeData, np.ndarray]:
    """Return the recordings of paths that can be used, and their places among them."""
    kinds: list[Kind] = [_kind_of(path) for path in paths]
    kind = kinds[0]
    width: int | None = None
    if features is not None and features.kind in kinds:
        kind, width = features.kind, features.width
    kept: list[int] = []
    rate = (options.rate or common_rate(paths)) if kind == "sound" else None
    if rate is not None:
        found = read_recordings(
            paths, rate=rate, rows=rows.tolist(), source=source, longest=options.longest_recording, silent=silent,
            drop=options.missing == "drop",
        )  # fmt: skip
    else:
        read = _frames if kind == "frames" else (lambda path: read_line(path, height=options.height))
        found = read_each(
            paths, rows.tolist(), _one_width(read, width), source=source, what="recordings",
            drop=options.missing == "drop",
        )  # fmt: skip

    def sequences() -> Iterator[np.ndarray]:
        for place, values in found:
            kept.append(place)
            yield values[:, np.newaxis] if values.ndim == 1 else values

    mapped = mapped_arrays(sequences())
    places = np.array(kept, np.int64)
    return TranscribeData(
        sequences=mapped, texts=None, kind=kind, source=source, rows=rows[places], ids=(), rate=rate
    ), places  # fmt: skip


def _kind_of(path: Path) -> Kind:
    return "sound" if is_sound(path) else "picture" if is_picture(path) else "frames"


def _one_width(read: Callable[[Path], np.ndarray], known: int | None) -> Callable[[Path], np.ndarray]:
    """Return what reads files all of one width, which may be known."""
    width = known

    def checked(path: Path) -> np.ndarray:
        nonlocal width
        values = read(path)
        width = width or values.shape[1]
        if values.shape[1] != width:
            if known:
                raise DataError(f"{path} has {values.shape[1]} channels; expected {width}")
            raise DataError(f"{path} has {values.shape[1]} channels, those before it {width}")
        return values

    return checked


def _frames(path: Path) -> np.ndarray:
    """Return the array (steps, channels) of a `.npy` file."""
    if path.suffix.lower() != ".npy":
        raise DataError(f"{path}: expected a sound, a picture (PNG, JPEG) or an array (.npy), all of one kind")
    try:
        values = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} is no array that can be read: {str(error)[:200]}") from None
    return _checked(values, str(path))


def _checked(values: Any, where: str, *, is_sound: bool = False) -> np.ndarray:
    """Return numbers (steps, channels) or (steps,) as float32 (steps, channels)."""
    try:
        found = as_steps(values, is_sound=is_sound, expected="numbers (steps, channels)")
    except DataError as error:
        raise DataError(f"{where}: {error}") from None
    if found.ndim not in (1, 2) or not found.size:
        raise DataError(f"{where} has shape {found.shape}; expected (steps, channels), at least one step")
    steps = found.reshape(len(found), -1)
    check_scaled(steps, steps, where=where)
    return steps


def _in_memory(
    given: Sequence[Any], options: TranscribeOptions, *, has_texts: bool, features: Features | None = None
) -> TranscribeData:
    """Return arrays, or pairs of an array and a text; arrays of one number a step are samples at the options' rate."""
    if not given:
        raise DataError("the list has no recordings; expected at least one")
    if not has_texts and all(isinstance(each, str | Path) for each in given):
        return _of_paths([Path(each) for each in given], options, source="the list", features=features)
    pairs = [each if has_texts else (each, "") for each in given]
    for place, each in enumerate(pairs, 1):
        if not (isinstance(each, tuple) and len(each) == 2 and isinstance(each[1], str)):
            raise DataError(f"the list, recording {place}: got {shown(each)}; expected a pair of an array and a text")
    sequences = [
        _checked(array, f"the list, recording {place}", is_sound=options.rate is not None)
        for place, (array, _) in enumerate(pairs, 1)
    ]
    widths = {each.shape[1] for each in sequences}
    if len(widths) > 1:
        raise DataError(f"the list has recordings of {sorted(widths)} channels; expected one number of them")
    is_samples = widths == {1} and options.rate is not None
    return TranscribeData(
        sequences=sequences, texts=tuple(text for _, text in pairs) if has_texts else None,
        kind="sound" if is_samples else "frames", source="the list", rows=np.arange(1, len(pairs) + 1),
        ids=tuple(map(str, range(1, len(pairs) + 1))), rate=options.rate if is_samples else None,
    )  # fmt: skip


# labels and features -------------------------------------------------------------------------------------------------


@final
@dataclass(frozen=True)
class Alphabet:
    """The labels of texts: characters or words, by number from 1; 0 is CTC's blank.

    Examples
    --------
    >>> from recurra.tasks.transcribe.data import Alphabet
    >>> alphabet = Alphabet.fit(["ab a"], level="char")
    >>> alphabet.tokens, alphabet.encode("ba"), alphabet.decode([2, 1, 3])
    ((' ', 'a', 'b'), [3, 2], 'a b')
    """

    tokens: tuple[str, ...]
    level: Literal["char", "word"]

    @classmethod
    def fit(cls, texts: Sequence[str], /, *, level: Literal["char", "word"]) -> Alphabet:
        """Return the labels of texts, in order."""
        counts = Counter(token for text in texts for token in _split(text, level))
        if not counts:
            raise DataError("the training part has no text that is not empty; expected some")
        return cls(tuple(sorted(counts)), level)

    @property
    def labels(self) -> int:
        """How many labels there are, the blank counted."""
        return len(self.tokens) + 1

    def encode(self, text: str, /) -> list[int]:
        """Return the labels of a text, without those that it does not know."""
        return [self._numbers[token] for token in _split(text, self.level) if token in self._numbers]

    def unknown(self, text: str, /) -> list[str]:
        """Return the tokens of a text that it does not know."""
        return [token for token in _split(text, self.level) if token not in self._numbers]

    def decode(self, labels: Sequence[int], /) -> str:
        """Return the text of labels."""
        joined = " " if self.level == "word" else ""
        return " ".join(joined.join(self.tokens[label - 1] for label in labels).split())

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {token: number for number, token in enumerate(self.tokens, 1)}


def _split(text: str, level: str) -> list[str]:
    return text.split() if level == "word" else list(text)


@final
@dataclass(frozen=True, kw_only=True)
class Features:
    """Makes what the network reads of recordings.

    Attributes
    ----------
    kind
        Of the recordings.
    sound
        Of sound: the features of samples; else None.
    channels
        The scale of what it gives, fitted on the training part.
    """

    kind: Kind
    channels: ChannelScale
    sound: SoundFeatures | None = None

    @classmethod
    def fit(cls, training: TranscribeData, options: TranscribeOptions, /) -> Features:
        """Fit the scale to the training part."""
        if training.rate is not None:
            some = training.sequences[:: max(1, len(training) // 500)]
            sound = SoundFeatures.fit(some, rate=training.rate, options=options)
            return cls(kind="sound", channels=sound.channels, sound=sound)
        return cls(kind=training.kind, channels=fit_channels(sampled_rows(training.sequences)))

    @property
    def width(self) -> int:
        """How many features a step has."""
        return len(self.channels.level)

    @property
    def is_bands(self) -> bool:
        """Whether neighbouring features are neighbours in frequency."""
        return self.sound is not None and self.sound.is_bands

    def check(self, recordings: TranscribeData, /) -> None:
        """Refuse recordings of another kind than those that the model was fitted on."""
        width, expected = recordings.sequences[0].shape[1], 1 if self.sound else self.width
        if (recordings.kind == "sound") != (self.sound is not None) or width != expected:
            found, known = _named(recordings.kind, width), _named(self.kind, expected)
            raise DataError(f"{recordings.source} holds {found}; the model was fitted on {known}")

    def of(self, recordings: TranscribeData, /) -> Sequence[np.ndarray]:
        """Return the features (steps, channels) of recordings; see `check` for errors."""
        self.check(recordings)
        return mapped_arrays(map(self._one, recordings.sequences, recordings.rows.tolist(), repeat(recordings.source)))

    def _one(self, sequence: np.ndarray, row: int, source: str) -> np.ndarray:
        if self.sound is not None:
            return self.sound.of(sequence)
        with np.errstate(over="ignore"):
            found = self.channels.apply(sequence).astype(np.float32)
        check_scaled(found, sequence, where=f"{source}, row {row}")
        return found

    def augmentation(self, options: TranscribeOptions, /) -> Augmentation | None:
        """Return what changes features in training; None where nothing does."""
        return augmentation(options, self.channels, sound=self.sound)


# parts ---------------------------------------------------------------------------------------------------------------


@final
@dataclass(frozen=True, kw_only=True)
class SplitRecordings:
    """Recordings in three parts, none empty, with their features once there are some."""

    training: TranscribeData
    validation: TranscribeData
    test: TranscribeData
    how: SplitDescription
    features: Mapping[str, Sequence[np.ndarray]] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """How many recordings each part has, and how they were chosen, in a sentence."""
        return self.how.of(self.by_name())

    def by_name(self) -> dict[str, TranscribeData]:
        """Return the parts."""
        return {"training": self.training, "validation": self.validation, "test": self.test}

    def with_features(
        self, features: Features, alphabet: Alphabet, steps: Callable[[int], int], options: TranscribeOptions, /
    ) -> SplitRecordings:
        """Return the parts with their features, without recordings that are too short for their text.

        Parameters
        ----------
        features, alphabet
            Of the model.
        steps
            How many steps the network gives of so many.
        options
            Whether what is too short is dropped.

        Raises
        ------
        DataError
            If one is too short; or a part that was given holds a label that the training part has not.
        """
        parts, made = self.by_name(), {}
        dropped = 0
        for name, part in parts.items():
            found = features.of(part)
            kept, wrong = [], []
            for place, (text, each) in enumerate(zip(part.texts or (), found, strict=True)):
                labels = alphabet.encode(text)
                needed = len(labels) + sum(a == b for a, b in pairwise(labels))
                if steps(len(each)) >= needed:
                    kept.append(place)
                    continue
                wrong.append(
                    f"row {part.rows[place]}: {part.ids[place]}: {steps(len(each))} steps for {needed} labels of "
                    f"{text[:40]!r}"
                )
            drop = options.missing == "drop"
            see = "convolution_stride"
            if self.training.kind == "picture":
                see = f"picture_convolutions, height = {options.height}"
            what = f"cannot hold the text, for which CTC needs more steps (see {see})"
            refuse(wrong, of=len(part), source=f"{part.source}, {name}", things="recordings", what=what, drop=drop)
            dropped += len(wrong)
            places = np.array(kept, np.int64)
            parts[name], made[name] = part.part(places), chosen(found, places)
        said = f", without {dropped:,} too short for the text" if dropped else ""
        return replace(self, **parts, features=made, how=replace(self.how, too_short=said))


def check_known(part: TranscribeData, alphabet: Alphabet, /, *, learnt: str = "the training part") -> None:
    """Refuse texts with labels that the model does not know, as it can never be right about them."""
    for row, text in zip(part.rows.tolist(), part.texts or (), strict=True):
        unknown = alphabet.unknown(text)
        if unknown:
            what = "character" if alphabet.level == "char" else "word"
            raise DataError(
                f"{part.source}, row {row}: the {what} {unknown[0]!r} of {text[:40]!r} is in no text of {learnt}, so "
                "that the model cannot write it"
            )


def split_recordings(sources: Sources, options: TranscribeOptions, /) -> SplitRecordings:
    """Read the data and split them: by what is given apart, by the column of parts, and the rest at random.

    Raises
    ------
    DataError
        If the data cannot be read, or are too few to be split.
    InputError
        If a part is given both as data of its own and by the column of parts.
    """
    data = read_transcribed(sources.training, options, has_parts=True)
    alike = replace(options, rate=data.rate)
    parts, how = split_parts(
        data, {name: read_transcribed(given, alike) for name, given in sources.apart.items()}, seed=options.seed,
        things="recordings", fractions={"validation": options.validation_fraction, "test": options.test_fraction},
    )  # fmt: skip
    return SplitRecordings(training=parts["training"], validation=parts["validation"], test=parts["test"], how=how)


@final
class TranscribeBatches(Bucketed):
    """Batches (features, labels, lengths): PackedSequence, the labels of all (total,), how many each has (batch,).

    Parameters
    ----------
    sequences
        (steps, channels) each.
    labels
        Of each.
    options
        How they come in batches.
    augment
        What changes a sequence each time that it comes, by the seed, the epoch and its place; None changes none.
    """

    def __init__(
        self,
        sequences: Sequence[np.ndarray],
        labels: Sequence[Sequence[int]],
        /,
        *,
        options: BatchOptions,
        augment: Augmentation | None = None,
    ) -> None:
        super().__init__(np.array([len(each) for each in sequences]), options)
        self._sequences, self._labels, self._augment = sequences, labels, augment

    def __iter__(self) -> Iterator[tuple[PackedSequence, Tensor, Tensor]]:
        for places in self.places:
            labels = [self._labels[place] for place in places.tolist()]
            flat = torch.tensor([label for each in labels for label in each], dtype=torch.int64)
            lengths = torch.tensor([len(each) for each in labels])
            yield packed([self._sequence(place) for place in places.tolist()]), flat, lengths

    def _sequence(self, place: int) -> np.ndarray:
        if self._augment is None:
            return self._sequences[place]
        return self._augment(self._sequences[place], np.random.default_rng([self._options.seed, self.epoch, place]))
