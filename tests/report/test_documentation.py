"""The page about reports lists every function that makes a picture, a table or a text in tokens."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import recurra.report


def listed(root: Path) -> list[str]:
    page = (root / "docs" / "report.md").read_text(encoding="utf-8")
    section = page.split("\n## Pictures and tables\n")[1].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def makers() -> list[str]:
    """Return the public functions that return a block or pictures; `picture` is in the text below the table."""
    blocks = r"Picture|Table|Heat|TokenText|Passage|Excerpts"
    public = {name: getattr(recurra.report, name) for name in dir(recurra.report)}
    functions = {name: value for name, value in public.items() if inspect.isfunction(value) and name != "picture"}
    annotations = {name: str(inspect.signature(value).return_annotation) for name, value in functions.items()}
    return [name for name, returned in annotations.items() if re.search(blocks, returned)]


def test_every_function_is_listed(root: Path) -> None:
    assert sorted(listed(root)) == sorted(makers())
