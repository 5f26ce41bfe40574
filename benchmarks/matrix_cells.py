"""`python -m benchmarks.matrix_cells`: cells with a matrix for each head, training, inference, and as streams.

Against the same cell's eager loop in torch (`backend="torch"`: the products of the input for all steps at once, the
rest step by step); three of them against their papers' chunked forms in plain torch (`benchmarks/chunked.py`), and,
where `--jax-python` gives the Python of its environment, four against the same as a scan in JAX; see
`benchmarks/against_jax.py`. Four heads, 16 numbers a channel for the state spaces.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks import against_jax
from benchmarks.alternate import JAX, in_turn, options, renew, report
from benchmarks.chunked import CHUNKED, Chunked
from benchmarks.grids import both, forward
from recurra import Cell
from recurra.cells import (
    GLA,
    HGRN2,
    RWKV6,
    RWKV7,
    S6,
    SSD,
    DeltaNet,
    FastWeights,
    GatedDeltaNet,
    LinearAttention,
    mLSTM,
    sLSTMHeads,
)
from recurra.nn import Recurrent

CELLS = (
    LinearAttention, FastWeights, GLA, HGRN2, DeltaNet, GatedDeltaNet, mLSTM, sLSTMHeads, RWKV6, RWKV7, S6, SSD,
)  # fmt: skip
IN_JAX = (mLSTM, GLA, DeltaNet, S6)
SIZES = ((1, 256, 32, 64), (16, 256, 64, 64), (8, 1024, 64, 64))
LONG = ((4, 1024, 64, 128),)
OWN = {"heads": 4, "key_size": 16, "state_size": 16, "dt_rank": 8}
"""The sizes that are a cell's own, by name."""

STEPS = 50
"""Of a stream in one run."""

LOOP, CHUNKS = "its eager loop", "its chunked form"
PASSES = ("forward", "forward+backward", "stream")


def layer_of(cell: Cell, input_size: int, hidden_size: int) -> Recurrent:
    """Return a layer with the sizes of its own that the cell has."""
    return Recurrent(
        cell, input_size, hidden_size, sizes={name: size for name, size in OWN.items() if name in cell.sizes}
    )


def eager(layer: Recurrent) -> Recurrent:
    """Return the same layer as an eager loop."""
    found = copy.deepcopy(layer)
    found.backend = "torch"
    return found


def stream_of(layer: Recurrent, x: Tensor) -> Callable[[], object]:
    """Return a run of some steps of a stream."""
    stream, samples = layer.stream(batch=x.shape[1]), [np.ascontiguousarray(each) for each in x[:STEPS].numpy()]

    def run() -> None:
        for sample in samples:
            stream.step(sample)

    return run


def steps_of(layer: Recurrent, x: Tensor) -> Callable[[], object]:
    """Return the same number of calls of a layer with one step each."""
    state: Any = None

    @torch.inference_mode()
    def run() -> None:
        nonlocal state
        for sample in x[:STEPS]:
            _, state = layer(sample[None], state)

    return run


def measure(cell: Cell, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of a cell against its eager loop."""
    torch.set_num_threads(threads)
    points = []
    for size in SIZES:
        batch, time, *sizes = size
        x = torch.randn(time, batch, sizes[0])
        layer = layer_of(cell, *sizes)
        loop = eager(layer)
        point: dict[str, Any] = {"kind": cell.name, "against": LOOP, "threads": threads, "size": [*size]}
        point["forward"] = in_turn(forward(layer, x), forward(loop, x), repetitions=repetitions)
        point["forward+backward"] = in_turn(both(layer, x), both(loop, x), repetitions=repetitions)
        point["stream"] = in_turn(stream_of(layer, x), steps_of(loop, x), repetitions=repetitions)
        points.append(point)
    report(f"{cell.name} against {LOOP}, {threads} threads", points, PASSES)
    return points


def measure_chunked(kind: str, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of a cell against its chunked form, which has to give the same."""
    torch.set_num_threads(threads)
    (cell,) = (each for each in CELLS if each.name == kind)
    points = []
    for size in LONG:
        batch, time, *sizes = size
        x = torch.randn(time, batch, sizes[0], requires_grad=True)
        layer = layer_of(cell, *sizes)
        chunked = Chunked(layer)
        torch.testing.assert_close(chunked(x)[0], layer(x)[0], rtol=1e-3, atol=1e-3)
        point: dict[str, Any] = {"kind": kind, "against": CHUNKS, "threads": threads, "size": [*size]}
        point["forward"] = in_turn(forward(layer, x), forward(chunked, x), repetitions=repetitions)
        point["forward+backward"] = in_turn(both(layer, x), both(chunked, x), repetitions=repetitions)
        points.append(point)
    report(f"{kind} against {CHUNKS}, {threads} threads", points, PASSES[:2])
    return points


def main() -> None:
    """Measure what was asked for and write the raw numbers, after each number of threads."""
    given = options(__doc__, peers=(LOOP, CHUNKS, JAX))
    for threads in given.threads:
        points = []
        if LOOP in given.against:
            points += [point for cell in CELLS for point in measure(cell, threads, given.repetitions)]
        if CHUNKS in given.against:
            points += [point for kind in CHUNKED for point in measure_chunked(kind, threads, given.repetitions)]
        if JAX in given.against:
            points += against_jax.measure(
                {cell.name: functools.partial(layer_of, cell) for cell in IN_JAX},
                python=given.jax_python, threads=threads, repetitions=given.repetitions, sizes=LONG,
            )  # fmt: skip
        renew("matrix_cells", "python -m benchmarks.matrix_cells", points)


if __name__ == "__main__":
    main()
