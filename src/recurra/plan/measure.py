"""How long a workload takes, measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.nn.layer import Layer
from recurra.plan.workload import Workload

__all__ = ["Times", "measured"]

_WARM = 2
_STEPS = 50
"""Of a stream, timed together."""

Clock = Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Times:
    """Seconds: of a forward pass alone, of both passes of a training step, of a step of a stream.

    What was not measured is NaN: a stream where there are two directions.
    """

    inference: float
    forward: float
    backward: float
    stream: float = float("nan")

    def by_name(self) -> Mapping[str, float]:
        """Return the seconds of each pass."""
        return {name: value for name, value in vars(self).items() if value == value}


def measured(
    workload: Workload, /, *, seconds: float = 0.2, quantile: float = 0.5, clock: Clock = time.perf_counter
) -> Times:
    """Return how long the passes of a workload take here.

    Parameters
    ----------
    workload
        What runs.
    seconds
        About how long each pass is run for.
    quantile
        Which of the times is returned: 0.5 for the median, less where the machine is busy with other things.
    clock
        `time.process_time` does not count, on one thread, what other processes take.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(workload.threads)
    try:
        layer, x = workload.layer(), batch_of(workload)
        inference = _quantile(_inference(layer, x, clock), seconds, quantile)
        forward, backward = _training(layer, x, seconds, quantile, clock)
        stream = float("nan") if workload.bidirectional else _stream(layer, workload, seconds / 4, quantile, clock)
    finally:
        torch.set_num_threads(before)
    return Times(inference=inference, forward=forward, backward=backward, stream=stream)


def batch_of(workload: Workload, /) -> Tensor | PackedSequence:
    """Return a batch of random numbers, packed where lengths differ."""
    rows = torch.randn(workload.rows, workload.input_size, dtype=getattr(torch, workload.dtype))
    if workload.is_ragged:
        return PackedSequence(rows, torch.tensor(workload.batch_sizes))
    return rows.view(len(workload.batch_sizes), workload.batch, workload.input_size)


def _inference(layer: Layer, x: Tensor | PackedSequence, clock: Clock) -> Callable[[], float]:
    def once() -> float:
        begun = clock()
        layer(x)
        return clock() - begun

    return torch.inference_mode()(once)


def _training(
    layer: Layer, x: Tensor | PackedSequence, seconds: float, quantile: float, clock: Clock
) -> tuple[float, float]:
    times: list[tuple[float, float]] = []
    gradient = torch.empty(0)
    deadline = time.perf_counter() + seconds
    while len(times) < _WARM + 3 or time.perf_counter() < deadline:
        layer.zero_grad()
        begun = clock()
        output = layer(x)[0]
        middle = clock()
        rows = output.data if isinstance(output, PackedSequence) else output
        if not gradient.numel():
            gradient = torch.ones_like(rows)
        again = clock()
        rows.backward(gradient)
        times.append((middle - begun, clock() - again))
    forward, backward = np.quantile(np.array(times[_WARM:]), quantile, axis=0)
    return float(forward), float(backward)


def _stream(layer: Layer, workload: Workload, seconds: float, quantile: float, clock: Clock) -> float:
    stream = layer.eval().stream(workload.batch)
    x = np.zeros((workload.batch, workload.input_size), workload.dtype)

    def many() -> float:
        begun = clock()
        for _ in range(_STEPS):
            stream.step(x)
        return (clock() - begun) / _STEPS

    return _quantile(many, seconds, quantile)


def _quantile(once: Callable[[], float], seconds: float, quantile: float) -> float:
    times: list[float] = []
    deadline = time.perf_counter() + seconds
    while len(times) < _WARM + 3 or time.perf_counter() < deadline:
        times.append(once())
    return float(np.quantile(times[_WARM:], quantile))
