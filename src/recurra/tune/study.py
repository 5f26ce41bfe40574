"""A search in its storage: trials are asked for, told, and taken up again where their worker was killed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.storages import BaseStorage
from optuna.trial import TrialState

from recurra.errors import InputError
from recurra.tune.liveness import is_gone, this_worker
from recurra.tune.sampling import NO_DRAW, Seeded
from recurra.tune.space import Dimension
from recurra.tune.trial import TRAINED, Ending, Trial

__all__ = ["Study"]

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
