"""A picture with its title, legend, caption and description; and as a file of its own, right in every viewer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal
from unicodedata import east_asian_width
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement
from zlib import crc32

from recurra.report.layout import Width
from recurra.report.numbers import in_line
from recurra.report.palette import PALETTE
from recurra.report.svg import numbered

__all__ = ["Key", "Picture", "standalone_svg", "wrapped"]

_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
_MARGIN, _TITLE, _TEXT = 12, 16, 12
_TITLE_LINE, _TEXT_LINE, _MARK = 22, 18, 22


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
    mark: Literal["line", "dashed", "dotted", "dot", "ring", "area"] = "line"


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

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it: the SVG file, with ids that no other picture of the page has."""
        svg = standalone_svg(self)
        return numbered(svg, prefix=f"p{crc32(svg.encode()):x}")


def standalone_svg(picture: Picture, /) -> str:
    """Return a picture as an SVG file of its own: light, or dark where the viewer is.

    Colours are attributes, which every viewer and converter knows; style sheets only change them where the viewer is
    dark. Title, legend and caption are drawn; title and description are said, too, for those who do not see them.
    """
    drawn = ElementTree.fromstring(picture.wide)
    width, height = (float(number) for number in drawn.attrib["viewBox"].split()[2:])
    body = Element("g", transform=f"translate({_MARGIN} 0)")
    top = _heading(body, picture, width)
    inner = SubElement(body, "g", transform=f"translate(0 {top:g})")
    inner.extend(list(drawn))
    bottom = _lines(body, picture.caption, top + height + _TEXT, width, colour="muted", size=_TEXT)
    total = bottom + _MARGIN
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "viewBox": f"0 0 {width + 2 * _MARGIN:g} {total:g}", "width": f"{width + 2 * _MARGIN:g}",
            "height": f"{total:g}", "role": "img",
            "font-family": _FONT,
        },
    )  # fmt: skip
    SubElement(root, "title").text = in_line(picture.title)
    SubElement(root, "desc").text = in_line(picture.description)
    style = SubElement(root, "style")
    SubElement(root, "rect", {"width": "100%", "height": "100%", "style": "fill: var(--paper)"})
    root.append(body)
    style.text = _dark({found for element in root.iter() for found in _with_attributes(element)})
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def wrapped(text: str, /, *, width: float, size: float) -> Iterator[str]:
    """Yield a text in lines of at most a width in pixels, as far as it can be known without the font."""
    line = ""
    for word in in_line(text).split():
        longer = f"{line} {word}" if line else word
        if line and _width(longer, size) > width:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _width(text: str, size: float) -> float:
    return sum(size if east_asian_width(letter) in "WF" else 0.58 * size for letter in text)


def _heading(body: Element, picture: Picture, width: float) -> float:
    """Draw title and legend; return where the picture begins."""
    y = _lines(body, picture.title, _MARGIN + _TITLE, width, colour="ink", size=_TITLE, step=_TITLE_LINE)
    x = 0.0
    for number, key in enumerate(picture.keys):
        room = _MARK + 6 + _width(in_line(key.label), _TEXT) + 18
        if number and x + room > width:
            x, y = 0.0, y + _TEXT_LINE
        _mark(body, key, x, y)
        _text(body, in_line(key.label), x + _MARK + 6, y + _TEXT, colour="muted", size=_TEXT)
        x += room
    return y + (_TEXT_LINE + 4 if picture.keys else 4)


def _lines(
    body: Element, text: str, y: float, width: float, *, colour: str, size: int, step: float = _TEXT_LINE
) -> float:
    """Draw a text from a baseline on; return where it ends."""
    for line in wrapped(text, width=width, size=size):
        _text(body, line, 0, y, colour=colour, size=size)
        y += step
    return y - size


def _text(body: Element, text: str, x: float, y: float, *, colour: str, size: int) -> None:
    weight = {"font-weight": "600"} if size == _TITLE else {}
    place = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size}", **weight}
    SubElement(body, "text", {**place, "style": f"fill: var(--{colour})"}).text = text


def _mark(body: Element, key: Key, x: float, y: float) -> None:
    """Draw an entry of the legend as the picture draws what it stands for."""
    middle = y + _TEXT / 2 + 2
    if key.mark == "dot":
        place = {"cx": f"{x + _MARK / 2:g}", "cy": f"{middle:g}", "r": "4"}
        SubElement(body, "circle", {**place, "style": f"fill: var(--{key.colour})"})
    elif key.mark == "ring":
        place = {"cx": f"{x + _MARK / 2:g}", "cy": f"{middle:g}", "r": "4"}
        SubElement(body, "circle", {**place, "style": f"fill: none; stroke: var(--{key.colour}); stroke-width: 1.6"})
    elif key.mark == "area":
        place = {"x": f"{x:g}", "y": f"{middle - 5:g}", "width": f"{_MARK}", "height": "10"}
        SubElement(body, "rect", {**place, "style": f"fill: var(--{key.colour}); opacity: 0.4"})
    else:
        dashes = {"line": "", "dashed": "; stroke-dasharray: 6 3", "dotted": "; stroke-dasharray: 1.5 2.5"}[key.mark]
        place = {"d": f"M {x:g} {middle:g} h {_MARK}"}
        SubElement(body, "path", {**place, "style": f"stroke: var(--{key.colour}); stroke-width: 2{dashes}"})


def _with_attributes(element: Element) -> Iterator[tuple[str, str]]:
    """Write an element's style as attributes; yield each property whose colour is of the palette, with its name."""
    classes = []
    for part in filter(None, element.attrib.pop("style", "").split(";")):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        found = _VARIABLE.fullmatch(value)
        element.set(name, PALETTE[found[1]][0] if found else value)
        if found:
            classes.append(f"{name}-{found[1]}")
            yield name, found[1]
    if classes:
        element.set("class", " ".join(classes))
    if "href" in element.attrib:
        element.set("xlink:href", element.attrib["href"])  # SVG 1.1, which many converters stop at


def _dark(used: set[tuple[str, str]]) -> str:
    rules = (f".{name}-{colour} {{ {name}: {PALETTE[colour][1]} }}" for name, colour in sorted(used))
    return f"@media (prefers-color-scheme: dark) {{ {' '.join(rules)} }}"
