"""`python -m benchmarks.plan`: what `recurra.plan` predicts, against what is measured.

A new calibration; then random layers, drawn with a seed that the calibration, whose sizes are a fixed sequence, knows
nothing of: time of a forward pass, of both passes of a training step and of a step of a stream; and the memory of a
training step, in a process of its own that has multiplied matrices of these sizes before. Then budgets, whose largest
hidden size, and one 15 % larger, are measured again. Steps of over two seconds are left out.

A shared machine changes its pace from second to second. So each time is brought to the pace of the calibration, by a
fixed piece of work that is timed before and after it: see `recurra.plan.clock`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.alternate import write
from recurra.cells import GRU, LSTM, Elman, MinGRU, PeepholeLSTM
from recurra.errors import InputError
from recurra.plan import Budget, Calibration, Workload, calibrate, largest_hidden_size, measured, memory_of, predict

CELLS = {cell.name: cell for cell in (LSTM, GRU, Elman, PeepholeLSTM, MinGRU)}
SEED = 20250914
LONGEST = 2.0
"""Seconds of a step."""

LEAST_MEMORY = 4e6
"""Bytes: in what takes less, half a megabyte that Python and torch take beside would count too much."""

PEAK = """
import ctypes, gc, json, sys
from pathlib import Path
import torch
from benchmarks.plan import CELLS, described, restored, small, train_once
from recurra.plan.clock import batch_of

def resident(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))

workload = restored(json.loads(sys.argv[1]))
torch.set_num_threads(workload.threads)
for each in small(workload):
    train_once(each.layer(), batch_of(each))
rows, gates = min(workload.rows, 4096), 4 * workload.hidden_size
for depth in (workload.input_size, workload.hidden_size):  # what torch's library keeps for products of these sizes
    torch.mm(torch.randn(rows, depth), torch.randn(depth, gates))
    torch.mm(torch.randn(rows, gates), torch.randn(gates, depth))
    torch.mm(torch.randn(rows, depth).T, torch.randn(rows, gates))
workload.layer()  # and for the initialisation
gc.collect()
ctypes.CDLL("libc.so.6").malloc_trim(0)  # free pages that stay with the process would be taken without a trace
before = resident("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
layer, x = workload.layer(), batch_of(workload)
train_once(layer, x)
print(resident("VmHWM") - before)
"""


def drawn(generator: random.Random, threads: int) -> Workload:
    """Return random layers."""
    batch, steps = round(2 ** generator.uniform(0, 8)), round(10 ** generator.uniform(1, 3))
    ragged = generator.random() < 0.4
    lengths = [generator.randint(1, steps) if ragged else steps for _ in range(batch)]
    return Workload(
        cell=CELLS[generator.choice(sorted(CELLS))], layers=generator.randint(1, 3), threads=threads,
        input_size=round(2 ** generator.uniform(2, 7)), hidden_size=round(2 ** generator.uniform(3, 9)),
        lengths=tuple(sorted(lengths, reverse=True)),
    )  # fmt: skip


def configurations(count: int, threads: int, calibration: Calibration) -> Iterator[Workload]:
    """Yield random layers that do not take too long."""
    generator = random.Random(SEED + threads)
    while count:
        workload = drawn(generator, threads)
        if predict(workload, calibration=calibration).step_seconds < LONGEST:
            count -= 1
            yield workload


def described(workload: Workload) -> dict[str, Any]:
    """Return a workload as JSON holds it."""
    fields = {field.name: getattr(workload, field.name) for field in dataclasses.fields(workload)}
    return {**fields, "cell": workload.cell.name}


def restored(fields: dict[str, Any]) -> Workload:
    """Return what `described` described."""
    return Workload(**{**fields, "cell": CELLS[fields["cell"]], "lengths": tuple(fields["lengths"]), "sizes": ()})


def small(workload: Workload) -> Iterator[Workload]:
    """Yield small layers that run the same code."""
    for batch in (2, 64):
        lengths = (4, 3, 2, 1) * (batch // 2) if workload.is_ragged else (3,) * batch
        yield dataclasses.replace(workload, input_size=3, hidden_size=4, lengths=tuple(sorted(lengths, reverse=True)))


def train_once(layer: Any, x: Any) -> None:
    """Run both passes of a step."""
    output = layer(x)[0]
    rows = output.data if hasattr(output, "batch_sizes") else output
    rows.backward(torch.ones_like(rows))


def measured_peak(workload: Workload) -> int:
    """Return the bytes that layers, their batch and a training step add to a process at its peak."""
    quiet = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}  # what is freed goes back
    done = subprocess.run(
        [sys.executable, "-c", PEAK, json.dumps(described(workload))], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parent.parent, env={**os.environ, **quiet},
    )  # fmt: skip
    return int(done.stdout)


def times_of(workload: Workload, calibration: Calibration, *, memory: bool) -> dict[str, Any]:
    """Return predicted and measured numbers of one workload."""
    prediction = predict(workload, calibration=calibration)
    found = measured(workload, seconds=0.25, nominal=calibration.pace).by_name()
    point: dict[str, Any] = {"kind": "times", **_sizes(workload), "measured": dict(found)}
    point["predicted"] = {name: prediction.passes[name].seconds for name in found}
    point["peak predicted"] = memory_of(workload).peak
    if memory and point["peak predicted"] > LEAST_MEMORY:
        point["peak measured"] = measured_peak(workload)
    return point


def _sizes(workload: Workload) -> dict[str, Any]:
    return {
        "cell": workload.cell.name, "layers": workload.layers, "threads": workload.threads, "batch": workload.batch,
        "longest": max(workload.lengths), "rows": workload.rows, "input_size": workload.input_size,
        "hidden_size": workload.hidden_size, "ragged": workload.is_ragged,
    }  # fmt: skip


def budgets(count: int, threads: int, calibration: Calibration, until: float) -> Iterator[dict[str, Any]]:
    """Yield budgets with the hidden size that is chosen, and what it and one 15 % larger take when measured again."""
    generator = random.Random(SEED - 1)
    while count and time.monotonic() < until:
        workload = drawn(generator, threads)
        seconds = predict(workload, calibration=calibration).step_seconds
        if not 0.001 < seconds < 0.3:
            continue
        try:
            answer = largest_hidden_size(workload, budget=Budget(seconds=seconds), calibration=calibration)
        except InputError:
            continue  # the network of the draw is near the least
        count -= 1
        larger = max(answer.hidden_size + 1, round(1.15 * answer.hidden_size))
        sizes = (answer.hidden_size, larger)
        taken = [_step(dataclasses.replace(workload, hidden_size=size), calibration) for size in sizes]
        yield {
            "kind": "budget", **_sizes(workload), "seconds": seconds, "chosen": answer.hidden_size, "larger": larger,
            "measured": taken, "is right": taken[0] <= seconds < taken[1],
        }  # fmt: skip


def _step(workload: Workload, calibration: Calibration) -> float:
    times = measured(workload, seconds=0.5, nominal=calibration.pace, kinds=("training",))
    return times.forward + times.backward


def report(points: Sequence[dict[str, Any]]) -> None:
    """Print what was asked beside what was reached."""
    times = [point for point in points if point["kind"] == "times"]
    errors = {name: _errors(times, name) for name in ("inference", "forward", "backward", "stream")}
    for name, each in {**errors, "all passes": np.concatenate([*errors.values()])}.items():
        sys.stdout.write(
            f"{name}: median error {np.median(each):.3f} (asked 0.15), within 30 %: {np.mean(each < 0.3):.2f} (asked "
            f"0.9), of {len(each)}\n"
        )
    peaks = [point["peak predicted"] / point["peak measured"] - 1 for point in times if "peak measured" in point]
    if peaks:
        within = np.mean(np.abs(peaks) <= 0.1)
        sys.stdout.write(f"peak memory within 10 %: {within:.2f} (asked 0.9), of {len(peaks)}\n")
    chosen = [point["is right"] for point in points if point["kind"] == "budget"]
    if chosen:
        sys.stdout.write(f"budgets right: {np.mean(chosen):.2f} (asked 0.9), of {len(chosen)}\n")


def _errors(points: Sequence[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([abs(p["predicted"][name] / p["measured"][name] - 1) for p in points if name in p["measured"]])


def main() -> None:
    """Calibrate, measure, report, and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--count", type=int, default=60, help="random layers, over all numbers of threads")
    parser.add_argument("--budgets", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=11.0, help="after which no further budget is begun")
    parser.add_argument("--no-memory", action="store_true")
    options = parser.parse_args()
    begun, points = time.monotonic(), []
    calibrations = {threads: _calibrated(threads, points) for threads in options.threads}
    each = options.count // len(options.threads)
    for threads, calibration in calibrations.items():
        for workload in configurations(each, threads, calibration):
            points.append(times_of(workload, calibration, memory=not options.no_memory))
            sys.stdout.write(f"{_line(points[-1])}\n")
            sys.stdout.flush()
    until = begun + 60 * options.minutes
    threads, calibration = [*calibrations.items()][-1]
    for point in budgets(options.budgets, threads, calibration, until):
        points.append(point)
        sys.stdout.write(f"{_line(point)}\n")
        sys.stdout.flush()
    report(points)
    write("plan", "python -m benchmarks.plan", points)


def _calibrated(threads: int, points: list[dict[str, Any]]) -> Calibration:
    begun = time.monotonic()
    made = calibrate(threads)
    taken = time.monotonic() - begun
    sys.stdout.write(
        f"{threads} threads: calibrated in {taken:.1f} s, {made.runs} runs, median error {made.error:.3f}\n"
    )
    points.append({"kind": "calibration", "threads": threads, "seconds": taken, **json.loads(made.to_json())})
    return made


def _line(point: dict[str, Any]) -> str:
    sizes = " ".join(str(point[name]) for name in ("cell", "layers", "threads", "batch", "longest", "hidden_size"))
    if point["kind"] == "budget":
        return f"{sizes}: {point['seconds']:.4f} s, chosen {point['chosen']}, {point['measured']}, {point['is right']}"
    ratios = {name: round(point["predicted"][name] / value, 2) for name, value in point["measured"].items()}
    peak = f" peak {point['peak predicted'] / point['peak measured']:.2f}" if "peak measured" in point else ""
    return f"{sizes}{' ragged' if point['ragged'] else ''}: {ratios}{peak}"


if __name__ == "__main__":
    main()
