"""One step at a time: compiled code in memory that stays, so that a step is one call and allocates nothing."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import torch

from recurra.backends.llvm.call_table import SCRIPT
from recurra.backends.llvm.kernel import LLVMKernel, name_of
from recurra.backends.llvm.memory_plan import Shape
from recurra.backends.llvm.packing import PACK
from recurra.backends.llvm.program import Form
from recurra.backends.parameters import Parameters, Part

__all__ = ["Chain", "Stepper"]

_CALL = ctypes.PYFUNCTYPE(None, ctypes.c_int64)  # the GIL stays: a step is short; a script reads one argument alone
_FORM = Form(is_hoisted=False, is_whole=True)


class Stepper:
    """The step of one layer, for a batch of sequences that go on together, on one thread.

    Parameters
    ----------
    kernel : LLVMKernel
        Of plans without noise.
    sizes : the number behind each size
    parts : how the parameters stand in the tensors that `refresh` is given
    batch : int
    dtype : torch.float32 or torch.float64

    Attributes
    ----------
    inputs : list of tensors (batch, size)
        Where the next step reads `x` and the further inputs. Another tensor may be put in the place of one before
        the first `refresh`, such as the output of another stepper.
    states : list of tensors (batch, size)
        The states, which a step replaces.
    """

    def __init__(
        self, kernel: LLVMKernel, sizes: Mapping[str, int], parts: Sequence[Part], *, batch: int, dtype: torch.dtype
    ) -> None:
        self.kernel, self.step = kernel, kernel.plans.forward.step
        name = name_of(dtype)
        numbers, lanes = tuple(sizes[size] for size in kernel.sizes), kernel.target.lanes(name)
        shape = Shape(kernel.sizes, numbers, (batch,), False, 1, dtype.itemsize, lanes)
        program = kernel.program("inference", name, _FORM)
        self.arrangement, self.code = kernel.arranged_forward(program, shape, parts), kernel.code(program)
        self._numbers = np.empty_like(self.arrangement.arguments.table.array)
        arrangement, places = self.arrangement, self.arrangement.places
        pieces = [(piece.name, (piece.length,)) for piece in (arrangement.kept, arrangement.work)]
        self._lasting = {name: torch.zeros(shape, dtype=dtype) for name, shape in (*pieces, *arrangement.alone)}
        self.inputs = [torch.zeros(batch, places[leaf].width, dtype=dtype) for leaf in self.step.inputs]
        self.states = [self._lasting["final", leaf] for leaf in self.step.states]

    @property
    def output(self) -> torch.Tensor:
        """What the last step put out, (batch, size); where that is an input, the input itself."""
        if self.step.output in self.step.inputs:
            return self.inputs[self.step.inputs.index(self.step.output)]
        return self._lasting["row", self.step.output]

    def refresh(self, parameters: Parameters) -> None:
        """Read the parameters anew."""
        memory = dict(self._lasting)
        memory |= {("row", leaf): rows for leaf, rows in zip(self.step.inputs, self.inputs, strict=True)}
        memory |= {("initial", leaf): rows for leaf, rows in zip(self.step.states, self.states, strict=True)}
        self._run = self.kernel.run(self.arrangement, memory, parameters)  # it keeps the memory alive
        address = self._run.complete(self._numbers)
        for call in self.arrangement.arguments.calls:
            if call.name == PACK:
                self.code.run(PACK, address + 8 * call.start, 1)

    @property
    def lines(self) -> list[tuple[int, int, int]]:
        """What a step calls, as lines of a script: function, arguments, threads."""
        address = self._numbers.__array_interface__["data"][0]
        calls = [call for call in self.arrangement.arguments.calls if call.name != PACK]
        return [(self.code.addresses[call.name], address + 8 * call.start, call.threads) for call in calls]


class Chain:
    """Steppers, each of which reads the output of the one before, as one call."""

    def __init__(self, steppers: Sequence[Stepper]) -> None:
        for before, after in itertools.pairwise(steppers):
            after.inputs[0] = before.output
        self.steppers = tuple(steppers)
        lines = [line for stepper in steppers for line in stepper.lines]
        self._script = np.array([len(lines), *(field for line in lines for field in line)], dtype=np.int64)
        self._address = ctypes.c_int64(self._script.__array_interface__["data"][0])
        self._run = _CALL(steppers[0].code.addresses[SCRIPT])

    def run(self) -> None:
        """Make one step."""
        self._run(self._address)
