"""`RNNCell`, `LSTMCell` and `GRUCell` against torch.nn's."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import recurra.nn
from recurra.errors import InputError
from recurra.testing.tolerances import error_of, tolerance

CELLS: dict[str, tuple[str, dict[str, Any]]] = {
    "RNNCell": ("RNNCell", {}),
    "RNNCell, relu": ("RNNCell", {"nonlinearity": "relu"}),
    "GRUCell": ("GRUCell", {}),
    "LSTMCell": ("LSTMCell", {}),
}
every_cell = pytest.mark.parametrize("kind", CELLS)


def pair(kind: str, **options: Any) -> tuple[Any, Any]:
    name, further = CELLS[kind]
    theirs = getattr(nn, name)(3, 5, **options, **further)
    ours = getattr(recurra.nn, name)(3, 5, **options, **further)
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


def everything(cell: Any, x: Tensor, hx: Any) -> list[Tensor]:
    """Return the new states and the gradients by input, states and parameters."""
    found = cell(x) if hx is None else cell(x, hx)
    states = found if isinstance(found, tuple) else (found,)
    given = () if hx is None else hx if isinstance(hx, tuple) else (hx,)
    loss = sum(
        (state * torch.linspace(-1, 1, state.numel(), dtype=x.dtype).reshape(state.shape)).sum() for state in states
    )
    return [*states, *torch.autograd.grad(loss, [x, *given, *cell.parameters()])]


@every_cell
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("batch", [(), (1,), (4,)], ids=["unbatched", "one", "four"])
@pytest.mark.parametrize("given", [False, True], ids=["default state", "given state"])
def test_a_step_is_torchs(kind: str, bias: bool, dtype: torch.dtype, batch: tuple[int, ...], given: bool) -> None:
    theirs, ours = pair(kind, bias=bias, dtype=dtype)
    x = torch.randn(*batch, 3, dtype=dtype, requires_grad=True)
    states = tuple(torch.randn(*batch, 5, dtype=dtype, requires_grad=True) for _ in range(2 if "LSTM" in kind else 1))
    hx = None if not given else states if len(states) > 1 else states[0]
    allowed = tolerance(str(dtype).removeprefix("torch.")).gradient
    for expected, found in zip(everything(theirs, x, hx), everything(ours, x, hx), strict=True):
        assert found.shape == expected.shape
        assert error_of(found.detach().numpy(), expected.detach().numpy()) <= allowed


@every_cell
def test_a_batch_of_none(kind: str) -> None:
    _, ours = pair(kind)
    found = ours(torch.zeros(0, 3))
    assert (found[0] if isinstance(found, tuple) else found).shape == (0, 5)


@every_cell
def test_steps_make_a_layer(kind: str) -> None:
    """A loop of steps gives what the layer with the same weights gives."""
    _, cell = pair(kind, dtype=torch.float64)
    name, further = CELLS[kind]
    layer = getattr(recurra.nn, name.removesuffix("Cell"))(3, 5, dtype=torch.float64, **further)
    layer.load_state_dict({f"{key}_l0": value for key, value in cell.state_dict().items()})
    x = torch.randn(7, 2, 3, dtype=torch.float64)
    state = None
    outputs = []
    for step in x:
        state = cell(step) if state is None else cell(step, state)
        outputs.append(state[0] if isinstance(state, tuple) else state)
    torch.testing.assert_close(torch.stack(outputs), layer(x)[0])


@every_cell
def test_it_is_torchs_class(kind: str) -> None:
    theirs, ours = pair(kind)
    assert isinstance(ours, type(theirs))
    assert repr(ours) == repr(theirs)
    theirs.load_state_dict(ours.state_dict())


@every_cell
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (torch.zeros(2, 4), r"input: got 4 features \(shape \(2, 4\)\), expected 3"),
        (torch.zeros(2, 2, 3), r"input: got \(2, 2, 3\), expected \(batch, input_size\) or \(input_size,\)"),
        (torch.zeros(2, 3, dtype=torch.float64), r"input: got torch.float64, the layer has torch.float32"),
        ([1.0, 2.0, 3.0], r"input: got list"),
    ],
)
def test_a_wrong_input(kind: str, x: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        pair(kind)[1](x)


@pytest.mark.parametrize(
    ("kind", "hx", "message"),
    [
        ("GRUCell", torch.zeros(2, 4), r"initial state h: got shape \(2, 4\), expected \(2, 5\)"),
        ("RNNCell", torch.zeros(3, 5), r"initial state h: got shape \(3, 5\), expected \(2, 5\)"),
        ("LSTMCell", (torch.zeros(2, 5),), r"got 1 tensors, expected 2: \(initial state h, initial state c\)"),
        ("LSTMCell", (torch.zeros(2, 5), None), r"initial state c: got NoneType, expected a tensor of shape \(2, 5\)"),
        ("LSTMCell", torch.zeros(2, 5), r"the initial state: got 1 tensors, expected 2"),
        ("GRUCell", torch.zeros(2, 5).double(), r"initial state h: got torch.float64"),
    ],
)
def test_a_wrong_state(kind: str, hx: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        pair(kind)[1](torch.zeros(2, 3), hx)
