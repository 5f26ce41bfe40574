"""What the learning-rate finder saw: the loss while the rate rises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recurra.errors import InputError
from recurra.report.decimation import thinned
from recurra.report.drawing import label_axes, log_scale, picture
from recurra.report.numbers import plain
from recurra.report.palette import sentinel
from recurra.report.picture import Key, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["finder_picture"]


def finder_picture(rates: np.ndarray, losses: np.ndarray, /, *, chosen: float | None = None) -> Picture:
    """Draw what the learning-rate finder saw: the loss (count,) at rates (count,) that rise.

    Raises
    ------
    InputError
        If there are not as many losses as rates.
    """
    if rates.shape != losses.shape:
        raise InputError(f"{rates.shape} rates and {losses.shape} losses; expected as many of each")
    points = thinned(rates, losses)

    def draw(axes: Axes) -> None:
        axes.plot(points.x, points.middle, color=sentinel("series-1"))
        if np.isfinite(points.middle).any():
            axes.set_ylim(*_without_explosion(points.middle))
        if chosen is not None:
            axes.axvline(chosen, color=sentinel("series-2"), linestyle="--", linewidth=1.4)
        log_scale(axes, of="x")
        label_axes(axes, x="learning rate, logarithmic", y="loss")

    choice = f"Chosen: {plain(chosen)}, where the loss falls steeply." if chosen is not None else ""
    return picture(
        draw,
        title="Search for a learning rate",
        caption=f"The loss while the rate rises from step to step. {choice}".strip(),
        description=f"Line chart of the loss by learning rate. {choice}".strip(),
        keys=(Key("loss", "series-1"), *([Key("chosen", "series-2", "dashed")] if chosen is not None else [])),
    )


def _without_explosion(losses: np.ndarray) -> tuple[float, float]:
    """Return bounds that show the losses but for those that explode at the end."""
    least, most = float(np.nanmin(losses)), float(np.nanpercentile(losses, 90))
    room = 0.1 * (most - least) or 0.1 * abs(least) or 1.0
    return least - room, most + room
