"""`python -m benchmarks.accuracy NAME --data FOLDER --seeds 0 1 2`: how good recurra's tasks are on real data.

Each name is a function in a file `accuracy_TASK.py`, from the folder of the data, a seed, and the most minutes of
training (None: as many as the table says), to the options, the seconds and the scores of the test part, and "model",
which `--keep` saves, where it is not among the raw numbers.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from benchmarks.alternate import known, write

Run = Callable[[Path, int, float | None], Mapping[str, Any]]

TASKS = (
    "accuracy_classify", "accuracy_forecast", "accuracy_language", "accuracy_sound", "accuracy_tag",
    "accuracy_translate",
)  # fmt: skip
"""The files; each has RUNS: name -> function."""


def runs() -> dict[str, Run]:
    """Return all that can be run by name."""
    return {name: run for task in TASKS for name, run in importlib.import_module(f"benchmarks.{task}").RUNS.items()}


def main() -> None:
    """Run, print and append the raw numbers."""
    found = runs()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(found))
    parser.add_argument("--data", type=Path, required=True, help="folder of the real data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--minutes", type=float, help="a trial: stop training then, and write nothing down")
    parser.add_argument("--keep", type=Path, help="folder for the model of the last seed")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    points = []
    for seed in given.seeds:
        start = time.process_time()
        outcome = dict(found[given.name](given.data, seed, given.minutes))
        model = outcome.pop("model", None)
        if given.keep and model is not None:
            model.save(given.keep)
        spent = {"CPU seconds": round(time.process_time() - start, 1)}
        points.append({"name": given.name, "seed": seed, "threads": given.threads, **spent, **outcome})
        sys.stdout.write(f"{given.name}, seed {seed}: {json.dumps(outcome['scores'])}, {outcome['seconds']:.0f} s\n")
    for score in points[0]["scores"]:
        values = [point["scores"][score] for point in points]
        sys.stdout.write(f"{given.name}: {score}, mean of {len(values)}: {statistics.mean(values):.4f}\n")
    if given.minutes is None:
        write("accuracy", "python -m benchmarks.accuracy", [*known("accuracy"), *points])


if __name__ == "__main__":
    main()
