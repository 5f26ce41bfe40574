"""Recordings and images in a report, with what was made of them; and pictures of bands with words below."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from recurra.report.drawing import label_axes, picture
from recurra.report.numbers import shortened
from recurra.report.svg import Picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Image", "Images", "Recording", "Recordings", "alignment_picture", "wav_bytes"]

_COLUMNS, _LEVELS = 160, (0.5, 0.7, 0.85, 0.95)
"""Columns of a picture at most, and the shares of its values that its shades begin at."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A recording with its texts.

    Attributes
    ----------
    label
        Which it is.
    lines
        What it holds, and what was heard.
    sound
        A WAV file, which the page plays; empty where there is none.
    """

    label: str
    lines: tuple[str, ...]
    sound: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """Several recordings, one after another."""

    kind: ClassVar[str] = "recordings"
    title: str
    caption: str
    recordings: tuple[Recording, ...]


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image with what was made of it.

    Attributes
    ----------
    label
        Which it is, and what was made of it.
    png
        A PNG file.
    is_wrong
        Whether it is marked as an error.
    """

    label: str
    png: bytes
    is_wrong: bool = False


@dataclass(frozen=True, kw_only=True)
class Images:
    """Several images side by side."""

    kind: ClassVar[str] = "images"
    title: str
    caption: str
    images: tuple[Image, ...]


def wav_bytes(samples: np.ndarray, /, *, rate: int) -> bytes:
    """Return samples (count,) from -1 to 1 as a WAV file of 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def alignment_picture(
    values: np.ndarray, words: Sequence[tuple[str, float, float]], /, *, step: float, title: str, time: str
) -> Picture:
    """Draw features (steps, channels) as shades, and below them words where they begin and end.

    Parameters
    ----------
    values
        Energies in bands, or other channels.
    words
        Each with its begin and end, in the unit of time.
    step
        The time from one step to the next.
    title, time
        Which recording it is, and the name of the axis of time, with its unit.
    """
    stride = max(1, -(-len(values) // _COLUMNS))
    drawn = values[: len(values) // stride * stride].reshape(-1, stride, values.shape[1]).mean(1).T
    times = (np.arange(drawn.shape[1]) + 0.5) * stride * step

    def draw(axes: Axes) -> None:
        if min(drawn.shape) > 1:
            for level in np.unique(np.quantile(drawn, _LEVELS)):
                if level < drawn.max():
                    axes.contourf(times, np.arange(len(drawn)), drawn, [level, drawn.max()],
                                  colors=[sentinel("series-1")], alpha=0.3)  # fmt: skip
        below = -0.12 * len(drawn)
        for text, begin, end in words:
            axes.plot([begin, end], [below / 3, below / 3], color=sentinel("series-2"))
            axes.text((begin + end) / 2, below / 2, shortened(text, most=16), ha="center", va="top", fontsize="small")
        axes.set_ylim(2.4 * below, len(drawn))
        axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= len(drawn)])
        axes.set_xlim(0, max(len(values) * step, *(end for _, _, end in words), step))
        label_axes(axes, x=time, y="channel")

    said = " ".join(text for text, _, _ in words) or "nothing"
    return picture(
        draw,
        title=title,
        caption="The stronger the shade, the larger the value; below, what was heard, and where.",
        description=f"Shades of the channels over time, with the words below: {said}.",
        is_full=True,
    )
