"""What a report is made of: headline figures, and sections of blocks."""

from __future__ import annotations

from dataclasses import dataclass

from recurra.report.blocks import Heat, Table
from recurra.report.picture import Picture
from recurra.report.text import Code, Excerpts, Text
from recurra.report.token_text import TokenText

__all__ = ["Block", "Headline", "Section"]

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
