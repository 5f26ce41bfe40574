"""The exercises of the course: the numbers that are drawn for each case, and the answers they are checked against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.random import Generator

from recurra.cells import GRU, LSTM, Elman, OriginalGRU
from recurra.nn import Recurrent

Array = np.ndarray


# Section 1: sequences


def series(draw: Generator) -> Mapping[str, Any]:
    return {"series": draw.normal(size=9).round(2), "length": int(draw.integers(2, 5)), "horizon": 2}


def windows(series: Array, length: int, horizon: int, *, last: int = 1) -> tuple[Array, Array]:
    count = len(series) - length - horizon + last
    inputs = np.stack([series[start : start + length] for start in range(count)])
    return inputs, np.stack([series[start + length : start + length + horizon] for start in range(count)])


def ragged(draw: Generator) -> Mapping[str, Any]:
    return {"sequences": [draw.normal(size=int(length)).round(2) for length in draw.permutation([2, 4, 3])]}


def padded(sequences: Sequence[Array], *, front: bool = False) -> tuple[Array, Array]:
    lengths = np.array([len(each) for each in sequences])
    batch = np.zeros((len(sequences), lengths.max()))
    for row, each in zip(batch, sequences, strict=True):
        row[len(row) - len(each) if front else 0 :][: len(each)] = each
    return batch, lengths


# Section 2: the simple recurrent network


def elman(draw: Generator, steps: int | None = None) -> dict[str, Any]:
    x = draw.normal(size=2 if steps is None else (steps, 2))
    weights = {"W_x": draw.normal(size=(2, 3)), "W_h": draw.normal(size=(3, 3)), "b": draw.normal(size=3)}
    return {"x": x, "h": draw.normal(size=3), **weights}


def rnn_step(x: Array, h: Array, W_x: Array, W_h: Array, b: Array) -> Array:
    return Elman({"W_x": W_x, "W_h": W_h, "b": b}, x, h)


def rnn_forward(x: Array, h: Array, W_x: Array, W_h: Array, b: Array) -> Array:
    outputs = []
    for step in x:
        h = rnn_step(step, h, W_x, W_h, b)
        outputs.append(h)
    return np.stack(outputs)


# Section 3: backpropagation through time


def backward(draw: Generator) -> dict[str, Any]:
    given = elman(draw, 4)
    h = rnn_forward(**given)
    return {"grad_output": draw.normal(size=(4, 3)), "h": h, "W_h": given["W_h"]}


def rnn_backward(grad_output: Array, h: Array, W_h: Array, *, back: bool = True, inner: int = 1) -> Array:
    later, found = np.zeros(h.shape[1]), np.zeros_like(h)
    for t in reversed(range(len(h))):
        found[t] = (grad_output[t] + later) * (1 - (h[t] if inner == 1 else np.tanh(h[t])) ** 2)
        later = found[t] @ W_h.T if back else 0 * later
    return found


def weights(draw: Generator) -> dict[str, Any]:
    given = elman(draw, 4)
    given["grad_output"] = draw.normal(size=(4, 3))
    return given


def rnn_gradients(
    x: Array, h: Array, W_x: Array, W_h: Array, b: Array, grad_output: Array
) -> tuple[Array, Array, Array]:
    """Return what the library's layer gives: its derived backpropagation through time."""
    layer = Recurrent(Elman, 2, 3, backend="numpy").double()
    names = {"W_x_l0": W_x, "W_h_l0": W_h, "b_l0": b}
    layer.load_state_dict({name: torch.from_numpy(value) for name, value in names.items()})
    output, _ = layer(torch.from_numpy(x), torch.from_numpy(h)[None])
    output.backward(torch.from_numpy(grad_output))
    found = dict(layer.named_parameters())
    return tuple(found[name].grad.numpy() for name in names)  # pyright: ignore


def late_gradients(
    x: Array, h: Array, W_x: Array, W_h: Array, b: Array, grad_output: Array
) -> tuple[Array, Array, Array]:
    states = rnn_forward(x, h, W_x, W_h, b)
    a = rnn_backward(grad_output, states, W_h)
    return x.T @ a, states.T @ a, a.sum(0)


# Section 4: language


def scores(draw: Generator) -> dict[str, Any]:
    return {"scores": draw.normal(size=(2, 4)) * 3 + 1000}


def softmax(scores: Array, *, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def temperature(draw: Generator) -> dict[str, Any]:
    return {"scores": draw.normal(size=5) * 2, "temperature": round(draw.uniform(0.3, 3), 2)}


# Section 5: series


def season(draw: Generator) -> dict[str, Any]:
    return {"series": draw.normal(size=8).round(2), "season": 3, "horizon": 5}


def seasonal_naive(series: Array, season: int, horizon: int) -> Array:
    return np.resize(series[-season:], horizon)


def forecast(draw: Generator) -> dict[str, Any]:
    training, actual, forecast = (draw.normal(size=size).round(2) for size in (9, 3, 3))
    return {"actual": actual, "forecast": forecast, "training": training, "season": int(draw.integers(1, 4))}


def mase(actual: Array, forecast: Array, training: Array, season: int) -> float:
    return float(np.abs(actual - forecast).mean() / np.abs(training[season:] - training[:-season]).mean())


# Section 6: classes


def states(draw: Generator) -> dict[str, Any]:
    return {"states": draw.normal(size=(3, 4, 2)).round(2), "lengths": draw.permutation([4, 2, 3])}


def masked_mean(states: Array, lengths: Array) -> Array:
    return np.stack([each[:length].mean(0) for each, length in zip(states, lengths, strict=True)])


def answers(draw: Generator) -> dict[str, Any]:
    actual = np.array([1, 0, 1, 0, 0, 0, 1, 0])
    return {"predicted": draw.permutation(actual) | np.array([1, 0, 0, 0, 0, 0, 0, 0]), "actual": actual}


def f1(predicted: Array, actual: Array) -> float:
    return float(2 * (predicted & actual).sum() / (predicted.sum() + actual.sum()))


# Section 7: learning


def gradients(draw: Generator) -> dict[str, Any]:
    return {"gradients": [draw.normal(size=(2, 2)), draw.normal(size=3)], "most": float(draw.choice([1.0, 9.0]))}


def clip_by_norm(gradients: Sequence[Array], most: float) -> list[Array]:
    norm = np.sqrt(sum(float((each**2).sum()) for each in gradients))
    return [each * min(1.0, most / norm) for each in gradients]


def each_by_norm(gradients: Sequence[Array], most: float) -> list[Array]:
    return [clip_by_norm([each], most)[0] for each in gradients]


def moments(draw: Generator) -> dict[str, Any]:
    numbers = {name: draw.normal(size=3) for name in ("weight", "gradient", "m")}
    return {**numbers, "v": draw.uniform(size=3), "t": int(draw.integers(1, 5)), "rate": 0.1}


def adam_step(
    weight: Array, gradient: Array, m: Array, v: Array, t: int, rate: float, *, corrected: bool = True, first: int = 0
) -> tuple[Array, Array, Array]:
    m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
    low, high = (1 - 0.9 ** (t + first), 1 - 0.999 ** (t + first)) if corrected else (1, 1)
    return weight - rate * (m / low) / (np.sqrt(v / high) + 1e-8), m, v


def losses(draw: Generator) -> dict[str, Any]:
    falling = 1 / np.arange(1, 15) + 0.05 * draw.normal(size=14)
    return {"losses": falling.round(3).tolist(), "patience": 3, "min_delta": 0.02}


def early_stop(losses: Sequence[float], patience: int, min_delta: float, *, before: bool = False) -> tuple[int, int]:
    best, waited = 0, 0
    for epoch, loss in enumerate(losses[1:], 1):
        if loss < losses[epoch - 1 if before else best] - min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1


# Section 8: vanishing and exploding gradients


def matrix(draw: Generator) -> dict[str, Any]:
    return {"W": draw.normal(size=(3, 3))}


def steps(draw: Generator) -> dict[str, Any]:
    return {"factor": round(draw.uniform(0.3, 0.95), 2), "share": float(draw.choice([0.1, 0.01, 0.001]))}


# Section 9: the LSTM


def gated(cell: Any, draw: Generator) -> dict[str, Any]:
    sizes = {"input_size": 2, "hidden_size": 3}
    weights = {each.name: draw.normal(size=[sizes[size] for size in each.shape]) for each in cell.parameters}
    return {"x": draw.normal(size=2), **{state: draw.normal(size=3) for state in cell.states}, "p": weights}


def lstm_step(x: Array, h: Array, c: Array, p: Mapping[str, Array]) -> tuple[Array, Array]:
    return LSTM(p, x, h, c)


def renamed(exchanged: str) -> Callable[[Array, Array, Array, Mapping[str, Array]], tuple[Array, Array]]:
    """Return the LSTM's step with the parameters of two gates exchanged."""
    table = str.maketrans(exchanged, exchanged[::-1])

    def step(x: Array, h: Array, c: Array, p: Mapping[str, Array]) -> tuple[Array, Array]:
        return lstm_step(x, h, c, {f"{name[:-1]}{name[-1].translate(table)}": value for name, value in p.items()})

    return step


def untamed(x: Array, h: Array, c: Array, p: Mapping[str, Array]) -> tuple[Array, Array]:
    _, c = lstm_step(x, h, c, p)
    return c / (1 + np.exp(-(x @ p["W_xo"] + h @ p["W_ho"] + p["b_o"]))), c


def cell_state(draw: Generator) -> dict[str, Any]:
    return {"grad_h": draw.normal(size=3), "later": draw.normal(size=3), "o": draw.uniform(size=3),
            "c": draw.normal(size=3)}  # fmt: skip


def cell_gradient(grad_h: Array, later: Array, o: Array, c: Array) -> Array:
    return later + grad_h * o * (1 - np.tanh(c) ** 2)


# Section 10: the GRU, and both directions


def gru_step(x: Array, h: Array, p: Mapping[str, Array]) -> Array:
    return GRU(p, x, h)


def early_reset(x: Array, h: Array, p: Mapping[str, Array]) -> Array:
    return OriginalGRU({**p, "b_n": p["b_n"] + p["b_hn"]}, x, h)


def other_way(x: Array, h: Array, p: Mapping[str, Array]) -> Array:
    return GRU({**p, **{name: -p[name] for name in ("W_xz", "W_hz", "b_z")}}, x, h)


def reversed_padded(states: Array, lengths: Array) -> Array:
    found = np.zeros_like(states)
    for row, each, length in zip(found, states, lengths, strict=True):
        row[:length] = each[:length][::-1]
    return found


def steps_then_padding(draw: Generator) -> dict[str, Any]:
    given = states(draw)
    for each, length in zip(given["states"], given["lengths"], strict=True):
        each[length:] = 0
    return {"x": given["states"], "lengths": given["lengths"]}


# Section 11: attention


def memory(draw: Generator) -> dict[str, Any]:
    return {"query": draw.normal(size=4), "keys": draw.normal(size=(3, 4)), "values": draw.normal(size=(3, 2))}


def attend(query: Array, keys: Array, values: Array, *, scaled: bool = True) -> tuple[Array, Array]:
    weights = softmax(keys @ query / (np.sqrt(len(query)) if scaled else 1))
    return weights @ values, weights


# Section 12: normalisation, cost, and what runs in parallel


def rows(draw: Generator) -> dict[str, Any]:
    return {"a": draw.normal(size=(2, 4)), "gain": draw.normal(size=4), "bias": draw.normal(size=4)}


def layer_norm(a: Array, gain: Array, bias: Array, *, axis: int = -1) -> Array:
    centred = a - a.mean(axis, keepdims=True)
    return gain * centred / np.sqrt((centred**2).mean(axis, keepdims=True) + 1e-5) + bias


def sizes(draw: Generator) -> dict[str, Any]:
    return {"input_size": int(draw.integers(1, 50)), "hidden_size": int(draw.integers(1, 50))}


def lstm_parameters(input_size: int, hidden_size: int, *, biases: int = 1) -> int:
    return 4 * hidden_size * (input_size + hidden_size + biases)


def linear(draw: Generator) -> dict[str, Any]:
    return {"a": draw.uniform(size=(5, 2)), "b": draw.normal(size=(5, 2))}


def scan(a: Array, b: Array) -> Array:
    state, found = np.zeros(a.shape[1]), []
    for factor, added in zip(a, b, strict=True):
        state = factor * state + added
        found.append(state)
    return np.stack(found)
