"""How much memory a workload takes at its peak: its allocations played through, with the reserve's rules."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable

from recurra.backends.llvm import buffer_pool
from recurra.backends.llvm.places import number_of, width_of
from recurra.backends.llvm.program import read_by_backward
from recurra.plan.cpu.passes import Pass, passes
from recurra.plan.work import Memory
from recurra.plan.workload import Kind, Workload

__all__ = ["Ledger", "memory_of"]

_BESIDE = 200_000
"""Bytes of Python objects and small tensors of a training step."""


def memory_of(workload: Workload, kind: Kind, /) -> Memory:
    """Return the memory that a workload takes.

    The arrays and their sizes are those of the kernels' own arrangement. What the mathematical library under torch
    takes for itself, some MB once in a process, is not counted.
    """
    runs = passes(workload, kind)
    weights, inputs = workload.parameters * workload.bytes, workload.rows * workload.input_size * workload.bytes
    ledger = Ledger(weights + inputs + _BESIDE)
    play = _Play(ledger, workload, runs)
    play.forward([run for run in runs if run.name != "backward"], keeps=kind == "training")
    saved = ledger.live - weights - inputs - _BESIDE
    play.backward([run for run in runs if run.name == "backward"])
    return Memory(parameters=weights, inputs=inputs, saved=saved if kind == "training" else 0, peak=ledger.peak)


class Ledger:
    """What is taken and given back; large blocks wait for who takes the next, as in `llvm.buffer_pool`."""

    def __init__(self, begin: int) -> None:
        self.live = self.peak = begin
        self._waiting: list[int] = []

    def take(self, bytes: int) -> int:
        """Take a block and return its size."""
        if bytes >= buffer_pool._LEAST:
            for place, block in enumerate(self._waiting):
                if bytes <= block <= 2 * bytes:
                    del self._waiting[place]
                    return self._taken(block)
        return self._taken(bytes)

    def _taken(self, block: int) -> int:
        self.live += block
        self.peak = max(self.peak, self.live + sum(self._waiting))
        return block

    def give(self, block: int) -> None:
        """Give a block back."""
        self.live -= block
        if block >= buffer_pool._LEAST:
            self._waiting.append(block)
            while sum(self._waiting) > buffer_pool._MOST:
                self._waiting.pop(0)

    def add(self, bytes: int) -> None:
        """Take memory that does not come from the reserve."""
        self._taken(bytes)

    def remove(self, bytes: int) -> None:
        """Give memory back that did not come from the reserve."""
        self.live -= bytes


class _Play:
    """Plays the allocations of the passes, in their order."""

    def __init__(self, ledger: Ledger, workload: Workload, runs: Iterable[Pass]) -> None:
        self.ledger, self.bytes, self.rows = ledger, workload.bytes, workload.rows
        self.shifted = workload.shifted_bytes
        self.directions = len(workload.stack.layers[0])
        self.held: dict[tuple[int, int], dict[Hashable, int]] = {}
        self.joined: dict[int, int] = {}

    def forward(self, runs: Iterable[Pass], *, keeps: bool) -> None:
        """Play forward passes; with `keeps`, what the backward pass reads stays."""
        for run in runs:
            self.ledger.add(self.shifted(run.arrangement.sizes))
            taken = self._take(run)
            if not keeps:
                self.ledger.remove(self.shifted(run.arrangement.sizes))
            kept = set(self._names_kept(run)) if keeps else set()
            outputs = {name for name in taken if isinstance(name, tuple) and name[0] in ("row", "final")}
            for name in [*taken]:
                if name not in kept | outputs:
                    self.ledger.give(taken.pop(name))
            self.held[run.layer, run.direction] = taken
            if run.direction == self.directions - 1:
                self._join(run, kept_by_backward=keeps)

    def _join(self, run: Pass, *, kept_by_backward: bool) -> None:
        """Play what follows a layer: its directions side by side; an inference gives back what came before."""
        if self.directions > 1:
            self.joined[run.layer] = self.rows * self.directions * self._output(run) * self.bytes
            self.ledger.add(self.joined[run.layer])
        for direction in range(self.directions):
            held = self.held[run.layer, direction]
            wanted = set(self._names_kept(run)) if kept_by_backward else set()
            for name in [*held]:
                if name not in wanted and self.directions > 1 and isinstance(name, tuple) and name[0] == "row":
                    self.ledger.give(held.pop(name))
        if not kept_by_backward and run.layer > 0:
            self._drop(run.layer - 1)

    def _drop(self, layer: int) -> None:
        for direction in range(self.directions):
            for block in self.held.pop((layer, direction), {}).values():
                self.ledger.give(block)
        self.ledger.remove(self.joined.pop(layer, 0))

    def backward(self, runs: Iterable[Pass]) -> None:
        """Play backward passes: gradients come in from above, those of weights stay, that of the input goes on."""
        coming: list[int] = []
        going: list[int] = []
        for run in runs:
            if not coming:
                coming = [self.ledger.take(self.rows * self.directions * self._output(run) * self.bytes)]
            going += self._backward_run(run)
            if len(going) > 1:  # autograd adds the second to the first
                self.ledger.give(going.pop())
            if run.direction == 0:
                for block in coming:
                    self.ledger.give(block)
                coming, going = going, []
                self.ledger.remove(self.joined.pop(run.layer - 1, 0))

    def _backward_run(self, run: Pass) -> list[int]:
        """Play one; return the blocks that hold the gradient of its input."""
        own = self.rows * self._output(run) * self.bytes if self.directions > 1 else 0
        blocks, gradients = self._blocks(run), self._gradients(run)
        self.ledger.add(own)
        taken = self._take(run)
        self.ledger.add(blocks)
        self.ledger.remove(blocks)
        self.ledger.add(gradients)
        inputs = [block for name, block in taken.items() if isinstance(name, tuple) and name[0] == "row"]
        for name, block in taken.items():
            if not (isinstance(name, tuple) and name[0] == "row"):
                self.ledger.give(block)
        self.ledger.remove(own + self.shifted(run.arrangement.sizes))
        for block in self.held.pop((run.layer, run.direction)).values():
            self.ledger.give(block)
        self.ledger.add(gradients)  # autograd copies what are parts of one array
        self.ledger.remove(gradients)
        return inputs

    def _blocks(self, run: Pass) -> int:
        """Return the bytes of weights that are put side by side for a product of torch's."""
        sizes = run.arrangement.sizes
        products = [product for stage in run.arrangement.program.after for product in stage.products]
        weights = [weight for product in products for line in product.weights for weight in line]
        return self.bytes * sum(number_of(w.shape[0], sizes) * number_of(w.shape[1], sizes) for w in weights)

    def _take(self, run: Pass) -> dict[Hashable, int]:
        arrangement = run.arrangement
        pieces: dict[Hashable, int] = {
            piece.name: piece.length for piece in (arrangement.kept, arrangement.work, arrangement.totals)
        }
        pieces |= {name: math.prod(shape) for name, shape in arrangement.alone}
        return {name: self.ledger.take(length * self.bytes) for name, length in pieces.items()}

    def _names_kept(self, run: Pass) -> tuple[Hashable, ...]:
        return run.arrangement.memory_of(read_by_backward(run.plans))

    def _output(self, run: Pass) -> int:
        return width_of(run.plans.forward.step.outputs[0], run.arrangement.sizes)

    def _gradients(self, run: Pass) -> int:
        """Return the bytes of the gradients of a direction's parameters."""
        sizes = run.arrangement.sizes
        shapes = [leaf.shape for leaf in run.plans.forward.step.parameters]
        return self.bytes * sum(math.prod(number_of(size, sizes) for size in shape) for shape in shapes)
