"""A rehearsal: which batches it takes, and what it makes of their times."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from recurra.training.batches import TensorBatches
from recurra.training.learner import Supervised
from recurra.training.options import TrainingOptions
from recurra.training.timing_run import rehearse, size_of, spread


@dataclass(frozen=True)
class Pair:
    one: torch.Tensor
    other: torch.Tensor | None


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 50])
def test_every_batch_comes_once(count: int) -> None:
    assert sorted(spread(count)) == [*range(count)]


def test_a_beginning_is_spread() -> None:
    assert sorted(spread(64)[:4]) == [0, 16, 32, 48]


@pytest.mark.parametrize(
    ("batch", "size"),
    [
        (torch.zeros(2, 3), 6),
        ((torch.zeros(2), {"a": torch.zeros(5)}), 7),
        (Pair(torch.zeros(4), None), 4),
        (pack_sequence([torch.zeros(3, 2), torch.zeros(1, 2)]), 8 + 3),
    ],
)
def test_sizes_of_batches(batch: object, size: int) -> None:
    assert size_of(batch) == size


@pytest.mark.parametrize("examples", [3, 40])
def test_a_rehearsal_leaves_the_learner(examples: int) -> None:
    learner = Supervised(torch.nn.Linear(3, 1), loss=torch.nn.functional.mse_loss)
    before = [each.clone() for each in learner.parameters()]
    batches = TensorBatches((torch.randn(examples, 3), torch.randn(examples, 1)), batch_size=4, seed=0)
    found = rehearse(learner, training=batches, validation=batches, options=TrainingOptions(epochs=2))
    assert found.step_seconds > 0 < found.validation_seconds
    assert all(torch.equal(old, new) for old, new in zip(before, learner.parameters(), strict=True))
