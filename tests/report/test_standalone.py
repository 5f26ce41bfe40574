"""Pictures as files: title, legend and caption in them, and right colours without a browser."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from report_cases import drawn_anew, every_picture

from recurra.report import Picture, rastered, standalone_svg
from recurra.report.svg import PALETTE, wrapped

SVG = "{http://www.w3.org/2000/svg}"
LIGHT, DARK = ({pair[scheme] for pair in PALETTE.values()} for scheme in (0, 1))
PICTURES: Mapping[str, Picture] = every_picture()


@pytest.mark.parametrize("title", PICTURES)
def test_a_file_has_its_colours_without_css(title: str) -> None:
    """Inkscape, PowerPoint and converters read no variables: what is drawn has a light colour as an attribute."""
    text = standalone_svg(PICTURES[title])
    root = ElementTree.fromstring(text)
    assert "var(" not in text
    assert " style=" not in text
    colours = {e.attrib[name] for e in root.iter() for name in ("fill", "stroke") if name in e.attrib} - {"none"}
    assert colours <= LIGHT
    assert {PALETTE["paper"][0], PALETTE["ink"][0]} <= colours
    assert all("fill" in element.attrib for element in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("title", PICTURES)
def test_a_file_turns_dark(title: str) -> None:
    """The style sheet has a rule for each class, and every rule a dark colour of the same name."""
    root = ElementTree.fromstring(standalone_svg(PICTURES[title]))
    css = root.findtext(f"{SVG}style") or ""
    rules = dict(re.findall(r"\.([\w-]+) \{ \w+: (#\w{6}) \}", css))
    classes = {name for element in root.iter() for name in element.attrib.get("class", "").split()}
    assert css.startswith("@media (prefers-color-scheme: dark)")
    assert classes == set(rules)
    for name, colour in rules.items():
        assert PALETTE[name.partition("-")[2]][1] == colour


@pytest.mark.parametrize("title", PICTURES)
def test_a_file_says_what_it_shows(title: str) -> None:
    picture = PICTURES[title]
    root = ElementTree.fromstring(standalone_svg(picture))
    shown = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    for said in (picture.title, picture.caption, *(key.label for key in picture.keys)):
        assert " ".join(said.split()) in " ".join(shown.split())
    assert root.findtext(f"{SVG}title") == " ".join(picture.title.split())
    assert root.findtext(f"{SVG}desc") == " ".join(picture.description.split())


@pytest.mark.parametrize("title", PICTURES)
def test_nothing_lies_outside_or_on_the_picture(title: str) -> None:
    """Title and legend end above the picture, the caption begins below it, and the page is as high as all."""
    picture = PICTURES[title]
    root = ElementTree.fromstring(standalone_svg(picture))
    high = float(ElementTree.fromstring(picture.wide).attrib["viewBox"].split()[3])
    total = float(root.attrib["height"])
    body = root.find(f"{SVG}g")
    assert body is not None
    inner = body.find(f"{SVG}g")
    assert inner is not None
    top = float(inner.attrib["transform"].split()[1].rstrip(")"))
    lines = [float(text.attrib["y"]) for text in body.findall(f"{SVG}text")]
    assert all(y < top or top + high < y < total for y in lines)
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"


def test_lines_are_as_wide_as_the_picture() -> None:
    said = "one two three four five six"
    lines = list(wrapped(said, width=60, size=10))
    assert " ".join(lines) == said
    assert 1 < len(lines) < 6
    assert list(wrapped("", width=60, size=10)) == []
    assert list(wrapped("天气 很好", width=35, size=10)) == ["天气", "很好"]


def test_a_png_has_title_and_legend() -> None:
    """It is higher than the picture, and its title and description stand in its text chunks."""
    with rastered() as pixels:
        pictures = drawn_anew()
    for title, content in pixels.items():
        picture = pictures[title]
        width, height = struct.unpack(">II", content[16:24])
        wide = [float(number) for number in ElementTree.fromstring(picture.wide).attrib["viewBox"].split()[2:]]
        assert width == 2 * wide[0]
        assert height >= 2 * (wide[1] + 30 + 18 * bool(picture.keys)) - 2
        assert b"Title\0" in content
        assert b"Description\0" in content
