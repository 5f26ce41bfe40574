"""How much memory a workload takes at its peak: the buffers of its passes, played through in their order."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from recurra.arguments import checked
from recurra.backends.cost import Buffer, Pool
from recurra.backends.kernel import units_of
from recurra.errors import InputError
from recurra.graph.node import number_of, width_of
from recurra.plan.cost_model import KernelRun, passes
from recurra.plan.workload import Kind, Workload

__all__ = ["Ledger", "Memory", "buffers_of", "memory_of"]

_BESIDE = 200_000
"""Bytes of Python objects and small tensors of a training step."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes of a workload.

    Attributes
    ----------
    parameters
        The weights.
    inputs
        The batch.
    saved
        What the backward pass needs of the forward pass, the layers' outputs included; 0 where there is none.
    peak
        Everything at the moment when it is most: weights, inputs, what is saved, gradients, working memory.
    """

    parameters: int
    inputs: int
    saved: int
    peak: int


@checked(InputError)
def memory_of(workload: Workload, /, *, kind: Kind = "training") -> Memory:
    """Return the memory that a workload takes.

    The arrays and their sizes are those of the kernels' own plans. What the libraries under torch take for themselves,
    some MB once in a process, is not counted, nor what an optimiser keeps.

    Examples
    --------
    >>> from recurra.cells import LSTM
    >>> workload = Workload(cell=LSTM, input_size=64, hidden_size=128, lengths=(100,) * 32)
    >>> round(memory_of(workload).saved / (100 * 32 * 128 * 4), 1)
    7.0
    """
    return (_on_the_processor if workload.gpu is None else _on_a_gpu)(workload, kind)


def _on_the_processor(workload: Workload, kind: Kind) -> Memory:
    runs = passes(workload, kind)
    weights, inputs = workload.parameters * workload.bytes, workload.rows * workload.input_size * workload.bytes
    ledger = Ledger(weights + inputs + _BESIDE)
    play = _Play(ledger, workload, runs)
    play.forward([run for run in runs if run.name != "backward"], keeps=kind == "training")
    saved = ledger.live - weights - inputs - _BESIDE
    play.backward([run for run in runs if run.name == "backward"])
    return Memory(parameters=weights, inputs=inputs, saved=saved if kind == "training" else 0, peak=ledger.peak)


class Ledger:
    """What is taken and given back; large blocks wait for who takes the next.

    Parameters
    ----------
    begin
        Bytes that are there already.
    pool
        Which blocks wait; by default those of the processor's kernels.
    """

    def __init__(self, begin: int, pool: Pool | None = None) -> None:
        self.pool = pool or units_of("llvm").pool
        self.live = self.peak = begin
        self._waiting: list[int] = []

    def take(self, bytes: int) -> int:
        """Take a block and return its size."""
        if bytes >= self.pool.least:
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
        if block >= self.pool.least:
            self._waiting.append(block)
            while sum(self._waiting) > self.pool.most:
                self._waiting.pop(0)

    def add(self, bytes: int) -> None:
        """Take memory that does not come from the pool."""
        self._taken(bytes)

    def remove(self, bytes: int) -> None:
        """Give memory back that did not come from the pool."""
        self.live -= bytes


@dataclass(frozen=True)
class _Held:
    """A buffer, and the block that it got."""

    buffer: Buffer
    block: int


class _Play:
    """Plays the allocations of the passes, in their order."""

    def __init__(self, ledger: Ledger, workload: Workload, runs: Iterable[KernelRun]) -> None:
        self.ledger, self.bytes, self.rows = ledger, workload.bytes, workload.rows
        self.shifted = workload.shifted_bytes
        self.directions = len(workload.stack.layers[0])
        self.held: dict[tuple[int, int], list[_Held]] = {}
        self.joined: dict[int, int] = {}

    def forward(self, runs: Iterable[KernelRun], *, keeps: bool) -> None:
        """Play forward passes; with `keeps`, what the backward pass reads stays."""
        for run in runs:
            self.ledger.add(self.shifted(run.sizes))
            taken = self._take(run)
            if not keeps:
                self.ledger.remove(self.shifted(run.sizes))
            own = [each for each in taken if each.buffer.holds == "own" and not (keeps and each.buffer.is_kept)]
            self._give(own)
            self.held[run.layer, run.direction] = [each for each in taken if each not in own]
            if run.direction == self.directions - 1:
                self._join(run, keeps=keeps)

    def _join(self, run: KernelRun, *, keeps: bool) -> None:
        """Play what follows a layer: its directions side by side; an inference gives back what came before."""
        if self.directions > 1:
            self.joined[run.layer] = self.rows * self.directions * _output(run) * self.bytes
            self.ledger.add(self.joined[run.layer])
            for direction in range(self.directions):
                held = self.held[run.layer, direction]
                rows = [each for each in held if each.buffer.holds == "rows" and not (keeps and each.buffer.is_kept)]
                self._give(rows)
                self.held[run.layer, direction] = [each for each in held if each not in rows]
        if not keeps and run.layer > 0:
            for direction in range(self.directions):
                self._give(self.held.pop((run.layer - 1, direction), []))
            self.ledger.remove(self.joined.pop(run.layer - 1, 0))

    def backward(self, runs: Iterable[KernelRun]) -> None:
        """Play backward passes: gradients come in from above, those of weights stay, that of the input goes on."""
        coming: list[int] = []
        going: list[int] = []
        for run in runs:
            if not coming:
                coming = [self.ledger.take(self.rows * self.directions * _output(run) * self.bytes)]
            going += self._backward_run(run)
            if len(going) > 1:  # autograd adds the second to the first
                self.ledger.give(going.pop())
            if run.direction == 0:
                for block in coming:
                    self.ledger.give(block)
                coming, going = going, []
                self.ledger.remove(self.joined.pop(run.layer - 1, 0))

    def _backward_run(self, run: KernelRun) -> list[int]:
        """Play one; return the blocks that hold the gradient of its input."""
        own = self.rows * _output(run) * self.bytes if self.directions > 1 else 0
        beside, gradients = run.cost.beside(), _gradients(run, self.bytes)
        self.ledger.add(own)
        taken = self._take(run)
        self.ledger.add(beside)
        self.ledger.remove(beside)
        self.ledger.add(gradients)
        inputs = [each for each in taken if each.buffer.holds == "rows"]
        self._give([each for each in taken if each not in inputs])
        self.ledger.remove(own + self.shifted(run.sizes))
        self._give(self.held.pop((run.layer, run.direction)))
        self.ledger.add(gradients)  # autograd copies what are parts of one array
        self.ledger.remove(gradients)
        return [each.block for each in inputs]

    def _take(self, run: KernelRun) -> list[_Held]:
        return [_Held(buffer, self.ledger.take(buffer.bytes)) for buffer in run.cost.buffers()]

    def _give(self, held: Iterable[_Held]) -> None:
        for each in held:
            self.ledger.give(each.block)


def _output(run: KernelRun) -> int:
    """Return the number of features that a direction puts out."""
    return width_of(run.plans.forward.step.outputs[0], run.sizes)


def _gradients(run: KernelRun, bytes: int) -> int:
    """Return the bytes of the gradients of a direction's parameters."""
    shapes = [leaf.shape for leaf in run.plans.forward.step.parameters]
    return bytes * sum(math.prod(number_of(size, run.sizes) for size in shape) for shape in shapes)


def _on_a_gpu(workload: Workload, kind: Kind) -> Memory:
    runs = passes(workload, kind)
    weights = workload.parameters * workload.bytes
    inputs = workload.rows * workload.input_size * workload.bytes
    live = peak = weights + inputs
    kept: dict[int, int] = {}
    for run in (run for run in runs if run.name != "backward"):
        buffers, shifted = buffers_of(run), workload.shifted_bytes(run.sizes)
        peak = max(peak, live + shifted + sum(buffers.values()))
        of_this = workload.rows * _output(run) * workload.bytes + (shifted if kind == "training" else 0)
        of_this += sum(each.bytes for each in run.cost.buffers() if each.is_kept and kind == "training")
        kept[run.layer] = kept.get(run.layer, 0) + of_this
        live += of_this
        if kind != "training" and run.layer > 0:
            live -= kept.pop(run.layer - 1, 0)
    saved = live - weights - inputs if kind == "training" else 0
    backward = (run for run in runs if run.name == "backward")
    for layer, directions in itertools.groupby(backward, key=lambda run: run.layer):
        group = [*directions]
        coming = sum(workload.rows * _output(run) * workload.bytes for run in group)
        for run in group:
            peak = max(peak, live + coming + sum(buffers_of(run).values()) + _gradients(run, workload.bytes))
            live += _gradients(run, workload.bytes)
        live -= kept[layer]
    return Memory(parameters=weights, inputs=inputs, saved=saved, peak=peak)


def buffers_of(run: KernelRun) -> dict[str, int]:
    """Return the bytes of each buffer that a pass allocates."""
    return {str(buffer.name): buffer.bytes for buffer in run.cost.buffers()}
