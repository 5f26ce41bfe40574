"""The words of pages that are made, in Chinese: tables of results, and what stands around the equations of a cell.

`words.zh.toml` has them, by what the page says in English: texts, and texts with numbered places, in which anything may
stand. What stands there is looked up as well, and what no text fits stays as it is: names, numbers, equations.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_suffix(".zh.toml")
BLOCKS = re.compile(r"(^ *```.*?^ *```$|^\$\$.*?^\$\$$)", re.DOTALL | re.MULTILINE)
LINE = re.compile("^( *)(.+)$", re.MULTILINE)
PLACE = re.compile(r"\\\{(\d)\\\}")


def in_chinese(page: str, *, of: str) -> str:
    """Return what is made of a page with its words in Chinese, which a table of `words.zh.toml` has; code stays."""

    def line(found: re.Match[str]) -> str:
        indent, text = found.groups()
        if text.startswith("| "):
            return f"{indent}| {' | '.join(chinese(cell, of) for cell in text[2:-2].split(' | '))} |"
        return indent + chinese(text, of)

    return "".join(piece if BLOCKS.fullmatch(piece) else LINE.sub(line, piece) for piece in BLOCKS.split(page))


@cache
def chinese(text: str, of: str) -> str:
    """Return a text in Chinese; as it is where there are no words for it."""
    if text in words()[of]:
        return words()[of][text]
    for pattern, into in _patterns(of):
        if found := pattern.fullmatch(text):
            return re.sub(r"\{(\d)\}", lambda place: chinese(found[f"_{place[1]}"], of), into)
    return text


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the Chinese of each text, of cells and of results."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def _patterns(of: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the texts with places, the longest first."""
    texts = sorted((text for text in words()[of] if "{1}" in text), key=len, reverse=True)
    return [(re.compile(PLACE.sub(r"(?P<_\1>.+?)", re.escape(text))), words()[of][text]) for text in texts]
