"""Direct forecasts: a recurrent net reads the window, then goes on through the horizon."""

from __future__ import annotations

import torch
from torch import Tensor

from recurra.tasks.forecast.levels import Levelled
from recurra.tasks.forecast.network import SteppingNetwork, starts
from recurra.tasks.forecast.windows import WindowBatch

__all__ = ["DirectNetwork"]


class DirectNetwork(SteppingNetwork):
    """Makes each step of the horizon from the window alone, with the same weights.

    Each window is brought to its own level (the mean of its last season) and spread, so that a trend takes
    the network nowhere that it has not been. Then the net reads a sequence of three channels, and the covariates:

        the window's values                                        0                          1 where one is missing
        for each step of the horizon, the value a season before    how far ahead it is, to 1  1 where that is missing

    and its outputs over the second part are, through one linear map, the forecast. So the season is in sight
    without being imposed. Where a window begins with missing values, the state begins anew at the first value.
    """

    own_channels = 3

    def steps(self, batch: WindowBatch, levelled: Levelled, /) -> Tensor:
        """Return the numbers (B, horizon, output width) for the steps after the windows."""
        begins = starts(levelled.absent)
        if begins is not None:
            begins = torch.nn.functional.pad(begins, (0, self.horizon))
        outputs, _ = self.recurrent(self._sequence(batch, levelled), reset=begins)
        return self.head(self.dropout(outputs[:, -self.horizon :]))

    def _sequence(self, batch: WindowBatch, levelled: Levelled) -> Tensor:
        """Return (B, window + horizon, channels)."""
        values, absent = levelled.values, levelled.absent
        season, window = self.season(batch), values.shape[1]
        steps = torch.arange(self.horizon, device=values.device)
        before = steps % season - season
        ahead = values.new_zeros(len(values), window + self.horizon)
        ahead[:, window:] = (steps + 1) / self.horizon
        own = [torch.cat([values, values[:, before]], 1), ahead, torch.cat([absent, absent[:, before]], 1)]
        past = torch.nn.functional.pad(batch.past, (0, 0, 0, self.horizon))
        constants = self.constants(batch)[:, None].expand(-1, window + self.horizon, -1)
        return torch.cat([torch.stack(own, -1), past, batch.future, constants], -1)
