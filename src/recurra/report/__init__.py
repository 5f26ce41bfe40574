"""A page about a trained model: `Report` says what is on it, `render` makes it one HTML file that opens anywhere."""

from __future__ import annotations

from recurra.report.page import Report, render
from recurra.report.picture import Key, Picture
from recurra.report.report import Block, Headline, Section
from recurra.report.table import Bar, Heat, HeatCell, Table, TableCell
from recurra.report.text import Code, Excerpt, Excerpts, Text
from recurra.report.token_text import Passage, Token, TokenText

__all__ = [
    "Bar",
    "Block",
    "Code",
    "Excerpt",
    "Excerpts",
    "Headline",
    "Heat",
    "HeatCell",
    "Key",
    "Passage",
    "Picture",
    "Report",
    "Section",
    "Table",
    "TableCell",
    "Text",
    "Token",
    "TokenText",
    "render",
]


def __dir__() -> list[str]:
    return sorted(__all__)
