"""Stacks: the layers of one cell with their parameters, how they run, and the observers of their passes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import torch
from torch import Tensor, nn

from recurra.backends import torch as eager
from recurra.backends.parameters import Parameters, Part
from recurra.derive.plan import Plans, Variant
from recurra.nn.statistics import RunningStatistics
from recurra.spec import Cell

__all__ = [
    "BackwardPass", "Direction", "DirectionLayout", "ForwardPass", "Observer", "Stack", "Stacked", "known_parameters",
    "observed",
]  # fmt: skip


@dataclass(frozen=True)
class Direction:
    """One direction of one layer.

    Attributes
    ----------
    sizes : mapping
    parameters : Parameters
    reverse : bool
    statistics : RunningStatistics, optional
        If the cell has any.
    initial : for each state what it begins with, a number or a tensor (size,); empty where all are zero
    """

    sizes: Mapping[str, int]
    parameters: Parameters
    reverse: bool
    statistics: RunningStatistics | None = None
    initial: Sequence[float | Tensor] = ()

    def begun(self, states: Sequence[Tensor], anew: Tensor) -> list[Tensor]:
        """Return states (batch, size) of which those of some sequences, (batch,), are the initial ones."""
        initial, anew = self.initial or (0.0,) * len(states), anew[:, None]
        return [
            torch.where(anew, begin.to(state.dtype), state)
            if isinstance(begin, Tensor)
            else state.masked_fill(anew, begin)
            for state, begin in zip(states, initial, strict=True)
        ]


@dataclass(frozen=True)
class DirectionLayout:
    """How the parameters of one direction of one layer are laid out.

    Attributes
    ----------
    sizes : mapping
    names, shapes : of the module's tensors
    parts : where in the tensors the cell's parameters stand, in the cell's order
    suffix : how the names end, such as ``"_l0"`` or ``"_l1_reverse"``
    """

    sizes: Mapping[str, int]
    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    parts: tuple[Part, ...]
    suffix: str

    @property
    def reverse(self) -> bool:
        """Whether sequences are read backwards."""
        return self.suffix.endswith("_reverse")


@dataclass(frozen=True)
class ForwardPass:
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
class BackwardPass:
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


class Observer(Protocol):
    """What is told of a layer's passes.

    Attributes
    ----------
    wants_gradients : bool
        Whether norms of gradients shall be computed.
    """

    wants_gradients: bool

    def on_forward(self, run: ForwardPass, /) -> None:
        """Take note of a forward pass."""
        ...

    def on_backward(self, flow: BackwardPass, /) -> None:
        """Take note of a backward pass."""
        ...


@dataclass(frozen=True)
class Stack:
    """Layers of one cell, each with its directions, one or two, and how they run.

    Attributes
    ----------
    cell : Cell
    layers : for each layer its directions
    backend : str
    training : bool
    dropout : float
        Share of outputs dropped between layers in training.
    return_states : bool
        Whether every state at every step is given.
    observer : Observer, optional
    """

    cell: Cell
    layers: Sequence[Sequence[Direction]]
    backend: str
    training: bool
    dropout: float
    return_states: bool = False
    observer: Observer | None = None


class Stacked(nn.Module):
    """A module that is a stack of layers of one cell.

    Attributes
    ----------
    backend : str
    batch_first : bool
        Whether sequences are (batch, time, features).
    observer : Observer or None
        What is told of its passes.
    """

    backend: str
    batch_first: bool
    observer: Observer | None = None

    @abstractmethod
    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""

    @property
    def example(self) -> Tensor:
        """A tensor of the dtype and on the device in which it computes; nobody reads its values."""
        held = (tensor for tensor in chain(self.parameters(), self.buffers()) if tensor.is_floating_point())
        return next(held, torch.empty(0, device="cpu"))


@contextmanager
def observed(layers: Sequence[tuple[Stacked, Observer]], /) -> Iterator[None]:
    """Let each layer tell its observer of all passes that begin meanwhile."""
    before = [layer.observer for layer, _ in layers]
    try:
        for layer, observer in layers:
            layer.observer = observer
        yield
    finally:
        for (layer, _), earlier in zip(layers, before, strict=True):
            layer.observer = earlier


def known_parameters(cell: Cell, plans: Plans, direction: Direction, *, seed: int | Tensor = 0) -> Parameters:
    """Return the parameters that plans read: the cell's own that simplification leaves, and expressions of them."""
    read = plans.forward.step.parameters
    if read == cell.step.parameters:
        return direction.parameters
    known = dict(zip(cell.step.parameters, direction.parameters, strict=True))
    known = eager.prelude(plans.forward.prelude, known, dict(direction.sizes), seed=seed)
    return Parameters.of([known[leaf] for leaf in read])
