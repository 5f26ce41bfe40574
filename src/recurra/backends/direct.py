"""Direct passes: the part of the seam for calls that were made before; see `recurra.nn.direct`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

__all__ = ["DirectPasses"]


class DirectPasses(Protocol):
    """Both passes of a small call at one shape, given nothing but addresses: a layer's direction, or expressions.

    Every array is contiguous and of one dtype. What is not wanted, and so not written, may have the address 0.

    Attributes
    ----------
    reads_output : bool
        Whether the backward pass reads the first output.
    """

    reads_output: bool

    def inference(self, addresses: Sequence[int], /) -> None:
        """Run forward.

        The addresses are those of the parameters' tensors, the inputs and the states, then the seed of the noise, which
        is a number, and those of where the outputs and the last states go.
        """
        ...

    def forward(self, addresses: Sequence[int], /) -> Tensor:
        """Do the same; return what the backward pass reads beside the inputs and the outputs."""
        ...

    def backward(self, addresses: Sequence[int], /, *, parameters: tuple[bool, ...], rows: tuple[bool, ...]) -> None:
        """Run backward: `parameters` and `rows` say of which tensors and inputs the gradients are wanted.

        The addresses are those of the parameters' tensors, the inputs, the outputs, what `forward` returned, and the
        gradients of the outputs and the last states; then the seed, and those of where the gradients of the states, the
        inputs and the tensors go.
        """
        ...
