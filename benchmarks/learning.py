"""`python -m benchmarks.learning TASK --cells LSTM GLA --seeds 0 --minutes 10`: do models of our cells learn?

Associative recall, selective copying, the adding problem and MNIST read pixel by pixel. All cells stand in the same
model: an embedding; blocks of a norm, a short convolution, the cell and a matrix, each added to what it reads (as in
Mamba's and GLA's models, without their gates); a linear head. `python -m benchmarks.learning_page` makes the page.
"""

from __future__ import annotations

import argparse
import gzip
import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.alternate import known, write
from recurra import Cell
from recurra.cells import (
    GLA,
    GRU,
    LSTM,
    RWKV7,
    S6,
    DeltaNet,
    GatedDeltaNet,
    LinearAttention,
    MinGRU,
    mLSTM,
)
from recurra.data import ADDING_BASELINE, NOT_ASKED, adding_problem, associative_recall, selective_copying
from recurra.nn import Recurrent, chrono

__all__ = ["CELLS", "CHRONO", "TASKS", "Batch", "Model", "Task", "batches_of", "curve", "main"]

CELLS: Mapping[str, Cell] = {
    cell.name: cell for cell in (LSTM, GRU, MinGRU, LinearAttention, GLA, DeltaNet, GatedDeltaNet, mLSTM, S6, RWKV7)
}
CHRONO: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "LSTM, chrono": ("LSTM", {"forget": "b_f", "input": "b_i"}),
    "GRU, chrono": ("GRU", {"forget": "b_z"}),
    "MinGRU, chrono": ("MinGRU", {"input": "b_z"}),
}
"""Cells whose gates begin with memories up to a task's length (Tallec & Ollivier 2018): the cell, its gates' biases."""

OWN = {"state_size": 16, "dt_rank": 8}
"""The sizes that are a cell's own, by name; heads are 32 wide."""

HEAD, WINDOW = 32, 4
MNIST = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
         "t10k-labels-idx1-ubyte.gz")  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Sequences (batch, time) of symbols or (batch, time, features) of numbers; which steps are asked; the answers."""

    inputs: Tensor
    asked: Tensor
    answers: Tensor


@dataclass(frozen=True)
class Task:
    """What is learnt, and by how large a model and training.

    Attributes
    ----------
    about : what it is, for the page
    length : steps of a sequence
    symbols, features : how many symbols there are, or how many numbers a step has
    outputs : how many numbers the head gives
    is_counted : whether the score is the share of right answers; else it is the mean squared error
    guess : the score of guessing
    reached : the score at which it is solved, and a training ends
    layers, width, batch, steps, rate : of the model, and of Adam
    tested, every : how many sequences the score is of, and how often it is taken
    """

    about: str
    length: int
    symbols: int
    features: int
    outputs: int
    is_counted: bool
    guess: float
    reached: float
    layers: int = 2
    width: int = 64
    batch: int = 64
    steps: int = 4000
    rate: float = 2e-3
    tested: int = 500
    every: int = 100

    def is_solved(self, score: float) -> bool:
        return score >= self.reached if self.is_counted else score <= self.reached


PAIRS, WORDS, SYMBOLS, VOCABULARY = 8, 16, 14, 256
TASKS: Mapping[str, Task] = {
    "recall": Task(
        "associative recall, 8 pairs in 64 steps, 256 symbols", 64, VOCABULARY, 0, VOCABULARY, True,
        guess=2 / VOCABULARY, reached=0.99,
    ),
    "copying": Task(
        "selective copying, 16 of 14 symbols in 256 steps", 256, SYMBOLS + 2, 0, SYMBOLS, True,
        guess=1 / SYMBOLS, reached=0.99, batch=32, steps=3000,
    ),
    "adding": Task(
        "the adding problem, 2,000 steps", 2000, 0, 2, 1, False,
        guess=ADDING_BASELINE, reached=0.001, layers=1, batch=16, steps=8000, rate=3e-3, tested=200, every=200,
    ),
    "adding-200": Task(
        "the adding problem, 200 steps", 200, 0, 2, 1, False,
        guess=ADDING_BASELINE, reached=0.001, layers=1, batch=16, steps=4000, rate=3e-3, tested=1000, every=200,
    ),
    "digits": Task(
        "MNIST, pixel by pixel, 784 steps", 784, 0, 1, 10, True,
        guess=0.1, reached=0.99, layers=1, batch=64, steps=1400, rate=1e-3, tested=2000, every=200,
    ),
}  # fmt: skip
"""The published settings, scaled so that a curve takes minutes on two cores.

Recall: Arora et al. (2023) have 8,192 symbols, 4 to 64 pairs in 64 to 512 steps, two layers 64 to 512 wide. Copying: Gu
& Dao (2023) have 4,096 steps and 400,000 steps of training, two layers 64 wide. Adding: Le et al. (2015) have up to 400
steps, 100 units; Hochreiter & Schmidhuber (1997) up to 1,000. Digits: one layer, one and a half epochs.
"""


def batches_of(name: str, task: Task, data: Path | None) -> Callable[[int, np.random.Generator, bool], Batch]:
    """Return what draws so many sequences; those of the test part if that is asked for, where there is one."""
    if name == "digits":
        return _digits(data)
    draw: Mapping[str, Callable[[int, np.random.Generator], tuple[np.ndarray, np.ndarray]]] = {
        "recall": lambda count, random: associative_recall(
            count, task.length, random, pairs=PAIRS, vocabulary=task.symbols
        ),
        "copying": lambda count, random: selective_copying(
            count, task.length, random, symbols=SYMBOLS, words=WORDS
        ),
        "adding": lambda count, random: adding_problem(count, task.length, random),
    }  # fmt: skip

    def batch_of(count: int, random: np.random.Generator, is_test: bool) -> Batch:
        inputs, targets = (torch.from_numpy(each) for each in draw[name.partition("-")[0]](count, random))
        if not task.symbols:
            return Batch(inputs, _at_the_end(inputs), targets)
        asked = targets != NOT_ASKED
        return Batch(inputs, asked, targets[asked])

    return batch_of


def _at_the_end(inputs: Tensor) -> Tensor:
    asked = torch.zeros(inputs.shape[:2], dtype=torch.bool)
    asked[:, -1] = True
    return asked


def _digits(data: Path | None) -> Callable[[int, np.random.Generator, bool], Batch]:
    """Return what draws digits: in training any, in tests one of five of the test part, the same ones each time."""
    if data is None or not all((data / name).is_file() for name in MNIST):
        raise FileNotFoundError(f"digits: give --data, a folder with {', '.join(MNIST)}; {data} has not all of them")
    parts = [np.frombuffer(gzip.decompress((data / name).read_bytes()), np.uint8) for name in MNIST]
    images = [part[16:].reshape(-1, 784, 1) for part in parts[::2]]
    labels = [part[8:] for part in parts[1::2]]

    def batch_of(count: int, random: np.random.Generator, is_test: bool) -> Batch:
        chosen = np.arange(count) * 5 if is_test else random.integers(0, len(labels[0]), count)
        inputs = torch.from_numpy(images[is_test][chosen].astype(np.float32) / 255)
        return Batch(inputs, _at_the_end(inputs), torch.from_numpy(labels[is_test][chosen].astype(np.int64)))

    return batch_of


class Block(nn.Module):
    """A norm, a convolution over the last steps, a cell, and a matrix; added to what it reads."""

    def __init__(self, cell: Cell, width: int, init: Mapping[str, Any] | None) -> None:
        super().__init__()
        own = {**OWN, "heads": max(1, width // HEAD)}
        self.norm = nn.LayerNorm(width)
        self.convolution = nn.Conv1d(width, width, WINDOW, padding=WINDOW - 1, groups=width)
        sizes = {name: size for name, size in own.items() if name in cell.sizes}
        self.layer = Recurrent(cell, width, width, batch_first=True, sizes=sizes, init=init)
        self.matrix = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, time, width) to the same."""
        read = self.convolution(self.norm(x).transpose(1, 2))[..., : x.shape[1]].transpose(1, 2)
        output, _ = self.layer(nn.functional.silu(read).contiguous())
        return x + self.matrix(output)


class Model(nn.Module):
    """An embedding, blocks and a linear head."""

    def __init__(self, cell: Cell, task: Task, gates: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.read = nn.Embedding(task.symbols, task.width) if task.symbols else nn.Linear(task.features, task.width)
        init = chrono(task.length, **gates) if gates else None
        self.blocks = nn.Sequential(*(Block(cell, task.width, init) for _ in range(task.layers)))
        self.norm = nn.LayerNorm(task.width)
        self.head = nn.Linear(task.width, task.outputs)

    def forward(self, inputs: Tensor, asked: Tensor) -> Tensor:
        """Return (asked steps, outputs)."""
        return self.head(self.norm(self.blocks(self.read(inputs))[asked]))


def _loss(task: Task, outputs: Tensor, answers: Tensor) -> Tensor:
    return (
        nn.functional.cross_entropy(outputs, answers) if task.is_counted else nn.functional.mse_loss(outputs, answers)
    )


@torch.no_grad()
def score(model: Model, task: Task, batch: Batch) -> float:
    """Return the share of right answers, or the mean squared error; so many sequences at a time as a step has."""
    model.eval()
    pairs = zip(batch.inputs.split(task.batch), batch.asked.split(task.batch), strict=True)
    outputs = torch.cat([model(*pair) for pair in pairs])
    model.train()
    if task.is_counted:
        return float((outputs.argmax(-1) == batch.answers).float().mean())
    return float(_loss(task, outputs, batch.answers))


def curve(
    name: str,
    task: Task,
    batch_of: Callable[[int, np.random.Generator, bool], Batch],
    *,
    seed: int = 0,
    minutes: float = math.inf,
) -> dict[str, Any]:
    """Train a model of a cell; return its curve of (step, seconds, score), the best of it, its number of parameters.

    The rate rises over the first twentieth of the steps and falls to 0 as a cosine. The training ends where the task
    is solved, after so many minutes, or when a loss is not finite.
    """
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    test = batch_of(task.tested, np.random.default_rng(10**6), True)
    cell, gates = CHRONO.get(name, (name, None))
    model = Model(CELLS[cell], task, gates)
    optimiser = torch.optim.Adam(model.parameters(), lr=task.rate)
    warm = max(1, task.steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, (1 + math.cos(math.pi * step / task.steps)) / 2)
    )
    points, start = [(0, 0.0, score(model, task, test))], time.perf_counter()
    for step in range(1, task.steps + 1):
        batch = batch_of(task.batch, random, False)
        loss = _loss(task, model(batch.inputs, batch.asked), batch.answers)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if not math.isfinite(float(loss.detach())):
            break
        seconds = time.perf_counter() - start
        is_over = seconds > 60 * minutes
        if step % task.every == 0 or step == task.steps or is_over:
            points.append((step, round(seconds, 1), score(model, task, test)))
            if is_over or task.is_solved(points[-1][2]):
                break
    scores = [point[2] for point in points]
    return {
        "cell": name, "seed": seed, "rate": task.rate, "parameters": sum(p.numel() for p in model.parameters()),
        "best": max(scores) if task.is_counted else min(scores), "curve": points,
        "is_complete": task.is_solved(scores[-1]) or points[-1][0] == task.steps,
    }  # fmt: skip


def main() -> None:
    """Run, print, and write each curve beside those that were written before."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="+", choices=TASKS, metavar="TASK", help=f"some of {', '.join(TASKS)}")
    parser.add_argument("--cells", nargs="+", choices=[*CELLS, *CHRONO], default=list(CELLS), metavar="CELL",
                        help=f"by default {', '.join(CELLS)}; also {', '.join(map(repr, CHRONO))}")  # fmt: skip
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--minutes", type=float, default=15.0, help="the most that one curve takes")
    parser.add_argument("--rate", type=float, help="learning rate, in place of the task's")
    parser.add_argument("--data", type=Path, help="folder of MNIST, for digits")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    # a loss of the last step alone has gradients of the first ones that are denormal: torch's own operations take
    # five times as long with them
    torch.set_flush_denormal(True)
    for name in given.tasks:
        task = replace(TASKS[name], rate=given.rate or TASKS[name].rate)
        batch_of = batches_of(name, task, given.data)
        for cell in given.cells:
            for seed in given.seeds:
                found = {"task": name, **curve(cell, task, batch_of, seed=seed, minutes=given.minutes)}
                step, seconds, last = found["curve"][-1]
                sys.stdout.write(f"{name}, {cell}, seed {seed}: {last:.4f} after {step} steps, {seconds:.0f} s\n")
                sys.stdout.flush()
                key = ("task", "cell", "seed", "rate")
                others = [point for point in known("learning") if any(point[k] != found[k] for k in key)]
                write("learning", "python -m benchmarks.learning", [*others, {**found, "threads": given.threads}])


if __name__ == "__main__":
    main()
