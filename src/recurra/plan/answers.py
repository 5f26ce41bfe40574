"""All answers about layers at once, as the command prints them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recurra.plan.budget import Affordable
from recurra.plan.memory import memory_of
from recurra.plan.prediction import Pass, Prediction
from recurra.plan.questions import Growth
from recurra.plan.workload import Workload

__all__ = ["Answers"]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was asked about layers.

    Attributes
    ----------
    workload
        The layers.
    prediction
        What they cost; None where no time was asked about and this machine has not been measured: growth, batches and
        threads are empty then.
    growth
        How the time grows with each size.
    batches
        Seconds for each sequence by the size of the batch.
    threads
        Seconds of a training step by the number of threads; empty if that was not asked.
    affordable
        The largest hidden size within the budget; None if there is no budget.
    cells
        The same for other cells.
    """

    workload: Workload
    prediction: Prediction | None
    affordable: Affordable | None
    cells: dict[str, Affordable | None]
    growth: tuple[Growth, ...] = ()
    batches: dict[int, float] = field(default_factory=dict)
    threads: dict[int, float] = field(default_factory=dict)

    def to_dictionary(self) -> dict[str, Any]:
        """Return it as plain numbers and texts."""
        workload, passes = self.workload, self.prediction.passes if self.prediction else {}
        described = {
            field.name: getattr(workload, field.name) for field in dataclasses.fields(workload) if field.name != "cell"
        }
        return {
            "layers": {"cell": workload.cell.name, **described},
            "parameters": workload.parameters,
            "memory": dataclasses.asdict(memory_of(workload)),
            "passes": {name: _pass(each) for name, each in passes.items()},
            "growth": [dataclasses.asdict(each) for each in self.growth],
            "batches": self.batches,
            "threads": self.threads,
            "affordable": _plain(self.affordable),
            "cells": {name: _plain(each) for name, each in self.cells.items()},
        }


def _pass(found: Pass) -> Mapping[str, Any]:
    return {**dataclasses.asdict(found), "intensity": found.intensity}


def _plain(found: Affordable | None) -> dict[str, Any] | None:
    """Return an answer without what is not known, of which JSON has no number."""
    if found is None:
        return None
    fields = dataclasses.asdict(found)
    return {name: value for name, value in fields.items() if not (isinstance(value, float) and math.isnan(value))}
