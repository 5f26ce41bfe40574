"""Series: how they are split, scaled and encoded, and the windows of them that a network takes, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from recurra.data import (
    ChannelScale,
    Panel,
    PanelSplit,
    Share,
    calendar_features,
    fit_channels,
    seasonal_naive_error,
    split_panel,
)
from recurra.data.covariates import Encoding, encode, fit_encoding
from recurra.data.panel import Origins, PaddedPanel, origins
from recurra.data.steps import season_of
from recurra.errors import DataError
from recurra.tasks.forecast.options import ForecastOptions
from recurra.training.batches import seeded

__all__ = [
    "FLOOR", "Encodings", "Facts", "Levelled", "PanelTensors", "SplitSeries", "Widths", "WindowBatch", "WindowBatches",
    "check_future", "fit_encodings", "fit_facts", "level_windows", "split_series", "suggested_season",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Widths:
    """How many numbers the covariates of a batch have, past, future and static, and how many targets there are."""

    past: int = 0
    future: int = 0
    static: int = 0
    targets: int = 1


class WindowBatch(NamedTuple):
    """Windows of one target each, without unit.

    Attributes
    ----------
    values
        (B, window), NaN where nothing is known.
    past
        (B, window, past covariates).
    future
        (B, window + horizon, future covariates).
    static
        (B, static covariates).
    target
        (B,) which target it is.
    """

    values: Tensor
    past: Tensor
    future: Tensor
    static: Tensor
    target: Tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelTensors:
    """A panel as a network reads it: scaled, encoded, padded.

    Attributes
    ----------
    padded
        Where each row of the panel is in the tensors.
    values
        (padded rows, targets), NaN where nothing is known.
    past, future
        (padded rows, covariates).
    static
        (series, covariates).
    window, horizon
        How many rows a forecast looks at, and how many it gives.
    """

    padded: PaddedPanel
    values: Tensor
    past: Tensor
    future: Tensor
    static: Tensor
    window: int
    horizon: int

    def cut(self, at: Origins, /) -> tuple[WindowBatch, Tensor]:
        """Return the windows before some origins, and what came: (B, horizon), NaN where it is not known."""
        first = torch.from_numpy(self.padded.rows(at))[:, None]
        rows = first + torch.arange(-self.window, self.horizon)
        target = torch.from_numpy(at.target)
        values = self.values[rows, target[:, None]]
        return WindowBatch(
            values=values[:, : self.window],
            past=self.past[rows[:, : self.window]],
            future=self.future[rows],
            static=self.static[torch.from_numpy(at.series)],
            target=target,
        ), values[:, self.window :]

    def useful(self, at: Origins, /) -> Origins:
        """Return the origins with a known value in their window and in their horizon."""
        # sums from the first row on: their difference is the count of known values between two rows
        known = (~self.values.isnan()).long().cumsum(0)
        known = torch.cat([known.new_zeros(1, known.shape[1]), known]).numpy()
        rows = self.padded.rows(at)
        before = known[rows, at.target] - known[rows - self.window, at.target]
        after = known[rows + self.horizon, at.target] - known[rows, at.target]
        return at.chosen((before > 0) & (after > 0))


class WindowBatches:
    """Batches of windows and what came after them, shuffled anew in every epoch.

    Parameters
    ----------
    tensors, at
        What they are cut from, and where.
    batch_size
        Windows in a batch; the last may have fewer.
    seed
        Shuffles by (seed, epoch); without it, the order stays.

    Raises
    ------
    DataError
        If there is no window.
    """

    def __init__(self, tensors: PanelTensors, at: Origins, /, *, batch_size: int, seed: int | None = None) -> None:
        if not len(at):
            raise DataError("no window has a known value both before and after its origin; give more rows")
        self._tensors, self._at, self._batch_size, self._seed = tensors, at, batch_size, seed
        self._epoch = 0

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the order of an epoch (from 0)."""
        self._epoch = epoch

    def __len__(self) -> int:
        return -(-len(self._at) // self._batch_size)

    def __iter__(self) -> Iterator[tuple[WindowBatch, Tensor]]:
        for chosen in self._order().split(self._batch_size):
            yield self._tensors.cut(self._at.chosen(chosen.numpy()))

    def _order(self) -> Tensor:
        if self._seed is None:
            return torch.arange(len(self._at))
        with seeded(self._seed, self._epoch):
            return torch.randperm(len(self._at))


FLOOR = 1e-2
"""Least spread of a window, as a share of the whole series' spread: a flat window is not blown up."""


class Levelled(NamedTuple):
    """Windows without level and spread.

    Attributes
    ----------
    values
        (B, window), 0 where nothing is known.
    absent
        (B, window) 1 where nothing is known, else 0.
    level, spread
        (B, 1) what was taken off, and what was divided by.
    """

    values: Tensor
    absent: Tensor
    level: Tensor
    spread: Tensor


def level_windows(windows: Tensor, kind: str, /, *, season: int) -> Levelled:
    """Bring windows (B, window), with NaN where nothing is known, to a common level.

    Parameters
    ----------
    windows
        Without unit.
    kind
        "window": the mean of the last season, and the standard deviation; "last": the last value, as in SegRNN (Lin et
        al., 2023); "counts": divided by one more than the mean, as in DeepAR (Salinas et al., 2020); "none".
    season
        Steps whose mean is the level.
    """
    known = ~windows.isnan()
    values = windows.nan_to_num(0.0)
    level, spread = torch.zeros_like(values[:, :1]), torch.ones_like(values[:, :1])
    if kind == "window":
        level = _level(values, known, season)
        spread = _mean((values - _mean(values, known)).square(), known).sqrt() + FLOOR
    elif kind == "last":
        level = _last(values, known)
    elif kind == "counts":
        spread = 1 + _mean(values, known)
    scaled = torch.where(known, (values - level) / spread, 0.0)
    return Levelled(scaled, (~known).to(windows.dtype), level, spread)


def _mean(values: Tensor, known: Tensor) -> Tensor:
    """Return the mean (B, 1) of what is known, 0 where nothing is."""
    return torch.where(known, values, 0.0).sum(1, keepdim=True) / known.sum(1, keepdim=True).clamp(min=1)


def _level(values: Tensor, known: Tensor, season: int) -> Tensor:
    """Return the mean of the last season, or of the window where that has no value."""
    recent = known[:, -season:]
    mean = _mean(values[:, -season:], recent)
    return torch.where(recent.any(1, keepdim=True), mean, _mean(values, known))


def _last(values: Tensor, known: Tensor) -> Tensor:
    back = known.flip(1).long().argmax(1, keepdim=True)
    return values.gather(1, values.shape[1] - 1 - back)


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """What a model knows of the series of a panel, in their order.

    Attributes
    ----------
    ids
        The series' names.
    scale
        Level and spread (series, targets), of the training rows.
    naive_error
        (series, targets) the seasonal naive error within the training rows, in the unit of the target: the scale of
        MASE. NaN where there is none.
    seen_until
        (series,) the last time that training has seen, as in `Panel.times`; None for a series that it has not seen.
    """

    ids: tuple[str, ...]
    scale: ChannelScale
    naive_error: np.ndarray
    seen_until: tuple[Any, ...]

    def apply(self, panel: Panel, /) -> np.ndarray:
        """Return the targets (rows, targets) of a panel of these series, without unit."""
        lengths = np.diff(panel.bounds)
        level, spread = (np.repeat(part, lengths, axis=0) for part in (self.scale.level, self.scale.spread))
        return ChannelScale(level, spread).apply(panel.targets)

    def places(self) -> Mapping[str, int]:
        """Return the place of each series by its name."""
        return {id: place for place, id in enumerate(self.ids)}

    def matched(self, panel: Panel, fitted: Facts, /) -> Facts:
        """Return the facts of a panel's series: those known here, and for other series those fitted to the panel."""
        places = self.places()
        found = [places.get(id, -1) for id in panel.ids]
        known = np.array([place >= 0 for place in found])[:, np.newaxis]
        return Facts(
            ids=panel.ids,
            scale=ChannelScale(
                np.where(known, self.scale.level[found], fitted.scale.level),
                np.where(known, self.scale.spread[found], fitted.scale.spread),
            ),
            naive_error=np.where(known, self.naive_error[found], fitted.naive_error),
            seen_until=tuple(None if place < 0 else self.seen_until[place] for place in found),
        )


def fit_facts(
    panel: Panel, stops: np.ndarray, /, *, season_length: int, seen: np.ndarray | None = None, counts: bool = False
) -> Facts:
    """Fit the facts of each series to its rows before a stop (series,).

    Parameters
    ----------
    panel, stops
        The series, and the row after the last training row of each.
    season_length
        Steps after which the series repeat.
    seen
        (series,) the row after the last that training sees; none sees any without it.
    counts
        Whether the targets are counts, which keep their unit.
    """
    parts = [panel.targets[begin : begin + stop] for begin, stop in zip(panel.bounds, stops, strict=False)]
    scales = [fit_channels(part, kind="none" if counts else "standard") for part in parts]
    errors = [[seasonal_naive_error(column, season_length=season_length) for column in part.T] for part in parts]
    until = [None] * len(panel) if seen is None else panel.times.values[panel.bounds[:-1] + seen - 1]
    return Facts(
        ids=panel.ids,
        scale=ChannelScale(np.stack([each.level for each in scales]), np.stack([each.spread for each in scales])),
        naive_error=np.array(errors, dtype=np.float64),
        seen_until=tuple(until),
    )


_FARTHEST = 1e15
"""Largest value without unit: the squares of a window of them have a finite sum in float32."""


@dataclass(frozen=True, kw_only=True)
class Encodings:
    """How covariates become numbers.

    Attributes
    ----------
    past, future, static
        One for each covariate.
    calendar
        The cycles of the calendar that are read beside the future covariates; see `recurra.data.calendar_features`.
    targets
        How many targets there are.
    """

    past: tuple[Encoding, ...] = ()
    future: tuple[Encoding, ...] = ()
    static: tuple[Encoding, ...] = ()
    calendar: tuple[str, ...] = ()
    targets: int = 1

    def widths(self) -> Widths:
        """Return how many numbers each kind becomes."""
        past, future, static = (sum(each.width for each in kind) for kind in (self.past, self.future, self.static))
        return Widths(past=past, future=future + 2 * len(self.calendar), static=static, targets=self.targets)

    def categories(self) -> frozenset[str]:
        """Return the covariates that are categories."""
        return frozenset(each.name for each in (*self.past, *self.future, *self.static) if each.categories)

    def tensors(self, panel: Panel, facts: Facts, /, *, window: int, horizon: int) -> PanelTensors:
        """Return a panel as a network reads it."""
        padded = PaddedPanel(panel, before=window, after=horizon)
        rows, source = len(panel.targets), panel.source
        values = _on_scale(facts.apply(panel), panel.columns.targets, panel)
        past, future = (
            _on_scale(
                encode(kind, panel.covariates, rows=rows, source=source),
                [each.name for each in kind for _ in range(each.width)],
                panel,
            )
            for kind in (self.past, self.future)
        )
        past, future = padded.known(past), padded.ahead(future)
        if self.calendar:
            cycles = calendar_features(padded.times(), self.calendar, zone=panel.times.zone)
            future = np.concatenate([future, cycles], axis=1)
        static = encode(self.static, panel.statics, rows=len(panel), source=source)
        return PanelTensors(
            padded=padded,
            values=_tensor(padded.known(values)),
            past=_tensor(np.nan_to_num(past)),
            future=_tensor(np.nan_to_num(future)),
            static=_tensor(static),
            window=window,
            horizon=horizon,
        )


def fit_encodings(
    panel: Panel, stops: np.ndarray, /, *, calendar: tuple[str, ...] = (), allow_unseen: bool = False
) -> Encodings:
    """Fit the encodings of a panel's covariates to the rows of each series before a stop (series,)."""
    rows, columns = np.arange(len(panel.targets)), panel.columns
    lengths = np.diff(panel.bounds)
    training = rows - np.repeat(panel.bounds[:-1], lengths) < np.repeat(stops, lengths)
    fitted = {
        name: fit_encoding(name, values, training=training, source=panel.source, allow_unseen=allow_unseen)
        for name, values in panel.covariates.items()
    }
    everywhere = np.ones(len(panel), dtype=bool)
    return Encodings(
        past=tuple(fitted[name] for name in columns.past),
        future=tuple(fitted[name] for name in columns.future),
        static=tuple(
            fit_encoding(name, panel.statics[name], training=everywhere, source=panel.source, allow_unseen=allow_unseen)
            for name in columns.static
        ),
        calendar=calendar,
        targets=len(columns.targets),
    )


def check_future(panel: Panel, /, *, horizon: int) -> None:
    """Check that the future covariates are known for the steps to forecast.

    Raises
    ------
    DataError
        If one is not; the message says of which series, and which time.
    """
    for name in panel.columns.future:
        for number, (begin, known, end) in enumerate(zip(panel.bounds, panel.known, panel.bounds[1:], strict=False)):
            ahead = panel.covariates[name][begin + known : min(end, begin + known + horizon)]
            missing = [value == "" or value != value for value in ahead.tolist()]
            if len(ahead) < horizon or any(missing):
                there = missing.index(True) if any(missing) else len(ahead)
                times = panel.step.after(panel.times.values[: begin + known], there + 1)
                series = f" of series {panel.ids[number]!r}" if panel.ids[number] else ""
                raise DataError(
                    f"{panel.source}, column {name!r}{series}: there is no value for {panel.text(times[-1])}; expected "
                    f"one for each of the {horizon} steps to forecast, in rows whose target is empty"
                )


def _on_scale(values: np.ndarray, names: Sequence[str], panel: Panel) -> np.ndarray:
    """Return values (rows, columns) without unit; refuse what is so far from the scale that its square is infinite."""
    wrong = np.argwhere(np.abs(values) > _FARTHEST)
    if len(wrong):
        row, column = wrong[0].tolist()
        raise DataError(
            f"{panel.source}, column {names[column]!r}, time {panel.text(panel.times.values[row])}: the value lies "
            f"{abs(values[row, column]):.0e} times the spread of the training rows away from their mean, too far to be "
            "forecast from; expected values on the scale of those"
        )
    return values


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))


_SEASONS = 3
"""Seasons that the longest series must have for one to be suggested."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SplitSeries:
    """What a forecast is trained and measured on.

    Attributes
    ----------
    panel
        All of it.
    window
        Steps that a forecast looks at.
    ends
        Which rows of each series train, validate and test.
    facts, encodings
        Scales and covariates, fitted on the training rows alone.
    tensors
        The panel as the network reads it.
    training, validation
        Where forecasts begin. What is forecast for validation lies after the training rows; what is looked at may
        reach into them.
    all
        Where forecasts begin in a training on all rows.
    """

    panel: Panel
    window: int
    ends: PanelSplit
    facts: Facts
    encodings: Encodings
    tensors: PanelTensors
    training: Origins
    validation: Origins
    all: Origins


def split_series(
    panel: Panel,
    options: ForecastOptions,
    /,
    *,
    earlier: Facts | None = None,
    encodings: Encodings | None = None,
) -> SplitSeries:
    """Split a panel, fit the scales unless they are known, and find the windows.

    Parameters
    ----------
    panel, options
        The series, and how to split them.
    earlier, encodings
        What an earlier model knows of series and covariates: its scales stay.

    Raises
    ------
    DataError
        If the series are too short, or counts are asked for and there is another number.
    """
    horizon = options.horizon
    validation, test = _shares(options)
    window = options.window or _default_window(int(panel.known.max()), options)
    ends = split_panel(panel, window=window, horizon=horizon, validation=validation, test=test)
    counts = options.output == "negative-binomial"
    if counts:
        _check_counts(panel)
    facts = fit_facts(panel, ends.train, season_length=options.season, seen=ends.validation, counts=counts)
    if earlier is not None:
        facts = replace(facts, scale=earlier.matched(panel, facts).scale)
    encodings = encodings or fit_encodings(
        panel, ends.train, calendar=options.cycles, allow_unseen=options.unseen_categories == "missing"
    )
    tensors = encodings.tensors(panel, facts, window=window, horizon=horizon)
    # a series that is too short for a whole window trains with what it has, the rest missing
    first = np.where(ends.train >= window + horizon, window, 1)
    return SplitSeries(
        panel=panel,
        window=window,
        ends=ends,
        facts=facts,
        encodings=encodings,
        tensors=tensors,
        training=tensors.useful(origins(panel, first=first, last=ends.train - horizon)),
        validation=tensors.useful(origins(panel, first=ends.train, last=ends.validation - horizon)),
        all=tensors.useful(origins(panel, first=first, last=panel.known - horizon)),
    )


def suggested_season(panel: Panel, /) -> int:
    """Return the season that the step suggests, 1 where it suggests none or the series are too short for it."""
    season = season_of(panel.step)
    return season if _SEASONS * season <= int(panel.known.max()) else 1


def _shares(options: ForecastOptions) -> tuple[Share, Share]:
    return (
        Share(fraction=options.validation_fraction, rows=options.validation_rows),
        Share(fraction=options.test_fraction, rows=options.test_rows),
    )


def _default_window(rows: int, options: ForecastOptions) -> int:
    """Return two seasons and at least two horizons, or what leaves half of the training rows to targets."""
    wanted = 2 * max(options.season, options.horizon)
    training = rows - sum(share.of(rows, horizon=options.horizon) for share in _shares(options))
    return max(1, min(wanted, (training - options.horizon) // 2))


def _check_counts(panel: Panel) -> None:
    wrong = np.argwhere((panel.targets < 0) | (panel.targets != np.round(panel.targets)) & ~np.isnan(panel.targets))
    if len(wrong):
        row, target = wrong[0].tolist()
        raise DataError(
            f"{panel.source}, column {panel.columns.targets[target]!r}, time {panel.text(panel.times.values[row])}: "
            f"{panel.targets[row, target]:g} is no count; expected whole numbers from 0 on, which are what "
            "output = 'negative-binomial' forecasts"
        )
