"""`python -m benchmarks.cells`: all of torchrecurrent's cells, transforms, what a call can ask for, and linear cells.

- torchrecurrent: each of its cells, ours against its layer;
- transforms: those of the LSTM, against our own LSTM and against the same as a loop in eager torch;
- abilities: every state returned, and states reset inside sequences, against the plain call. The loss reads the output;
- linear: cells whose products read the input alone, over 4096 steps, against a loop in eager torch; and their forward
  pass against what memory and products allow;
- JAX: layer normalisation of the LSTM and minGRU against the same as a scan in JAX, inference too, where `--jax-python`
  gives the Python of its environment; see `benchmarks/against_jax.py`.

Training steps but where it says otherwise; beside those of cells and transforms, what they cannot do without. `--only`
measures some of these; of the others the points that were written stay.
"""

from __future__ import annotations

import argparse
import functools
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import torch
import torchrecurrent
from torch import nn
from torch.autograd.function import Function

import recurra.nn
from benchmarks import against_jax, loops
from benchmarks.alternate import JAX, in_turn, means, renew, report
from benchmarks.grids import SIZES, SMALL, both, forward
from recurra.cells import LSTM, QRNN, SRU, IndRNN, MinGRU, all_cells
from recurra.derive.facts import backward_flops, forward_flops
from recurra.nn import Recurrent
from recurra.spec import Cell
from recurra.transforms import layer_norm, recurrent_dropout, zoneout

Points = list[dict[str, Any]]
Size = tuple[int, int, int, int]


def point(what: str, kind: str, against: str, threads: int, size: Size) -> dict[str, Any]:
    """Return what was measured; a size is batch, time, input_size, hidden_size."""
    return {"what": what, "kind": kind, "against": against, "threads": threads, "size": [*size]}


CUBE = 1024
"""The sides of the matrices whose product says what torch.mm gives."""


class Empty(Function):
    """What a layer is to autograd, and nothing in it."""

    @staticmethod
    def forward(ctx: Any, output: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(*parameters)
        return torch.empty_like(output)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        return None, *(torch.empty_like(parameter) for parameter in ctx.saved_tensors)


class EmptyLayer(nn.Module):
    """A layer with another's parameters that computes nothing."""

    def __init__(self, layer: Recurrent, output: torch.Tensor) -> None:
        super().__init__()
        self.layer, self.output = layer, output

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
        return (Empty.apply(self.output, *self.layer.parameters()),)


def least(layer: Recurrent, x: torch.Tensor) -> dict[str, Any]:
    """Return what a training step cannot do without: autograd's time for the tensors, and the products.

    Beside the operations of the products stands the rate of torch.mm on a cube of 1024.
    """
    plans = layer.plans()
    sizes, rows = layer.stack().layers[0][0].sizes, x.shape[0] * x.shape[1]
    wanted = (False,) * len(plans.forward.step.inputs)
    steps = forward_flops(plans.forward, sizes), backward_flops(plans.backward, sizes, wanted=wanted)
    empty = both(EmptyLayer(layer, layer(x)[0].detach()), x)
    cube = torch.ones(CUBE, CUBE)
    found = in_turn(lambda: torch.mm(cube, cube), empty, repetitions=5)
    rate = 2 * CUBE**3 / found["medians"]["ours"]
    return {
        "FLOPs": rows * sum(each.products for each in steps), "FLOP/s": rate, "autograd, s": found["medians"]["peer"],
        "raw": found["seconds"],
    }  # fmt: skip


# torchrecurrent ----------------------------------------------------------------------------------------------------

FEW = (*SMALL, (1, 100, 32, 64), (32, 100, 32, 64), (32, 100, 128, 128))
OPTIONS = {"IndRNN": {"nonlinearity": "relu"}, "FastGRNN": {"nonlinearity": "sigmoid"}, "tauGRU": {"delay": 5}}
"""Cell -> what makes the peer's the paper's, or its delay ours, where that changes what is computed."""

SQUARE = ("IntersectionRNN",)
"""Cells whose input the peer needs to be as wide as the state."""


def torchrecurrent_cells(threads: int, repetitions: int) -> Points:
    """Return the points of each cell that torchrecurrent has."""
    found: Points = []
    against = f"torchrecurrent {version('torchrecurrent')}"
    for name in sorted(name.removesuffix("Cell") for name in vars(torchrecurrent) if name.endswith("Cell")):
        points, ours = [], all_cells[name]
        longest = max((delay.lag for delay in ours.written.delays.values()), default=0)
        for batch, time, input_size, hidden_size in FEW:
            if time < longest:  # a delayed state would never be read
                continue
            size = (batch, time, hidden_size if name in SQUARE else input_size, hidden_size)
            x = torch.randn(time, batch, size[2])
            peer = peer_layer(name, *size[2:])
            further = dict.fromkeys(set(ours.sizes) - {"input_size", "hidden_size"}, hidden_size)
            layer = Recurrent(ours, *size[2:], sizes=further)
            points.append(point("torchrecurrent", name, against, threads, size))
            points[-1]["forward+backward"] = in_turn(both(layer, x), both(peer, x), repetitions=repetitions)
            points[-1]["least"] = least(layer, x)
        report(f"{name} against {against}, {threads} threads", points)
        found += points
    means(f"all cells against {against}, {threads} threads,", found)
    return found


def peer_layer(name: str, input_size: int, hidden_size: int) -> nn.Module:
    """Return torchrecurrent's layer of a cell; some of them warn of what they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(torchrecurrent, name)(input_size, hidden_size, **OPTIONS.get(name, {}))


# transforms --------------------------------------------------------------------------------------------------------

TRANSFORMS: dict[str, tuple[Cell, Callable[[int, int], nn.Module]]] = {
    "layer_norm(LSTM)": (layer_norm(LSTM), loops.LayerNormLoop),
    "zoneout(LSTM)": (zoneout(LSTM, loops.ZoneoutLoop.rates), loops.ZoneoutLoop),
    "recurrent_dropout(LSTM)": (recurrent_dropout(LSTM, loops.DropoutLoop.rate), loops.DropoutLoop),
}


def transforms(threads: int, repetitions: int) -> Points:
    """Return the grid's points for each transform of the LSTM and both peers."""
    found: Points = []
    for kind, (cell, loop) in TRANSFORMS.items():
        peers = {"our own LSTM": lambda *sizes: Recurrent(LSTM, *sizes), "a loop in eager torch": loop}
        for against, peer in peers.items():
            points = []
            for size in SIZES:
                x, sizes = torch.randn(size[1], size[0], size[2]), size[2:]
                points.append(point("transforms", kind, against, threads, size))
                layer = Recurrent(cell, *sizes)
                points[-1]["forward+backward"] = in_turn(both(layer, x), both(peer(*sizes), x), repetitions=repetitions)
                points[-1]["least"] = least(layer, x)
            report(f"{kind} against {against}, {threads} threads", points)
            found += points
    return found


# abilities ---------------------------------------------------------------------------------------------------------

RESETS = 0.02
"""The share of steps before which the state is reset."""


def abilities(threads: int, repetitions: int) -> Points:
    """Return the grid's points for what a call of the LSTM can ask for, against the plain call."""
    found: Points = []
    for kind in ("return_states", "reset"):
        points = []
        for size in SIZES:
            batch, time, input_size, hidden_size = size
            layer, x = recurra.nn.LSTM(input_size, hidden_size), torch.randn(time, batch, input_size)
            options = (
                {"return_states": True} if kind == "return_states" else {"reset": torch.rand(time, batch) < RESETS}
            )
            points.append(point("abilities", kind, "the plain call", threads, size))
            points[-1]["forward+backward"] = in_turn(both(layer, x, options), both(layer, x), repetitions=repetitions)
        report(f"{kind} against the plain call, {threads} threads", points)
        found += points
    return found


# linear cells ------------------------------------------------------------------------------------------------------

LONG = ((8, 4096, 64, 64), (1, 4096, 128, 128))
LINEAR: dict[Cell, Callable[[int, int], loops.InputLoop]] = {
    MinGRU: loops.MinGRULoop, SRU: loops.SRULoop, QRNN: loops.QRNNLoop, IndRNN: loops.IndRNNLoop,
}  # fmt: skip
COPIED = 256 * 2**20
"""Bytes of the tensor whose copy says what the memory gives."""


def linear(threads: int, repetitions: int) -> Points:
    """Return the points of the cells whose products read the input alone."""
    found: Points = []
    for cell, loop in LINEAR.items():
        points = []
        for size in LONG:
            batch, time, input_size, hidden_size = size
            x = torch.randn(time, batch, input_size)
            layer, peer = Recurrent(cell, input_size, hidden_size), loop(input_size, hidden_size)
            points.append(point("linear", cell.name, "a loop in eager torch", threads, size))
            points[-1]["forward+backward"] = in_turn(both(layer, x), both(peer, x), repetitions=repetitions)
            points[-1]["bound"] = bound(layer, x, peer.on_input, repetitions=max(9, repetitions))
        report(f"{cell.name} against a loop in eager torch, {threads} threads", points)
        found += points
    return found


def bound(layer: Recurrent, x: torch.Tensor, product: nn.Linear, *, repetitions: int) -> dict[str, Any]:
    """Return the seconds of our inference, and of what it cannot do without: moving its data, and its products.

    x is read, and the outputs and final states are written, at the rate of `copy_` on 256 MiB, which reads and writes;
    the products of the input run at the rate of torch.mm at their shape, of the loop's `product` for all steps.
    """
    run, (time, batch, _) = forward(layer, x), x.shape
    a, b = torch.randn(time * batch, product.in_features), torch.randn(product.in_features, product.out_features)
    result, source = a @ b, torch.ones(COPIED // 4)
    target = torch.empty_like(source)
    with torch.inference_mode():
        output, states = layer(x)
    moved = sum(tensor.nbytes for tensor in (x, output, *(states if isinstance(states, tuple) else (states,))))
    with_copy = in_turn(run, lambda: target.copy_(source), repetitions=repetitions)
    with_product = in_turn(run, lambda: torch.mm(a, b, out=result), repetitions=repetitions)
    bandwidth = 2 * COPIED / with_copy["medians"]["peer"]
    operations = 2 * a.shape[0] * b.numel()
    rate = operations / with_product["medians"]["peer"]
    seconds, ours = moved / bandwidth + operations / rate, with_product["medians"]["ours"]
    return {
        "bytes": moved, "bytes/s": bandwidth, "FLOPs": operations, "FLOP/s": rate,
        "seconds": seconds, "ours": ours, "share": ours / seconds,
        "raw": {"ours and copy": with_copy["seconds"], "ours and torch.mm": with_product["seconds"]},
    }  # fmt: skip


# JAX ---------------------------------------------------------------------------------------------------------------

# With gains of 1 a layer-normalised LSTM is chaotic at its first weights: over some 300 steps the rounding of float32
# grows to the size of the states, in every program, and no two could be held against each other.
SCANNED: dict[str, Callable[[int, int], nn.Module]] = {
    "layer_norm(LSTM)": functools.partial(Recurrent, layer_norm(LSTM), init={"gain_W_h*": 0.5}),
    "MinGRU": functools.partial(Recurrent, MinGRU),
}


def jax_cells(threads: int, repetitions: int, python: str) -> Points:
    """Return the grid's points of a transform and a linear cell against JAX."""
    found = against_jax.measure(SCANNED, python=python, threads=threads, repetitions=repetitions)
    return [{"what": JAX, **each} for each in found]


# all of it ---------------------------------------------------------------------------------------------------------

PARTS: dict[str, tuple[Callable[[int, int], Points], int]] = {
    "torchrecurrent": (torchrecurrent_cells, 5), "transforms": (transforms, 9), "abilities": (abilities, 15),
    "linear": (linear, 3),
}  # fmt: skip
"""Part -> what measures it, and how many repetitions it takes by default: the loops are slow."""

JAX_REPETITIONS = 15


def main() -> None:
    """Measure what was asked for, and write the raw numbers after each part and number of threads."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, help="of each part; by default " + defaults())
    parser.add_argument("--jax-python", help=f"Python of the environment that has JAX, for the part {JAX}")
    parser.add_argument("--only", nargs="+", choices=[*PARTS, JAX], metavar="PART", help="by default all that can be")
    options = parser.parse_args()
    parts = dict(PARTS)
    if options.jax_python:
        parts[JAX] = functools.partial(jax_cells, python=options.jax_python), JAX_REPETITIONS
    elif JAX in (options.only or ()):
        parser.error(f"--only {JAX}: give --jax-python, the Python of the environment that has it")
    for part in options.only or parts:
        measure, repetitions = parts[part]
        for threads in options.threads:
            torch.set_num_threads(threads)
            renew("cells", "python -m benchmarks.cells", measure(threads, options.repetitions or repetitions))


def defaults() -> str:
    """Return how many repetitions each part takes by default, in words."""
    counts = {**{part: repetitions for part, (_, repetitions) in PARTS.items()}, JAX: JAX_REPETITIONS}
    return ", ".join(f"{repetitions} for {part}" for part, repetitions in counts.items())


if __name__ == "__main__":
    main()
