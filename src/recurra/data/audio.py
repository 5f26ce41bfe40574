"""Sound: a WAV file as the logarithms of its energy in 40 bands, one step every 10 ms.

The bands are those of the mel scale (Davis & Mermelstein 1980), as speech recognisers usually have them: windows of
25 ms, 16,000 samples a second, whatever the file has.
"""

from __future__ import annotations

import functools
import math
import struct
import warnings
from pathlib import Path

import numpy as np

from recurra.data.files import check_file
from recurra.errors import DataError

__all__ = ["BANDS", "RATE", "STEP", "log_mel", "read_audio"]

RATE = 16_000
"""Samples a second, to which every sound is brought."""
BANDS = 40
STEP, _WINDOW, _POINTS = 160, 400, 512  # samples from step to step, of a window, and of its Fourier transform
_LONGEST = 3600  # seconds
_RATES = (1_000, 400_000)
_ERRORS = (
    ArithmeticError, LookupError, NameError, TypeError, ValueError, EOFError, MemoryError, struct.error,
)  # fmt: skip
"""In which reading a damaged file ends; a variable that was never set is one of them."""
_FLOOR = 1e-10
"""Energy that counts as silence."""


def read_audio(path: Path, /) -> np.ndarray:
    """Read a WAV file, of 8 to 32 bits or floating point, of one channel or several, which are averaged.

    Returns
    -------
    numpy.ndarray
        (steps, `BANDS`) float32, see `log_mel`.

    Raises
    ------
    DataError
        If it is no such file, has no samples or values that are not finite, or takes over an hour.
    """
    check_file(path, expected="a WAV file")
    from scipy.io import wavfile  # with its signals a second's import, for the one format of many that is sound

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of chunks that other programs read
            warnings.filterwarnings("error", "Reached EOF", wavfile.WavFileWarning)
            rate, samples = wavfile.read(path)
    except wavfile.WavFileWarning:
        raise DataError(f"{path} is cut off: it ends before the samples that it says it has") from None
    except _ERRORS as error:
        raise DataError(f"{path} is no WAV file of plain samples: {str(error)[:200] or type(error).__name__}") from None
    if not _RATES[0] <= rate <= _RATES[1]:
        raise DataError(f"{path} says that it has {rate:,} samples a second; expected {_RATES[0]:,} to {_RATES[1]:,}")
    if not samples.size:
        raise DataError(f"{path} has no samples")
    if len(samples) > _LONGEST * rate:
        raise DataError(f"{path} takes {len(samples) / rate / 60:.0f} minutes; expected an hour at most")
    if samples.dtype.kind not in "iuf":
        raise DataError(f"{path} holds {samples.dtype}; expected whole numbers or floating point")
    samples = _between_ones(samples)
    if not np.isfinite(samples).all():
        raise DataError(f"{path} has a sample that is not finite")
    if samples.ndim == 2:
        samples = samples.mean(1)
    shared = math.gcd(RATE, rate)
    from scipy.signal import resample_poly

    return log_mel(resample_poly(samples, RATE // shared, rate // shared) if rate != RATE else samples)


def _between_ones(samples: np.ndarray) -> np.ndarray:
    """Return samples from -1 to 1; unsigned ones are of 8 bits, and 24 bits come as the upper ones of 32."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float64)
    largest = 2.0 ** (8 * samples.dtype.itemsize - 1)
    return (samples.astype(np.float64) - largest * (samples.dtype.kind == "u")) / largest


def log_mel(samples: np.ndarray, /) -> np.ndarray:
    """Return the logarithm of the energy in each band.

    Parameters
    ----------
    samples
        (count,), `RATE` a second, from -1 to 1.

    Returns
    -------
    numpy.ndarray
        (steps, `BANDS`) float32; at least one step, then one more for every `STEP` samples beyond the first window.
    """
    padded = np.pad(samples, (0, max(0, _WINDOW - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::STEP]
    found = np.empty((len(frames), BANDS), np.float32)
    for begin in range(0, len(frames), 4096):  # some at a time: the spectra take ten times the memory of the bands
        spectra = np.fft.rfft(frames[begin : begin + 4096] * np.hanning(_WINDOW), _POINTS)
        energy = np.abs(spectra) ** 2 @ _filters()
        found[begin : begin + 4096] = np.log(np.maximum(energy, _FLOOR))
    return found


@functools.cache
def _filters() -> np.ndarray:
    """Return the weights of frequencies in bands (frequencies, bands): triangles, evenly spaced on the mel scale."""
    frequencies = np.fft.rfftfreq(_POINTS, 1 / RATE)
    highest = 2595 * math.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, BANDS + 2) / 2595) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies[:, None] - low) / (middle - low)
    falling = (high - frequencies[:, None]) / (high - middle)
    return np.maximum(0, np.minimum(rising, falling))
