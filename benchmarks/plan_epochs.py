"""`python -m benchmarks.plan_epochs`: the time of an epoch that `fit` announces, against what it then takes.

The trainings are those of the examples, in this process, one after the other, in rounds. The median of a training's
ratios is what counts: the pace of a shared machine changes between the announcement and the training.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

import torch

from benchmarks.alternate import write
from recurra.tasks.registry import TASKS

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"

FITS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("forecast", "sunspots.csv", {"time": "year", "target": "sunspots", "horizon": 11, "season_length": 11}),
    ("forecast", "shops.csv", {"future": "promotion", "static": "region", "horizon": 7, "season_length": 7}),
    ("classify", "reviews.tsv", {"text": "text", "label": "label", "epochs": 4}),
    ("language", "shakespeare.txt", {"level": "char", "epochs": 2}),
    ("tag", "places.conll", {"epochs": 20}),
)
"""Task, data, options; what is not said is as the task has it."""


def measured(task: str, data: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return what was announced and what it took."""
    known = TASKS[task]
    given = known.options_class()(**{"epochs": 40, **options})
    fitted = known.estimator_class()(given).fit(EXAMPLES / data, progress=True)
    plan = fitted.metrics_["plan"]
    ratio = plan["predicted"]["epoch_seconds"] / plan["measured"]["epoch_seconds"]
    return {"task": task, "data": data, "threads": torch.get_num_threads(), "ratio": ratio, **plan}


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    points = [{**measured(*each), "round": number} for number in range(given.rounds) for each in FITS]
    for _, data, _ in FITS:
        ratios = [point["ratio"] for point in points if point["data"] == data]
        sys.stdout.write(f"{data}: median {statistics.median(ratios):.2f} of {len(ratios)} (asked: 0.8 to 1.2)\n")
    write("plan_epochs", "python -m benchmarks.plan_epochs", points)


if __name__ == "__main__":
    main()
