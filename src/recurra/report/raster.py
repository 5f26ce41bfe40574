"""Pictures as PNG files too: what is drawn inside `rastered` is kept as pixels, in the colours of the light page."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.report.palette import PALETTE, sentinel
from recurra.report.picture import Key, wrapped

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

__all__ = ["is_rastered", "keep_raster", "rastered"]

_DOTS = 144
"""Pixels an inch: twice as many as the page has."""

_COLOURS = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")

_kept: ContextVar[dict[str, bytes] | None] = ContextVar("kept pictures", default=None)


@contextmanager
def rastered() -> Iterator[dict[str, bytes]]:
    """Keep every picture that is drawn inside as a PNG file too, by its title."""
    found: dict[str, bytes] = {}
    token = _kept.set(found)
    try:
        yield found
    finally:
        _kept.reset(token)


def is_rastered() -> bool:
    """Say whether pictures are kept as PNG files now."""
    return _kept.get() is not None


def keep_raster(figure: Figure, /, *, title: str, description: str, keys: Sequence[Key]) -> None:
    """Keep a figure that was drawn with the colours of `sentinel`; it is given title and legend, and recoloured."""
    kept = _kept.get()
    if kept is None:
        return
    _head(figure, title, keys)
    figure.draw_without_rendering()  # ticks are made as they are drawn
    for artist in figure.findobj():
        _recolour(artist)
    file = io.BytesIO()
    said = {"Software": None, "Title": title, "Description": description}
    figure.savefig(file, format="png", dpi=_DOTS, facecolor=PALETTE["paper"][0], metadata=said)
    kept[title] = file.getvalue()


def _head(figure: Figure, title: str, keys: Sequence[Key]) -> None:
    """Make a figure higher, and write its title and its legend there."""
    width, height = figure.get_size_inches() * 72
    columns = max(1, min(len(keys), int(width // (40 + 7.2 * max((len(key.label) for key in keys), default=1)))))
    lines = [*wrapped(title, width=width - 24, size=14)]
    rows = -(-len(keys) // columns)
    above = 12 + 19 * len(lines) + 18 * rows
    total = height + above
    figure.set_size_inches(width / 72, total / 72)
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, box.y0 * height / total, box.width, box.height * height / total))
    style = {"fontsize": 14, "fontweight": "bold", "va": "top"}
    figure.text(12 / width, 1 - 8 / total, "\n".join(lines), color=sentinel("ink"), **style)
    if keys:
        place = (6 / width, 1 - (8 + 19 * len(lines)) / total)
        figure.legend(
            handles=[_handle(key) for key in keys], loc="upper left", bbox_to_anchor=place, ncols=columns,
            frameon=False, fontsize=12, labelcolor=sentinel("muted"), borderpad=0.2, labelspacing=0.3,
        )  # fmt: skip


def _handle(key: Key) -> Artist:
    """Return an entry of the legend, drawn as what it stands for."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    colour = sentinel(key.colour)
    if key.mark == "area":
        return Patch(facecolor=colour, alpha=0.4, label=key.label)
    if key.mark == "dot":
        return Line2D([], [], color=colour, marker="o", linestyle="", label=key.label)
    if key.mark == "ring":
        return Line2D([], [], color=colour, marker="o", linestyle="", markerfacecolor="none", label=key.label)
    line = Line2D([], [], color=colour, label=key.label)
    if key.mark == "dashed":
        line.set_linestyle("--")
    if key.mark == "dotted":
        line.set_linestyle(":")
    return line


def _recolour(artist: Any) -> None:
    """Replace each stand-in for a colour by the colour of the light page; opacity stays."""
    from matplotlib.colors import to_rgba_array

    for name in _COLOURS:
        getter, setter = (getattr(artist, f"{verb}_{name}", None) for verb in ("get", "set"))
        if getter is None or setter is None:
            continue
        given = to_rgba_array(getter())
        real = _real(given)
        if not np.array_equal(real, given):
            setter(real if len(real) > 1 else tuple(real[0]))


def _real(colours: np.ndarray) -> np.ndarray:
    """Return colours (count, 4) with the palette's in place of their stand-ins."""
    from matplotlib.colors import to_rgb

    found = colours.copy()
    for name, (light, _) in PALETTE.items():
        stands_in = np.isclose(colours[:, :3], to_rgb(sentinel(name)), atol=1e-3).all(1)
        found[stands_in, :3] = to_rgb(light)
    return found
