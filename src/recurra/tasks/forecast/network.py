"""The networks that forecast: each step from the window, each from the one before, or whole segments at once."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import ClassVar, cast

import torch
from torch import Tensor

from recurra import Cell
from recurra.nn import Recurrent
from recurra.tasks.forecast.distributions import NegativeBinomial, Normal, StudentT
from recurra.tasks.forecast.levels import Levelled, level_windows
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.outputs import Output, Point, Quantiles
from recurra.tasks.forecast.windows import Widths, WindowBatch

__all__ = ["ForecastNetwork", "SteppingNetwork", "recurrent_part", "starts"]


class ForecastNetwork(torch.nn.Module, abc.ABC):
    """Gives what follows a window: for each step of the horizon, the numbers that an `Output` makes sense of.

    Parameters
    ----------
    options
        Horizon, season length, window, sizes, dropout, output.
    widths
        How many covariates and targets there are.
    """

    def __init__(self, *, options: ForecastOptions, widths: Widths) -> None:
        super().__init__()
        self.horizon, self.widths = options.horizon, widths
        self.output = _output(options)
        self._season_length = options.season
        self._normalise = "counts" if options.output == "negative-binomial" else options.normalise

    @abc.abstractmethod
    def steps(self, batch: WindowBatch, levelled: Levelled, /) -> Tensor:
        """Return the numbers (B, horizon, output width) for the steps after the windows."""

    def forward(self, batch: WindowBatch, /) -> Tensor:
        """Return the output's parameters (B, horizon, output width), on the scale of the batch's values."""
        levelled = self.levelled(batch)
        return self.placed(self.steps(batch, levelled), levelled)

    def learn(self, batch: WindowBatch, expected: Tensor, /) -> Tensor:
        """Return `forward` in training, where what came (B, horizon) is known."""
        return self(batch)

    def quantiles(self, batch: WindowBatch, levels: Sequence[float], /) -> Tensor:
        """Return the values (B, horizon, levels) at quantile levels."""
        return self.output.quantiles(self(batch), levels)

    def levelled(self, batch: WindowBatch, /) -> Levelled:
        """Return the windows on a common level."""
        return level_windows(batch.values, self._normalise, season=self.season(batch))

    def placed(self, numbers: Tensor, levelled: Levelled, /) -> Tensor:
        """Return the output's parameters from the network's numbers (B, steps, width)."""
        return self.output.place(numbers, level=levelled.level[..., None], spread=levelled.spread[..., None])

    def season(self, batch: WindowBatch, /) -> int:
        """Return the season's length, at most a window."""
        return min(self._season_length, batch.values.shape[1])

    def constants(self, batch: WindowBatch, /) -> Tensor:
        """Return what is the same in each step (B, static covariates + targets, where there are several)."""
        if self.widths.targets == 1:
            return batch.static
        which = torch.nn.functional.one_hot(batch.target, self.widths.targets)
        return torch.cat([batch.static, which.to(batch.static.dtype)], 1)

    @property
    def constant_width(self) -> int:
        """How many numbers `constants` gives."""
        return self.widths.static + (self.widths.targets if self.widths.targets > 1 else 0)


class SteppingNetwork(ForecastNetwork, abc.ABC):
    """Reads what is known of each step (its own channels, the covariates), and maps its outputs to the steps' numbers.

    Parameters
    ----------
    cell
        The recurrent cell.
    options, widths
        See `ForecastNetwork`.
    """

    own_channels: ClassVar[int]

    def __init__(self, cell: Cell, /, *, options: ForecastOptions, widths: Widths) -> None:
        super().__init__(options=options, widths=widths)
        width = self.own_channels + widths.past + widths.future + self.constant_width
        self.recurrent = recurrent_part(cell, width, options=options)
        self.dropout = torch.nn.Dropout(options.dropout)
        self.head = torch.nn.Linear(self.recurrent.output_features, self.output.width)


def recurrent_part(cell: Cell, width: int, /, *, options: ForecastOptions) -> Recurrent:
    """Return the recurrent layers of a forecast that reads so many numbers a step."""
    return Recurrent(
        cell,
        width,
        options.hidden_size,
        num_layers=options.layers,
        batch_first=True,
        dropout=options.dropout if options.layers > 1 else 0.0,
    )


def starts(absent: Tensor, /) -> Tensor | None:
    """Return where windows (B, window) begin to be known, as a mask of where a state begins anew; None if at once."""
    if not absent[:, 0].any():
        return None
    first = (absent == 0).long().argmax(1)
    return cast("Tensor", torch.nn.functional.one_hot(first, absent.shape[1]).bool())


def _output(options: ForecastOptions) -> Output:
    if options.output == "point":
        return Point(loss=options.loss)
    if options.output == "quantile":
        coverages = options.coverages() or (0.8,)
        return Quantiles([0.5, *((1 + side * each) / 2 for each in coverages for side in (-1, 1))])
    return {"normal": Normal, "student": StudentT, "negative-binomial": NegativeBinomial}[options.output]()
