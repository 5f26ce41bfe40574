"""A report: headline figures, and sections of blocks."""

from __future__ import annotations

from dataclasses import dataclass

from recurra.report.picture import Picture
from recurra.report.table import Heat, Table
from recurra.report.text import Code, Excerpts, Text
from recurra.report.token_text import TokenText

__all__ = ["Block", "Headline", "Report", "Section"]

Block = Text | Table | Heat | Picture | TokenText | Excerpts | Code
"""What a section may hold."""


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
