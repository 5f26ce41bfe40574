"""`tune`: trials of a task's options, one after another, until there are as many as asked for."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from recurra.arguments import kind_of
from recurra.errors import InputError
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Sources
from recurra.tasks.registry import TASKS
from recurra.tune.budget import Budget, affordable_monitor
from recurra.tune.display import trial_line
from recurra.tune.options import TuneOptions
from recurra.tune.search import Ended, Search
from recurra.tune.space import Dimension, search_space
from recurra.tune.storage import opened_storage
from recurra.tune.study import Study, search_facts
from recurra.tune.training import Trials
from recurra.tune.trial import TRAINED

__all__ = ["tune"]

_IN_VAIN = 100
"""Trials over budget, one after another, after which a search ends."""

_ENOUGH = 20
"""Complete trials from which on the importance of options can be told."""


def tune(
    task: str | Estimator[Any, Any],
    data: Any,
    /,
    *,
    options: TuneOptions | None = None,
    validation: Any = None,
    test: Any = None,
    fixed: Collection[str] = (),
    folder: Path | None = None,
    progress: bool = False,
) -> Search:
    """Search for the options with which a task learns best from some data.

    Each trial is trained on the training part and judged by the validation part; the test part is not looked at. With
    one worker the same seed (that of the task's options) gives the same search, also where it was interrupted and
    goes on; a budget of time or several workers make it depend on the machine.

    Parameters
    ----------
    task
        Its name, or an estimator, whose options every trial begins with.
    data, validation, test
        As for `Estimator.fit`.
    options
        How long, within which budget, between which values, and where the trials are kept.
    fixed
        Options of the task that are not searched.
    folder
        Where the trials are kept if the options name no storage; without it, in memory.
    progress
        Whether to say on stderr how each trial went.

    Raises
    ------
    DataError
        If the data cannot be read or are too few.
    InputError
        If there is nothing to search, nothing meets the budget (the message names the nearest), or the search is
        there already with other data or options.
    StorageError
        If the storage does not answer. Finished trials are kept there.

    Examples
    --------
    >>> import polars as pl
    >>> from recurra.tasks import Forecaster, ForecastOptions
    >>> from recurra.tune import TuneOptions, tune
    >>> frame = pl.DataFrame({"y": [float(day % 7) for day in range(120)]})
    >>> week = ForecastOptions(horizon=7, season_length=7, epochs=3)
    >>> few = TuneOptions(trials=2, search=("hidden_size=4..8",))
    >>> search = tune(Forecaster(week), frame, options=few, fixed=["cell"])
    >>> search.counts(), 4 <= search.best_options.hidden_size <= 8
    ({'complete': 2}, True)
    >>> import tempfile
    >>> from recurra.tune import save_search
    >>> with tempfile.TemporaryDirectory() as out:
    ...     save_search(search, Path(out))
    ...     sorted(file.name for file in Path(out).iterdir())
    ['best.yaml', 'report.html', 'search.json', 'trials.csv']
    """
    chosen = TuneOptions() if options is None else options
    kind_of(chosen, TuneOptions, name="options", expected="TuneOptions, such as TuneOptions(trials=50)")
    estimator = TASKS[_known(task)].estimator_class()() if isinstance(task, str) else task
    kind_of(estimator, Estimator, name="task", expected="the name of a task or an estimator, such as Forecaster()")
    sources = Sources(training=data, validation=validation, test=test)
    _check(estimator)
    space = search_space(estimator.options, given=chosen.search, fixed=_fixed(estimator, fixed))
    budget = Budget.of(chosen)
    monitor = affordable_monitor(estimator, sources=sources, space=space, budget=budget)
    with opened_storage(chosen.storage, folder=folder) as storage:
        study = Study(
            storage,
            name=chosen.name or (folder.absolute().name if folder else "search"),
            facts=search_facts(estimator, sources=sources, space=space, budget=budget),
            space=space,
            first=_first(estimator, space),
            seed=estimator.options.seed,
            larger_is_better=monitor.larger_is_better,
        )
        deadline = None if chosen.minutes is None else time.monotonic() + 60 * chosen.minutes
        trials = Trials(
            study=study, estimator=estimator, sources=sources, budget=budget, monitor=monitor, deadline=deadline
        )
        ended = _run(trials, chosen, progress=progress)
        return _found(trials, space=space, ended=ended)


def _found(trials: Trials, *, space: tuple[Dimension, ...], ended: Ended) -> Search:
    """Return what there is in the storage."""
    found = trials.study.trials()
    is_told = sum(each.ended == "complete" for each in found) >= _ENOUGH
    return Search(
        task=trials.estimator.task,
        options=trials.estimator.options,
        monitor=trials.monitor,
        space=space,
        trials=found,
        importance=trials.study.importance() if is_told else {},
        budget=trials.budget.text(),
        ended_by=ended,
        data=trials.sources.names(),
    )


def _known(task: str) -> str:
    if task not in TASKS:
        raise InputError(f"there is no task {task!r}; expected one of {', '.join(TASKS)}")
    return task


def _check(estimator: Estimator[Any, Any]) -> None:
    devices = estimator.options.devices
    if devices > 1:
        raise InputError(f"devices = {devices}: a trial is trained by one process; start several searches on a storage")


def _fixed(estimator: Estimator[Any, Any], names: Collection[str]) -> set[str]:
    """Return what is not searched: a cell that is given to the estimator stands in place of the option."""
    return {*names, *(["cell"] if estimator.cell is not None else [])}


def _run(trials: Trials, options: TuneOptions, *, progress: bool) -> Ended:
    """Train trials until something ends the search, and say what."""
    trials.study.take_up()
    in_vain = 0
    try:
        while trials.study.begun() < options.trials:
            if trials.is_over():
                return "minutes"
            if in_vain >= _IN_VAIN:
                return "budget"
            last = trials.run()
            if last is None:
                return "minutes" if trials.is_over() else "interrupt"
            in_vain = 0 if last.ended in TRAINED else in_vain + 1
            if progress:
                sys.stderr.write(
                    f"{trial_line(last, trials.study.trials(), monitor=trials.monitor, asked=options.trials)}\n"
                )
    except KeyboardInterrupt:
        return "interrupt"
    return "trials"


def _first(estimator: Estimator[Any, Any], space: tuple[Dimension, ...]) -> dict[str, Any]:
    """Return what the options say of what is searched, where the search looks there too."""
    said = {dimension: getattr(estimator.options, dimension.name) for dimension in space}
    return {dimension.name: value for dimension, value in said.items() if dimension.has(value)}
