"""`RNN`, `LSTM`, `GRU` and their single cells: torch.nn's layers, run from the cells' equations.

They are torch.nn's own classes, so parameters, initialisation, state_dict and `isinstance` are the same; only
`forward` is recurra's.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from recurra import cells
from recurra.arguments import checked
from recurra.backends.parameters import Parameters, Part
from recurra.errors import InputError
from recurra.export import ExportedModel, export
from recurra.nn.batch import Sequences
from recurra.nn.checks import check_like, check_named, check_parameters, check_states, shape_or_kind
from recurra.nn.choice import check_name
from recurra.nn.direct import DirectCalls
from recurra.nn.direct_stack import Shapes
from recurra.nn.guards import is_proxy, is_recorded, say_once
from recurra.nn.layer import Layer
from recurra.nn.run import State, run
from recurra.nn.stack import Direction, DirectionLayout, Stack
from recurra.spec import Cell

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell"]


@dataclass(frozen=True, eq=False)
class GateLayout:
    """torch.nn stacks the gates' weights on top of each other, transposed, and keeps two biases a gate.

    Attributes
    ----------
    cell : Cell
        The cell with these equations.
    gates : mapping
        Gate -> the cell's parameters for input, state and bias, in torch's order.
    state_bias : mapping
        Gate -> the parameter for its second bias, where the cell keeps two; elsewhere torch's two are added.
    projection : Cell or None
        The cell for ``proj_size > 0``.
    """

    cell: Cell
    gates: Mapping[str, tuple[str, str, str]]
    state_bias: Mapping[str, str]
    projection: Cell | None = None

    def cell_for(self, *, bias: bool, proj_size: int) -> Cell:
        """Return the cell that these options of torch.nn mean."""
        chosen = self.projection if proj_size and self.projection else self.cell
        return chosen if bias else chosen.without_biases()

    @functools.cache  # noqa: B019  # layouts are few and live as long as the module
    def names(self, *, bias: bool, proj_size: int) -> tuple[str, ...]:
        """Return the names of a layer's tensors, without its number."""
        biases = ("bias_ih", "bias_hh") if bias else ()
        return ("weight_ih", "weight_hh", *biases, *(("weight_hr",) if proj_size else ()))

    def shapes(self, *, bias: bool, input_size: int, hidden_size: int, proj_size: int) -> tuple[tuple[int, ...], ...]:
        """Return the shapes of the tensors of `names`."""
        rows = len(self.gates) * hidden_size
        biases = ((rows,), (rows,)) if bias else ()
        projection = ((proj_size, hidden_size),) if proj_size else ()
        return ((rows, input_size), (rows, proj_size or hidden_size), *biases, *projection)

    @functools.cache  # noqa: B019
    def parts(self, *, bias: bool, proj_size: int) -> tuple[Part, ...]:
        """Return where the cell's parameters stand in the tensors of `names`."""
        # bias_ih and bias_hh are tensors 2 and 3; weight_hr, the LSTM's projection, is the last, with or without biases
        last, count = len(self.names(bias=bias, proj_size=proj_size)) - 1, len(self.gates)
        found = {"W_r": Part((last,), is_transposed=True)}
        for k, (gate, (x_name, h_name, b_name)) in enumerate(self.gates.items()):
            found |= {x_name: Part((0,), k, count, True), h_name: Part((1,), k, count, True)}
            # torch's GRU multiplies one of the candidate's biases by the reset gate; all other pairs are only added up
            own = self.state_bias.get(gate)
            found |= {b_name: Part((2,), k, count), own: Part((3,), k, count)} if own else {
                b_name: Part((2, 3), k, count)
            }  # fmt: skip
        cell = self.cell_for(bias=bias, proj_size=proj_size)
        return tuple(found[parameter.name] for parameter in cell.parameters)


def _named(letters: str) -> dict[str, tuple[str, str, str]]:
    return {letter: (f"W_x{letter}", f"W_h{letter}", f"b_{letter}") for letter in letters}


LSTM_LAYOUT = GateLayout(cells.LSTM, _named("ifco"), {}, projection=cells.ProjectedLSTM)
GRU_LAYOUT = GateLayout(cells.GRU, _named("rzn"), {"n": "b_hn"})
RNN_LAYOUTS = {
    "tanh": GateLayout(cells.Elman, {"h": ("W_x", "W_h", "b")}, {}),
    "relu": GateLayout(cells.ElmanReLU, {"h": ("W_x", "W_h", "b")}, {}),
}

Device = torch.device | str | None


class _FromEquations(Layer, nn.RNNBase):
    """What the three layers share: from torch's parameters to a stack of cells."""

    backend: str = "auto"
    _original: type[nn.RNNBase]

    @property
    def _gates(self) -> GateLayout:
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
        """Run torch's own layer, whose operator stands in the recorded graph; where any length is wanted, as a scan."""
        if isinstance(input, Tensor) and input.dim() in (2, 3):
            time = input.shape[-2 if self.batch_first or input.dim() == 2 else 0]
            if isinstance(time, torch.SymInt):
                return super()._traced(input, hx)
        return self._original.forward(self, input, hx)  # pyright: ignore[reportArgumentType]

    def __prepare_scriptable__(self) -> nn.Module:
        """Return what `torch.jit.script` compiles: torch's own layer."""
        return self.torch_layer()

    def _parts(self) -> tuple[Cell, list[list[DirectionLayout]]]:
        return self._gates.cell_for(bias=self.bias, proj_size=self.proj_size), _layouts(*self._structure)

    @property
    def _structure(self) -> tuple[GateLayout, bool, bool, int, int, int, int]:
        return (
            self._gates, self.bias, self.bidirectional, self.num_layers, self.input_size, self.hidden_size,
            self.proj_size,
        )  # fmt: skip


@functools.lru_cache(maxsize=512)
def _layouts(
    gates: GateLayout,
    bias: bool,
    bidirectional: bool,
    num_layers: int,
    input_size: int,
    hidden_size: int,
    proj_size: int,
) -> list[list[DirectionLayout]]:
    """Return for each layer and direction how its parameters are laid out; positional, as a call looks it up."""
    above = (2 if bidirectional else 1) * (proj_size or hidden_size)
    parts = gates.parts(bias=bias, proj_size=proj_size)

    def direction(layer: int, suffix: str) -> DirectionLayout:
        sizes = {
            "input_size": above if layer else input_size, "hidden_size": hidden_size, "proj_size": proj_size,
        }  # fmt: skip
        names = (f"{name}_l{layer}{suffix}" for name in gates.names(bias=bias, proj_size=proj_size))
        return DirectionLayout(sizes, tuple(names), gates.shapes(bias=bias, **sizes), parts, f"_l{layer}{suffix}")

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

    Examples
    --------
    >>> import torch
    >>> layer = RNN(3, 5, nonlinearity='relu')
    >>> output, h_n = layer(torch.randn(7, 2, 3))
    >>> output.shape, h_n.shape
    (torch.Size([7, 2, 5]), torch.Size([1, 2, 5]))
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
    def _gates(self) -> GateLayout:
        return RNN_LAYOUTS[self.nonlinearity]


class GRU(_FromEquations, nn.GRU):
    """`torch.nn.GRU`, with the same arguments, parameters, shapes and results.

    Parameters are those of `torch.nn.GRU`, and `backend` as in `recurra.nn.Recurrent`.

    Examples
    --------
    >>> import torch
    >>> output, h_n = GRU(3, 5, bidirectional=True)(torch.randn(7, 2, 3))
    >>> output.shape, h_n.shape
    (torch.Size([7, 2, 10]), torch.Size([2, 2, 5]))
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
    def _gates(self) -> GateLayout:
        return GRU_LAYOUT


class LSTM(_FromEquations, nn.LSTM):
    """`torch.nn.LSTM`, with the same arguments, parameters, shapes and results.

    Parameters are those of `torch.nn.LSTM`, and `backend` as in `recurra.nn.Recurrent`.

    Examples
    --------
    >>> import torch
    >>> layer = LSTM(3, 5, num_layers=2)
    >>> output, (h_n, c_n) = layer(torch.randn(7, 2, 3))
    >>> output.shape, h_n.shape
    (torch.Size([7, 2, 5]), torch.Size([2, 2, 5]))
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
    def _gates(self) -> GateLayout:
        return LSTM_LAYOUT


class _SingleStep(nn.RNNCellBase):
    """What the three cells share: one step as that of a stack of one layer."""

    _original: type[nn.Module]

    def __prepare_scriptable__(self) -> nn.Module:
        """Return what `torch.jit.script` compiles: torch's own cell, with this one's parameters."""
        original = self._original.__new__(self._original)
        original.__dict__.update({name: value for name, value in self.__dict__.items() if name != "_direct"})
        return original

    @property
    def _gates(self) -> GateLayout:
        raise NotImplementedError

    def forward(self, input: Tensor, hx: State | None = None) -> Any:
        """Run one step: input (batch, input_size) or (input_size,), states likewise of hidden_size: h, or (h, c)."""
        found = DirectCalls.run(self, self._call_key, input, hx)
        if found is None and self._is_recorded(input):
            return super().forward(input, hx)
        states = self._step(input, hx) if found is None else found
        first, *further = states
        return (first, *further) if further else first

    def _is_recorded(self, x: object) -> bool:
        """Return whether torch's own cell runs, which recorders know; one step has nothing to fuse but by them."""
        return torch.compiler.is_compiling() or is_recorded() or is_proxy(x)

    def _step(self, x: Tensor, states: State | None) -> tuple[Tensor, ...]:
        """Run one step; (batch, features) or (features,)."""
        if not isinstance(x, Tensor) or x.dim() not in (1, 2):
            raise InputError(f"input: got {shape_or_kind(x)}, expected (batch, input_size) or (input_size,)")
        if x.shape[-1] != self.input_size:
            raise InputError(f"input: got {x.shape[-1]} features (shape {tuple(x.shape)}), expected {self.input_size}")
        gates = self._gates
        cell, names = gates.cell_for(bias=self.bias, proj_size=0), gates.names(bias=self.bias, proj_size=0)
        tensors = [getattr(self, name) for name in names]
        sizes = {"input_size": self.input_size, "hidden_size": self.hidden_size}
        check_parameters(tensors, names=names, shapes=gates.shapes(bias=self.bias, proj_size=0, **sizes))
        parameters = Parameters(tensors, gates.parts(bias=self.bias, proj_size=0))
        backend = "auto" if x.is_cpu else "torch"  # on a GPU a kernel of one step saves nothing
        stack = Stack(cell, [[Direction(sizes, parameters, False)]], backend, training=True, dropout=0.0)
        initial = None
        if states is not None:
            labels = [f"initial state {name}" for name in cell.states]
            shapes = [(*x.shape[:-1], self.hidden_size)] * len(labels)
            given = check_states(states, names=labels, shapes=shapes, like=self.weight_ih)
            initial = tuple(state.unsqueeze(0) for state in given)
        check_like(x, name="input", like=self.weight_ih)
        _, final, _ = run(stack, x.unsqueeze(0), initial, further={}, batch_first=False)
        DirectCalls.keep(self, self._call_key, x, states, names=names, stack=stack, shapes=Shapes.of_step)
        return tuple(state.squeeze(0) for state in final)

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        """Return what `recurra.export` is given: the layer of which this is one step, with this one's weights."""
        kind: Any = {nn.LSTMCell: LSTM, nn.GRUCell: GRU, nn.RNNCell: RNN}[self._original]
        options = {"nonlinearity": self.nonlinearity} if isinstance(self, nn.RNNCell) else {}
        layer = kind(self.input_size, self.hidden_size, bias=self.bias, device="meta", **options)
        for name, parameter in self.named_parameters(recurse=False):
            setattr(layer, f"{name}_l0", parameter)
        return layer.exported(weights=weights)

    @checked(InputError)
    def export(self, out: str | Path, *, to: str | None = None, **options: Any) -> tuple[Path, ...]:
        """Write this step as code or a graph that runs without Python; see `recurra.export.export` for the options.

        In ONNX, `streaming=True` is one step; otherwise the graph runs whole sequences.
        """
        return export(self, out, to=to, **options)

    def _call_key(self, x: Tensor) -> Hashable:
        """Return what decides a step beside the states and the parameters."""
        return x.shape, torch.get_num_threads(), self._gates, self.bias, self.input_size, self.hidden_size


class RNNCell(_SingleStep, nn.RNNCell):
    """`torch.nn.RNNCell`, with the same arguments, parameters, shapes and results.

    Examples
    --------
    >>> import torch
    >>> RNNCell(3, 5)(torch.randn(2, 3)).shape
    torch.Size([2, 5])
    """

    _original = nn.RNNCell

    @property
    def _gates(self) -> GateLayout:
        if self.nonlinearity not in RNN_LAYOUTS:
            check_named("nonlinearity", self.nonlinearity, known=list(RNN_LAYOUTS))
        return RNN_LAYOUTS[self.nonlinearity]


class GRUCell(_SingleStep, nn.GRUCell):
    """`torch.nn.GRUCell`, with the same arguments, parameters, shapes and results.

    Examples
    --------
    >>> import torch
    >>> GRUCell(3, 5)(torch.randn(2, 3)).shape
    torch.Size([2, 5])
    """

    _original = nn.GRUCell

    @property
    def _gates(self) -> GateLayout:
        return GRU_LAYOUT


class LSTMCell(_SingleStep, nn.LSTMCell):
    """`torch.nn.LSTMCell`, with the same arguments, parameters, shapes and results.

    Examples
    --------
    >>> import torch
    >>> h, c = LSTMCell(3, 5)(torch.randn(2, 3))
    >>> h.shape, c.shape
    (torch.Size([2, 5]), torch.Size([2, 5]))
    """

    _original = nn.LSTMCell

    @property
    def _gates(self) -> GateLayout:
        return LSTM_LAYOUT
