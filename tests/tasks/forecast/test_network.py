"""The forecasting network: shapes, levels and scales, every cell."""

from __future__ import annotations

import pytest
import torch

from recurra.cells import all_cells
from recurra.tasks.forecast.network import ForecastNetwork
from recurra.tasks.forecast.options import ForecastOptions

_PLAIN = [name for name, cell in all_cells.items() if not cell.further_inputs and len(cell.sizes) == 2]


def network(cell: str = "GRU", **options: object) -> ForecastNetwork:
    torch.manual_seed(0)
    chosen = ForecastOptions(**{"hidden_size": 4, **options})  # pyright: ignore[reportArgumentType]
    return ForecastNetwork(all_cells[cell], options=chosen).eval()


@pytest.mark.parametrize("cell", _PLAIN)
def test_every_cell_forecasts(cell: str) -> None:
    follows_input = any(leaf.shape == ("input_size",) for leaf in all_cells[cell].step.states)
    output = network(cell, horizon=3, layers=1 if follows_input else 2)(torch.randn(2, 7))
    assert output.shape == (2, 3)
    output.sum().backward()


@pytest.mark.parametrize(("horizon", "season", "window"), [(1, 1, 1), (5, 2, 4), (3, 12, 4), (13, 4, 2)])
def test_odd_sizes(horizon: int, season: int, window: int) -> None:
    assert network(horizon=horizon, season_length=season)(torch.randn(1, window)).shape == (1, horizon)


def test_a_forecast_moves_with_the_level_of_its_window() -> None:
    net, windows = network(horizon=3), torch.randn(2, 7, dtype=torch.float64)
    net = net.double()
    torch.testing.assert_close(net(windows + 100), net(windows) + 100)


def test_a_flat_window_gives_a_finite_forecast_near_it() -> None:
    assert torch.allclose(network(horizon=3)(torch.full((1, 7), 5.0)), torch.tensor(5.0), atol=0.1)


def test_the_forecast_of_one_window_does_not_depend_on_the_others() -> None:
    net, windows = network(horizon=3), torch.randn(4, 7)
    torch.testing.assert_close(net(windows)[2:3], net(windows[2:3]))
