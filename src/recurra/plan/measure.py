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
from recurra.plan.pace import pace
from recurra.plan.workload import Workload

__all__ = ["Times", "measured"]

_WARM = 2
_STEPS = 50
"""Of a stream, timed together."""


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
    workload: Workload, /, *, seconds: float = 0.2, quantile: float = 0.5, nominal: float | None = None
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
    nominal
        The pace, see `recurra.plan.pace`, at which times are given: each is multiplied by it, over the pace that the
        machine had around its runs. By default they are given as they are.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(workload.threads)
    try:
        layer, x = workload.layer(), batch_of(workload)
        at_pace = _Paced(nominal, workload.threads)
        (inference,) = at_pace(_quantile(_inference(layer, x), seconds, quantile))
        forward, backward = at_pace(*_training(layer, x, seconds, quantile))
        stream = float("nan")
        if not workload.bidirectional:
            (stream,) = at_pace(_quantile(_stream(layer, workload), seconds / 4, quantile))
    finally:
        torch.set_num_threads(before)
    return Times(inference=inference, forward=forward, backward=backward, stream=stream)


def batch_of(workload: Workload, /) -> Tensor | PackedSequence:
    """Return a batch of random numbers, packed where lengths differ."""
    rows = torch.randn(workload.rows, workload.input_size, dtype=getattr(torch, workload.dtype))
    if workload.is_ragged:
        return PackedSequence(rows, torch.tensor(workload.batch_sizes))
    return rows.view(len(workload.batch_sizes), workload.batch, workload.input_size)


class _Paced:
    """Brings times to a nominal pace, by that before and after the runs that gave them."""

    def __init__(self, nominal: float | None, threads: int) -> None:
        self._nominal, self._threads = nominal, threads
        self._before = 1.0 if nominal is None else pace(threads)

    def __call__(self, *seconds: float) -> tuple[float, ...]:
        if self._nominal is None:
            return seconds
        before, self._before = self._before, pace(self._threads)
        factor = 2 * self._nominal / (before + self._before)
        return tuple(factor * each for each in seconds)


def _inference(layer: Layer, x: Tensor | PackedSequence) -> Callable[[], float]:
    def once() -> float:
        begun = time.perf_counter()
        layer(x)
        return time.perf_counter() - begun

    return torch.inference_mode()(once)


def _training(layer: Layer, x: Tensor | PackedSequence, seconds: float, quantile: float) -> tuple[float, float]:
    times: list[tuple[float, float]] = []
    gradient = torch.empty(0)
    deadline = time.perf_counter() + seconds
    while len(times) < _WARM + 3 or time.perf_counter() < deadline:
        layer.zero_grad()
        begun = time.perf_counter()
        output = layer(x)[0]
        middle = time.perf_counter()
        rows = output.data if isinstance(output, PackedSequence) else output
        if not gradient.numel():
            gradient = torch.ones_like(rows)
        again = time.perf_counter()
        rows.backward(gradient)
        times.append((middle - begun, time.perf_counter() - again))
    forward, backward = np.quantile(np.array(times[_WARM:]), quantile, axis=0)
    return float(forward), float(backward)


def _stream(layer: Layer, workload: Workload) -> Callable[[], float]:
    stream = layer.eval().stream(workload.batch)
    x = np.zeros((workload.batch, workload.input_size), workload.dtype)

    def many() -> float:
        begun = time.perf_counter()
        for _ in range(_STEPS):
            stream.step(x)
        return (time.perf_counter() - begun) / _STEPS

    return many


def _quantile(once: Callable[[], float], seconds: float, quantile: float) -> float:
    times: list[float] = []
    deadline = time.perf_counter() + seconds
    while len(times) < _WARM + 3 or time.perf_counter() < deadline:
        times.append(once())
    return float(np.quantile(times[_WARM:], quantile))
