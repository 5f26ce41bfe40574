"""Raw numbers and Markdown tables: what the pages of results are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.alternate import RESULTS

__all__ = ["Point", "machine", "other_machines", "raw", "table"]

Point = Mapping[str, Any]


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
    return "; ".join(f"{', '.join(names)} on {processor}" for processor, names in found.items()) or "none"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([str(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
