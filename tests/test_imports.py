"""Who may import whom, and how long a file and a function may be: read from the source, lazy imports included."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fresh_python import output_of

SOURCE = Path(__file__).resolve().parent.parent / "src" / "recurra"
FILES = sorted(SOURCE.rglob("*.py"))

ALLOWED: Mapping[str, frozenset[str]] = {
    part: frozenset(others.split())
    for part, others in {
        "errors": "",
        "arguments": "errors",
        "characters": "",
        "public": "",
        "messages": "errors",
        "notebook": "messages",
        "locks": "",
        "graph": "errors locks",
        "derive": "errors locks graph",
        "citation": "",
        "spec": "errors locks graph derive citation notebook",
        "diagram": "characters graph derive spec",
        "cells": "errors spec",
        "catalogue": "errors graph spec cells citation",
        "backends": "errors locks graph derive",
        "export": "errors locks graph derive spec cells backends",
        "nn": "errors locks graph derive spec cells backends export",
        "transforms": "errors graph spec",
        "testing": "errors graph derive spec cells backends nn notebook",
        "data": "errors characters",
        "report": "errors messages",
        "diagnose": "errors graph derive spec cells backends nn report",
        "lab": "errors graph derive diagram spec cells export diagnose",
        "plan": "errors graph derive spec cells backends nn notebook report",
        "training": "errors data diagnose nn plan",
        "tasks": "errors characters data diagnose export messages notebook report training nn transforms cells "
        "spec plan",
        "tune": "errors data notebook report training tasks",
        "serve": "errors spec nn training tasks",
        "cli": "errors characters messages data diagnose export training tasks nn backends cells spec catalogue plan "
        "report tune serve lab",
        "__main__": "cli",
    }.items()
}
"""Part of recurra -> the parts that it may import. Nothing imports `cli`, `testing` or `tasks` but what says so."""

CLOSED = ("recurra.backends.llvm", "recurra.backends.triton")
"""Backends that nobody outside of `backends` imports: what a kernel has to say it says through `backends.kernel`."""

LONGEST_FILE, LONGEST_FUNCTION = 1000, 100


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Yield each part of recurra that a file imports, wherever in the file it does; `` for the package itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: a relative import"
            base = node.module or ""
            names = [f"recurra.{public_home(alias.name)}" for alias in node.names] if base == "recurra" else [base]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("recurra."))


def modules() -> dict[str, Path]:
    """Return the file of every module."""
    parts = {path: ("recurra", *path.relative_to(SOURCE).with_suffix("").parts) for path in FILES}
    return {".".join(names[:-1] if names[-1] == "__init__" else names): path for path, names in parts.items()}


def imported_modules(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Yield the modules that a file imports, wherever in the file it does, under `TYPE_CHECKING` and in functions too.

    What is imported from a package is imported from the file whence the package has it.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and (module := node.module or "") in known:
            full = {alias.name: f"{module}.{alias.name}" for alias in node.names}
            yield from (full[name] if full[name] in known else home_of(module, name, known) for name in full)


def home_of(module: str, name: str, known: Mapping[str, Path]) -> str:
    """Return the module whence a package has a name, as its stub or the package says; itself if it is no package."""
    path = known[module]
    if path.name == "__init__.py":
        stub = path.with_suffix(".pyi")
        tree = ast.parse((stub if stub.exists() else path).read_text(encoding="utf-8"))
        for node in (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)):
            home, names = node.module or "", [alias.asname or alias.name for alias in node.names]
            home = f"{module}.{home}" if node.level else home
            if name in names and home in known and home != module:
                return home_of(home, name, known)
    return module


def circles(imports: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """Return the largest sets of modules of which each imports, by itself or through others, every other one."""

    def reached(start: str) -> set[str]:
        found, left = set[str](), [start]
        while left:
            new = imports[left.pop()] - found
            found |= new
            left += new
        return found

    reach = {module: reached(module) for module in imports}
    groups = {frozenset(b for b in reach[a] if a in reach[b]) for a in imports if a in reach[a]}
    return {group for group in groups if len(group) > 1}


def public_home(name: str) -> str:
    """Return the part that a public name of `recurra` comes from: `from recurra import Cell` imports `spec`."""
    if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file():
        return name
    return "errors" if name == "__version__" else "spec"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        return  # the public names; lazy, with no logic
    assert part in ALLOWED, f"{part} is new: say in ALLOWED, and in docs/architecture.md, what it may import"
    wrong = set(imported(path)) - ALLOWED[part] - {part, "public", "arguments"}
    assert not wrong, f"{path.relative_to(SOURCE)} imports {sorted(wrong)}; {part} may import {sorted(ALLOWED[part])}"


def test_backends_are_entered_through_the_seam() -> None:
    known = modules()
    outside = {name: path for name, path in known.items() if part_of(path) != "backends"}
    wrong = [
        f"{name} imports {other}"
        for name, path in outside.items()
        for other in imported_modules(path, known)
        if other.startswith(CLOSED)
    ]
    assert not wrong, f"{wrong}; see recurra/backends/kernel.py"


def test_there_are_no_circles_between_files() -> None:
    """The files of a package that export its names (`__init__`) are entrances, not ways."""
    known = modules()
    files = {name for name, path in known.items() if path.name != "__init__.py"}
    found = circles({name: {*imported_modules(known[name], known)} & files for name in files})
    assert not found, f"circles: {[sorted(circle) for circle in found]}"


def test_circles_are_found() -> None:
    """a and b import each other, c goes through d and e; f only looks on."""
    imports = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"e"}, "e": {"c"}, "f": {"a", "c"}}
    assert circles(imports) == {frozenset("ab"), frozenset("cde")}


def test_allowed_imports_have_no_cycle() -> None:
    left = dict(ALLOWED)
    while left:
        free = [part for part, others in left.items() if not others & left.keys()]
        assert free, f"a cycle among {sorted(left)}"
        for part in free:
            del left[part]


def test_architecture_page_says_the_same() -> None:
    """The table of docs/architecture.md is this one."""
    page = (SOURCE.parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    told = {cells[0].strip(" `").removesuffix("/").removesuffix(".py"): cells[-1] for cells in rows if len(cells) == 3}
    for part, others in ALLOWED.items():
        assert part in told, f"docs/architecture.md has no row for {part}"
        assert set(told[part].replace(",", " ").split()) == (set(others) or {"nothing"}), part


def test_help_does_not_import_torch() -> None:
    code = (
        "import sys; sys.argv = ['recurra', '--help']\n"
        "from recurra.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'polars', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    output_of(code)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # a docstring explains; it does not make a function long
            has_doc = ast.get_docstring(node, clean=False) is not None
            start = node.body[0].end_lineno if has_doc else node.lineno
            length = (node.end_lineno or 0) - (start or 0)
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines; at most {LONGEST_FUNCTION}"


def test_the_core_is_read_in_an_evening() -> None:
    """The files that the page says to read first, and how long they are together."""
    page = (SOURCE.parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("## Where to start reading")[2].partition("A cell of all lines")[0]
    files = re.findall(r"\(\.\./src/recurra/(\S+)\) \|", table)
    assert len(files) == 12
    assert sum(len((SOURCE / file).read_text(encoding="utf-8").splitlines()) for file in files) < 3150


PER_BACKEND = frozenset({"Form", "Function", "Program", "Run", "Tape"})
"""Classes that each backend has of its own."""

SEVERAL_MEANINGS = frozenset({"Budget", "Memory", "Step", "Times", "Training"})
"""Names that still mean several things. It only shrinks: one that is gone is struck out."""


def test_a_class_name_means_one_thing() -> None:
    homes: dict[str, list[Path]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path)
    several = {name: paths for name, paths in homes.items() if len(paths) > 1}
    of_backends = {
        name for name in PER_BACKEND & several.keys() if all(part_of(p) == "backends" for p in several[name])
    }
    assert several.keys() - of_backends <= SEVERAL_MEANINGS, several.keys() - of_backends - SEVERAL_MEANINGS
