"""From a backend's kernel to torch's autograd."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import Function, FunctionCtx

from recurra.backends import torch as eager
from recurra.backends.kernel import Call, Kernel
from recurra.derive.plan import ForwardPlan

__all__ = ["KernelRun", "run_kernel"]


@dataclass
class KernelRun:
    """What one run of a kernel needs beside its tensors; it carries the tape from forward to backward."""

    kernel: Kernel
    plan: ForwardPlan
    call: Call
    tape: Any = field(default=None)

    def with_tensors(self, tensors: tuple[Any, ...]) -> Call:
        """Return the call with other parameters, inputs and states, in that order."""
        first, second = len(self.call.parameters), len(self.call.parameters) + len(self.call.inputs)
        return Call(
            self.call.sizes, tensors[:first], tensors[first:second], tensors[second:],
            self.call.batch_sizes, self.call.reverse, self.call.seed,
        )  # fmt: skip

    def eager(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Compute the same with the eager reference, of which torch knows every derivative."""
        result = eager.run(self.plan, self.with_tensors(tensors))
        return (*result.outputs, *result.states)


def run_kernel(run: KernelRun) -> tuple[Tensor, ...]:
    """KernelRun a kernel on torch tensors; return the outputs and the states, connected to autograd."""
    tensors = (*run.call.parameters, *run.call.inputs, *run.call.states)
    return _KernelFunction.apply(run, *tensors)  # pyright: ignore[reportReturnType]


def _arrays(tensors: tuple[Tensor, ...]) -> tuple[Any, ...]:
    return tuple(tensor.detach().numpy() for tensor in tensors)


class _KernelFunction(Function):
    """One kernel as one autograd node. Higher derivatives and `vmap` go through the eager reference."""

    @staticmethod
    def forward(run: KernelRun, *tensors: Tensor) -> tuple[Tensor, ...]:
        result = run.kernel.forward(run.with_tensors(_arrays(tensors)), tape=True)
        run.tape = result.tape
        return tuple(torch.from_numpy(array) for array in (*result.outputs, *result.states))

    @staticmethod
    def setup_context(ctx: FunctionCtx, inputs: tuple[Any, ...], output: object) -> None:
        ctx.run = inputs[0]  # pyright: ignore[reportAttributeAccessIssue]
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        run: KernelRun = ctx.run
        if torch.is_grad_enabled():
            pull_back = torch.func.vjp(run.eager, *ctx.saved_tensors)[1]
            return None, *pull_back(gradients)
        call = run.with_tensors(_arrays(ctx.saved_tensors))
        arrays, count = _arrays(gradients), len(run.plan.step.outputs)
        found = run.kernel.backward(call, run.tape, outputs=arrays[:count], states=arrays[count:])
        arrays = (*found.parameters, *found.inputs, *found.states)
        return None, *(torch.from_numpy(array.copy()) for array in arrays)

    @staticmethod
    def vmap(info: object, in_dims: tuple[int | None, ...], *args: Any) -> tuple[Any, int]:
        run, *tensors = args
        return torch.vmap(run.eager, in_dims=in_dims[1:])(*tensors), 0
