"""Sequences with their labels: texts, numbers, recordings or images, from a table, a folder, or files of many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal, final

import numpy as np
import polars

from recurra.characters import readable
from recurra.data.example_files import FILES, ExampleFiles, FileFormats, examples_in, group_of
from recurra.data.files import ImageFormat, SoundFormat, TableFormat, folder_of_paths
from recurra.data.memory_mapped import chosen, mapped_arrays, mapped_texts
from recurra.data.pictures import PIXELS, is_idx, read_idx
from recurra.data.sequence_files import LARGEST, is_single, read_array_file, read_image_array, read_timeseries_file
from recurra.data.split import is_part
from recurra.data.tables import (
    Table,
    column,
    column_texts,
    complete_rows,
    is_missing,
    numbers,
    read_table,
    scan_rows,
    table_format,
)
from recurra.errors import DataError, nearest

__all__ = [
    "LabelledSequences",
    "SequenceColumns",
    "class_names",
    "class_numbers",
    "class_sets",
    "read_labelled",
]

_STREAMED = ("parquet", "arrow")
"""Formats of tables that are read some rows at a time."""

_AT_ONCE = 512
"""Rows that are read at a time: each may be a long sequence."""

_WHOLE = re.compile(r"[+-]?\d+")

_FEW = 10
"""Classes of which each may be seen once."""


@final
@dataclass(frozen=True, kw_only=True)
class SequenceColumns:
    """Where a table holds sequences and labels.

    Attributes
    ----------
    text
        The column of texts, one sequence a row.
    values
        The columns of numbers, one a channel: with `id` a step a row (the long layout), otherwise a list a row.
    audio, image
        The column of the paths of recordings, or of images, relative to the table, one sequence a row.
    id
        The column that says which sequence a row of the long layout belongs to. Its rows are in order.
    label
        The column of labels; None at prediction.
    labels_separator
        What stands between labels, where a sequence has any number of them; None where it has one.
    part
        The column that says of each sequence whether it trains, validates or tests; see `parts_by_flag`.
    group
        The column that says which sequences belong together, such as those of a speaker.
    """

    text: str | None = None
    values: tuple[str, ...] = ()
    audio: str | None = None
    image: str | None = None
    id: str | None = None
    label: str | None = None
    labels_separator: str | None = None
    part: str | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        if sum(bool(said) for said in (self.text, self.values, self.audio, self.image)) != 1:
            raise DataError(
                "say which column is the text, the audio or the image, or which columns are the values: one of them"
            )
        if self.id is not None and not self.values:
            raise DataError("a column of ids needs columns of values; texts are one a row")

    @property
    def files(self) -> tuple[str, ExampleFiles] | None:
        """The column of paths, and the kind of the files; None where sequences stand in the table."""
        if self.audio is not None:
            return self.audio, FILES["audio"]
        return None if self.image is None else (self.image, FILES["image"])


@final
@dataclass(frozen=True, kw_only=True)
class LabelledSequences:
    """Sequences, and the class of each, or the classes.

    Attributes
    ----------
    sequences
        Texts, or arrays (steps, channels) float32 of any lengths from 1 on; recordings are (samples, 1), images (rows,
        columns * numbers a pixel) from 0 to 1.
    labels
        (count,) int64, places in `classes`, or (count, classes) bool where a sequence has any number of them; None
        where there are no labels.
    classes
        The labels' names.
    source
        What messages call the data.
    rows
        (count,) the data row, or the line, that each sequence began at, from 1.
    ids, flags
        (count,) what the columns of ids and of parts say of each sequence; None without such a column.
    dropped
        The data rows, from 1, that were left out because something is missing in them; in the long layout, where the
        sequences begin that were.
    dropped_ids
        What the column of ids says of each of these; empty without one.
    groups
        (count,) what belongs together, such as the speaker of each sequence; None where nobody said.
    rate
        Samples a second, where sequences are recordings; else None.
    pixel
        Numbers that a pixel has, where sequences are images; else None.
    """

    sequences: Sequence[str] | Sequence[np.ndarray]
    labels: np.ndarray | None
    classes: tuple[str, ...]
    source: str
    rows: np.ndarray
    ids: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    dropped: tuple[int, ...] = ()
    dropped_ids: tuple[str | None, ...] = ()
    groups: tuple[str, ...] | None = None
    rate: int | None = None
    pixel: int | None = None

    def __len__(self) -> int:
        return len(self.sequences)

    @property
    def channels(self) -> int | None:
        """How many numbers a step has; None for texts."""
        first = self.sequences[0]
        return None if isinstance(first, str) else first.shape[1]

    @property
    def kind(self) -> Literal["text", "numbers", "audio", "image"]:
        """What the sequences are."""
        if self.channels is None:
            return "text"
        return "audio" if self.rate is not None else "image" if self.pixel is not None else "numbers"

    def check(self) -> None:
        """Check that sequences, labels, classes and rows fit each other, as they do where a file was read.

        Raises
        ------
        DataError
            That says which do not, and in which row.
        """
        if not len(self):
            raise DataError(f"{self.source} has no sequences; expected at least one")
        for name in ("labels", "rows", "ids", "flags", "groups"):
            given = getattr(self, name)
            if given is not None and len(given) != len(self):
                raise DataError(f"{self.source}: got {len(self)} sequences and {len(given)} {name}; expected as many")
        self._check_labels()
        kind = _kind(self.sequences[0], f"{self.source}, row {self.rows[0]}")
        for row, sequence in zip(self.rows.tolist(), self.sequences, strict=True):
            where = f"{self.source}, row {row}"
            found = _kind(sequence, where)
            if found != kind:
                raise DataError(f"{where}: got {found}, but {kind} in row {self.rows[0]}; expected one kind")
            if not len(sequence):
                raise DataError(f"{where}: the sequence is empty; expected at least one step")

    def _check_labels(self) -> None:
        if self.labels is None:
            return
        if np.ndim(self.labels) == 2:
            if self.labels.shape[1] != len(self.classes) or self.labels.dtype != bool:
                raise DataError(
                    f"{self.source}: the labels are {self.labels.dtype} {self.labels.shape}; expected a truth value "
                    f"for each of {len(self.classes)} classes"
                )
            return
        if not np.issubdtype(np.asarray(self.labels).dtype, np.integer):
            raise DataError(f"{self.source}: the labels are {self.labels.dtype}; expected places in the classes, int64")
        wrong = np.flatnonzero((self.labels < 0) | (self.labels >= len(self.classes)))
        if len(wrong):
            place = int(wrong[0])
            raise DataError(
                f"{self.source}, row {self.rows[place]}: the label is {self.labels[place]}; expected a place in the "
                f"{len(self.classes)} classes, from 0 on"
            )

    def part(self, places: np.ndarray, /) -> LabelledSequences:
        """Return the sequences at places (count,)."""
        return replace(
            self,
            sequences=chosen(self.sequences, places),
            labels=None if self.labels is None else self.labels[places],
            rows=self.rows[places],
            ids=_at(self.ids, places),
            flags=_at(self.flags, places),
            groups=_at(self.groups, places),
        )


def _kind(sequence: str | np.ndarray, where: str) -> str:
    """Return what a sequence is of, as a message says it."""
    if isinstance(sequence, str):
        return "a text"
    values = np.asarray(sequence)
    if values.ndim != 2 or not np.issubdtype(values.dtype, np.number):
        raise DataError(
            f"{where}: got an array of shape {values.shape} and type {values.dtype}; expected numbers of shape "
            "(steps, channels), or a text"
        )
    return f"a sequence of {values.shape[1]} channel{'s' * (values.shape[1] != 1)}"


def read_labelled(
    data: Table,
    /,
    *,
    columns: SequenceColumns | None = None,
    classes: Sequence[str] | None = None,
    labelled: bool = True,
    drop: bool = False,
    format: TableFormat | None = None,
    sound: SoundFormat | None = None,
    image: ImageFormat | None = None,
    has_images: bool = False,
    group: str | None = None,
) -> LabelledSequences:
    """Read sequences and their labels.

    Parameters
    ----------
    data
        A table (see `read_table`), a folder with a folder of `.txt`, sound or image files for each class, which may be
        in folders called train, validation and test, one such file, a `.ts` file (see `read_timeseries_file`), arrays
        in `.npz` or `.npy` (see `read_array_file`), or images in MNIST's format (see `read_idx`).
    columns
        Where a table holds what; not for the others.
    classes
        The classes that a model knows; found if not given.
    labelled
        Whether the labels of a `.ts` file or of arrays are wanted; those of a table are if `columns` names them.
    drop
        Whether rows of a table without text, numbers, label or part are left out, in the long layout sequences that
        have such a row, and recordings that cannot be used; otherwise they are an error.
    format
        How a table of text is written; of a `.ts` file its encoding counts.
    sound, image
        How recordings and images are read.
    has_images
        Whether arrays are images.
    group
        Of a folder: a regular expression that finds in the name of a file what belongs together.

    Raises
    ------
    DataError
        If the data cannot be read, a sequence is empty, a label is missing, there is only one class, or a label is
        not among `classes`; the message says the row.

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import ImageFormat, SoundFormat, read_labelled
    >>> from recurra.report import wav_bytes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("no", "yes"):
    ...         Path(folder, name).mkdir()
    ...         _ = Path(folder, name, "a.wav").write_bytes(wav_bytes(np.zeros(800), rate=8000))
    ...     found = read_labelled(folder, sound=SoundFormat(rate=16000), image=ImageFormat(colour="grey"))
    >>> found.classes, found.sequences[0].shape
    (('no', 'yes'), (1600, 1))
    """
    formats = FileFormats(table=format or TableFormat(), sound=sound or SoundFormat(), image=image or ImageFormat())
    if isinstance(data, str | Path):
        path = Path(data)
        if path.is_dir():
            return _from_folder(path, formats, classes=classes, labelled=labelled, group=group, drop=drop)
        many = _of_many(path, formats, has_images=has_images)
        if many is not None:
            sequences, names, rows, unit, pixel = many
            names = names if labelled else None
            found = _labelled(sequences, names, rows, classes=classes, source=str(data), unit=unit)
            return replace(found, pixel=pixel)
        kind = next((kind for kind in (FILES["audio"], FILES["image"]) if kind.is_one(path)), None)
        if kind is not None and labelled:
            raise DataError(f"{data} is one file without a class; expected a folder of {kind.name} for each class")
        if kind is not None:
            rows = np.ones(1, np.int64)
            read = kind.read([path], rows, formats, str(data), drop)
            one = _labelled(read.sequences, None, rows, classes=classes, source=str(data), unit="file")
            return replace(one, rate=read.rate, pixel=read.pixel)
    if columns is None:
        raise DataError(
            f"{data if isinstance(data, str | Path) else 'the frame'}: say which columns hold the sequences and the "
            "labels"
        )
    return _from_table(data, columns, formats, classes=classes, drop=drop)


_Many = tuple[Sequence[np.ndarray], Sequence[str] | None, np.ndarray, str, int | None]


def _of_many(path: Path, formats: FileFormats, *, has_images: bool) -> _Many | None:
    """Return what a file of many sequences holds: these, their labels, their rows, what a row is, numbers a pixel."""
    suffix = path.suffix.lower()
    if suffix == ".ts":
        sequences, names, rows = read_timeseries_file(path, encoding=formats.table.encoding)
        return sequences, names, rows, "line", None
    if is_idx(path):
        images, names = read_idx(path)
        return list(images), names, np.arange(1, len(images) + 1), "image", PIXELS["grey"]
    if suffix in (".npy", ".npz") and has_images:
        images, names, pixel = read_image_array(path)
        return images, names, np.arange(1, len(images) + 1), "image", pixel
    if suffix in (".npy", ".npz"):
        return *read_array_file(path), "sequence", None
    return None


def _from_table(
    data: Table, columns: SequenceColumns, formats: FileFormats, /, *, classes: Sequence[str] | None, drop: bool
) -> LabelledSequences:
    has_one_a_row = columns.id is None and columns.files is None
    is_streamed = isinstance(data, str | Path) and table_format(Path(data)) in _STREAMED
    if has_one_a_row and is_streamed and columns.labels_separator is None:
        return _from_stream(Path(str(data)), columns, classes=classes, drop=drop)
    frame, source = read_table(data, format=formats.table)
    kept, dropped = np.ones(frame.height, bool), ()
    id = columns.id or (columns.files[0] if columns.files else None)
    every_id = None if id is None else column(frame, id, source=source).cast(polars.String)
    one_label = columns.label if columns.labels_separator is None else None
    constant = [name for name in (one_label, columns.part, columns.group) if name is not None]
    if drop and columns.id is not None:
        kept, dropped = _whole_sequences(frame, columns.id, values=columns.values, constant=constant, source=source)
    elif drop:
        kept = complete_rows(frame, _names(columns), source=source)
        dropped = _dropped(kept)
    if drop:
        _check_kept(kept, source)
        frame = frame.filter(polars.Series(kept))
    numbered, rate, pixel = np.flatnonzero(kept) + 1, None, None
    if columns.files is not None:
        name, kind = columns.files
        named = column_texts(frame, name, source=source, what="path", droppable=True).to_list()
        beside = folder_of_paths(data)
        read = kind.read([beside / each for each in named], numbered, formats, source, drop)
        sequences, rows, rate, pixel = read.sequences, read.places + 1, read.rate, read.pixel
        dropped = tuple(sorted({*dropped, *np.delete(numbered, read.places).tolist()}))
    elif columns.id is not None:
        sequences, rows = _long_sequences(frame, columns.id, values=columns.values, constant=constant, source=source)
    elif columns.text is not None:
        sequences = column_texts(frame, columns.text, source=source, what="text", droppable=True).to_list()
        rows = np.arange(1, frame.height + 1)
    else:
        sequences, rows = _list_sequences(frame, columns.values, source=source), np.arange(1, frame.height + 1)

    def said(name: str | None, what: str) -> tuple[str, ...] | None:
        return (
            None
            if name is None
            else tuple(column_texts(frame, name, source=source, what=what, droppable=True)[rows - 1])
        )

    labels: Sequence[str] | Sequence[Sequence[str]] | None = said(one_label, "label")
    if columns.label is not None and columns.labels_separator is not None:
        labels = _label_lists(column(frame, columns.label, source=source)[rows - 1], columns.labels_separator)
    flags, groups = said(columns.part, "part"), said(columns.group, "group")
    ids = said(id, "id")
    found = _labelled(sequences, labels, numbered[rows - 1], classes=classes, source=source, unit="data row")
    dropped_ids = () if every_id is None else tuple(every_id[row - 1] for row in dropped)
    return replace(
        found, ids=ids, flags=flags, dropped=dropped, dropped_ids=dropped_ids, groups=groups, rate=rate, pixel=pixel
    )


def _label_lists(column: polars.Series, separator: str) -> list[list[str]]:
    """Return the labels of each row, none where nothing stands: of texts with separators, or of lists."""
    if not isinstance(column.dtype, polars.List | polars.Array):
        column = column.cast(polars.String).fill_null("").str.split(separator)
    return [
        [name for each in row or () if each is not None and (name := str(each).strip())] for row in column.to_list()
    ]


def _from_stream(
    path: Path, columns: SequenceColumns, *, classes: Sequence[str] | None, drop: bool
) -> LabelledSequences:
    """Read a table of which a row is a sequence, some rows at a time: it may be larger than memory."""
    kinds = ("label", "part", "group")
    said: dict[str, list[str]] = {what: [] for what in kinds if getattr(columns, what) is not None}
    source, kept = str(path), [np.empty(0, bool)]

    def frames() -> Iterator[tuple[int, polars.DataFrame]]:
        """Yield frames with the number of their first row; what labels and parts they say is kept."""
        first = 1
        for rows in scan_rows(path, columns=_names(columns), chunk=_AT_ONCE):
            height = rows.height
            kept.append(complete_rows(rows, _names(columns), source=source) if drop else np.ones(height, bool))
            frame = rows.filter(polars.Series(kept[-1])) if drop else rows
            yield first, frame
            for what, texts in said.items():
                name = getattr(columns, what)
                texts.extend(column_texts(frame, name, source=source, what=what, first=first, droppable=True))
            first += height

    def texts(name: str) -> Iterator[str]:
        for first, frame in frames():
            yield from column_texts(frame, name, source=source, what="text", first=first, droppable=True)

    def lists() -> Iterator[np.ndarray]:
        for first, frame in frames():
            yield from _list_sequences(frame, columns.values, source=source, first=first)

    sequences = mapped_arrays(lists()) if columns.text is None else mapped_texts(texts(columns.text))
    is_kept = np.concatenate(kept)
    if not len(is_kept):
        raise DataError(f"{source} has a header but no rows")
    _check_kept(is_kept, source)
    rows = np.flatnonzero(is_kept) + 1
    found = _labelled(sequences, said.get("label"), rows, classes=classes, source=source, unit="data row")
    flags, groups = (tuple(said[what]) if what in said else None for what in ("part", "group"))
    return replace(found, flags=flags, groups=groups, dropped=_dropped(is_kept))


def _check_kept(kept: np.ndarray, source: str) -> None:
    if not kept.any():
        raise DataError(f"{source} has {len(kept):,} rows, and in every one something is missing")


def _dropped(kept: np.ndarray) -> tuple[int, ...]:
    return tuple((np.flatnonzero(~kept) + 1).tolist())


def _from_folder(
    path: Path, formats: FileFormats, /, *, classes: Sequence[str] | None, labelled: bool, group: str | None, drop: bool
) -> LabelledSequences:
    """Read a folder of files: the folder that a file is in is its class, one above may name its part."""
    kind, files = examples_in(path)
    rows = np.arange(1, len(files) + 1)
    read = kind.read(files, rows, formats, str(path), drop)
    dropped = tuple(np.delete(rows, read.places).tolist())
    dropped_ids = tuple(_id(files[row - 1], path) for row in dropped)
    files, rows = [files[place] for place in read.places.tolist()], rows[read.places]
    places = [file.relative_to(path).parts for file in files]
    if labelled and min(map(len, places)) < 2:
        raise DataError(f"{files[[len(each) for each in places].index(1)]} is in no folder of a class")
    names = [readable(each[-2]) for each in places] if labelled else None
    has_parts = labelled and all(len(each) > 2 and is_part(each[0]) for each in places)
    found = _labelled(read.sequences, names, rows, classes=classes, source=str(path), unit="file")
    return replace(
        found, ids=tuple(_id(file, path) for file in files), rate=read.rate, pixel=read.pixel,
        dropped=dropped, dropped_ids=dropped_ids, flags=tuple(each[0] for each in places) if has_parts else None,
        groups=None if group is None else tuple(group_of(file, group) for file in files),
    )  # fmt: skip


def _id(file: Path, folder: Path) -> str:
    """Return the name of a file in a folder."""
    return readable(file.relative_to(folder).as_posix())


def _names(columns: SequenceColumns) -> list[str]:
    """Return the columns that are read, each once."""
    sequences = (*columns.values, *filter(None, (columns.text, columns.audio, columns.image)))
    label = columns.label if columns.labels_separator is None else None  # no label is none of several
    return list(dict.fromkeys((*sequences, *filter(None, (label, columns.part, columns.group)))))


def _at(texts: tuple[str, ...] | None, places: np.ndarray) -> tuple[str, ...] | None:
    return None if texts is None else tuple(texts[place] for place in places.tolist())


def _labelled(
    sequences: Sequence[str] | Sequence[np.ndarray],
    names: Sequence[str] | Sequence[Sequence[str]] | None,
    rows: np.ndarray,
    *,
    classes: Sequence[str] | None,
    source: str,
    unit: str,
) -> LabelledSequences:
    """Check sequences and labels, and number the labels."""
    for sequence, row in zip(sequences, rows.tolist(), strict=True):
        if not len(sequence):
            place = f"{unit} {row}"
            raise DataError(f"{source}, {place}: the sequence is empty; expected at least one step")
    if names is None:
        return LabelledSequences(
            sequences=sequences, labels=None, classes=tuple(classes or ()), source=source, rows=rows
        )
    several = [each for each in names if not isinstance(each, str)]
    single = [each for each in names if isinstance(each, str)]
    flat = single or [name for each in several for name in each]
    known = tuple(classes) if classes is not None else class_names(flat, source=source)
    places = [f"{source}, {unit} {row}" for row in rows.tolist()]
    labels = class_sets(several, known, places=places) if several else class_numbers(single, known, places=places)
    return LabelledSequences(sequences=sequences, labels=labels, classes=known, source=source, rows=rows)


def class_names(labels: Iterable[str], /, *, source: str) -> tuple[str, ...]:
    """Return the different labels in order: by value where all are whole numbers, else by their characters.

    Raises
    ------
    DataError
        If there is only one, or so many that they tell nothing apart: more than ten, over half of them seen once.

    Examples
    --------
    >>> class_names(["10", "9", "10"], source="x.csv")
    ('9', '10')
    """
    counts = Counter(labels)
    names = sorted(counts)
    _check_repeated(counts, source)
    if len(names) < 2:
        only = f"only the class {names[0]!r}" if names else "no labels"
        raise DataError(f"{source} has {only}; expected at least two classes to tell apart")
    if all(_WHOLE.fullmatch(name) for name in names):
        names.sort(key=Decimal)  # int takes 4,300 digits at most
    return tuple(names)


def _check_repeated(counts: Counter[str], source: str) -> None:
    """Refuse labels that are ids, texts or measurements."""
    if all(name.startswith("[") and name.endswith("]") for name in counts) and any("," in name for name in counts):
        raise DataError(
            f"{source}: the labels are lists, such as {next(iter(counts))[:40]!r}; expected one class a "
            "sequence (labels_separator takes several)"
        )
    single = sum(count == 1 for count in counts.values())
    if len(counts) <= _FEW or 2 * single <= len(counts):
        return
    first = next(iter(counts))
    kind = "numbers that differ almost everywhere" if all(map(_is_fraction, counts)) else "almost all different"
    raise DataError(
        f"{source}: the labels, such as {first[:40]!r}, are {kind}: {len(counts):,} classes for {counts.total():,} "
        "sequences; expected classes that come again (another column, or numbers put into a few classes)"
    )


def _is_fraction(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def class_numbers(labels: Sequence[str], classes: Sequence[str], /, *, places: Sequence[str]) -> np.ndarray:
    """Return the place of each label in `classes`, (count,) int64.

    Raises
    ------
    DataError
        If a label is not among them; the message begins with the label's place, of `places` (count,).
    """
    numbers = {name: number for number, name in enumerate(classes)}
    found = np.array([numbers.get(label, -1) for label in labels], np.int64)
    if (found < 0).any():
        wrong = int(np.argmax(found < 0))
        shown = ", ".join(map(repr, classes[:10])) + (", ..." if len(classes) > 10 else "")
        raise DataError(
            f"{places[wrong]}: the label {labels[wrong]!r} is not one that the model knows, {shown}"
            f"{nearest(labels[wrong], classes)}"
        )
    return found


def class_sets(labels: Sequence[Sequence[str]], classes: Sequence[str], /, *, places: Sequence[str]) -> np.ndarray:
    """Return which of `classes` are among the labels of each sequence, (count, classes) bool; see `class_numbers`."""
    counts = np.array([len(each) for each in labels], np.int64)
    owner = np.repeat(np.arange(len(labels)), counts)
    flat = [name for each in labels for name in each]
    numbers = class_numbers(flat, classes, places=[places[row] for row in owner.tolist()])
    found = np.zeros((len(labels), len(classes)), bool)
    found[owner, numbers] = True
    return found


def _whole_sequences(
    frame: polars.DataFrame, id: str, /, *, values: Sequence[str], constant: Sequence[str] = (), source: str
) -> tuple[np.ndarray, tuple[int, ...]]:
    """Say of each row (rows,) of the long layout whether its sequence has nothing missing in any row.

    Where the others begin is said too: the data row, from 1, of each. Rows without an id are one of them. The columns
    are those of `_long_sequences`.
    """
    complete = complete_rows(frame, [id, *constant], source=source)
    for name in values:
        complete &= ~is_missing(column(frame, name, source=source)).to_numpy()
    ids = column(frame, id, source=source).cast(polars.String).str.strip_chars().fill_null("")
    kept = ~ids.is_in(ids.filter(polars.Series(~complete)).unique().implode()).to_numpy()
    begins = ids.is_first_distinct().to_numpy()
    return kept, tuple((np.flatnonzero(begins & ~kept) + 1).tolist())


def _list_sequences(
    frame: polars.DataFrame, names: Sequence[str], /, *, source: str, first: int = 1
) -> list[np.ndarray]:
    """Return the sequences (steps, channels) of a table whose cells are lists; each column is a channel.

    Raises
    ------
    DataError
        If a cell is no list of finite numbers, or the lists of a row have different lengths.
    """
    channels = [_lists(column(frame, name, source=source), source, first) for name in names]
    rows = enumerate(zip(*channels, strict=True), first)
    return [_stacked(lists, names, f"{source}, data row {row}") for row, lists in rows]


def _lists(column: polars.Series, source: str, first: int) -> list[np.ndarray]:
    if not isinstance(column.dtype, polars.List | polars.Array):
        raise DataError(
            f"{source}, column {column.name!r}: expected lists of numbers, got {column.dtype}; for one step a row, "
            "say which column holds the sequences' ids"
        )
    try:
        lists = column.cast(polars.List(polars.Float64))
    except polars.exceptions.PolarsError:
        raise DataError(f"{source}, column {column.name!r}: expected lists of numbers, got {column.dtype}") from None
    lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    steps = lists.filter(lengths > 0).explode().fill_null(np.nan).to_numpy()
    _check_finite(steps, lengths, f"{source}, column {column.name!r}", first)
    return np.split(steps.astype(np.float32), np.cumsum(lengths)[:-1])


def _check_finite(steps: np.ndarray, lengths: np.ndarray, where: str, first: int) -> None:
    """Refuse the first of the steps (all rows' steps,) that is missing, infinite or too large."""
    wrong = np.flatnonzero(~is_single(steps))
    if len(wrong):
        ends = np.cumsum(lengths)
        row = int(np.searchsorted(ends, wrong[0], side="right"))
        step = int(wrong[0] - ends[row] + lengths[row]) + 1
        kind = f"{steps[wrong[0]]:g}, too large" if np.isfinite(steps[wrong[0]]) else "missing or infinite"
        raise DataError(f"{where}, data row {row + first}: step {step} is {kind}")


def _stacked(lists: Sequence[np.ndarray], names: Sequence[str], where: str) -> np.ndarray:
    for name, values in zip(names, lists, strict=True):
        if len(values) != len(lists[0]):
            raise DataError(
                f"{where}: column {names[0]!r} has {len(lists[0])} steps and column {name!r} {len(values)}; expected "
                "one length"
            )
    return np.stack(lists, axis=1)


def _long_sequences(
    frame: polars.DataFrame, id: str, /, *, values: Sequence[str], constant: Sequence[str] = (), source: str
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the sequences of a table in the long layout, in the order in which their ids first appear.

    Parameters
    ----------
    frame
        One step a row; the rows of a sequence are in order, but need not be side by side.
    id, values, constant
        The columns of the sequences' ids, of the channels, and of what does not change in a sequence, as its label.
    source
        What messages call the table.

    Returns
    -------
    sequences, rows
        (steps, channels) float32 each, and (count,) the data row, from 1, of each sequence's first step.
    """
    ids = column_texts(frame, id, source=source, what="id")
    first = ids.is_first_distinct().arg_true().to_numpy()
    members = ids.replace_strict(ids[first], np.arange(len(first)), return_dtype=polars.Int64).to_numpy()
    for name in constant:
        _check_constant(column(frame, name, source=source), first[members], source)
    order = np.argsort(members, kind="stable")
    columns = (column(frame, name, source=source) for name in values)
    table = np.stack([numbers(each, source=source, largest=LARGEST) for each in columns], axis=1)
    starts = np.searchsorted(members[order], np.arange(1, len(first)))
    return np.split(table[order].astype(np.float32), starts), first.astype(np.int64) + 1


def _check_constant(column: polars.Series, first: np.ndarray, source: str) -> None:
    texts = column.cast(polars.String)
    changed = (texts != texts[first]).fill_null(False)
    if changed.any():
        row = changed.arg_max() or 0
        raise DataError(
            f"{source}, column {column.name!r}, data row {row + 1}: it is {column[row]!r}, but the sequence began in "
            f"row {first[row] + 1} with {column[int(first[row])]!r}; expected one for a sequence"
        )
