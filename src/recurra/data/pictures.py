"""Images: pictures (PNG and JPEG by Pillow), files of many in MNIST's format, and lines of writing."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.data.files import ImageFormat, check_file, opened, read_each
from recurra.errors import DataError

__all__ = ["PIXELS", "as_image", "is_idx", "is_picture", "png_bytes", "read_idx", "read_line", "read_pictures"]

_SUFFIXES = (".png", ".jpg", ".jpeg")

PIXELS = {"grey": 1, "colour": 3, "alpha": 4}
"""Numbers that a pixel has in each kind of colours; alpha is colour with transparency."""

_MODES = {"grey": "L", "colour": "RGB", "alpha": "RGBA"}

_WIDEST = 20_000
"""Columns of a line that is brought to its height."""

_ROUNDING = 1e-3
"""How far beyond 0 and 1 a pixel may be by how it was computed."""

_LARGEST = 1 << 26
"""Pixels of an image at most."""

_IDX = re.compile(r"[-.]idx([0-9])(-ubyte)?(\.gz)?$", re.IGNORECASE)
_BYTES = 8
"""The code of whole numbers from 0 to 255 in an idx file."""


def is_picture(path: str | Path, /) -> bool:
    """Say whether a file's suffix is that of a picture."""
    return Path(path).suffix.lower() in _SUFFIXES


def is_idx(path: str | Path, /) -> bool:
    """Say whether a file's name is that of an array in MNIST's format, such as `train-images-idx3-ubyte.gz`."""
    return _IDX.search(Path(path).name) is not None


def read_pictures(
    paths: Sequence[Path], /, *, format: ImageFormat, rows: Sequence[int], source: str, drop: bool = False
) -> Iterator[tuple[int, np.ndarray, str]]:
    """Yield pictures of one width and one kind of colours, each with its place; others are named at the end.

    Parameters
    ----------
    paths, rows
        The files, PNG or JPEG, and for each the row that names it, from 1.
    format
        To what they are brought; where that is open, the first says what the others have to be.
    source
        What messages call the table or the folder.
    drop
        Whether those that cannot be used are left out rather than refused.

    Yields
    ------
    place, values, colours
        (rows, columns * numbers a pixel) float32 from 0 to 1, and the kind of colours, of `PIXELS`.

    Raises
    ------
    DataError
        After the last: that names all that cannot be used, each with its row.
    """
    colour, width = format.colour, format.columns

    def read(path: Path) -> tuple[np.ndarray, str]:
        nonlocal colour, width
        picture, own = _picture(path, colour=format.colour, side=format.side)
        if own != (colour or own):
            raise DataError(f"{path} is {_named(own)}, those before it {_named(str(colour))}; colour brings all to one")
        if picture.shape[1] != (width or picture.shape[1]):
            if format.columns:
                raise DataError(f"{path} has {picture.shape[1]} columns of pixels; expected {width}")
            raise DataError(
                f"{path} has {picture.shape[1]} columns of pixels, those before it {width}; side brings all to one size"
            )
        colour, width = own, picture.shape[1]
        return picture.reshape(len(picture), -1), own

    for place, (values, own) in read_each(paths, rows, read, source=source, what="images", drop=drop):
        yield place, values, own


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
    grey = _on_paper(_upright(path)).convert("L")
    width = max(1, round(grey.width * height / grey.height))
    if width > _WIDEST:
        raise DataError(f"{path} is {grey.width} by {grey.height} pixels; expected a line of at most {_WIDEST} columns")
    from PIL import Image

    values = np.asarray(grey.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255
    return np.ascontiguousarray(1 - values.T)


def read_idx(path: Path, /) -> tuple[np.ndarray, list[str] | None]:
    """Read images (count, rows, columns) float32 from 0 to 1 in MNIST's format, and the labels beside them.

    The format is LeCun, Cortes & Burges's (1998): a magic number, the sizes, and bytes, which may be compressed. Labels
    are in a file whose name has `labels-idx1` for `images-idx3`; None where there is none.

    Raises
    ------
    DataError
        If a file cannot be read or is another, or there are not as many labels as images.
    """
    values = _idx(path)
    if values.ndim != 3 or not values.size:
        raise DataError(
            f"{path} is an array of shape {values.shape}; expected images (count, rows, columns), none empty"
        )
    name = re.sub("images", "labels", path.name, flags=re.IGNORECASE)
    beside = path.with_name(re.sub(r"idx3", "idx1", name, flags=re.IGNORECASE))
    if beside == path or not beside.exists():
        return values.astype(np.float32) / 255, None
    labels = _idx(beside)
    if labels.shape != values.shape[:1]:
        raise DataError(f"{beside} is of shape {labels.shape}; expected a label for each of {len(values):,} images")
    return values.astype(np.float32) / 255, [str(label) for label in labels.tolist()]


def as_image(values: np.ndarray, /, *, pixel: int) -> np.ndarray:
    """Return an image (rows, columns) or (rows, columns, numbers a pixel) as rows (rows, columns * numbers a pixel).

    Whole numbers count to 255, others to 1.

    Raises
    ------
    DataError
        If it has another shape, no pixels, or a value that is not finite or counts beyond there.
    """
    found = np.asarray(values)
    last = found.shape[2] if found.ndim == 3 else 1
    if found.ndim not in (2, 3) or not found.size or found.dtype.kind not in "biuf" or last not in (1, pixel):
        raise DataError(
            f"it is {found.dtype} of shape {found.shape}; expected (rows, columns)"
            + (f" or (rows, columns, {pixel})" if pixel > 1 else "")
        )
    largest = 255 if found.dtype.kind in "iu" else 1
    if not np.isfinite(found).all():
        raise DataError("it has a value that is not finite")
    # a model would be learnt from, or asked about, pixels at a scale that no file has
    beyond = found[(found < -largest * _ROUNDING) | (found > largest * (1 + _ROUNDING))]
    if len(beyond):
        raise DataError(f"it has a pixel of {beyond[0]:g}; expected numbers from 0 to {largest}")
    return found.reshape(len(found), -1).astype(np.float32) / largest


def png_bytes(image: np.ndarray, /) -> bytes:
    """Return an image (rows, columns, numbers a pixel) from 0 to 1 as a PNG file."""
    from PIL import Image

    file = io.BytesIO()
    values = (np.clip(image, 0, 1) * 255).round().astype(np.uint8)
    Image.fromarray(values[..., 0] if values.shape[2] == 1 else values).save(file, "PNG")
    return file.getvalue()


def _picture(path: Path, *, colour: str | None, side: int | None) -> tuple[np.ndarray, str]:
    """Return a picture (rows, columns, numbers a pixel) from 0 to 1, and its kind of colours."""
    picture = _upright(path)
    own = "alpha" if _has_alpha(picture) else "grey" if picture.mode in ("L", "1") else "colour"
    if colour is not None and colour != own:
        picture = _on_paper(picture)
    picture = picture.convert(_MODES[colour or own])
    if side is not None:
        from PIL import Image

        picture = picture.resize((side, side), Image.Resampling.BILINEAR)
    values = np.asarray(picture, np.float32) / 255
    return values.reshape(*values.shape[:2], -1), colour or own


def _upright(path: Path) -> Any:
    """Return a picture as a camera was held, of at most 8 bits a number."""
    picture = _opened(path)
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):  # grey in 16 bits
        values = np.asarray(picture, np.float32) / 65_535 * 255
        picture = Image.fromarray(values.round().clip(0, 255).astype(np.uint8))
    return picture


def _has_alpha(picture: Any) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _on_paper(picture: Any) -> Any:
    """Return a picture with white where something shows through."""
    if not _has_alpha(picture):
        return picture
    from PIL import Image

    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _opened(path: Path) -> Any:
    """Return a picture that has been read whole."""
    check_file(path, expected="a picture")
    try:
        from PIL import Image, UnidentifiedImageError
    except ModuleNotFoundError:
        raise DataError(
            f"{path}: pictures are read by Pillow, which is not installed: pip install 'recurra[tasks]'"
        ) from None
    try:
        with Image.open(path) as found:
            if found.width * found.height > _LARGEST:
                raise DataError(f"{path} is {found.width} by {found.height} pixels; expected {_LARGEST:,} at most")
            found.load()
    except (
        UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, zlib.error, Image.DecompressionBombError,
    ) as error:  # fmt: skip
        raise DataError(f"{path} is no picture that can be read: {str(error)[:200]}") from None
    if not (found.width and found.height):
        raise DataError(f"{path} has {found.width} columns and {found.height} rows of pixels; expected at least one")
    return found


def _idx(path: Path) -> np.ndarray:
    with opened(path, expected="an idx file") as file:
        head = file.read(4)
        if len(head) < 4 or head[:2] != b"\0\0" or head[2] != _BYTES or not 1 <= head[3] <= 4:
            raise DataError(f"{path} is no idx file of bytes: it begins with {head.hex()}")
        sizes = np.frombuffer(file.read(4 * head[3]), ">u4").tolist()
        count = int(np.prod(sizes, dtype=object)) if len(sizes) == head[3] else -1
        content = file.read()
    if len(content) != count:
        raise DataError(f"{path} is cut off, or too long: its sizes are {sizes}, and it has {len(content):,} bytes")
    return np.frombuffer(content, np.uint8).reshape(sizes)


def _named(colour: str) -> str:
    return {"grey": "grey", "colour": "in colours", "alpha": "transparent in parts"}[colour]
