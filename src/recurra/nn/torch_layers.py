"""`RNN`, `LSTM` and `GRU`: torch.nn's layers, run from the cells' equations.

They are torch.nn's own classes, so parameters, initialisation, state_dict and `isinstance` are the same; only
`forward` is recurra's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from recurra.backends.parameters import Parameters, Part
from recurra.nn.choice import check_name
from recurra.nn.gates import GRU_LAYOUT, LSTM_LAYOUT, RNN_LAYOUTS, Layout
from recurra.nn.layer import Layer
from recurra.nn.outside import opaque_to_compile
from recurra.nn.sequences import Sequences, State, run
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
        return Stack(cell, self._layers(), Mode(self.backend, self.training, self.dropout, return_states))

    @opaque_to_compile
    def _run(self, input: Sequences, hx: State | None) -> tuple[Sequences, tuple[Tensor, ...]]:
        output, states, _ = run(self.stack(), input, hx, further={}, batch_first=self.batch_first)
        return output, states

    def _layers(self) -> list[list[Direction]]:
        layout, options = self._layout, {"bias": self.bias, "proj_size": self.proj_size}
        parts, names = layout.parts(**options), layout.names(**options)
        suffixes = ("", "_reverse") if self.bidirectional else ("",)
        return [
            [self._direction(f"_l{layer}{suffix}", names, parts) for suffix in suffixes]
            for layer in range(self.num_layers)
        ]

    def _direction(self, suffix: str, names: Sequence[str], parts: Sequence[Part]) -> Direction:
        tensors = [getattr(self, name + suffix) for name in names]
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

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, input: Sequences, hx: Tensor | None = None
    ) -> tuple[Sequences, Tensor]:
        """Run the layers over sequences; shapes and errors as for `recurra.nn.Recurrent.forward`."""
        output, (h_n,) = self._run(input, hx)
        return output, h_n


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

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, input: Sequences, hx: Tensor | None = None
    ) -> tuple[Sequences, Tensor]:
        """Run the layers over sequences; shapes and errors as for `recurra.nn.Recurrent.forward`."""
        output, (h_n,) = self._run(input, hx)
        return output, h_n


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

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        input: Sequences,
        hx: tuple[Tensor, Tensor] | None = None,
    ) -> tuple[Sequences, tuple[Tensor, Tensor]]:
        """Run the layers over sequences; shapes and errors as for `recurra.nn.Recurrent.forward`."""
        output, (h_n, c_n) = self._run(input, hx)
        return output, (h_n, c_n)
