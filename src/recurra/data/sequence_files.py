"""The `.ts` format of the UCR and UEA archives: a header of `@` lines, then a labelled series a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recurra.data.files import ENCODING, file_text
from recurra.errors import DataError

__all__ = ["read_timeseries_file"]

_COUNT = re.compile("[0-9]{1,9}")


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
        values = np.array(texts, np.float32)
    except ValueError:
        values = np.array([_number(value) for value in texts], np.float32)
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        step = int(wrong[0])
        shown = texts[step].strip()
        kind = "is missing" if shown in ("?", "", "NaN", "nan") else "is not a finite number"
        raise DataError(f"{where}, step {step + 1}: the value {kind} ({shown!r})")
    return values


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
