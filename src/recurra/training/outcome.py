"""How a training went."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recurra.training.history import History
from recurra.training.stopping import Ending

__all__ = ["Training"]


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a training went.

    Attributes
    ----------
    epochs, steps
        Epochs begun, and steps taken.
    best_epoch, best_step
        The epoch (from 1) and the step whose weights the network has now.
    validation
        The measures there.
    learning_rate
        The rate before its schedule: as given, or as found.
    ended_by
        "patience" (no more progress), "epochs", "steps" or "minutes" (as many as allowed), "interrupt" (Ctrl-C),
        "watch" (by who watched it) or "loss" (not finite).
    seconds
        How long it took, together with what it took before it was resumed.
    problem
        What was wrong, where `ended_by` is "loss", else "".
    history
        The course of the training.
    """

    epochs: int
    steps: int
    best_epoch: int
    best_step: int
    validation: Mapping[str, float]
    learning_rate: float
    ended_by: Ending
    seconds: float
    problem: str = ""
    history: History = field(default_factory=History, repr=False)

    def summary(self) -> dict[str, Any]:
        """Return all but the history, as `metrics.json` holds it."""
        fields = {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name != "history"}
        return {**fields, "validation": dict(self.validation)}
