"""Pictures as PNG files too: what is drawn inside `rastered` is kept as pixels, in the colours of the light page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.report.palette import PALETTE, sentinel

if TYPE_CHECKING:
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


def keep_raster(title: str, figure: Figure, /) -> None:
    """Keep a figure that was drawn with the colours of `sentinel`; it is recoloured."""
    kept = _kept.get()
    if kept is None:
        return
    figure.draw_without_rendering()  # ticks are made as they are drawn
    for artist in figure.findobj():
        _recolour(artist)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DOTS, facecolor=PALETTE["paper"][0], metadata={"Software": None})
    kept[title] = file.getvalue()


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
