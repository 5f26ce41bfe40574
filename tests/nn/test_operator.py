"""A layer in a graph of `torch.compile`: one operator, with values and gradients as without it."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_sequence

import recurra.nn.operator
from recurra import cell, tanh
from recurra.cells import GRU, LSTM, PeepholeLSTM
from recurra.errors import InputError
from recurra.nn import Recurrent
from recurra.transforms import batch_norm, layer_norm

LAYERS: dict[str, Callable[[], Recurrent]] = {
    "GRU": lambda: Recurrent(GRU, 3, 4),
    "batch first, two layers": lambda: Recurrent(PeepholeLSTM, 3, 4, num_layers=2, batch_first=True),
    "both directions": lambda: Recurrent(LSTM, 3, 2, bidirectional=True),
    "layer norm": lambda: Recurrent(layer_norm(LSTM), 3, 4),
    "float64": lambda: Recurrent(GRU, 3, 4, dtype=torch.float64),
    "eager": lambda: Recurrent(GRU, 3, 4, backend="torch"),
}


class Model(nn.Module):
    """A layer between others, whose output is written to, and which goes on from its own states."""

    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self.layer, self.head = layer, nn.Linear(layer.output_features, 2, dtype=next(layer.parameters()).dtype)

    def forward(self, x: Tensor) -> tuple[Tensor, Any]:
        first, states = self.layer(x * 2)
        second, states = self.layer(x.flip(0), states)
        return self.head(torch.relu_(second) + first), states


@pytest.fixture(autouse=True)
def nothing_compiled() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


def compiled(model: nn.Module | Callable[..., Any], **options: Any) -> Any:
    return torch.compile(model, backend="aot_eager", fullgraph=True, **options)


def outcome(model: Callable[[Tensor], tuple[Tensor, Any]], x: Tensor, parameters: list[Tensor]) -> list[Tensor]:
    """Return the results and the gradients of a loss of all of them."""
    output, states = model(x)
    results = [output, *(states if isinstance(states, tuple) else (states,))]
    loss = torch.stack([(each.sin() * (k + 1)).sum() for k, each in enumerate(results)]).sum()
    return [*results, *torch.autograd.grad(loss, [x, *parameters])]


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_a_graph_has_the_layer_for_any_length_and_batch(make: Callable[[], Recurrent]) -> None:
    model = Model(make())
    again, dtype = compiled(model, dynamic=True), next(model.parameters()).dtype
    for shape in ((5, 2, 3), (7, 3, 3), (7, 3, 3), (7, 3, 3), (2, 9, 3)):  # the third call of a shape is a direct one
        x = torch.randn(shape, dtype=dtype, requires_grad=True)
        found, expected = (outcome(each, x, [*model.parameters()]) for each in (again, model))
        torch.testing.assert_close(found, expected)
    with torch.no_grad():
        torch.testing.assert_close(again(x), model(x))


def test_a_run_lives_as_long_as_its_graph() -> None:
    layer, x = Recurrent(GRU, 3, 4), torch.randn(5, 2, 3)
    again = compiled(layer)
    output = again(x)[0]
    gc.collect()
    assert len(recurra.nn.operator._runs) == 1
    first, second = (torch.autograd.grad(output.sum(), [*layer.parameters()], retain_graph=True) for _ in range(2))
    assert all(map(torch.equal, first, second))
    del output
    gc.collect()
    assert len(recurra.nn.operator._runs) == 0


def test_only_wanted_gradients_are_computed() -> None:
    layer, x = Recurrent(GRU, 3, 4), torch.randn(5, 2, 3)
    layer.get_parameter("W_xr_l0").requires_grad_(False)
    for each in (compiled(layer), layer):
        each(x)[0].sum().backward()
    wanted = {name for name, parameter in layer.named_parameters() if parameter.grad is not None}
    assert wanted == {name for name, _ in layer.named_parameters()} - {"W_xr_l0"}


def test_a_copy_is_another_layer() -> None:
    """A graph is used again for other modules of a class, whose options may differ."""
    layer, x = Recurrent(GRU, 3, 64, num_layers=2, dropout=0.5), torch.randn(5, 2, 3)
    compiled(layer)(x)
    other = copy.deepcopy(layer).eval()
    del layer
    gc.collect()
    torch.testing.assert_close(compiled(other)(x), other(x))


def test_dropout_is_drawn_at_every_call() -> None:
    layer, x = Recurrent(GRU, 3, 64, num_layers=2, dropout=0.5), torch.randn(5, 2, 3)

    def twice(x: Tensor) -> tuple[Tensor, Tensor]:
        return layer(x)[0], layer(x)[0]

    first, second = compiled(twice)(x)
    assert not torch.equal(first, second)


def test_new_weights_are_read() -> None:
    layer, x = Recurrent(GRU, 3, 4), torch.randn(5, 2, 3)
    again = compiled(layer)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.5)
    for _ in range(4):
        optimiser.zero_grad()
        again(x)[0].square().sum().backward()
        optimiser.step()
        torch.testing.assert_close(again(x), layer(x))


def test_what_does_not_fit_is_refused_in_our_words() -> None:
    layer = Recurrent(GRU, 3, 4)
    for arguments, words in (
        ((torch.randn(5, 2, 7),), "got 7 features"),
        ((torch.randn(5, 2, 3), torch.randn(1, 3, 4)), r"initial state h: got shape \(1, 3, 4\), expected \(1, 2, 4\)"),
    ):
        torch._dynamo.reset()
        with pytest.raises((InputError, RuntimeError), match=words):
            compiled(layer)(*arguments)


def test_what_no_operator_takes_breaks_the_graph_and_runs() -> None:
    layer, x = Recurrent(GRU, 3, 4), torch.randn(5, 2, 3)
    again = torch.compile(layer, backend="aot_eager")
    reset = torch.rand(5, 2) < 0.5
    torch.testing.assert_close(again(x, reset=reset), layer(x, reset=reset))
    packed = pack_sequence([x[:, 0], x[:3, 1]])
    torch.testing.assert_close(again(packed)[0].data, layer(packed)[0].data)
    observed = Recurrent(batch_norm(LSTM), 3, 4)  # its running statistics are buffers
    other = copy.deepcopy(observed)
    torch.testing.assert_close(torch.compile(observed, backend="aot_eager")(x), other(x))
    torch.testing.assert_close(dict(observed.named_buffers()), dict(other.named_buffers()))
    assert any(buffer.any() for buffer in observed.buffers())


@cell(initial={"h": 0.5})
def Begun(p, x, h):
    return tanh(x @ p.W + h @ p.U)


@pytest.mark.filterwarnings("ignore")  # of torch, in its own scan
def test_a_graph_for_any_length_begins_with_the_cells_initial_states() -> None:
    layer = Recurrent(Begun, 3, 4, bidirectional=True).eval()
    free = {0: torch.export.Dim("steps", min=2, max=50), 1: torch.export.Dim("batch", min=2, max=50)}
    graph = torch.export.export(layer, (torch.randn(5, 2, 3),), dynamic_shapes=(free,), strict=False).module()
    x = torch.randn(9, 3, 3)
    torch.testing.assert_close(graph(x), layer(x))


@pytest.mark.filterwarnings("ignore")  # of torch, in its own scan
def test_a_graph_for_any_length_of_a_fixed_batch() -> None:
    """The matrices of an LSTM's gates are views of one tensor: torch's scan takes no two of them."""
    layer = recurra.nn.LSTM(3, 4).eval()
    free = {0: torch.export.Dim("steps", min=2, max=50)}
    graph = torch.export.export(layer, (torch.randn(5, 2, 3),), dynamic_shapes=(free,), strict=False).module()
    x = torch.randn(9, 2, 3)
    torch.testing.assert_close(graph(x), layer(x))
