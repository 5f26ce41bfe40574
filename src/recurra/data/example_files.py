"""Files of which each is one example, in a folder for each class or named by a table: texts, recordings, images."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, final

import numpy as np

from recurra.data.audio import common_rate, is_sound, read_recordings
from recurra.data.files import ImageFormat, SoundFormat, TableFormat, file_text, read_each
from recurra.data.memory_mapped import mapped_arrays
from recurra.data.pictures import PIXELS, is_picture, read_pictures
from recurra.errors import DataError

__all__ = ["FILES", "ExampleFiles", "Examples", "FileFormats", "examples_in", "group_of"]


@final
@dataclass(frozen=True, kw_only=True)
class FileFormats:
    """How files are read: tables and texts, recordings, images."""

    table: TableFormat
    sound: SoundFormat
    image: ImageFormat


@final
@dataclass(frozen=True, kw_only=True)
class Examples:
    """What was read.

    Attributes
    ----------
    sequences
        Of the files that can be used.
    places
        (count,) which files these are.
    rate
        Samples a second of recordings; else None.
    pixel
        Numbers that a pixel of images has; else None.
    """

    sequences: Sequence[str] | Sequence[np.ndarray]
    places: np.ndarray
    rate: int | None = None
    pixel: int | None = None


@final
@dataclass(frozen=True, kw_only=True)
class ExampleFiles:
    """A kind of files.

    Attributes
    ----------
    name
        What messages call them.
    is_one
        Whether a file is of the kind, by its name.
    read
        Given paths, their rows from 1, how files are read, what messages call the data, and whether what cannot be used
        is left out.
    """

    name: str
    is_one: Callable[[Path], bool]
    read: Callable[[Sequence[Path], np.ndarray, FileFormats, str, bool], Examples]


def _texts(paths: Sequence[Path], rows: np.ndarray, formats: FileFormats, source: str, drop: bool) -> Examples:
    def read(path: Path) -> str:
        text = file_text(path, encoding=formats.table.encoding).strip()
        if not text:
            raise DataError(f"{path} is empty; expected a text")
        return text

    found = list(read_each(paths, rows.tolist(), read, source=source, what="texts", drop=drop))
    return Examples(sequences=[text for _, text in found], places=np.array([place for place, _ in found], np.int64))


def _recordings(paths: Sequence[Path], rows: np.ndarray, formats: FileFormats, source: str, drop: bool) -> Examples:
    """Return recordings (samples, 1)."""
    sound, kept = formats.sound, list[int]()
    rate = sound.rate or common_rate(paths)

    def read() -> Iterator[np.ndarray]:
        found = read_recordings(
            paths, rate=rate, rows=rows.tolist(), source=source, longest=sound.longest, silent=sound.silent, drop=drop
        )
        for place, samples in found:
            kept.append(place)
            yield samples[:, np.newaxis]

    return Examples(sequences=mapped_arrays(read()), places=np.array(kept, np.int64), rate=rate)


def _images(paths: Sequence[Path], rows: np.ndarray, formats: FileFormats, source: str, drop: bool) -> Examples:
    """Return images (rows, columns * numbers a pixel)."""
    kept, colours = list[int](), list[str]()

    def read() -> Iterator[np.ndarray]:
        found = read_pictures(paths, format=formats.image, rows=rows.tolist(), source=source, drop=drop)
        for place, values, colour in found:
            kept.append(place)
            colours.append(colour)
            yield values

    sequences = mapped_arrays(read())
    return Examples(sequences=sequences, places=np.array(kept, np.int64), pixel=PIXELS[colours[0]])


FILES: Mapping[Literal["text", "audio", "image"], ExampleFiles] = {
    "text": ExampleFiles(name=".txt files", is_one=lambda path: path.suffix.lower() == ".txt", read=_texts),
    "audio": ExampleFiles(name="sound files", is_one=is_sound, read=_recordings),
    "image": ExampleFiles(name="images", is_one=is_picture, read=_images),
}
"""The kinds, by the name that a table's column of them has in the options."""


def examples_in(folder: Path, /) -> tuple[ExampleFiles, list[Path]]:
    """Return of which kind the files in a folder and those below are, and these, in order.

    Raises
    ------
    DataError
        If there are none, or they are of several kinds.
    """
    files = sorted(
        (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()),
        key=lambda file: file.relative_to(folder).parts,
    )
    found = {kind.name: [file for file in files if kind.is_one(file)] for kind in FILES.values()}
    counts = {name: len(files) for name, files in found.items() if files}
    if not counts:
        raise DataError(
            f"{folder} is a folder without {', '.join(list(found)[:-1])} or {list(found)[-1]}; expected a folder of "
            "them for each class"
        )
    if len(counts) > 1:
        said = " and ".join(f"{count} {name}" for name, count in counts.items())
        raise DataError(f"{folder} holds {said}; expected one kind")
    (name,) = counts
    return next(kind for kind in FILES.values() if kind.name == name), found[name]


def group_of(file: Path, pattern: str, /) -> str:
    """Return what a regular expression finds in the name of a file: its first group, or all of it.

    Raises
    ------
    DataError
        If it is none, or finds nothing.
    """
    try:
        found = re.search(pattern, file.name)
    except re.error as error:
        raise DataError(f"group = {pattern!r} is no regular expression: {error}") from None
    if found is None:
        raise DataError(f"{file}: group = {pattern!r} finds nothing in its name")
    return found[1] if found.re.groups else found[0]
