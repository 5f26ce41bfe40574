"""`python -m benchmarks.epochs_classify`: an epoch on sequences of 50 to 1000 steps, by `fit` and by a plain loop.

A classifier of tokens: an embedding, one LSTM, the output after the last step, a linear map; AdamW, the norm of the
gradient clipped. The plain loops are PyTorch as its documentation teaches it: nn.LSTM, `pad_sequence` in the
`collate_fn` of a `DataLoader`, `pack_padded_sequence`. One draws its batches at random, the other has batches of like
lengths, those that ours has. All learn the same sequences, in turns.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

from benchmarks.alternate import write
from recurra.cells import LSTM
from recurra.data import BatchOptions, batches
from recurra.tasks import ClassifyOptions
from recurra.tasks.classify.data import PackedBatches
from recurra.tasks.classify.network import ClassifyLearner, ClassifyNetwork, TokenVectors
from recurra.training.loop import train

TOKENS, WIDTH, HIDDEN, CLASSES, BATCH = 5_000, 64, 128, 4, 32
SHORTEST, LONGEST = 50, 1_000

OPTIONS = ClassifyOptions(
    hidden_size=HIDDEN, embedding_size=WIDTH, bidirectional=False, pooling="last", dropout=0.0, word_dropout=0.0,
    batch_size=BATCH, epochs=1, learning_rate=1e-3, weight_decay=0.01, clip=1.0,
)  # fmt: skip

Examples = list[tuple[np.ndarray, int]]
"""Tokens (steps,) int64, and the class."""


class Plain(nn.Module):
    """The same model as a person writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, WIDTH)
        self.recurrent = nn.LSTM(WIDTH, HIDDEN, batch_first=True)
        self.head = nn.Linear(HIDDEN, CLASSES)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.recurrent(packed)
        return self.head(hidden[-1])


def made(count: int) -> Examples:
    """Return random sequences."""
    random = np.random.default_rng(0)
    lengths = random.integers(SHORTEST, LONGEST + 1, count)
    return [(random.integers(0, TOKENS, length), int(random.integers(CLASSES))) for length in lengths]


def collated(examples: Examples) -> tuple[Tensor, Tensor, Tensor]:
    """Return a padded batch, its lengths and its classes."""
    tokens = [torch.from_numpy(sequence) for sequence, _ in examples]
    lengths = torch.tensor([len(sequence) for sequence in tokens])
    return pad_sequence(tokens, batch_first=True), lengths, torch.tensor([label for _, label in examples])


def by_hand(loader: Iterable[tuple[Tensor, Tensor, Tensor]]) -> float:
    """Return the seconds of an epoch of a plain loop."""
    torch.manual_seed(0)
    network = Plain()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)
    start = time.perf_counter()
    for tokens, lengths, labels in loader:
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(network(tokens, lengths), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        loss.item()
    return time.perf_counter() - start


def at_random(examples: Examples) -> float:
    """Run the plain loop on batches that are drawn."""
    return by_hand(DataLoader(examples, batch_size=BATCH, shuffle=True, collate_fn=collated))


def by_length(examples: Examples) -> float:
    """Run the plain loop on batches of like lengths."""
    lengths = np.array([len(sequence) for sequence, _ in examples])
    places = [each.tolist() for each in batches(lengths, BatchOptions(batch_size=BATCH))]
    return by_hand(DataLoader(examples, batch_sampler=places, collate_fn=collated))


def ours(examples: Examples) -> float:
    """Return the seconds of the training that `fit` runs, with a validation of one sequence."""
    torch.manual_seed(0)
    reader = TokenVectors(TOKENS, unknown=0, size=WIDTH, options=OPTIONS)
    network = ClassifyNetwork(LSTM, options=OPTIONS, reader=reader, inputs=WIDTH, classes=CLASSES)
    sequences, labels = [each for each, _ in examples], np.array([label for _, label in examples])
    training = PackedBatches(sequences, labels, options=BatchOptions(batch_size=BATCH))
    few = PackedBatches([np.zeros(1, np.int64)], np.zeros(1, np.int64), options=BatchOptions())
    start = time.perf_counter()
    train(ClassifyLearner(network, options=OPTIONS), training=training, validation=few, options=OPTIONS)
    return time.perf_counter() - start


LOOPS: dict[str, Callable[[Examples], float]] = {
    "plain PyTorch": at_random,
    "plain PyTorch, like lengths": by_length,
    "recurra": ours,
}


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--sequences", type=int, default=128)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--trial", action="store_true", help="write nothing down")
    given = parser.parse_args()
    points = [_point(threads, given.sequences, given.repetitions) for threads in given.threads]
    if not given.trial:
        write("epochs_classify", "python -m benchmarks.epochs_classify", points)


def _point(threads: int, count: int, repetitions: int) -> dict[str, object]:
    torch.set_num_threads(threads)
    examples = made(count)
    seconds: dict[str, list[float]] = {name: [] for name in LOOPS}
    for repetition in range(repetitions + 1):  # the first warms up
        for name, run in LOOPS.items():
            seconds[name] += [round(run(examples), 4)] * (repetition > 0)
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    ratios = {name: median / medians["recurra"] for name, median in medians.items() if name != "recurra"}
    line = "  ".join(f"{name} {value:.2f} s" for name, value in medians.items())
    told = ", ".join(f"{ratio:.2f}" for ratio in ratios.values())
    sys.stdout.write(f"{threads} threads, {count} sequences: {line}  ratios {told}\n")
    return {"threads": threads, "sequences": count, "seconds": seconds, "medians": medians, "ratios": ratios}


if __name__ == "__main__":
    main()
