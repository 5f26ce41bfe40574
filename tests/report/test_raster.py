"""Pictures as PNG files: in the palette's colours, only where they are asked for."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes

from recurra.report import picture, rastered, sentinel
from recurra.report.svg import PALETTE


def draw(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color=sentinel("series-1"), linewidth=6)
    axes.fill_between([0, 1], [0, 0], [1, 1], color=sentinel("series-2"))


def test_the_colours_are_the_light_page_s() -> None:
    from matplotlib.image import imread

    with rastered() as kept:
        picture(draw, title="A line", caption="", description="")
    pixels = np.round(255 * imread(io.BytesIO(kept["A line"]), format="png")[..., :3]).astype(int).reshape(-1, 3)
    colours = {"#" + "".join(f"{channel:02x}" for channel in pixel) for pixel in np.unique(pixels, axis=0)}
    assert {PALETTE[name][0] for name in ("paper", "series-1", "series-2")} <= colours
    assert not {sentinel(name) for name in PALETTE} & colours


def test_the_picture_of_the_page_is_the_same() -> None:
    plain = picture(draw, title="A line", caption="", description="")
    with rastered():
        assert picture(draw, title="A line", caption="", description="") == plain
