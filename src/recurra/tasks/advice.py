"""Trying advice: two short trainings from new weights, one as it was and one as advised."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any

from recurra import Cell, transforms
from recurra.diagnose import Advice, Diagnosis
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.training.loop import train

__all__ = ["AdviceTrial", "Outcome", "advice_to_try", "try_advice"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a short training went.

    Attributes
    ----------
    measure
        The measure that chooses weights, in the best validation.
    first, last
        The loss of its first and last steps, each the mean of a tenth of them.
    kinds
        The findings afterwards.
    horizon
        Steps until a state has lost its influence, of the layer where it is longest; None where it has not.
    """

    measure: float
    first: float
    last: float
    kinds: tuple[str, ...]
    horizon: int | None


@dataclass(frozen=True, kw_only=True)
class AdviceTrial:
    """Before and after.

    Attributes
    ----------
    advice
        What was tried.
    measure_name
        What `measure` is, such as "loss".
    steps
        Of each training.
    before, after
        Without and with it.
    """

    advice: str
    measure_name: str
    steps: int
    before: Outcome
    after: Outcome

    def to_dictionary(self) -> dict[str, Any]:
        """Return it as plain numbers and texts."""
        return dataclasses.asdict(self)


def advice_to_try(diagnosis: Diagnosis, /) -> Advice | None:
    """Return the first advice that a training can be run with, None if there is none."""
    every = (advice for finding in diagnosis.findings for advice in finding.advice)
    return next((advice for advice in every if advice.can_be_tried), None)


def try_advice(
    fitted: Estimator[Any, Any], data: Any, advice: Advice, /, *, steps: int = 300, dependence: int | None = None
) -> AdviceTrial:
    """Train twice for a few hundred steps from new weights, without and with some advice, and diagnose both.

    Seeds, batches and everything else are the same.

    Raises
    ------
    DataError
        If the data cannot be read or are too few.
    TrainingError
        If a loss is not finite from the beginning.
    """
    short = dataclasses.replace(fitted.options_for(data), max_steps=steps, epochs=max(steps, 1), patience=steps)
    plain = _new(fitted, short, fitted.cell_)
    names = {field.name for field in dataclasses.fields(short)}
    changed = dataclasses.replace(short, **{name: v for name, v in advice.options.items() if name in names})
    advised = _new(fitted, changed, None if "cell" in advice.options else _advised_cell(fitted.cell_, advice))
    prepared = plain.prepare(Sources(training=data))
    return AdviceTrial(
        advice=advice.text,
        measure_name=prepared.learner.monitor.name,
        steps=steps,
        before=_outcome(prepared, dependence=dependence),
        after=_outcome(advised.prepare(Sources(training=data)), dependence=dependence),
    )


def _new(fitted: Estimator[Any, Any], options: Any, cell: Cell | None) -> Estimator[Any, Any]:
    made = copy.copy(fitted)
    made.options, made.cell = options, cell
    return made


def _advised_cell(cell: Cell, advice: Advice) -> Cell:
    """Return the cell with the initialisation and the transform of an advice."""
    if advice.transform:
        cell = getattr(transforms, advice.transform)(cell)
    known = {parameter.name for parameter in cell.parameters}
    init = {name: value for name, value in advice.init.items() if name in known}
    return dataclasses.replace(cell, init={**cell.init, **init})


def _outcome(prepared: Prepared[Any], *, dependence: int | None) -> Outcome:
    """Train and diagnose."""
    training = train(
        prepared.learner, training=prepared.training, validation=prepared.validation, options=prepared.options
    )
    losses = [row["train_loss"] for row in training.history.steps]
    part = max(1, len(losses) // 10)
    found = prepared.diagnose(dependence=dependence)
    horizons = [layer.memory.horizon for layer in found.layers]
    known = [horizon for horizon in horizons if horizon is not None]
    return Outcome(
        measure=training.validation[prepared.learner.monitor.measure],
        first=sum(losses[:part]) / part,
        last=sum(losses[-part:]) / part,
        kinds=found.kinds,
        horizon=max(known, default=None) if len(known) == len(horizons) else None,
    )
