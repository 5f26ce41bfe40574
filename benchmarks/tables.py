"""Raw numbers and Markdown tables: what the pages of results are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.alternate import RESULTS

__all__ = ["Point", "machine", "raw", "table"]

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


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([str(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
