"""What the pictures of the course show: small networks, trained and measured. `figures.py` keeps it and draws it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss
from torch.nn.utils.rnn import pack_sequence

from recurra import Cell
from recurra.cells import GRU, LSTM, Elman, ElmanReLU
from recurra.data import adding_problem
from recurra.diagnose import gradient_flow
from recurra.nn import AttentionDecoder, Pooling, Recurrent

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
Numbers = dict[str, Any]


def sunspots() -> np.ndarray:
    """Return the yearly numbers (309,)."""
    with (EXAMPLES / "sunspots.csv").open(encoding="utf-8") as file:
        return np.array([float(row["sunspots"]) for row in csv.DictReader(file)])


def train(
    loss: Callable[[], Tensor], parameters: Iterator[nn.Parameter], steps: int, *, rate: float, clip: float = 1.0
) -> Iterator[float]:
    """Yield the loss of each step of Adam."""
    kept = list(parameters)
    optimiser = torch.optim.Adam(kept, lr=rate)
    for _ in range(steps):
        optimiser.zero_grad()
        now = loss()
        now.backward()
        nn.utils.clip_grad_norm_(kept, clip)
        optimiser.step()
        yield float(now.detach())


def order() -> Numbers:
    """Section 1."""
    values = sunspots()

    def correlations(x: np.ndarray) -> list[float]:
        d = x - x.mean()
        return [float((d[: len(d) - k] * d[k:]).sum() / (d**2).sum()) for k in range(41)]

    shuffled = np.random.default_rng(0).permutation(values)
    return {"ordered": correlations(values), "shuffled": correlations(shuffled)}


def impulse() -> Numbers:
    """Section 2."""
    draw = np.random.default_rng(0)
    rotation, _ = np.linalg.qr(draw.normal(size=(8, 8)))
    first = draw.normal(size=8)
    found = {}
    for scale in ("0.5", "0.9", "1.0"):
        h = np.tanh(first / np.linalg.norm(first))
        norms = [np.linalg.norm(h)]
        for _ in range(30):
            h = np.tanh(h @ rotation * float(scale))
            norms.append(np.linalg.norm(h))
        found[scale] = norms
    return found


def differences() -> Numbers:
    """Section 3: a derivative against differences."""
    layer = Recurrent(Elman, 3, 4).double()
    x = torch.randn(6, 2, 3, dtype=torch.float64)

    def loss() -> Tensor:
        return 0.5 * layer(x)[0].square().sum()

    loss().backward()
    weight, derived = layer.W_h_l0.data, float(layer.W_h_l0.grad[1, 2])  # pyright: ignore
    start, epsilons, errors = float(weight[1, 2]), [10.0**-k for k in range(1, 14)], []
    for epsilon in epsilons:
        values = []
        for moved in (start + epsilon, start - epsilon):
            weight[1, 2] = moved
            values.append(float(loss().detach()))
        weight[1, 2] = start
        errors.append(abs((values[0] - values[1]) / (2 * epsilon) - derived) / abs(derived))
    return {"epsilons": epsilons, "errors": errors}


def reach() -> Numbers:
    """Section 3: what each step adds to the gradient of the state matrix."""
    draw = np.random.default_rng(0)
    x, W_x, W_h = draw.normal(size=(20, 3)), draw.normal(size=(3, 8)) / 2, draw.normal(size=(8, 8)) / 8**0.5
    states = [np.zeros(8)]
    for step in x:
        states.append(np.tanh(step @ W_x + states[-1] @ W_h))
    later, parts = np.ones(8), []
    for t in reversed(range(20)):
        a = later * (1 - states[t + 1] ** 2)
        parts.append(np.linalg.norm(np.outer(states[t], a)))
        later = a @ W_h.T
    return {"shares": np.array(parts[:-1]) / sum(parts)}


class Writer(nn.Module):
    """A language model of characters."""

    def __init__(self, letters: int, size: int) -> None:
        super().__init__()
        self.embedding, self.recurrent = nn.Embedding(letters, 16), Recurrent(GRU, 16, size)
        self.scores = nn.Linear(size, letters)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the scores (T, B, letters)."""
        return self.scores(self.recurrent(self.embedding(ids))[0])

    def loss(self, ids: Tensor) -> Tensor:
        """Return the mean cross-entropy of a batch (T + 1, B)."""
        return cross_entropy(self(ids[:-1]).flatten(0, 1), ids[1:].flatten())


def shakespeare() -> tuple[list[str], Tensor]:
    """Return the characters there are, and the text as their numbers."""
    text = (EXAMPLES / "shakespeare.txt").read_text(encoding="utf-8")
    letters = sorted(set(text))
    return letters, torch.tensor([letters.index(each) for each in text])


def pieces(ids: Tensor, length: int = 41, count: int = 16) -> Tensor:
    """Return random pieces of a text (length, count)."""
    starts = torch.randint(len(ids) - length, (count,))
    return torch.stack([ids[start : start + length] for start in starts], 1)


def temperature() -> Numbers:
    """Section 4: the next character after a prompt."""
    letters, ids = shakespeare()
    writer = Writer(len(letters), 64)
    for _ in train(lambda: writer.loss(pieces(ids)), writer.parameters(), 700, rate=0.01):
        pass
    with torch.no_grad():
        prompt = torch.tensor([[letters.index(each)] for each in "Of all the ki"])
        scores = writer(prompt)[-1, 0]
    most = scores.argsort(descending=True)[:10]
    found = {f"{each:.1f}": torch.softmax(scores / each, 0)[most] for each in (0.5, 1, 2)}
    return {"letters": "".join(letters[each] for each in most), **found}


def language_loss() -> Numbers:
    """Section 4: a text that is too short is learnt by heart."""
    letters, ids = shakespeare()
    learnt, held_out = ids[:6000], ids[50000:54001]
    writer, steps, losses = Writer(len(letters), 96), [], {"learnt": [], "held_out": []}
    for step, _ in enumerate(train(lambda: writer.loss(pieces(learnt)), writer.parameters(), 500, rate=0.01)):
        if step % 20 == 19:
            steps.append(step + 1)
            with torch.no_grad():
                for name, text in (("learnt", learnt[:4001]), ("held_out", held_out)):
                    losses[name].append(float(writer.loss(text.unfold(0, 41, 40).T)))
    return {"steps": steps, **losses}


def forecast() -> Numbers:
    """Section 5: the last 44 years of the sunspots, eleven at a time."""
    values, length, horizon, last = np.sqrt(sunspots()), 22, 11, 44  # the root makes highs and lows alike
    training = values[: -2 * last]  # the 44 years after it choose when to stop
    mean, spread = training.mean(), training.std()
    windows = torch.tensor((values[:-last] - mean) / spread, dtype=torch.float32).unfold(0, length + horizon, 1)
    learnt, others = windows[: -last - horizon], windows[-last:]
    parts = nn.ModuleList([Recurrent(GRU, 1, 16), nn.Linear(16, horizon)])
    layer, head = parts

    def loss(some: Tensor) -> Tensor:
        return (head(layer(some[:, :length].T[:, :, None])[0][-1]) - some[:, length:]).abs().mean()

    best, kept = float("inf"), parts.state_dict()
    for _ in train(lambda: loss(learnt), parts.parameters(), 200, rate=0.01):
        with torch.no_grad():
            now = float(loss(others))
        if now < best:
            best, kept = now, {name: value.clone() for name, value in parts.state_dict().items()}
    parts.load_state_dict(kept)
    said, naive = [], []
    for start in range(len(values) - last, len(values), horizon):
        window = torch.tensor((values[start - length : start] - mean) / spread, dtype=torch.float32)
        with torch.no_grad():
            said += (head(layer(window[:, None, None])[0][-1])[0].numpy() * spread + mean).tolist()
        naive += (values[start - horizon : start] ** 2).tolist()
    actual, said = values[-last:] ** 2, np.square(said)
    return {
        "years": list(range(2009 - last, 2009)), "actual": actual, "network": said, "naive": naive,
        "network_error": np.abs(actual - said).mean(), "naive_error": np.abs(actual - naive).mean(),
    }  # fmt: skip


class Critic(nn.Module):
    """A classifier of texts."""

    def __init__(self, tokens: int, size: int, drop: float = 0.0) -> None:
        super().__init__()
        self.embedding, self.recurrent = nn.Embedding(tokens, size), Recurrent(LSTM, size, size)
        self.drop, self.pooling, self.scores = nn.Dropout(drop), Pooling("mean", size), nn.Linear(size, 2)

    def forward(self, texts: list[Tensor]) -> Tensor:
        """Return the scores of both classes (B, 2)."""
        packed = pack_sequence([self.drop(self.embedding(text)) for text in texts], enforce_sorted=False)
        return self.scores(self.pooling(self.recurrent(packed)[0])[0])


def opinions(file: str, positive: str, review: list[str], *, steps: int, kept: int, size: int) -> Numbers:
    """Section 6: train on a file of reviews, and follow one review token by token."""
    with (EXAMPLES / file).open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t"))
    split = (lambda text: text.split()) if " " in rows[0]["text"] else list
    counts: dict[str, int] = {}
    for row in rows:
        for token in split(row["text"]):
            counts[token] = counts.get(token, 0) + 1
    known = {token: number for number, token in enumerate([t for t, count in counts.items() if count > 1], 1)}
    texts = [torch.tensor([known.get(token, 0) for token in split(row["text"])]) for row in rows]
    labels = torch.tensor([row["label"] == positive for row in rows]).long()
    order = torch.randperm(len(texts)).tolist()
    learnt, tests = order[kept:], order[:kept]
    critic = Critic(len(known) + 1, size, drop=0.5 if len(rows) > 1000 else 0.0)

    def loss() -> Tensor:
        batch = [learnt[each] for each in torch.randint(len(learnt), (64,))]
        return cross_entropy(critic([texts[each] for each in batch]), labels[batch])

    for _ in train(loss, critic.parameters(), steps, rate=0.01):
        pass
    critic.eval()
    with torch.no_grad():
        right = critic([texts[each] for each in tests]).argmax(1) == labels[tests]
        ids = torch.tensor([known.get(token, 0) for token in review])
        praise = torch.softmax(critic([ids[: end + 1] for end in range(len(ids))]), 1)[:, 1]
    return {"tokens": "\t".join(review), "praise": praise, "accuracy": right.float().mean()}


def chinese() -> Numbers:
    """Section 6: a made-up review that turns round."""
    return opinions("reviews_zh.tsv", "好评", list("虽然房间又小又旧，但是早餐很丰盛。"), steps=60, kept=40, size=16)


def english() -> Numbers:
    """Section 6: a sentence that turns round."""
    text = "the beginning is dull and tedious , but the film becomes a moving and powerful portrait ."
    return opinions("reviews.tsv", "positive", text.split(), steps=160, kept=400, size=32)


def next_value(values: np.ndarray, size: int) -> tuple[nn.ModuleList, Callable[[Tensor], Tensor], Tensor]:
    """Return a network that says the next value of a series, its loss on windows, and the windows (33, count)."""
    scaled = torch.tensor((values - values.mean()) / values.std(), dtype=torch.float32)
    parts = nn.ModuleList([Recurrent(GRU, 1, size), nn.Linear(size, 1)])

    def loss(windows: Tensor) -> Tensor:
        return mse_loss(parts[1](parts[0](windows[:-1, :, None])[0])[..., 0], windows[1:])

    return parts, loss, scaled.unfold(0, 33, 4).T


def optimisers() -> Numbers:
    """Section 7: one start, three optimisers."""
    found = {}
    for name, rate in (("SGD", 0.1), ("RMSprop", 0.01), ("Adam", 0.01)):
        torch.manual_seed(0)
        parts, loss, windows = next_value(sunspots(), 8)
        optimiser, losses = getattr(torch.optim, name)(parts.parameters(), lr=rate), []
        for _ in range(150):
            optimiser.zero_grad()
            now = loss(windows)
            now.backward()
            optimiser.step()
            losses.append(float(now.detach()))
        found[name] = losses
    return found


def stopping() -> Numbers:
    """Section 7: a network that is too large for its data."""
    parts, loss, windows = next_value(sunspots(), 64)
    learnt, others, patience = windows[:, :20], windows[:, 44:], 10
    losses, best, last = {"training": [], "validation": []}, 0, None
    for epoch, now in enumerate(train(lambda: loss(learnt), parts.parameters(), 120, rate=0.01)):
        losses["training"].append(now)
        with torch.no_grad():
            losses["validation"].append(float(loss(others)))
        if last is None and losses["validation"][epoch] < losses["validation"][best] - 0.001:
            best = epoch
        if last is None and epoch - best == patience:
            last = epoch
    return {**losses, "best": best, "last": 119 if last is None else last}


def flow_back(cell: Cell, state: str, *, steps: int = 41, radius: float = 1.0, init: Mapping[str, float] = {}) -> Any:
    """Return the norm of the gradient by a state over the distance from the last step, of what it is there."""
    torch.manual_seed(0)
    layer = Recurrent(cell, 2, 8, init=dict(init))
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.mul_(radius if name.startswith("W_h") else 0.1 if name.startswith("W_x") else 1.0)
    with gradient_flow(layer) as flow:
        output, _ = layer(torch.randn(steps, 4, 2))
        output[-1].sum().backward()
    curve = flow.curve(state, along="distance")
    return curve / curve[0]


def norms() -> Numbers:
    """Section 8: spectral radii."""
    return {radius: flow_back(Elman, "h", radius=float(radius)) for radius in ("0.5", "0.9", "1.1", "1.3")}


@cache
def trainings() -> Numbers:
    """Return losses and gradients of naming a symbol 20 steps later, by SGD with and without clipping."""
    found: Numbers = {}
    for name in ("free", "clipped"):
        torch.manual_seed(1)
        layer, head = Recurrent(ElmanReLU, 5, 24), nn.Linear(24, 4)
        with torch.no_grad():
            layer.W_h_l0.copy_(1.2 * nn.init.orthogonal_(torch.empty(24, 24)))  # pyright: ignore
        parameters = [*layer.parameters(), *head.parameters()]
        optimiser, losses, sizes = torch.optim.SGD(parameters, lr=0.1), [], []
        for _ in range(300):
            symbols = torch.randint(4, (32,))
            inputs = torch.zeros(20, 32, 5)
            inputs[0, torch.arange(32), symbols] = 1
            inputs[-1, :, 4] = 1
            optimiser.zero_grad()
            loss = cross_entropy(head(layer(inputs)[0][-1]), symbols)
            loss.backward()
            sizes.append(float(nn.utils.clip_grad_norm_(parameters, 1.0 if name == "clipped" else 1e30)))
            optimiser.step()
            losses.append(float(loss.detach()))
        found |= {f"{name}_loss": losses, f"{name}_norm": sizes, f"{name}_end": np.mean(losses[-50:])}
    return found


def exploding() -> Numbers:
    """Section 8: the losses."""
    return {key: value for key, value in trainings().items() if not key.endswith("norm")}


def gradients() -> Numbers:
    """Section 8: the norms of the gradients."""
    return {key: value for key, value in trainings().items() if key.endswith("norm")}


def bias() -> Numbers:
    """Section 9: the forget gate's bias."""
    found = {name: flow_back(LSTM, "c", init={"b_f": float(name)}) for name in ("0", "1", "3")}
    return {**found, "Elman": flow_back(Elman, "h", radius=0.8)}


def held(count: int, steps: int = 20) -> tuple[Tensor, Tensor]:
    """Return sequences of numbers (T, B, 2) with one marked in the first half, and the marked number (B,)."""
    numbers, marks = torch.rand(steps, count), torch.zeros(steps, count)
    places = torch.randint(steps // 2, (count,))
    marks[places, torch.arange(count)] = 1
    return torch.stack([numbers, marks], 2), numbers[places, torch.arange(count)]


def gates() -> Numbers:
    """Section 9: what the gates of a unit do that holds a number."""
    layer, head = Recurrent(LSTM, 2, 8, init={"b_f": 2.0}), nn.Linear(8, 1)

    def error(count: int) -> Tensor:
        inputs, target = held(count)
        return mse_loss(head(layer(inputs)[0][-1])[:, 0], target)

    for _ in train(lambda: error(64), iter([*layer.parameters(), *head.parameters()]), 900, rate=0.01):
        pass
    with torch.no_grad():
        inputs, target = held(256)
        output, _, states = layer(inputs, return_states=True)
        c, h = states["c"][0], torch.cat([torch.zeros(1, 256, 8), states["h"][0][:-1]])
        value = {k: torch.sigmoid(inputs @ getattr(layer, f"W_x{k}_l0") + h @ getattr(layer, f"W_h{k}_l0")
                 + getattr(layer, f"b_{k}_l0")) for k in "if"}  # fmt: skip
        last, wanted = c[-1] - c[-1].mean(0), target - target.mean()
        likeness = (last * wanted[:, None]).mean(0) / last.square().mean(0).sqrt()
        unit, which = int(likeness.abs().argmax()), int((inputs[:10, :, 1].argmax(0) == 6).nonzero()[0])
        one = {"i": value["i"], "f": value["f"], "c": c}
        return {
            **{name: each[:, which, unit] for name, each in one.items()},
            "mark": inputs[:, which, 1],
            "error": mse_loss(head(output[-1])[:, 0], target),
        }


def cells() -> Numbers:
    """Section 10: three cells on the adding problem."""
    found: Numbers = {"steps": list(range(25, 1001, 25))}
    for cell in (Elman, GRU, LSTM):
        torch.manual_seed(0)
        layer, head, number = Recurrent(cell, 2, 24), nn.Linear(24, 1), iter(range(10**6))

        def error(seed: int, layer: Any = layer, head: Any = head, count: int = 32) -> Tensor:
            inputs, targets = (torch.tensor(each, dtype=torch.float32) for each in adding_problem(count, 50, seed))
            return mse_loss(head(layer(inputs.transpose(0, 1))[0][-1]), targets)

        parameters, losses = iter([*layer.parameters(), *head.parameters()]), []
        for step, _ in enumerate(train(lambda: error(next(number)), parameters, 1000, rate=0.005)):  # noqa: B023
            if step % 25 == 24:
                with torch.no_grad():
                    losses.append(float(error(10**6, count=500)))
        found[cell.name] = losses
    return found


def directions() -> Numbers:
    """Section 10: what comes two steps later, forwards and in both directions."""
    found = {}
    for name, both in (("forwards", False), ("both", True)):
        torch.manual_seed(0)
        layer, head = Recurrent(GRU, 5, 12, bidirectional=both), nn.Linear(24 if both else 12, 5)

        def scores(ids: Tensor, layer: Any = layer, head: Any = head) -> Tensor:
            return head(layer(nn.functional.one_hot(ids, 5).float())[0])

        def loss() -> Tensor:
            ids = torch.randint(5, (14, 32))
            return cross_entropy(scores(ids[:12]).flatten(0, 1), ids[2:].flatten())

        for _ in train(loss, iter([*layer.parameters(), *head.parameters()]), 300, rate=0.02):
            pass
        with torch.no_grad():
            ids = torch.randint(5, (14, 500))
            found[name] = (scores(ids[:12]).argmax(2) == ids[2:]).float().mean(1)
    return found


def weights() -> Numbers:
    """Section 11: seven symbols are written backwards."""
    embedding, encoder = nn.Embedding(9, 16), Recurrent(GRU, 16, 24, batch_first=True)
    decoder, head = AttentionDecoder(GRU, 16, 24, memory_size=24, attention="general"), nn.Linear(24, 8)
    parts = nn.ModuleList([embedding, encoder, decoder, head])

    def run(symbols: Tensor) -> tuple[Tensor, Tensor]:
        turned = symbols.flip(1)
        before = torch.cat([torch.full((len(symbols), 1), 8), turned[:, :-1]], 1)
        written = decoder(embedding(before), encoder(embedding(symbols))[0])
        return head(written.outputs), written.weights

    def loss() -> Tensor:
        symbols = torch.randint(8, (32, 7))
        return cross_entropy(run(symbols)[0].flatten(0, 1), symbols.flip(1).flatten())

    for _ in train(loss, parts.parameters(), 900, rate=0.01):
        pass
    with torch.no_grad():
        symbols = torch.randint(8, (200, 7))
        scores, looked = run(symbols)
    return {"weights": looked.mean(0), "accuracy": (scores.argmax(2) == symbols.flip(1)).float().mean()}


def scale() -> Numbers:
    """Section 12: the size of a signal."""
    draw = np.random.default_rng(0)
    gaussian, first = draw.normal(size=(64, 64)), draw.normal(size=64)
    orthogonal, _ = np.linalg.qr(gaussian)
    matrices = {name: float(name) / 8 * gaussian for name in ("0.7", "1.0", "1.5")}
    found = {}
    for name, matrix in {**matrices, "orthogonal": orthogonal}.items():
        h = 0.1 * first / np.linalg.norm(first)
        sizes = [np.linalg.norm(h)]
        for _ in range(60):
            h = np.tanh(h @ matrix)
            sizes.append(np.linalg.norm(h))
        found[name] = sizes
    return found


def cost() -> Numbers:
    """Section 12: parameters by size."""
    sizes = (8, 16, 32, 64, 128, 256, 512)
    counts = {each.name: [each.parameter_count(input_size=32, hidden_size=size) for size in sizes]
              for each in (Elman, GRU, LSTM)}  # fmt: skip
    return {"sizes": sizes, **counts}


MEASURED: Mapping[str, Callable[[], Numbers]] = {
    "01-order": order, "02-impulse": impulse, "03-differences": differences, "03-reach": reach,
    "04-temperature": temperature, "04-loss": language_loss, "05-forecast": forecast, "06-chinese": chinese,
    "06-english": english, "07-optimisers": optimisers, "07-stopping": stopping, "08-norms": norms,
    "08-exploding": exploding, "08-gradients": gradients, "09-bias": bias, "09-gates": gates, "10-cells": cells,
    "10-directions": directions, "11-weights": weights, "12-scale": scale, "12-cost": cost,
}  # fmt: skip
"""Name of a picture -> what is drawn in it."""
