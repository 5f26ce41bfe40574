"""The history of a training as plain lists, which the report reads, and how the training went."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["MOST_ROWS", "Ending", "History", "Training"]

Ending = Literal["patience", "epochs", "steps", "minutes", "interrupt", "watch", "loss"]
"""Why a training ended."""

MOST_ROWS = 2000
"""Rows of steps from which on every two become one."""


@dataclass(kw_only=True)
class History:
    """The course of a training.

    Attributes
    ----------
    steps : list of dict
        "step", "epoch" (both from 1), "seconds", "train_loss" (the mean over the steps since the row before),
        "learning_rate", "gradient_norm" (before clipping), one row every `every` steps.
    validations : list of dict
        "epoch", "step", "seconds", and each measure by its name.
    rate_search : dict or None
        "rates", "losses", "suggestion" of the learning-rate finder, where it ran.
    diagnoses : list of dict
        "step", and what `recurra.training.diagnosing.observed_step` saw of it, where steps were looked at.
    every : int
        Steps of a row; doubles whenever there would be more than `MOST_ROWS`.

    Examples
    --------
    >>> from recurra.training.history import History
    >>> history = History()
    >>> history.add_step(step=1, epoch=1, seconds=0.1, loss=2.0, rate=0.01, norm=1.5)
    >>> history.add_validation(step=1, epoch=1, seconds=0.2, measures={"loss": 1.8})
    >>> History.from_json(history.to_json()) == history
    True
    """

    steps: list[dict[str, float]] = field(default_factory=list)
    validations: list[dict[str, float]] = field(default_factory=list)
    rate_search: dict[str, Any] | None = None
    diagnoses: list[dict[str, Any]] = field(default_factory=list)
    every: int = 1

    def wants(self, step: int, /) -> bool:
        """Say whether a row ends with this step (from 1)."""
        return step % self.every == 0

    def add_step(self, *, step: int, epoch: int, seconds: float, loss: float, rate: float, norm: float) -> None:
        """Add a row of a step; see the class for the units."""
        row = {"step": step, "epoch": epoch, "seconds": round(seconds, 3), "train_loss": loss}
        self.steps.append({**row, "learning_rate": rate, "gradient_norm": norm})
        if len(self.steps) >= MOST_ROWS:
            self._halve()

    def add_validation(self, *, step: int, epoch: int, seconds: float, measures: Mapping[str, float]) -> None:
        """Add the measures of a validation."""
        self.validations.append({"epoch": epoch, "step": step, "seconds": round(seconds, 3), **measures})

    def to_dictionary(self) -> dict[str, Any]:
        """Return the history as plain lists and dictionaries."""
        return dataclasses.asdict(self)

    def to_json(self) -> str:
        """Return the history as JSON; what is not finite becomes null, which JSON knows."""
        return json.dumps(_with_null(self.to_dictionary()), allow_nan=False)

    @classmethod
    def from_json(cls, text: str, /) -> History:
        """Return the history that `to_json` wrote; null comes back as NaN in the rows."""
        given = json.loads(text)
        rows = {name: [_with_nan(row) for row in given[name]] for name in ("steps", "validations")}
        return cls(rate_search=given["rate_search"], every=given["every"], diagnoses=given.get("diagnoses", []), **rows)

    def _halve(self) -> None:
        pairs = zip(self.steps[::2], self.steps[1::2], strict=True)
        self.steps = [_merged(first, second) for first, second in pairs]
        self.every *= 2


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


def _merged(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    return {**second, "train_loss": (first["train_loss"] + second["train_loss"]) / 2}


def _with_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_null(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_null(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _with_nan(row: dict[str, float | None]) -> dict[str, float]:
    return {key: math.nan if value is None else value for key, value in row.items()}
