"""Files of labelled sequences: the `.ts` format of the UCR and UEA archives, and NumPy arrays in `.npz` and `.npy`."""

from __future__ import annotations

import math
import re
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from recurra.data.files import ENCODING, check_file, file_text
from recurra.data.pictures import PIXELS, as_image
from recurra.errors import DataError

__all__ = ["LARGEST", "is_single", "read_array_file", "read_image_array", "read_timeseries_file"]

_COUNT = re.compile("[0-9]{1,9}")

_KINDS = "biufU"
"""Kinds of values that are read: truth values, whole numbers, numbers, texts."""

LARGEST = float(np.finfo(np.float32).max)
"""Beyond it a number is infinite in float32."""

_EXPANSION, _ALWAYS = 100, 64 << 20
"""How many times the size of an `.npz` an array may have, and how many bytes any may."""

_ARRAY_ERRORS = (
    ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, SyntaxError,
    tokenize.TokenError, TypeError, KeyError, OverflowError, RecursionError, MemoryError, struct.error,
)  # fmt: skip
"""What NumPy's reader of headers, which parses Python, and zip archives raise when they are damaged."""


@dataclass(frozen=True)
class _Header:
    """What is said before the data: the classes, where there are labels, and how many channels a line has."""

    classes: tuple[str, ...] | None
    channels: int | None


def read_timeseries_file(
    path: Path, /, *, encoding: str = ENCODING
) -> tuple[list[np.ndarray], list[str] | None, np.ndarray]:
    """Read labelled series of one or many channels and of any lengths.

    The format of sktime and of the archive at timeseriesclassification.com (Löning et al., 2019): comments begin with
    `#`, the channels of a line are separated by colons, their values by commas, and the label is the last.

    Returns
    -------
    sequences, labels, lines
        (steps, channels) float32 each; the labels as they are written, or None where the header says that there are
        none; and (count,) the line of each.

    Raises
    ------
    DataError
        If the file cannot be read or is not of the format; a value is missing (`?`) or no number, channels of a series
        differ in length, or a label is not in the header. The message says the line and the channel.
    """
    lines = file_text(path, encoding=encoding, expected="a .ts file").split("\n")
    told = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    told = [(number, line) for number, line in told if line and not line.startswith("#")]
    start = next((place for place, (_, line) in enumerate(told) if line.lower() == "@data"), None)
    if start is None:
        raise DataError(f"{path} has no line @data; expected the .ts format of the UCR and UEA archives")
    header = _header(told[:start], path)
    rows = [_row(line, header, f"{path}, line {number}") for number, line in told[start + 1 :]]
    if not rows:
        raise DataError(f"{path} holds no series after @data")
    _check_channels([values for values, _ in rows], told[start + 1 :], path)
    labels = [label for _, label in rows] if header.classes is not None else None
    return [values for values, _ in rows], labels, np.array([number for number, _ in told[start + 1 :]])


def _header(lines: Iterable[tuple[int, str]], path: Path) -> _Header:
    found: dict[str, tuple[str, ...]] = {}
    for number, line in lines:
        if not line.startswith("@"):
            raise DataError(f"{path}, line {number}: expected a line with @ before @data, got {line[:40]!r}")
        name, *values = line.split()
        found[name[1:].lower()] = tuple(values)
    if found.get("timestamps", ("false",))[0].lower() == "true":
        raise DataError(f"{path}: series with time stamps are not read; expected @timeStamps false")
    label = found.get("classlabel", ("false",))
    univariate = found.get("univariate", ("",))[0].lower() == "true"
    dimensions = found.get("dimensions", found.get("dimension", ("1",) if univariate else ()))
    return _Header(
        classes=label[1:] if label[0].lower() == "true" else None,
        channels=int(dimensions[0]) if dimensions and _COUNT.fullmatch(dimensions[0]) else None,
    )


def _row(line: str, header: _Header, where: str) -> tuple[np.ndarray, str]:
    parts = line.split(":")
    label = parts.pop().strip() if header.classes is not None else ""
    if header.classes and label not in header.classes:
        raise DataError(f"{where}: the label {label!r} is not in the header, {', '.join(header.classes)}")
    if header.channels is not None and len(parts) != header.channels:
        raise DataError(f"{where}: {len(parts)} channels; the header says {header.channels}")
    channels = [_numbers(part, f"{where}, channel {number}") for number, part in enumerate(parts, 1)]
    lengths = {len(channel) for channel in channels}
    if len(lengths) > 1:
        raise DataError(f"{where}: its channels have {min(lengths)} to {max(lengths)} steps; expected one length")
    return np.stack(channels, axis=1) if channels else np.empty((0, 0), np.float32), label


def _numbers(text: str, where: str) -> np.ndarray:
    texts = text.split(",") if text.strip() else []
    try:
        values = np.array(texts, np.float64)
    except ValueError:
        values = np.array([_number(value) for value in texts], np.float64)
    wrong = np.flatnonzero(~is_single(values))
    if len(wrong):
        step = int(wrong[0])
        shown = texts[step].strip()
        kind = "is missing" if shown in ("?", "", "NaN", "nan") else "is not a finite number"
        kind = "is too large" if np.isfinite(values[step]) else kind
        raise DataError(f"{where}, step {step + 1}: the value {kind} ({shown!r})")
    return values.astype(np.float32)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _check_channels(sequences: list[np.ndarray], lines: list[tuple[int, str]], path: Path) -> None:
    for values, (number, _) in zip(sequences, lines, strict=True):
        if values.shape[1] != sequences[0].shape[1]:
            raise DataError(
                f"{path}, line {number}: {values.shape[1]} channels; the first series has {sequences[0].shape[1]}"
            )


def read_array_file(path: Path, /) -> tuple[list[np.ndarray], list[str] | None, np.ndarray]:
    """Read `X` and, where there are labels, `y` of an `.npz`, or a single `X` of an `.npy`.

    `X` is (count, steps, channels) or (count, steps); `y` (count,) holds whole numbers or texts. Nothing is
    unpickled: arrays of objects are refused.

    Returns
    -------
    sequences, labels, numbers
        (steps, channels) float32 each; the labels as texts or None; and (count,) the place of each, from 1.

    Raises
    ------
    DataError
        If the file cannot be read, an array is not there or has another shape, or a value is not finite.
    """
    arrays = _arrays(path)
    values = arrays.get("X")
    if values is None:
        raise DataError(f"{path} has no array 'X', its arrays are {sorted(arrays)}")
    if values.ndim not in (2, 3) or values.dtype.kind not in "fiub" or not values.size:
        raise DataError(
            f"{path}: X is {values.dtype} of shape {values.shape}; expected numbers (count, steps, channels) or "
            "(count, steps)"
        )
    values = values.reshape(*values.shape[:2], -1)
    _check_finite(values, path)
    return list(values.astype(np.float32)), _labels(arrays.get("y"), len(values), path), np.arange(1, len(values) + 1)


def read_image_array(path: Path, /) -> tuple[list[np.ndarray], list[str] | None, int]:
    """Read images `X` and, where there are labels, `y`, as `read_array_file` does.

    `X` is (count, rows, columns) or (count, rows, columns, numbers a pixel); whole numbers count to 255, others to 1.

    Returns
    -------
    images, labels, pixel
        (rows, columns * numbers a pixel) float32 each; the labels as texts or None; and how many numbers a pixel has.

    Raises
    ------
    DataError
        If the file cannot be read, an array is not there or has another shape, or a value is not finite.
    """
    arrays = _arrays(path)
    values = arrays.get("X", np.empty(0))
    pixel = values.shape[3] if values.ndim == 4 else 1
    if values.ndim not in (3, 4) or pixel not in PIXELS.values():
        raise DataError(
            f"{path}: X is {values.dtype} of shape {values.shape}; expected images (count, rows, columns), or with the "
            f"numbers of each pixel behind, {', '.join(map(str, PIXELS.values()))}"
        )
    images = []
    for place, each in enumerate(values):
        try:
            images.append(as_image(each, pixel=pixel))
        except DataError as error:
            raise DataError(f"{path}: X[{place}]: {error}") from None
    return images, _labels(arrays.get("y"), len(values), path), pixel


def _arrays(path: Path) -> dict[str, np.ndarray]:
    check_file(path, expected="an .npz or .npy file")
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                file.seek(0)
                return {"X": _array(file, size)}
        with zipfile.ZipFile(path) as packed:
            members = {info.filename.removesuffix(".npy"): info for info in packed.infolist()}
            return {name: _member(packed, members[name], size) for name in ("X", "y") if name in members} or {
                name: np.empty(0) for name in members
            }
    except _ARRAY_ERRORS as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise DataError(f"{path} is no file of plain NumPy arrays: {reason[:200]}") from None


def _member(packed: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> np.ndarray:
    if info.flag_bits & 1:
        raise ValueError(f"{info.filename!r} is encrypted")
    if info.file_size > max(_ALWAYS, _EXPANSION * size):
        raise ValueError(
            f"{info.filename!r} says that it holds {info.file_size:,} bytes, over {_EXPANSION} times the file"
        )
    with packed.open(info) as file:
        return _array(file, info.file_size)


def _array(file: IO[bytes], size: int) -> np.ndarray:
    """Return the array of an `.npy` of `size` bytes, whose header is checked before anything is made of it."""
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise ValueError(f"version {version} of the format is not known")
    shape, by_columns, kind = readers[version](file)
    if kind.hasobject or kind.kind not in _KINDS:
        raise ValueError(f"it holds {kind}; expected numbers or texts")
    count = math.prod(shape)
    if len(shape) > 4 or min(shape, default=0) < 0 or not 0 <= count * kind.itemsize <= size:
        raise ValueError(f"it says that it has the shape {shape} of {kind}, but has {size:,} bytes")
    data = file.read(count * kind.itemsize)
    if len(data) != count * kind.itemsize:
        raise ValueError(f"it ends after {len(data):,} of {count * kind.itemsize:,} bytes")
    return np.frombuffer(data, kind).reshape(shape, order="F" if by_columns else "C")


def is_single(values: np.ndarray, /) -> np.ndarray:
    """Return where values are numbers that float32 holds: not missing, infinite or beyond 3.4e38."""
    return np.abs(values) <= LARGEST


def _check_finite(values: np.ndarray, path: Path) -> None:
    finite = is_single(values)
    if not finite.all():
        sequence, step, channel = np.argwhere(~finite)[0].tolist()
        value = values[sequence, step, channel]
        kind = f"larger than float32 holds, {LARGEST:.1e}" if np.isfinite(value) else "not finite"
        raise DataError(f"{path}: X[{sequence}, {step}, {channel}] is {value}, {kind}")


def _labels(labels: np.ndarray | None, count: int, path: Path) -> list[str] | None:
    if labels is None:
        return None
    if labels.shape != (count,) or labels.dtype.kind not in "iubU":
        raise DataError(
            f"{path}: y is {labels.dtype} of shape {labels.shape}; expected whole numbers or texts of shape ({count},)"
        )
    try:
        return [str(label) for label in labels.tolist()]
    except ValueError as error:  # a code that is no character
        raise DataError(f"{path}: y holds what is no text: {error}") from None
