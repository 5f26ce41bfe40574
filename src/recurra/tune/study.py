"""A search in its storage: how trials are drawn, told, and taken up again where their worker was killed."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, final

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.exceptions import UpdateFinishedTrialError
from optuna.samplers import BaseSampler, TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from recurra.errors import InputError
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Sources
from recurra.training.option_fields import as_dictionary
from recurra.tune.budget import Budget
from recurra.tune.space import Dimension
from recurra.tune.trial import TRAINED, Ending, Trial

__all__ = ["NO_DRAW", "Seeded", "Study", "is_gone", "search_facts", "this_worker"]

NO_DRAW = "no draw"
"""What marks a trial that draws no values: they are those of one that was lost, or it was lost before it had them."""

_RANDOM = 10
"""Trials whose values are drawn at random, before the others are drawn where those were good."""


@final
class Seeded(BaseSampler):
    """A tree-structured Parzen estimator with a seed for each draw, so that a search goes on as if it never stopped.

    Bergstra, Bardenet, Bengio & Kégl (2011), Algorithms for Hyper-Parameter Optimization, section 4.

    Parameters
    ----------
    seed
        Of the search.
    first
        The values of the first trial, where they are known: those that a person would have trained with anyway.
    """

    def __init__(self, seed: int, /, *, first: Mapping[str, Any]) -> None:
        self._seed, self._first = seed, first
        self._begin(0)

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        """Begin a draw: its number is the trial's, without those before it that draw none."""
        kept = study.get_trials(deepcopy=False)
        others = sum(each.number < trial.number and NO_DRAW in each.user_attrs for each in kept)
        self._begin(trial.number - others)

    def infer_relative_search_space(self, study: optuna.Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Return what is drawn together."""
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Draw values together."""
        return self._inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: optuna.Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Draw a value by itself."""
        drawn = self._inner.sample_independent(study, trial, param_name, param_distribution)
        return self._first.get(param_name, drawn) if self._number == 0 else drawn

    def after_trial(
        self, study: optuna.Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None
    ) -> None:
        """Take note of a result; the trials themselves are what the next draw reads."""
        self._inner.after_trial(study, trial, state, values)

    def _begin(self, number: int) -> None:
        seed = np.random.SeedSequence((self._seed, number)).generate_state(1)[0]
        self._number, self._inner = number, TPESampler(seed=int(seed), n_startup_trials=_RANDOM)


def search_facts(
    estimator: Estimator[Any, Any], /, *, sources: Sources, space: tuple[Dimension, ...], budget: Budget
) -> dict[str, Any]:
    """Return the task, the data, what is searched, the other options and the budget, as JSON has them."""
    searched = {dimension.name for dimension in space}
    others = {name: value for name, value in as_dictionary(estimator.options).items() if name not in searched}
    return {
        "task": estimator.task,
        "data": {name: _digest(part) for name, part in vars(sources).items()},
        "space": {dimension.name: str(dimension) for dimension in space},
        "options": others,
        "budget": budget.text(),
    }


def _digest(part: Any) -> str | None:
    """Return what tells a file from others, wherever it lies; None for what is no file."""
    if not isinstance(part, str | Path) or not Path(part).is_file():
        return None
    with Path(part).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def this_worker() -> dict[str, Any]:
    """Return this process and its machine."""
    return {"machine": socket.gethostname(), "process": os.getpid()}


def is_gone(worker: Mapping[str, Any], /) -> bool:
    """Say whether a worker is a process of this machine that has ended; of another machine nobody here knows."""
    if worker.get("machine") != socket.gethostname() or sys.platform == "win32":  # there a signal 0 ends a process
        return False
    try:
        os.kill(int(worker["process"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


_BEFORE_PRUNING, _FIRST_PRUNED = 5, 2
"""Trials that have to be complete before one is pruned, and the validation at which it can be."""


class Study:
    """The trials of a search.

    A trial is pruned whose best validation is worse than the median of what the others had at the same one (Golovin et
    al. 2017, Google Vizier, section 3.2).

    Parameters
    ----------
    storage, name
        Where it is kept, and under which name.
    facts
        What the search is about: who joins it has to mean the same.
    space, seed
        What is drawn, and by which random numbers.
    first
        The values of the first trial, as far as they are known.
    larger_is_better
        Of the validation's value.
    """

    def __init__(
        self,
        storage: BaseStorage,
        /,
        *,
        name: str,
        facts: Mapping[str, Any],
        space: Sequence[Dimension],
        first: Mapping[str, Any],
        seed: int,
        larger_is_better: bool,
    ) -> None:
        self._storage, self._space = storage, space
        with _quiet():
            self._study = optuna.create_study(
                storage=storage,
                study_name=name,
                load_if_exists=True,
                sampler=Seeded(seed, first=first),
                direction="maximize" if larger_is_better else "minimize",
                pruner=optuna.pruners.MedianPruner(n_startup_trials=_BEFORE_PRUNING, n_warmup_steps=_FIRST_PRUNED),
            )
        self._check(facts, name)

    def trials(self) -> tuple[Trial, ...]:
        """Return all trials, by their numbers."""
        kept = self._study.get_trials(deepcopy=False)
        return tuple(Trial.of(each) for each in kept if each.state != TrialState.WAITING)

    def trial(self, number: int, /) -> Trial:
        """Return a trial."""
        return next(each for each in self.trials() if each.number == number)

    def begun(self) -> int:
        """Return how many trials have been trained, or are being."""
        return sum(each.ended in TRAINED or each.ended == "running" for each in self.trials())

    def ask(self) -> tuple[optuna.Trial, dict[str, Any]]:
        """Begin a trial, and return it with its values: those of one that was lost, else new ones."""
        with _quiet():
            trial = self._study.ask()
            trial.set_user_attr("worker", this_worker())
            return trial, {dimension.name: dimension.draw(trial) for dimension in self._space}

    def tell(self, trial: optuna.Trial, ended: Ending, /, **facts: Any) -> None:
        """End a trial; `facts` are kept with it, its value among them."""
        for name, fact in {"ended": ended, **facts}.items():
            trial.set_user_attr(name, fact)
        with _quiet():
            if ended == "complete":
                self._study.tell(trial, facts["value"])
            else:
                self._study.tell(trial, state=TrialState.PRUNED)

    def lose(self, trial: optuna.Trial, /) -> None:
        """Give a trial up, whose values will be tried again."""
        self._lose(trial._trial_id)

    def take_up(self) -> int:
        """Give those trials up whose worker was killed, and return how many."""
        running = self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        gone = [each for each in running if is_gone(each.user_attrs.get("worker", {}))]
        return sum(self._lose(each._trial_id) for each in gone)

    def importance(self) -> dict[str, float]:
        """Return the share of each option in what makes a trial good, by PED-ANOVA (Watanabe et al. 2023)."""
        with _quiet():
            return optuna.importance.get_param_importances(self._study)

    def _lose(self, identity: int) -> bool:
        values = self._storage.get_trial(identity).params
        has_all = len(values) == len(self._space)
        try:
            if not has_all:  # it was killed while it drew: the next one draws what it would have drawn
                self._storage.set_trial_user_attr(identity, NO_DRAW, True)
            self._storage.set_trial_state_values(identity, TrialState.FAIL)
        except UpdateFinishedTrialError:  # by another worker
            return False
        if has_all:
            self._study.enqueue_trial(values, user_attrs={NO_DRAW: True})
        return True

    def _check(self, facts: Mapping[str, Any], name: str) -> None:
        known = self._study.user_attrs
        for fact, value in facts.items():
            if fact not in known:
                self._study.set_user_attr(fact, value)
            elif known[fact] != value:
                raise InputError(
                    f"the search {name!r} is there already with another {fact}: {_difference(known[fact], value)}; "
                    f"give another folder or name, or the same {fact}"
                )


def _difference(known: Any, given: Any) -> str:
    """Say in what two facts differ."""
    if isinstance(known, dict) and isinstance(given, dict):
        names = [name for name in {**known, **given} if known.get(name) != given.get(name)]
        return f"{names[0]} was {known.get(names[0])!r} and is {given.get(names[0])!r}"
    return f"{known!r}, got {given!r}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep optuna from telling of every trial."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
