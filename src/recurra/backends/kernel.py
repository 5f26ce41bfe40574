"""The seam between layers and backends: what a kernel is given, what it gives back, and what it says of itself.

A backend is a module that has ``compile(plans) -> Kernel``. One that compiles makes a `CompiledKernel`, and has
``UNITS`` and ``compiler()``; one for other devices than the processor has ``check(device, dtype)``. They are asked for
by the backend's name: see `units_of`, `compiler_of` and `check_runs`. Nothing outside of `recurra.backends` imports a
file of `llvm` or `triton`.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from recurra.backends.cost import CallShape, PassCost, Units
from recurra.backends.direct import DirectPasses
from recurra.backends.parameters import Parameters, Part
from recurra.derive.plan import Plans
from recurra.errors import BackendError
from recurra.locks import making

__all__ = [
    "COMPILED", "KERNELS", "ON_THE_CPU", "Call", "CompiledKernel", "Gradients", "Kernel", "Result", "Stepper", "Tape",
    "Wanted", "check_runs", "compiled_kernel_of", "compiler_of", "empty_cache", "flush_denormals", "kernel_of",
    "units_of", "without_kernel",
]  # fmt: skip

KERNELS = {"llvm": "recurra.backends.llvm.kernel", "numpy": "recurra.backends.numpy",
           "triton": "recurra.backends.triton.kernel"}  # fmt: skip
"""Backend -> the module whose `compile` makes a `Kernel`; it is imported at its first use."""

ON_THE_CPU = ("llvm", "numpy")
"""The backends that need nothing but a processor."""

COMPILED = ("llvm", "triton")
"""The backends whose kernels are a `CompiledKernel`."""


@dataclass(frozen=True)
class Call:
    """One run over a batch of sequences, in the packed layout. Arrays are NumPy's, or tensors of torch.

    The rows of step 0 come first, then those of step 1, and so on; the sequences are sorted by falling length, so
    that the rows of step t are the first `batch_sizes[t]` sequences. A padded batch has equal `batch_sizes`.

    Attributes
    ----------
    sizes : mapping from the name of a size to its number
    parameters : the plan's `step.parameters` (the prelude's values among them), in their order: `Parameters`, or an
        array each
    inputs : arrays (sum of batch_sizes, size), `x` first, in the order of `step.inputs`
        A per-sequence input is (batch_sizes[0], size).
    states : arrays (batch_sizes[0], size), in the order of `step.states`
    batch_sizes : sequence of int, never rising
    reverse : bool
        Whether time runs backwards: a second direction.
    seed : int, or an integer tensor on the device of the states
        For noise; see `recurra.backends.noise`.
    """

    sizes: Mapping[str, int]
    parameters: Parameters | Sequence[Any]
    inputs: Sequence[Any]
    states: Sequence[Any]
    batch_sizes: Sequence[int]
    reverse: bool = False
    seed: Any = 0

    @property
    def first_rows(self) -> list[int]:
        """The row with which each step begins."""
        return [0, *itertools.accumulate(self.batch_sizes[:-1])]


class Tape(Protocol):
    """What a backward pass needs of its forward pass.

    `arrays` may be taken from it and kept elsewhere, as autograd keeps what it saves, and given back with `having`.
    """

    @property
    def arrays(self) -> tuple[Any, ...]:
        """The arrays that take memory."""
        ...

    def having(self, arrays: Sequence[Any]) -> Tape:
        """Return this tape with its arrays."""
        ...


@dataclass(frozen=True)
class Result:
    """Outputs of a forward pass.

    Attributes
    ----------
    outputs : arrays (sum of batch_sizes, size), in the order of the step's outputs
    states : arrays (batch_sizes[0], size), each sequence's after its last step
    tape : what the backward pass of the same kernel needs, None if it was not asked for
    statistics : arrays (steps, size), in the order of the step's statistics
    """

    outputs: tuple[Any, ...]
    states: tuple[Any, ...]
    tape: Tape | None = None
    statistics: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Gradients:
    """Gradients of the tensors of a `Call`'s parameters, of its inputs and states, in their order and shapes.

    What was not wanted may be None. `observed` has the backward step's observed values, (sum of batch_sizes, 1) each.
    """

    parameters: tuple[Any, ...]
    inputs: tuple[Any, ...]
    states: tuple[Any, ...]
    observed: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """For each tensor of the parameters, and each input, whether its gradient is wanted."""

    parameters: tuple[bool, ...]
    inputs: tuple[bool, ...]

    @classmethod
    def everything(cls, *, parameters: int, inputs: int) -> Wanted:
        """Return that all of so many are wanted."""
        return cls((True,) * parameters, (True,) * inputs)


class Kernel(Protocol):
    """What ``compile(plans)`` of a backend returns."""

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; keep what the backward pass needs if `tape` is true."""
        ...

    def backward(
        self, call: Call, tape: Any, *, outputs: Sequence[Any], states: Sequence[Any], wanted: Wanted | None = None
    ) -> Gradients:
        """Run the backward plan, given the loss's gradients by the outputs and the final states.

        By default every gradient is wanted.
        """
        ...


class Stepper(Protocol):
    """The step of one layer in memory that stays, for a batch of sequences that go on together.

    Attributes
    ----------
    inputs : list of tensors (batch, size)
        Where the next step reads `x` and the further inputs. Another tensor may be put in the place of one before
        the first `refresh`, such as the output of another stepper.
    states : list of tensors (batch, size)
        The states, which a step replaces.
    """

    inputs: list[Tensor]
    states: list[Tensor]

    @property
    def output(self) -> Tensor:
        """What the last step put out, (batch, size); the next one writes over it."""
        ...

    def refresh(self, parameters: Parameters) -> None:
        """Read the parameters anew."""
        ...

    def followed_by(self, others: Sequence[Any], *, is_free: bool = False) -> Callable[[], None]:
        """Return what makes one step of this one and of others of its backend, each on the output of the one before.

        With `is_free` other threads of Python go on meanwhile: the GIL is released.
        """
        ...


class CompiledKernel(Kernel, Protocol):
    """A kernel that is compiled: what layers, streams and the cost model ask it beside the two passes."""

    def source(
        self, stage: str = "", *, which: str = "forward", dtype: str = "float32", sizes: Mapping[str, int] | None = None
    ) -> str:
        """Return what becomes of the plans, as text.

        Parameters
        ----------
        stage : by default the stage of its own, nearest to the equations
        which : ``"inference"``, ``"forward"`` (which keeps what the backward pass reads) or ``"backward"``
        dtype : a dtype's name
        sizes : where the text depends on them
        """
        ...

    def explain(self, sizes: Mapping[str, int], *, batch: int, like: Tensor) -> tuple[str, str] | None:
        """Return how the forward pass runs a batch of so many sequences, and why; None where it needs no word."""
        ...

    def stepper(self, sizes: Mapping[str, int], parts: Sequence[Part], *, batch: int, dtype: torch.dtype) -> Stepper:
        """Return what runs one step at a time, of plans without noise; `parts` as in `Parameters`.

        Raises
        ------
        BackendError
            If the backend runs whole sequences only.
        """
        ...

    def direct(self, call: Call, *, is_taped: bool, is_output_read: bool = True) -> DirectPasses | None:
        """Return the passes of calls like this one; None where a run is more than one foreign call.

        `is_output_read` says whether anybody but the backward pass reads the outputs.
        """
        ...

    def costs(self, kind: str, shape: CallShape) -> Sequence[PassCost]:
        """Return what a call takes, pass by pass: one of "inference" or "stream", two of "training". Nothing is run."""
        ...


def kernel_of(plans: Plans, backend: str) -> Kernel:
    """Return a backend's kernel of these plans; it is made once."""
    if backend not in plans.kernels:
        module = _module(backend)  # before the lock is held
        with making:
            if backend not in plans.kernels:
                plans.kernels[backend] = module.compile(plans)
    return plans.kernels[backend]


def compiled_kernel_of(plans: Plans, backend: str) -> CompiledKernel:
    """Return a backend's kernel of these plans; raise `BackendError` if the backend compiles nothing."""
    if backend not in COMPILED:
        raise BackendError(f"backend {backend!r} runs the plans as they are and compiles nothing; 'llvm' does")
    kernel: Any = kernel_of(plans, backend)
    return kernel


def check_runs(backend: str, *, device: torch.device, dtype: torch.dtype) -> None:
    """Raise `BackendError` unless a backend's kernels run tensors of this kind; the message says what can."""
    if backend not in ON_THE_CPU:
        _module(backend).check(device, dtype)
    elif device.type != "cpu" or dtype not in (torch.float32, torch.float64):
        instead = "backend='triton' or 'torch'" if device.type == "cuda" else "backend='torch'"
        raise BackendError(
            f"backend={backend!r} runs float32 and float64 on the CPU, got {dtype} on {device}; {instead} can"
        )


def without_kernel(plans: Plans, backend: str, sizes: Mapping[str, int] | None = None) -> str:
    """Return why a backend makes no kernel of these plans, or none for these sizes; empty if it does."""
    return _module(backend).without_kernel(plans, sizes) if backend not in ON_THE_CPU else ""


def units_of(backend: str) -> Units:
    """Return the units in which the kernels of a backend say what they cost."""
    return _module(backend).UNITS


def compiler_of(backend: str) -> tuple[str, str]:
    """Return the kind of this machine's processor or GPU as a backend's compiler names it, and the compiler."""
    return _module(backend).compiler()


def empty_cache() -> None:
    """Give memory that kernels keep for their next runs on the CPU, up to 1 GiB, back to the system.

    Examples
    --------
    >>> empty_cache()
    """
    _module("llvm").empty_cache()


def flush_denormals(*, is_wanted: bool) -> None:
    """Let all of torch's threads take numbers too small for full precision for zero, or let them compute with them."""
    _module("llvm").flush_denormals(is_wanted=is_wanted)


def _module(backend: str) -> Any:
    return importlib.import_module(KERNELS[backend])
