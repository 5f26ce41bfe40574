"""`python -m benchmarks.translating --data FOLDER --model FOLDER`: a step of a translator's training, and its searches.

The step is one of `recurra fit translate` at the sizes that it has by default for multi30k, and the same in plain
torch: packed sequences through nn.LSTM, Adam, the norm of the gradient clipped. The peer's decoder goes step by step,
with attention before each, as PyTorch's tutorial has it; or its layers run over all steps at once, as ours do. Both
take the same batches of like lengths, in turns. The search is that of a model over multi30k's test part. With
`--joey-python`, the Python of an environment that has joeynmt, both also beside its recurrent network of these sizes
(Luong's attention, input feeding), which like ours has not learnt: a search of so many steps then.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, dropout
from torch.nn.utils.rnn import pad_packed_sequence

from benchmarks.alternate import in_turn, renew
from benchmarks.peers import Peer
from recurra.cells import LSTM
from recurra.data import BatchOptions
from recurra.data.pairs import read_pairs
from recurra.nn import SearchOptions
from recurra.tasks import DecodeOptions, TranslateOptions, Translator
from recurra.tasks.translate.data import TranslateBatch, TranslateBatches
from recurra.tasks.translate.network import TranslateLearner, TranslateNetwork
from recurra.tasks.translate.units import END, START
from recurra.training.optimiser import OptimiserStep, make_optimiser

UNITS, BATCHES, IGNORED = 4_300, 4, -100
MEAN, DEVIATION, SHORTEST, LONGEST = 16, 5, 4, 40
"""The units of a side of multi30k's pairs."""

OPTIONS = TranslateOptions(joint=True, batch_size=64)
SENTENCES, ALONE, STEPS = 960, 20, 20
"""That are searched for by networks that have not learnt, in batches and one by one, and the units of what is found."""

STEP_BY_STEP, AT_ONCE = "torch.nn, step by step", "torch.nn, all steps at once"


class Plain(nn.Module):
    """The same network as a person writes it."""

    def __init__(self, *, at_once: bool) -> None:
        super().__init__()
        inner, both, width = OPTIONS.embedding_size, 2 * OPTIONS.hidden_size, OPTIONS.decoder_width
        self.at_once = at_once
        self.embedding = nn.Embedding(UNITS, inner)
        self.encoder = nn.LSTM(inner, OPTIONS.hidden_size, bidirectional=True, batch_first=True)
        self.bridges = nn.ModuleList(nn.Linear(both, 2 * width, bias=False) for _ in range(2))
        self.keys = nn.Linear(both, width, bias=False)
        self.lower = nn.LSTM(inner, width, batch_first=True)
        self.upper = nn.LSTM(width + both, width, batch_first=True)
        self.combine = nn.Linear(width + both, width, bias=False)
        self.project, self.scores = nn.Linear(width, inner, bias=False), nn.Linear(inner, UNITS)
        self.scores.weight = self.embedding.weight

    def forward(self, batch: TranslateBatch) -> Tensor:
        """Return the loss."""
        vectors = dropout(self.embedding(batch.source.data), OPTIONS.embedding_dropout)
        output, (last, _) = self.encoder(batch.source._replace(data=vectors))
        memory, lengths = pad_packed_sequence(output, batch_first=True)
        memory = dropout(memory, OPTIONS.dropout)
        keys, hidden = self.keys(memory), (torch.arange(memory.shape[1]) >= lengths.unsqueeze(1)).unsqueeze(1)
        begin = [bridge(last.transpose(0, 1).flatten(1)).tanh().chunk(2, 1) for bridge in self.bridges]
        below, above = (tuple(each[layer].unsqueeze(0).contiguous() for each in begin) for layer in range(2))
        targets = dropout(self.embedding(batch.targets[:, :-1]), OPTIONS.embedding_dropout)
        outputs = []
        for part in (targets,) if self.at_once else targets.split(1, 1):
            asking, below = self.lower(part, below)
            context = (asking @ keys.transpose(1, 2)).masked_fill(hidden, -torch.inf).softmax(2) @ memory
            state, above = self.upper(dropout(torch.cat([asking, context], 2), OPTIONS.dropout), above)
            outputs.append(self.combine(torch.cat([context, state], 2)).tanh())
        scores = self.scores(self.project(dropout(torch.cat(outputs, 1), OPTIONS.dropout)))
        steps = torch.arange(1, batch.targets.shape[1])
        wanted = batch.targets[:, 1:].masked_fill(steps >= batch.lengths.unsqueeze(1), IGNORED)
        smoothing = OPTIONS.label_smoothing
        return cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=IGNORED, label_smoothing=smoothing)


def made(sentences: int = BATCHES * OPTIONS.batch_size, size: int = OPTIONS.batch_size) -> list[TranslateBatch]:
    """Return batches of random units, of so many pairs."""
    random = np.random.default_rng(0)
    count = 50 * OPTIONS.batch_size
    lengths = random.normal(MEAN, DEVIATION, count)
    sides = [
        [random.integers(3, UNITS, int(np.clip(length + more, SHORTEST, LONGEST)))
         for length, more in zip(lengths, random.normal(0, 2, count), strict=True)]
        for _ in range(2)
    ]  # fmt: skip
    options = BatchOptions(batch_size=size, rows=OPTIONS.batch_tokens)
    found = list(TranslateBatches(*sides, options=options))
    return found[: -(-sentences // size)]


def plain_steps(batches: list[TranslateBatch], *, at_once: bool) -> Callable[[], None]:
    """Return what takes a step on each batch, by hand."""
    network = Plain(at_once=at_once)
    optimiser = torch.optim.Adam(network.parameters(), lr=OPTIONS.learning_rate)  # pyright: ignore[reportArgumentType]

    def steps() -> None:
        for batch in batches:
            optimiser.zero_grad()
            loss = network(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), OPTIONS.clip)
            optimiser.step()
            loss.item()

    return steps


def own_steps(batches: list[TranslateBatch]) -> Callable[[], None]:
    """Return what takes a step on each batch, as `fit` does."""
    network = TranslateNetwork(LSTM, options=OPTIONS, sources=UNITS, targets=UNITS, joint=True)
    learner = TranslateLearner(network, options=OPTIONS)
    optimiser = make_optimiser(learner.parameters(), options=OPTIONS, rate=2e-3)
    step = OptimiserStep(learner.loss, optimiser, options=OPTIONS)

    def steps() -> None:
        for batch in batches:
            step.take(batch, rate=2e-3)

    return steps


def step_points(threads: int, repetitions: int) -> list[dict[str, object]]:
    """Return the training step beside both peers."""
    torch.set_num_threads(threads)
    batches, points = made(), []
    for against, at_once in ((STEP_BY_STEP, False), (AT_ONCE, True)):
        torch.manual_seed(0)
        found = in_turn(own_steps(batches), plain_steps(batches, at_once=at_once), repetitions=repetitions)
        points.append(
            {"what": "training step", "kind": "LSTM", "against": against, "threads": threads, "steps": BATCHES, **found}
        )
        medians = ", ".join(f"{name} {1e3 * seconds / BATCHES:.0f} ms" for name, seconds in found["medians"].items())
        sys.stdout.write(f"{threads} threads, {against}: {medians}, ratio {found['ratio']:.2f}\n")
    return points


def joey_points(threads: int, repetitions: int, *, python: str) -> list[dict[str, object]]:
    """Return the training step and searches of networks that have not learnt beside joeynmt's."""
    torch.set_num_threads(threads)
    embeddings = {"embedding_dim": OPTIONS.embedding_size, "dropout": OPTIONS.embedding_dropout}
    of_both = {"rnn_type": "lstm", "embeddings": embeddings, "type": "recurrent", "dropout": OPTIONS.dropout}
    encoder = {**of_both, "hidden_size": OPTIONS.hidden_size, "bidirectional": True, "num_layers": 1}
    decoder = {
        **of_both, "hidden_size": OPTIONS.decoder_width, "num_layers": OPTIONS.decoder_layers, "attention": "luong",
        "init_hidden": "bridge", "input_feeding": True, "hidden_dropout": OPTIONS.dropout,
    }  # fmt: skip
    sizes = {"network": {"encoder": encoder, "decoder": decoder}, "units": UNITS, "threads": threads}
    points = []
    given = (("training step", made()), ("search", made(SENTENCES)), ("search, one by one", made(ALONE, 1)))
    for what, batches in given:
        ours = own_steps(batches) if what == "training step" else own_searches(batches)
        job = {
            **sizes, "what": what, "batches": len(batches), "steps": STEPS, "beam": OPTIONS.beam,
            "label_smoothing": OPTIONS.label_smoothing,
        }  # fmt: skip
        arrays = {name: each for number, batch in enumerate(batches) for name, each in _as_arrays(batch, number)}
        with Peer(python, "peer_joeynmt", threads=threads) as peer:
            loaded = peer.load(job, arrays)
            found = in_turn(ours, loaded, repetitions=repetitions)
        against = f"joeynmt {loaded.version}"
        points.append(
            {"what": what, "kind": "LSTM", "against": against, "threads": threads, "steps": len(batches), **found}
        )
        medians = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found["medians"].items())
        sys.stdout.write(f"{threads} threads, {what}, {against}: {medians}, ratio {found['ratio']:.2f}\n")
    return points


def _as_arrays(batch: TranslateBatch, number: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield a batch's units as arrays (sequences, steps), without start and end, -1 behind the ends."""
    source, _ = pad_packed_sequence(batch.source, batch_first=True, padding_value=-1)
    yield f"source {number}", source.numpy()
    targets, steps = batch.targets[:, 1:], torch.arange(1, batch.targets.shape[1])
    yield f"target {number}", targets.masked_fill(steps >= batch.lengths.unsqueeze(1), -1).numpy()


def own_searches(batches: list[TranslateBatch]) -> Callable[[], None]:
    """Return what searches for each batch, with a network that has not learnt."""
    network = TranslateNetwork(LSTM, options=OPTIONS, sources=UNITS, targets=UNITS, joint=True).eval()
    options = SearchOptions(start=START, end=END, max_steps=STEPS, beam=OPTIONS.beam, length_penalty=1.0)

    @torch.inference_mode()
    def searches() -> None:
        for batch in batches:
            network.translator.generate(network.vectors(batch.source), options=options)

    return searches


def search_point(threads: int, repetitions: int, *, data: Path, model: Path) -> dict[str, object]:
    """Return the seconds of a beam of 5 over the test part."""
    torch.set_num_threads(threads)
    translator = Translator.load(model)
    sources = list(
        read_pairs((data / "multi30k/test_2016_flickr.de.gz", data / "multi30k/test_2016_flickr.en.gz")).sources
    )
    seconds = []
    translator.predict(sources[:50])
    for _ in range(repetitions):
        start = time.perf_counter()
        translator.predict(sources, DecodeOptions(beam=5))
        seconds.append(round(time.perf_counter() - start, 3))
    median = statistics.median(seconds)
    sys.stdout.write(f"{threads} threads, beam 5 over {len(sources)} sentences: {median:.1f} s\n")
    return {
        "what": "beam of 5", "kind": "LSTM", "threads": threads, "sentences": len(sources), "seconds": seconds,
        "median": median,
    }  # fmt: skip


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--data", type=Path, help="folder of the real data; needs --model")
    parser.add_argument(
        "--model", type=Path, help="a model fitted on multi30k's pairs, as of benchmarks.accuracy --keep"
    )
    parser.add_argument("--joey-python", help="Python of an environment with joeynmt")
    parser.add_argument("--trial", action="store_true", help="write nothing down")
    given = parser.parse_args()
    points = []
    for threads in given.threads:
        points += step_points(threads, given.repetitions)
        if given.joey_python:
            points += joey_points(threads, given.repetitions, python=given.joey_python)
        if given.model and given.data:
            points.append(search_point(threads, 3, data=given.data, model=given.model))
    if not given.trial:
        renew("translating", "python -m benchmarks.translating", points)


if __name__ == "__main__":
    main()
