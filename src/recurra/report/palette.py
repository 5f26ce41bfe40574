"""The colours of a report, each for a light and for a dark page, told apart without red and green too."""

from __future__ import annotations

from collections.abc import Mapping

from recurra.errors import InputError

__all__ = ["HEAT", "PALETTE", "sentinel", "variable"]

PALETTE: Mapping[str, tuple[str, str]] = {
    "paper": ("#fdfdfc", "#15171b"),
    "panel": ("#f4f4f1", "#1d2026"),
    "ink": ("#1c1d20", "#e8e8e4"),
    "muted": ("#5b5e66", "#a6aab3"),
    "rule": ("#dcdbd6", "#353942"),
    "link": ("#2a5aa6", "#8ab8f5"),
    "wrong": ("#b3261e", "#ff8f85"),
    "series-1": ("#3265b0", "#5fa2f0"),
    "series-2": ("#cc7620", "#fe9b38"),
    "series-3": ("#259a8b", "#75e7c9"),
    "series-4": ("#9c1b4b", "#ba6781"),
}
"""Name -> (light, dark), as #rrggbb. The page has each as a CSS variable `--name`.

The four series keep a distance of 0.1 or more in OKLab for full colour vision and for the three kinds of
dichromacy as Machado, Oliveira & Fernandes (2009) simulate them, and a contrast of 3 or more with the paper.
"""

HEAT = 0.55
"""The opacity of the first series' colour behind a text at the top of a scale: the text stays readable."""

_SENTINEL = "#fe01{:02x}"


def sentinel(name: str, /) -> str:
    """Return what stands for a colour of the palette while a picture is drawn.

    matplotlib knows no CSS variables. So it draws with colours that nobody would choose, and `inlined` replaces
    them by variables: one picture then serves the light page and the dark one.

    Raises
    ------
    InputError
        If the palette has no such colour.

    Examples
    --------
    >>> from recurra.report.palette import sentinel
    >>> sentinel("paper")
    '#fe0100'
    """
    if name not in PALETTE:
        raise InputError(f"there is no colour {name!r}; expected one of {', '.join(PALETTE)}")
    return _SENTINEL.format(list(PALETTE).index(name))


def variable(name: str, /) -> str:
    """Return a colour as CSS writes it: `var(--ink)`."""
    return f"var(--{name})"
