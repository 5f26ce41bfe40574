"""`tune`: trials of a task's options, one after another, until there are as many as asked for."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
import time
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from recurra.errors import InputError
from recurra.tasks.cost import Cost, cost_of
from recurra.tasks.estimator import Estimator, Prepared, Sources
from recurra.tasks.registry import TASKS
from recurra.training.aim import Aim
from recurra.training.described import as_dictionary
from recurra.tune.budget import Budget, cost_text
from recurra.tune.display import trial_line
from recurra.tune.options import TuneOptions
from recurra.tune.search import Ended, Search
from recurra.tune.space import Dimension, search_space, smallest
from recurra.tune.storage import opened_storage
from recurra.tune.study import Study
from recurra.tune.training import Trials
from recurra.tune.trial import TRAINED

__all__ = ["tune"]

_CORNERS = 16
"""Smallest configurations that are looked at for one that meets the budget."""

_IN_VAIN = 100
"""Trials over budget, one after another, after which a search ends."""

_ENOUGH = 20
"""Complete trials from which on the importance of options can be told."""


def tune(
    task: str | Estimator[Any],
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
    """
    chosen = options or TuneOptions()
    estimator = TASKS[_known(task)].estimator_class()() if isinstance(task, str) else task
    sources = Sources(training=data, validation=validation, test=test)
    _check(estimator)
    space = search_space(estimator.options, given=chosen.search, fixed=_fixed(estimator, fixed))
    aim = _aim(estimator, sources, space, chosen)
    with opened_storage(chosen.storage, folder=folder) as storage:
        study = Study(
            storage,
            name=chosen.name or (folder.absolute().name if folder else "search"),
            facts=_facts(estimator, sources, space, chosen),
            space=space,
            first=_first(estimator, space),
            seed=estimator.options.seed,
            larger_is_better=aim.larger_is_better,
        )
        trials = Trials(
            study=study, estimator=estimator, sources=sources, budget=Budget.of(chosen), aim=aim,
            deadline=None if chosen.minutes is None else time.monotonic() + 60 * chosen.minutes,
        )  # fmt: skip
        ended = _run(trials, chosen, progress=progress)
        found = study.trials()
        return Search(
            task=estimator.task,
            options=estimator.options,
            aim=aim,
            space=space,
            trials=found,
            importance=study.importance() if sum(each.ended == "complete" for each in found) >= _ENOUGH else {},
            budget=Budget.of(chosen).text(),
            ended_by=ended,
            data=sources.names(),
        )


def _known(task: str) -> str:
    if task not in TASKS:
        raise InputError(f"there is no task {task!r}; expected one of {', '.join(TASKS)}")
    return task


def _check(estimator: Estimator[Any]) -> None:
    devices = estimator.options.devices
    if devices > 1:
        raise InputError(f"devices = {devices}: a trial is trained by one process; start several searches on a storage")


def _fixed(estimator: Estimator[Any], names: Collection[str]) -> set[str]:
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
                sys.stderr.write(f"{trial_line(last, trials.study.trials(), aim=trials.aim, asked=options.trials)}\n")
    except KeyboardInterrupt:
        return "interrupt"
    return "trials"


def _aim(estimator: Estimator[Any], sources: Sources, space: tuple[Dimension, ...], options: TuneOptions) -> Aim:
    """Return what trials are compared by, having read the data once; and check that the budget can be met at all."""
    budget, nearest = Budget.of(options), None
    for corner, prepared in _corners(estimator, sources, space):
        if not budget.limits():
            return prepared.learner.aim
        cost = cost_of(prepared)
        if budget.allows(cost):
            return prepared.learner.aim
        above = max(budget.excess(cost).values())
        if nearest is None or above < nearest[0]:
            nearest = above, corner, cost
    assert nearest is not None
    raise InputError(_too_dear(budget, *nearest[1:]))


def _corners(
    estimator: Estimator[Any], sources: Sources, space: tuple[Dimension, ...]
) -> Iterator[tuple[dict[str, Any], Prepared[Any]]]:
    """Yield what may cost least, as far as its values go together."""
    problem, found = None, False
    for corner in islice(smallest(space), _CORNERS):
        try:
            options = dataclasses.replace(estimator.options, **corner)
            prepared = type(estimator)(options, cell=estimator.cell).prepare(sources)
        except InputError as error:
            problem = problem or error
            continue
        found = True
        yield corner, prepared
    if problem and not found:
        raise problem


def _too_dear(budget: Budget, corner: dict[str, Any], cost: Cost) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in corner.items())
    return (
        f"nothing meets the budget of {budget.text()}; the nearest is {values}, at {cost_text(cost)}; "
        f"expected a larger budget, or a search among smaller values"
    )


def _first(estimator: Estimator[Any], space: tuple[Dimension, ...]) -> dict[str, Any]:
    """Return what the options say of what is searched, where the search looks there too."""
    said = {dimension: getattr(estimator.options, dimension.name) for dimension in space}
    return {dimension.name: value for dimension, value in said.items() if dimension.has(value)}


def _facts(
    estimator: Estimator[Any], sources: Sources, space: tuple[Dimension, ...], options: TuneOptions
) -> dict[str, Any]:
    """Return what all who work on a search have to agree on."""
    searched = {dimension.name for dimension in space}
    others = {name: value for name, value in as_dictionary(estimator.options).items() if name not in searched}
    return {
        "task": estimator.task,
        "data": {name: _digest(part) for name, part in vars(sources).items()},
        "space": {dimension.name: str(dimension) for dimension in space},
        "options": others,
        "budget": Budget.of(options).text(),
    }


def _digest(part: Any) -> str | None:
    """Return what tells a file from others, wherever it lies; None for what is no file."""
    if not isinstance(part, str | Path) or not Path(part).is_file():
        return None
    with Path(part).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
