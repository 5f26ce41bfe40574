"""`RNN`, `LSTM` and `GRU`: torch.nn's layers, run from the cells' equations.

They are torch.nn's own classes, so parameters, initialisation, state_dict and `isinstance` are the same; only
`forward` is recurra's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import nn

from recurra.backends.parameters import Parameters, Part
from recurra.nn.choice import check_name
from recurra.nn.gates import GRU_LAYOUT, LSTM_LAYOUT, RNN_LAYOUTS, Layout
from recurra.nn.layer import Layer, tensors_of
from recurra.nn.stack import Direction, Mode, Stack

__all__ = ["GRU", "LSTM", "RNN"]

Device = torch.device | str | None


class _FromEquations(Layer, nn.RNNBase):
    """What the three layers share: from torch's parameters to a stack of cells."""

    backend: str = "auto"

    @property
    def _layout(self) -> Layout:
        raise NotImplementedError

    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""
        cell = self._layout.cell_for(bias=self.bias, proj_size=self.proj_size)
        return Stack(cell, self._layers(), Mode(self.backend, self.training, self.dropout, return_states, self.watch))

    def _layers(self) -> list[list[Direction]]:
        layout, options = self._layout, {"bias": self.bias, "proj_size": self.proj_size}
        parts, names = layout.parts(**options), layout.names(**options)
        suffixes = ("", "_reverse") if self.bidirectional else ("",)
        return [
            [self._direction(f"_l{layer}{suffix}", names, parts) for suffix in suffixes]
            for layer in range(self.num_layers)
        ]

    def _direction(self, suffix: str, names: Sequence[str], parts: Sequence[Part]) -> Direction:
        tensors = tensors_of(self, [name + suffix for name in names])
        sizes = {
            "input_size": tensors[0].shape[1], "hidden_size": self.hidden_size, "proj_size": self.proj_size,
        }  # fmt: skip
        return Direction(sizes, Parameters(tensors, parts), suffix.endswith("_reverse"))


class RNN(_FromEquations, nn.RNN):
    """`torch.nn.RNN`, with the same arguments, parameters, shapes and results.

    Parameters are those of `torch.nn.RNN`, and `backend` as in `recurra.nn.Recurrent`.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: Literal["tanh", "relu"] = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        backend: str = "auto",
    ) -> None:
        nn.RNN.__init__(
            self, input_size, hidden_size, num_layers, nonlinearity, bias, batch_first, dropout, bidirectional,
            device=device, dtype=dtype,
        )  # fmt: skip
        self.backend = check_name(backend)

    @property
    def _layout(self) -> Layout:
        return RNN_LAYOUTS[self.nonlinearity]


class GRU(_FromEquations, nn.GRU):
    """`torch.nn.GRU`, with the same arguments, parameters, shapes and results.

    Parameters are those of `torch.nn.GRU`, and `backend` as in `recurra.nn.Recurrent`.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        backend: str = "auto",
    ) -> None:
        nn.GRU.__init__(
            self, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            device=device, dtype=dtype,
        )  # fmt: skip
        self.backend = check_name(backend)

    @property
    def _layout(self) -> Layout:
        return GRU_LAYOUT


class LSTM(_FromEquations, nn.LSTM):
    """`torch.nn.LSTM`, with the same arguments, parameters, shapes and results.

    Parameters are those of `torch.nn.LSTM`, and `backend` as in `recurra.nn.Recurrent`.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Device = None,
        dtype: torch.dtype | None = None,
        *,
        backend: str = "auto",
    ) -> None:
        nn.LSTM.__init__(
            self, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size,
            device=device, dtype=dtype,
        )  # fmt: skip
        self.backend = check_name(backend)

    @property
    def _layout(self) -> Layout:
        return LSTM_LAYOUT
