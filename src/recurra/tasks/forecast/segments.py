"""Segment-wise forecasts: a recurrent net steps over whole segments and gives all segments of the horizon at once."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

from recurra import Cell
from recurra.tasks.forecast.levels import Levelled
from recurra.tasks.forecast.network import ForecastNetwork, recurrent_part
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.windows import Widths, WindowBatch

__all__ = ["SegmentNetwork", "default_segment_length"]


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
        lacking = -values.shape[1] % self._length
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
