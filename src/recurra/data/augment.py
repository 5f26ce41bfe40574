"""Augmentation: each time that a sequence of numbers comes, it is a little faster, later, noisier, or hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

__all__ = ["Augmentation", "joined"]

_MASKED_STEPS, _MASKED_BANDS = 0.12, 0.2
"""The largest share of the steps, and of the bands, that one mask hides."""

_RATIOS = 20
"""Decibels from the lowest ratio of signal to noise to the highest."""


@final
@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Changes sequences (steps, channels), which stay of the same class or text; each change is drawn anew.

    Attributes
    ----------
    speed
        The largest change of the speed, as a share; what lies between two steps is interpolated.
    shift
        The largest shift in time, as a share of the steps; the first or last step is repeated at the edge.
    warp
        The largest stretch of the frequencies, as a share, as voices have longer or shorter vocal tracts (Jaitly and
        Hinton 2013). For bands of energies alone, as are `noise_ratio` and the masks of bands.
    noise_ratio
        The lowest ratio of signal to noise, in decibels, of half of the sequences; their noise has a slope over the
        bands of its own. None adds none.
    masks
        How many stretches of steps, and of bands, are put to the sequence's mean: SpecAugment (Park et al. 2019).
    rate
        Samples a second of sound whose energies in bands, evenly spaced on the mel scale, are the channels, as
        logarithms; None where they are others.
    level, spread
        (channels,) that the sequences were brought to one scale by; what they were before has the logarithms.

    Examples
    --------
    >>> import numpy
    >>> from recurra.data import Augmentation
    >>> change = Augmentation(speed=0.5, masks=1, level=numpy.zeros(4), spread=numpy.ones(4))
    >>> change(numpy.ones((100, 4)), numpy.random.default_rng(0)).shape
    (87, 4)
    """

    speed: float = 0.0
    shift: float = 0.0
    warp: float = 0.0
    noise_ratio: float | None = None
    masks: int = 0
    rate: int | None = None
    level: np.ndarray
    spread: np.ndarray

    def __bool__(self) -> bool:
        """Return whether it changes anything."""
        return bool(self.speed or self.shift or self.warp or self.masks) or self.noise_ratio is not None

    def __call__(self, sequence: np.ndarray, random: np.random.Generator, /) -> np.ndarray:
        """Return a changed copy of a sequence (steps, channels), of other length where its speed changes."""
        found = self._in_time(sequence, random)
        if self.rate and self.warp:
            found = self._warped(found, random, rate=self.rate)
        if self.rate and self.noise_ratio is not None and random.random() < 0.5:
            found = self._noisy(found, random, self.noise_ratio)
        return self._masked(found, random)

    def shifted(self, sequence: np.ndarray, random: np.random.Generator, /) -> np.ndarray:
        """Return a sequence that is shifted, and nothing else."""
        if not self.shift:
            return sequence
        later = random.uniform(-self.shift, self.shift) * len(sequence)
        return _between(sequence, np.arange(len(sequence)) - later)

    def _in_time(self, sequence: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if not (self.speed or self.shift):
            return sequence
        count = len(sequence)
        faster = np.exp(random.uniform(-self.speed, self.speed))
        later = random.uniform(-self.shift, self.shift) * count
        places = np.linspace(0, count - 1, max(1, round(count / faster))) - later
        return _between(sequence, places)

    def _warped(self, sequence: np.ndarray, random: np.random.Generator, *, rate: int) -> np.ndarray:
        factor = np.exp(random.uniform(-self.warp, self.warp))
        # a band has its middle at (place + 1) / (bands + 1) of the mel scale up to half the rate
        whole = np.log1p(rate / 1400) / (sequence.shape[1] + 1)
        hertz = 700 * np.expm1(whole * np.arange(1, sequence.shape[1] + 1))
        places = np.log1p(factor * hertz / 700) / whole - 1
        return np.ascontiguousarray(_between(sequence.T, places).T)

    def _noisy(self, sequence: np.ndarray, random: np.random.Generator, lowest: float) -> np.ndarray:
        """Add energies: those of noise vary from step to step, and with the band by a slope."""
        level, spread = self.level.astype(np.float32), self.spread.astype(np.float32)
        energies = sequence * spread + level
        ratio = random.uniform(lowest, lowest + _RATIOS) * np.log(10) / 10
        loudness = np.log(np.exp(energies.astype(np.float64)).mean() + 1e-10) - ratio
        slope = random.uniform(-1.5, 1.5) * np.linspace(-1, 1, sequence.shape[1])
        noise = loudness + slope + 0.3 * random.standard_normal(sequence.shape)
        return ((np.logaddexp(energies, noise.astype(np.float32)) - level) / spread).astype(np.float32)

    def _masked(self, sequence: np.ndarray, random: np.random.Generator) -> np.ndarray:
        if not self.masks:
            return sequence
        # of the sequence, not of the data: to a quiet recording, their mean is a burst of sound
        found, mean = sequence.copy(), sequence.mean(0)
        for _ in range(self.masks):
            found[_stretch(len(found), _MASKED_STEPS, random)] = mean
            if self.rate:
                hidden = _stretch(found.shape[1], _MASKED_BANDS, random)
                found[:, hidden] = mean[hidden]
        return found


def joined(first: np.ndarray, second: np.ndarray, /) -> np.ndarray:
    """Return the beginning of a sequence and the end of another, both (steps, channels) of energies as logarithms.

    Each is cut where half of its energy is over. Of two words it is mostly none.

    Examples
    --------
    >>> import numpy as np
    >>> from recurra.data import joined
    >>> joined(np.array([[0.0], [9.0], [9.0], [1.0]]), np.array([[9.0], [9.0], [2.0]])).ravel().tolist()
    [0.0, 9.0, 9.0, 2.0]
    """
    return np.concatenate([first[: _half(first)], second[_half(second) :]])


def _half(sequence: np.ndarray) -> int:
    """Return after how many steps half of the energy is over."""
    loudness = sequence.mean(1)
    energy = np.exp(2 * (loudness - loudness.max())).cumsum()
    return min(int(np.searchsorted(energy, energy[-1] / 2)) + 1, len(sequence) - 1)


def _between(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return values (count, ...) at places (wanted,) between them, the ends beyond them, as float32."""
    places = np.clip(places, 0, len(values) - 1)
    below = np.minimum(places.astype(np.int64), max(len(values) - 2, 0))
    share = (places - below).astype(np.float32)[:, np.newaxis]
    return values[below] * (1 - share) + values[np.minimum(below + 1, len(values) - 1)] * share


def _stretch(count: int, share: float, random: np.random.Generator) -> slice:
    width = int(random.integers(0, max(1, int(share * count)) + 1))
    begin = int(random.integers(0, max(1, count - width)))
    return slice(begin, begin + width)
