"""From a panel to what a forecast is trained on: the window's length, the parts, the scales, the examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recurra.data import ChannelScale, Panel, PanelSplit, Share, split_panel
from recurra.data.panel import Origins, origins
from recurra.data.steps import season_of
from recurra.errors import DataError
from recurra.tasks.forecast.covariates import Encodings, fit_encodings
from recurra.tasks.forecast.facts import Facts, fit_facts
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.windows import PanelTensors

__all__ = ["SplitSeries", "split_series", "suggested_season"]

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
        facts = _with_scale(facts, earlier.matched(panel, facts).scale)
    encodings = encodings or fit_encodings(
        panel, ends.train, calendar=options.cycles, allow_unseen=options.unseen_categories == "missing"
    )
    tensors = encodings.tensors(panel, facts, window=window, horizon=horizon)
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


def _with_scale(facts: Facts, scale: ChannelScale) -> Facts:
    return Facts(ids=facts.ids, scale=scale, naive_error=facts.naive_error, seen_until=facts.seen_until)


def _check_counts(panel: Panel) -> None:
    wrong = np.argwhere((panel.targets < 0) | (panel.targets != np.round(panel.targets)) & ~np.isnan(panel.targets))
    if len(wrong):
        row, target = wrong[0].tolist()
        raise DataError(
            f"{panel.source}, column {panel.columns.targets[target]!r}, {panel.text(panel.times.values[row])}: "
            f"{panel.targets[row, target]:g} is no count; expected whole numbers from 0 on for negative-binomial"
        )
