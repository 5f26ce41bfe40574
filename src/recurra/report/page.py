"""A report as one HTML page that needs nothing beside itself: headline figures, and sections of blocks."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

from recurra.messages import language_now, translated
from recurra.report.blocks import Code, Excerpts, Heat, Table, Text
from recurra.report.recordings import Images, Recordings
from recurra.report.svg import HEAT, PALETTE, Picture, numbered
from recurra.report.tokens import TokenText

__all__ = [
    "Block",
    "Headline",
    "Report",
    "Section",
    "placed",
    "render",
]

Block = Text | Table | Heat | Picture | TokenText | Excerpts | Code | Recordings | Images
"""What a section may hold."""

_TEMPLATE = "report.html.jinja"


@dataclass(frozen=True, kw_only=True)
class Headline:
    """A figure at the top of the page.

    Attributes
    ----------
    label
        What it is: "test MASE".
    value
        The figure as it is shown: "0.71".
    detail
        What to compare it with: "seasonal naive 1.00".
    """

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page under a heading, which the contents link to."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A page.

    Attributes
    ----------
    title
        What the model is: "Forecast of sunspots".
    subtitle
        A sentence below it: from what data, and how it was trained.
    headlines
        The figures that count.
    sections
        In the order of the page.
    footer
        A line at the end, such as the version and the date.
    """

    title: str
    subtitle: str = ""
    headlines: tuple[Headline, ...] = ()
    sections: tuple[Section, ...] = ()
    footer: str = ""

    def _repr_html_(self) -> str:
        """Return the page in a frame, so that neither it nor a notebook around it styles the other."""
        page, title = escape(render(self)), escape(self.title)
        return f'<iframe srcdoc="{page}" title="{title}" style="width: 100%; height: 40rem; border: 0"></iframe>'


def render(report: Report, /) -> str:
    """Return a report as an HTML page.

    The page is whole: pictures, style and script stand in it, and its content security policy forbids to load
    anything. All texts are escaped. The same report gives the same page.

    Examples
    --------
    >>> from recurra.report import Report, Section, Text, render
    >>> data = Section(title="Data", blocks=(Text("120 rows"),))
    >>> page = render(Report(title="Forecast of <sales>", sections=(data,)))
    >>> "<h1>Forecast of &lt;sales&gt;</h1>" in page, "120 rows" in page
    (True, True)
    """
    script = _file("script.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template(_TEMPLATE)
        .render(
            report=report,
            language=language_now(),
            sections=list(_anchored(report.sections)),
            colours=Markup(_colours()),
            style=Markup(_file("style.css")),
            script=Markup(script),
            script_hash=f"sha256-{digest}",
        )
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("recurra.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["t"] = _translated
    environment.filters["base64"] = lambda content: base64.b64encode(content).decode()
    environment.filters["numbered"] = lambda svg, prefix: Markup(numbered(svg, prefix=prefix))
    return environment


@jinja2.pass_context  # else what stands in a template would be translated once, into the language of its first page
def _translated(_: jinja2.runtime.Context, text: str) -> str:
    return translated(text)


def _file(name: str) -> str:
    return files("recurra.report").joinpath("templates", name).read_text(encoding="utf-8")


def _anchored(sections: Sequence[Section]) -> Iterator[tuple[str, Section, list[tuple[Block, str]]]]:
    """Yield each section with an anchor, its title's words and a number where two are the same, and placed blocks."""
    taken = {"content"}
    for section in sections:
        words = "-".join(re.findall(r"\w+", section.title.lower())) or "section"
        choices = [words, *(f"{words}-part-{number}" for number in range(2, len(sections) + 2))]
        anchor = next(choice for choice in choices if choice not in taken)
        taken.add(anchor)
        yield anchor, section, placed(section.blocks)


def placed(blocks: Sequence[Block], /) -> list[tuple[Block, str]]:
    """Return each block with its place on a wide screen: "half", "full", or "alone" for a half that has no neighbour.

    Examples
    --------
    >>> from recurra.report import Table, Text
    >>> from recurra.report.page import placed
    >>> half = Table(title="", header=("a",), rows=(), width="half")
    >>> [place for _, place in placed((half, half, half, Text("")))]
    ['half', 'half', 'alone', 'full']
    """
    places = [block.room if isinstance(block, Table) else getattr(block, "width", "full") for block in blocks]
    found: list[str] = []
    for place in places:
        if place == "half" and found and found[-1] == "alone":
            found[-1] = "half"
            found.append("half")
        else:
            found.append("alone" if place == "half" else "full")
    return list(zip(blocks, found, strict=True))


def _colours() -> str:
    """Return the palette as CSS: light, dark if the system or the reader says so, light on paper."""
    light, dark = (_declarations(scheme) for scheme in (0, 1))
    return (
        f":root {{ color-scheme: light; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {dark} }} }}\n"
        f"@media screen {{\n"
        f':root[data-theme="light"] {{ color-scheme: light; {light} }}\n'
        f':root[data-theme="dark"] {{ color-scheme: dark; {dark} }}\n'
        f"}}"
    )


def _declarations(scheme: int) -> str:
    colours = {name: colours[scheme] for name, colours in PALETTE.items()}
    heat = colours["series-1"]
    channels = " ".join(str(int(heat[start : start + 2], 16)) for start in (1, 3, 5))
    plain = "; ".join(f"--{name}: {colour}" for name, colour in colours.items())
    return f"{plain}; --heat-rgb: {channels}; --heat-most: {HEAT}; --edge: {colours['muted']}66;"
