"""The learning-rate finder suggests a rate that learns, and leaves everything as it was."""

from __future__ import annotations

import pytest
import torch
from learners import CarryingLearner, Echo, Parts, examples, line, options, run, weights

from recurra.errors import TrainingError
from recurra.training.batches import TensorBatches
from recurra.training.learner import Supervised
from recurra.training.rate_finder import RateSearch, find_learning_rate


def search(network: torch.nn.Module, **given: object) -> RateSearch:
    learner = Supervised(network, loss=torch.nn.functional.mse_loss)
    chosen = options(**given)
    batches = TensorBatches(examples(), batch_size=chosen.batch_size, seed=0)
    return find_learning_rate(learner, training=batches, options=chosen)


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
@pytest.mark.parametrize("seed", range(3))
def test_the_suggestion_learns_and_is_far_from_where_the_loss_explodes(optimiser: str, seed: int) -> None:
    found = search(line(seed), optimiser=optimiser)
    assert 1e-3 < found.suggestion < 0.3
    training = run(line(seed), optimiser=optimiser, learning_rate="auto", epochs=60, patience=60)
    assert training.validation["loss"] < 0.1


def test_the_sweep_rises_and_stops_when_the_loss_explodes() -> None:
    found = search(line(), optimiser="sgd", clip=0.0)
    assert len(found.rates) == len(found.losses) < 100
    assert found.rates[1] / found.rates[0] == pytest.approx(found.rates[-1] / found.rates[-2])
    assert found.losses[-1] > 3 * found.losses[0]
    assert found.suggestion in found.rates


def test_everything_is_as_it_was() -> None:
    learner = CarryingLearner(Echo())
    before, random = weights(learner), torch.get_rng_state()
    find_learning_rate(learner, training=Parts(), options=options())
    assert torch.equal(weights(learner), before)
    assert torch.equal(torch.get_rng_state(), random)
    assert learner.carried is None
    assert all(parameter.grad is None for parameter in learner.parameters())


def test_the_same_seed_gives_the_same_rate() -> None:
    assert search(line()) == search(line())


class Broken(torch.nn.Linear):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return super().forward(input) * float("nan")


class Deaf(torch.nn.Linear):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return super().forward(input) * 0.0


def test_a_loss_that_is_not_finite_and_one_that_does_not_fall() -> None:
    with pytest.raises(TrainingError, match="the loss is not finite after 0 steps"):
        search(Broken(3, 1))
    with pytest.raises(TrainingError, match="the loss falls at no learning rate"):
        search(Deaf(3, 1), batch_size=40)
