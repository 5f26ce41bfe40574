"""`python -m benchmarks.epochs_language`: a step of the small model of Penn Treebank, by `fit` and by a plain loop.

Zaremba, Sutskever & Vinyals (2014), small: a vocabulary of 10,000, two layers of 200, 20 steps of 20 columns, SGD with
the gradient clipped. The plain loop is PyTorch as its documentation teaches it, with nn.LSTM. Both read the same random
tokens (the time does not depend on what they are), in turns, each a stretch of steps at a time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.alternate import write
from recurra.cells import LSTM
from recurra.tasks import LanguageOptions
from recurra.tasks.language.data import TextBatches
from recurra.tasks.language.network import LanguageLearner, LanguageNetwork
from recurra.training.loop import train

TOKENS, COLUMNS, STEPS = 10_000, 20, 20
BATCHES_OF_AN_EPOCH = (929_589 // COLUMNS - 1) // STEPS + 1
"""Of Penn Treebank's training part."""

OPTIONS = LanguageOptions(
    level="word", words="space", hidden_size=200, layers=2, embedding_size=200, tied=False, dropout=0.0, bptt=STEPS,
    batch_size=COLUMNS, optimiser="sgd", weight_decay=0.0, learning_rate=20.0, clip=0.25, initial_range=0.1, epochs=1,
)  # fmt: skip


class Plain(nn.Module):
    """The same model as a person writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.recurrent = nn.Embedding(TOKENS, 200), nn.LSTM(200, 200, num_layers=2)
        self.scores = nn.Linear(200, TOKENS)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -0.1, 0.1)

    def forward(self, tokens: Tensor, hx: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        outputs, hx = self.recurrent(self.embedding(tokens), hx)
        return self.scores(outputs), hx


def by_hand(tokens: np.ndarray) -> float:
    """Return the seconds of a plain loop over the tokens."""
    network, state = Plain(), None
    optimiser = torch.optim.SGD(network.parameters(), lr=20.0)
    columns = torch.from_numpy(tokens.reshape(COLUMNS, -1).T.copy())
    start = time.perf_counter()
    for place in range(0, len(columns) - 1, STEPS):
        inputs, targets = columns[place : place + STEPS], columns[place + 1 : place + 1 + STEPS]
        inputs = inputs[: len(targets)]
        optimiser.zero_grad()
        scores, state = network(inputs, state)
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 0.25)
        optimiser.step()
        state = (state[0].detach(), state[1].detach())
        loss.item()
    return time.perf_counter() - start


def ours(tokens: np.ndarray) -> float:
    """Return the seconds of the training that `fit` runs, with a validation of one batch."""
    learner = LanguageLearner(
        LanguageNetwork(LSTM, options=OPTIONS, tokens=TOKENS), options=OPTIONS, write=lambda _: ""
    )
    batches, few = (
        TextBatches(part, columns=columns, steps=STEPS) for part, columns in ((tokens, COLUMNS), (tokens[:40], 2))
    )
    start = time.perf_counter()
    train(learner, training=batches, validation=few, options=OPTIONS)
    return time.perf_counter() - start


LOOPS: dict[str, Callable[[np.ndarray], float]] = {"plain PyTorch": by_hand, "recurra": ours}


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--batches", type=int, default=100)
    parser.add_argument("--repetitions", type=int, default=7)
    given = parser.parse_args()
    rows = given.batches * STEPS + 1
    tokens = np.random.default_rng(0).integers(0, TOKENS, rows * COLUMNS)
    points = []
    for threads in given.threads:
        torch.set_num_threads(threads)
        seconds: dict[str, list[float]] = {name: [] for name in LOOPS}
        for repetition in range(given.repetitions + 1):  # the first warms up
            for name, run in LOOPS.items():
                a_batch = run(tokens) / given.batches
                seconds[name] += [round(a_batch, 6)] * (repetition > 0)
        medians = {name: statistics.median(each) for name, each in seconds.items()}
        ratio = medians["plain PyTorch"] / medians["recurra"]
        points.append({"threads": threads, "batches": given.batches, "seconds a batch": seconds, "medians": medians,
                       "batches of an epoch": BATCHES_OF_AN_EPOCH, "ratio": ratio})  # fmt: skip
        line = "  ".join(f"{name} {value * BATCHES_OF_AN_EPOCH:.1f} s" for name, value in medians.items())
        sys.stdout.write(f"{threads} threads, an epoch: {line}  ratio {ratio:.2f}\n")
    write("epochs_language", "python -m benchmarks.epochs_language", points)


if __name__ == "__main__":
    main()
