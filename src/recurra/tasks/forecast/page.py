"""The report about a forecast."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from recurra.errors import DataError
from recurra.report import (
    Block,
    Headline,
    Picture,
    Report,
    Section,
    Text,
    aligned,
    error_by_step_picture,
    errors_by_series,
    fan_picture,
    length_picture,
    residual_picture,
    series_picture,
    value_picture,
    windows_picture,
)
from recurra.tasks.forecast.data import SplitSeries
from recurra.tasks.forecast.model import ForecastModel, next_origins, shown_coverages
from recurra.tasks.forecast.scores import Tested, score_table, series_table, spaced
from recurra.tasks.page import score_block

__all__ = ["forecast_report"]

_SHOWN_BEFORE = 4
"""Horizons of the past that are shown before what comes next."""

_SHOWN = 3
"""Series that are drawn where there are more."""

_LISTED = 2000
"""Series whose errors are in the page, folded."""

Place = tuple[int, int]
"""The number of a series, and that of a target."""


def forecast_report(
    model: ForecastModel, split: SplitSeries, /, *, tested: Tested, metrics: Mapping[str, Any]
) -> Report:
    """Return the page: the figures, what comes next, the test, the data; `metrics` as the model folder has them."""
    targets = split.panel.columns.targets
    shown = _shown(tested)
    return Report(
        title=f"Forecast of {', '.join(targets)}",
        headlines=tuple(_headlines(metrics["test"], targets[0] if len(targets) == 1 else "")),
        sections=(
            Section(title="What comes next", blocks=(*_why(tested, shown), *_next(model, split, shown))),
            _test_section(model, tested, shown, metrics),
            _data_section(split, shown),
        ),
    )


def _headlines(test: Mapping[str, Any], unit: str) -> list[Headline]:
    found = []
    unit = f", {unit}" if unit else ""
    for key, label in (("mase", "test MASE"), ("mae", f"test MAE{unit}"), ("rmse", f"test RMSE{unit}")):
        ours, naive = test["model"][key], test["seasonal_naive"][key]
        if ours is not None:
            value, beside = aligned((ours, naive))
            found.append(Headline(label=label, value=value, detail=f"seasonal naive {beside}"))
    return found


def _shown(tested: Tested) -> list[Place]:
    """Return which series and targets are drawn: of many, that with the least, the median and the largest error."""
    places, errors = _errors(tested)
    if len(places) <= _SHOWN:
        return places
    order = np.argsort(errors[0], kind="stable")
    return [places[order[rank]] for rank in (0, len(order) // 2, len(order) - 1)]


def _why(tested: Tested, shown: list[Place]) -> tuple[Block, ...]:
    """Return which series are drawn and why, where that is a choice."""
    count = len(_errors(tested)[0])
    if count <= len(shown):
        return ()
    names = [_name(tested, place) for place in shown]
    return (
        Text(
            f"Of {count} series, three are drawn, by their error in the test (MASE): the one with the least "
            f"({names[0]}), the median ({names[1]}) and the largest ({names[2]})."
        ),
    )


def _errors(tested: Tested) -> tuple[list[Place], np.ndarray]:
    """Return series and targets, and their scaled errors (2, places): the model's and the seasonal naive's."""
    targets = len(tested.panel.columns.targets)
    keys = tested.origins.series * targets + tested.origins.target
    found, which = np.unique(keys, return_inverse=True)
    means = np.stack([_means(tested, line, which, len(found)) for line in (tested.forecasts.middle, tested.naive)])
    return [divmod(key, targets) for key in found.tolist()], means


def _means(tested: Tested, line: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    """Return the mean error (count,) of the forecasts of each place, in its seasonal naive error where there is one."""
    errors = np.abs(line - tested.actual)
    known = ~np.isnan(errors)
    totals = np.bincount(which, np.where(known, errors, 0).sum(1), minlength=count)
    counts = np.bincount(which, known.sum(1), minlength=count)
    scales = np.zeros(count)
    scales[which] = np.where(tested.naive_error > 0, tested.naive_error, 1.0)
    return totals / np.maximum(counts, 1) / scales


def _name(tested_or_split: Tested | SplitSeries, place: Place) -> str:
    panel = tested_or_split.panel
    series, target = panel.ids[place[0]], panel.columns.targets[place[1]]
    return f"{target} of {series}" if series else target


def _next(model: ForecastModel, split: SplitSeries, shown: list[Place]) -> tuple[Block, ...]:
    """Return what comes after the data, with the intervals; nothing where future covariates are not known."""
    panel = model.history
    try:
        model.after(None)
    except DataError as error:
        return (Text(f"Nothing is forecast here: {error}"),)
    forecasts = model.forecast(panel, next_origins(panel), facts=model.facts)
    blocks: list[Block] = []
    for series, target in shown:
        row = target * len(panel) + series
        quantiles = {0.5: forecasts.middle[row]}
        for coverage in shown_coverages(model.options):
            low, high = forecasts.intervals[coverage]
            quantiles |= {round((1 - coverage) / 2, 9): low[row], round((1 + coverage) / 2, 9): high[row]}
        picture = _fan(model, split, (series, target), quantiles)
        blocks.append(_named(picture, _name(split, (series, target)), among=len(shown)))
    return tuple(blocks)


def _named(picture: Picture, name: str, /, *, among: int) -> Picture:
    """Return a picture whose title says what it is of, where it is one among several."""
    return dataclasses.replace(picture, title=f"{picture.title}: {name}") if among > 1 else picture


def _fan(model: ForecastModel, split: SplitSeries, place: Place, quantiles: dict[float, np.ndarray]) -> Picture:
    panel, horizon = split.panel, model.options.horizon
    rows = panel.rows_of(place[0])
    rows = slice(max(rows.start, rows.stop - max(_SHOWN_BEFORE * horizon, model.window)), rows.stop)
    return fan_picture(
        panel.times.values[rows],
        panel.targets[rows, place[1]],
        future=panel.step.after(panel.times.values[rows], horizon),
        quantiles=quantiles,
        name=_name(split, place),
        time=panel.times.name,
    )


def _test_section(model: ForecastModel, tested: Tested, shown: list[Place], metrics: Mapping[str, Any]) -> Section:
    """Return the test part: scores, forecasts beside what came, errors by step and series and their histogram."""
    blocks: list[Block] = [score_block(score_table(metrics["test"], options=model.options))]
    if "refitted" in metrics["trained_on"]:
        blocks.append(Text(metrics["trained_on"]["note"]))
    blocks += [_named(_windows(tested, place), _name(tested, place), among=len(shown)) for place in shown]
    places, errors = _errors(tested)
    if len(places) > 1:
        names = [_name(tested, place) for place in places]
        blocks.append(errors_by_series(names, errors[0], errors[1], measure="MASE"))
        table = series_table(metrics["test"], most=_LISTED)
        if table is not None:
            blocks.append(score_block(table, is_folded=True))
    unit, scale = _unit(tested)
    steps = [_by_step((line - tested.actual) / scale) for line in (tested.forecasts.middle, tested.naive)]
    blocks.append(error_by_step_picture(steps[0], steps[1], unit=unit))
    residuals = ((tested.actual - tested.forecasts.middle) / scale).ravel()
    blocks.append(residual_picture(residuals[~np.isnan(residuals)], unit=unit, apart=_apart(tested, scale)))
    return Section(title="Test", blocks=tuple(blocks))


def _unit(tested: Tested) -> tuple[str, np.ndarray | float]:
    """Return the unit of errors, and what they are divided by for it: that of the target where there is but one."""
    panel = tested.panel
    if len(panel) == 1 and len(panel.columns.targets) == 1:
        return panel.columns.targets[0], 1.0
    errors = tested.naive_error[:, np.newaxis]
    return "seasonal naive errors", np.where(errors > 0, errors, 1.0)


def _apart(tested: Tested, scale: np.ndarray | float) -> np.ndarray:
    """Return the mean error (count,) of each forecast of those that do not overlap: what a test of bias needs."""
    kept = spaced(tested, stride=tested.actual.shape[1])
    errors = kept.actual - kept.forecasts.middle
    if isinstance(scale, np.ndarray):
        errors = errors / np.where(kept.naive_error > 0, kept.naive_error, 1.0)[:, np.newaxis]
    known = ~np.isnan(errors)
    return np.where(known, errors, 0.0).sum(axis=1)[known.any(axis=1)] / known.sum(axis=1)[known.any(axis=1)]


def _by_step(errors: np.ndarray) -> np.ndarray:
    """Return the mean absolute error (horizon,) of the known ones (count, horizon), NaN where there is none."""
    known = ~np.isnan(errors)
    counts = np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    return np.where(known, np.abs(errors), 0.0).sum(axis=0) / counts


def _windows(tested: Tested, place: Place) -> Picture:
    panel, at = tested.panel, tested.origins
    chosen = np.flatnonzero((at.series == place[0]) & (at.target == place[1]))
    starts = at.row[chosen]
    order = np.argsort(starts)
    rows = panel.rows_of(place[0])
    first = int(starts.min())
    return windows_picture(
        panel.times.values[rows][first:],
        panel.targets[rows, place[1]][first:],
        forecasts=tested.forecasts.middle[chosen][order],
        starts=starts[order] - first,
        name=_name(tested, place),
        time=panel.times.name,
    )


def _data_section(split: SplitSeries, shown: list[Place]) -> Section:
    panel, ends = split.panel, split.ends
    series, target = shown[len(shown) // 2]
    rows = panel.rows_of(series)
    train, validation, test = (int(part[series]) for part in (ends.train, ends.validation, ends.test))
    parts = {"training": (0, train), "validation": (train, validation), "test": (validation, test)}
    values = panel.targets[rows, target]
    name = _name(split, (series, target))
    blocks: list[Block] = [
        series_picture(panel.times.values[rows], values, name=name, time=panel.times.name, parts=parts)
    ]
    if len(panel) > 1:
        blocks.append(length_picture(panel.known, unit="rows"))
    blocks.append(value_picture(values[~np.isnan(values)], name=name))
    return Section(title="Data", blocks=tuple(blocks))
