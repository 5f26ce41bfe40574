"""`RNNCell`, `LSTMCell` and `GRUCell`: torch.nn's single steps, run from the cells' equations."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import torch
from torch import Tensor, nn

from recurra.backends.parameters import Parameters
from recurra.errors import InputError
from recurra.nn.checks import check_like, check_parameters, check_states
from recurra.nn.direct import DirectCalls, Shapes
from recurra.nn.gates import GRU_LAYOUT, LSTM_LAYOUT, RNN_LAYOUTS, Layout
from recurra.nn.outside import is_proxy, is_recorded
from recurra.nn.sequences import State, run
from recurra.nn.stack import Direction, Mode, Stack

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]


def _is_recorded(x: object) -> bool:
    """Return whether torch's own cell runs, which every recorder knows; one step has nothing to fuse but by them."""
    return torch.compiler.is_compiling() or is_recorded() or is_proxy(x)


def _original(module: nn.RNNCellBase, kind: type[nn.Module]) -> nn.Module:
    """Return torch's own cell with a cell's parameters."""
    original = kind.__new__(kind)
    original.__dict__.update(module.__dict__)
    return original


def _step(module: nn.RNNCellBase, layout: Layout, x: Tensor, states: State | None) -> Sequence[Tensor]:
    """Run one step of a torch.nn cell; (batch, features) or (features,)."""
    if not isinstance(x, Tensor) or x.dim() not in (1, 2):
        got = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
        raise InputError(f"input: got {got}, expected (batch, input_size) or (input_size,)")
    if x.shape[-1] != module.input_size:
        raise InputError(f"input: got {x.shape[-1]} features (shape {tuple(x.shape)}), expected {module.input_size}")
    cell, names = layout.cell_for(bias=module.bias, proj_size=0), layout.names(bias=module.bias, proj_size=0)
    tensors = [getattr(module, name) for name in names]
    sizes = {"input_size": module.input_size, "hidden_size": module.hidden_size}
    check_parameters(tensors, names=names, shapes=layout.shapes(bias=module.bias, proj_size=0, **sizes))
    parts = layout.parts(bias=module.bias, proj_size=0)
    direction = Direction(sizes, Parameters(tensors, parts), False)
    stack = Stack(cell, [[direction]], Mode("auto", training=True, dropout=0.0))  # a step knows no other way to run
    initial = None if states is None else _with_layers(states, cell.states, x.shape[:-1], module)
    check_like(x, name="input", like=module.weight_ih)
    _, final, _ = run(stack, x.unsqueeze(0), initial, further={}, batch_first=False)
    if type(x) is Tensor:
        kept: DirectCalls = module.__dict__.setdefault("_direct", DirectCalls())
        given = () if states is None else (states,) if isinstance(states, Tensor) else states
        kept.keep(_call_key(module, layout, x), names, stack, Shapes.of_step(x.shape), (x, *given))
    return tuple(state.squeeze(0) for state in final)


def _directly(
    module: nn.RNNCellBase, layout: Layout, x: Tensor, states: Sequence[Tensor] | None
) -> Sequence[Tensor] | None:
    """Return what a step gives that was made before with tensors of these shapes; None for another."""
    calls: DirectCalls | None = module.__dict__.get("_direct")
    if calls is None or type(x) is not Tensor:
        return None
    found = calls.run(module, _call_key(module, layout, x), x, states)
    return None if found is None else found[1]


def _call_key(module: nn.RNNCellBase, layout: Layout, x: Tensor) -> Hashable:
    """Return what decides a call beside the states and the parameters."""
    return x.shape, torch.get_num_threads(), layout, module.bias, module.input_size, module.hidden_size


def _with_layers(
    states: State, names: Sequence[str], batch: Sequence[int], module: nn.RNNCellBase
) -> tuple[Tensor, ...]:
    """Check the given states and return them as those of a stack of one layer."""
    shapes = [(*batch, module.hidden_size)] * len(names)
    labels = [f"initial state {name}" for name in names]
    given = check_states(states, names=labels, shapes=shapes, like=module.weight_ih)
    return tuple(state.unsqueeze(0) for state in given)


class RNNCell(nn.RNNCell):
    """`torch.nn.RNNCell`, with the same arguments, parameters, shapes and results."""

    def __prepare_scriptable__(self) -> nn.Module:
        """Return what `torch.jit.script` compiles: torch's own cell."""
        return _original(self, nn.RNNCell)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """Run one step: input (batch, input_size) or (input_size,), state likewise of hidden_size."""
        layout = RNN_LAYOUTS[self.nonlinearity]
        found = _directly(self, layout, input, None if hx is None else (hx,))
        if found is not None:
            return found[0]
        if _is_recorded(input):
            return super().forward(input, hx)
        return _step(self, layout, input, hx)[0]


class GRUCell(nn.GRUCell):
    """`torch.nn.GRUCell`, with the same arguments, parameters, shapes and results."""

    def __prepare_scriptable__(self) -> nn.Module:
        """Return what `torch.jit.script` compiles: torch's own cell."""
        return _original(self, nn.GRUCell)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """Run one step: input (batch, input_size) or (input_size,), state likewise of hidden_size."""
        layout = GRU_LAYOUT
        found = _directly(self, layout, input, None if hx is None else (hx,))
        if found is not None:
            return found[0]
        if _is_recorded(input):
            return super().forward(input, hx)
        return _step(self, layout, input, hx)[0]


class LSTMCell(nn.LSTMCell):
    """`torch.nn.LSTMCell`, with the same arguments, parameters, shapes and results."""

    def __prepare_scriptable__(self) -> nn.Module:
        """Return what `torch.jit.script` compiles: torch's own cell."""
        return _original(self, nn.LSTMCell)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """Run one step: input (batch, input_size) or (input_size,), states (h, c) likewise of hidden_size."""
        found = _directly(self, LSTM_LAYOUT, input, hx)
        if found is None and _is_recorded(input):
            return super().forward(input, hx)
        h, c = found or _step(self, LSTM_LAYOUT, input, hx)
        return h, c
