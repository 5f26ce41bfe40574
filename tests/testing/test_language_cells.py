"""The cells that use the whole language, on every backend: values and gradients, long rows, streams, JSON, drawings."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from language_cells import LANGUAGE, Binary, Features, Spiking
from recurra import Cell
from recurra.nn import Recurrent
from recurra.testing import check_cell


@pytest.mark.parametrize("cell", LANGUAGE, ids=lambda cell: cell.name)
def test_a_cell_is_the_same_on_all_backends(cell: Cell) -> None:
    """With few features, and with more than a pair of vectors and a part of one."""
    check_cell(cell)
    wide = {name: size for name, size in {"hidden_size": 37, "chunks": 35}.items() if name in cell.sizes}
    check_cell(cell, sizes=wide, seed=1)


@pytest.mark.parametrize("cell", LANGUAGE, ids=lambda cell: cell.name)
def test_a_cell_is_stored_printed_drawn_and_streamed(cell: Cell) -> None:
    again = Cell.from_json(cell.to_json())
    assert again.equations() == cell.equations()
    assert again.backward_equations() == cell.backward_equations()
    assert again.show_plans() == cell.show_plans()
    assert cell.equations(latex=True).count("{") == cell.equations(latex=True).count("}")
    assert cell.diagram()
    assert cell.flops(input_size=3, hidden_size=5, sizes={s: 4 for s in cell.sizes if s == "chunks"}) > 0
    layer = Recurrent(again, 3, 5, sizes={s: 4 for s in cell.sizes if s == "chunks"}).eval()
    x = torch.randn(6, 2, 3)
    expected, _ = layer(x)
    torch.testing.assert_close(layer.stream(batch=2).run(x), expected.detach(), atol=1e-5, rtol=1e-5)


def test_threads_that_share_each_step_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums up to each feature are by one thread for a row."""
    from random_cells import _threads

    layer = Recurrent(Features, 5, 40, sizes={"chunks": 33}).double()
    x = torch.randn(4, 3, 5, dtype=torch.float64)
    alone, _ = layer(x)
    (expected,) = torch.autograd.grad(alone.square().sum(), layer.U_l0)
    with _threads(2, is_joint=True):
        shared, _ = layer(x)
        (found,) = torch.autograd.grad(shared.square().sum(), layer.U_l0)
    torch.testing.assert_close(shared, alone)
    torch.testing.assert_close(found, expected)


def test_the_check_takes_no_differences_of_a_chosen_derivative() -> None:
    checks = {row.check for row in check_cell(Spiking).rows}
    assert "autograd against differences" not in checks
    assert "autograd against differences" in {row.check for row in check_cell(Features).rows}  # a softmax is as it is


def test_spiking_neurons_learn_through_their_surrogate() -> None:
    """They learn to spike as often as they are told to, of which a step itself would tell nothing."""
    torch.manual_seed(0)
    layer, target = Recurrent(Spiking, 4, 16), torch.rand(16)
    x = torch.rand(20, 8, 4)
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.02)
    losses = []
    for _ in range(60):
        loss = nn.functional.mse_loss(layer(x)[0].mean((0, 1)), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]


def test_the_backward_equations_have_the_chosen_derivative() -> None:
    assert "sg(1 / (1 + 10 · |v[t] - 1|)²)" in Spiking.backward_equations()
    assert "(1 - tanh(u[t])²)" in Binary.backward_equations()
