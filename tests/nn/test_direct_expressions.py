"""Expressions of parameters as steps over the rows of matrices: the same values, or none."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from recurra import Cell, cell, mean, sigmoid, sqrt, tanh
from recurra.backends import torch as eager
from recurra.backends.kernel import Call, compiled_kernel_of
from recurra.cells import LSTM, AntisymmetricRNN, FastRNN, LinOSS, MassConservingLSTM
from recurra.derive.expressions import row_expressions
from recurra.derive.plan import Variant
from recurra.graph.node import number_of
from recurra.transforms import layer_norm, weight_drop


@cell(sizes={"W": ("input_size", "hidden_size"), "gain": ("hidden_size",), "U": ("hidden_size", "hidden_size")})
def WeightNorm(p, x, h):
    """Salimans & Kingma (2016), arXiv:1602.07868, with a vector of gains, which expressions of all rows read."""
    W = p.W * p.gain / sqrt(mean(p.W * p.W) + 1e-6)
    return tanh(x @ W + h @ (p.U - sigmoid(p.U)))


@cell(sizes={"U": ("hidden_size", 2)})
def OfTwoMatrices(p, x, h):
    """Its recurrent weights are a product."""
    return tanh(x @ p.W + h @ (p.U @ p.V))


def prelude_of(kind: Cell) -> Any:
    return kind.plans(Variant(shifted=True)).forward.prelude


@pytest.mark.parametrize(
    "kind",
    [layer_norm(LSTM), weight_drop(LSTM, 0.5), MassConservingLSTM, WeightNorm, FastRNN, LinOSS],
    ids=lambda each: each.name,
)
def test_rows_give_what_the_expressions_give(kind: Cell) -> None:
    sizes = {size: 5 if size == "input_size" else 4 for size in kind.sizes}
    known = {
        each: torch.rand([number_of(size, sizes) for size in each.shape], dtype=torch.float64, requires_grad=True)
        for each in kind.step.parameters
    }
    expected = eager.prelude(prelude_of(kind), known, sizes, seed=17)
    found = row_expressions(prelude_of(kind))
    assert found is not None
    assert {leaf for each in found for leaf in each.values} == set(prelude_of(kind).leaves)
    for each in found:
        assert not each.plans.forward.step.states
        rows, given = number_of(each.rows, sizes), [known[leaf] for leaf in (*each.parameters, *each.matrices)]
        call = Call(sizes, given[: len(each.parameters)], (), (given[0],), (rows,))
        passes = compiled_kernel_of(each.plans, "llvm").direct(call, is_taped=True)
        assert passes is not None
        values = [torch.empty_like(expected[leaf]) for leaf in each.values]
        array = given[0].new_empty(passes.tape)
        passes.forward(*map(Tensor.data_ptr, given), 17, *map(Tensor.data_ptr, (*values, array)))
        torch.testing.assert_close(values, [expected[leaf].detach() for leaf in each.values])
        above = [torch.randn_like(value) for value in values]
        parameters, matrices = (
            [torch.empty_like(known[leaf]) for leaf in leaves] for leaves in (each.parameters, each.matrices)
        )
        addresses = map(Tensor.data_ptr, (*given, *values, array, *above))
        into = map(Tensor.data_ptr, (*matrices, *parameters))
        every = (True,) * len(parameters), (True,) * len(matrices)
        passes.backward(*every)(*addresses, 17, *into)
        wanted = torch.autograd.grad([expected[leaf] for leaf in each.values], given, above, retain_graph=True)
        torch.testing.assert_close([*parameters, *matrices], [*wanted])


@pytest.mark.parametrize("kind", [AntisymmetricRNN, OfTwoMatrices], ids=lambda each: each.name)
def test_what_is_not_made_row_by_row_is_none(kind: Cell) -> None:
    assert prelude_of(kind).values
    assert row_expressions(prelude_of(kind)) is None


def test_a_cell_without_expressions_has_none_of_them() -> None:
    assert row_expressions(prelude_of(LSTM)) == ()
