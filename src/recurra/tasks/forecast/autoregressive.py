"""Autoregressive forecasts: each step from the one before, drawn anew where there is a distribution."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from recurra.tasks.forecast.levels import Levelled
from recurra.tasks.forecast.network import SteppingNetwork, starts
from recurra.tasks.forecast.outputs import Point
from recurra.tasks.forecast.windows import WindowBatch

__all__ = ["AutoregressiveNetwork"]

_PATHS = 200
"""Futures that are drawn to see a distribution some steps ahead."""


class AutoregressiveNetwork(SteppingNetwork):
    """Reads one value after another and says what the next one is; a forecast is read like a value.

    DeepAR: Salinas, Flunkert, Gasthaus & Januschowski (2020), International Journal of Forecasting 36(3), equations 1
    and 2. In training it reads what came. A step reads the value before it and the value a season before it, whether
    they are missing, and the covariates: the past ones of the step before, the future ones of the step itself.
    """

    own_channels = 4

    def learn(self, batch: WindowBatch, expected: Tensor, /) -> Tensor:
        """Return the parameters (B, horizon, output width) where each step has read what came before it."""
        levelled = self.levelled(batch)
        absent = expected.isnan()
        came = torch.where(absent, 0.0, (expected - levelled.level) / levelled.spread)
        values = torch.cat([levelled.values, came], 1)
        inputs = self._inputs(batch, values, torch.cat([levelled.absent, absent.to(values.dtype)], 1))
        begins = starts(levelled.absent)
        if begins is not None:
            begins = torch.nn.functional.pad(begins, (0, self.horizon - 1))
        outputs, _ = self.recurrent(inputs, reset=begins)
        return self.placed(self.head(self.dropout(outputs[:, -self.horizon :])), levelled)

    def steps(self, batch: WindowBatch, levelled: Levelled, /) -> Tensor:
        """Return the numbers (B, horizon, output width), each step having read the middle of those before it."""
        return self._run(batch, levelled, None)[0]

    def quantiles(self, batch: WindowBatch, levels: Sequence[float], /) -> Tensor:
        """Return the values (B, horizon, levels): a point forecast, or those of futures drawn with a fixed seed."""
        if isinstance(self.output, Point):
            return self.output.quantiles(self(batch), levels)
        many = WindowBatch(*(part.repeat_interleave(_PATHS, 0) for part in batch))
        levelled = self.levelled(many)
        drawn = self._run(many, levelled, torch.Generator().manual_seed(0))[1] * levelled.spread + levelled.level
        paths = drawn.unflatten(0, (-1, _PATHS))
        return torch.quantile(paths, paths.new_tensor(levels), dim=1).movedim(0, -1)

    def _run(self, batch: WindowBatch, levelled: Levelled, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        """Return the numbers (B, horizon, output width) and what was read for them (B, horizon), levelled."""
        window = levelled.values.shape[1]
        values, absent = levelled.values, levelled.absent
        outputs, state = self.recurrent(self._inputs(batch, values, absent, until=window + 1), reset=starts(absent))
        output, numbers = outputs[:, -1:], []
        for step in range(self.horizon):
            numbers.append(self.head(self.dropout(output)))
            values = torch.cat([values, self._next(numbers[-1], levelled, generator)], 1)
            absent = torch.nn.functional.pad(absent, (0, 1))
            if step + 1 < self.horizon:
                inputs = self._inputs(batch, values, absent, begin=window + step + 1, until=window + step + 2)
                output, state = self.recurrent(inputs, state)
        return torch.cat(numbers, 1), values[:, window:]

    def _next(self, numbers: Tensor, levelled: Levelled, generator: torch.Generator | None) -> Tensor:
        """Return the value (B, 1) that the next step reads, levelled: the middle, or one that is drawn."""
        parameters = self.placed(numbers, levelled)
        if generator is None:
            value = self.output.quantiles(parameters, (0.5,))[..., 0]
        else:
            value = self.output.sample(parameters, generator)
        return (value - levelled.level) / levelled.spread

    def _inputs(
        self, batch: WindowBatch, values: Tensor, absent: Tensor, *, begin: int = 1, until: int | None = None
    ) -> Tensor:
        """Return what the steps [begin, until) read (B, steps, channels); step t is that whose value is at place t."""
        until = values.shape[1] if until is None else until
        places = torch.arange(begin, until)
        window, season = batch.past.shape[1], self.season(batch)
        earlier = (places - season).clamp(min=0)
        lost = ((places - season) < 0).to(values.dtype)
        own = torch.stack([
            values[:, places - 1],
            absent[:, places - 1],
            values[:, earlier] * (1 - lost),
            torch.maximum(absent[:, earlier], lost.expand(len(values), -1)),
        ], -1)  # fmt: skip
        past = torch.where((places - 1 < window)[:, None], batch.past[:, (places - 1).clamp(max=window - 1)], 0.0)
        constants = self.constants(batch)[:, None].expand(-1, len(places), -1)
        return torch.cat([own, past, batch.future[:, places], constants], -1)
