"""matplotlib's SVG made fit to stand in a page: colours from its variables, its font, no ballast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from recurra.report.numbers import in_line
from recurra.report.palette import PALETTE, sentinel, variable

__all__ = ["CRISP", "inlined", "numbered"]

CRISP = "crisp"
"""The gid of what is drawn without anti-aliasing, which would leave light seams between neighbours."""

_COLOURS = {sentinel(name): variable(name) for name in PALETTE}
_SENTINEL = re.compile("|".join(_COLOURS))
_REFERENCE = re.compile(r"(?:^|url\()#([\w-]+)")
_NUMBER = re.compile(r"-?\d+\.\d+")
_ID_IN_TAG = re.compile(r'(?<= id=")|(?<= href="#)|(?<=url\(#)')
_TAG = re.compile(r"<[^>]+>")
_BALLAST = ("metadata", "style")
_DEFAULTS = {"fill: #000000", "stroke-linecap: butt", "stroke-linejoin: round", "text-anchor: start"}


def inlined(svg: str, /, *, description: str) -> str:
    """Return a file of matplotlib's as an SVG element for a page.

    Parameters
    ----------
    svg
        What matplotlib has written, drawn with the colours of `sentinel`.
    description
        What screen readers say.
    """
    root = ElementTree.fromstring(svg)
    _drop_ballast(root)
    referenced = set(_referenced(root))
    for element in root.iter():
        element.tag = _local(element.tag)
        element.text, element.tail = (element.text if element.tag == "text" else None), None
        element.attrib = {_local(key): value for key, value in element.attrib.items()}
        _clean(element, referenced)
    root.attrib = {"viewBox": root.attrib["viewBox"], "role": "img", "aria-label": in_line(description)}
    _unwrap(root)
    return ElementTree.tostring(root, encoding="unicode")


def numbered(svg: str, /, *, prefix: str) -> str:
    """Return an SVG element with a prefix before its ids, so that no two of a page are the same."""
    return _TAG.sub(lambda tag: _ID_IN_TAG.sub(f"{prefix}-", tag[0]), svg)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _drop_ballast(element: Element) -> None:
    for child in list(element):
        if _local(child.tag) in _BALLAST:
            element.remove(child)
        else:
            _drop_ballast(child)


def _referenced(root: Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if _local(key) in ("href", "clip-path"):
                yield from _REFERENCE.findall(value)


def _clean(element: Element, referenced: set[str]) -> None:
    """Drop ids that nothing refers to, round coordinates, and write colours as variables."""
    attributes = element.attrib
    if attributes.get("id") == CRISP:
        attributes["shape-rendering"] = "crispEdges"
    if attributes.get("id") not in referenced:
        attributes.pop("id", None)
    if attributes.get("transform", "").startswith("rotate(-0 "):
        del attributes["transform"]
    for key in attributes.keys() & {"d", "x", "y", "transform", "width", "height"}:
        attributes[key] = _NUMBER.sub(_rounded, " ".join(attributes[key].split()))
    if "style" in attributes:
        attributes["style"] = _style(attributes["style"])


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _style(style: str) -> str:
    """Return a style without fonts, which are the page's, and with variables for colours."""
    parts = (part.strip() for part in style.split(";"))
    kept = (part for part in parts if part and not part.startswith("font-family") and part not in _DEFAULTS)
    return _SENTINEL.sub(lambda found: _COLOURS[found[0]], "; ".join(kept))


def _unwrap(element: Element) -> None:
    """Replace groups that say nothing by what they hold."""
    children = []
    for child in element:
        _unwrap(child)
        children += list(child) if child.tag == "g" and not child.attrib else [child]
    element[:] = [child for child in children if not _is_empty(child)]


def _is_empty(element: Element) -> bool:
    """Return whether an element draws nothing: empty definitions, or a path with neither fill nor stroke."""
    if element.tag in ("defs", "g"):
        return not len(element)
    return element.tag == "path" and element.get("style") == "fill: none"
