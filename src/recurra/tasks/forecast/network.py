"""The network that forecasts: a recurrent net reads the window, then goes on through the horizon."""

from __future__ import annotations

import torch
from torch import Tensor

from recurra import Cell
from recurra.nn import Recurrent
from recurra.tasks.forecast.options import ForecastOptions

__all__ = ["ForecastNetwork"]

_FLOOR = 1e-2
"""Least spread of a window, as a share of the whole series' spread: a flat window is not blown up."""


class ForecastNetwork(torch.nn.Module):
    """Gives the horizon that follows a window.

    Each window is brought to its own level (the mean of its last season) and spread, so that a trend takes
    the network nowhere that it has not been. Then the net reads a sequence of two channels:

        the window's values                                        with 0 beside them
        for each step of the horizon, the value a season before    with how far ahead the step is, up to 1

    and its outputs over the second part are, through one linear map, the forecast. So the same weights make
    every step of the horizon, and the season is in sight without being imposed.

    Parameters
    ----------
    cell
        The recurrent cell.
    options
        Horizon, season length, sizes, dropout.
    """

    def __init__(self, cell: Cell, /, *, options: ForecastOptions) -> None:
        super().__init__()
        self._season_length = options.season_length
        self._horizon = options.horizon
        self.recurrent = Recurrent(
            cell,
            2,
            options.hidden_size,
            num_layers=options.layers,
            batch_first=True,
            dropout=options.dropout if options.layers > 1 else 0.0,
        )
        self.dropout = torch.nn.Dropout(options.dropout)
        self.head = torch.nn.Linear(self.recurrent.output_features, 1)

    def forward(self, windows: Tensor) -> Tensor:
        """Return the forecasts (B, horizon) that follow windows (B, window)."""
        season = min(self._season_length, windows.shape[1])
        level = windows[:, -season:].mean(1, keepdim=True)
        spread = windows.std(1, keepdim=True, correction=0) + _FLOOR
        outputs, _ = self.recurrent(self._sequence((windows - level) / spread, season))
        steps = self.head(self.dropout(outputs[:, -self._horizon :])).squeeze(-1)
        return steps * spread + level

    def _sequence(self, windows: Tensor, season: int) -> Tensor:
        """Return (B, window + horizon, 2): values, and how far ahead."""
        steps = torch.arange(self._horizon, device=windows.device)
        values = torch.cat([windows, windows[:, steps % season - season]], dim=1)
        ahead = torch.zeros_like(values)
        ahead[:, windows.shape[1] :] = (steps + 1) / self._horizon
        return torch.stack([values, ahead], dim=-1)
