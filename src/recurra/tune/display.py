"""What a search says on the terminal: a line for each trial, and a table of the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recurra.report import aligned, duration, plain
from recurra.tasks.scores import ScoreTable
from recurra.training.learner import Monitor
from recurra.tune.search import Search
from recurra.tune.trial import TRAINED, Trial, value_text

__all__ = ["front_table", "trial_line", "values_text"]


def trial_line(trial: Trial, others: Sequence[Trial], /, *, monitor: Monitor, asked: int) -> str:
    """Return how a trial went, and which is the best so far.

    Parameters
    ----------
    trial
        The one that ended.
    others
        All of the search.
    monitor
        What they are compared by.
    asked
        How many there shall be.
    """
    done = sum(each.ended in TRAINED for each in others)
    best = _best(others, monitor)
    so_far = f"  best {plain(best.value)} (trial {best.number})" if best else ""
    return f"trial {trial.number} ({done} of {asked})  {values_text(trial.values)}  {_result(trial, monitor)}{so_far}"


def front_table(search: Search, /) -> ScoreTable:
    """Return the trials that are best at their time or at their size, the fastest first."""
    fronts = search.fronts()
    values = aligned([trial.value for trial, _, _ in fronts])
    rows = (
        (
            f"{trial.number}: {values_text(trial.values)}", value, duration(cost.step_seconds), plain(cost.parameters),
            " and ".join(its),
        )
        for (trial, cost, its), value in zip(fronts, values, strict=True)
    )  # fmt: skip
    return ScoreTable(
        title="The trials that are best at the time that they take, or at their size:",
        columns=("trial", search.monitor.name, "a step", "parameters", "best at its"),
        rows=tuple(rows),
    )


def values_text(values: Mapping[str, Any], /) -> str:
    """Return values in words: "cell LSTM, hidden_size 42"."""
    return ", ".join(f"{name} {value_text(value)}" for name, value in values.items())


def _result(trial: Trial, monitor: Monitor) -> str:
    if trial.ended not in TRAINED:
        return f"{trial.ended}: {trial.reason}"
    result = f"{monitor.name} {plain(trial.value)} in {duration(trial.seconds)}"
    return result if trial.ended == "complete" else f"{trial.ended}, {result}"


def _best(trials: Sequence[Trial], monitor: Monitor) -> Trial | None:
    complete = [each for each in trials if each.ended == "complete" and each.value is not None]
    sign = -1 if monitor.larger_is_better else 1
    return min(complete, key=lambda each: sign * (each.value or 0.0), default=None)
