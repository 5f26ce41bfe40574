"""`CarriedState`: what a recurrent layer hands from one part of a long sequence to the next, as a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from recurra.errors import InputError
from recurra.nn.checks import shape_or_kind

__all__ = ["CarriedState"]


class CarriedState(tuple[Tensor, ...]):
    """The states of a layer without their history, for truncated backpropagation through time.

    It is a tuple of tensors (num_layers * directions, batch, size), one for each state of the cell, and every layer
    takes it as its initial state. It is never written to: the layer returns new states.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import GRU, CarriedState
    >>> layer, state = GRU(3, 8), None
    >>> for part in torch.randn(100, 2, 3).split(20):
    ...     output, hx = layer(part, state)
    ...     output.sum().backward()
    ...     state = CarriedState(hx)
    >>> len(state.sequences([0])[0][0])
    1
    """

    def __new__(cls, hx: Tensor | Sequence[Tensor]) -> CarriedState:
        """Take what a layer returned as its states, detached: a tensor, or one for each state."""
        given = (hx,) if isinstance(hx, Tensor) or not isinstance(hx, Iterable) else tuple(hx)
        for state in given:
            if not isinstance(state, Tensor) or state.dim() != 3:
                raise InputError(
                    f"a carried state: got {shape_or_kind(state)}, expected tensors (layers, batch, size), as a "
                    "layer returns"
                )
        if not given:
            raise InputError("a carried state: got no tensor, expected one for each state of the cell")
        if len({state.shape[1] for state in given}) != 1:
            raise InputError(
                f"a carried state: got batches of {[state.shape[1] for state in given]}, expected one size"
            )
        return super().__new__(cls, [state.detach() for state in given])

    @property
    def batch(self) -> int:
        """The number of sequences."""
        return self[0].shape[1]

    def sequences(self, which: Any) -> CarriedState:
        """Return the state of some of the sequences, in a given order; a number that comes twice is a fork.

        Parameters
        ----------
        which : numbers from 0 on, or a mask (batch,)
        """
        index = torch.as_tensor(which, device=self[0].device)
        index = index.nonzero().flatten() if index.dtype == torch.bool else index.long()
        if index.dim() != 1 or (index.numel() and not (int(index.min()) >= 0 and int(index.max()) < self.batch)):
            raise InputError(f"which: got {which!r}, expected numbers of sequences from 0 to {self.batch - 1}")
        return CarriedState([state.index_select(1, index) for state in self])

    @classmethod
    def batched(cls, states: Sequence[CarriedState]) -> CarriedState:
        """Return several states as one, their sequences one after the other."""
        shapes = [[(each.shape[0], each.shape[2]) for each in state] for state in states]
        if not shapes or any(shape != shapes[0] for shape in shapes):
            raise InputError(f"states of different layers cannot be one batch: (layers, size) {shapes}")
        return cls([torch.cat(parts, 1) for parts in zip(*states, strict=True)])

    def to(self, *args: Any, **kwargs: Any) -> CarriedState:
        """Return the state on another device or in another dtype, as `torch.Tensor.to`."""
        return CarriedState([state.to(*args, **kwargs) for state in self])

    def save(self, path: str | Path) -> None:
        """Write it to a safetensors file; raise `InputError` where that cannot be written."""
        try:
            save_file({str(number): state.contiguous() for number, state in enumerate(self)}, path)
        except (SafetensorError, OSError) as error:
            raise InputError(f"{path}: the state cannot be written there ({error})") from error

    @classmethod
    def load(cls, path: str | Path) -> CarriedState:
        """Read what `save` wrote; raise `InputError` if the file is something else, or cannot be read."""
        try:
            tensors = load_file(path)
            return cls([tensors[str(number)] for number in range(len(tensors))])
        except OSError as error:
            raise InputError(f"{path}: the state cannot be read from there ({error})") from error
        except (SafetensorError, KeyError) as error:
            raise InputError(f"{path}: not a state that CarriedState.save wrote ({error})") from None
