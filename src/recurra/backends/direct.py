"""Direct passes: the part of the seam for calls that were made before; see `recurra.nn.direct`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor

__all__ = ["DirectPasses"]


class DirectPasses(Protocol):
    """Both passes of a small layer's direction at one shape, given nothing but addresses.

    Every array is contiguous and of one dtype. What is not wanted, and so not written, may have the address 0.

    Attributes
    ----------
    reads_output : bool
        Whether the backward pass reads the output.
    """

    reads_output: bool

    def inference(self, addresses: Sequence[int], /) -> None:
        """Run forward, at the addresses of the tensors, the rows, the states, the output and the last states.

        Between the states and the output stands the seed of the noise, a number; it stands before the first states'
        gradients of the backward pass, too.
        """
        ...

    def forward(self, addresses: Sequence[int], /) -> Tensor:
        """Do the same; return what the backward pass reads beside the rows and the output."""
        ...

    def backward(self, addresses: Sequence[int], /, *, parameters: tuple[bool, ...], rows: bool) -> None:
        """Run backward: `parameters` and `rows` say of what the gradients are wanted.

        The addresses are those of the parameters' tensors, the rows, the output, what `forward` returned, the gradients
        of the output and the last states; and of where those of the states, the rows and the tensors go.
        """
        ...
