"""The reference of the site: an entry for each public name, and an example that a test runs.

Examples are those of the docstring. Where it has none, the shortest block of code on the pages of `docs` that uses the
name is shown, with a link to its page: what stands there above it may be needed to run it.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import recurra
from recurra import Cell

DOCS = Path(__file__).resolve().parent
CODE = re.compile(r"^```(python|pycon)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
IMPORT = re.compile(r"^(?:>>> |\.\.\. )?\s*from (recurra[\w.]*) import (?:\(\s*)?([^()]+?)(?:\)|$)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A block of code on a page."""

    page: str
    title: str
    language: str
    text: str


@cache
def packages() -> tuple[str, ...]:
    """Return the public packages."""
    return ("recurra", *(f"recurra.{name}" for name in dir(recurra) if inspect.ismodule(getattr(recurra, name))))


@cache
def public(package: str) -> Mapping[str, Any]:
    """Return what a package exports, by name; cells have pages of their own."""
    module = importlib.import_module(package)
    found = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    return {name: each for name, each in found.items() if not inspect.ismodule(each) and not isinstance(each, Cell)}


def reference() -> dict[str, str]:
    """Return the text of each package's page."""
    return {package: "\n\n".join(entries(package)) + "\n" for package in packages()}


def entries(package: str) -> Iterator[str]:
    """Yield the parts of a package's page."""
    yield f"# {package}"
    yield inspect.cleandoc(importlib.import_module(package).__doc__ or "")
    if package == "recurra.cells":
        yield "Every [cell](../cells/index.md) has a page of its own; here is what makes and finds them."
    for name, value in public(package).items():
        yield f"::: {package}.{name}"
        if not has_example(value):
            example = examples().get((package, name))
            if example:
                yield f"In use, on the page [{example.title}](../{example.page}):"
                yield f"```{example.language}\n{example.text}```"


def without_example() -> list[str]:
    """Return the public names that neither a docstring nor a page shows in use."""
    names = ((package, name, value) for package in packages() for name, value in public(package).items())
    return [f"{package}.{name}" for package, name, value in names if not is_shown(package, name, value)]


def is_shown(package: str, name: str, value: Any) -> bool:
    """Return whether an example of a name is run."""
    return has_example(value) or (package, name) in examples()


def has_example(value: Any) -> bool:
    """Return whether a docstring, or that of a method, has an example."""
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return False
    methods = [each for each in vars(value).values() if inspect.isroutine(each)] if inspect.isclass(value) else []
    return any(">>>" in (inspect.getdoc(each) or "") for each in (value, *methods))


@cache
def examples() -> Mapping[tuple[str, str], Example]:
    """Return the shortest block that uses a name, by package and name."""
    found: dict[tuple[str, str], Example] = {}
    for path in sorted(DOCS.rglob("*.md")):
        place = path.relative_to(DOCS)
        if place.parts[0] in ("zh", "cells", "course", "api.md"):
            continue
        text = path.read_text(encoding="utf-8")
        title, known = text.partition("\n")[0].lstrip("# "), {}
        for block in CODE.finditer(text):
            for package, names in IMPORT.findall(block[2]):
                known |= {name.strip(" .\n"): package for name in names.split(",")}
            used = IMPORT.sub("", block[2])
            uses = [(package, name) for name, package in known.items() if re.search(rf"(?<![\w.]){name}\b", used)]
            uses += re.findall(r"\b(recurra(?:\.[a-z]+)?)\.(\w+)", used)
            for use in uses:
                if use not in found or len(found[use].text) > len(block[2]):
                    found[use] = Example(place.as_posix(), title, block[1], block[2])
    return found
