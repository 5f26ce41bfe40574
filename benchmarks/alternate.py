"""Two things timed in turn in one run, so that a noisy machine is noisy for both; and a file with the raw numbers."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

import recurra

__all__ = ["in_turn", "known", "means", "options", "report", "write"]

RESULTS = Path(__file__).resolve().parent / "results"


def in_turn(ours: Callable[[], object], peer: Callable[[], object], *, repetitions: int) -> dict[str, Any]:
    """Return the seconds of each run after three of warm-up, the medians, and peer over ours."""
    for _ in range(3):
        peer()
        ours()
    seconds: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(repetitions):
        for name, run in (("peer", peer), ("ours", ours)):
            start = time.perf_counter()
            run()
            seconds[name].append(round(time.perf_counter() - start, 7))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {"seconds": seconds, "medians": medians, "ratio": medians["peer"] / medians["ours"]}


def report(title: str, points: Sequence[Mapping[str, Any]], passes: Sequence[str] = ("forward+backward",)) -> None:
    """Print a line for each point and the means."""
    for point in points:
        line = "  ".join(
            f"{name} {point[name]['medians']['ours'] * 1e3:8.2f} ms, ratio {point[name]['ratio']:5.2f}"
            for name in passes
        )
        sys.stdout.write(f"{title} {point['size']!s:22} {line}\n")
    means(title, points, passes)


def means(title: str, points: Sequence[Mapping[str, Any]], passes: Sequence[str] = ("forward+backward",)) -> None:
    """Print the geometric mean and the worst of the ratios."""
    for name in passes:
        ratios = [point[name]["ratio"] for point in points]
        sys.stdout.write(
            f"{title} {name}: geometric mean {statistics.geometric_mean(ratios):.2f}, worst {min(ratios):.2f}\n"
        )


def options(about: str | None) -> argparse.Namespace:
    """Return the threads and repetitions that the command line asks for."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=15)
    return parser.parse_args()


def known(name: str) -> list[dict[str, Any]]:
    """Return the points written so far under a name; none if there is no such file."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["points"] if path.exists() else []


def write(name: str, command: str, points: list[Mapping[str, Any]]) -> Path:
    """Write the raw numbers with the machine and the versions that they are from."""
    machine = {"processor": _processor(), "python": platform.python_version(), "torch": torch.__version__}
    head = {"command": command, "machine": machine, "recurra": recurra.__version__}
    lines = ",\n".join(json.dumps(point) for point in points)
    path = RESULTS / f"{name}.json"
    path.write_text(f'{json.dumps(head)[:-1]}, "points": [\n{lines}\n]}}\n', encoding="utf-8")
    return path


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
