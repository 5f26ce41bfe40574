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
    """Run a kernel on torch tensors; return the outputs and the states, connected to autograd."""
    tensors = (*run.call.parameters, *run.call.inputs, *run.call.states)
    if torch._C._are_functorch_transforms_active():
        return _Transformable.apply(run, *tensors)  # pyright: ignore[reportReturnType]
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
        return _Differentiable.apply(run, *tensors)  # pyright: ignore[reportReturnType]
    return _forward(run, tensors, tape=False)


def _arrays(tensors: tuple[Tensor, ...]) -> tuple[Any, ...]:
    return tuple(tensor.detach().numpy() for tensor in tensors)


def _forward(run: KernelRun, tensors: tuple[Tensor, ...], *, tape: bool) -> tuple[Tensor, ...]:
    result = run.kernel.forward(run.with_tensors(_arrays(tensors)), tape=tape)
    run.tape = result.tape
    return tuple(torch.from_numpy(array) for array in (*result.outputs, *result.states))


def _backward(ctx: Any, gradients: tuple[Tensor, ...]) -> tuple[Tensor | None, ...]:
    run, tensors = ctx.run, ctx.saved_tensors
    if torch.is_grad_enabled():
        return None, *torch.func.vjp(run.eager, *tensors)[1](gradients)
    arrays, count = _arrays(gradients), len(run.plan.step.outputs)
    call = run.with_tensors(_arrays(tensors))
    first = 1 + len(call.parameters)
    wanted = ctx.needs_input_grad[first : first + len(call.inputs)]
    found = run.kernel.backward(call, run.tape, outputs=arrays[:count], states=arrays[count:], wanted=wanted)
    return None, *map(_gradient, (*found.parameters, *found.inputs, *found.states))


def _gradient(array: Any) -> Tensor | None:
    if array is None:
        return None
    return torch.from_numpy(array if array.flags.writeable else array.copy())


class _Differentiable(Function):
    """One kernel as one autograd node. Higher derivatives go through the eager reference."""

    @staticmethod
    def forward(ctx: Any, run: KernelRun, *tensors: Tensor) -> tuple[Tensor, ...]:
        ctx.run = run
        ctx.save_for_backward(*tensors)
        return _forward(run, tensors, tape=True)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return _backward(ctx, gradients)


class _Transformable(Function):
    """The same for `torch.func`, which asks for a context that is set up by itself, and costs more."""

    @staticmethod
    def forward(run: KernelRun, *tensors: Tensor) -> tuple[Tensor, ...]:
        return _forward(run, tensors, tape=True)

    @staticmethod
    def setup_context(ctx: FunctionCtx, inputs: tuple[Any, ...], output: object) -> None:
        ctx.run = inputs[0]  # pyright: ignore[reportAttributeAccessIssue]
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return _backward(ctx, gradients)

    @staticmethod
    def vmap(info: object, in_dims: tuple[int | None, ...], *args: Any) -> tuple[Any, int]:
        run, *tensors = args
        return torch.vmap(run.eager, in_dims=in_dims[1:])(*tensors), 0
