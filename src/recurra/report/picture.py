"""A picture with its title, legend, caption and description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from recurra.report.layout import Width

__all__ = ["Key", "Picture"]


@dataclass(frozen=True)
class Key:
    """An entry of a picture's legend.

    Attributes
    ----------
    label
        What it is.
    colour
        A name of the palette.
    mark
        How it is drawn.
    """

    label: str
    colour: str
    mark: Literal["line", "dashed", "dotted", "dot", "area"] = "line"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as inline SVG, drawn twice: for a wide screen and for a phone. `picture` draws one.

    Attributes
    ----------
    title
        Above it.
    caption
        Below it: what to see.
    description
        What it shows, for those who do not see it.
    wide, narrow
        The SVG elements, with colours from the page's variables. They are markup: the page takes them as they are.
    keys
        The legend.
    width
        The room that it takes on a wide screen.
    """

    kind: ClassVar[str] = "picture"
    title: str
    caption: str
    description: str
    wide: str
    narrow: str
    keys: tuple[Key, ...] = ()
    width: Width = "half"
