"""Step kernel: one step at a time in memory that stays, so that a step is one call and allocates nothing."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from recurra.backends.llvm.call_table import ADD, SCRIPT
from recurra.backends.llvm.calls import Calls
from recurra.backends.llvm.products import PACK
from recurra.backends.llvm.run import Memory, Run
from recurra.backends.parameters import Parameters
from recurra.backends.tensors import in_rows
from recurra.graph.step import Step

__all__ = ["LLVMStepper"]

_CALL = ctypes.PYFUNCTYPE(None, ctypes.c_int64)  # the GIL stays: a step is short; a script reads one argument alone
_FREE_CALL = ctypes.CFUNCTYPE(None, ctypes.c_int64)  # the GIL is released: a step of many rows is long
_OF_WEIGHTS = (ADD, PACK)
"""The functions that read nothing but parameters: they run when these are read anew."""


class LLVMStepper:
    """The step of one layer; see `recurra.backends.kernel.Stepper`. It runs on one thread.

    Parameters
    ----------
    step : Step
        Without noise.
    calls : Calls
        Of one step of a batch.
    prepare : makes a run in these pieces of memory with these parameters
    """

    def __init__(self, step: Step, calls: Calls, prepare: Callable[[Memory, Parameters], Run]) -> None:
        assert calls.code is not None
        self.step, self.calls, self.code, self._prepare = step, calls, calls.code, prepare
        self._numbers = np.empty_like(calls.table.array)
        plan, batch = calls.memory_plan, calls.shape.batch_sizes[0]
        dtype = torch.float64 if calls.shape.bytes == 8 else torch.float32
        pieces = [(piece.name, (piece.length,)) for piece in (plan.kept, plan.work, plan.totals)]
        self._lasting = {name: torch.zeros(shape, dtype=dtype, device="cpu") for name, shape in (*pieces, *plan.alone)}
        self.inputs = [torch.zeros(batch, plan.places[leaf].width, dtype=dtype, device="cpu") for leaf in step.inputs]
        # the last states are the first ones of the next step: `start` copies them to where the loop reads
        self.states = [self._lasting["final", leaf] for leaf in step.states]

    @property
    def output(self) -> Tensor:
        """What the last step put out, (batch, size); where that is an input, the input itself."""
        if self.step.output in self.step.inputs:
            return self.inputs[self.step.inputs.index(self.step.output)]
        return self._lasting["row", self.step.output]

    def refresh(self, parameters: Parameters) -> None:
        """Read the parameters anew: they are packed here, and not at every step."""
        memory = dict(self._lasting)
        memory |= {("row", leaf): rows for leaf, rows in zip(self.step.inputs, self.inputs, strict=True)}
        memory |= {("tensor", k): in_rows(tensor) for k, tensor in enumerate(parameters.tensors)}
        memory |= {("initial", leaf): rows for leaf, rows in zip(self.step.states, self.states, strict=True)}
        self._run = self._prepare(memory, parameters)  # it keeps the memory alive
        address = self._run.complete(self._numbers)
        for call in self.calls.calls:
            if call.name in _OF_WEIGHTS:
                self.code.run(call.name, address + 8 * call.start, 1)

    @property
    def lines(self) -> list[tuple[int, int, int]]:
        """What a step calls, as lines of a script: function, arguments, threads."""
        address = self._numbers.__array_interface__["data"][0]
        calls = [call for call in self.calls.calls if call.name not in _OF_WEIGHTS]
        return [(self.code.addresses[call.name], address + 8 * call.start, call.threads) for call in calls]

    def followed_by(self, others: Sequence[LLVMStepper], *, is_free: bool = False) -> Callable[[], None]:
        """Return what makes one step of this one and of others, each on the output of the one before, as one call."""
        return _Chain((self, *others), is_free=is_free).run


class _Chain:
    """Steppers, each of which reads the output of the one before where it was written, as one script."""

    def __init__(self, steppers: Sequence[LLVMStepper], *, is_free: bool) -> None:
        for before, after in itertools.pairwise(steppers):
            after.inputs[0] = before.output
        self._steppers = tuple(steppers)  # the script holds addresses of their memory
        lines = [line for stepper in steppers for line in stepper.lines]
        self._script = np.array([len(lines), *(field for line in lines for field in line)], dtype=np.int64)
        self._address = ctypes.c_int64(self._script.__array_interface__["data"][0])
        self._run = (_FREE_CALL if is_free else _CALL)(steppers[0].code.addresses[SCRIPT])

    def run(self) -> None:
        """Make one step."""
        self._run(self._address)
