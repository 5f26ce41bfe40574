"""How the values of a trial are drawn: where others were good, by random numbers of the trial's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, final

import numpy as np
from optuna import Study
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

__all__ = ["NO_DRAW", "Seeded"]

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

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        """Begin a draw: its number is the trial's, without those before it that draw none."""
        kept = study.get_trials(deepcopy=False)
        others = sum(each.number < trial.number and NO_DRAW in each.user_attrs for each in kept)
        self._begin(trial.number - others)

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Return what is drawn together."""
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Draw values together."""
        return self._inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Draw a value by itself."""
        drawn = self._inner.sample_independent(study, trial, param_name, param_distribution)
        return self._first.get(param_name, drawn) if self._number == 0 else drawn

    def after_trial(self, study: Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None) -> None:
        """Take note of a result; the trials themselves are what the next draw reads."""
        self._inner.after_trial(study, trial, state, values)

    def _begin(self, number: int) -> None:
        seed = np.random.SeedSequence((self._seed, number)).generate_state(1)[0]
        self._number, self._inner = number, TPESampler(seed=int(seed), n_startup_trials=_RANDOM)
