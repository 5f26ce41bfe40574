"""The operator as which `torch.compile` has a recurrent layer in its graph: one node, whatever the layer is made of.

The operator runs the layer as it runs without `torch.compile`, on the parameters that the graph hands it, and keeps the
autograd graph of that run for its backward pass, which is an operator, too. So it takes any length and batch, and knows
nothing of cells.
"""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from weakref import WeakValueDictionary

import numpy as np
import torch
from torch import Tensor

__all__ = ["GraphName", "InGraph", "call"]


class InGraph(Protocol):
    """A layer that can stand in a graph."""

    @abstractmethod
    def run_with(
        self, tensors: Sequence[Tensor], sequences: Tensor, states: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Run with these parameters; return the output and the last states. Without states, from zeros."""

    @abstractmethod
    def empty_results(
        self, tensors: Sequence[Tensor], sequences: Tensor, states: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Return tensors like the results, without their values; raise `InputError` where nothing fits."""


_layers: WeakValueDictionary[str, InGraph] = WeakValueDictionary()
_runs: WeakValueDictionary[int, _Run] = WeakValueDictionary()
_count = itertools.count(1)


class GraphName:
    """A name by which graphs know a layer, and no other: a copy of the layer gets one of its own.

    `torch.compile` uses a graph again for another module of the same class unless a value that it has read differs.
    """

    def __init__(self) -> None:
        self.text = f"layer {next(_count)}"

    def __reduce__(self) -> tuple[Any, ...]:
        return GraphName, ()

    def register(self, layer: InGraph, /) -> int:
        """Let graphs find the layer, which is not kept alive; return a number for its next call."""
        _layers[self.text] = layer
        return next(_count)


def call(
    name: str, number: int, sequences: Tensor, states: Sequence[Tensor], tensors: Sequence[Tensor]
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Return the output and the last states of a layer; `torch.compile` reads this function.

    Two calls in one graph have two numbers: torch makes equal calls one, and each of these draws its own noise.
    """
    wanted = [torch.is_grad_enabled() and each.requires_grad for each in (sequences, *states, *tensors)]
    found = torch.ops.recurra.layer(sequences, list(states), list(tensors), wanted, name, number)
    return found[0], tuple(found[1:-1])


class _Run:
    """A run that waits for its backward pass, for as long as the memory of its ticket lives.

    Operators pass on tensors alone. A ticket is a tensor with the run's number, and its memory is the run's own.
    """

    def __init__(self, results: Sequence[Tensor], leaves: Sequence[Tensor]) -> None:
        self.results, self.leaves = results, leaves
        self._number = np.array([next(_count)])
        self.__array_interface__ = self._number.__array_interface__  # by which NumPy reads what it keeps alive
        _runs[self._number.item()] = self

    def ticket(self) -> Tensor:
        return torch.from_numpy(np.asarray(self))


@contextmanager
def _recorded_by_autograd() -> Iterator[None]:
    """Let autograd record, which it does not inside of an operator: to it an operator is one piece."""
    core: Any = torch._C
    kinds, excluded = core.DispatchKey, core._dispatch_tls_local_exclude_set()
    for kind in (kinds.AutogradFunctionality, kinds.AutogradOther, kinds.AutogradNestedTensor, kinds.ADInplaceOrView):
        excluded = excluded.remove(kind)
    with core._ForceDispatchKeyGuard(core._dispatch_tls_local_include_set(), excluded), torch.enable_grad():
        yield


@torch.library.custom_op("recurra::layer", mutates_args=())
def _layer(
    sequences: Tensor, states: list[Tensor], tensors: list[Tensor], wanted: list[bool], name: str, number: int
) -> list[Tensor]:
    """Return the output, the last states and a ticket; `wanted` says of which tensors there will be gradients."""
    layer, given = _layers[name], (sequences, *states, *tensors)
    if not any(wanted):
        with torch.no_grad():
            output, last = layer.run_with(tensors, sequences, states)
        return [*_own(output, last), torch.zeros(1, dtype=torch.int64)]
    with _recorded_by_autograd():
        leaves = [each.detach().requires_grad_(flag) for each, flag in zip(given, wanted, strict=True)]
        begin = 1 + len(states)
        output, last = layer.run_with(leaves[begin:], leaves[0], leaves[1:begin])
        run = _Run([output, *last], [each for each in leaves if each.requires_grad])
    return [*_own(output, last), run.ticket()]


def _own(output: Tensor, last: Sequence[Tensor]) -> list[Tensor]:
    """Return results that share no memory with a tape or with what was given: the graph may write to them."""
    return [*map(_copied, (output, *last))]


def _copied(tensor: Tensor) -> Tensor:
    return tensor.detach().clone(memory_format=torch.contiguous_format)  # as the graph takes it to lie


@_layer.register_fake
def _(
    sequences: Tensor, states: list[Tensor], tensors: list[Tensor], wanted: list[bool], name: str, number: int
) -> list[Tensor]:
    output, last = _layers[name].empty_results(tensors, sequences, states)
    return [output, *last, torch.empty(1, dtype=torch.int64)]


@torch.library.custom_op("recurra::layer_backward", mutates_args=())
def _layer_backward(ticket: Tensor, gradients: list[Tensor], likes: list[Tensor]) -> list[Tensor]:
    """Return the gradients of what was wanted, which are like `likes`."""
    run = _runs[int(ticket)]
    with _recorded_by_autograd():
        found = torch.autograd.grad(
            run.results, run.leaves, gradients, retain_graph=True, allow_unused=True, materialize_grads=True
        )
    return [*map(_copied, found)]


@_layer_backward.register_fake
def _(ticket: Tensor, gradients: list[Tensor], likes: list[Tensor]) -> list[Tensor]:
    return [torch.empty_like(each, memory_format=torch.contiguous_format) for each in likes]


def _set_up(ctx: Any, inputs: tuple[Any, ...], output: list[Tensor]) -> None:
    sequences, states, tensors, ctx.wanted, *_ = inputs
    ctx.count = len(states)
    given = (sequences, *states, *tensors)
    ctx.save_for_backward(output[-1], *(each for each, flag in zip(given, ctx.wanted, strict=True) if flag))


def _backward(ctx: Any, gradients: Sequence[Tensor]) -> tuple[Any, ...]:
    ticket, *likes = ctx.saved_tensors
    found = iter(torch.ops.recurra.layer_backward(ticket, list(gradients[:-1]), likes))
    each = [next(found) if flag else None for flag in ctx.wanted]
    return each[0], each[1 : 1 + ctx.count], each[1 + ctx.count :], None, None, None


_layer.register_autograd(_backward, setup_context=_set_up)
