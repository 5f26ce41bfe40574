"""Schedules against torch's own and against what their papers say."""

from __future__ import annotations

import pytest
import torch
from learners import examples, options
from torch.optim import lr_scheduler

from recurra.errors import InputError
from recurra.training.batches import TensorBatches
from recurra.training.learner import Supervised
from recurra.training.loop import train
from recurra.training.schedules import Moment, rate_factor


def factors(steps: int = 20, **given: object) -> list[float]:
    chosen = options(**given)
    return [rate_factor(chosen, Moment(step=step, steps=steps, epoch=step // 5)) for step in range(steps)]


def optimiser() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def torchs(scheduler: lr_scheduler.LRScheduler, steps: int = 20) -> list[float]:
    rates = []
    for _ in range(steps):
        rates.append(scheduler.get_last_lr()[0])
        scheduler.optimizer.step()
        scheduler.step()
    return rates


def test_constant() -> None:
    assert set(factors()) == {1.0}


def test_cosine_is_torchs() -> None:
    expected = torchs(lr_scheduler.CosineAnnealingLR(optimiser(), T_max=20))
    assert factors(schedule="cosine") == pytest.approx(expected, abs=1e-12)


def test_one_cycle_is_torchs() -> None:
    scheduler = lr_scheduler.OneCycleLR(optimiser(), max_lr=1.0, total_steps=21, cycle_momentum=False)
    expected = torchs(scheduler, 21)
    assert factors(21, schedule="one_cycle")[0] == pytest.approx(expected[0])
    assert max(factors(200, schedule="one_cycle")) == pytest.approx(1.0)
    chosen = options(schedule="one_cycle")
    assert rate_factor(chosen, Moment(step=20, steps=20, epoch=4)) == pytest.approx(expected[-1], rel=1e-6)


def test_inverse_time() -> None:
    assert factors(schedule="inverse_time", decay=0.5)[::5] == pytest.approx([1, 1 / 1.5, 1 / 2, 1 / 2.5])


def test_step_halves_after_the_nth_epoch() -> None:
    assert factors(schedule="step", cut_after=2)[::5] == [1, 1, 0.5, 0.25]


@pytest.mark.parametrize("schedule", ["constant", "inverse_time", "step", "cosine", "plateau"])
def test_warm_up_rises_and_then_leaves_the_schedule_alone(schedule: str) -> None:
    warm = factors(schedule=schedule, warm_up=4)
    assert warm[:4] == pytest.approx([0.25, 0.5, 0.75, 1.0])
    plain = factors(16, schedule=schedule) if schedule == "cosine" else factors(schedule=schedule)[4:]
    assert warm[4:] == pytest.approx(plain)


def test_plateau_cuts_as_often_as_the_validation_stood_still() -> None:
    chosen = options(schedule="plateau", cut=0.1)
    assert rate_factor(chosen, Moment(step=9, steps=10, epoch=2, cuts=2)) == pytest.approx(0.01)


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine"])
def test_a_schedule_that_has_an_end_comes_to_it_with_the_time(schedule: str) -> None:
    chosen = options(schedule=schedule)
    in_time, at_steps = (
        rate_factor(chosen, Moment(step=step, steps=100, epoch=0, time=time)) for step, time in ((10, 0.7), (70, 0.1))
    )
    assert in_time == at_steps < 0.5
    assert rate_factor(chosen, Moment(step=10, steps=100, epoch=0, time=1.01)) < 1e-4


def test_one_cycle_takes_no_other_rise() -> None:
    with pytest.raises(InputError, match="warm_up = 3: one_cycle has a rise of its own"):
        options(schedule="one_cycle", warm_up=3)


def rates(**given: object) -> list[float]:
    """The rates by epoch that a training used, of four batches an epoch."""
    torch.manual_seed(0)
    learner = Supervised(torch.nn.Linear(3, 1), loss=torch.nn.functional.mse_loss)
    batches = TensorBatches(examples(), batch_size=10, seed=0)
    training = train(learner, training=batches, validation=batches, options=options(**given))
    return [row["learning_rate"] for row in training.history.steps][::4]


def test_a_training_follows_its_schedule() -> None:
    assert rates(epochs=4, schedule="step", cut_after=2) == pytest.approx([0.05, 0.05, 0.025, 0.0125])
    assert rates(epochs=3, schedule="plateau", cut_after=1, min_delta=100.0) == pytest.approx([0.05, 0.05, 0.025])
