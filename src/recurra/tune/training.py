"""The training of a trial: refused if it costs too much, shown to the study as it goes, ended where that says so."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recurra.errors import InputError, TrainingError
from recurra.tasks.cost import cost_of, parameters_of
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.training.learner import Monitor
from recurra.training.loop import Surroundings, Training, train
from recurra.tune.budget import Budget, cost_text
from recurra.tune.study import Study
from recurra.tune.trial import Trial

if TYPE_CHECKING:
    import optuna

__all__ = ["Trials"]

_EACH, _FURTHER = 8, 1.25
"""The first validations, each of which is compared; after them, those that lie further by a factor."""


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Trains the trials of a study.

    Attributes
    ----------
    study
        Which draws values and is told results.
    estimator, sources
        What is trained, on which data.
    budget
        What it may cost.
    monitor
        What the trials are compared by.
    deadline
        When a trial is cut, as `time.monotonic` counts; None if never.
    """

    study: Study
    estimator: Estimator[Any, Any]
    sources: Sources
    budget: Budget
    monitor: Monitor
    deadline: float | None = None

    def is_over(self) -> bool:
        """Say whether the time is over."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def run(self) -> Trial | None:
        """Train a trial, and return how it went; None if it was cut by Ctrl-C or by the time.

        Raises
        ------
        DataError
            If the data cannot be read.
        """
        trial, values = self.study.ask()
        try:
            came_to_an_end = self._run(trial, values)
        except InputError as error:
            trial.set_constraint("refused", 1.0)
            self.study.tell(trial, "refused", reason=str(error))
        except TrainingError as error:
            self.study.tell(trial, "diverged", reason=str(error))
        except BaseException:
            self.study.lose(trial)
            raise
        else:
            if not came_to_an_end:
                self.study.lose(trial)
                return None
        return self.study.trial(trial.number)

    def _run(self, trial: optuna.Trial, values: Mapping[str, Any]) -> bool:
        options = dataclasses.replace(self.estimator.options, **values)
        prepared = type(self.estimator)(options, cell=self.estimator.cell).prepare(self.sources)
        if not self._is_affordable(trial, prepared):
            return True
        watch = _Watch(trial, self.monitor)
        training = train(
            prepared.learner,
            training=prepared.training,
            validation=prepared.validation,
            options=dataclasses.replace(prepared.options, minutes=self._minutes(prepared.options.minutes)),
            surroundings=Surroundings(watch=watch),
        )
        if training.ended_by == "interrupt" or (training.ended_by == "minutes" and self.is_over()):
            return False
        self.study.tell(
            trial, "pruned" if training.ended_by == "watch" else "complete", **_facts(training, self.monitor)
        )
        return True

    def _is_affordable(self, trial: optuna.Trial, prepared: Prepared[Any]) -> bool:
        """Say whether a trial meets the budget; tell the study what it costs."""
        count = parameters_of(prepared)
        excess = self.budget.certain_excess(count)
        if excess:
            self._refuse(trial, excess, reason=f"{count:,} parameters")
            return False
        cost = cost_of(prepared)
        trial.set_user_attr("cost", dataclasses.asdict(cost))
        if not self.budget.allows(cost):
            self._refuse(trial, self.budget.excess(cost), reason=cost_text(cost))
            return False
        return True

    def _refuse(self, trial: optuna.Trial, excess: Mapping[str, float], *, reason: str) -> None:
        """End a trial before it is trained; by how much it is over the budget leads the next draws."""
        for name, share in excess.items():
            trial.set_constraint(name, share)
        self.study.tell(trial, "over budget", reason=reason)

    def _minutes(self, own: float | None) -> float | None:
        """Return how long a trial may be trained."""
        if self.deadline is None:
            return own
        left = max(1e-6, (self.deadline - time.monotonic()) / 60)
        return left if own is None else min(left, own)


class _Watch:
    """Tells a trial its best value so far, at some validations, and ends it where it is to be pruned."""

    def __init__(self, trial: optuna.Trial, monitor: Monitor, /) -> None:
        self._trial, self._monitor, self._best = trial, monitor, monitor.worst
        self._validation, self._next = 0, 1

    def __call__(self, row: Mapping[str, float]) -> bool:
        self._validation += 1
        value = row[self._monitor.measure]
        if self._monitor.is_better(value, than=self._best):
            self._best = value
        if self._validation < self._next:
            return True
        self._next = max(self._validation + 1, round(self._validation * _FURTHER) if self._validation >= _EACH else 0)
        self._trial.report(self._best, self._validation)
        return not self._trial.should_prune()


def _facts(training: Training, monitor: Monitor) -> dict[str, Any]:
    return {
        "value": training.validation[monitor.measure],
        "epochs": training.epochs,
        "seconds": training.seconds,
        "reason": training.problem,
    }
