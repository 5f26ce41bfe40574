"""Cases run by Triton kernels, on a device or in the interpreter, and compared with what knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from cell_ranges import ranges_of
from recurra import Cell, cell, sigmoid, tanh
from recurra.backends.kernel import Call, Gradients, Result, Wanted
from recurra.backends.triton.kernel import TritonKernel
from recurra.derive.plan import Plans
from recurra.testing.cases import Case, draw_case, numbers_for
from recurra.testing.runs import RunResult, run_eagerly, run_plans, run_reference
from recurra.testing.tolerances import error_of, tolerance

__all__ = ["NarrowGate", "OnDevice", "assert_agrees", "case_of", "compile_for"]


@cell(sizes={"z": 1, "W_z": ("input_size", 1), "U_z": ("hidden_size", 1)})
def NarrowGate(p, x, h, z):
    """A gate 1 wide, from a product in the loop: it is carried, scales a state, and is multiplied with a matrix."""
    z = sigmoid(x @ p.W_z + h @ p.U_z + 0.5 * z)
    return z * h + (1 - z) * tanh(x @ p.W_h + h @ p.U_h + z @ p.V_h), z


@dataclass(frozen=True)
class OnDevice:
    """A Triton kernel that takes arrays to a device and its results back."""

    kernel: TritonKernel
    device: torch.device

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        result = self.kernel.forward(self._there(call), tape=tape)
        outputs, states, statistics = map(self._back, (result.outputs, result.states, result.statistics))
        return Result(outputs, states, result.tape, statistics)

    def backward(
        self, call: Call, tape: Any, *, outputs: Sequence[Any], states: Sequence[Any], wanted: Wanted | None = None
    ) -> Gradients:
        found = self.kernel.backward(
            self._there(call), tape, outputs=self._tensors(outputs), states=self._tensors(states), wanted=wanted
        )
        return Gradients(*map(self._back, (found.parameters, found.inputs, found.states, found.observed)))

    def _there(self, call: Call) -> Call:
        parameters, inputs, states = map(self._tensors, ([*call.parameters], call.inputs, call.states))
        return replace(call, parameters=parameters, inputs=inputs, states=states)

    def _tensors(self, values: Sequence[Any]) -> list[torch.Tensor]:
        return [torch.from_numpy(np.ascontiguousarray(value)).to(self.device) for value in values]

    def _back(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(value if value is None else value.cpu().numpy() for value in values)


def compile_for(device: torch.device, *, only: str = "") -> Callable[[Plans], OnDevice]:
    """Return what makes a kernel of plans on a device, in one form or in the one that is chosen."""
    return lambda plans: OnDevice(TritonKernel(plans, only=only), device)


def case_of(cell: Cell, batch_sizes: Sequence[int], *, reverse: bool = False, **sizes: int) -> Case:
    """Return a case with random numbers; sizes that are not said are small and different."""
    return draw_case(cell, numbers_for(cell, sizes), batch_sizes, reverse=reverse, ranges=ranges_of(cell))


def assert_agrees(
    case: Case, device: torch.device, *, only: str = "", training: bool = False, dtype: str = "float64"
) -> None:
    """Compare a kernel, values and gradients, with the cell's function and autograd."""
    found = run_plans(case, compile_for(device, only=only), dtype=dtype, training=training)
    expected = run_eagerly(case, training=True) if training else run_reference(case)
    assert _error(found, expected, "values") < tolerance(dtype).output
    assert _error(found, expected, "gradients") < tolerance(dtype).gradient


def _error(found: RunResult, expected: RunResult, which: str) -> float:
    pairs = zip(getattr(found, which), getattr(expected, which), strict=True)
    return max(error_of(value, reference) for value, reference in pairs)
