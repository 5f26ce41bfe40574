"""`python -m benchmarks.gpu`: layers and cells on a CUDA device, against cuDNN, Python loops and our own LSTM.

- layers: LSTM, GRU and RNN, forward and forward with backward, against torch.nn, which runs cuDNN;
- ragged: the same on PackedSequences of lengths drawn between a quarter and all of the steps;
- loops: cells against a Python loop in eager torch, at 64 steps also under torch.compile, which unrolls it;
- own: the same cells against our own LSTM;
- matrices: cells with a matrix for each head of 64 units against their eager loops, `backend="torch"`;
- flash: the point of which FlashRNN's paper gives times (Poeppel, Beck & Hochreiter, 2025): LSTM in bfloat16, B=16,
  T=1024, 768 features, on an H100 4.87 ms forward and 13.61 ms with backward, without the input projection.

Times are of CUDA events, medians of runs in turn; the input is as wide as the state. `--quick` takes a small grid.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from benchmarks.alternate import known, report, write
from benchmarks.gpu_loops import MGULoop, ZoneoutLoop, on_gpu
from benchmarks.grids import both, forward
from benchmarks.layers import pair
from benchmarks.loops import LayerNormLoop, MinGRULoop
from benchmarks.own_cells import CoupledLoop, CoupledLSTM, PeepholeLoop
from recurra.cells import GLA, LSTM, MGU, DeltaNet, MinGRU, PeepholeLSTM, mLSTM
from recurra.nn import Recurrent
from recurra.transforms import layer_norm, zoneout

Points = list[dict[str, Any]]
Size = tuple[int, int, int]
"""Batch, time, hidden size."""

KINDS = ("LSTM", "GRU", "RNN")
PASSES = ("forward", "forward+backward")
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
FULL = tuple(itertools.product((1, 16, 64, 256), (64, 512, 1024), (64, 256, 512, 768, 1024)))
QUICK = tuple(itertools.product((1, 64), (64,), (64, 256)))
CELLS = {
    PeepholeLSTM: PeepholeLoop, CoupledLSTM: CoupledLoop, MGU: MGULoop, MinGRU: MinGRULoop,
    layer_norm(LSTM): LayerNormLoop, zoneout(LSTM, {"c": 0.5, "h": 0.05}): ZoneoutLoop,
}  # fmt: skip


def in_turn(ours: Callable[[], object], peer: Callable[[], object], *, repetitions: int) -> dict[str, Any]:
    """Return the seconds of each run by CUDA events after three of warm-up, the medians, and peer over ours."""
    for _ in range(3):
        peer()
        ours()
    events: dict[str, list[tuple[torch.cuda.Event, torch.cuda.Event]]] = {"ours": [], "peer": []}
    for _ in range(repetitions):
        for name, run in (("peer", peer), ("ours", ours)):
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            run()
            end.record()
            events[name].append((start, end))
    torch.cuda.synchronize()
    seconds = {name: [round(a.elapsed_time(b) / 1e3, 8) for a, b in pairs] for name, pairs in events.items()}
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {"seconds": seconds, "medians": medians, "ratio": medians["peer"] / medians["ours"]}


def point(what: str, kind: str, against: str, size: Size, dtype: str) -> dict[str, Any]:
    """Return what is measured."""
    return {"what": what, "kind": kind, "against": against, "size": [*size], "dtype": dtype}


def sequences(size: Size, dtype: str, *, is_ragged: bool = False) -> torch.Tensor | PackedSequence:
    """Return an input as wide as the state."""
    batch, time, hidden = size
    x = torch.randn(time, batch, hidden, device="cuda", dtype=DTYPES[dtype])
    if not is_ragged:
        return x
    lengths = torch.randint(time // 4, time + 1, (batch,), generator=torch.Generator().manual_seed(0))
    return pack_padded_sequence(x, lengths, enforce_sorted=False)


def layers(sizes: Iterable[Size], repetitions: int, *, is_ragged: bool = False) -> Points:
    """Return the points of torch.nn's layers."""
    what, found = "ragged" if is_ragged else "layers", []
    for kind, dtype in itertools.product(KINDS, DTYPES):
        points = []
        for size in sizes:
            ours, peer = (on_gpu(layer, DTYPES[dtype]) for layer in pair(kind, size[2], size[2]))
            x = sequences(size, dtype, is_ragged=is_ragged)
            points.append(point(what, kind, "torch.nn", size, dtype))
            for name, run in zip(PASSES, (forward, both), strict=True):
                points[-1][name] = in_turn(run(ours, x), run(peer, x), repetitions=repetitions)
        report(f"{what} {kind} {dtype}", points, PASSES)
        found += points
    return found


def cells(sizes: Iterable[Size], repetitions: int, *, against: str) -> Points:
    """Return the points of cells, against "a loop", "a compiled loop" or "our own LSTM"."""
    found = []
    for (cell, loop), dtype in itertools.product(CELLS.items(), DTYPES):
        points = []
        for size in sizes:
            batch, time, hidden = size
            if against == "a compiled loop" and time != 64:
                continue
            ours = Recurrent(cell, hidden, hidden, device="cuda", dtype=DTYPES[dtype])
            peer = Recurrent(LSTM, hidden, hidden, device="cuda", dtype=DTYPES[dtype])
            if against != "our own LSTM":
                peer = on_gpu(loop(hidden, hidden), DTYPES[dtype])
            peer = torch.compile(peer) if against == "a compiled loop" else peer
            x = torch.randn(time, batch, hidden, device="cuda", dtype=DTYPES[dtype])
            points.append(point("cells", cell.name, against, size, dtype))
            points[-1]["forward+backward"] = in_turn(both(ours, x), _both(peer, x), repetitions=repetitions)
        report(f"{cell.name} against {against}, {dtype}", points)
        found += points
    return found


def matrices(sizes: Iterable[Size], repetitions: int) -> Points:
    """Return the points of cells with matrices, against the eager loops of the same layers."""
    found = []
    for cell, dtype in itertools.product((GLA, DeltaNet, mLSTM), DTYPES):
        points = []
        for batch, time, hidden in sizes:
            options: dict[str, Any] = {
                "sizes": {"heads": hidden // 64}, "device": "cuda", "dtype": DTYPES[dtype],
            }  # fmt: skip
            ours, peer = (Recurrent(cell, hidden, hidden, backend=name, **options) for name in ("triton", "torch"))
            x = torch.randn(time, batch, hidden, device="cuda", dtype=DTYPES[dtype])
            points.append(point("matrices", cell.name, "an eager loop", (batch, time, hidden), dtype))
            for name, run in zip(PASSES, (forward, both), strict=True):
                points[-1][name] = in_turn(run(ours, x), run(peer, x), repetitions=repetitions)
        report(f"{cell.name} against its eager loop, {dtype}", points, PASSES)
        found += points
    return found


def _both(layer: Any, x: torch.Tensor) -> Callable[[], object]:
    return both(layer, x) if isinstance(layer, nn.Module) else lambda: layer(x)[0].sum().backward()


def flash(repetitions: int) -> Points:
    """Return the point of FlashRNN's paper, against cuDNN here."""
    return [
        each for each in layers([(16, 1024, 768)], repetitions) if (each["kind"], each["dtype"]) == ("LSTM", "bfloat16")
    ]


def device() -> dict[str, Any]:
    """Return what the device is."""
    found = torch.cuda.get_device_properties(0)
    versions = {"cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version()}
    return {"device": found.name, "multiprocessors": found.multi_processor_count, **versions}


def main() -> int:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small grid, three repetitions")
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--only", choices=[*MEASURES], nargs="+", default=[*MEASURES])
    given = parser.parse_args()
    if not torch.cuda.is_available():
        sys.stderr.write("there is no CUDA device here: nothing is measured, and no numbers are written\n")
        return 2
    sizes, repetitions = (QUICK, 3) if given.quick else (FULL, given.repetitions)
    points = [p for p in known("gpu") if p["what"] not in given.only] if not given.quick else []
    for name in given.only:
        points += [{**p, "what": name, **device()} for p in MEASURES[name](sizes, repetitions)]
    command = "python -m benchmarks.gpu" + (" --quick" if given.quick else "")
    sys.stdout.write(f"{write('gpu', command, points)}\n")
    return 0


MEASURES: dict[str, Callable[[Iterable[Size], int], Points]] = {
    "layers": layers,
    "ragged": lambda sizes, n: layers(sizes, n, is_ragged=True),
    "loops": lambda sizes, n: cells(sizes, n, against="a loop"),
    "compiled": lambda sizes, n: cells(sizes, n, against="a compiled loop"),
    "own": lambda sizes, n: cells(sizes, n, against="our own LSTM"),
    "matrices": matrices,
    "flash": lambda sizes, n: flash(n),
}


if __name__ == "__main__":
    sys.exit(main())
