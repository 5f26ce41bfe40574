"""The table of what `recurra plan` says beside what is measured; a part of `python -m benchmarks.summary`."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from benchmarks.tables import Point, raw, table

__all__ = ["plan_table"]

PASSES = ("inference", "forward", "backward", "stream")


def plan_table() -> str:
    """Return errors of times, memory, budgets and epochs, from `plan.json` and `plan_epochs.json`."""
    points = raw("plan")["points"]
    times = [point for point in points if point["kind"] == "times"]
    rows = [_errors(name, _ratios(times, [name])) for name in PASSES]
    rows.append(_errors("all passes", _ratios(times, PASSES)))
    peaks = [point["peak predicted"] / point["peak measured"] for point in times if "peak measured" in point]
    rows.append(
        ("peak memory", len(peaks), _median_error(peaks), f"{_share(peaks, 0.1)} within 10 %", "90 % within 10 %")
    )
    chosen = [point["is right"] for point in points if point["kind"] == "budget"]
    right = f"{statistics.mean(chosen):.0%} meet it, and 15 % more units do not"
    rows.append(("largest hidden size under a time", len(chosen), "", right, "90 %"))
    epochs = [point["ratio"] for point in raw("plan_epochs")["points"]]
    rows.append(("an epoch of `fit`", len(epochs), _median_error(epochs), f"{_share(epochs, 0.2)} within 20 %", "20 %"))
    return table(("what", "cases", "median error", "measured", "asked"), rows)


def _ratios(points: Iterable[Point], names: Iterable[str]) -> list[float]:
    known = [*names]
    return [p["predicted"][name] / p["measured"][name] for p in points for name in known if name in p["measured"]]


def _errors(name: str, ratios: list[float]) -> tuple[object, ...]:
    return f"{name}, seconds", len(ratios), _median_error(ratios), f"{_share(ratios, 0.3)} within 30 %", "15 %; 90 %"


def _median_error(ratios: list[float]) -> str:
    return f"{statistics.median(abs(ratio - 1) for ratio in ratios):.1%}"


def _share(ratios: list[float], bound: float) -> str:
    return f"{statistics.mean(abs(ratio - 1) <= bound for ratio in ratios):.0%}"
