"""What the tests of training share: data, learners with something to carry, short options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.nn import GRU, CarriedState
from recurra.training.batches import Batches, Shuffled, TensorBatches
from recurra.training.history import Training
from recurra.training.learner import Learner, Sum, Supervised
from recurra.training.loop import Surroundings, train
from recurra.training.options import TrainingOptions


def examples(count: int = 40) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    given = torch.randn(count, 3, generator=generator)
    return given, given.sum(1, keepdim=True)


def options(**given: object) -> TrainingOptions:
    return TrainingOptions(**{"batch_size": 10, "learning_rate": 0.05, **given})  # pyright: ignore[reportArgumentType]


def run(network: torch.nn.Module, *, surroundings: Surroundings | None = None, **given: object) -> Training:
    """Train a network on sums of three numbers."""
    chosen = options(**given)
    return train(
        Supervised(network, loss=torch.nn.functional.mse_loss),
        training=TensorBatches(examples(), batch_size=chosen.batch_size, seed=chosen.seed),
        validation=TensorBatches(examples(12), batch_size=chosen.batch_size),
        options=chosen,
        surroundings=surroundings,
    )


def line(seed: int = 0) -> torch.nn.Linear:
    torch.manual_seed(seed)
    return torch.nn.Linear(3, 1)


class Echo(torch.nn.Module):
    """A recurrent network with dropout."""

    def __init__(self) -> None:
        torch.manual_seed(3)
        super().__init__()
        self.recurrent = GRU(2, 5)
        self.dropout = torch.nn.Dropout(0.3)
        self.head = torch.nn.Linear(5, 2)

    def forward(self, inputs: Tensor, carried: CarriedState | None) -> tuple[Tensor, Tensor]:
        output, hx = self.recurrent(inputs, carried)
        return self.head(self.dropout(output)), hx


class CarryingLearner(Learner):
    """Predicts the next value of a long sequence, whose state it carries from batch to batch."""

    def loss(self, batch: tuple[Tensor, Tensor], /) -> Tensor:
        inputs, targets = batch
        output, hx = self.network(inputs, self.carried)
        self.carried = CarriedState(hx)
        return (output - targets).square().mean()

    def measure(self, batch: tuple[Tensor, Tensor], /) -> Mapping[str, Sum]:
        return {"loss": Sum(self.loss(batch) * batch[1].numel(), batch[1].numel())}


class Parts:
    """A long sequence (T, B, 2) in parts of five steps."""

    def __init__(self, steps: int = 41) -> None:
        self.values = torch.randn(steps, 3, 2, generator=torch.Generator().manual_seed(7)).cumsum(0) * 0.1

    def __len__(self) -> int:
        return (len(self.values) - 1) // 5

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for start in range(0, 5 * len(self), 5):
            yield self.values[start : start + 5], self.values[start + 1 : start + 6]


@dataclass
class Cut:
    """Batches that do something before a given batch (counted over all epochs) is handed out."""

    batches: Batches
    at: int
    action: object
    seen: int = 0

    def set_epoch(self, epoch: int, /) -> None:
        if isinstance(self.batches, Shuffled):
            self.batches.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[object]:
        for batch in self.batches:
            self.seen += 1
            if self.seen == self.at:
                self.action()  # pyright: ignore[reportCallIssue]
            yield batch


def weights(learner: Learner) -> Tensor:
    return torch.cat([each.detach().flatten() for each in learner.parameters()])


class Ragged(Parts):
    """Parts of other lengths in every epoch, so that epochs have other numbers of batches."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 5

    def set_epoch(self, epoch: int, /) -> None:
        self.length = 5 + epoch

    def __len__(self) -> int:
        return (len(self.values) - 1) // self.length

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for start in range(0, self.length * len(self), self.length):
            stop = start + self.length
            yield self.values[start:stop], self.values[start + 1 : stop + 1]
