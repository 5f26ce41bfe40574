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
from benchmarks.peers import Loaded

__all__ = ["JAX", "TORCH", "in_turn", "known", "means", "options", "renew", "report", "write"]

RESULTS = Path(__file__).resolve().parent / "results"
TORCH, JAX = "torch.nn", "JAX"
"""Peers, as points say them; one that names none is against the first."""

BATCH = 5e-3
"""Seconds that a repetition takes at least: where a call takes less, it is a batch of calls, whose mean counts."""

PAUSE = 0.02
"""Seconds after which no thread of another process spins any more: OpenMP's do so for some milliseconds."""

Run = Callable[[], object]


def in_turn(ours: Run, peer: Run, *, repetitions: int) -> dict[str, Any]:
    """Return the seconds of a call in each repetition, the medians, peer over ours, and the calls of a repetition.

    Three calls of warm-up go first. A peer in another process leaves the processors to ours, and ours to it, with cold
    caches and with threads that spin a while: so a pause and a repetition that is not timed go before each that is.
    """
    runs = {"peer": peer, "ours": ours}
    for _ in range(3):
        for run in runs.values():
            run()
    calls = {name: _batch(run) for name, run in runs.items()}
    seconds: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(repetitions):
        for name, run in runs.items():
            if isinstance(peer, Loaded):
                time.sleep(PAUSE)
                _seconds(run, calls[name])
            seconds[name].append(round(_seconds(run, calls[name]), 8))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {"seconds": seconds, "medians": medians, "ratio": medians["peer"] / medians["ours"], "calls": calls}


def _batch(run: Run) -> int:
    """Return how many calls make a batch, a power of two."""
    calls = 1
    while calls * _seconds(run, calls) < BATCH:
        calls *= 2
    return calls


def _seconds(run: Run, calls: int) -> float:
    """Return the seconds of a call, of so many."""
    if isinstance(run, Loaded):
        return run.seconds(calls) / calls
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


def report(title: str, points: Sequence[Mapping[str, Any]], passes: Sequence[str] = ("forward+backward",)) -> None:
    """Print a line for each point and the means."""
    for point in points:
        line = "  ".join(
            f"{name} {point[name]['medians']['ours'] * 1e3:9.3f} ms, ratio {point[name]['ratio']:5.2f}"
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


def options(about: str | None, *, peers: Sequence[str] = ()) -> argparse.Namespace:
    """Return the threads and repetitions that the command line asks for; and `against`, if there are several peers."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=15)
    if not peers:
        return parser.parse_args()
    parser.add_argument("--jax-python", help=f"Python of the environment that has {JAX}")
    parser.add_argument(
        "--against", nargs="+", choices=peers, metavar="PEER",
        help=f"some of {', '.join(peers)}; by default all, {JAX} only with its Python",
    )  # fmt: skip
    given = parser.parse_args()
    given.against = given.against or [peer for peer in peers if peer != JAX or given.jax_python]
    if JAX in given.against and not given.jax_python:
        parser.error(f"--against {JAX}: give --jax-python, the Python of the environment that has it")
    return given


def known(name: str) -> list[dict[str, Any]]:
    """Return the points written so far under a name; none if there is no such file."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["points"] if path.exists() else []


def renew(name: str, command: str, points: Sequence[Mapping[str, Any]]) -> Path:
    """Write points beside those written so far; what was measured before of the same kind, peer and threads goes."""

    def key(point: Mapping[str, Any]) -> tuple[object, ...]:
        return point.get("what"), point["kind"], point.get("against", TORCH), point["threads"]

    new = {key(point) for point in points}
    return write(name, command, [*(point for point in known(name) if key(point) not in new), *points])


def write(name: str, command: str, points: Sequence[Mapping[str, Any]]) -> Path:
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
