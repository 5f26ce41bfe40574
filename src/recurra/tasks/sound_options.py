"""The options of the tasks on sound: how recordings are read, become features, and are changed in training."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeVar

from recurra.data import SoundFormat
from recurra.tasks.options import NETWORK, TableOptions, shapes_network
from recurra.training.option_fields import Described

__all__ = ["SOUND", "SoundOptions", "with_sound_defaults"]

SOUND = "Sound"
"""The heading of the options of sound."""

_DECIBELS = 40.0
"""The dynamic range of recordings where nobody said: chosen on spoken digits of held-out training speakers."""

_SPEED, _WARP, _SHIFT, _RATIO, _MASKS = 0.1, 0.1, 0.1, 10.0, 2
"""What changes recordings in training where nobody said."""


@dataclass(frozen=True, kw_only=True)
class SoundOptions(TableOptions):
    """A task that can be on recordings: how they are read, become features, and are changed in training.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two options do not go together.
    """

    rate: Annotated[
        int | None,
        Described(
            "Samples a second to which recordings are brought; by default 16,000, or the lowest that one has.",
            SOUND, minimum=1_000, maximum=400_000,
        ),
    ] = shapes_network(None)  # fmt: skip
    bands: Annotated[
        int, Described("Bands of the mel scale whose energies are a step's features.", SOUND, minimum=2, maximum=512)
    ] = shapes_network(40)
    cepstra: Annotated[
        int, Described("Cepstral coefficients (MFCC) of the bands; 0 for the bands.", SOUND, minimum=0, maximum=512)
    ] = shapes_network(0)
    longest_recording: Annotated[
        float, Described("Seconds that a recording may take at most.", SOUND, above=0, maximum=3600)
    ] = 3600.0
    dynamic_range: Annotated[
        float | None,
        Described(
            "Decibels below the loudest of a recording at which energies end, and relative to which they are; by "
            "default 40 for recordings that are read in both directions, else 0: as they are.",
            SOUND, minimum=0, maximum=200,
        ),
    ] = shapes_network(None)  # fmt: skip
    standardise: Annotated[
        Literal["data", "recording", "running"] | None,
        Described(
            "Over what a feature has mean 0 and variance 1: all data, the recording, or the recording so far; by "
            "default recordings read forwards are running, others without a dynamic range by recording, all else by "
            "all data.",
            SOUND,
        ),
    ] = shapes_network(None)
    speed: Annotated[
        float | None,
        Described(
            "Largest change of speed in training, as a share; by default 0.1 for recordings, else 0.",
            SOUND, minimum=0, maximum=1,
        ),
    ] = None  # fmt: skip
    shift: Annotated[
        float | None,
        Described(
            "Largest shift in time in training, as a share of a sequence; by default 0.1 for recordings to classify, "
            "else 0.",
            SOUND, minimum=0, below=1,
        ),
    ] = None  # fmt: skip
    warp: Annotated[
        float | None,
        Described(
            "Largest stretch of the frequencies in training, as a share, as of another voice; by default 0.1 for "
            "recordings.",
            SOUND, minimum=0, maximum=1,
        ),
    ] = None  # fmt: skip
    noise_ratio: Annotated[
        float | None,
        Described(
            "Lowest ratio of signal to noise, in decibels, of noise that half of the recordings get in training; by "
            "default 10; from 100 on it is nothing.",
            SOUND, minimum=-100, maximum=200,
        ),
    ] = None  # fmt: skip
    masks: Annotated[
        int | None,
        Described(
            "Stretches of time, and of bands, that are hidden in training (SpecAugment); by default 2 for recordings.",
            SOUND, minimum=0, maximum=100,
        ),
    ] = None  # fmt: skip
    bidirectional: Annotated[bool, Described("Whether sequences are read backwards too.", NETWORK)] = shapes_network(
        True
    )

    @property
    def decibels(self) -> float:
        """The dynamic range of recordings: a stream, which reads forwards, does not know yet what will be loudest."""
        if self.dynamic_range is None:
            return _DECIBELS * self.bidirectional
        return self.dynamic_range

    def sound_format(self, *, silent: bool) -> SoundFormat:
        """Return how recordings are read, and whether they may be silent."""
        return SoundFormat(rate=self.rate, longest=self.longest_recording, silent=silent)


Options = TypeVar("Options", bound=SoundOptions)


def with_sound_defaults(
    options: Options, /, *, rate: int | None, streams: bool, shift: float = _SHIFT, bands: bool = True
) -> Options:
    """Return options with what was left open filled in.

    Parameters
    ----------
    options
        As a person gave them.
    rate
        Samples a second of recordings; None where sequences are other numbers, or texts.
    streams
        Whether the network reads forwards alone.
    shift
        The default of the shift.
    bands
        Whether a step's features are energies in bands.
    """
    is_sound = rate is not None
    by_recording = "data" if options.decibels else "recording"
    usual: dict[str, Any] = {
        "rate": rate,
        "dynamic_range": options.decibels * is_sound,
        "standardise": ("running" if streams else by_recording) if is_sound else "data",
        "speed": _SPEED * is_sound,
        "shift": shift * is_sound,
        "warp": _WARP * (is_sound and bands),
        "noise_ratio": _RATIO if is_sound and bands else None,
        "masks": _MASKS * is_sound,
    }
    return replace(options, **{name: value for name, value in usual.items() if getattr(options, name) is None})
