"""Two things timed in turn in one run, so that a noisy machine is noisy for both; and a file with the raw numbers."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

import recurra

__all__ = ["in_turn", "write"]

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
