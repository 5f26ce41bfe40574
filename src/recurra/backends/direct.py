"""Direct passes: the part of the seam for calls that were made before; see `recurra.nn.direct`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

__all__ = ["DirectPasses"]


class DirectPasses(Protocol):
    """Both passes of a call at one shape, given nothing but addresses: of a layer's direction, or of expressions.

    Every array is contiguous and of one dtype. What is not wanted, and so not written, may have the address 0.

    Attributes
    ----------
    puts_output : bool
        Whether `forward` is told where the outputs go; they are the kernel's own otherwise, and nobody's after a run.
    reads : tuple of bool
        For each output whether the backward pass reads it.
    flows : tuple of bool
        For each input whether a gradient flows to it; that of another is zero, and is not written.
    tape : int
        How many elements the backward pass reads beside the inputs and the outputs; 0 without a backward pass.
    forward : callable
        Runs forward. It takes the addresses of the parameters' tensors, the inputs and the states, then the seed of
        the noise, which is a number, and the addresses of where the outputs and the last states go; last, where there
        is a backward pass, that of the tape.
    """

    puts_output: bool
    reads: tuple[bool, ...]
    flows: tuple[bool, ...]
    tape: int
    forward: Callable[..., None]

    def backward(self, parameters: tuple[bool, ...], rows: tuple[bool, ...], /) -> Callable[..., None]:
        """Return what runs backward: `parameters` and `rows` say of which tensors and inputs the gradients are wanted.

        It takes the addresses of the parameters' tensors, the inputs, the outputs, the tape, and the gradients of the
        outputs and the last states; then the seed, and those of where the gradients of the states, the inputs and the
        tensors go.
        """
        ...
