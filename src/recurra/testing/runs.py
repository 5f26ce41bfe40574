"""A case run in every way that must agree: by the function, by the eager loop, by a backend's plans.

The reference is a plain loop over a cell's own function in torch, which knows nothing of plans.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from recurra.backends import torch as torch_backend
from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import ON_THE_CPU, Call, Gradients, Kernel, kernel_of
from recurra.derive.plan import ForwardPlan, Plans, Variant, derive
from recurra.graph.compound import number_of
from recurra.graph.functions import sizes_known
from recurra.graph.node import Node, topological
from recurra.graph.ops import torch_spelling
from recurra.graph.step import with_restarts, without_noise
from recurra.spec import Cell
from recurra.testing.cases import Array, Case, Restarts

__all__ = [
    "KERNELS", "RunResult", "eager_loss", "reference_run", "run_eagerly", "run_inference", "run_plans",
    "run_reference", "tensors_of",
]  # fmt: skip

T = TypeVar("T")


def reference_run(
    cell: Cell,
    parameters: Mapping[str, Tensor],
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    *,
    batch_sizes: Sequence[int],
    sizes: Mapping[str, int],
    reverse: bool = False,
    after: Tensor | None = None,
    begins: Sequence[Tensor] = (),
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a cell without its noise over rows in the packed layout of `recurra.backends.kernel.Call`.

    A cell without a function (made by a transform, or read from a file) runs by its graph, node by node. Where `after`
    (rows, 1) is not zero, the state that goes on is one of `begins`, (batch, size) each.

    Returns
    -------
    output : tensor (sum of batch_sizes, size)
    states : each sequence's after its last step, registers of delays among them
    """
    current, outputs = list(states), []
    ends = torch.tensor(batch_sizes).cumsum(0).tolist()
    order = list(zip(ends, batch_sizes, strict=True))
    for end, count in reversed(order) if reverse else order:
        now = [
            value[:count] if leaf.name in cell.step.per_sequence else value[end - count : end]
            for leaf, value in zip(cell.step.inputs, inputs, strict=True)
        ]
        step = _by_function if cell.function is not None else _by_graph
        following, output = step(cell, parameters, now, [state[:count] for state in current], sizes)
        if after is not None:
            anew = after[end - count : end] > 0
            following = [torch.where(anew, b[:count], new) for b, new in zip(begins, following, strict=True)]
        current = [torch.cat([new, old[count:]]) for new, old in zip(following, current, strict=True)]
        outputs.append(output)
    return torch.cat(outputs[::-1] if reverse else outputs), tuple(current)


def _by_function(
    cell: Cell, parameters: Mapping[str, Tensor], inputs: list[Tensor], states: list[Tensor], sizes: Mapping[str, int]
) -> tuple[list[Tensor], Tensor]:
    """Run one step by the function; move the registers of delayed states on by hand."""
    named = dict(zip(cell.states, states, strict=True))
    own = [state.name for state in cell.written.states]
    further = {leaf.name: value for leaf, value in zip(cell.further_inputs, inputs[1:], strict=True)}
    for argument, delay in cell.written.delays.items():
        further[argument] = named[delay.state if delay.lag == 1 else f"{delay.state}_lag{delay.lag - 1}"]

    def shaped_as(leaf: Node, value: Tensor) -> Tensor:
        return value.unflatten(1, [number_of(size, sizes) for size in leaf.shape])

    shaped = [shaped_as(leaf, named[leaf.name]) for leaf in cell.written.states]
    delayed = {leaf.name: leaf for leaf in cell.written.inputs if leaf.name in cell.written.delays}
    further |= {name: shaped_as(leaf, further[name]) for name, leaf in delayed.items()}
    with sizes_known(sizes, batch_axes=1):
        following, output = _parts(cell(parameters, inputs[0], *shaped, **further))
    after = {name: value.flatten(1) for name, value in zip(own, following, strict=True)}
    for name in cell.states[len(own) :]:
        state, lag = name.rsplit("_lag", 1)
        after[name] = named[state if lag == "1" else f"{state}_lag{int(lag) - 1}"]
    return [after[name] for name in cell.states], output


def _parts(returned: Any) -> tuple[tuple[Tensor, ...], Tensor]:
    """Split what a cell's function returned into next states and output."""
    if not isinstance(returned, tuple):
        return (returned,), returned
    if len(returned) == 2 and isinstance(returned[0], tuple):
        return returned
    return returned, returned[0]


def _by_graph(
    cell: Cell, parameters: Mapping[str, Tensor], inputs: list[Tensor], states: list[Tensor], sizes: Mapping[str, int]
) -> tuple[list[Tensor], Tensor]:
    """Run one step of the graph as it was written, without passes or plans."""
    step = without_noise(cell.step)
    like = states[0]
    known = {leaf: parameters[leaf.name] for leaf in step.parameters}
    evaluator = Evaluator(torch_spelling(), sizes, number=lambda v: torch.tensor(v, dtype=like.dtype), known=known)
    rows = dict(zip((*step.inputs, *step.states), (*inputs, *states), strict=True))
    for node in topological(step.roots):
        if node.rows and node.args:
            rows[node] = evaluator.compute(node, [rows[a] if a.rows else evaluator.once(a) for a in node.args])
    return [rows[node] for node in step.next_states], rows[step.output]


KERNELS: dict[str, Callable[[Plans], Kernel]] = {
    name: functools.partial(kernel_of, backend=name) for name in ON_THE_CPU
}
"""Backend that runs on the CPU -> what makes its kernel from the plans."""


@dataclass(frozen=True)
class RunResult:
    """What a run gives: the output, the states, and the loss's gradients by parameters, inputs and states."""

    output: Array
    states: tuple[Array, ...]
    gradients: tuple[Array, ...]

    @property
    def values(self) -> tuple[Array, ...]:
        """The output and the states."""
        return (self.output, *self.states)


def tensors_of(case: Case, dtype: str = "float64") -> list[Tensor]:
    """Return parameters, inputs and states as tensors that require a gradient."""
    call = case.call
    return [torch.tensor(v.astype(dtype), requires_grad=True) for v in (*call.parameters, *call.inputs, *call.states)]


def run_reference(case: Case, *, resets: Restarts | None = None) -> RunResult:
    """Run the cell's own function in a plain loop, with autograd for the gradients: it knows nothing of plans."""
    tensors = tensors_of(case)
    parameters, inputs, states = _divided(case, tensors)
    call, leaves = case.call, case.cell.step.parameters
    begins = [torch.tensor(begin, requires_grad=True) for begin in resets.begins] if resets else []
    output, last = reference_run(
        case.cell, {leaf.name: p for leaf, p in zip(leaves, parameters, strict=True)}, inputs, states,
        batch_sizes=call.batch_sizes, sizes=call.sizes, reverse=call.reverse,
        after=torch.tensor(resets.after) if resets else None, begins=begins,
    )  # fmt: skip
    return _outcome(case, output, last, [*tensors, *_vectors(case, begins)])


def _vectors(case: Case, begins: Sequence[T]) -> list[T]:
    """Return what those states begin with that begin with a vector: it is an input of the plans."""
    initial = case.cell.step.initial
    return [b for leaf, b in zip(case.cell.step.states, begins, strict=False) if initial.get(leaf.name, 0.0) is None]


def run_eagerly(case: Case, *, training: bool = False) -> RunResult:
    """Run the forward plan by the eager torch backend, with autograd for the gradients."""
    tensors = tensors_of(case)
    output, last = _eager(case, tensors, training=training)
    return _outcome(case, output, last, tensors)


def eager_loss(case: Case, *tensors: Tensor) -> Tensor:
    """Return the case's loss by the eager torch backend, as a function of `tensors_of(case)`."""
    return _loss(case, *_eager(case, tensors))


def _eager(case: Case, tensors: Sequence[Tensor], *, training: bool = False) -> tuple[Tensor, tuple[Tensor, ...]]:
    plan = _plans(case.cell, training=training).forward
    parameters, inputs, states = _divided(case, tensors)
    given = _effective(case, plan, parameters)
    result = torch_backend.run(plan, replace(case.call, parameters=given, inputs=inputs, states=states))
    return result.outputs[0], result.states


def run_plans(
    case: Case, compile: Callable[[Plans], Kernel], *, dtype: str = "float64", training: bool = False,
    resets: Restarts | None = None,
) -> RunResult:  # fmt: skip
    """Run both plans by a backend's kernel."""
    plans = _plans(case.cell, training=training) if resets is None else _restarting(case.cell)
    effective, own, call = _call_of(case, plans, dtype)
    if resets is not None:
        vectors = _vectors(case, resets.begins)
        call = replace(call, inputs=[*call.inputs, *(each.astype(dtype) for each in (resets.after, *vectors))])
    kernel = compile(plans)
    result = kernel.forward(call, tape=True)
    gradients = kernel.backward(
        call, result.tape,
        outputs=[case.output_gradient.astype(dtype)], states=[g.astype(dtype) for g in case.state_gradients],
    )  # fmt: skip
    through = _of_trained(case, _through_prelude(effective, gradients, own))
    inputs, begins = gradients.inputs[: len(case.call.inputs)], gradients.inputs[len(case.call.inputs) + 1 :]
    return RunResult(result.outputs[0], result.states, (*through, *inputs, *gradients.states, *begins))


def run_inference(
    case: Case, compile: Callable[[Plans], Kernel], *, dtype: str = "float64", training: bool = False
) -> RunResult:
    """Run the forward plan by a backend's kernel that keeps nothing for a backward pass: a program of its own."""
    plans = _plans(case.cell, training=training)
    result = compile(plans).forward(_call_of(case, plans, dtype)[2])
    return RunResult(result.outputs[0], result.states, ())


def _call_of(case: Case, plans: Plans, dtype: str) -> tuple[list[Tensor], Sequence[Tensor], Call]:
    """Return the plan's parameters, the cell's own that they are made of, and the call of a kernel with them."""
    own, inputs, states = _divided(case, tensors_of(case, dtype))
    effective = _effective(case, plans.forward, own)
    call = replace(
        case.call, parameters=[*map(_array, effective)], inputs=[*map(_array, inputs)], states=[*map(_array, states)]
    )
    return effective, own, call


@functools.lru_cache(maxsize=64)  # of cells that are checked one after the other
def _plans(cell: Cell, *, training: bool) -> Plans:
    """Return the plans of training, or those without noise; statistics are taken of the batch in both."""
    if training or not cell.statistics:
        return cell.plans(Variant(training=training))
    return derive(without_noise(cell.step))


@functools.lru_cache(maxsize=64)
def _restarting(cell: Cell) -> Plans:
    """Return the plans without noise in which states may begin anew."""
    return derive(with_restarts(without_noise(cell.step)))


def _divided(case: Case, tensors: Sequence[Tensor]) -> tuple[Sequence[Tensor], Sequence[Tensor], Sequence[Tensor]]:
    """Return parameters, inputs and states."""
    first = len(case.call.parameters)
    second = first + len(case.call.inputs)
    return tensors[:first], tensors[first:second], tensors[second:]


def _effective(case: Case, plan: ForwardPlan, parameters: Sequence[Tensor]) -> list[Tensor]:
    """Return the plan's parameters: the cell's own, and the prelude's expressions of them."""
    if not parameters:
        return []
    own = dict(zip(case.cell.step.parameters, parameters, strict=True))
    known = torch_backend.prelude(plan.prelude, own, case.call.sizes, seed=case.call.seed)
    return [known[leaf] for leaf in plan.step.parameters]


def _through_prelude(effective: Sequence[Tensor], found: Gradients, own: Sequence[Tensor]) -> tuple[Array, ...]:
    """Return the gradients of the cell's own parameters from those of the plan's."""
    if not effective:  # the cell has no parameters, or simplification left none to be read
        return tuple(_array(torch.zeros_like(each)) for each in own)
    weighted = [(e * torch.tensor(np.array(g))).sum() for e, g in zip(effective, found.parameters, strict=True)]
    total = torch.stack(weighted).sum()
    return tuple(map(_array, torch.autograd.grad(total, own, allow_unused=True, materialize_grads=True)))


def _outcome(case: Case, output: Tensor, last: Sequence[Tensor], tensors: Sequence[Tensor]) -> RunResult:
    loss = _loss(case, output, last)
    if loss.requires_grad:
        found = torch.autograd.grad(loss, tensors, allow_unused=True, materialize_grads=True)
    else:
        found = tuple(map(torch.zeros_like, tensors))
    return RunResult(_array(output), tuple(map(_array, last)), _of_trained(case, tuple(map(_array, found))))


def _of_trained(case: Case, gradients: Sequence[Array]) -> tuple[Array, ...]:
    """Return gradients, of which those by fixed arrays, which stand among the parameters, are zero."""
    names = [leaf.name for leaf in case.cell.step.parameters] + [""] * len(gradients)
    return tuple(0 * each if name in case.cell.fixed else each for name, each in zip(names, gradients, strict=False))


def _loss(case: Case, output: Tensor, states: Sequence[Tensor]) -> Tensor:
    weights = (case.output_gradient, *case.state_gradients)
    return torch.stack([(v * torch.tensor(w)).sum() for v, w in zip((output, *states), weights, strict=True)]).sum()


def _array(tensor: Tensor) -> Array:
    return tensor.detach().numpy()
