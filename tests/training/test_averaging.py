"""Averaged weights: the mean by hand, when it begins, and that it is what is validated and kept."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from learners import examples, line, options
from torch import Tensor

from recurra.errors import InputError
from recurra.training.averaging import AveragedWeights
from recurra.training.batches import TensorBatches
from recurra.training.learner import Monitor, Supervised
from recurra.training.loop import train


def by_hand(batches: TensorBatches, *, epochs: int, rate: float) -> list[Tensor]:
    """The weights after each step of plain SGD."""
    network, found = line(), []
    for epoch in range(epochs):
        batches.set_epoch(epoch)
        for given, expected in batches:
            network.zero_grad()
            torch.nn.functional.mse_loss(network(given), expected).backward()
            with torch.no_grad():
                for parameter in network.parameters():
                    assert parameter.grad is not None
                    parameter -= rate * parameter.grad
            found.append(network.weight.detach().clone())
    return found


def test_asgd_is_the_mean_over_the_steps_of_sgd() -> None:
    batches = TensorBatches(examples(), batch_size=10, seed=0)
    steps = by_hand(batches, epochs=2, rate=0.05)
    chosen = options(epochs=2, optimiser="asgd", weight_decay=0.0, clip=0.0)
    network = line()
    learner = Supervised(network, loss=torch.nn.functional.mse_loss)
    training = train(learner, training=batches, validation=TensorBatches(examples(12), batch_size=5), options=chosen)
    assert training.best_epoch == 2
    torch.testing.assert_close(network.weight.detach(), torch.stack(steps).mean(0))


def validate(averages: AveragedWeights, value: float) -> None:
    with averages.in_place():
        averages.see(value)


@pytest.mark.parametrize(
    ("values", "begins"),
    [
        ([5.0, 4.0, 3.0, 2.0, 1.0], None),
        ([5.0, 4.0, 4.5, 4.6, 4.7], 4),
        ([5.0, 6.0, 7.0, 8.0], 3),
        ([5.0, 5.0, 5.0, 5.0, 5.0], None),
    ],
)
def test_the_trigger_is_that_of_awd_lstm(values: list[float], begins: int | None) -> None:
    """With n = 2, a value counts that is worse than the best of those more than two before it."""
    weight = torch.ones(2, requires_grad=True)
    averages = AveragedWeights([weight], monitor=Monitor(), options=options(optimiser="sgd", average_after=2))
    begun = []
    for value in values:
        validate(averages, value)
        begun.append(averages.has_begun)
    assert (begun.index(True) if any(begun) else None) == begins


def test_the_weights_come_back_after_the_validation() -> None:
    weight = torch.zeros(2, requires_grad=True)
    averages = AveragedWeights([weight], monitor=Monitor(), options=options(optimiser="asgd"))
    for value in (1.0, 3.0):
        weight.data.fill_(value)
        averages.add()
    with averages.in_place():
        assert weight.tolist() == [2.0, 2.0]
    assert weight.tolist() == [3.0, 3.0]


def test_a_moving_average_is_the_mean_at_first_and_then_forgets() -> None:
    weight = torch.zeros(1, requires_grad=True)
    averages = AveragedWeights([weight], monitor=Monitor(), options=options(average_decay=0.75))
    expected, found = [], []
    for step in range(1, 9):
        weight.data.fill_(value := float(step**2))
        averages.add()
        with averages.in_place():
            found.append(weight.item())
        before = expected[-1] if expected else 0.0
        share = 1 / step if step < 4 else 0.25
        expected.append(before + share * (value - before))
    assert found == pytest.approx(expected)
    assert weight.item() == 64.0


@pytest.mark.parametrize(("other", "said"), [({"optimiser": "asgd"}, "asgd"), ({"average_after": 3}, "average_after")])
def test_two_averages_are_refused(other: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=f"average_decay = 0.9 and .*{said}.*expected one of them"):
        options(average_decay=0.9, **other)
