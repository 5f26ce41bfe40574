"""The front: no trial on it is beaten, and every other one is."""

from __future__ import annotations

import numpy as np
import pytest
from tune_cases import search_of, trial

from recurra.errors import TrainingError
from recurra.training.learner import Monitor
from recurra.tune.search import front


@pytest.mark.parametrize("larger_is_better", [False, True])
def test_it_is_what_nothing_beats(larger_is_better: bool) -> None:
    random = np.random.default_rng(3)
    trials = [trial(n, float(random.random()), parameters=int(random.integers(1, 20))) for n in range(60)]

    def beats(one: object, other: object) -> bool:
        value, least = (each.value * (-1 if larger_is_better else 1) for each in (one, other))  # pyright: ignore
        size, most = (each.cost.parameters for each in (one, other))  # pyright: ignore
        return value <= least and size <= most and (value, size) != (least, most)

    found = front(trials, by="parameters", larger_is_better=larger_is_better)
    expected = {each.number for each in trials if not any(beats(other, each) for other in trials)}
    assert {each.number for each in found} == expected
    sizes = [each.cost.parameters for each in found if each.cost]
    assert sizes == sorted(sizes)


def test_only_complete_trials_are_on_it() -> None:
    trials = trial(0, 1.0), trial(1, 0.5, ended="pruned"), trial(2, None, ended="over budget")
    assert [each.number for each in front(trials, by="step_seconds", larger_is_better=False)] == [0]


def test_both_fronts_of_a_search() -> None:
    found = search_of(
        trial(0, 3.0, parameters=10, step=0.003),
        trial(1, 2.0, parameters=20, step=0.001),
        trial(2, 1.0, parameters=30, step=0.002),
        trial(3, 4.0, parameters=40, step=0.004),
    )
    assert [(each.number, its) for each, _, its in found.fronts()] == [
        (1, ("time", "size")), (2, ("time", "size")), (0, ("size",)),
    ]  # fmt: skip
    assert [each.number for each in found.front] == [1, 2]


@pytest.mark.parametrize(("larger_is_better", "best"), [(False, 1), (True, 2)])
def test_the_best_is_by_the_aim(larger_is_better: bool, best: int) -> None:
    trials = trial(0, 0.5), trial(1, 0.4), trial(2, 0.6), trial(3, 0.0, ended="pruned"), trial(4, 9.0, ended="pruned")
    found = search_of(*trials, monitor=Monitor("accuracy", larger_is_better=larger_is_better))
    assert found.best.number == best
    assert found.best_options.hidden_size == 2 + best


def test_without_a_best_the_reason_is_told() -> None:
    found = search_of(trial(0, None, ended="diverged"), trial(1, None, ended="lost"))
    assert not found.has_best
    with pytest.raises(TrainingError, match="no trial came to its end: 1 trial: 1 diverged; 1 lost"):
        _ = found.best
