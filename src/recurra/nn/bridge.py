"""From a backend's kernel to torch's autograd."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import Function, FunctionCtx

from recurra.backends import torch as eager
from recurra.backends.kernel import Call, Kernel, Result, Tape, Wanted
from recurra.backends.parameters import Parameters
from recurra.derive.plan import ForwardPlan
from recurra.nn.flop_count import counted
from recurra.nn.outside import obstacle

__all__ = ["KernelRun", "Observer", "reference_gradients", "run_kernel"]

Observer = Callable[[Sequence[Tensor]], None]


@dataclass(frozen=True)
class KernelRun:
    """A kernel and how to call it; `observer` is given what a backward pass observed.

    `is_inner`: the outputs are read by another kernel alone, so nobody can write to them.
    """

    kernel: Kernel
    plan: ForwardPlan
    call: Call
    observer: Observer | None = None
    is_inner: bool = False

    @functools.cached_property
    def parameters(self) -> Parameters:
        """The parameters of the call."""
        return Parameters.of(self.call.parameters)

    @functools.cached_property
    def ends(self) -> tuple[int, int]:
        """Where, in `tensors`, those of the parameters end, and the inputs."""
        first = len(self.parameters.tensors)
        return first, first + len(self.plan.step.inputs)

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """The layer's tensors, the inputs and the states."""
        return (*self.parameters.tensors, *self.call.inputs, *self.call.states)

    def with_tensors(self, tensors: Sequence[Any]) -> Call:
        """Return the call with other tensors, in the order of `tensors`."""
        call, (first, second) = self.call, self.ends
        parameters = Parameters(tensors[:first], self.parameters.parts)
        return Call(
            call.sizes, parameters, tensors[first:second], tensors[second:], call.batch_sizes, call.reverse, call.seed
        )

    def eager(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Compute the same with the eager reference, of which torch knows every derivative."""
        result = eager.run(self.plan, self.with_tensors(tensors))
        return _flat(result)

    def result(self, values: Sequence[Tensor]) -> Result:
        """Return outputs, states and statistics, which stand one after the other, apart."""
        first = len(self.plan.step.outputs)
        second = first + len(self.call.states)
        return Result(tuple(values[:first]), tuple(values[first:second]), statistics=tuple(values[second:]))


@dataclass
class _Passes:
    """Both passes of one run. Between them it holds no memory: autograd keeps that."""

    run: KernelRun
    tape: Tape | None = field(default=None)

    def forward(self, call: Call) -> tuple[Tensor, ...]:
        """Return the outputs, the states and the statistics."""
        result: Result = counted(self.run.kernel).forward(call, tape=True)
        self.tape = result.tape
        assert result.tape is not None
        given = _flat(result)
        return given if self.run.is_inner else _apart(given, result.tape.arrays)

    def let_go(self) -> tuple[Any, ...]:
        """Return the arrays of the tape, and keep neither them nor the tensors of the call."""
        assert self.tape is not None
        run, (_, second) = self.run, self.run.ends
        nothing = (None,) * (second + len(run.call.states))
        self.run = replace(run, call=run.with_tensors(nothing))
        arrays, self.tape = self.tape.arrays, self.tape.having(())
        return arrays

    def backward(
        self, tensors: Sequence[Tensor], arrays: Sequence[Any], gradients: Sequence[Tensor], wanted: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of the tensors; `wanted` says of which."""
        assert self.tape is not None
        given, (first, second) = self.run.result(gradients), self.run.ends
        found = counted(self.run.kernel).backward(
            self.run.with_tensors(tensors), self.tape.having(arrays),
            outputs=given.outputs, states=given.states,
            wanted=Wanted(tuple(wanted[:first]), tuple(wanted[first:second])),
        )  # fmt: skip
        if self.run.observer is not None:
            self.run.observer([_tensor(each) for each in found.observed])
        laid_out = (_laid_out(*each) for each in zip(found.parameters, tensors[:first], strict=True))
        return *laid_out, *(None if each is None else _tensor(each) for each in (*found.inputs, *found.states))


def run_kernel(
    kernel: Kernel, plan: ForwardPlan, call: Call, *, observer: Observer | None = None, is_inner: bool = False
) -> Result:
    """Run a kernel on torch tensors; what it returns is connected to autograd, but for statistics.

    What it returns may be written to, as what torch.nn's layers return may be; with `is_inner`, where nobody does, an
    output that the tape holds is not copied for it.

    The observer is given the observed values of a backward plan that has some, in each backward pass that runs it: one
    under `create_graph=True` runs the eager reference instead.
    """
    run = KernelRun(kernel, plan, call, observer, is_inner)
    tensors, transformed = run.tensors, torch._C._are_functorch_transforms_active()
    if not transformed and not (torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)):
        return run.result(_flat(counted(kernel).forward(call)))
    function = _Transformable if transformed else _Differentiable
    return run.result(function.apply(_Passes(run), *tensors))  # pyright: ignore[reportArgumentType]


def _flat(result: Result) -> tuple[Tensor, ...]:
    """Return outputs, states and statistics one after the other."""
    return tuple([_tensor(array) for array in (*result.outputs, *result.states, *result.statistics)])


def _apart(given: Sequence[Tensor], kept: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Return what is handed out, with copies of what lies in the memory of a tape.

    An Elman cell's outputs are the states that its backward pass reads: whoever wrote to them, as by `relu_`, would
    write to the tape.
    """
    memory = {tensor.untyped_storage().data_ptr() for tensor in kept}
    return tuple([each.clone() if each.untyped_storage().data_ptr() in memory else each for each in given])


def _laid_out(gradient: Any, parameter: Tensor) -> Tensor | None:
    """Return a parameter's gradient as torch's layers give it: it lies in memory as the parameter, or contiguously.

    A sum over all rows comes transposed, or beside others; torch would copy it into `grad` all the same.
    """
    if gradient is None:
        return None
    gradient = _tensor(gradient)
    return gradient if gradient.stride() == parameter.stride() else gradient.contiguous()


def _tensor(array: Any) -> Tensor:
    if isinstance(array, np.ndarray):
        return torch.from_numpy(array if array.flags.writeable else array.copy())
    return array


def reference_gradients(
    reference: Callable[..., tuple[Tensor, ...]],
    tensors: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    wanted: Sequence[bool],
) -> tuple[Tensor | None, ...]:
    """Return the gradients of tensors by an eager reference: higher ones, and those that no kernel can read.

    Parameters
    ----------
    reference : takes the tensors
    gradients : those of what it returns; None is zeros
    wanted : for each tensor whether its gradient is wanted
    """
    if torch.is_grad_enabled():
        results, pull_back = torch.func.vjp(reference, *tensors)
        pairs = zip(results, gradients, strict=True)
        return pull_back(tuple(torch.zeros_like(out) if grad is None else grad for out, grad in pairs))
    with torch.enable_grad():
        leaves = [tensor.detach().requires_grad_(is_wanted) for tensor, is_wanted in zip(tensors, wanted, strict=True)]
        results = reference(*leaves)
    pairs = zip(results, gradients, strict=True)
    known = [(out, grad) for out, grad in pairs if grad is not None and out.requires_grad]
    asked = [leaf for leaf in leaves if leaf.requires_grad]
    found = iter(torch.autograd.grad([o for o, _ in known], asked, [g for _, g in known], allow_unused=True))
    return tuple(next(found) if is_wanted else None for is_wanted in wanted)


class _Differentiable(Function):
    """One kernel as one autograd node. Higher derivatives go through the eager reference.

    Autograd keeps the arrays of the tape as it keeps the tensors: it frees them, and notices who writes to them.
    """

    @staticmethod
    def forward(ctx: Any, passes: _Passes, *tensors: Tensor) -> tuple[Tensor, ...]:
        ctx.passes, ctx.count = passes, len(tensors)
        results = passes.forward(passes.run.call)
        if statistics := passes.run.result(results).statistics:
            ctx.mark_non_differentiable(*statistics)
        ctx.save_for_backward(*tensors, *passes.let_go())
        return results

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        saved = ctx.saved_tensors
        tensors, arrays = saved[: ctx.count], saved[ctx.count :]
        if torch.is_grad_enabled() or obstacle((*tensors, *gradients)):
            return None, *reference_gradients(ctx.passes.run.eager, tensors, gradients, ctx.needs_input_grad[1:])
        return None, *ctx.passes.backward(tensors, arrays, gradients, ctx.needs_input_grad[1:])


class _Transformable(Function):
    """The same for `torch.func`, which asks for a context that is set up by itself, and costs more."""

    @staticmethod
    def forward(passes: _Passes, *tensors: Tensor) -> tuple[Tensor, ...]:
        return passes.forward(passes.run.with_tensors(tensors))

    @staticmethod
    def setup_context(ctx: FunctionCtx, inputs: tuple[Any, ...], output: object) -> None:
        ctx.passes = inputs[0]  # pyright: ignore[reportAttributeAccessIssue]
        ctx.mark_non_differentiable(*ctx.passes.run.result(output).statistics)  # pyright: ignore
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        passes, tensors = ctx.passes, ctx.saved_tensors
        if torch.is_grad_enabled():
            return None, *reference_gradients(passes.run.eager, tensors, gradients, ctx.needs_input_grad[1:])
        return None, *passes.backward(tensors, passes.tape.arrays, gradients, ctx.needs_input_grad[1:])

    @staticmethod
    def vmap(info: object, in_dims: tuple[int | None, ...], *args: Any) -> tuple[Any, int]:
        passes, *tensors = args
        return torch.vmap(passes.run.eager, in_dims=in_dims[1:])(*tensors), 0
