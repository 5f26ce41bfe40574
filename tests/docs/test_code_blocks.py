"""Every block of code in README and docs is run, and what they print is compared.

`python` blocks run in order in one namespace a page, `pycon` blocks are doctests in the same namespace, and of
`console` blocks the `recurra` commands are run in a folder of their own: they succeed, and print what the page
shows but for the numbers, which depend on the machine. `text` and `sh` blocks are not run.
"""

from __future__ import annotations

import doctest
import importlib
import linecache
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import recurra

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), ROOT / "examples" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = ["recurra", *(found.name for found in pkgutil.walk_packages(recurra.__path__, "recurra."))]
LANGUAGES = {"python", "pycon", "console", "text", "sh", "math"}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
COMMAND = (sys.executable, "-c", "from recurra.cli.main import main; main()")


@dataclass(frozen=True)
class Block:
    """One fenced block: what its fence says, its text, and the line before its text."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"^```(\S*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield Block(found[1], found[2], text[: found.start(2)].count("\n"))


def pages_with(*languages: str) -> list[Path]:
    return [page for page in PAGES if any(block.language in languages for block in blocks(page))]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def doctest_of(block: Block, names: dict[str, Any], page: str) -> doctest.DocTest:
    """Return a `pycon` block as a doctest; empty lines in what it shows need not be written as <BLANKLINE>."""
    text = re.sub(r"^$(?=\n(?!>>>).)", "<BLANKLINE>", block.text, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, names, page, page, block.line)
    test.globs = names  # the parser copies them
    return test


def doctest_failures(tests: list[doctest.DocTest], *, keep: bool) -> str:
    """Run doctests; return what is printed of those that fail."""
    printed: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    for test in tests:
        runner.run(test, out=printed.append, clear_globs=not keep)
    return "".join(printed) if runner.failures else ""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_fences_say_what_they_hold(page: Path) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{name_of(page)}, line {block.line}: {block.language!r}"


@pytest.mark.parametrize("page", pages_with("python", "pycon"), ids=name_of)
def test_python_blocks(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    linecache.checkcache()
    names: dict[str, Any] = {"__name__": "__page__"}
    for block in blocks(page):
        if block.language == "python":
            exec(compile("\n" * block.line + block.text, str(page), "exec"), names)
        elif block.language == "pycon":
            test = doctest_of(block, names, name_of(page))
            failures = doctest_failures([test], keep=True)
            assert not failures, failures


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name), name)
    failures = doctest_failures([test for test in found if test.examples], keep=False)
    assert not failures, failures


@pytest.mark.parametrize("page", pages_with("console"), ids=name_of)
def test_console_blocks(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for block in blocks(page):
        if block.language == "console":
            for command, shown in commands(block.text):
                check_command(command, shown, tmp_path, where=f"{name_of(page)}, line {block.line}")


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block, without pip, and what is shown of its output."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", " ").partition("\n")
        yield command.split(" && ")[-1], shown


def check_command(command: str, shown: str, folder: Path, *, where: str) -> None:
    """Run a command of recurra and compare what it prints; `...` stands for any text."""
    first, *arguments = shlex.split(command)
    assert first == "recurra", f"{where}: {command} is run by no test; put it into a block for sh"
    done = subprocess.run(
        (*COMMAND, *arguments), cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    assert done.returncode == 0, f"{where}: {command}\n{done.stderr}"
    pattern = r" ?.* ?".join(re.escape(masked(part)) for part in shown.split("..."))
    assert re.fullmatch(pattern, masked(done.stdout)), f"{where}: {command} prints\n{done.stdout}"


def masked(text: str) -> str:
    """Return a text without what differs between machines: numbers, spaces, and the lengths of lines."""
    return " ".join(re.sub(r"-?\d+(\.\d+)?", "#", text).split())


def test_seasonal_naive_of_the_readme_is_exact(tmp_path: Path) -> None:
    """The baseline has no chance in it: the README shows exactly its errors, and better ones of the model."""
    shown = {line.split("  ")[1].strip(): line.split() for line in (ROOT / "README.md").read_text("utf-8").splitlines()
             if re.match(r"  (GRU|seasonal naive),", line)}  # fmt: skip
    (model, naive) = (tuple(map(float, words[-3:])) for words in shown.values())
    from recurra.tasks import Forecaster, ForecastOptions

    options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
    scores = Forecaster(options).fit(ROOT / "examples" / "sunspots.csv").metrics_["test"]["seasonal_naive"]
    assert naive == (round(scores["mae"], 2), round(scores["rmse"], 2), round(scores["mase"], 3))
    assert all(ours < theirs for ours, theirs in zip(model, naive, strict=True))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{name_of(page)}: {target}"
