"""What the tasks on sound have in common: features at one scale, and what changes them in training."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import torch

from recurra.data import Augmentation, ChannelScale, fit_channels
from recurra.nn import MFCC, LogMel
from recurra.nn.sound import WIDEST
from recurra.tasks.sound_options import SoundOptions

__all__ = ["SoundFeatures", "augmentation"]

_FILE = "sound.json"
_SIZES = ("rate", "bands", "cepstra", "dynamic_range")


def augmentation(
    options: SoundOptions, channels: ChannelScale, /, *, sound: SoundFeatures | None = None
) -> Augmentation | None:
    """Return what changes sequences of numbers at one scale in training; None where nothing does.

    Options are as `with_sound_defaults` has them, `sound` is what made the numbers of samples.
    """
    found = Augmentation(
        speed=options.speed or 0.0, shift=options.shift or 0.0, warp=options.warp or 0.0, masks=options.masks or 0,
        noise_ratio=options.noise_ratio, rate=sound.rate if sound and sound.is_bands else None,
        level=channels.level, spread=channels.spread,
    )  # fmt: skip
    return found or None


@dataclass(frozen=True, kw_only=True)
class SoundFeatures:
    """Makes features of samples: energies in bands, or cepstra, at the scale of the training part.

    Attributes
    ----------
    rate
        Samples a second.
    bands, cepstra, dynamic_range
        See `SoundOptions`.
    channels
        The scale of the features.
    """

    rate: int
    bands: int
    cepstra: int
    dynamic_range: float
    channels: ChannelScale
    file = _FILE

    @classmethod
    def fit(cls, recordings: Iterable[np.ndarray], /, *, rate: int, options: SoundOptions) -> Self:
        """Fit the scale to recordings (samples, 1)."""
        sizes = {"bands": options.bands, "cepstra": options.cepstra, "dynamic_range": options.decibels}
        module = _module(rate, **sizes)
        channels = fit_channels(np.concatenate([_features(module, each) for each in recordings]), kind="standard")
        return cls(rate=rate, channels=channels, **sizes)

    @cached_property
    def module(self) -> LogMel:
        """What makes features of samples."""
        return _module(self.rate, self.bands, self.cepstra, self.dynamic_range)

    @property
    def is_bands(self) -> bool:
        """Whether features are energies in bands."""
        return not self.cepstra

    def of(self, samples: np.ndarray, /) -> np.ndarray:
        """Return the features (steps, channels) float32, at one scale, of samples (count, 1)."""
        return self.channels.apply(_features(self.module, samples)).astype(np.float32)

    def to_json(self) -> str:
        """Return it as JSON."""
        sizes = {name: getattr(self, name) for name in _SIZES}
        return json.dumps({**sizes, "channels": self.channels.to_dictionary()})

    @classmethod
    def from_json(cls, content: str, /) -> Self:
        """Return what `to_json` wrote.

        Raises
        ------
        ValueError
            If it is something else.
        """
        found = json.loads(content)
        if not isinstance(found, dict) or found.keys() != {*_SIZES, "channels"}:
            raise ValueError(f"{_FILE}: expected {', '.join(_SIZES)} and channels")
        rate, bands, cepstra, dynamic_range = (found[name] for name in _SIZES)
        if not all(type(each) is int for each in (rate, bands, cepstra)):
            raise ValueError(f"{_FILE}: rate, bands and cepstra are whole numbers")
        if not (1_000 <= rate <= 400_000 and 2 <= bands <= 512 and 0 <= cepstra <= bands):
            raise ValueError(f"{_FILE}: rate = {rate}, bands = {bands}, cepstra = {cepstra} is out of bounds")
        if type(dynamic_range) not in (int, float) or not 0 <= dynamic_range <= WIDEST:
            raise ValueError(f"{_FILE}: dynamic_range = {dynamic_range}; expected decibels from 0 to {WIDEST}")
        channels = ChannelScale.from_json(json.dumps(found["channels"]))
        if len(channels.level) != (cepstra or bands):
            raise ValueError(f"{_FILE}: {len(channels.level)} channels for {cepstra or bands} features")
        return cls(rate=rate, bands=bands, cepstra=cepstra, dynamic_range=float(dynamic_range), channels=channels)


def _module(rate: int, bands: int, cepstra: int, dynamic_range: float) -> LogMel:
    with torch.device("cpu"):  # it is asked for first while a network's size is counted, on no device
        if cepstra:
            return MFCC(rate, bands, cepstra=cepstra, dynamic_range=dynamic_range)
        return LogMel(rate, bands, dynamic_range=dynamic_range)


_AT_ONCE = 1 << 20
"""Samples that become features at once: their spectra take ten times as much memory."""


def _features(module: LogMel, samples: np.ndarray) -> np.ndarray:
    """Return the features (steps, channels) of samples (count, 1)."""
    flat = torch.from_numpy(samples[:, 0].astype(np.float32))  # a copy: what is mapped cannot be written
    padded = torch.nn.functional.pad(flat, (module.padding, module.padding))
    stride, beyond = _AT_ONCE // module.step * module.step, module.window - module.step
    with torch.inference_mode():
        begins = range(0, module.steps(len(flat)) * module.step, stride)
        energies = torch.cat([module.energies(padded[begin : begin + stride + beyond]) for begin in begins])
        return module.of_energies(energies).numpy()
