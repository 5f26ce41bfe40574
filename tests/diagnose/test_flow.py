"""Gradient flow: the norms are those of the whole gradient by every state, on every backend."""

from __future__ import annotations

import math

import pytest
import torch
from diagnose_cases import Linear, linear_layer
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_sequence

from recurra.cells import IRNN, all_cells
from recurra.derive.plan import Variant
from recurra.diagnose import GradientFlow, Place, gradient_flow
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, Recurrent
from recurra.nn.layer import Layer

BACKENDS = ("torch", "numpy", "llvm")
SIMPLE = [name for name, cell in all_cells.items() if cell.sizes == ("input_size", "hidden_size")
          and not cell.further_inputs and not cell.written.delays and cell.parameters]  # fmt: skip


def flow_of(layer: Layer, x: object, *, backend: str = "auto") -> GradientFlow:
    layer.backend = backend
    with gradient_flow(layer) as flow:
        output = layer(x)[0]
        rows = output if isinstance(output, Tensor) else output.data
        weights = torch.linspace(-1, 1, rows.numel(), dtype=rows.dtype).view_as(rows)
        (rows * weights).sum().backward()
    return flow


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("radius", [0.5, 0.9, 1.0, 1.1])
def test_a_linear_recurrence_shrinks_a_gradient_by_its_radius(radius: float, backend: str) -> None:
    torch.manual_seed(0)
    layer = linear_layer(radius, backend=backend)
    with gradient_flow(layer) as flow:
        layer(torch.randn(40, 3, 2))[0][-1].sum().backward()
    norms = flow.curve("h", along="distance")
    expected = math.sqrt(3 * 8) * radius ** torch.arange(40, dtype=torch.float64)
    torch.testing.assert_close(norms, expected, rtol=1e-5, atol=0.0)


@pytest.mark.parametrize("name", SIMPLE)
def test_backends_agree_with_autograd(name: str) -> None:
    torch.manual_seed(0)
    layer = Recurrent(all_cells[name], 3, 4, bidirectional=True, dtype=torch.float64).eval()
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    by_hooks = {(c.place, c.name): c.norms for c in flow_of(layer, x, backend="torch").curves()}
    derived = {(c.place, c.name): c.norms for c in flow_of(layer, x, backend="numpy").curves()}
    assert set(derived) <= set(by_hooks)
    assert {("", 0, False), ("", 0, True)} == {(p.module, p.layer, p.reverse) for p, _ in derived}
    for key, norms in derived.items():
        torch.testing.assert_close(norms, by_hooks[key], rtol=1e-9, atol=1e-12)
    assert all(not by_hooks[key].any() for key in set(by_hooks) - set(derived))


@pytest.mark.parametrize("layer", [LSTM, GRU])
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_gradient_is_what_a_cut_sequence_gives(layer: type[Layer], backend: str) -> None:
    """dL/dh_t from autograd alone: the sequence is cut after step t, and the rest begins with a leaf."""
    torch.manual_seed(0)
    model, x = layer(3, 5, dtype=torch.float64), torch.randn(7, 2, 3, dtype=torch.float64)  # pyright: ignore
    norms = flow_of(model, x, backend=backend).curve("h")
    weights = torch.linspace(-1, 1, 7 * 2 * 5, dtype=torch.float64).view(7, 2, 5)
    for step in range(6):
        _, state = model(x[: step + 1])
        states = state if isinstance(state, tuple) else (state,)
        leaves = [each.detach().requires_grad_() for each in states]
        rest = model(x[step + 1 :], tuple(leaves) if len(leaves) > 1 else leaves[0])[0]
        loss = (rest * weights[step + 1 :]).sum() + (leaves[0][0] * weights[step]).sum()
        expected = torch.autograd.grad(loss, leaves[0])[0].norm()
        torch.testing.assert_close(norms[step], expected, rtol=1e-9, atol=0.0)


@pytest.mark.parametrize("backend", BACKENDS)
def test_ragged_sequences_flow_as_each_by_itself(backend: str) -> None:
    torch.manual_seed(0)
    layer = Recurrent(all_cells["GRU"], 3, 4, dtype=torch.float64, backend=backend)
    parts = [torch.randn(length, 3, dtype=torch.float64) for length in (6, 3, 2)]
    with gradient_flow(layer) as together:
        layer(pack_sequence(parts))[1].square().sum().backward()
    squares = torch.zeros(6, dtype=torch.float64)
    for part in parts:
        with gradient_flow(layer) as alone:
            layer(part)[1].square().sum().backward()
        squares[: len(part)] += alone.curve("h", along="distance").square()
    torch.testing.assert_close(together.curve("h", along="distance").square(), squares)


def test_each_layer_of_a_model_has_its_place() -> None:
    model = nn.ModuleDict({"lower": LSTM(3, 4, num_layers=2, bidirectional=True), "upper": GRU(8, 4)})
    with gradient_flow(model) as flow:
        model["upper"](model["lower"](torch.randn(5, 2, 3))[0])[0].sum().backward()
    places = {curve.place for curve in flow.curves()}
    lower = {Place("lower", layer, reverse) for layer in (0, 1) for reverse in (False, True)}
    assert places == {*lower, Place("upper")}
    assert str(Place("lower", 1, True)) == "lower, layer 1 backwards"
    assert {c.name for c in flow.curves() if c.place == Place("upper")} == {"h", "r", "z", "n"}


def test_a_restart_cuts_the_flow() -> None:
    layer = linear_layer(1.0)
    reset = torch.zeros(10, 1, dtype=torch.bool)
    reset[6] = True
    with gradient_flow(layer) as flow:
        layer(torch.randn(10, 1, 2), reset=reset)[0][-1].sum().backward()
    norms = flow.curve("h")
    assert not norms[:6].any()
    assert norms[6:].all()


def test_off_it_leaves_nothing_behind() -> None:
    layer, x = Recurrent(IRNN, 3, 4), torch.randn(5, 2, 3)
    plain = layer(x)[0].sum()
    plain.backward()
    before = [each.grad.clone() for each in layer.parameters() if each.grad is not None]
    layer.zero_grad()
    with gradient_flow(layer) as flow:
        layer(x)[0].sum().backward()
    assert layer.observer is None
    assert len(flow.passes) == 1
    assert not IRNN.plans().backward.step.observed
    for each, gradient in zip(layer.parameters(), before, strict=True):
        torch.testing.assert_close(each.grad, gradient)
    layer(x)[0].sum().backward()
    assert len(flow.passes) == 1


def test_batches_of_other_lengths_are_averaged_over_those_that_have_a_step() -> None:
    layer = linear_layer(0.5)
    with gradient_flow(layer) as flow:
        for length in (4, 2):
            layer(torch.randn(length, 1, 2))[0][-1].sum().backward()
    norms = flow.curve("h", along="distance")
    torch.testing.assert_close(norms, math.sqrt(8) * 0.5 ** torch.arange(4.0).double(), rtol=1e-5, atol=0.0)


def test_a_model_without_a_recurrent_layer_is_refused() -> None:
    with pytest.raises(InputError, match=r"Linear has no recurrent layer of recurra, expected one at least$"):
        gradient_flow(nn.Linear(2, 2)).__enter__()
    with pytest.raises(InputError, match=r"from recurra\.nn import LSTM"):
        gradient_flow(nn.Sequential(nn.LSTM(2, 2))).__enter__()


def test_the_linear_cell_observes_its_state_alone() -> None:
    assert list(Linear.plans(Variant(observed=True)).backward.step.observed) == ["h"]
