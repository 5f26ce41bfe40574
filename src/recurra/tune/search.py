"""What a search found: its trials, and the Pareto front of value against cost."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from recurra.errors import TrainingError
from recurra.notebook import page, table
from recurra.report import aligned, duration
from recurra.tasks.cost import Cost
from recurra.training.learner import Monitor
from recurra.tune.space import Dimension
from recurra.tune.trial import TRAINED, Trial, value_text

if TYPE_CHECKING:
    from recurra.tasks.options import TaskOptions
from collections.abc import Iterable

__all__ = ["Ended", "Figure", "Search", "front"]

Figure = Literal["step_seconds", "epoch_seconds", "parameters", "peak_memory"]
"""What costs are compared by; see `recurra.tasks.cost.Cost`."""


def front(trials: Iterable[Trial], /, *, by: Figure, larger_is_better: bool) -> tuple[Trial, ...]:
    """Return the Pareto front of value against cost, the cheapest first.

    Parameters
    ----------
    trials
        Those that are not complete are left out.
    by
        The figure of the cost.
    larger_is_better
        Of the value.
    """
    sign = -1 if larger_is_better else 1
    complete = [trial for trial in trials if trial.ended == "complete" and trial.value is not None and trial.cost]
    found: list[Trial] = []
    for trial in sorted(complete, key=lambda each: (getattr(each.cost, by), sign * (each.value or 0.0), each.number)):
        if not found or sign * (trial.value or 0.0) < sign * (found[-1].value or 0.0):
            found.append(trial)
    return tuple(found)


Ended = Literal["trials", "minutes", "interrupt", "budget"]

_ENDED = {
    "minutes": "; the time was over",
    "interrupt": "; interrupted",
    "budget": "; hardly anything that is searched meets the budget",
}


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a search found.

    Attributes
    ----------
    task
        Its name.
    options
        The options that every trial began with.
    monitor
        The measure of the validation part that was to become good.
    space
        What was searched.
    trials
        All of them, by their numbers, those of other workers among them.
    importance
        The share of each searched option in what makes a trial good; empty where there are too few to tell.
    budget
        What a training was allowed to cost, in words.
    ended_by
        "trials" (as many as asked for), "minutes", "interrupt" (Ctrl-C), or "budget" (hardly anything meets it).
    data
        The files, by their part.
    """

    task: str
    options: TaskOptions
    monitor: Monitor
    space: tuple[Dimension, ...]
    trials: tuple[Trial, ...]
    importance: Mapping[str, float]
    budget: str
    ended_by: Ended
    data: Mapping[str, str | None]

    @property
    def has_best(self) -> bool:
        """Whether a trial came to its end."""
        return any(trial.ended == "complete" for trial in self.trials)

    @property
    def best(self) -> Trial:
        """The trial with the best validation.

        Raises
        ------
        TrainingError
            If none came to its end.
        """
        if not self.has_best:
            raise TrainingError(f"no trial came to its end: {self.counts_text()}{self._why()}{self.ended_text}")
        complete = [trial for trial in self.trials if trial.ended == "complete"]
        sign = -1 if self.monitor.larger_is_better else 1
        return min(complete, key=lambda trial: (sign * (trial.value or 0.0), trial.number))

    @property
    def best_options(self) -> TaskOptions:
        """The options of the best trial, to fit a model with."""
        return self.options_of(self.best)

    @property
    def front(self) -> tuple[Trial, ...]:
        """The trials that are best at what a step of theirs takes, the fastest first."""
        return self.front_by("step_seconds")

    def fronts(self) -> tuple[tuple[Trial, Cost, tuple[str, ...]], ...]:
        """Return the trials that are best at their time a step, their size, or both, the fastest first.

        Each comes with its cost, and what it is best at: "time", "size".
        """
        ways = {"time": self.front, "size": self.front_by("parameters")}
        found = ((trial, tuple(way for way, best in ways.items() if trial in best)) for trial in self.trials)
        shown = [(trial, trial.cost, its) for trial, its in found if its and trial.cost is not None]
        return tuple(sorted(shown, key=lambda each: each[1].step_seconds))

    def front_by(self, figure: Figure, /) -> tuple[Trial, ...]:
        """Return the trials that are best at their cost, by a figure of it, the cheapest first."""
        return front(self.trials, by=figure, larger_is_better=self.monitor.larger_is_better)

    def options_of(self, trial: Trial, /) -> TaskOptions:
        """Return the options that a trial was trained with."""
        return dataclasses.replace(self.options, **trial.values)

    def counts(self) -> dict[str, int]:
        """Return how many trials ended in which way."""
        return dict(Counter(trial.ended for trial in self.trials))

    def counts_text(self) -> str:
        """Return the counts in words: "12 trials: 8 complete, 4 pruned; 3 over budget"."""
        counts = self.counts()
        trained = {name: count for name, count in counts.items() if name in TRAINED}
        others = {name: count for name, count in counts.items() if name not in TRAINED}
        number = sum(trained.values())
        text = f"{number} trial{'' if number == 1 else 's'}"
        if trained:
            text += f": {_listed(trained)}"
        return f"{text}; {_listed(others)}" if others else text

    @property
    def ended_text(self) -> str:
        """Why there are fewer trials than were asked for, as the end of a sentence; "" if there are not."""
        return _ENDED.get(self.ended_by, "")

    def to_dictionary(self) -> dict[str, Any]:
        """Return what was found, as the command prints it as JSON."""
        best = self.best
        return {
            "task": self.task, "measure": self.monitor.measure, "larger_is_better": self.monitor.larger_is_better,
            "best": best.row(), "front": [trial.row() for trial in self.front], "counts": self.counts(),
            "importance": dict(self.importance), "space": [*map(str, self.space)], "budget": self.budget,
            "ended_by": self.ended_by, "trials": [trial.row() for trial in self.trials],
        }  # fmt: skip

    def _repr_html_(self) -> str:
        """Return the best trials as a table, for notebooks."""
        if not self.has_best:
            return page(f"Search for options: {self.task}", f"{self.counts_text()}{self._why()}{self.ended_text}.")
        fronts = self.fronts()
        shown = [(trial, cost) for trial, cost, _ in fronts]
        names = [dimension.name for dimension in self.space]
        values = aligned([trial.value for trial, _ in shown])
        rows = (
            (
                f"{trial.number}", *(value_text(trial.values[name]) for name in names), value,
                duration(cost.step_seconds), f"{cost.parameters:,}",
            )
            for (trial, cost), value in zip(shown, values, strict=True)
        )  # fmt: skip
        return page(
            f"Search for options: {self.task}",
            f"{self.counts_text()}{self.ended_text}. The best is trial {self.best.number}. The trials that are best at "
            f"the time that they take, or at their size, by the validation part:",
            table(("trial", *names, self.monitor.name, "a step", "parameters"), rows),
        )

    def _why(self) -> str:
        reason = next((trial.reason for trial in self.trials if trial.reason), "")
        return f"; {reason}" if reason else ""


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
