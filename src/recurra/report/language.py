"""A language model in pictures: the loss by position, how frequent tokens are, what it writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recurra.report.checks import finite
from recurra.report.decimation import thinned
from recurra.report.drawing import draw_thinned, label_axes, log_scale, picture
from recurra.report.numbers import percent, plain
from recurra.report.palette import sentinel
from recurra.report.picture import Key, Picture
from recurra.report.text import Excerpt, Excerpts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["position_picture", "samples", "zipf_picture"]

_POINTS = 150


def position_picture(losses: np.ndarray, /, *, unit: str = "", position: str = "position") -> Picture:
    """Draw the mean loss (positions,) by position in a sequence or window, from its first token on.

    Parameters
    ----------
    losses
        (positions,).
    unit
        Of the loss, such as "bits a token", if it has one.
    position
        What a position is called.
    """
    points = thinned(np.arange(1, len(losses) + 1), losses)
    known = finite(losses)
    mean = float(known.mean()) if len(known) else None
    said = f"{plain(mean)} {unit}".strip()

    def draw(axes: Axes) -> None:
        draw_thinned(axes, points, "series-1")
        if mean is not None:
            axes.axhline(mean, color=sentinel("series-2"), linestyle="--", linewidth=1.2)
        label_axes(axes, x=position, y=f"loss ({unit})" if unit else "loss")

    return picture(
        draw,
        title="Loss by position",
        caption=f"Where the line falls, what came before helps; where it is level, more context changes nothing. "
        f"Mean: {said}.",
        description=f"Line chart of the loss by {position}; its mean is {said}.",
        keys=(Key("loss", "series-1"), Key("mean", "series-2", "dashed")),
    )


def samples(written: Sequence[tuple[int, str]], /, *, prompt: str = "") -> Excerpts:
    """Show what the model wrote during training: (step, text) in order."""
    caption = f"Each goes on from the prompt {prompt!r}." if prompt else "Drawn from the model without a prompt."
    return Excerpts(
        title="Samples during training",
        caption=caption,
        excerpts=tuple(Excerpt(f"step {step:,}", text) for step, text in written),
    )


def zipf_picture(counts: np.ndarray, /, *, unknown: float | None = None) -> Picture:
    """Draw how often tokens occur, by their rank (Zipf, 1935).

    Parameters
    ----------
    counts
        (tokens,) how often each token of the vocabulary occurs, in any order.
    unknown
        The share of the text that the vocabulary has no token for, if it is known.
    """
    frequent = np.sort(counts[counts > 0])[::-1]
    ranks = np.arange(1, len(frequent) + 1)
    kept = np.unique(np.geomspace(1, max(1, len(frequent)), _POINTS).astype(int)) - 1 if len(frequent) else []

    def draw(axes: Axes) -> None:
        axes.plot(ranks[kept], frequent[kept], color=sentinel("series-1"))
        if len(frequent):
            log_scale(axes, of="x")
            log_scale(axes, of="y")
        label_axes(axes, x="rank, logarithmic", y="occurrences, logarithmic")

    rare = int((frequent == 1).sum())
    missing = f" {percent(unknown)} of the test part is not among them." if unknown is not None else ""
    text = f"{len(frequent):,} tokens occur, {rare:,} of them once.{missing}"
    return picture(
        draw,
        title="How often tokens occur",
        caption=f"{text} A straight line is what texts usually show.",
        description=f"Line chart of occurrences by rank, both logarithmic. {text}",
    )
