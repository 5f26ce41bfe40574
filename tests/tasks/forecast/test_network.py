"""The forecasting networks: shapes, levels and scales, every cell, every strategy, what is missing."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from cell_kinds import CELL_OF_EACH_KIND
from recurra.cells import all_cells
from recurra.tasks.forecast.data import Widths, WindowBatch
from recurra.tasks.forecast.network import ForecastNetwork, make_network
from recurra.tasks.forecast.options import ForecastOptions

_PLAIN = [name for name, cell in all_cells.items() if not cell.further_inputs and len(cell.sizes) == 2]
STRATEGIES = ("direct", "autoregressive", "segment")
OUTPUTS = ("point", "quantile", "normal", "student", "negative-binomial")
BOTH = [pair for pair in itertools.product(STRATEGIES, OUTPUTS) if pair != ("autoregressive", "quantile")]


def network(cell: str = "GRU", widths: Widths = Widths(), **options: Any) -> ForecastNetwork:  # noqa: B008
    torch.manual_seed(0)
    chosen = ForecastOptions(**{"hidden_size": 4, **options})
    return make_network(all_cells[cell], options=chosen, widths=widths).eval()


def windows(values: torch.Tensor, *, horizon: int, widths: Widths | None = None) -> WindowBatch:
    """Return windows (B, window) with covariates of a fixed seed."""
    count, length = values.shape
    wide, generator = widths or Widths(), torch.Generator().manual_seed(1)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=values.dtype)

    return WindowBatch(
        values=values,
        past=drawn(count, length, wide.past),
        future=drawn(count, length + horizon, wide.future),
        static=drawn(count, wide.static),
        target=torch.arange(count) % wide.targets,
    )


@pytest.mark.parametrize(
    "cell", [pytest.param(cell, marks=() if cell in CELL_OF_EACH_KIND else pytest.mark.slow) for cell in _PLAIN]
)
def test_every_cell_forecasts(cell: str) -> None:
    follows_input = any(leaf.shape == ("input_size",) for leaf in all_cells[cell].step.states)
    net = network(cell, horizon=3, layers=1 if follows_input else 2)
    output = net(windows(torch.randn(2, 7), horizon=3))
    assert output.shape == (2, 3, 1)
    output.sum().backward()


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("horizon", "season", "window"), [(1, 1, 1), (5, 2, 4), (3, 12, 4), (13, 4, 2)])
def test_odd_sizes(strategy: str, horizon: int, season: int, window: int) -> None:
    net = network(horizon=horizon, season_length=season, strategy=strategy)
    assert net(windows(torch.randn(1, window), horizon=horizon)).shape == (1, horizon, 1)


@pytest.mark.parametrize(("strategy", "output"), BOTH)
def test_quantiles_are_in_order_and_all_parameters_learn(strategy: str, output: str) -> None:
    widths = Widths(past=2, future=1, static=3, targets=2)
    net = network(horizon=3, strategy=strategy, output=output, widths=widths)
    values = torch.poisson(torch.full((4, 8), 5.0))
    values[0, :3] = float("nan")
    batch = windows(values, horizon=3, widths=widths)
    quantiles = net.quantiles(batch, (0.1, 0.5, 0.9))
    assert quantiles.shape == (4, 3, 3)
    assert quantiles.isfinite().all()
    assert (quantiles.diff(dim=-1) >= 0).all()
    came = torch.poisson(torch.full((4, 3), 5.0))
    net.output.loss(net.learn(batch, came), came).sum().backward()
    assert [name for name, weight in net.named_parameters() if weight.grad is None] == []


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("normalise", ["window", "last"])
def test_a_forecast_moves_with_the_level_of_its_window(strategy: str, normalise: str) -> None:
    net = network(horizon=3, strategy=strategy, normalise=normalise).double()
    values = torch.randn(2, 7, dtype=torch.float64)
    moved, here = (net(windows(values + by, horizon=3)) for by in (100, 0))
    torch.testing.assert_close(moved, here + 100)


def test_a_flat_window_gives_a_finite_forecast_near_it() -> None:
    flat = network(horizon=3)(windows(torch.full((1, 7), 5.0), horizon=3))
    assert torch.allclose(flat, torch.tensor(5.0), atol=0.1)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_forecast_of_one_window_does_not_depend_on_the_others(strategy: str) -> None:
    net, values = network(horizon=3, strategy=strategy), torch.randn(4, 7)
    torch.testing.assert_close(net(windows(values, horizon=3))[2:3], net(windows(values[2:3], horizon=3)))


@pytest.mark.parametrize("strategy", ["direct", "autoregressive"])
def test_a_window_that_begins_with_nothing_is_a_shorter_window(strategy: str) -> None:
    net, values = network(horizon=3, season_length=2, strategy=strategy).double(), torch.randn(2, 5).double()
    longer = torch.cat([torch.full((2, 4), float("nan")), values], 1)
    shorter = net(windows(values, horizon=3))
    if strategy == "direct":
        torch.testing.assert_close(net(windows(longer, horizon=3)), shorter)
    assert net(windows(longer, horizon=3)).isfinite().all()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_missing_is_told_from_a_value_on_the_level(strategy: str) -> None:
    net = network(horizon=3, strategy=strategy)
    for name, weight in net.named_parameters():
        if name == "embed_absent.weight":
            torch.nn.init.ones_(weight)
    values = torch.tensor([[1.0, -1.0, 0.0, 1.0, -1.0, 0.0]])
    missing = values.clone()
    missing[0, 2] = float("nan")
    assert not torch.allclose(net(windows(values, horizon=3)), net(windows(missing, horizon=3)))


def test_what_an_autoregressive_network_learns_is_what_it_forecasts_a_step_ahead() -> None:
    widths = Widths(past=1, future=2, static=1)
    net = network(horizon=3, season_length=4, strategy="autoregressive", widths=widths)
    batch, came = windows(torch.randn(2, 9), horizon=3, widths=widths), torch.randn(2, 3)
    torch.testing.assert_close(net.learn(batch, came)[:, :1], net(batch)[:, :1])
    told = net(batch)[..., 0].detach()
    torch.testing.assert_close(net.learn(batch, told)[..., 0], told)


def test_a_segment_sees_its_position_and_its_target() -> None:
    net = network(horizon=4, strategy="segment", segment_length=2, widths=Widths(targets=2))
    values = torch.randn(1, 6).expand(2, -1)
    forecast = net(windows(values, horizon=4, widths=Widths(targets=2)))
    assert not torch.allclose(forecast[0], forecast[1])
    assert not torch.allclose(forecast[0, :2], forecast[0, 2:])
