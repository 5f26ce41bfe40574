"""How time grows with each size, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recurra.plan.questions import Growth
from recurra.report import Key, Picture, label_axes, log_scale, picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["growth_picture"]


def growth_picture(found: Sequence[Growth], /) -> Picture:
    """Return a picture of the time of a training step over multiples of each size."""

    def draw(axes: Axes) -> None:
        for number, each in enumerate(found, 1):
            begin = each.asked
            multiples = [size / begin for size in each.sizes]
            milliseconds = [1e3 * taken for taken in each.seconds]
            axes.plot(multiples, milliseconds, color=sentinel(f"series-{number}"), marker="o", markersize=3)
        log_scale(axes, of="x")
        log_scale(axes, of="y")
        label_axes(axes, x="times the size asked about", y="ms a training step")

    powers = ", ".join(f"{each.name} {each.exponent:.2f}" for each in found)
    return picture(
        draw,
        title="How the time grows",
        caption=f"Exponents from the size asked about to four times it: {powers}.",
        description=f"Time of a training step over multiples of each size; exponents: {powers}.",
        keys=tuple(Key(each.name, f"series-{number}") for number, each in enumerate(found, 1)),
        is_full=True,
    )
