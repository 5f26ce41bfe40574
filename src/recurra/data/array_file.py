"""Sequences of one length as NumPy arrays in a file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from recurra.data.files import check_file
from recurra.errors import DataError

__all__ = ["read_array_file"]


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


def _arrays(path: Path) -> dict[str, np.ndarray]:
    check_file(path, expected="an .npz or .npy file")
    try:
        found: Any = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            return {"X": found}
        with found:
            return {name: found[name] for name in found.files}
    except (ValueError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no file of plain NumPy arrays: {str(error).partition(chr(10))[0]}") from None


def _check_finite(values: np.ndarray, path: Path) -> None:
    finite = np.isfinite(values)
    if not finite.all():
        sequence, step, channel = np.argwhere(~finite)[0].tolist()
        raise DataError(f"{path}: X[{sequence}, {step}, {channel}] is {values[sequence, step, channel]}, not finite")


def _labels(labels: np.ndarray | None, count: int, path: Path) -> list[str] | None:
    if labels is None:
        return None
    if labels.shape != (count,) or labels.dtype.kind not in "iubU":
        raise DataError(
            f"{path}: y is {labels.dtype} of shape {labels.shape}; expected whole numbers or texts of shape ({count},)"
        )
    return [str(label) for label in labels.tolist()]
