"""Layers upon layers, in one direction or both: what every recurrent module of recurra runs, and who watches it."""

from __future__ import annotations

import functools
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils._python_dispatch import _disable_current_modes

from recurra.backends import torch as eager
from recurra.backends.kernel import Call, Result, kernel_of
from recurra.backends.parameters import Parameters
from recurra.derive.plan import Plans, Variant
from recurra.errors import BackendError
from recurra.graph.step import with_states_out
from recurra.nn.batch import Reset, Shifted
from recurra.nn.bridge import run_kernel
from recurra.nn.choice import backend_for
from recurra.nn.guards import obstacle, say_once
from recurra.nn.statistics import RunningStatistics
from recurra.spec import Cell

__all__ = [
    "Direction", "Flow", "Mode", "Ran", "Run", "Stack", "Stacked", "Watch", "known_parameters", "run_rows", "watched",
]  # fmt: skip


@dataclass(frozen=True)
class Direction:
    """One direction of one layer: its sizes, its parameters, and its running statistics if the cell has any."""

    sizes: Mapping[str, int]
    parameters: Parameters
    reverse: bool
    statistics: RunningStatistics | None = None


@dataclass(frozen=True)
class Ran:
    """One run of one direction of one layer: what `recurra.backends.kernel.Call` has, but for the parameters' values.

    Attributes
    ----------
    cell : Cell
    layer : int
        The number of the layer in its stack.
    direction : Direction
    inputs : tensors (sum of batch_sizes, size)
    states : tensors (batch_sizes[0], size), before the first step
    batch_sizes : tuple of int
    variant : Variant
        Which of the cell's plans ran.
    """

    cell: Cell
    layer: int
    direction: Direction
    inputs: tuple[Tensor, ...]
    states: tuple[Tensor, ...]
    batch_sizes: tuple[int, ...]
    variant: Variant


@dataclass(frozen=True)
class Flow:
    """The loss's gradients by the states and gates of one direction of one layer, in one backward pass.

    Attributes
    ----------
    layer : int
    reverse : bool
    batch_sizes : tuple of int
    squares : mapping from a name to a tensor (sum of batch_sizes,)
        The squared norm of the gradient, for each row.
    """

    layer: int
    reverse: bool
    batch_sizes: tuple[int, ...]
    squares: Mapping[str, Tensor]


class Watch(Protocol):
    """What is told of a layer's passes.

    Attributes
    ----------
    wants_gradients : bool
        Whether norms of gradients shall be computed.
    """

    wants_gradients: bool

    def ran(self, run: Ran, /) -> None:
        """Take note of a forward pass."""
        ...

    def flowed(self, flow: Flow, /) -> None:
        """Take note of a backward pass."""
        ...


@dataclass(frozen=True)
class Mode:
    """How a stack runs: the backend, training or not, dropout between layers, every state given or not, who watches."""

    backend: str
    training: bool
    dropout: float
    return_states: bool = False
    watch: Watch | None = None


@dataclass(frozen=True)
class Stack:
    """Layers of one cell, each with its directions, one or two."""

    cell: Cell
    layers: Sequence[Sequence[Direction]]
    mode: Mode


class Stacked(nn.Module):
    """A module that is a stack of layers of one cell.

    Attributes
    ----------
    backend : str
    batch_first : bool
        Whether sequences are (batch, time, features).
    watch : Watch or None
        What is told of its passes.
    """

    backend: str
    batch_first: bool
    watch: Watch | None = None

    @abstractmethod
    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""


@contextmanager
def watched(layers: Sequence[tuple[Stacked, Watch]], /) -> Iterator[None]:
    """Let each layer tell its watch of all passes that begin meanwhile."""
    before = [layer.watch for layer, _ in layers]
    try:
        for layer, watch in layers:
            layer.watch = watch
        yield
    finally:
        for (layer, _), earlier in zip(layers, before, strict=True):
            layer.watch = earlier


@dataclass(frozen=True)
class Run:
    """What a stack gives.

    Attributes
    ----------
    output : tensor (sum of batch_sizes, directions * size of the output)
    states : for each state a tensor (layers * directions, batch, size)
    every_state : for each layer and each state a tensor (sum of batch_sizes, directions * size); empty if not wanted
    """

    output: Tensor
    states: tuple[Tensor, ...]
    every_state: tuple[tuple[Tensor, ...], ...]


def run_rows(
    stack: Stack,
    inputs: Sequence[Tensor],
    *,
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
    reset: Reset | None = None,
) -> Run:
    """Run a stack on rows in the packed layout.

    Parameters
    ----------
    inputs : tensors (sum of batch_sizes, size)
        `x`, then the cell's further inputs, which every layer is given.
    states : for each state of the cell a tensor (layers * directions, batch, size)
    batch_sizes : sequence of int
    reset : Reset, optional
        Where sequences begin anew.
    """
    rows, *further = inputs
    final: list[tuple[Tensor, ...]] = []
    every: list[tuple[Tensor, ...]] = []
    for number, directions in enumerate(stack.layers):
        if number and stack.mode.dropout:
            rows = functional.dropout(rows, stack.mode.dropout, stack.mode.training)
        outputs = []
        for direction in directions:
            initial = [state[len(final)] for state in states]
            out, after = _run_direction(stack, number, direction, [rows, *further], initial, batch_sizes, reset)
            outputs.append(out)
            final.append(after)
        rows, *history = (each[0] if len(each) == 1 else torch.cat(each, -1) for each in zip(*outputs, strict=True))
        every.append(tuple(history))
    return Run(rows, tuple(_stacked(each) for each in zip(*final, strict=True)), tuple(every))


def known_parameters(cell: Cell, plans: Plans, direction: Direction, *, seed: int | Tensor = 0) -> Parameters:
    """Return the parameters that plans read: the cell's own that simplification leaves, and expressions of them."""
    read = plans.forward.step.parameters
    if read == cell.step.parameters:
        return direction.parameters
    known = dict(zip(cell.step.parameters, direction.parameters, strict=True))
    known = eager.prelude(plans.forward.prelude, known, dict(direction.sizes), seed=seed)
    return Parameters.of([known[leaf] for leaf in read])


def _stacked(parts: Sequence[Tensor]) -> Tensor:
    return parts[0].unsqueeze(0) if len(parts) == 1 else torch.stack([*parts])


def _run_direction(
    stack: Stack,
    number: int,
    direction: Direction,
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
    reset: Reset | None,
) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    """Return the output, with every state after it if these are wanted, and the last states."""
    mode, watch = stack.mode, stack.mode.watch
    is_plain = reset is None and watch is None and not mode.return_states
    variant = Variant(
        training=mode.training, return_states=mode.return_states, restarts=reset is not None,
        observed=watch is not None and watch.wants_gradients, shifted=is_plain,
    )  # fmt: skip
    plans = stack.cell.plans(variant)
    if reset is not None:
        inputs = [*inputs, reset.after(reverse=direction.reverse)]
        states = reset.initial(states, reverse=direction.reverse)
    shifts = stack.cell.shifts if is_plain else ()
    shifted = Shifted.of(shifts, inputs, states, batch_sizes, reverse=direction.reverse)
    inputs, states = shifted.inputs, shifted.states
    if direction.statistics and not mode.training:
        inputs = [*inputs, *direction.statistics.rows(batch_sizes, reverse=direction.reverse)]
    noises = (*plans.forward.step.noises, *plans.forward.prelude.noises)
    seed = _seed(states[0].device) if noises else 0
    parameters = known_parameters(stack.cell, plans, direction, seed=seed)
    call = Call(direction.sizes, parameters, inputs, states, batch_sizes, direction.reverse, seed)
    if watch is not None:
        kept = tuple(inputs), tuple(states), tuple(batch_sizes)
        watch.ran(Ran(stack.cell, number, direction, *kept, variant))
    is_inner = not mode.return_states and (number + 1 < len(stack.layers) or len(stack.layers[number]) > 1)
    result = _run_call(plans, call, mode, number, is_inner=is_inner)
    if direction.statistics and result.statistics:
        direction.statistics.update(result.statistics, batch_sizes, reverse=direction.reverse)
    return _in_order(stack, result.outputs), shifted.finals(result.states)


def _seed(device: torch.device) -> int | Tensor:
    """Return a seed from torch's generator, of the device's own in a CUDA graph, so that each replay draws another."""
    if device.type == "cuda" and torch.cuda.is_current_stream_capturing():
        return torch.randint(2**31 - 1, (), device=device)
    with _disable_current_modes():  # a fake tensor is no number
        return int(torch.randint(2**31 - 1, ()))


def _run_call(plans: Plans, call: Call, mode: Mode, number: int, *, is_inner: bool) -> Result:
    """Run the plans on the backend; who watches is told of the backward pass."""
    backend = _allowed(backend_for(mode.backend, like=call.states[0]), mode, call)
    told = None
    if mode.watch is not None and mode.watch.wants_gradients:
        told = functools.partial(_tell, mode.watch, number, call.reverse, tuple(call.batch_sizes))
    if backend == "torch":
        noted = None if told is None else eager.Noted.of(plans.forward, call, told)
        return eager.run(plans.forward, call, noted=noted)
    observer = None if told is None else functools.partial(_named, told, tuple(plans.backward.step.observed))
    return run_kernel(kernel_of(plans, backend), plans.forward, call, observer=observer, is_inner=is_inner)


def _allowed(backend: str, mode: Mode, call: Call) -> str:
    """Return the backend, `"torch"` where no kernel may run; raise `BackendError` if one was asked for by name."""
    if backend == "torch":
        return backend
    reason = obstacle([*Parameters.of(call.parameters).tensors, *call.inputs, *call.states])
    if not reason:
        return backend
    if mode.backend != "auto":
        raise BackendError(
            f"backend={mode.backend!r} runs kernels on plain tensors, and {reason}; backend='torch' can run this, and "
            "backend='auto' takes it by itself"
        )
    if reason.startswith("a tensor is"):
        say_once(f"recurra runs its eager loop over the steps, many times slower than a kernel, because {reason}")
    return "torch"


def _tell(
    watch: Watch, number: int, reverse: bool, batch_sizes: tuple[int, ...], squares: Mapping[str, Tensor]
) -> None:
    watch.flowed(Flow(number, reverse, batch_sizes, {name: each.squeeze(1) for name, each in squares.items()}))


def _named(told: Callable[[Mapping[str, Tensor]], None], names: Sequence[str], values: Sequence[Tensor]) -> None:
    told(dict(zip(names, values, strict=True)))


def _in_order(stack: Stack, outputs: Sequence[Tensor]) -> list[Tensor]:
    """Return the output, then, if they are wanted, each state's rows; an output may be a state."""
    if not stack.mode.return_states:
        return list(outputs)
    place = {node: number for number, node in enumerate(with_states_out(stack.cell.step).outputs)}
    numbers = [place[node] for node in stack.cell.step.next_states]
    return [outputs[0], *(outputs[number] if number else outputs[0].clone() for number in numbers)]
