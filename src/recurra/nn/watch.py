"""Watching layers: what each ran on, and the norms of the gradients that came back through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from torch import Tensor

from recurra.derive.plan import Variant

if TYPE_CHECKING:
    from recurra.nn.layer import Layer
    from recurra.nn.stack import Direction
    from recurra.spec import Cell

__all__ = ["Flow", "Ran", "Watch", "watched"]


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


@contextmanager
def watched(layers: Sequence[tuple[Layer, Watch]], /) -> Iterator[None]:
    """Let each layer tell its watch of all passes that begin meanwhile."""
    before = [layer.watch for layer, _ in layers]
    try:
        for layer, watch in layers:
            layer.watch = watch
        yield
    finally:
        for (layer, _), earlier in zip(layers, before, strict=True):
            layer.watch = earlier
