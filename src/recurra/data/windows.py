"""Windows of a panel: what a forecast looks at, and what it should give, cut when they are needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recurra.data.panel import Panel

__all__ = ["Origins", "Padded", "origins"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Origins:
    """Where forecasts begin, each the first row of its horizon.

    Attributes
    ----------
    series
        (count,) the number of the series.
    row
        (count,) the row within the series.
    target
        (count,) the number of the target.
    """

    series: np.ndarray
    row: np.ndarray
    target: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def chosen(self, which: np.ndarray, /) -> Origins:
        """Return some of them, by a mask or by their numbers."""
        return Origins(series=self.series[which], row=self.row[which], target=self.target[which])


def origins(panel: Panel, /, *, first: np.ndarray, last: np.ndarray) -> Origins:
    """Return every origin in the rows from `first` to `last`, both included, of each series (series,) and target."""
    counts = np.maximum(0, last - first + 1)
    series = np.repeat(np.arange(len(panel)), counts)
    row = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[series]
    targets = len(panel.columns.targets)
    return Origins(
        series=np.tile(series, targets), row=np.tile(row, targets), target=np.repeat(np.arange(targets), len(row))
    )


class Padded:
    """Rows of a panel that can be looked at before a series begins and after it ends: nothing is known there.

    Parameters
    ----------
    panel
        The series.
    before, after
        How many rows there are before the first and after the last known row.
    """

    def __init__(self, panel: Panel, /, *, before: int, after: int) -> None:
        self._before = before
        lengths = panel.known + before + after
        self._panel, self._begins = panel, np.cumsum(lengths) - lengths
        rows = np.arange(lengths.sum())
        self._series = series = np.repeat(np.arange(len(panel)), lengths)
        self._place = place = rows - self._begins[series] - before
        self._is_inside = (place >= 0) & (place < np.diff(panel.bounds)[series])
        self._is_known = self._is_inside & (place < panel.known[series])
        self._rows = np.where(self._is_inside, panel.bounds[:-1][series] + place, 0)

    def known(self, values: np.ndarray, /) -> np.ndarray:
        """Return values (rows, ...) of the panel on the padded rows, NaN where a target is not known yet."""
        return self._on_rows(values, self._is_known)

    def ahead(self, values: np.ndarray, /) -> np.ndarray:
        """Return values (rows, ...) on the padded rows, with those of the future, NaN elsewhere."""
        return self._on_rows(values, self._is_inside)

    def times(self) -> np.ndarray:
        """Return the time of each padded row, those before a series begins and after it ends too."""
        panel = self._panel
        first = np.minimum(panel.bounds[:-1], len(panel.times.values) - 1)[self._series]
        found = panel.step.ahead(panel.times.values[first], self._place)
        return np.where(self._is_inside, panel.times.values[self._rows], found)

    def rows(self, at: Origins, /) -> np.ndarray:
        """Return the padded row (count,) of each origin."""
        return self._begins[at.series] + self._before + at.row

    def _on_rows(self, values: np.ndarray, where: np.ndarray) -> np.ndarray:
        found = values[self._rows].astype(np.float64)
        found[~where] = np.nan
        return found
