"""`python -m benchmarks.programs`: programs as people write them, with torch.nn's layers and with ours.

Nothing differs but the module that the layers come from: the same seed, the same data, the same optimiser. A step is
timed with the one of the peer in turn, after some of warm-up; the losses of both are compared. The whole run is a
process of its own, from the import on.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from benchmarks.alternate import write

Step = Callable[[], float]
WARM_UP, STEPS = 5, 60


def _words(count: int) -> Tensor:
    return torch.randint(1000, (count,), generator=torch.Generator().manual_seed(1))


def language_model(layers: Any) -> Step:
    """A language model of words, as in PyTorch's examples: two LSTM layers, 20 columns, 35 steps, the state goes on."""
    embedding, decoder = nn.Embedding(1000, 200), nn.Linear(200, 1000)
    recurrent = layers.LSTM(200, 200, 2, dropout=0.2)
    parameters = [*embedding.parameters(), *recurrent.parameters(), *decoder.parameters()]
    text = _words(20 * 36 * 4).view(-1, 20)
    state = [torch.zeros(2, 20, 200) for _ in range(2)]
    turn = iter(_cycle(range(0, len(text) - 35, 35)))

    def step() -> float:
        begin = next(turn)
        given, expected = text[begin : begin + 35], text[begin + 1 : begin + 36]
        output, after = recurrent(embedding(given), tuple(state))
        state[:] = [each.detach() for each in after]
        loss = functional.cross_entropy(decoder(output[: len(expected)]).view(-1, 1000), expected.reshape(-1))
        return _descend(loss, parameters)

    return step


def characters(layers: Any) -> Step:
    """A model of characters that calls its GRU once for each character, as tutorials do."""
    embedding, recurrent, decoder = nn.Embedding(100, 64), layers.GRU(64, 64), nn.Linear(64, 100)
    parameters = [*embedding.parameters(), *recurrent.parameters(), *decoder.parameters()]
    text = _words(41) % 100

    def step() -> float:
        state, loss = torch.zeros(1, 1, 64), torch.zeros(())
        for given, expected in itertools.pairwise(text):
            output, state = recurrent(embedding(given).view(1, 1, -1), state)
            loss = loss + functional.cross_entropy(decoder(output[0]), expected.view(1))
        return _descend(loss / len(text), parameters)

    return step


def images(layers: Any) -> Step:
    """A classifier that reads images of 28 rows, one row a step."""
    recurrent, head = layers.LSTM(28, 64, batch_first=True), nn.Linear(64, 10)
    parameters = [*recurrent.parameters(), *head.parameters()]
    pictures, labels = torch.rand(64, 28, 28), torch.randint(10, (64,))
    return lambda: _descend(functional.cross_entropy(head(recurrent(pictures)[0][:, -1]), labels), parameters)


def sines(layers: Any) -> Step:
    """Sine waves predicted by two LSTM cells in float64, step by step, with LBFGS."""
    first, second, head = layers.LSTMCell(1, 51), layers.LSTMCell(51, 51), nn.Linear(51, 1)
    modules = nn.ModuleList([first, second, head]).double()
    times = torch.arange(61, dtype=torch.float64)
    waves = torch.sin((times + 4 * torch.arange(32, dtype=torch.float64)[:, None]) / 20)
    optimiser = torch.optim.LBFGS(modules.parameters(), lr=0.1, max_iter=1)

    def closure() -> Tensor:
        optimiser.zero_grad()
        states = [torch.zeros(32, 51, dtype=torch.float64) for _ in range(4)]
        outputs = []
        for given in waves[:, :-1].split(1, dim=1):
            states[:2] = first(given, (states[0], states[1]))
            states[2:] = second(states[0], (states[2], states[3]))
            outputs.append(head(states[2]))
        loss = functional.mse_loss(torch.cat(outputs, 1), waves[:, 1:])
        loss.backward()
        return loss

    return lambda: float(optimiser.step(closure).detach())  # pyright: ignore[reportArgumentType,reportAttributeAccessIssue]


class _Agent(nn.Module):
    """An agent of proximal policy optimisation with an LSTM, whose state is masked where an episode ends."""

    def __init__(self, layers: Any) -> None:
        super().__init__()
        self.encoder, self.recurrent = nn.Linear(16, 64), layers.LSTM(64, 64)
        self.actor, self.critic = nn.Linear(64, 4), nn.Linear(64, 1)

    def forward(self, seen: Tensor, state: tuple[Tensor, Tensor], done: Tensor) -> tuple[Tensor, Any]:
        hidden = torch.tanh(self.encoder(seen))
        outputs = []
        for given, ended in zip(hidden.unsqueeze(1), done, strict=True):
            kept = (1.0 - ended).view(1, -1, 1)
            output, state = self.recurrent(given, (kept * state[0], kept * state[1]))
            outputs.append(output)
        return torch.cat(outputs), state


def rollout(layers: Any) -> Step:
    """The agent acts: 64 steps of eight environments, without gradients."""
    agent, seen, done = _Agent(layers), torch.randn(64, 8, 16), (torch.rand(64, 8) < 0.05).float()

    def step() -> float:
        state, total = (torch.zeros(1, 8, 64), torch.zeros(1, 8, 64)), 0.0
        with torch.no_grad():
            for given, ended in zip(seen, done, strict=True):
                output, state = agent(given[None], state, ended[None])
                total += float(agent.critic(output).mean())
        return total / len(seen)

    return step


def update(layers: Any) -> Step:
    """The agent learns: the same steps again, with gradients."""
    agent, seen, done = _Agent(layers), torch.randn(64, 8, 16), (torch.rand(64, 8) < 0.05).float()
    actions = torch.randint(4, (64, 8))

    def step() -> float:
        output, _ = agent(seen, (torch.zeros(1, 8, 64), torch.zeros(1, 8, 64)), done)
        chosen = functional.cross_entropy(agent.actor(output).view(-1, 4), actions.view(-1))
        return _descend(chosen + agent.critic(output).square().mean(), list(agent.parameters()))

    return step


def translation(layers: Any) -> Step:
    """Sequence to sequence with attention: a GRU reads, another one writes word by word."""
    embedding, encoder = nn.Embedding(1000, 64), layers.GRU(64, 64)
    decoder, out = layers.GRU(128, 64), nn.Linear(64, 1000)
    parameters = [*embedding.parameters(), *encoder.parameters(), *decoder.parameters(), *out.parameters()]
    source, target = _words(12 * 16).view(12, 16), _words(13 * 16).view(13, 16)

    def step() -> float:
        read, state = encoder(embedding(source))
        loss = torch.zeros(())
        for given, expected in itertools.pairwise(target):
            weights = torch.softmax(torch.einsum("sbh,bh->bs", read, state[0]), 1)
            context = torch.einsum("bs,sbh->bh", weights, read)
            output, state = decoder(torch.cat((embedding(given), context), 1)[None], state)
            loss = loss + functional.cross_entropy(out(output[0]), expected)
        return _descend(loss / 12, parameters)

    return step


def sentiment(layers: Any) -> Step:
    """Sentiment of packed sentences: a bidirectional LSTM, the mean over the words."""
    embedding, recurrent = nn.Embedding(1000, 64), layers.LSTM(64, 64, bidirectional=True, batch_first=True)
    head, lengths = nn.Linear(128, 2), torch.arange(40, 8, -1)
    parameters = [*embedding.parameters(), *recurrent.parameters(), *head.parameters()]
    words, labels = _words(32 * 40).view(32, 40), torch.randint(2, (32,))

    def step() -> float:
        packed = pack_padded_sequence(embedding(words), lengths, batch_first=True)
        output, _ = pad_packed_sequence(recurrent(packed)[0], batch_first=True)
        return _descend(functional.cross_entropy(head(output.sum(1) / lengths[:, None]), labels), parameters)

    return step


def weight_drop(layers: Any) -> Step:
    """A language model with dropped recurrent weights, which are drawn anew and set before each call, as AWD-LSTM's."""
    embedding, recurrent, decoder = nn.Embedding(1000, 100), layers.LSTM(100, 100), nn.Linear(100, 1000)
    raw = nn.Parameter(recurrent.weight_hh_l0.detach())
    del recurrent._parameters["weight_hh_l0"]
    parameters = [*embedding.parameters(), raw, *recurrent.parameters(), *decoder.parameters()]
    given, expected = _words(30 * 20).view(30, 20), _words(31 * 20).view(31, 20)[1:]

    def step() -> float:
        recurrent.weight_hh_l0 = functional.dropout(raw, 0.5)
        output, _ = recurrent(embedding(given))
        return _descend(functional.cross_entropy(decoder(output).view(-1, 1000), expected.reshape(-1)), parameters)

    return step


PROGRAMS: dict[str, Callable[[Any], Step]] = {
    "word language model": language_model,
    "characters, a step a call": characters,
    "images, row by row": images,
    "sines, LSTM cells and LBFGS": sines,
    "agent, rollout": rollout,
    "agent, update": update,
    "sequence to sequence with attention": translation,
    "sentiment, packed": sentiment,
    "language model with weight drop": weight_drop,
}


def _cycle(numbers: range) -> Iterator[int]:
    while True:
        yield from numbers


def _descend(loss: Tensor, parameters: list[Tensor]) -> float:
    """Take a step of plain gradient descent, clipped; return the loss."""
    for parameter in parameters:
        parameter.grad = None
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 0.25)
    with torch.no_grad():
        for parameter in parameters:
            assert parameter.grad is not None
            parameter.sub_(parameter.grad, alpha=0.1)
    return float(loss.detach())


def made(name: str, layers: Any) -> Step:
    """Return the step of a program, with the same weights and data whatever layers it has."""
    torch.manual_seed(0)
    return PROGRAMS[name](layers)


def measure(name: str, *, threads: int, steps: int = STEPS) -> dict[str, Any]:
    """Return the seconds of each step of both, in turn, the medians, their ratio, and the losses."""
    import recurra.nn as ours  # a program with torch.nn alone does not import it

    torch.set_num_threads(threads)
    programs = {"peer": made(name, nn), "ours": made(name, ours)}
    seconds: dict[str, list[float]] = {who: [] for who in programs}
    losses: dict[str, list[float]] = {who: [] for who in programs}
    for turn in range(WARM_UP + steps):
        for who, step in programs.items():
            torch.manual_seed(turn)
            start = time.perf_counter()
            loss = step()
            if turn >= WARM_UP:
                seconds[who].append(round(time.perf_counter() - start, 7))
            losses[who].append(loss)
    medians = {who: statistics.median(values) for who, values in seconds.items()}
    return {
        "program": name, "threads": threads, "medians": medians, "ratio": medians["peer"] / medians["ours"],
        "last losses": {who: values[-1] for who, values in losses.items()},
        "largest difference of a loss": max(
            abs(a - b) for a, b in zip(losses["peer"], losses["ours"], strict=True)
        ),
    }  # fmt: skip


def whole(name: str, *, threads: int, steps: int, repetitions: int) -> dict[str, Any]:
    """Return the seconds of whole processes, from the import to the last step, in turn."""
    seconds: dict[str, list[float]] = {"peer": [], "ours": []}
    for turn in range(repetitions + 1):  # the first one fills the caches of disk
        for who in seconds:
            command = [sys.executable, "-m", "benchmarks.programs", "--alone", who, name, str(threads), str(steps)]
            start = time.perf_counter()
            subprocess.run(command, check=True)
            seconds[who] += [round(time.perf_counter() - start, 3)] * (turn > 0)
    medians = {who: statistics.median(values) for who, values in seconds.items()}
    return {"steps": steps, "seconds": seconds, "medians": medians, "ratio": medians["peer"] / medians["ours"]}


def alone(who: str, name: str, threads: int, steps: int) -> None:
    """Run one program, as its user would."""
    torch.set_num_threads(threads)
    if who == "ours":
        import recurra.nn

        layers: Any = recurra.nn
    else:
        layers = nn
    step = made(name, layers)
    for _ in range(steps):
        step()


def main() -> None:
    """Measure, print and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=3, help="of the whole processes")
    parser.add_argument("--alone", nargs=4, metavar=("WHO", "PROGRAM", "THREADS", "STEPS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        who, name, threads, steps = given.alone
        alone(who, name, int(threads), int(steps))
        return
    points = []
    for threads in given.threads:
        for name in PROGRAMS:
            point = measure(name, threads=threads)
            point["whole"] = whole(name, threads=threads, steps=200, repetitions=given.repetitions)
            points.append(point)
            sys.stdout.write(
                f"{threads} threads, {name:36} a step {point['medians']['ours'] * 1e3:8.3f} ms, ratio "
                f"{point['ratio']:5.2f}; whole {point['whole']['ratio']:5.2f}; losses differ by at most "
                f"{point['largest difference of a loss']:.1e}\n"
            )
            sys.stdout.flush()
        for what, ratios in (
            ("a step", [each["ratio"] for each in points if each["threads"] == threads]),
            ("whole", [each["whole"]["ratio"] for each in points if each["threads"] == threads]),
        ):
            mean = statistics.geometric_mean(ratios)
            sys.stdout.write(f"{threads} threads, {what}: geometric mean {mean:.2f}, worst {min(ratios):.2f}\n")
    write("programs", "python -m benchmarks.programs", points)


if __name__ == "__main__":
    main()
