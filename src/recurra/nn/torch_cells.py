"""`RNNCell`, `LSTMCell` and `GRUCell`: torch.nn's single steps, run from the cells' equations."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from recurra.errors import InputError
from recurra.nn.checks import check_like
from recurra.nn.gates import GRU_LAYOUT, LSTM_LAYOUT, RNN_LAYOUTS, Layout
from recurra.nn.sequences import run
from recurra.nn.stack import Direction, Mode, Stack

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]


def _step(module: nn.RNNCellBase, layout: Layout, x: Tensor, states: Sequence[Tensor] | None) -> tuple[Tensor, ...]:
    """Run one step of a torch.nn cell; (batch, features) or (features,)."""
    if not isinstance(x, Tensor) or x.dim() not in (1, 2):
        got = tuple(x.shape) if isinstance(x, Tensor) else type(x).__name__
        raise InputError(f"input: got {got}, expected (batch, input_size) or (input_size,)")
    if x.shape[-1] != module.input_size:
        raise InputError(f"input: got {x.shape[-1]} features (shape {tuple(x.shape)}), expected {module.input_size}")
    check_like(x, name="input", like=module.weight_ih)
    cell = layout.cell_for(bias=module.bias, proj_size=0)
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")[: 4 if module.bias else 2]
    found = layout.translate({name: getattr(module, name) for name in names})
    sizes = {"input_size": module.input_size, "hidden_size": module.hidden_size}
    direction = Direction(sizes, [found[parameter.name] for parameter in cell.parameters], False)
    stack = Stack(cell, [[direction]], Mode("auto", module.training, 0.0))
    initial = None if states is None else tuple(_with_layer(state) for state in states)
    _, final = run(stack, x.unsqueeze(0), initial, further={}, batch_first=False)
    return tuple(state.squeeze(0) for state in final)


def _with_layer(state: object) -> Tensor:
    if not isinstance(state, Tensor):
        raise InputError(f"hx: got {type(state).__name__}, expected a tensor")
    return state.unsqueeze(0)


class RNNCell(nn.RNNCell):
    """`torch.nn.RNNCell`, with the same arguments, parameters, shapes and results."""

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """Run one step: input (batch, input_size) or (input_size,), state likewise of hidden_size."""
        return _step(self, RNN_LAYOUTS[self.nonlinearity], input, None if hx is None else (hx,))[0]


class GRUCell(nn.GRUCell):
    """`torch.nn.GRUCell`, with the same arguments, parameters, shapes and results."""

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """Run one step: input (batch, input_size) or (input_size,), state likewise of hidden_size."""
        return _step(self, GRU_LAYOUT, input, None if hx is None else (hx,))[0]


class LSTMCell(nn.LSTMCell):
    """`torch.nn.LSTMCell`, with the same arguments, parameters, shapes and results."""

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """Run one step: input (batch, input_size) or (input_size,), states (h, c) likewise of hidden_size."""
        h, c = _step(self, LSTM_LAYOUT, input, hx)
        return h, c
