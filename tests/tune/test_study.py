"""A study by itself: draws, going on, trials that were lost, pruning."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import optuna
import pytest
from optuna.storages import InMemoryStorage
from tune_cases import study_in

from recurra.errors import InputError
from recurra.training.learner import Monitor
from recurra.tune import study as study_module
from recurra.tune.storage import opened_storage
from recurra.tune.study import Seeded, Study, is_gone, this_worker
from recurra.tune.training import _Watch


def advance(study: Study, count: int = 1) -> list[float]:
    """Take trials whose value is how far they are from 0.3, and return what was drawn."""
    drawn = []
    for _ in range(count):
        trial, values = study.ask()
        drawn.append(values["x"])
        study.tell(trial, "complete", value=abs(values["x"] - 0.3))
    return drawn


@pytest.fixture
def dead() -> dict[str, object]:
    """A worker of this machine that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return {**this_worker(), "process": done.pid}


def test_draws_come_closer() -> None:
    drawn = advance(study_in(InMemoryStorage()), 40)
    assert all(0 <= value <= 1 for value in drawn)
    assert sum(abs(value - 0.3) for value in drawn[-10:]) < sum(abs(value - 0.3) for value in drawn[:10]) / 2


def test_it_draws_as_if_it_never_stopped() -> None:
    whole, parts = InMemoryStorage(), InMemoryStorage()
    assert advance(study_in(whole), 16) == [value for _ in range(8) for value in advance(study_in(parts), 2)]


def test_what_was_lost_is_tried_again_and_changes_nothing() -> None:
    """The trials after it are those of a search in which nothing was lost."""
    whole, study = advance(study_in(InMemoryStorage()), 14), study_in(InMemoryStorage())
    before = advance(study, 11)
    trial, values = study.ask()
    study.lose(trial)
    assert [*before, *advance(study, 3)] == whole
    assert values["x"] == whole[11]
    assert [each.ended for each in study.trials()].count("lost") == 1
    assert study.begun() == 14


def test_what_was_lost_before_it_had_values_changes_nothing() -> None:
    whole, storage = advance(study_in(InMemoryStorage()), 4), InMemoryStorage()
    study = study_in(storage)
    before = advance(study, 2)
    optuna.load_study(study_name="s", storage=storage).ask()
    identity = max(each._trial_id for each in storage.get_all_trials(0))
    storage.set_trial_user_attr(identity, "worker", {**this_worker(), "process": 2**22 + 1})
    assert study.take_up() == 1
    assert [*before, *advance(study, 2)] == whole


def test_the_first_draw_is_what_was_given() -> None:
    study = study_in(InMemoryStorage(), first={"x": 0.125})
    drawn = advance(study, 2)
    assert drawn[0] == 0.125
    assert drawn[1] != 0.125


def test_seeds_are_of_the_search_and_the_draw() -> None:
    drawn = [advance(study_in(InMemoryStorage(), seed=seed), 3) for seed in (1, 2)]
    assert len({*drawn[0], *drawn[1]}) == 6


def test_who_was_killed_is_taken_up(monkeypatch: pytest.MonkeyPatch, dead: dict[str, object]) -> None:
    storage = InMemoryStorage()
    with monkeypatch.context() as patch:
        patch.setattr(study_module, "this_worker", lambda: dead)
        _, values = study_in(storage).ask()
    study_in(storage).ask()  # of this process, which runs
    study = study_in(storage)
    assert study.take_up() == 1
    assert [each.ended for each in study.trials()] == ["lost", "running"]
    assert study.ask()[1] == values
    assert study.take_up() == 0


def test_another_worker_may_be_first_to_give_a_trial_up() -> None:
    storage = InMemoryStorage()
    study = study_in(storage)
    trial, _ = study.ask()
    study.lose(trial)
    study.lose(trial)
    assert len(advance(study, 2)) == 2
    assert [each.ended for each in study.trials()] == ["lost", "complete", "complete"]


@pytest.mark.parametrize(
    ("worker", "gone"), [({}, False), (this_worker(), False), ({"machine": "elsewhere", "process": 1}, False)]
)
def test_who_may_still_run_is_not_gone(worker: dict[str, object], gone: bool) -> None:
    assert is_gone(worker) is gone


def test_who_ended_is_gone(dead: dict[str, object]) -> None:
    assert is_gone(dead)
    assert not is_gone({**dead, "machine": "elsewhere"})


def test_facts_are_kept_and_compared(tmp_path: Path) -> None:
    facts = {"task": "forecast", "options": {"horizon": 3, "seed": 0}}
    said = "'s' is there already with another options: seed was 0 and is 1; give another"
    for _ in range(2):
        with opened_storage(None, folder=tmp_path) as storage:
            study_in(storage, facts=facts)
    with opened_storage(None, folder=tmp_path) as storage, pytest.raises(InputError, match=said):
        study_in(storage, facts={**facts, "options": {"horizon": 3, "seed": 1}})


def test_trials_tell_what_was_told() -> None:
    study = study_in(InMemoryStorage())
    for ended in ("complete", "pruned", "diverged", "over budget", "refused"):
        trial, _ = study.ask()
        study.tell(trial, ended, value=0.5, epochs=3, seconds=1.5, reason=f"it was {ended}")
    study.ask()
    found = study.trials()
    assert [each.ended for each in found] == ["complete", "pruned", "diverged", "over budget", "refused", "running"]
    assert [(each.epochs, each.seconds, each.reason) for each in found][1] == (3, 1.5, "it was pruned")
    assert study.begun() == 4


@pytest.mark.parametrize("larger_is_better", [False, True])
def test_worse_than_the_median_is_pruned(larger_is_better: bool) -> None:
    """From the second validation on, once five trials are complete."""
    sign = -1 if larger_is_better else 1
    study, monitor = (
        study_in(InMemoryStorage(), larger_is_better=larger_is_better),
        Monitor(larger_is_better=larger_is_better),
    )

    def trained(values: list[float]) -> int:
        """Return after how many validations it ended."""
        trial, _ = study.ask()
        watch = _Watch(trial, monitor)
        seen = next((n for n, value in enumerate(values, 1) if not watch({"loss": sign * value})), len(values))
        study.tell(trial, "complete" if seen == len(values) else "pruned", value=sign * min(values[:seen]))
        return seen

    assert [trained([5, 4, 3, 2 + place]) for place in range(5)] == [4] * 5
    assert trained([9, 8, 7, 6]) == 2
    assert trained([9, 2.5, 7, 6]) == 4  # its best so far counts
    assert trained([5, 4, 3, 2]) == 4
    assert [*study.trials()[5].course] == [1, 2]


def test_of_many_validations_few_are_compared() -> None:
    study = study_in(InMemoryStorage())
    trial, _ = study.ask()
    watch = _Watch(trial, Monitor())
    assert all(watch({"loss": 1 / n}) for n in range(1, 1001))
    compared = [*study.trials()[0].course]
    assert compared[:9] == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert len(compared) < 35
    assert all(later <= 1.3 * earlier for earlier, later in pairwise(compared[8:]))


def test_optuna_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    before = optuna.logging.get_verbosity()
    advance(study_in(InMemoryStorage()), 2)
    assert optuna.logging.get_verbosity() == before
    assert capfd.readouterr() == ("", "")


def test_a_sampler_is_of_its_seed() -> None:
    drawn = []
    for _ in range(2):
        study = optuna.create_study(sampler=Seeded(7, first={}))
        drawn.append([study.ask().suggest_float("x", 0, 1) for _ in range(3)])
    assert drawn[0] == drawn[1]
