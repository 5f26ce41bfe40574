"""Autograd: a kernel as one node of its graph, its higher derivatives and transforms, and what counters are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import Function, FunctionCtx
from torch.utils._python_dispatch import _disable_current_modes, _get_current_dispatch_mode_stack

from recurra.backends import torch as eager
from recurra.backends.kernel import Call, Gradients, Kernel, Result, Tape, Wanted
from recurra.backends.parameters import Parameters, Part
from recurra.derive.facts import backward_flops, forward_flops
from recurra.derive.plan import ForwardPlan, Plans
from recurra.nn.guards import obstacle

__all__ = ["counted", "reference_gradients", "run_kernel"]


@dataclass
class _KernelCall:
    """One call of a kernel, both passes of it. Between them it holds no memory: autograd keeps that.

    Where tensors are listed, the parameters' come first, then the inputs, then the states.

    Attributes
    ----------
    kernel, plan, call
    observer : is given what a backward pass observed
    is_inner : whether the outputs are read by another kernel alone, so that nobody can write to them
    parts : where the cell's parameters stand in their tensors
    ends : where in the list of tensors those of the parameters end, and the inputs
    tape : what the forward pass leaves for the backward one
    """

    kernel: Kernel
    plan: ForwardPlan
    call: Call
    observer: Callable[[Sequence[Tensor]], None] | None
    is_inner: bool
    parts: Sequence[Part]
    ends: tuple[int, int]
    tape: Tape | None = None

    def with_tensors(self, tensors: Sequence[Any]) -> Call:
        """Return the call with other tensors."""
        call, (first, second) = self.call, self.ends
        parameters = Parameters(tensors[:first], self.parts)
        return Call(
            call.sizes, parameters, tensors[first:second], tensors[second:], call.batch_sizes, call.reverse, call.seed
        )

    def eager(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Compute the same with the eager reference, of which torch knows every derivative."""
        return _flat(eager.run(self.plan, self.with_tensors(tensors)))

    def result(self, values: Sequence[Tensor]) -> Result:
        """Return outputs, states and statistics, which stand one after the other, apart."""
        first = len(self.plan.step.outputs)
        second = first + len(self.call.states)
        return Result(tuple(values[:first]), tuple(values[first:second]), statistics=tuple(values[second:]))

    def forward(self, call: Call) -> tuple[Tensor, ...]:
        """Return the outputs, the states and the statistics."""
        result: Result = counted(self.kernel).forward(call, tape=True)
        self.tape = result.tape
        assert result.tape is not None
        given = _flat(result)
        # `relu_` on a layer's output must not write over what the backward pass reads
        return given if self.is_inner else _apart(given, result.tape.arrays)

    def let_go(self) -> tuple[Any, ...]:
        """Return the arrays of the tape, and keep neither them nor the tensors of the call."""
        assert self.tape is not None
        self.call = self.with_tensors((None,) * (self.ends[1] + len(self.call.states)))
        arrays, self.tape = self.tape.arrays, self.tape.having(())
        return arrays

    def backward(
        self, tensors: Sequence[Tensor], arrays: Sequence[Any], gradients: Sequence[Tensor], wanted: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of the tensors; `wanted` says of which."""
        assert self.tape is not None
        given, (first, second) = self.result(gradients), self.ends
        found = counted(self.kernel).backward(
            self.with_tensors(tensors), self.tape.having(arrays),
            outputs=given.outputs, states=given.states,
            wanted=Wanted(tuple(wanted[:first]), tuple(wanted[first:second])),
        )  # fmt: skip
        if self.observer is not None:
            self.observer([_tensor(each) for each in found.observed])
        laid_out = (_laid_out(*each) for each in zip(found.parameters, tensors[:first], strict=True))
        return *laid_out, *(None if each is None else _tensor(each) for each in (*found.inputs, *found.states))


def run_kernel(
    kernel: Kernel,
    plan: ForwardPlan,
    call: Call,
    *,
    observer: Callable[[Sequence[Tensor]], None] | None = None,
    is_inner: bool = False,
) -> Result:
    """Run a kernel on torch tensors; what it returns is connected to autograd, but for statistics.

    What it returns may be written to, as what torch.nn's layers return may be; with `is_inner`, where nobody does, an
    output that the tape holds is not copied for it.

    The observer is given the observed values of a backward plan that has some, in each backward pass that runs it: one
    under `create_graph=True` runs the eager reference instead.
    """
    parameters = Parameters.of(call.parameters)
    tensors = (*parameters.tensors, *call.inputs, *call.states)
    transformed = torch._C._are_functorch_transforms_active()
    if not transformed and not (torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)):
        found = counted(kernel).forward(call)
        arrays = (found.outputs, found.states, found.statistics)
        outputs, states, statistics = (tuple(map(_tensor, each)) for each in arrays)
        return Result(outputs, states, statistics=statistics)
    first = len(parameters.tensors)
    ends = first, first + len(call.inputs)
    run = _KernelCall(kernel, plan, call, observer, is_inner, parameters.parts, ends)
    function = _Transformable if transformed else _Differentiable
    return run.result(function.apply(run, *tensors))  # pyright: ignore[reportArgumentType]


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
        results, pull_back, *_ = torch.func.vjp(reference, *tensors)
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
    def forward(ctx: Any, run: _KernelCall, *tensors: Tensor) -> tuple[Tensor, ...]:
        ctx.run, ctx.count = run, len(tensors)
        results = run.forward(run.call)
        if statistics := run.result(results).statistics:
            ctx.mark_non_differentiable(*statistics)
        # the tape's arrays too: `run` lives as long as the graph, and would keep them after they were freed
        ctx.save_for_backward(*tensors, *run.let_go())
        return results

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        saved = ctx.saved_tensors
        tensors, arrays = saved[: ctx.count], saved[ctx.count :]
        # under create_graph=True: a kernel's gradients have no graph of their own
        if torch.is_grad_enabled() or obstacle((*tensors, *gradients)):
            return None, *reference_gradients(ctx.run.eager, tensors, gradients, ctx.needs_input_grad[1:])
        return None, *ctx.run.backward(tensors, arrays, gradients, ctx.needs_input_grad[1:])


class _Transformable(Function):
    """The same for `torch.func`, which asks for a context that is set up by itself, and costs more."""

    @staticmethod
    def forward(run: _KernelCall, *tensors: Tensor) -> tuple[Tensor, ...]:
        return run.forward(run.with_tensors(tensors))

    @staticmethod
    def setup_context(ctx: FunctionCtx, inputs: tuple[Any, ...], output: object) -> None:
        ctx.run = inputs[0]  # pyright: ignore[reportAttributeAccessIssue]
        ctx.mark_non_differentiable(*ctx.run.result(output).statistics)  # pyright: ignore
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        run, tensors = ctx.run, ctx.saved_tensors
        if torch.is_grad_enabled():
            return None, *reference_gradients(run.eager, tensors, gradients, ctx.needs_input_grad[1:])
        return None, *run.backward(tensors, run.tape.arrays, gradients, ctx.needs_input_grad[1:])

    @staticmethod
    def vmap(info: object, in_dims: tuple[int | None, ...], *args: Any) -> tuple[Any, int]:
        run, *tensors = args
        return torch.vmap(run.eager, in_dims=in_dims[1:])(*tensors), 0


_LIBRARY = torch.library.Library("recurra", "FRAGMENT")
_LIBRARY.define("products(int flops) -> ()")
_LIBRARY.impl("products", lambda flops: None, "CompositeExplicitAutograd")


def counted(kernel: Kernel) -> Kernel:
    """Return a kernel that reports what it computes; where nobody counts, the kernel itself.

    What it reports are the products of both passes, as the counter counts them for operations of torch; the products of
    weights alone (a normalised or dropped weight) are torch's own, and counted as such.
    """
    if not torch._C._len_torch_dispatch_stack():  # 30 ns
        return kernel
    _teach_counters()
    return _Counted(kernel)


def _teach_counters() -> None:
    """Tell the active counters how the operation counts; torch's module of counters takes 0.3 s to import."""
    from torch.utils.flop_counter import FlopCounterMode

    for mode in _get_current_dispatch_mode_stack():
        counter = getattr(mode, "counter", None)
        if isinstance(counter, FlopCounterMode):
            counter.flop_registry[torch.ops.recurra.products] = lambda flops, **_: flops


@final
class _Counted:
    """A kernel whose runs are reported."""

    def __init__(self, kernel: Any) -> None:
        self._kernel: Kernel = kernel
        self.plans: Plans = kernel.plans

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan, and report it."""
        with _disable_current_modes():
            result = self._kernel.forward(call, tape=tape)
        _report(forward_flops(self.plans.forward, call.sizes).products, call)
        return result

    def backward(
        self,
        call: Call,
        tape: Any,
        *,
        outputs: Sequence[Any],
        states: Sequence[Any],
        wanted: Wanted | None = None,
    ) -> Gradients:
        """Run the backward plan, and report it."""
        with _disable_current_modes():
            found = self._kernel.backward(call, tape, outputs=outputs, states=states, wanted=wanted)
        inputs = None if wanted is None else wanted.inputs
        _report(backward_flops(self.plans.backward, call.sizes, wanted=inputs).products, call)
        return found


def _report(flops: int, call: Call) -> None:
    torch.ops.recurra.products(flops * sum(call.batch_sizes))
