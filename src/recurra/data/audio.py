"""Sound files: samples of one channel at one rate, of WAV, and with `soundfile` of FLAC, OGG and others."""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.arguments import shown
from recurra.data.files import check_file, read_each
from recurra.errors import DataError

__all__ = [
    "RATE",
    "SOUNDS",
    "as_samples",
    "as_steps",
    "common_rate",
    "is_sound",
    "read_recordings",
    "read_sound",
    "resampled",
]

RATE = 16_000
"""Samples a second to which recordings are brought, unless one has fewer."""

SOUNDS = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au")
"""Suffixes of sound files; all but the first need `soundfile`."""

_LONGEST = 3600  # seconds
_RATES = (1_000, 400_000)
_ERRORS = (
    ArithmeticError, LookupError, NameError, TypeError, ValueError, EOFError, MemoryError, struct.error,
)  # fmt: skip
"""In which reading a damaged file ends; a variable that was never set is one of them."""

_LOOKED_AT = 100
"""Recordings whose rates say which rate all are brought to."""

_UNKNOWN_SIZE = 2**32 - 1
"""What a WAV file says of its size that was written without knowing it."""

_SILENT = 1e-5
"""The largest sample, of 1, that counts as silence: below the last of 16 bits."""

_LOUDEST = 1000.0
"""The largest sample, of 1, that may be an overdriven one: those of whole numbers without their type go far beyond."""


def is_sound(path: str | Path, /) -> bool:
    """Say whether a file's suffix is that of a sound."""
    return Path(path).suffix.lower() in SOUNDS


def read_sound(path: Path, /, *, longest: float = _LONGEST) -> tuple[np.ndarray, int]:
    """Read a sound file, of one channel or several, which are averaged.

    Parameters
    ----------
    path
        WAV of 8 to 32 bits or floating point, or what `soundfile` reads.
    longest
        The most seconds that it may take.

    Returns
    -------
    samples, rate
        (count,) float32 from -1 to 1, and how many there are a second.

    Raises
    ------
    DataError
        If it is no such file, has no samples or values that are not finite, or is longer.

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import read_sound
    >>> from recurra.report import wav_bytes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.wav").write_bytes(wav_bytes(np.zeros(800), rate=8000))
    ...     samples, rate = read_sound(Path(folder, "a.wav"))
    >>> samples.shape, rate
    ((800,), 8000)
    """
    check_file(path, expected="a sound file")
    if not path.stat().st_size:
        raise DataError(f"{path} is empty; expected a sound file")
    rate, samples = _read_wav(path) if path.suffix.lower() == ".wav" else _read_other(path)
    if not _RATES[0] <= rate <= _RATES[1]:
        raise DataError(f"{path} says that it has {rate:,} samples a second; expected {_RATES[0]:,} to {_RATES[1]:,}")
    if not samples.size:
        raise DataError(f"{path} has no samples")
    if len(samples) > longest * rate:
        raise DataError(f"{path} takes {_time(len(samples) / rate)}; expected {_time(longest)} at most")
    if samples.dtype.kind not in "iuf":
        raise DataError(f"{path} holds {samples.dtype}; expected whole numbers or floating point")
    samples = _between_ones(samples)
    if not np.isfinite(samples).all():
        raise DataError(f"{path} has a sample that is not finite")
    if (largest := np.abs(samples).max()) > _LOUDEST:
        raise DataError(f"{path} has a sample of {largest:g}; expected samples from -1 to 1")
    return (samples.mean(1) if samples.ndim == 2 else samples).astype(np.float32), rate


def resampled(samples: np.ndarray, /, *, rate: int, to: int) -> np.ndarray:
    """Return samples (count,) at another rate, without what the lower rate cannot hold."""
    if rate == to:
        return samples
    from scipy.signal import resample_poly  # a second's import, that only those pay who need it

    shared = math.gcd(to, rate)
    return resample_poly(samples, to // shared, rate // shared).astype(np.float32)


def common_rate(paths: Sequence[Path], /) -> int:
    """Return the rate that recordings are brought to: `RATE`, or the lowest that one of some hundred of them has.

    Those that cannot be read are passed over: `read_recordings` names them.
    """
    lowest = RATE
    for path in paths[:: max(1, len(paths) // _LOOKED_AT)]:
        try:
            lowest = min(lowest, read_sound(path)[1])
        except DataError:
            continue
    return lowest


def read_recordings(
    paths: Sequence[Path],
    /,
    *,
    rate: int,
    rows: Sequence[int],
    source: str,
    longest: float = _LONGEST,
    silent: bool = True,
    drop: bool = False,
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield recordings at one rate, each with its place in `paths`; those that cannot be used are named at the end.

    Parameters
    ----------
    paths, rows
        The files, and for each the row that names it, from 1.
    rate
        Samples a second of what is returned.
    source
        What messages call the table or the folder.
    longest
        The most seconds of one.
    silent
        Whether those may be silent.
    drop
        Whether those that cannot be used are left out rather than refused.

    Yields
    ------
    place, samples
        (count,) float32 from -1 to 1.

    Raises
    ------
    DataError
        After the last: that names all that cannot be used, each with its row, or says that none can be.

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import read_recordings
    >>> from recurra.report import wav_bytes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.wav")
    ...     _ = path.write_bytes(wav_bytes(np.zeros(800), rate=8000))
    ...     for place, samples in read_recordings([path], rate=16000, rows=[1], source="folder"):
    ...         print(place, samples.shape)
    0 (1600,)
    """

    def read(path: Path) -> np.ndarray:
        samples, own = read_sound(path, longest=longest)
        if not silent and np.abs(samples).max() <= _SILENT:
            raise DataError(f"{path} is silent")
        return resampled(samples, rate=own, to=rate)

    return read_each(paths, rows, read, source=source, what="recordings", drop=drop)


def _read_wav(path: Path) -> tuple[int, np.ndarray]:
    """Return the rate, and samples (count,) or (count, channels) of the file's own type."""
    # the standard library's `wave` has no floating point
    from scipy.io import wavfile  # with its signals a second's import, for the one format of many that is sound

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of chunks that other programs read
            warnings.filterwarnings("error", "Reached EOF", wavfile.WavFileWarning)
            return wavfile.read(path)
    except (wavfile.WavFileWarning, *_ERRORS) as error:
        raise _of_wav(path, error) from None


def _of_wav(path: Path, error: Exception) -> DataError:
    """Return the error of a WAV file that could not be read, by what its first bytes say."""
    with path.open("rb") as file:
        mark, size = file.read(4), int.from_bytes(file.read(4), "little")
    if mark not in (b"RIFF", b"RIFX", b"RF64"):
        return DataError(f"{path} is no WAV file of plain samples: it begins with {mark!r}; expected b'RIFF'")
    ends_before = mark == b"RIFF" and path.stat().st_size < size + 8 <= _UNKNOWN_SIZE
    if ends_before or isinstance(error, Warning):
        return DataError(f"{path} is cut off: it ends before the samples that it says it has")
    # what scipy says of a kind of samples; others are of Python's and NumPy's
    reason = str(error)[:200] if type(error) is ValueError else "its header is damaged"
    return DataError(f"{path} is no WAV file of plain samples: {reason}")


def _read_other(path: Path) -> tuple[int, np.ndarray]:
    try:
        import soundfile
    except ModuleNotFoundError:
        raise DataError(
            f"{path}: only WAV is read without soundfile, which is not installed: pip install 'recurra[audio]'"
        ) from None
    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except (soundfile.LibsndfileError, *_ERRORS) as error:
        raise DataError(f"{path} is no sound file that can be read: {str(error)[:200]}") from None
    return int(rate), samples


def as_steps(given: Any, /, *, is_sound: bool = False, expected: str = "numbers") -> np.ndarray:
    """Return numbers in memory, steps of a sequence, as float32: what it cannot hold is infinite.

    Parameters
    ----------
    given
        An array, or lists that are one.
    is_sound
        Whether they are samples; see `as_samples`.
    expected
        What the message says was expected.

    Raises
    ------
    DataError
        If they are no numbers, as dates and complex numbers are none, or samples at no known scale.

    Examples
    --------
    >>> as_steps([[1, 2]]).dtype, as_steps(np.array([16384], np.int16), is_sound=True).tolist()
    (dtype('float32'), [0.5])
    """
    try:
        values = np.asarray(given)
        if values.dtype.kind == "O":
            values = values.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError(f"got {shown(given)}; expected {expected}") from None
    if values.dtype.kind not in "biuf":
        found = values.dtype if isinstance(given, np.ndarray) else shown(given)
        raise DataError(f"got {found}; expected {expected}")
    with np.errstate(over="ignore"):
        return (as_samples(values) if is_sound else values).astype(np.float32)


def as_samples(values: np.ndarray, /) -> np.ndarray:
    """Return samples in memory as numbers from -1 to 1, as whole ones of 8 to 32 bits stand in sound files.

    Raises
    ------
    DataError
        If others are so far from there that they are whole numbers without their type.

    Examples
    --------
    >>> as_samples(np.array([-32768, 16384], np.int16)).tolist(), as_samples(np.array([0.25])).tolist()
    ([-1.0, 0.5], [0.25])
    """
    kind = values.dtype.kind
    if kind in "iu" and values.dtype.itemsize <= 4:
        return _between_ones(values)
    beyond = values[np.isfinite(values) & (np.abs(values) > (1 if kind in "iu" else _LOUDEST))] if kind in "iuf" else []
    if len(beyond):
        raise DataError(
            f"a sample is {beyond[0]:g}; expected samples from -1 to 1, or whole numbers of 8 to 32 bits, such as int16"
        )
    return values


def _between_ones(samples: np.ndarray) -> np.ndarray:
    """Return samples from -1 to 1; unsigned ones are of 8 bits, and 24 bits come as the upper ones of 32."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float64)
    largest = 2.0 ** (8 * samples.dtype.itemsize - 1)
    return (samples.astype(np.float64) - largest * (samples.dtype.kind == "u")) / largest


def _time(seconds: float) -> str:
    """Return a length as people say it."""
    return f"{seconds:.6g} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
