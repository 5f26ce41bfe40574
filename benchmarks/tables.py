"""Raw numbers and Markdown tables: what the pages of results are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from docs.words import in_chinese

from benchmarks.alternate import RESULTS

__all__ = ["Language", "Point", "in_docs", "machine", "other_machines", "raw", "table", "written"]

Language = Literal["en", "zh"]

Point = Mapping[str, Any]


def in_docs(name: str, language: Language) -> Path:
    """Return where a page is."""
    return RESULTS.parent.parent / "docs" / ("zh" if language == "zh" else "") / f"{name}.md"


def written(name: str, parts: Mapping[str, str], language: Language) -> str:
    """Return a page: what its text says, around its parts that are made of raw numbers; `{part}` stands for one."""
    text = RESULTS.with_name(f"{name}.zh.txt" if language == "zh" else f"{name}.txt").read_text(encoding="utf-8")
    for part, made in parts.items():
        text = text.replace(f"{{{part}}}", in_chinese(made, of="results") if language == "zh" else made)
    return text


def raw(name: str) -> dict[str, Any]:
    """Return the raw numbers of a benchmark."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: `python -m benchmarks.{name}` measures it")
    return json.loads(path.read_text(encoding="utf-8"))


def machine(name: str) -> str:
    """Return on what a benchmark ran."""
    found = raw(name)["machine"]
    return f"{found['processor']}, two cores, torch {found['torch']}"


def other_machines(name: str) -> str:
    """Return what ran elsewhere than a benchmark: the processors, with the names of the files."""
    here, found = raw(name)["machine"]["processor"], dict[str, list[str]]()
    for path in sorted(RESULTS.glob("*.json")):
        processor = raw(path.stem).get("machine", {}).get("processor", here)
        if processor != here:
            found.setdefault(processor, []).append(path.stem)
    return "; ".join(f"{processor} ({', '.join(names)})" for processor, names in found.items()) or "none"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([str(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
