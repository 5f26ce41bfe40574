"""The networks that forecast: each step from the window, each from the one before, or segments; their learner."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import ClassVar, cast, final

import torch
from torch import Tensor
from torch.nn.functional import pad

from recurra import Cell
from recurra.nn import Recurrent
from recurra.tasks.forecast.data import Levelled, Widths, WindowBatch, level_windows
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.outputs import NegativeBinomial, Normal, Output, Point, Quantiles, StudentT
from recurra.training.learner import Learner, Sum

__all__ = [
    "AutoregressiveNetwork", "DirectNetwork", "ForecastLearner", "ForecastNetwork", "SegmentNetwork", "SteppingNetwork",
    "default_segment_length", "make_network", "recurrent_part", "starts",
]  # fmt: skip


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
        before = steps % season - season  # from the window's end: the same place in its last season
        ahead = values.new_zeros(len(values), window + self.horizon)
        ahead[:, window:] = (steps + 1) / self.horizon
        own = [torch.cat([values, values[:, before]], 1), ahead, torch.cat([absent, absent[:, before]], 1)]
        past = torch.nn.functional.pad(batch.past, (0, 0, 0, self.horizon))
        constants = self.constants(batch)[:, None].expand(-1, window + self.horizon, -1)
        return torch.cat([torch.stack(own, -1), past, batch.future, constants], -1)


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
        # each window goes on along many paths at once; the quantiles of a step are those of its paths
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


class SegmentNetwork(ForecastNetwork):
    """Reads a window segment by segment, and makes the segments of the horizon in parallel.

    SegRNN: Lin, Lin, Wu, Zhao, Mo & Zhang (2023), arXiv:2308.11200, sections 3.2 and 3.3: each segment is projected to
    the state's size with a ReLU; the state after the last one is where each segment of the horizon begins, one step
    with its own position (half of the state's size) and the target's (the other half) as input; a linear map of the
    outcome is the segment. The cell is any here, a GRU there. A missing value is 0 on its window's level, and a map of
    its own, zero at first, tells the net; covariates are added to a segment's projection.

    Parameters
    ----------
    cell
        The recurrent cell.
    options, widths
        See `ForecastNetwork`.
    """

    def __init__(self, cell: Cell, /, *, options: ForecastOptions, widths: Widths) -> None:
        super().__init__(options=options, widths=widths)
        length, size = options.segment_length or default_segment_length(options), options.hidden_size
        self._length = length
        self._segments = -(-options.horizon // length)
        self.embed = torch.nn.Linear(length, size)
        self.embed_absent = torch.nn.Linear(length, size, bias=False)
        torch.nn.init.zeros_(self.embed_absent.weight)
        self.embed_past = _silent(length * widths.past, size)
        self.embed_future = _silent(length * widths.future, size)
        self.embed_constants = _silent(self.constant_width, size)
        self.recurrent = recurrent_part(cell, size, options=options)
        self.position = torch.nn.Parameter(torch.randn(self._segments, size - size // 2))
        self.target = torch.nn.Parameter(torch.randn(widths.targets, size // 2))
        self.dropout = torch.nn.Dropout(options.dropout)
        self.head = torch.nn.Linear(self.recurrent.output_features, length * self.output.width)

    def steps(self, batch: WindowBatch, levelled: Levelled, /) -> Tensor:
        """Return the numbers (B, horizon, output width) for the steps after the windows."""
        _, state = self.recurrent(self._window(batch, levelled))
        positions = self._positions(batch)
        count = len(positions)
        outputs, _ = self.recurrent(positions.flatten(0, 1)[:, None], _repeated(state, self._segments))
        numbers = self.head(self.dropout(outputs[:, 0]))
        return numbers.reshape(count, self._segments * self._length, self.output.width)[:, : self.horizon]

    def _window(self, batch: WindowBatch, levelled: Levelled) -> Tensor:
        """Return the segments of the windows (B, segments, hidden size)."""
        window = levelled.values.shape[1]
        embedded = self.embed(self._cut(levelled.values[..., None], at_start=True))
        if levelled.absent.any():
            embedded = embedded + self.embed_absent(self._cut(levelled.absent[..., None], at_start=True))
        if self.embed_past is not None:
            embedded = embedded + self.embed_past(self._cut(batch.past, at_start=True))
        if self.embed_future is not None:
            embedded = embedded + self.embed_future(self._cut(batch.future[:, :window], at_start=True))
        if self.embed_constants is not None:
            embedded = embedded + self.embed_constants(self.constants(batch))[:, None]
        return torch.relu(embedded)

    def _positions(self, batch: WindowBatch) -> Tensor:
        """Return what says which segment of which target is to come (B, segments, hidden size)."""
        targets = self.target[batch.target][:, None].expand(-1, self._segments, -1)
        places = torch.cat([self.position.expand(len(targets), -1, -1), targets], -1)
        if self.embed_future is not None:
            ahead = batch.future[:, -self.horizon :]
            places = places + self.embed_future(self._cut(ahead, at_start=False))
        return places

    def _cut(self, values: Tensor, *, at_start: bool) -> Tensor:
        """Return values (B, steps, channels) as segments (B, segments, length * channels), with zeros to fill one."""
        lacking = -values.shape[1] % self._length  # up to a whole segment
        filled = pad(values, (0, 0, lacking, 0) if at_start else (0, 0, 0, lacking))
        return filled.unflatten(1, (-1, self._length)).flatten(2)


def default_segment_length(options: ForecastOptions, /) -> int:
    """Return a season where it is longer than a step and divides the horizon, else a quarter of the horizon."""
    season = options.season
    if season > 1 and options.horizon % season == 0:
        return season
    return max(1, options.horizon // 4)


def _silent(inputs: int, outputs: int) -> torch.nn.Linear | None:
    """Return a linear map that gives zero until it has learnt; None without inputs."""
    if not inputs:
        return None
    layer = torch.nn.Linear(inputs, outputs, bias=False)
    torch.nn.init.zeros_(layer.weight)
    return layer


def _repeated(state: Tensor | tuple[Tensor, ...], times: int) -> Tensor | tuple[Tensor, ...]:
    """Return states (layers, B, size), each so many times after itself."""
    if isinstance(state, Tensor):
        return state.repeat_interleave(times, dim=1)
    return tuple(each.repeat_interleave(times, dim=1) for each in state)


_NETWORKS = {"direct": DirectNetwork, "autoregressive": AutoregressiveNetwork, "segment": SegmentNetwork}


def make_network(cell: Cell, /, *, options: ForecastOptions, widths: Widths) -> ForecastNetwork:
    """Return a network for the strategy of the options, with new weights."""
    return _NETWORKS[options.strategy](cell, options=options, widths=widths)


@final
class ForecastLearner(Learner):
    """Learns from windows and what came after them; what is missing does not count."""

    network: ForecastNetwork

    def loss(self, batch: tuple[WindowBatch, Tensor], /) -> Tensor:
        """Return the mean loss of the known values."""
        windows, expected = batch
        return self._mean(self.network.learn(windows, expected), expected)

    def measure(self, batch: tuple[WindowBatch, Tensor], /) -> Mapping[str, Sum]:
        """Return the loss of the forecasts, weighted by the known values."""
        windows, expected = batch
        count = int((~expected.isnan()).sum())
        return {"loss": Sum(self._mean(self.network(windows), expected) * count, count)}

    def _mean(self, parameters: Tensor, expected: Tensor) -> Tensor:
        known = ~expected.isnan()
        losses = self.network.output.loss(parameters, torch.where(known, expected, 1.0))
        return torch.where(known, losses, 0.0).sum() / known.sum()
