"""`python -m benchmarks.overhead`: what the training loop costs a step, against one written by hand and Lightning's.

It needs Lightning, as a peer: pip install lightning.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import lightning.pytorch as lightning
import torch
from torch import Tensor

from benchmarks.alternate import write
from recurra.nn import GRU
from recurra.training.batches import TensorBatches
from recurra.training.learner import Supervised
from recurra.training.loop import train
from recurra.training.optimiser import make_optimiser
from recurra.training.options import TrainingOptions

Examples = tuple[Tensor, Tensor]
OPTIONS = TrainingOptions(epochs=1, batch_size=32, optimiser="adam", weight_decay=0.0)
SIZES = {"linear 4 to 1": (1, 4, 0), "GRU 50 x 32, 64 units": (50, 32, 64)}
"""Name -> steps, features, hidden size."""


class Net(torch.nn.Module):
    """Reads (B, T, F) and gives (B, 1)."""

    def __init__(self, features: int, hidden_size: int) -> None:
        super().__init__()
        self.recurrent = GRU(features, hidden_size, batch_first=True) if hidden_size else None
        self.head = torch.nn.Linear(hidden_size or features, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head((self.recurrent(x)[0] if self.recurrent else x)[:, -1])


class AsItComes(lightning.LightningModule):
    """The same training as Lightning's own guide writes it."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def training_step(self, batch: Examples, batch_idx: int) -> Tensor:
        loss = torch.nn.functional.mse_loss(self.network(batch[0]), batch[1])
        self.log("train_loss", loss, prog_bar=True)
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return make_optimiser(self.parameters(), options=OPTIONS, rate=1e-3)


def by_hand(network: torch.nn.Module, examples: Examples) -> None:
    optimiser = make_optimiser(network.parameters(), options=OPTIONS, rate=1e-3)
    for given, expected in TensorBatches(examples, batch_size=OPTIONS.batch_size, seed=0):
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(network(given), expected)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), OPTIONS.clip)
        optimiser.step()


def ours(network: torch.nn.Module, examples: Examples) -> None:
    batches = TensorBatches(examples, batch_size=OPTIONS.batch_size, seed=0)
    few = TensorBatches((examples[0][:1], examples[1][:1]), batch_size=1)
    train(Supervised(network, loss=torch.nn.functional.mse_loss), training=batches, validation=few, options=OPTIONS)


def as_it_comes(network: torch.nn.Module, examples: Examples) -> None:
    data = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(*examples), batch_size=OPTIONS.batch_size, shuffle=True
    )
    trainer = lightning.Trainer(
        accelerator="cpu", max_epochs=1, logger=False, enable_checkpointing=False, gradient_clip_val=OPTIONS.clip
    )
    trainer.fit(AsItComes(network), data)


LOOPS: dict[str, Callable[[torch.nn.Module, Examples], None]] = {
    "by hand": by_hand,
    "recurra": ours,
    "Lightning as it comes": as_it_comes,
}


def measure(name: str, *, steps: int, repetitions: int) -> dict[str, Any]:
    """Return the seconds a step of each loop in each repetition, in turn, and the medians."""
    length, features, hidden_size = SIZES[name]
    torch.manual_seed(0)
    given = torch.randn(steps * OPTIONS.batch_size, length, features)
    examples = given, given[:, -1].sum(1, keepdim=True)
    seconds: dict[str, list[float]] = {loop: [] for loop in LOOPS}
    for repetition in range(repetitions + 1):  # the first warms up
        for loop, run in LOOPS.items():
            network = Net(features, hidden_size)
            start = time.perf_counter()
            run(network, examples)
            seconds[loop] += [round((time.perf_counter() - start) / steps, 7)] * (repetition > 0)
    medians = {loop: statistics.median(values) for loop, values in seconds.items()}
    return {"network": name, "steps": steps, "seconds": seconds, "medians": medians}


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--repetitions", type=int, default=7)
    given = parser.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module=r"lightning\..*")
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    points = [measure(name, steps=given.steps, repetitions=given.repetitions) for name in SIZES]
    for point in points:
        hand = point["medians"]["by hand"]
        line = "  ".join(
            f"{loop} {value * 1e3:.3f} ms (+{(value - hand) * 1e3:.3f})" for loop, value in point["medians"].items()
        )
        sys.stdout.write(f"{point['network']}: {line}\n")
    write("overhead", "python -m benchmarks.overhead", points)


if __name__ == "__main__":
    main()
