"""Pictures of lines of writing: columns of grey values, from left to right, by Pillow."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recurra.data.files import check_file
from recurra.errors import DataError

__all__ = ["is_picture", "read_line"]

_SUFFIXES = (".png", ".jpg", ".jpeg")

_WIDEST = 20_000
"""Columns of a line that is brought to its height."""


def is_picture(path: str | Path, /) -> bool:
    """Say whether a file's suffix is that of a picture."""
    return Path(path).suffix.lower() in _SUFFIXES


def read_line(path: Path, /, *, height: int) -> np.ndarray:
    """Read a picture of a line as columns.

    Parameters
    ----------
    path
        PNG or JPEG; colours become grey.
    height
        Rows of pixels to which it is brought; its width changes with it.

    Returns
    -------
    numpy.ndarray
        (columns, height) float32 from 0, the lighter end, to 1.

    Raises
    ------
    DataError
        If it is no picture, or has no width.
    """
    check_file(path, expected="a picture")
    from PIL import Image, UnidentifiedImageError  # matplotlib brings it

    try:
        with Image.open(path) as opened:
            grey = opened.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is no picture that can be read: {str(error)[:200]}") from None
    if not (grey.width and grey.height):
        raise DataError(f"{path} has {grey.width} columns and {grey.height} rows of pixels; expected at least one")
    width = max(1, round(grey.width * height / grey.height))
    if width > _WIDEST:
        raise DataError(f"{path} is {grey.width} by {grey.height} pixels; expected a line of at most {_WIDEST} columns")
    values = np.asarray(grey.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255
    return np.ascontiguousarray(1 - values.T)
