"""The history holds at most so many rows, and survives JSON."""

from __future__ import annotations

import json
import math

import pytest
from learners import line, run

from recurra.training.history import MOST_ROWS, History


def filled(steps: int) -> History:
    history, losses = History(), []
    for step in range(1, steps + 1):
        losses.append(float(step))
        if history.wants(step):
            history.add_step(
                step=step, epoch=1, seconds=step / 10, loss=sum(losses) / len(losses), rate=0.1, norm=float(step)
            )
            losses = []
    return history


@pytest.mark.parametrize("steps", [1, MOST_ROWS - 1, MOST_ROWS, 10_007])
def test_the_rows_are_few_and_their_mean_is_that_of_all_steps(steps: int) -> None:
    history = filled(steps)
    assert min(steps, MOST_ROWS // 2) <= len(history.steps) < MOST_ROWS
    last = int(history.steps[-1]["step"])
    assert last > steps - history.every
    assert sum(row["train_loss"] for row in history.steps) / len(history.steps) == pytest.approx((last + 1) / 2)
    assert [row["step"] for row in history.steps] == [history.every * (n + 1) for n in range(len(history.steps))]


def test_json_and_back_with_what_is_not_finite() -> None:
    history = filled(3)
    history.add_validation(step=3, epoch=1, seconds=1.0, measures={"loss": math.nan, "accuracy": 0.5})
    text = history.to_json()
    assert json.loads(text)["validations"] == [{"epoch": 1, "step": 3, "seconds": 1.0, "loss": None, "accuracy": 0.5}]
    back = History.from_json(text)
    assert math.isnan(back.validations[0].pop("loss"))
    assert back.steps == history.steps


def test_a_training_writes_what_the_report_reads() -> None:
    training = run(line(), epochs=3, clip=1e-3)
    history = training.history
    assert [row["step"] for row in history.steps] == list(range(1, 13))
    assert [(row["epoch"], row["step"]) for row in history.validations] == [(1, 4), (2, 8), (3, 12)]
    assert set(history.steps[0]) == {"step", "epoch", "seconds", "train_loss", "learning_rate", "gradient_norm"}
    assert history.steps[-1]["gradient_norm"] > 0.1  # before it was clipped
    assert history.steps[-1]["train_loss"] < history.steps[0]["train_loss"]
    assert history.rate_search is None


def test_a_search_for_the_rate_is_in_the_history() -> None:
    training = run(line(), epochs=1, learning_rate="auto")
    search = training.history.rate_search
    assert search is not None
    assert training.learning_rate == search["suggestion"] == pytest.approx(training.history.steps[0]["learning_rate"])
    assert len(search["rates"]) == len(search["losses"])
