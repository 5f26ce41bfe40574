"""The page about reports lists every function that makes a picture, a table or a text in tokens."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import recurra.report


def listed(root: Path) -> dict[str, list[str]]:
    page = (root / "docs" / "report.md").read_text(encoding="utf-8")
    section = page.split("\n## Pictures and tables\n")[1]
    rows = [re.findall(r"`(\w+)`", line) for line in section.splitlines() if line.startswith("| `")]
    return {module: functions for module, *functions in rows}


def makers(module: str) -> list[str]:
    """Return the public functions of a module that return a block or pictures."""
    loaded = importlib.import_module(f"recurra.report.{module}")
    blocks = r"Picture|Table|Heat|TokenText|Passage|Excerpts"
    annotations = {name: str(inspect.signature(getattr(loaded, name)).return_annotation) for name in loaded.__all__}
    return [name for name, returned in annotations.items() if re.search(blocks, returned)]


def test_every_function_is_listed(root: Path) -> None:
    for module, functions in listed(root).items():
        assert sorted(functions) == sorted(makers(module)), module


def test_no_module_is_left_out(root: Path) -> None:
    modules = {path.stem for path in Path(recurra.report.__file__).parent.glob("*.py")}
    own = {"training", "forecast", "histogram", "language", "classes", "classification", "tokens", "tags", "tables"}
    assert listed(root).keys() == own
    assert own < modules
