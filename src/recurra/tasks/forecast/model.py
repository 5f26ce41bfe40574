"""A trained forecast: the network with all that it needs to meet a person's data again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars
import torch

from recurra.data import Panel, Table, append_rows, concatenate_panels, conformal_offsets, read_panel
from recurra.data.panel import Origins, PaddedPanel, origins
from recurra.errors import DataError, InputError
from recurra.tasks.forecast.data import Encodings, Facts, check_future, fit_facts
from recurra.tasks.forecast.network import ForecastNetwork
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.scores import Evaluation, Forecasts, Tested, compare, forecast_frame, summarise

__all__ = ["ForecastModel", "Offsets", "shown_coverages"]

_CHUNK = 1024
"""Windows that are forecast at once."""

Offsets = Mapping[float, np.ndarray]
"""Coverage, such as 0.8, -> by how much (horizon,) intervals are widened, without unit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ForecastModel:
    """A trained forecast.

    Attributes
    ----------
    options
        The options, with the columns, the time format and the window filled in.
    network
        The trained network.
    facts, encodings
        What is known of the series, and how covariates become numbers.
    window
        Steps that a forecast looks at.
    history
        The last window of each series, from which the forecast goes on.
    offsets
        By how much intervals are widened; empty where they are not fitted.
    """

    options: ForecastOptions
    network: ForecastNetwork
    facts: Facts
    encodings: Encodings
    window: int
    history: Panel
    offsets: Offsets

    def read(self, data: Table, /, *, of_future: bool = False) -> Panel:
        """Read data with the columns and the step that the model knows; rows of the future need not have all."""
        return read_panel(
            data,
            columns=self.history.columns,
            format=self.options.table_format(),
            time_format=self.options.time_format,
            time_zone=self.options.time_zone,
            step=self.history.step,
            categories=self.encodings.categories(),
            future_alone=True,
            earlier=self.history if of_future else None,
        )

    def forecast(self, panel: Panel, at: Origins, /, *, facts: Facts) -> Forecasts:
        """Return the forecasts from some origins, in the unit of the targets."""
        low_high = [((1 - each) / 2, (1 + each) / 2) for each in shown_coverages(self.options)]
        scaled = self.quantiles(panel, at, [0.5, *(level for pair in low_high for level in pair)], facts=facts)[0]
        level, spread = (part[at.series, at.target][:, np.newaxis] for part in (facts.scale.level, facts.scale.spread))
        floor = self._floor()
        intervals = {}
        for place, coverage in enumerate(shown_coverages(self.options)):
            offset = self.offsets.get(coverage, 0.0)
            low, high = scaled[..., 1 + 2 * place] - offset, scaled[..., 2 + 2 * place] + offset
            low, high = np.minimum(low, scaled[..., 0]), np.maximum(high, scaled[..., 0])
            intervals[coverage] = (np.maximum(low * spread + level, floor), np.maximum(high * spread + level, floor))
        middle = np.maximum(scaled[..., 0] * spread + level, floor)
        return self._constant_stays(panel, at, facts, Forecasts(middle=middle, intervals=intervals))

    def _constant_stays(self, panel: Panel, at: Origins, facts: Facts, found: Forecasts) -> Forecasts:
        """Return forecasts where a window that is its series' one value forecasts that value.

        A series without spread has the spread 1; its windows would be forecast by whatever the network says of zeros.
        """
        if self.options.output == "negative-binomial":
            return found
        padded = PaddedPanel(panel, before=self.window, after=0)
        rows = padded.rows(at)[:, np.newaxis] + np.arange(-self.window, 0)
        values = padded.known(panel.targets)[rows, at.target[:, np.newaxis]]
        level, spread = (part[at.series, at.target] for part in (facts.scale.level, facts.scale.spread))
        known = ~np.isnan(values)
        is_level = np.where(known, values == level[:, np.newaxis], True).all(axis=1) & known.any(axis=1)
        constant = (is_level & (spread == 1.0))[:, np.newaxis]
        value = level[:, np.newaxis]
        return Forecasts(
            middle=np.where(constant, value, found.middle),
            intervals={
                each: (np.where(constant, value, low), np.where(constant, value, high))
                for each, (low, high) in found.intervals.items()
            },
        )

    def _floor(self) -> float:
        """Return what no forecast is below."""
        least = 0.0 if self.options.output == "negative-binomial" else -np.inf
        return max(least, -np.inf if self.options.minimum is None else self.options.minimum)

    def quantiles(
        self, panel: Panel, at: Origins, levels: Sequence[float], /, *, facts: Facts
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the values (count, horizon, levels) at quantile levels, and what came (count, horizon).

        Both are without unit, as the network gives and reads them.
        """
        tensors = self.encodings.tensors(panel, facts, window=self.window, horizon=self.options.horizon)
        found, came = [], []
        with torch.inference_mode():
            for begin in range(0, len(at), _CHUNK):
                windows, expected = tensors.cut(at.chosen(np.arange(begin, min(begin + _CHUNK, len(at)))))
                found.append(self.network.quantiles(windows, levels).double().numpy())
                came.append(expected.double().numpy())
        return np.concatenate(found), np.concatenate(came)

    def calibrate(self, panel: Panel, at: Origins, /) -> Offsets:
        """Return by how much intervals have to be widened, as forecasts from these origins were off."""
        levels = [(1 + side * each) / 2 for each in shown_coverages(self.options) for side in (-1, 1)]
        ends, came = self.quantiles(panel, at, levels, facts=self.facts)
        return {
            coverage: conformal_offsets(ends[..., 2 * place], ends[..., 2 * place + 1], came, coverage=coverage)
            for place, coverage in enumerate(shown_coverages(self.options))
        }

    def predict(self, data: Table | Panel | None, /, *, horizon: int | None = None) -> polars.DataFrame:
        """Forecast what comes after the history, or after newer data; see `Forecaster.predict`."""
        wanted = self.options.horizon if horizon is None else horizon
        if wanted < 1:
            raise InputError(f"horizon = {wanted}; expected 1 at least")
        panel = self.after(data, horizon=wanted)
        facts = self._facts_of(panel, panel.known)
        parts, going = [], panel
        for done in range(0, wanted, self.options.horizon):
            parts.append(self.forecast(going, next_origins(going), facts=facts))
            if done + self.options.horizon < wanted:
                going = going.extended(_by_series(parts[-1].middle, series=len(panel)))
        return forecast_frame(panel, _one_after_another(parts, steps=wanted), coverages=self.options.coverages())

    def after(self, data: Table | Panel | None, /, *, horizon: int | None = None) -> Panel:
        """Return the rows from which a forecast goes on: the history, or newer data with the history before them.

        Raises
        ------
        DataError
            If the data are too few or do not follow the history, or a future covariate is not known.
        """
        panel = self.history if data is None else data
        if not isinstance(panel, Panel):
            panel = self.recent(self.read(panel, of_future=True))
            panel.check_known()
        check_future(panel, horizon=horizon or self.options.horizon)
        return panel

    def evaluate(self, data: Table, /) -> Evaluation:
        """Measure the forecasts of other data; see `Forecaster.evaluate`."""
        tested, seen = self.test(self.read(data))
        return summarise(tested, seen_in_training=seen, coverages=self.options.coverages())

    def test(self, panel: Panel, /) -> tuple[Tested, bool]:
        """Forecast from every origin that training has not seen, or from all where it has seen all; say which."""
        panel.check_known()
        first = self._unseen(panel)
        seen = bool((first > panel.known - self.options.horizon).all())
        return self.tested(panel, np.zeros_like(first) if seen else first), seen

    def tested(self, panel: Panel, first: np.ndarray, /) -> Tested:
        """Return forecasts beside what came, from every origin from the row `first` (series,) on.

        Raises
        ------
        DataError
            If there is no such origin with known values before and after it.
        """
        horizon = self.options.horizon
        begins = np.where(first > 0, first, self._context(panel))
        facts = self._facts_of(panel, np.minimum(begins, panel.known))
        at = origins(panel, first=begins, last=panel.known - horizon)
        at = self.encodings.tensors(panel, facts, window=self.window, horizon=horizon).useful(at)
        if not len(at):
            raise DataError(
                f"{panel.source} has {panel.known.max()} rows{' in its longest series' * (len(panel) > 1)}; expected "
                f"at least {self.window + horizon}, a window of {self.window} and a horizon of {horizon}"
            )
        return compare(
            panel, at, self.forecast(panel, at, facts=facts), naive_error=facts.naive_error, window=self.window,
            season_length=self.options.season,
        )  # fmt: skip

    def _context(self, panel: Panel) -> np.ndarray:
        """Return how many rows (series,) the first forecast looks at: a season too, where there are enough."""
        context = max(self.window, self.options.season)
        return np.where(panel.known >= context + self.options.horizon, context, self.window)

    def _unseen(self, panel: Panel) -> np.ndarray:
        """Return the first row (series,) that training has not seen."""
        if self.options.time is None:
            return np.zeros(len(panel), dtype=np.int64)
        places, found = self.facts.places(), []
        for number, id in enumerate(panel.ids):
            until = self.facts.seen_until[places[id]] if id in places else None
            times = panel.times.values[panel.rows_of(number)]
            found.append(0 if until is None else int((times <= until).sum()))
        return np.array(found)

    def _facts_of(self, panel: Panel, stops: np.ndarray) -> Facts:
        """Return the facts of a panel's series; a series that the model does not know is scaled by its own rows."""
        counts = self.options.output == "negative-binomial"
        fitted = fit_facts(panel, stops, season_length=self.options.season, counts=counts)
        return self.facts.matched(panel, fitted)

    def recent(self, newer: Panel, /) -> Panel:
        """Return the newer rows of each series, with the history before those that are shorter than a window."""
        if (newer.known >= self.window).all():
            return newer
        places = {id: place for place, id in enumerate(self.history.ids)}
        return concatenate_panels([self._with_history(newer.only([number]), places) for number in range(len(newer))])

    def _with_history(self, newer: Panel, places: Mapping[str, int]) -> Panel:
        place, long_enough = places.get(newer.ids[0]), newer.known[0] >= self.window
        if long_enough or place is None:
            return newer
        series = newer
        if self.options.time is not None:
            series = append_rows(self.history.only([place]), newer)
        if series.known[0] < min(self.window, self.history.known[place]):
            name = f" of series {newer.ids[0]!r}" if newer.ids[0] else ""
            last = self.history.text(self.history.last_times()[place])
            raise DataError(
                f"{newer.source} has {newer.known[0]} rows{name}, which do not follow the model's history (to "
                f"{last}); expected at least the {self.window} rows of its window"
            )
        return series


def next_origins(panel: Panel, /) -> Origins:
    """Return the origins of what comes after each series, series by series, for all targets."""
    return origins(panel, first=panel.known, last=panel.known)


def _by_series(values: np.ndarray, *, series: int) -> np.ndarray:
    """Return forecasts (targets * series, horizon) as rows (series, horizon, targets)."""
    return values.reshape(-1, series, values.shape[1]).transpose(1, 2, 0)


def _one_after_another(parts: Sequence[Forecasts], *, steps: int) -> Forecasts:
    """Return forecasts that follow each other as one; intervals are of the first alone, NaN beyond it."""
    middle = np.concatenate([part.middle for part in parts], axis=1)[:, :steps]
    beyond = ((0, 0), (0, max(0, steps - parts[0].middle.shape[1])))
    intervals = {
        each: (
            np.pad(low[:, :steps], beyond, constant_values=np.nan),
            np.pad(high[:, :steps], beyond, constant_values=np.nan),
        )
        for each, (low, high) in parts[0].intervals.items()
    }
    return Forecasts(middle=middle, intervals=intervals)


def shown_coverages(options: ForecastOptions, /) -> tuple[float, ...]:
    """Return the coverages of the intervals in the report: those asked for, or 80 %."""
    return options.coverages() or (0.8,)
