"""`python -m benchmarks.summary`: the page of results, `docs/results.md`, from the raw numbers."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.alternate import RESULTS

__all__ = ["main", "page"]

PAGE = RESULTS.parent.parent / "docs" / "results.md"
TEXT = Path(__file__).resolve().parent / "results.txt"
"""What the page says around its tables; `{name}` stands for a table."""

Point = Mapping[str, Any]
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page as it follows from the raw numbers."""
    tables = {
        "asked": _asked(), "layers": _layers(), "bounds": _bounds(), "packed": _packed(), "cells": _cells(),
        "products": _products(), "memory": _memory(), "cold": _cold(), "errors": _errors(), "machine": _machine(),
    }  # fmt: skip
    text = TEXT.read_text(encoding="utf-8")
    for name, table in tables.items():
        text = text.replace(f"{{{name}}}", table)
    return text


def _raw(name: str) -> dict[str, Any]:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def _points(name: str, **wanted: object) -> list[Point]:
    return [point for point in _raw(name)["points"] if all(point[key] == value for key, value in wanted.items())]


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([str(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ratios(points: Iterable[Point], what: str) -> list[float]:
    return [point[what]["ratio"] for point in points]


def _mean_and_worst(values: list[float], worst: Callable[[list[float]], float] = min) -> tuple[str, str]:
    return f"{statistics.geometric_mean(values):.2f}", f"{worst(values):.2f}"


def _machine() -> str:
    raw = _raw("layers")
    return f"{raw['machine']['processor']}, two cores, torch {raw['machine']['torch']}"


# what was asked ----------------------------------------------------------------------------------------------------


def _asked() -> str:
    rows = []
    for kind, what, asked in (
        ("LSTM", "forward", 1.6), ("LSTM", "forward+backward", 1.4), ("GRU", "forward", 2.5),
        ("GRU", "forward+backward", 5), ("RNN", "forward", 2.5), ("RNN", "forward+backward", 5),
    ):  # fmt: skip
        mean, worst = _mean_and_worst(_ratios(_points("layers", kind=kind), what))
        bound = statistics.geometric_mean(_bound(point, what) for point in _points("layers", kind=kind))
        rows.append((f"{kind} {what}", "torch.nn", asked, mean, f"{bound:.2f}", 0.85, worst))
    for kind, asked in (("LSTM", 5), ("GRU", 9)):
        mean, worst = _mean_and_worst(_ratios(_points("packed", kind=kind), "forward+backward"))
        rows.append((f"{kind} packed, forward+backward", "torch.nn", asked, mean, "", 1.2, worst))
    for kind in ("PeepholeLSTM", "CoupledLSTM"):
        loop = _ratios(_points("own_cells", kind=kind, against="a loop in eager torch"), "forward+backward")
        rows.append((f"{kind}, forward+backward", "a loop in eager torch", 6, *_with_bound(loop, 1.0)))
    return _table(("what", "against", "asked", "measured", "bound here", "worst asked", "worst measured"), rows)


def _with_bound(values: list[float], asked_worst: float) -> tuple[object, ...]:
    mean, worst = _mean_and_worst(values)
    return mean, "", asked_worst, worst


def _rate(threads: int) -> float:
    """Return torch.mm's operations a second."""
    return 1e9 * max(point["GFLOP/s"]["torch.mm"] for point in _points("products", threads=threads))


def _bound(point: Point, what: str) -> float:
    """Return torch's time over that of the products alone, at 90 % of torch.mm's rate."""
    batch, time, input_size, hidden_size = point["size"]
    forward = 2 * batch * time * GATES[point["kind"]] * hidden_size * (input_size + hidden_size)
    state = 2 * batch * time * GATES[point["kind"]] * hidden_size * hidden_size
    operations = forward if what == "forward" else 2 * forward + state
    return point[what]["medians"]["peer"] / (operations / (0.9 * _rate(point["threads"])))


# tables ------------------------------------------------------------------------------------------------------------


def _layers() -> str:
    rows = []
    for kind in ("LSTM", "GRU", "RNN"):
        for threads in (1, 2):
            points = _points("layers", kind=kind, threads=threads)
            forward, both = (_mean_and_worst(_ratios(points, what)) for what in ("forward", "forward+backward"))
            rows.append((kind, threads, ", ".join(forward), ", ".join(both)))
    return _table(
        ("", "threads", "forward: geometric mean, worst", "forward and backward: geometric mean, worst"), rows
    )


def _bounds() -> str:
    rows = []
    for point in _points("layers", kind="LSTM"):
        row = [str(tuple(point["size"])), point["threads"]]
        for what in ("forward", "forward+backward"):
            row += [f"{point[what]['medians']['ours'] * 1e3:.2f}", f"{point[what]['ratio']:.2f}"]
            row.append(f"{_bound(point, what):.2f}")
        rows.append(row)
    passes = ("forward, ms", "ratio", "bound", "forward and backward, ms", "ratio", "bound")
    return _table(("B, T, I, H", "threads", *passes), rows)


def _packed() -> str:
    rows = []
    for kind in ("LSTM", "GRU"):
        for threads in (1, 2):
            ratios = _ratios(_points("packed", kind=kind, threads=threads), "forward+backward")
            rows.append((kind, threads, *_mean_and_worst(ratios)))
    return _table(("", "threads", "geometric mean", "worst"), rows)


def _cells() -> str:
    rows = []
    for kind in ("PeepholeLSTM", "CoupledLSTM"):
        for threads in (1, 2):
            loop, own = (
                _ratios(_points("own_cells", kind=kind, against=against, threads=threads), "forward+backward")
                for against in ("a loop in eager torch", "our own LSTM")
            )
            slower = [1 / ratio for ratio in own]
            rows.append((kind, threads, *_mean_and_worst(loop), *_mean_and_worst(slower, max)))
    return _table(("", "threads", "the loop's time over ours", "worst", "our time over our own LSTM's", "worst"), rows)


def _products() -> str:
    rows = [
        (
            str(tuple(p["size"])),
            p["threads"],
            *(f"{p['GFLOP/s'][w]:.0f}" for w in ("ours", "torch.mm")),
            f"{p['share']:.2f}",
        )
        for p in _points("products")
    ]
    return _table(("B, T, I, H", "threads", "ours, GFLOP/s", "torch.mm, GFLOP/s", "share"), rows)


def _memory() -> str:
    points = _points("memory")
    rows: list[tuple[object, ...]] = [
        (
            str(tuple(p["size"])),
            *(f"{p['floats per T*B*H'][w]:.1f}" for w in ("recurra.nn", "torch.nn")),
            f"{p['share']:.2f}",
        )
        for p in points
    ]
    rows.append(("geometric mean", "", "", f"{statistics.geometric_mean(p['share'] for p in points):.2f}"))
    return _table(("B, T, I, H", "recurra.nn, floats per T·B·H", "torch.nn", "share"), rows)


def _cold() -> str:
    rows = []
    for kept in (False, True):
        points = _points("cold", **{"code is on disk": kept})
        median = (statistics.median(point[what] for point in points) for what in ("first passes", "compile or load"))
        rows.append(("loaded from disk" if kept else "compiled", *(f"{value:.3f}" for value in median)))
    return _table(("", "first forward and backward, s", "of them compiling or loading, s"), rows)


def _errors() -> str:
    rows = []
    for kind in ("LSTM", "GRU", "RNN"):
        rows.append((kind, *_mean_and_worst([point["ratio"] for point in _points("errors", kind=kind)], max)))
    return _table(("", "our error over torch.nn's: geometric mean", "worst"), rows)


if __name__ == "__main__":
    main()
