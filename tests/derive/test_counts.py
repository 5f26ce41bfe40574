"""Operations: against formulas by hand, and against a count over the graph of a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

import pytest

from recurra.cells import GRU, LSTM, Elman, all_cells
from recurra.derive.facts import Flops, backward_flops, forward_flops
from recurra.graph.node import Node, number_of, topological
from recurra.graph.ops import OPS
from recurra.spec import Cell

SIZES = {"input_size": 6, "hidden_size": 9}
OWN = {"heads": 3, "chunks": 3, "groups": 3}


def sizes_of(cell: Cell) -> dict[str, int]:
    return {name: {**SIZES, **OWN}.get(name, 4) for name in cell.sizes}


def elements(shape: tuple[str | int, ...], sizes: Mapping[str, int]) -> int:
    return prod(number_of(size, sizes) for size in shape)


def over_the_graph(roots: list[Node], sizes: Mapping[str, int]) -> Flops:
    """Count every node that depends on rows once."""
    total = Flops()
    for node in topological(roots):
        if not node.rows or not node.args:
            continue
        if node.op == "matmul":
            total += Flops(2 * elements(node.args[1].shape, sizes))
        else:
            total += _elementwise(node, sizes)
    return total


def _elementwise(node: Node, sizes: Mapping[str, int]) -> Flops:
    wide = node.args[0].shape if node.op in ("sum", "max") else node.shape
    return Flops(0, OPS[node.op].flops * elements(wide, sizes))


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda cell: cell.name)
def test_forward_is_the_count_over_the_graph(cell: Cell) -> None:
    """A value of the inputs alone that the loop has, and that is kept, is computed once more for all steps after it."""
    plan, sizes = cell.plans().forward, sizes_of(cell)
    in_the_loop, after = ({n for stage in part.stages for n in stage.pointwise} for part in (plan.loop, plan.after))
    again = sum((_elementwise(node, sizes) for node in in_the_loop & after), Flops())
    assert forward_flops(plan, sizes) == over_the_graph([*plan.step.roots], sizes) + again


@pytest.mark.parametrize(
    ("cell", "gates", "elementwise"),
    # of each hidden unit: biases and sums, functions, products of the state
    [(LSTM, 4, 4 * 2 + 3 * 4 + 2 * 5 + 4), (Elman, 1, 2 + 5)],
)
def test_forward_by_hand(cell: Cell, gates: int, elementwise: int) -> None:
    inputs, hidden = SIZES.values()
    found = forward_flops(cell.plans().forward, SIZES)
    assert found == Flops(2 * gates * hidden * (inputs + hidden), elementwise * hidden)


@pytest.mark.parametrize(("cell", "gates"), [(LSTM, 4), (GRU, 3), (Elman, 1)])
def test_backward_products_by_hand(cell: Cell, gates: int) -> None:
    inputs, hidden = SIZES.values()
    plan, state, x = cell.plans().backward, 2 * gates * hidden * hidden, 2 * gates * hidden * inputs
    weights = state + x
    assert backward_flops(plan, SIZES).products == state + x + weights
    assert backward_flops(plan, SIZES, wanted=[False]).products == state + weights


def test_flops_add_up() -> None:
    assert (Flops(1, 2) + Flops(3, 4) * 2).all == 17


@pytest.mark.parametrize("count", [forward_flops, backward_flops])
def test_twice_the_size_is_four_times_the_state_products(count: Callable[..., Flops]) -> None:
    plans = LSTM.plans()
    plan = plans.forward if count is forward_flops else plans.backward
    small, large = (count(plan, {"input_size": 8, "hidden_size": size}).products for size in (1000, 2000))
    assert 3.9 < large / small < 4.0
