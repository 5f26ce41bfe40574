"""Sequences with their classes: read, split, and in the batches that a network takes."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, final

import numpy as np
import polars
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import shown
from recurra.data import (
    BatchOptions,
    LabelledSequences,
    SequenceColumns,
    WordVectors,
    joined,
    packed,
    read_labelled,
    read_vectors,
    repeated_rows,
    split_by_file,
)
from recurra.data.audio import as_steps, is_sound
from recurra.data.batching import Bucketed
from recurra.data.files import file_text, text_lines
from recurra.data.labelled import class_numbers, class_sets
from recurra.data.pictures import PIXELS, as_image, is_idx, is_picture
from recurra.data.split import split_parts
from recurra.data.table_formats import is_pandas_frame
from recurra.errors import DataError, InputError
from recurra.tasks.classify.encoders import Augment, Encoder, TextEncoder
from recurra.tasks.classify.options import ALONE, SEQUENCES, ClassifyOptions
from recurra.tasks.model import Sources
from recurra.training.averaging import bounded_decay

__all__ = [
    "PackedBatches",
    "SplitSequences",
    "filled_in",
    "read_pretrained",
    "read_sequences",
    "read_with_labels",
    "split_sequences",
    "with_gaps",
]  # fmt: skip


def read_with_labels(
    data: Any, options: ClassifyOptions, /, *, classes: Sequence[str] | None = None, has_parts: bool = False
) -> LabelledSequences:
    """Read sequences with their labels.

    Parameters
    ----------
    data
        A path or a frame, see `read_labelled`; or `LabelledSequences`.
    options
        Where a table holds what.
    classes
        The classes that are known already.
    has_parts
        Whether the column of parts is read, if the options name one.

    Raises
    ------
    DataError
        If the data cannot be read or have no labels; see `read_labelled`.
    InputError
        If the options name columns of sequences, and the data to learn from, whose classes are not known, have none.
    """
    if classes is None:
        _refuse_columns(data, options)
    if isinstance(data, LabelledSequences):
        data.check()
        found = data if classes is None else _renumbered(data, classes)
    else:
        found = read_labelled(
            data,
            columns=_columns(data, options, label=options.label, part=options.part if has_parts else None),
            classes=classes,
            drop=options.missing == "drop",
            format=options.table_format(),
            sound=options.sound_format(silent=True),
            image=options.image_format(),
            has_images=options.has_images,
            group=options.group,
        )
    if classes is None:
        _check_kind(found, options)
    if found.labels is None:
        raise DataError(f"{found.source} has no labels; for a table, say which column holds them (label)")
    return found


def read_sequences(
    data: Any, options: ClassifyOptions, /, *, image_columns: int | None = None
) -> LabelledSequences:  # fmt: skip
    """Read sequences without their labels, if they have any.

    Lists of texts, of arrays, or of the paths of recordings or images are taken too, and a text a line.

    Rows of a table without a text or numbers are left out, and named in `dropped`; so are images that have not as many
    columns of pixels as is said.
    """
    if isinstance(data, LabelledSequences):
        data.check()
        return replace(data, labels=None)
    if _are_paths(data, options):
        table: Any = polars.DataFrame({_PATHS: [str(each) for each in data]})
        has_images = options.colour is not None
        columns = SequenceColumns(audio=None if has_images else _PATHS, image=_PATHS if has_images else None)
    elif isinstance(data, list | tuple) or (isinstance(data, np.ndarray) and data.ndim):
        return _in_memory(list(data), options)
    elif isinstance(data, str | Path) and options.values is None and _is_plain_text(Path(data), options):
        return _lines(Path(data), options)
    else:
        table, columns = data, _columns(data, options, label=None, part=None)
    return read_labelled(
        table, columns=columns, labelled=False, drop=True, format=options.table_format(),
        sound=options.sound_format(silent=True), image=replace(options.image_format(), columns=image_columns),
        has_images=options.has_images,
    )  # fmt: skip


def with_gaps(values: np.ndarray, data: LabelledSequences, /) -> np.ndarray:
    """Return values (rows, ...) with NaN in the place of each row of the data that was left out."""
    if not data.dropped:
        return values
    order = np.argsort(np.concatenate([data.rows, np.array(data.dropped)]), kind="stable")
    gaps = np.full((len(data.dropped), *values.shape[1:]), np.nan)
    return np.concatenate([values, gaps])[order]


_PATHS = "path"
"""The column of a list of paths."""


def _are_paths(data: Any, options: ClassifyOptions) -> bool:
    """Say whether data are a list of files, of a model of recordings or images: of others texts are texts."""
    is_of_files = options.rate is not None or options.colour is not None
    if not (is_of_files and isinstance(data, list | tuple) and data):
        return False
    return all(isinstance(each, str | Path) for each in data)


def _is_plain_text(path: Path, options: ClassifyOptions) -> bool:
    """Say whether a `.txt` is a text a line, as its first line does not name the column of texts."""
    if path.suffix.lower() != ".txt" or path.is_dir() or not options.header:
        return False
    first, _, rest = file_text(path, encoding=options.encoding, expected="a text").partition("\n")
    return not rest.strip() or options.text not in [cell.strip(' \r"') for cell in re.split(r"[,;\t|]", first)]


def _lines(path: Path, options: ClassifyOptions) -> LabelledSequences:
    """Return a text a line; empty lines are left out."""
    lines = text_lines(file_text(path, encoding=options.encoding, expected="a text"))
    places = [place for place, line in enumerate(lines) if line.strip()]
    if not places:
        raise DataError(f"{path} is empty; expected a text a line")
    return LabelledSequences(
        sequences=[lines[place].strip() for place in places],
        labels=None,
        classes=(),
        source=str(path),
        rows=np.array(places) + 1,
        dropped=tuple(place + 1 for place, line in enumerate(lines) if not line.strip()),
    )


def _columns(data: Any, options: ClassifyOptions, *, label: str | None, part: str | None) -> SequenceColumns | None:
    if not (isinstance(data, str | Path | polars.DataFrame | polars.LazyFrame) or is_pandas_frame(data)):
        raise DataError(f"got {shown(data)}; expected a path, a frame of polars or pandas, or LabelledSequences")
    if _has_no_columns(data):
        return None
    source = data if isinstance(data, str | Path) else "the frame"
    for name, said in options.sequences.items():
        if said == ALONE:
            raise InputError(
                f"{source} is a table, and {name} = {said!r} takes a folder or a single file; of a table it names the "
                "column of the paths"
            )
    if options.sequences:
        return SequenceColumns(
            text=options.text, values=options.channels, audio=options.audio, image=options.image, id=options.id,
            label=label, labels_separator=options.labels_separator, part=part,
            group=None if label is None else options.group,
        )  # fmt: skip
    raise InputError(
        f"{source} is a table; expected the option {', '.join(SEQUENCES[:-1])} or {SEQUENCES[-1]}, the columns of the "
        "sequences"
    )


def _refuse_columns(data: Any, options: ClassifyOptions) -> None:
    """Refuse the names of columns for sequences that do not stand in a table."""
    named = {name: said for name, said in options.sequences.items() if said != ALONE}
    if named and (isinstance(data, LabelledSequences) or _has_no_columns(data)):
        source = data if isinstance(data, str | Path) else data.source
        (name, said), *_ = named.items()
        raise InputError(f"{name} = {said!r}: it names a column, and {source} is no table; leave it out")


_KINDS = {"text": "texts", "numbers": "sequences of numbers", "audio": "recordings", "image": "images"}


def _check_kind(found: LabelledSequences, options: ClassifyOptions) -> None:
    """Refuse sequences of another kind than an option says that needs no column."""
    for name, said in (("audio", options.audio), ("image", options.image)):
        if said == ALONE and found.kind != name:
            raise InputError(f"{name} = {said!r}: {found.source} holds {_KINDS[found.kind]}; expected {_KINDS[name]}")


def _has_no_columns(data: Any) -> bool:
    """Return whether sequences are in a folder, or in a file of another kind than a table."""
    if not isinstance(data, str | Path):
        return False
    path = Path(data)
    is_one = is_sound(path) or is_picture(path) or is_idx(path)
    return path.is_dir() or path.suffix.lower() in (".ts", ".npy", ".npz") or is_one


def _in_memory(given: Sequence[Any], options: ClassifyOptions) -> LabelledSequences:
    """Return texts, or arrays as sequences: with a rate they are recordings, with colours images."""
    if not given:
        raise DataError("the list has no sequences; expected at least one")
    pixel = None if options.colour is None else PIXELS[options.colour]
    sequences: list[Any] = [
        each if isinstance(each, str) else _array(each, place, pixel, is_sound=options.rate is not None)
        for place, each in enumerate(given, 1)
    ]
    kinds = {None if isinstance(each, str) else each.shape[1] for each in sequences}
    if len(kinds) > 1:
        raise DataError("the list has sequences of different kinds; expected texts, or arrays of one width")
    rows = np.arange(1, len(sequences) + 1)
    return LabelledSequences(
        sequences=sequences, labels=None, classes=(), source="the list", rows=rows,
        rate=options.rate if kinds == {1} else None,
        pixel=None if None in kinds else pixel,
    )  # fmt: skip


def _array(given: Any, place: int, pixel: int | None, *, is_sound: bool) -> np.ndarray:
    if pixel is not None:
        try:
            return as_image(given, pixel=pixel)
        except DataError as error:
            raise DataError(f"the list, image {place}: {error}") from None
    try:
        values = as_steps(given, is_sound=is_sound, expected="a text or numbers")
    except DataError as error:
        raise DataError(f"the list, sequence {place}: {error}") from None
    if values.ndim not in (1, 2):
        found = shown(given) if values.ndim == 0 else f"shape {values.shape}"
        raise DataError(
            f"the list, sequence {place}: got {found}; expected a text, or numbers (steps, channels) or (steps,)"
        )
    if not len(values):
        raise DataError(f"the list, sequence {place} is empty; expected at least one step")
    return values.reshape(len(values), -1)


def _renumbered(data: LabelledSequences, classes: Sequence[str]) -> LabelledSequences:
    """Return sequences whose labels are places in the classes that are known."""
    if data.labels is None:
        return data
    places = [f"{data.source}, row {row}" for row in data.rows.tolist()]
    if data.labels.ndim == 2:
        sets = [[data.classes[number] for number in np.flatnonzero(row).tolist()] for row in data.labels]
        return replace(data, labels=class_sets(sets, classes, places=places), classes=tuple(classes))
    names = [data.classes[label] for label in data.labels.tolist()]
    return replace(data, labels=class_numbers(names, classes, places=places), classes=tuple(classes))


@dataclass(frozen=True, kw_only=True)
class SplitSequences:
    """Labelled sequences in three parts.

    Attributes
    ----------
    training, validation, test
        None is empty, and all have the same classes.
    description
        Where each part is from, in a sentence.
    repeated
        How many sequences of validation and of test are in the training part too.
    encoded
        The sequences of each part as the network reads them; empty until there is an encoder.
    """

    training: LabelledSequences
    validation: LabelledSequences
    test: LabelledSequences
    description: str
    repeated: tuple[int, int]
    encoded: Mapping[str, Sequence[np.ndarray]] = field(default_factory=dict)

    def encoded_by(self, encoder: Encoder, /) -> SplitSequences:
        """Return the parts with what an encoder makes of them."""
        return replace(self, encoded={name: encoder.encode(part) for name, part in self.by_name().items()})

    def by_name(self) -> dict[str, LabelledSequences]:
        """Return the parts."""
        return {"training": self.training, "validation": self.validation, "test": self.test}


def split_sequences(
    sources: Sources, options: ClassifyOptions, /, *, classes: Sequence[str] | None = None
) -> SplitSequences:
    """Read the data and split them: by what is given apart, by the column of parts, and the rest at random by label.

    Raises
    ------
    DataError
        If the data cannot be read, or are too few to be split.
    InputError
        If a part is given both as data of its own and by the column of parts.
    """
    data = read_with_labels(sources.training, options, classes=classes, has_parts=True)
    # every part has the rate, or the colours, of the first
    colour = next((name for name, pixel in PIXELS.items() if pixel == data.pixel), options.colour)
    alike = replace(options, rate=data.rate, colour=colour)
    apart = {name: read_with_labels(given, alike, classes=data.classes) for name, given in sources.apart.items()}
    parts, how = split_parts(
        data, apart, seed=options.seed, things="sequences", row="row" if options.id is None else "sequence",
        fractions={"validation": options.validation_fraction, "test": options.test_fraction}, labels=_single_labels,
    )  # fmt: skip
    return SplitSequences(
        training=parts["training"], validation=parts["validation"], test=parts["test"], description=how.of(parts),
        repeated=_repeated(parts),
    )  # fmt: skip


def _single_labels(data: LabelledSequences) -> np.ndarray | None:
    """Return the labels; None for sets of them, which are too many to have a share each."""
    return None if np.ndim(data.labels) == 2 else data.labels  # type: ignore[arg-type]


def _repeated(parts: dict[str, LabelledSequences]) -> tuple[int, int]:
    order = [parts[name] for name in ("training", "validation", "test")]
    keys = [_key(sequence) for part in order for sequence in part.sequences]
    found = repeated_rows(split_by_file(len(order[0]), validation=len(order[1]), test=len(order[2])), keys)
    return len(found.validation), len(found.test)


def _key(sequence: str | np.ndarray) -> Hashable:
    """Return what is the same for the same sequences, and takes little memory."""
    return hash(sequence) if isinstance(sequence, str) else (sequence.shape, hash(sequence.tobytes()))


_JOINED = 0.15
"""Share of the sequences that are joined to others, where there is a class of what is none of the classes."""


@final
class PackedBatches(Bucketed):
    """Batches (sequences, labels): a PackedSequence, and (batch,) int64.

    Parameters
    ----------
    sequences
        (steps,) or (steps, channels) each, of any lengths from 1 on.
    labels
        (count,) int64.
    options
        How they come in batches.
    augment
        What changes a sequence each time that it comes, by the seed, the epoch and its place; None changes none.
    others
        The label of what is none of the other classes, which some sequences become that are cut and joined to a part of
        one of another class, (steps, channels); None where there is none.

    Examples
    --------
    >>> import numpy
    >>> from recurra.data import BatchOptions
    >>> from recurra.tasks.classify.data import PackedBatches
    >>> sequences, labels = [numpy.array([1, 2, 3]), numpy.array([4])], numpy.array([0, 1])
    >>> [(batch.batch_sizes.tolist(), labels.tolist()) for batch, labels in
    ...  PackedBatches(sequences, labels, options=BatchOptions(shuffle=False))]
    [([2, 1, 1], [0, 1])]
    """

    def __init__(
        self,
        sequences: Sequence[np.ndarray],
        labels: np.ndarray,
        /,
        *,
        options: BatchOptions,
        augment: Augment | None = None,
        others: int | None = None,
    ) -> None:
        super().__init__(np.array([len(sequence) for sequence in sequences]), options)
        self._sequences, self._labels, self._augment, self._others = sequences, labels, augment, others

    def __iter__(self) -> Iterator[tuple[PackedSequence, Tensor]]:
        for places in self.places:
            sequences, labels = zip(*(self._example(place) for place in places.tolist()), strict=True)
            yield packed(sequences), torch.from_numpy(np.array(labels))

    def _example(self, place: int) -> tuple[np.ndarray, Any]:
        sequence, label = self._sequences[place], self._labels[place]
        if self._augment is None and self._others is None:
            return sequence, label
        random = np.random.default_rng([self._options.seed, self.epoch, place])
        if self._others is not None and random.random() < _JOINED:
            of_another = random.choice(np.flatnonzero(self._labels != label))
            sequence, label = joined(sequence, self._sequences[int(of_another)]), self._others
        return (sequence if self._augment is None else self._augment(sequence, random)), label


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
        options = replace(options, embedding_size=pretrained.values.shape[1])
    # a moving average over more than half an epoch would lag behind the first epochs
    steps = -(-len(training) // options.batch_size)
    options = replace(options, average_decay=bounded_decay(options.average_decay, steps=steps / 2))
    return encoder.filled_in(options, training)
