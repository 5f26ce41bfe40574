"""Calls of shapes that came before that are given more than sequences and states; which cells are called so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from cell_cases import further_inputs, layer_with
from direct_cases import assert_same, dtype_of, flat, is_direct, outcome, packed
from torch import Tensor

from recurra import Cell, cell, mean, sigmoid, tanh, where
from recurra.backends.llvm.weight_gradients import weight_gradients_of
from recurra.backends.parameters import as_they_are
from recurra.cells import ODERNN, TGRU, TLSTM, LinOSS, all_cells
from recurra.derive.expressions import row_expressions
from recurra.derive.plan import Variant
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, RNN, Recurrent


@cell(sizes={"dt": 1, "seen": 2}, delays={"h_old": ("h", 3)}, initial={"h": 0.5})
def Gapped(p, x, h, *, dt, seen, h_old):
    """A cell with two further inputs, to one of which no gradient flows, and a state that is handed on."""
    keep = where(mean(seen) > 0.5, sigmoid(dt * p.v), 0.5)
    return keep * h + (1 - keep) * tanh(x @ p.W + h_old @ p.U + p.b)


EXTRA: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "every state": (lambda: LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True), ("return_states",)),
    "every state of one": (lambda: RNN(3, 4, num_layers=2), ("return_states",)),
    "every state and dropout": (lambda: GRU(3, 1, num_layers=2, dropout=0.5), ("return_states",)),
    "begun anew": (lambda: LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True), ("reset",)),
    "inputs": (lambda: Recurrent(Gapped, 3, 4, num_layers=2, bidirectional=True), ("inputs",)),
    "all": (lambda: Recurrent(Gapped, 3, 4, batch_first=True).double(), ("inputs", "return_states", "reset")),
    "past inputs": (lambda: Recurrent(TLSTM, 3, 3, num_layers=2), ()),
    "past inputs, every state": (lambda: Recurrent(TGRU, 3, 3, bidirectional=True), ("return_states", "reset")),
    "masked": (lambda: GRU(3, 4, num_layers=2, bidirectional=True, batch_first=True), ("mask",)),
    "masked, all": (lambda: Recurrent(Gapped, 3, 4).double(), ("inputs", "return_states", "reset", "mask")),
    "sums of several products": (lambda: Recurrent(ODERNN, 3, 4, sizes={"ode_size": 2}), ("gaps",)),
    "expressions of vectors": (lambda: Recurrent(LinOSS, 3, 4).double(), ("return_states",)),
}  # fmt: skip
"""Layers, and what their calls are given."""


@pytest.mark.parametrize(("make", "names"), EXTRA.values(), ids=EXTRA)
@pytest.mark.parametrize("is_packed", [False, True])
def test_what_a_call_is_given_beside_sequences(make: Callable[[], Any], names: Any, is_packed: bool) -> None:
    layer = make()
    dtype, shape = dtype_of(layer), (2, 6) if layer.batch_first else (6, 2)
    kind = packed(5, 2, 6, dtype=dtype)

    def given(width: int) -> Any:
        if is_packed:
            return kind._replace(data=torch.rand(len(kind.data), width, dtype=dtype, requires_grad=True))
        return torch.rand(*shape, width, dtype=dtype, requires_grad=True)

    x, further = given(3), {"dt": given(1)} | ({"seen": given(2)} if "inputs" in names else {})
    flags = torch.rand(len(kind.data) if is_packed else shape) < 0.4
    options: dict[str, Any] = {"return_states": True} if "return_states" in names else {}
    options |= {"reset": kind._replace(data=flags) if is_packed else flags} if "reset" in names else {}
    kept = torch.rand(len(kind.data) if is_packed else shape) < 0.7
    options |= {"mask": kind._replace(data=kept) if is_packed else kept} if "mask" in names else {}
    options |= {"inputs": further} if {"inputs", "gaps"} & {*names} else {}
    hx = [torch.randn_like(each).requires_grad_() for each in flat(layer(x, **options)[1])]
    leaves = [*flat(x), *(flat(list(options.get("inputs", {}).values())))]
    leaves = [each for each in leaves if each.requires_grad]
    for states in ((), (tuple(hx) if len(hx) > 1 else hx[0],)):
        wanted = [*leaves, *(hx if states else ()), *layer.parameters()]

        def found(states: Any = states, wanted: Any = wanted) -> list[Tensor]:
            torch.manual_seed(3)
            return outcome(layer, x, *states, wanted=wanted, **options)

        first = found()
        for _ in range(3):
            torch.testing.assert_close(found(), first)
        assert is_direct(layer)
        with torch.no_grad():
            layer.eval()
            inference = flat(layer(x, *states, **options))
            for _ in range(3):
                torch.testing.assert_close(flat(layer(x, *states, **options)), inference)
            layer.train()


def test_higher_derivatives_with_all_that_a_call_may_be_given() -> None:
    layer = EXTRA["all"][0]()
    x, dt = torch.randn(2, 3, 3, dtype=torch.float64, requires_grad=True), torch.rand(2, 3, 1, dtype=torch.float64)
    seen, reset = torch.rand(2, 3, 2, dtype=torch.float64), torch.rand(2, 3) < 0.3

    def function(x: Tensor, dt: Tensor) -> list[Tensor]:
        return flat(layer(x, inputs={"dt": dt, "seen": seen}, reset=reset, return_states=True))

    dt.requires_grad_()
    torch.autograd.grad(function(x, dt)[0].sum(), x)
    torch.autograd.grad(function(x, dt)[0].sum(), x)
    assert is_direct(layer)
    assert torch.autograd.gradcheck(function, (x, dt))
    assert torch.autograd.gradgradcheck(function, (x, dt))


def test_what_does_not_fit_is_refused_later_too() -> None:
    layer, x = EXTRA["inputs"][0](), torch.randn(6, 2, 3)
    further = {"dt": torch.rand(6, 2, 1), "seen": torch.rand(6, 2, 2)}
    for _ in range(3):
        layer(x, inputs=further, reset=torch.zeros(6, 2, dtype=torch.bool))
    for wrong in (None, {}, {"dt": further["dt"]}, {**further, "seen": torch.rand(6, 2, 3)}, [1]):
        with pytest.raises(InputError, match="inputs"):
            layer(x, inputs=wrong, reset=torch.zeros(6, 2, dtype=torch.bool))
    for wrong in (torch.zeros(6, 2), torch.zeros(2, 6, dtype=torch.bool), True):
        with pytest.raises(InputError, match="reset"):
            layer(x, inputs=further, reset=wrong)


def test_who_writes_to_what_is_shown_does_not_write_to_the_tape() -> None:
    layer, x = RNN(3, 4, num_layers=2), torch.randn(5, 2, 3)

    def gradients(change: Callable[[Tensor], Tensor]) -> tuple[Tensor, ...]:
        return torch.autograd.grad(
            sum(change(each).sum() for each in flat(layer(x, return_states=True))), layer.parameters()
        )

    expected = gradients(torch.relu)
    for _ in range(3):
        assert_same(gradients(torch.relu_), expected)
    assert is_direct(layer)


BY_TORCH = {"LipschitzRNN", "AntisymmetricRNN", "GatedAntisymmetricRNN", "RetNet", "S4D"}
"""Cells of which expressions are not made row by row, such as weights less their transpose: torch computes these."""


def test_all_cells_of_the_catalogue_can_be_called_directly() -> None:
    long, by_torch = set(), set()
    for name, kind in all_cells.items():
        plans = kind.plans(Variant(training=True))
        count = len(plans.forward.step.parameters)
        has_rest = bool(weight_gradients_of(plans, as_they_are(count), count).rest)
        if has_rest or plans.forward.step.per_sequence or plans.forward.step.statistics:
            long.add(name)
        if row_expressions(plans.forward.prelude) is None:
            by_torch.add(name)
    assert long == set()
    assert by_torch == BY_TORCH


@pytest.mark.slow
@pytest.mark.parametrize("kind", all_cells.values(), ids=all_cells)
def test_each_cell_of_the_catalogue_is_called_directly(kind: Cell) -> None:
    layer = layer_with(kind, 6, 6)
    x = torch.randn(3, 2, layer.input_size, dtype=torch.float64)
    inputs = further_inputs(layer, x) or None
    x.requires_grad_()
    for options in ({}, {"return_states": True}, {"reset": torch.rand(3, 2) < 0.5}):
        for _ in range(3):
            flat(layer(x, inputs=inputs, **options))[0].sum().backward()
        assert is_direct(layer), options
