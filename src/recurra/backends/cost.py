"""What a call costs, as kernels say it and the cost model prices it: work in units, and memory.

A kernel knows what its passes have to do: so many multiply-adds, functions, bytes, calls. What a unit takes is a matter
of the machine, and is measured: see `recurra.plan`.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import torch

from recurra.backends.parameters import Part

__all__ = ["CALL_UNITS", "STAGES", "Buffer", "CallShape", "Limits", "PassCost", "Pool", "Units", "Work", "limits_of"]

STAGES = ("input projection", "state products", "pointwise", "weight gradients", "overhead")
"""The parts of a pass."""


CALL_UNITS: Mapping[str, str] = {
    "torch call": "calls of torch's products and sums",
    "inference call": "directions of layers, run without history",
    "forward call": "directions of layers, run with history",
    "backward call": "directions of layers, run backwards",
    "inference start": "calls of a module without history",
    "forward start": "calls of a module with history",
    "backward start": "backward passes",
}
"""Units of every backend: what Python and torch take for a call, whatever is computed in it -> what is counted."""


@dataclass
class Work:
    """What a pass has to do: amounts by stage and unit."""

    amounts: dict[str, dict[str, float]] = field(default_factory=lambda: {stage: {} for stage in STAGES})

    def add(self, stage: str, unit: str, amount: float) -> None:
        """Add an amount."""
        if amount:
            self.amounts[stage][unit] = self.amounts[stage].get(unit, 0.0) + amount

    def __add__(self, other: Work) -> Work:
        return Work({stage: _added(self.amounts[stage], other.amounts[stage]) for stage in STAGES})

    def total(self) -> dict[str, float]:
        """Return the amounts of all stages by unit."""
        return functools.reduce(_added, self.amounts.values(), {})


def _added(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {unit: one.get(unit, 0.0) + other.get(unit, 0.0) for unit in {**one, **other}}


@dataclass(frozen=True, kw_only=True)
class Pool:
    """How freed memory waits for who takes the next.

    Attributes
    ----------
    least
        Bytes of a block from which on it waits.
    most
        Bytes of all that wait; beyond, those go that wait longest. A block serves who takes at least half of it.
    """

    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Units:
    """The units in which the kernels of a backend count their work.

    Attributes
    ----------
    counted
        Unit -> what is counted.
    usual
        Unit -> seconds, on a usual machine: this decides where the runs of a calibration do not.
    bounds
        What can bind -> its units; what is in none is calls.
    moved
        The units of bytes that are moved.
    pool
        Which blocks of its memory are used again.
    """

    counted: Mapping[str, str]
    usual: Mapping[str, float]
    bounds: Mapping[str, tuple[str, ...]]
    moved: tuple[str, ...]
    pool: Pool


@dataclass(frozen=True)
class Limits:
    """What a GPU has.

    Attributes
    ----------
    multiprocessors : int
        At least so many programs run at once; 1 where they are run one after another.
    shared : int
        Bytes of shared memory of a program: there weights stay over all steps.
    """

    multiprocessors: int
    shared: int


@functools.cache
def limits_of(device: torch.device) -> Limits:
    """Return what a device has; Triton's interpreter on a processor runs one program after another."""
    if device.type != "cuda":
        return Limits(multiprocessors=1, shared=160 * 1024)
    found = torch.cuda.get_device_properties(device)
    return Limits(found.multi_processor_count, found.shared_memory_per_block_optin)


@dataclass(frozen=True, kw_only=True)
class CallShape:
    """A call of a kernel without its values.

    Attributes
    ----------
    sizes
        Size -> number.
    batch_sizes
        The number of sequences at each step.
    reverse
        Whether time runs backwards.
    dtype
        Of inputs and outputs.
    parts
        How the parameters stand in tensors, as in `recurra.backends.parameters.Parameters`.
    tensors
        How many tensors that are.
    wanted
        Of which inputs the gradient is wanted.
    threads
        As `torch.set_num_threads` takes it.
    gpu
        The GPU; None for the processor.
    """

    sizes: Mapping[str, int]
    batch_sizes: tuple[int, ...]
    reverse: bool
    dtype: torch.dtype
    parts: Sequence[Part]
    tensors: int
    wanted: tuple[bool, ...]
    threads: int = 1
    gpu: Limits | None = None


@dataclass(frozen=True, kw_only=True)
class Buffer:
    """A piece of memory that a pass takes.

    Attributes
    ----------
    name
        The kernel's name of it.
    bytes
        How large it is.
    holds
        ``"rows"`` that the caller is given (an output, an input's gradient), his last ``"states"``, or what is the
        kernel's ``"own"``.
    is_kept
        Whether the backward pass reads it.
    """

    name: Hashable
    bytes: int
    holds: Literal["rows", "states", "own"] = "own"
    is_kept: bool = False


class PassCost(Protocol):
    """What one pass of a kernel takes."""

    @property
    def name(self) -> str:
        """One of "inference", "forward", "backward" and "stream"."""
        ...

    def work(self) -> Work:
        """Return what it has to do, in the backend's units."""
        ...

    def buffers(self) -> tuple[Buffer, ...]:
        """Return the memory that it takes, in the order in which it is taken."""
        ...

    def beside(self) -> int:
        """Return the bytes that are taken for a moment while the pass goes on."""
        ...
