"""`Sequential`: recurrent layers with heads behind or between them, as one module."""

from __future__ import annotations

from typing import Any

from torch import nn
from torch.nn.utils.rnn import PackedSequence

from recurra.errors import InputError
from recurra.nn.layer import Layer
from recurra.nn.run import Sequences, State
from recurra.nn.stream import Stream

__all__ = ["Sequential"]


class Sequential(nn.Sequential):
    """Modules one after the other; recurrent ones pass on their outputs, and their states are returned together.

    Parameters are those of `torch.nn.Sequential`: modules, or an ordered mapping of them. Modules that are no
    recurrent layers see the features of every step.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import GRU, Sequential
    >>> model = Sequential(GRU(3, 8, num_layers=2), torch.nn.Dropout(0.1), torch.nn.Linear(8, 1))
    >>> output, states = model(torch.randn(7, 2, 3))
    >>> output.shape, states[0].shape
    (torch.Size([7, 2, 1]), torch.Size([2, 2, 8]))
    """

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, input: Sequences, hx: tuple[State, ...] | None = None
    ) -> tuple[Sequences, tuple[State, ...]]:
        """Run the modules over sequences.

        Parameters
        ----------
        input : as the first module takes it
        hx : tuple, optional
            For each recurrent layer its initial states, as it takes them; zeros by default.

        Returns
        -------
        output : laid out as `input`
        states : tuple, for each recurrent layer the states after the last step
        """
        recurrent = [module for module in self if isinstance(module, Layer)]
        if hx is not None and (not isinstance(hx, (tuple, list)) or len(hx) != len(recurrent)):
            raise InputError(f"hx: expected a tuple of {len(recurrent)} states, one for each recurrent layer")
        initial = iter(hx or (None,) * len(recurrent))
        states: list[State] = []
        value: Any = input
        for module in self:
            if isinstance(module, Layer):
                value, state = module(value, next(initial))
                states.append(state)
            elif isinstance(value, PackedSequence):
                value = value._replace(data=module(value.data))
            else:
                value = module(value)
        return value, tuple(states)

    def stream(self, batch: int = 1) -> Stream:
        """Return what runs these modules one sample at a time; see `recurra.nn.Stream`."""
        return Stream(self, batch=batch)
