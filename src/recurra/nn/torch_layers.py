"""`RNN`, `LSTM` and `GRU`: torch.nn's layers, run from the cells' equations.

They are torch.nn's own classes, so parameters, initialisation, state_dict and `isinstance` are the same; only
`forward` is recurra's.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import nn

from recurra.nn.choice import check_name
from recurra.nn.gates import GRU_LAYOUT, LSTM_LAYOUT, RNN_LAYOUTS, Layout
from recurra.nn.layer import DirectionLayout, Layer
from recurra.nn.outside import say_once
from recurra.nn.sequences import Sequences, State
from recurra.nn.stack import Direction, Mode, Stack

__all__ = ["GRU", "LSTM", "RNN"]

Device = torch.device | str | None


class _FromEquations(Layer, nn.RNNBase):
    """What the three layers share: from torch's parameters to a stack of cells."""

    backend: str = "auto"
    _original: type[nn.RNNBase]

    @property
    def _layout(self) -> Layout:
        raise NotImplementedError

    def torch_layer(self) -> nn.RNNBase:
        """Return torch.nn's own layer with this one's parameters: for TorchScript, quantisation and the like."""
        options: dict[str, Any] = {"bias": self.bias, "batch_first": self.batch_first, "dropout": self.dropout,
                                   "bidirectional": self.bidirectional, "device": "meta"}  # fmt: skip
        if self.proj_size:
            options["proj_size"] = self.proj_size
        if isinstance(self, nn.RNN):
            options["nonlinearity"] = self.nonlinearity
        original: Any = self._original(self.input_size, self.hidden_size, self.num_layers, **options)  # pyright: ignore[reportArgumentType]
        for name in original._flat_weights_names:
            setattr(original, name, getattr(self, name))
        original._init_flat_weights()
        return original.train(self.training)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; say that quantisation, which marks the layers it goes through, leaves this one as it is."""
        if name == "qconfig":
            say_once(
                f"torch.ao.quantization knows torch.nn's own classes: recurra.nn.{type(self).__name__} keeps its "
                "weights as they are; put `layer.torch_layer()` in its place to have it quantised"
            )
        super().__setattr__(name, value)

    def _traced(self, input: Sequences, hx: State | None) -> tuple[Any, ...]:
        """Run torch's own layer, whose operator stands in the recorded graph for any length and batch."""
        return self._original.forward(self, input, hx)  # pyright: ignore[reportArgumentType]

    def __prepare_scriptable__(self) -> nn.Module:
        """Return what `torch.jit.script` compiles: torch's own layer."""
        return self.torch_layer()

    def stack(self, *, return_states: bool = False) -> Stack:
        """Return the cell, the layers with their parameters, and how they run now."""
        cell = self._layout.cell_for(bias=self.bias, proj_size=self.proj_size)
        return Stack(cell, self._layers(), Mode(self.backend, self.training, self.dropout, return_states, self.watch))

    def _layers(self) -> list[list[Direction]]:
        return [[self._direction(each) for each in layer] for layer in self._layouts]

    @property
    def _layouts(self) -> list[list[DirectionLayout]]:
        return _layouts(*self._structure)

    @property
    def _structure(self) -> tuple[Any, ...]:
        return (
            self._layout, self.bias, self.bidirectional, self.num_layers, self.input_size, self.hidden_size,
            self.proj_size,
        )  # fmt: skip


@functools.lru_cache(maxsize=512)
def _layouts(
    layout: Layout, bias: bool, bidirectional: bool, num_layers: int, input_size: int, hidden_size: int, proj_size: int
) -> list[list[DirectionLayout]]:
    """Return for each layer and direction how its parameters are laid out; positional, as a call looks it up."""
    above = (2 if bidirectional else 1) * (proj_size or hidden_size)
    parts = layout.parts(bias=bias, proj_size=proj_size)

    def direction(layer: int, suffix: str) -> DirectionLayout:
        sizes = {
            "input_size": above if layer else input_size, "hidden_size": hidden_size, "proj_size": proj_size,
        }  # fmt: skip
        names = (f"{name}_l{layer}{suffix}" for name in layout.names(bias=bias, proj_size=proj_size))
        return DirectionLayout(sizes, tuple(names), layout.shapes(bias=bias, **sizes), parts, f"_l{layer}{suffix}")

    suffixes = ("", "_reverse") if bidirectional else ("",)
    return [[direction(layer, suffix) for suffix in suffixes] for layer in range(num_layers)]


def _refuse(name: str, unknown: Mapping[str, Any]) -> None:
    """Refuse arguments that a layer has not, as torch.nn does: `proj_size` is the LSTM's alone, and a ValueError."""
    if "proj_size" in unknown:
        raise ValueError(
            f"{name}: proj_size argument is only supported for LSTM, not RNN or GRU (got proj_size="
            f"{unknown['proj_size']!r})"
        )
    if unknown:
        raise TypeError(f"{name}: got unexpected arguments {sorted(unknown)}")


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
        **unknown: Any,
    ) -> None:
        _refuse("RNN", unknown)
        nn.RNN.__init__(
            self, input_size, hidden_size, num_layers, nonlinearity, bias, batch_first, dropout, bidirectional,
            device=device, dtype=dtype,
        )  # fmt: skip
        self.backend = check_name(backend)

    _original = nn.RNN

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
        **unknown: Any,
    ) -> None:
        _refuse("GRU", unknown)
        nn.GRU.__init__(
            self, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            device=device, dtype=dtype,
        )  # fmt: skip
        self.backend = check_name(backend)

    _original = nn.GRU

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

    _original = nn.LSTM

    @property
    def _layout(self) -> Layout:
        return LSTM_LAYOUT
