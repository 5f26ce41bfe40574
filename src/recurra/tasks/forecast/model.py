"""A trained forecast: the network with all that it needs to meet a person's data again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars
import torch

from recurra.data.conformal import conformal_offsets
from recurra.data.continuing import continued, joined
from recurra.data.panel import Panel
from recurra.data.panel_reading import read_panel
from recurra.data.table import Table
from recurra.data.windows import Origins, origins
from recurra.errors import DataError
from recurra.tasks.forecast.covariates import Encodings, check_future
from recurra.tasks.forecast.evaluation import Evaluation, Forecasts, Tested, compare, summarise
from recurra.tasks.forecast.facts import Facts, fit_facts
from recurra.tasks.forecast.network import ForecastNetwork
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.tables import forecast_frame

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

    def read(self, data: Table, /) -> Panel:
        """Read data with the columns and the step that the model knows."""
        return read_panel(
            data,
            columns=self.history.columns,
            time_format=self.options.time_format,
            time_zone=self.options.time_zone,
            step=self.history.step,
            categories=self.encodings.categories(),
            future_alone=True,
        )

    def forecast(self, panel: Panel, at: Origins, /, *, facts: Facts) -> Forecasts:
        """Return the forecasts from some origins, in the unit of the targets."""
        low_high = [((1 - each) / 2, (1 + each) / 2) for each in shown_coverages(self.options)]
        scaled = self.quantiles(panel, at, [0.5, *(level for pair in low_high for level in pair)], facts=facts)[0]
        level, spread = (part[at.series, at.target][:, np.newaxis] for part in (facts.scale.level, facts.scale.spread))
        intervals = {}
        for place, coverage in enumerate(shown_coverages(self.options)):
            offset = self.offsets.get(coverage, 0.0)
            low, high = scaled[..., 1 + 2 * place] - offset, scaled[..., 2 + 2 * place] + offset
            low, high = np.minimum(low, scaled[..., 0]), np.maximum(high, scaled[..., 0])
            floor = 0.0 if self.options.output == "negative-binomial" else -np.inf
            intervals[coverage] = (np.maximum(low * spread + level, floor), high * spread + level)
        return Forecasts(middle=scaled[..., 0] * spread + level, intervals=intervals)

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

    def predict(self, data: Table | Panel | None, /) -> polars.DataFrame:
        """Forecast what comes after the history, or after newer data; see `Forecaster.predict`."""
        panel = self.after(data)
        forecasts = self.forecast(panel, next_origins(panel), facts=self._facts_of(panel, panel.known))
        return forecast_frame(panel, forecasts, coverages=self.options.coverages())

    def after(self, data: Table | Panel | None, /) -> Panel:
        """Return the rows from which a forecast goes on: the history, or newer data with the history before them.

        Raises
        ------
        DataError
            If the data are too few or do not follow the history, or a future covariate is not known.
        """
        panel = self.history if data is None else data
        if not isinstance(panel, Panel):
            panel = self.recent(self.read(panel))
            panel.check_known()
        check_future(panel, horizon=self.options.horizon)
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
            season_length=self.options.season_length,
        )  # fmt: skip

    def _context(self, panel: Panel) -> np.ndarray:
        """Return how many rows (series,) the first forecast looks at: a season too, where there are enough."""
        context = max(self.window, self.options.season_length)
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
        fitted = fit_facts(panel, stops, season_length=self.options.season_length, counts=counts)
        return self.facts.matched(panel, fitted)

    def recent(self, newer: Panel, /) -> Panel:
        """Return the newer rows of each series, with the history before those that are shorter than a window."""
        if (newer.known >= self.window).all():
            return newer
        places = {id: place for place, id in enumerate(self.history.ids)}
        return joined([self._with_history(newer.only([number]), places) for number in range(len(newer))])

    def _with_history(self, newer: Panel, places: Mapping[str, int]) -> Panel:
        place, long_enough = places.get(newer.ids[0]), newer.known[0] >= self.window
        if long_enough or place is None:
            return newer
        series = newer
        if self.options.time is not None:
            series = continued(self.history.only([place]), newer)
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


def shown_coverages(options: ForecastOptions, /) -> tuple[float, ...]:
    """Return the coverages of the intervals in the report: those asked for, or 80 %."""
    return options.coverages() or (0.8,)
