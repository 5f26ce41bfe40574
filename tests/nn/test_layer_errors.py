"""What a layer refuses: the message says what was given, what was expected, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from feature_cases import MAKERS, every_layer, make
from own_cells import Decaying, Placed, Readout
from torch.nn.utils.rnn import pack_padded_sequence

import recurra.nn
from recurra.cells import GRU, GRUD, LSTM, TGRU, IntersectionRNN, ProjectedLSTM
from recurra.errors import BackendError, CellError, InputError, RecurraError
from recurra.nn import Recurrent

F = torch.float64


def zeros(*shape: int, dtype: torch.dtype = F) -> torch.Tensor:
    return torch.zeros(shape, dtype=dtype)


INPUTS: dict[str, tuple[Callable[[], Any], str]] = {
    "width": (lambda: zeros(5, 2, 4), r"input: got 4 features \(shape \(5, 2, 4\)\), expected 3"),
    "rank 1": (lambda: zeros(3), r"input: got a tensor of shape \(3,\), expected \(time, batch, features\)"),
    "rank 4": (lambda: zeros(1, 5, 2, 3), r"input: got a tensor of shape \(1, 5, 2, 3\)"),
    "no steps": (lambda: zeros(0, 2, 3), r"input: got \(0, 2, 3\), a sequence of no steps; expected at least one"),
    "float32": (lambda: zeros(5, 2, 3, dtype=torch.float32), r"input: got torch.float32, the layer has torch.float64"),
    "integers": (lambda: zeros(5, 2, 3, dtype=torch.int64), r"input: got torch.int64, the layer has torch.float64"),
    "device": (lambda: zeros(5, 2, 3).to("meta"), r"input: got a tensor on meta, the layer is on cpu"),
    "a list": (lambda: [[1.0, 2.0, 3.0]], r"input: got list, expected a tensor"),
    "nothing": (lambda: None, r"input: got NoneType, expected a tensor"),
    "packed width": (
        lambda: pack_padded_sequence(zeros(5, 2, 4), torch.tensor([5, 2])),
        r"input: got 4 features \(shape \(7, 4\)\), expected 3",
    ),
}


@every_layer
@pytest.mark.parametrize("wrong", INPUTS)
def test_a_wrong_input(kind: str, wrong: str) -> None:
    make_input, message = INPUTS[wrong]
    with pytest.raises(InputError, match=message) as caught:
        make(kind)(make_input())
    assert isinstance(caught.value, (RecurraError, ValueError, RuntimeError))


STATES: dict[str, tuple[Any, str]] = {
    "width": ((zeros(1, 2, 5), zeros(1, 2, 4)), r"initial state h: got shape \(1, 2, 5\), expected \(1, 2, 4\)"),
    "batch": ((zeros(1, 2, 4), zeros(1, 3, 4)), r"initial state c: got shape \(1, 3, 4\), expected \(1, 2, 4\)"),
    "rank": ((zeros(2, 4), zeros(2, 4)), r"initial state h: got shape \(2, 4\), expected \(1, 2, 4\)"),
    "one of two": (zeros(1, 2, 4), r"the initial state: got 1 tensors, expected 2"),
    "three": ((zeros(1, 2, 4),) * 3, r"the initial state: got 3 tensors, expected 2"),
    "dtype": (
        (zeros(1, 2, 4), zeros(1, 2, 4).float()),
        r"initial state c: got torch.float32, the layer has torch.float64",
    ),
    "no tensor": ((zeros(1, 2, 4), 0.0), r"initial state c: got float, expected a tensor of shape \(1, 2, 4\)"),
    "device": ((zeros(1, 2, 4), zeros(1, 2, 4).to("meta")), r"initial state c: got a tensor on meta"),
}


@pytest.mark.parametrize("kind", ["LSTM", "Recurrent"])
@pytest.mark.parametrize("wrong", STATES)
def test_a_wrong_state(kind: str, wrong: str) -> None:
    hx, message = STATES[wrong]
    with pytest.raises(InputError, match=message):
        make(kind)(zeros(5, 2, 3), hx)


def test_an_unbatched_state_has_no_batch_axis() -> None:
    with pytest.raises(InputError, match=r"initial state h: got shape \(1, 1, 4\), expected \(1, 4\)"):
        make("GRU")(zeros(5, 3), zeros(1, 1, 4))


FURTHER: dict[str, tuple[Any, Any, str]] = {
    "missing": (Decaying, None, r"inputs: got \[\]; the cell Decaying takes \['dt'\] beside x"),
    "unknown": (Decaying, {"gap": zeros(5, 2, 1)}, r"inputs: got \['gap'\]; the cell Decaying takes \['dt'\]"),
    "width": (Decaying, {"dt": zeros(5, 2, 2)}, r"inputs\['dt'\]: got 2 features .*, expected 1"),
    "steps": (
        Decaying,
        {"dt": zeros(4, 2, 1)},
        r"inputs\['dt'\]: its sequences have other lengths than those of `input`",
    ),
    "dtype": (Decaying, {"dt": zeros(5, 2, 1).float()}, r"inputs\['dt'\]: got torch.float32"),
    "per sequence": (
        Placed,
        {"place": zeros(5, 2, 2)},
        r"inputs\['place'\]: got \(5, 2, 2\), expected a tensor \(2, 2\)",
    ),
    "a list": (Placed, {"place": [1, 2]}, r"inputs\['place'\]: got list, expected a tensor \(2, 2\)"),
}


@pytest.mark.parametrize("wrong", FURTHER)
def test_wrong_further_inputs(wrong: str) -> None:
    cell, inputs, message = FURTHER[wrong]
    layer = Recurrent(cell, 3, 4, sizes={"place_size": 2} if cell is Placed else {}, dtype=F)
    with pytest.raises(InputError, match=message):
        layer(zeros(5, 2, 3), inputs=inputs)


OPTIONS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "no cell": (lambda: Recurrent("LSTM", 3, 4), InputError, r"cell: got 'LSTM', expected a cell"),  # pyright: ignore
    "input size": (lambda: Recurrent(GRU, 0, 4), InputError, r"input_size: got 0, expected a whole number, at least 1"),
    "hidden size": (
        lambda: Recurrent(GRU, 3, -1),
        InputError,
        r"hidden_size: got -1, expected a whole number, at least 1",
    ),
    "fraction": (lambda: Recurrent(GRU, 3, 2.5), InputError, r"hidden_size: got 2.5, expected a whole number"),  # pyright: ignore
    "boolean": (lambda: Recurrent(GRU, 3, True), InputError, r"hidden_size: got True, expected a"),
    "no layers": (lambda: Recurrent(GRU, 3, 4, num_layers=0), InputError, r"num_layers: got 0"),
    "dropout": (
        lambda: Recurrent(GRU, 3, 4, dropout=1.5),
        InputError,
        r"dropout: got 1.5, expected a number between 0 and 1",
    ),
    "missing size": (
        lambda: Recurrent(ProjectedLSTM, 3, 4),
        InputError,
        r"sizes: got \{\}; the cell ProjectedLSTM needs \['proj_size'\]",
    ),
    "unknown size": (
        lambda: Recurrent(GRU, 3, 4, sizes={"rank": 2}),
        InputError,
        r"sizes: got \{'rank': 2\}; the cell GRU needs \[\]",
    ),
    "size of zero": (
        lambda: Recurrent(Readout, 3, 4, sizes={"output_size": 0}),
        InputError,
        r"sizes\['output_size'\]: got 0, expected a whole number, at least 1",
    ),
    "unknown parameter": (
        lambda: Recurrent(GRU, 3, 4, init={"W": 0.0}),
        InputError,
        r"init: the parameter 'W' fits nothing in GRU; its parameters are \['W_xr'",
    ),
    "unknown scheme": (
        lambda: Recurrent(GRU, 3, 4, init={"W_xr": "magic"}),
        InputError,
        r"'magic'}: expected a finite number, one of \['xavier', .*, an array, or a function of the sizes",
    ),
    "matrix scheme": (
        lambda: Recurrent(LSTM, 3, 4, init={"b_f": "orthogonal"}),
        InputError,
        r"'orthogonal' is for matrices, and b_f is \(hidden_size\)",
    ),
    "backend": (lambda: Recurrent(GRU, 3, 4, backend="fast"), BackendError, r"backend='fast': expected one of"),
}


@pytest.mark.parametrize("wrong", OPTIONS)
def test_a_wrong_option(wrong: str) -> None:
    construct, error, message = OPTIONS[wrong]
    with pytest.raises(error, match=message):
        construct()


@every_layer
def test_a_state_dict_of_another_shape(kind: str) -> None:
    """It is refused with the name of the parameter and both shapes."""
    layer, wider = make(kind), MAKERS[kind](num_layers=2)
    with pytest.raises(RuntimeError, match=r"Unexpected key.*_l1"):
        layer.load_state_dict(wider.state_dict())
    name, parameter = next(layer.named_parameters())
    wrong = {**layer.state_dict(), name: torch.zeros(2, 2)}
    with pytest.raises(RuntimeError, match=rf"size mismatch for {name}.*\[2, 2\].*\[{parameter.shape[0]}, "):
        layer.load_state_dict(wrong)


def test_the_errors_are_one_tree() -> None:
    """A caller may catch them all at once, and InputError also as torch's and Python's own."""
    assert all(issubclass(error, RecurraError) for error in (InputError, BackendError, CellError))
    assert issubclass(InputError, ValueError)
    assert issubclass(InputError, RuntimeError)


def test_a_failed_call_leaves_the_layer_as_it_was() -> None:
    layer = recurra.nn.LSTM(3, 4, dtype=F)
    expected = layer(zeros(5, 2, 3))[0]
    with pytest.raises(InputError):
        layer(zeros(5, 2, 4))
    assert torch.equal(layer(zeros(5, 2, 3))[0], expected)


def test_layers_on_each_other_whose_states_or_further_inputs_would_differ_in_width() -> None:
    """Their states lie in one tensor, and every layer is given the same further inputs."""
    with pytest.raises(
        InputError,
        match=r"num_layers=2: TGRU's state 'previous' grows with its layer's input, which is 3 wide in layer 0 and 5 "
        r"in layer 1; stack layers of one by hand, or give an input of 5 features",
    ):
        Recurrent(TGRU, 3, 5, num_layers=2)
    with pytest.raises(InputError, match=r"GRUD's further input 'seen' grows .* 3 wide in layer 0 and 10 in layer 1"):
        Recurrent(GRUD, 3, 5, num_layers=2, bidirectional=True)
    output, (_, previous) = Recurrent(TGRU, 5, 5, num_layers=2)(torch.randn(4, 2, 5))
    assert (output.shape, previous.shape) == ((4, 2, 5), (2, 2, 5))


def test_an_output_as_wide_as_the_input_widens_with_each_layer_in_both_directions() -> None:
    layer = Recurrent(IntersectionRNN, 3, 5, num_layers=3, bidirectional=True)
    output, state = layer(torch.randn(4, 2, 3))
    assert output.shape == (4, 2, 24)
    assert layer.output_features == 24
    assert state.shape == (6, 2, 5)
