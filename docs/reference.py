"""The reference of the site: an entry for each public name, and an example that a test runs.

Examples are those of the docstring. Where it has none, the shortest block of code on the pages of `docs` that uses the
name is shown, with a link to its page: what stands there above it may be needed to run it. Where there is none either,
there is a link to a name whose example has it: that of a function which returns it, of a class derived from it, or of
any other that uses it.
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
            example, other = examples().get((package, name)), shown_with(package, name)
            if example:
                yield f"In use, on the page [{example.title}](../{example.page}):"
                yield f"```{example.language}\n{example.text}```"
            elif other:
                yield f"In use, in the example of [`{other}`]({other.rpartition('.')[0]}.md#{other})."


def without_example() -> list[str]:
    """Return the public names that no example shows in use."""
    return [
        f"{package}.{name}"
        for package in packages()
        for name, value in public(package).items()
        if not (has_example(value) or (package, name) in examples() or shown_with(package, name))
    ]


def shown_with(package: str, name: str) -> str:
    """Return the first name, those of the package first, whose example has a name; "" where there is none."""
    value, word = public(package)[name], re.compile(rf"\b{name}\b")
    imported = re.compile(rf"^from {package} import .*\b{name}\b", re.MULTILINE)
    for home in sorted(packages(), key=lambda each: each != package):
        for other, shown in public(home).items():
            if shown is value or not (has_example(shown) or (home, other) in examples()):
                continue
            derived = inspect.isclass(value) and inspect.isclass(shown) and value in shown.__mro__
            used = word.search(IMPORT.sub("", code(shown))) and (home == package or imported.search(code(shown)))
            said = home == package and word.search(annotations(shown, of_types=not callable(value)))
            if derived or used or said:
                return f"{home}.{other}"
    return ""


def has_example(value: Any) -> bool:
    """Return whether a docstring, or that of a method, has an example."""
    return any(">>>" in (inspect.getdoc(each) or "") for each in described(value))


def code(value: Any) -> str:
    """Return the code in the docstrings of a function, or of a class and its methods."""
    docs = "\n".join(inspect.getdoc(each) or "" for each in described(value))
    return "\n".join(re.findall(r"^ *(?:>>>|\.\.\.) (.*)$", docs, re.MULTILINE))


def annotations(value: Any, *, of_types: bool) -> str:
    """Return the types that a function, or methods of a class, return; with `of_types` also those that they take."""
    made = value.__mro__ if inspect.isclass(value) else [value]
    signatures = [inspect.signature(each) for one in made for each in described(one) if inspect.isfunction(each)]
    taken = [each.annotation for found in signatures for each in found.parameters.values() if of_types]
    return " ".join(map(str, [*(found.return_annotation for found in signatures), *taken]))


def described(value: Any) -> list[Any]:
    """Return a function, or a class and its own methods; nothing for other values, which have no docstrings."""
    if inspect.isclass(value):
        return [value, *(getattr(each, "__func__", each) for each in vars(value).values() if inspect.isroutine(each))]
    return [value] if inspect.isroutine(value) else []


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
