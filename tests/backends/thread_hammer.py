"""Many threads call layers on code that is not compiled yet. A script: a crash takes only this process down.

    python tests/backends/thread_hammer.py --threads 12 --calls 240 --seed 0

It ends with status 0 and the number of calls if every result is that of one thread; it is run by `test_threads.py`,
and by a person for an hour with `--minutes 60`.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from recurra import Cell, cell, sigmoid
from recurra.cells import GRU, JANET, LSTM
from recurra.nn import Recurrent

SHAPES = [(steps, batch) for steps in (1, 2, 3, 7, 12) for batch in (1, 2, 3, 5, 8, 13, 20, 33)]
KINDS = ("forward", "gradient", "both", "stream")


def own_cell() -> Cell:
    """Return a new cell, with plans and kernels of its own that go when it is dropped."""

    @cell
    def Own(p, x, h, c):
        z = sigmoid(x @ p.W_z + h @ p.U_z)
        c = z * c + (1 - z) * (x @ p.W_c)
        return c * z, c

    return Own


def runs(layer: Recurrent, x: Tensor, kind: str) -> Tensor:
    """Return what a call gives, as one vector."""
    if kind == "stream":
        stream = layer.stream(batch=x.shape[1])
        return torch.cat([stream.step(row).detach().clone().reshape(-1) for row in x])
    if kind == "forward":
        with torch.no_grad():
            return layer(x)[0].reshape(-1)
    x = x.clone().requires_grad_()
    output = layer(x)[0]
    wanted = [x, *layer.parameters()] if kind == "both" else [x]
    found = torch.autograd.grad(output.sum(), wanted)
    return torch.cat([output.detach().reshape(-1), *(gradient.reshape(-1) for gradient in found)])


class Hammer:
    """The shared layers, what their calls must give, and what went wrong."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.end = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
        self.errors: list[str] = []
        self.count = 0
        torch.manual_seed(options.seed)
        make = random.Random(options.seed).choice((LSTM, GRU, JANET))
        self.layers = [Recurrent(each, 6, 10, num_layers=2, backend="llvm") for each in (LSTM, make)]
        self.inputs = {shape: torch.randn(*shape, 6) for shape in SHAPES}

    def expected(self, layer: Recurrent, x: Tensor, kind: str) -> Tensor:
        """Return what a call should give, by the eager loop, which shares nothing with the kernels but the plans."""
        other = Recurrent(layer.cell, 6, 10, num_layers=layer.num_layers, backend="torch")
        other.load_state_dict(layer.state_dict())
        return runs(other, x, "forward" if kind == "stream" else kind)

    def work(self, number: int, begin: threading.Barrier) -> None:
        chance = random.Random(1000 * self.options.seed + number)
        begin.wait()
        try:
            for _ in range(self.options.calls // self.options.threads):
                if self.errors or time.monotonic() > self.end:
                    return
                self.call(chance)
        except Exception as error:
            self.errors.append(f"thread {number}: {type(error).__name__}: {error}")

    def call(self, chance: random.Random) -> None:
        """Make one call: of a shared layer, or of one that is made and dropped; sometimes compare it."""
        if chance.random() < 0.1:
            torch.set_num_threads(chance.choice((1, 2, 3)))
        layer = chance.choice(self.layers)
        if chance.random() < 0.15:
            layer = Recurrent(own_cell(), 6, 10, backend="llvm")
        x, kind = self.inputs[chance.choice(SHAPES)], chance.choice(KINDS)
        found = runs(layer, x, kind)
        if chance.random() < 0.2:
            expected = self.expected(layer, x, kind)
            error = float((found - expected).abs().max() / expected.abs().max().clamp(min=1))
            if not error < 1e-4:
                self.errors.append(f"{layer.cell.name}, {tuple(x.shape)}, {kind}: wrong by {error:.1e}")
        if chance.random() < 0.05:
            gc.collect()
        self.count += 1


def together(hammer: Hammer, work: Callable[[int, threading.Barrier], None], threads: int) -> None:
    begin = threading.Barrier(threads)
    workers = [threading.Thread(target=work, args=(number, begin)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=12)
    parser.add_argument("--calls", type=int, default=240, help="of all threads together, in a round")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0, help="rounds, each with new layers, for so long")
    options = parser.parse_args(given)
    done, end = 0, time.monotonic() + 60 * options.minutes
    while True:
        hammer = Hammer(options)
        together(hammer, hammer.work, options.threads)
        done += hammer.count
        if hammer.errors:
            print("\n".join(hammer.errors), file=sys.stderr)
            return 1
        options.seed += 1
        if time.monotonic() >= end:
            break
    print(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
