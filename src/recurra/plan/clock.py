"""Clock: how long a workload takes, measured, and the pace of a machine that is shared."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.choice import on_threads
from recurra.nn.layer import Layer
from recurra.plan.workload import Kind, Workload, kinds_of

__all__ = ["Times", "measured", "pace"]

_SIZE, _PRODUCTS, _LOOPS, _NUMBERS = 192, 4, 4000, 1 << 15
"""Of the work whose time is the pace: the rows of a square matrix, products of it, turns of a loop, numbers."""

_WARM, _LEAST = 2, 3
_SLICE = 0.01
"""Seconds between two looks at the pace."""

_STEPS = 50
"""Of a stream, timed together."""


def pace() -> float:
    """Return the seconds that a fixed piece of work takes now, about one thousandth.

    It is what layers are made of: small products, elementwise functions, and Python around them. A time over the pace
    of its moment is comparable with another one.
    """
    square, numbers = torch.full((_SIZE, _SIZE), 0.5), torch.full((_NUMBERS,), 0.5)
    begun = time.perf_counter()
    for _ in range(_PRODUCTS):
        torch.mm(square, square)
    torch.exp(numbers)
    total = 0
    for number in range(_LOOPS):
        total += number
    return time.perf_counter() - begun


Once = Callable[[], tuple[float, ...]]
"""Runs once, and returns the seconds of each pass."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """Seconds: of a forward pass alone, of both passes of a training step, of a step of a stream.

    What was not measured is NaN, as a stream where there are two directions.
    """

    inference: float = math.nan
    forward: float = math.nan
    backward: float = math.nan
    stream: float = math.nan

    def by_name(self) -> Mapping[str, float]:
        """Return the seconds of each pass."""
        return {name: value for name, value in vars(self).items() if value == value}


@checked(InputError)
def measured(
    workload: Workload,
    /,
    *,
    seconds: float = 0.2,
    quantile: float = 0.5,
    nominal: float | None = None,
    kinds: Collection[Kind] = ("inference", "training", "stream"),
) -> Times:
    """Return how long the passes of a workload take here, on a GPU until it has done them.

    Parameters
    ----------
    workload
        What runs.
    seconds
        About how long each pass is run for.
    quantile
        Which of the times is returned: 0.5 for the median, less where the machine is busy with other things.
    nominal
        The pace, see `recurra.plan.clock`, at which times are given: each is multiplied by it, over the pace that the
        machine had around its runs. By default they are given as they are.
    kinds
        What is run, by default everything.
    """
    with on_threads(workload.threads):
        layer, x = workload.layer(), batch_of(workload)
        watch = _Watch(quantile, nominal)
        times: dict[str, float] = {}
        if "inference" in kinds:
            (times["inference"],) = watch.typical(_inference(layer, x), seconds)
        if "training" in kinds:
            times["forward"], times["backward"] = watch.typical(_training(layer, x), seconds)
        if "stream" in kinds and "stream" in kinds_of(workload):
            (times["stream"],) = watch.typical(_stream(layer, workload), seconds / 4)
    return Times(**times)


def batch_of(workload: Workload, /) -> Tensor | PackedSequence:
    """Return a batch of random numbers, packed where lengths differ."""
    dtype = getattr(torch, workload.dtype)
    rows = torch.randn(workload.rows, workload.input_size, dtype=dtype, device=workload.device)
    if workload.is_ragged:
        return PackedSequence(rows, torch.tensor(workload.batch_sizes))
    return rows.view(len(workload.batch_sizes), workload.batch, workload.input_size)


@dataclass(frozen=True)
class _Watch:
    """Runs something again and again, and says what it usually takes."""

    quantile: float
    nominal: float | None

    def typical(self, once: Once, seconds: float) -> tuple[float, ...]:
        """Return a quantile of the times that runs give, each brought to the nominal pace if there is one."""
        for _ in range(_WARM):
            once()
        times: list[np.ndarray] = []
        deadline = time.perf_counter() + seconds
        before = self._pace()
        while len(times) < _LEAST or time.perf_counter() < deadline:
            runs = _slice(once)
            after = self._pace()
            times.extend(2 / (before + after) * runs)
            before = after
        return tuple(np.quantile(np.array(times), self.quantile, axis=0).tolist())

    def _pace(self) -> float:
        """Return the pace of now in nominal ones."""
        return 1.0 if self.nominal is None else pace() / self.nominal


def _slice(once: Once) -> np.ndarray:
    """Return the times (runs, passes) of as many runs as are over before the pace has to be looked at again."""
    end = time.perf_counter() + _SLICE
    times = [once()]
    while time.perf_counter() < end:
        times.append(once())
    return np.array(times)


def _inference(layer: Layer, x: Tensor | PackedSequence) -> Once:
    clock = _clock(layer)

    def once() -> tuple[float, ...]:
        begun = clock()
        layer(x)
        return (clock() - begun,)

    return torch.inference_mode()(once)


def _training(layer: Layer, x: Tensor | PackedSequence) -> Once:
    gradient, clock = torch.ones_like(_rows(layer(x)[0])), _clock(layer)

    def once() -> tuple[float, ...]:
        layer.zero_grad()
        begun = clock()
        output = layer(x)[0]
        middle = clock()
        rows = _rows(output)
        again = clock()
        rows.backward(gradient)
        return middle - begun, clock() - again

    return once


def _clock(layer: Layer) -> Callable[[], float]:
    """Return what tells the time when all is done that was begun."""
    if not next(layer.parameters()).is_cuda:
        return time.perf_counter

    def done() -> float:
        torch.cuda.synchronize()
        return time.perf_counter()

    return done


def _rows(output: Tensor | PackedSequence) -> Tensor:
    return output.data if isinstance(output, PackedSequence) else output


def _stream(layer: Layer, workload: Workload) -> Once:
    stream = layer.eval().stream(workload.batch)
    x = np.zeros((workload.batch, workload.input_size), workload.dtype)

    def many() -> tuple[float, ...]:
        begun = time.perf_counter()
        for _ in range(_STEPS):
            stream.step(x)
        return ((time.perf_counter() - begun) / _STEPS,)

    return many
