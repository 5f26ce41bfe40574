"""Somebody who watches a training sees every validation, and may end it."""

from __future__ import annotations

import signal
from collections.abc import Mapping

import pytest
from learners import line, run, weights

from recurra.training.learner import Supervised
from recurra.training.loop import Surroundings


def test_every_validation_is_shown() -> None:
    seen: list[Mapping[str, float]] = []
    training = run(line(), surroundings=Surroundings(watch=lambda row: seen.append(row) is None), epochs=4)
    assert training.ended_by == "epochs"
    assert seen == training.history.validations
    assert [row["epoch"] for row in seen] == [1, 2, 3, 4]


def test_a_watch_changes_nothing() -> None:
    trained = [line(), line()]
    run(trained[0], surroundings=Surroundings(watch=lambda row: True), epochs=4)
    run(trained[1], epochs=4)
    first, second = (weights(Supervised(each, loss=lambda given, expected: given)) for each in trained)
    assert first.equal(second)


@pytest.mark.parametrize("epoch", [1, 3])
def test_it_ends_the_training(epoch: int) -> None:
    training = run(line(), surroundings=Surroundings(watch=lambda row: row["epoch"] < epoch), epochs=9)
    assert (training.ended_by, training.epochs) == ("watch", epoch)
    assert training.validation["loss"] == min(row["loss"] for row in training.history.validations)


def test_the_last_weights_are_kept_where_asked() -> None:
    """A rate that overshoots makes each validation worse than the one before."""
    best, last = (
        run(line(), surroundings=Surroundings(keep_last=keep_last), epochs=4, learning_rate=30.0, patience=9, clip=0.0)
        for keep_last in (False, True)
    )
    losses = [row["loss"] for row in last.history.validations]
    assert losses == [row["loss"] for row in best.history.validations]
    assert losses[-1] > min(losses)
    assert (best.validation["loss"], last.validation["loss"]) == (min(losses), losses[-1])
    assert last.best_epoch == 4


def test_what_ended_it_before_is_told() -> None:
    """A limit or Ctrl-C asks for a last validation, at which a watch has no say any more."""

    def interrupt(row: Mapping[str, float]) -> bool:
        signal.raise_signal(signal.SIGINT)
        return False

    assert run(line(), surroundings=Surroundings(watch=interrupt), epochs=9).ended_by == "interrupt"
    assert run(line(), surroundings=Surroundings(watch=lambda row: False), epochs=9, max_steps=2).ended_by == "steps"
