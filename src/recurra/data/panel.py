"""A panel: one or many series with their covariates, on regular times, with NaN where nothing is known.

Panels are appended to each other, and windows are cut from them when they are needed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.data.steps import Step
from recurra.data.times import Times
from recurra.errors import DataError

__all__ = ["Columns", "Origins", "PaddedPanel", "Panel", "append_rows", "concatenate_panels", "origins"]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of a table by their part in a forecast.

    Attributes
    ----------
    id
        Names the series of a row; None where all rows are of one.
    time
        The times; None where rows are numbered.
    targets
        What is forecast, each by itself.
    past
        Known up to now alone, such as a measured temperature.
    future
        Known for the steps to forecast as well, such as a price or a holiday.
    static
        One value a series, such as a region.

    Examples
    --------
    >>> Columns(time='ds', targets=('y',), future=('price',))
    Columns(id=None, time='ds', targets=('y',), past=(), future=('price',), static=())
    """

    id: str | None = None
    time: str | None = None
    targets: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    static: tuple[str, ...] = ()

    @property
    def covariates(self) -> tuple[str, ...]:
        """The covariates that have a value a row, each once."""
        return tuple(dict.fromkeys((*self.past, *self.future)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """Series at regular times, row by row, series by series.

    Attributes
    ----------
    columns
        What the columns of the table are.
    ids
        The series' names; ("",) where there is no column of them.
    bounds
        (series + 1,) series i has the rows [bounds[i], bounds[i + 1]).
    known
        (series,) rows of each up to the last with a value of a target; what is after them is the future, where only
        the covariates are known.
    times
        (rows,) the times, in order within each series, without gaps.
    step
        The distance between them.
    targets
        (rows, targets) float64, NaN where a value is missing, such as in a row that was not in the table.
    covariates
        Name -> (rows,) numbers, NaN where missing, or texts, "" where missing.
    statics
        Name -> (series,) likewise.
    source
        What messages call the table.
    """

    columns: Columns
    ids: tuple[str, ...]
    bounds: np.ndarray
    known: np.ndarray
    times: Times
    step: Step
    targets: np.ndarray
    covariates: Mapping[str, np.ndarray]
    statics: Mapping[str, np.ndarray]
    source: str

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def rows(self) -> int:
        """The rows with known targets, of all series together."""
        return int(self.known.sum())

    def rows_of(self, number: int, /) -> slice:
        """Return the known rows of a series."""
        return slice(int(self.bounds[number]), int(self.bounds[number] + self.known[number]))

    def check_known(self) -> None:
        """Raise a `DataError` if a series has no value of a target."""
        empty = np.flatnonzero(self.known == 0)
        if len(empty):
            name = self.ids[int(empty[0])]
            raise DataError(
                f"{self.source}: {f'series {name!r} has' if name else 'it has'} no value of "
                f"{', '.join(self.columns.targets)}; expected one at least"
            )

    def missing(self) -> int:
        """Return how many values of the targets are missing in the known rows."""
        return sum(int(np.isnan(self.targets[self.rows_of(number)]).sum()) for number in range(len(self)))

    def last_times(self) -> np.ndarray:
        """Return the time (series,) of each series' last known row."""
        return self.times.values[self.bounds[:-1] + self.known - 1]

    def text(self, time: Any, /) -> str:
        """Return a time as it is written."""
        return dataclasses.replace(self.times, values=np.array([time])).text(0)

    def span(self, starts: np.ndarray, stops: np.ndarray, /) -> dict[str, int | str]:
        """Say which rows [start, stop) of each series (series,) are: how many, the first time and the last."""
        used = np.flatnonzero(stops > starts)
        if not len(used):
            return {"rows": 0, "first": "", "last": ""}
        times = self.times.values
        return {
            "rows": int((stops - starts)[used].sum()),
            "first": self.text(times[(self.bounds[:-1] + starts)[used]].min()),
            "last": self.text(times[(self.bounds[:-1] + stops)[used] - 1].max()),
        }

    def tail(self, count: int, /) -> Panel:
        """Return the last `count` known rows of each series, and what follows them."""
        return self.rows_from(np.maximum(0, self.known - count))

    def rows_from(self, starts: np.ndarray, /) -> Panel:
        """Return each series from a row (series,) on."""
        lengths = np.diff(self.bounds) - starts
        kept = np.arange(self.bounds[-1]) >= np.repeat(self.bounds[:-1] + starts, np.diff(self.bounds))
        return dataclasses.replace(
            self,
            bounds=np.concatenate([[0], np.cumsum(lengths)]),
            known=self.known - starts,
            times=dataclasses.replace(self.times, values=self.times.values[kept]),
            targets=self.targets[kept],
            covariates={name: values[kept] for name, values in self.covariates.items()},
        )

    def extended(self, values: np.ndarray, /) -> Panel:
        """Return the panel with values (series, steps, targets) of the targets after its known rows."""
        steps = values.shape[1]
        lengths = np.maximum(np.diff(self.bounds), self.known + steps)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        # of each new row its place in its series, the number of the series, and the row that it was, if it was one
        place = np.arange(bounds[-1]) - np.repeat(bounds[:-1], lengths)
        series = np.repeat(np.arange(len(self)), lengths)
        is_there = place < np.diff(self.bounds)[series]
        rows = np.where(is_there, self.bounds[:-1][series] + place, self.bounds[:-1][series])
        times = self.step.ahead(self.times.values[self.bounds[:-1]][series], place)
        targets = np.where(is_there[:, np.newaxis], self.targets[rows], np.nan)
        ahead = place - self.known[series]
        is_new = (ahead >= 0) & (ahead < steps)
        targets[is_new] = values[series[is_new], ahead[is_new]]
        covariates = {name: each[rows] for name, each in self.covariates.items()}
        for each in covariates.values():
            each[~is_there] = "" if each.dtype == object else np.nan
        return dataclasses.replace(
            self,
            bounds=bounds,
            known=self.known + steps,
            times=dataclasses.replace(self.times, values=times),
            targets=targets,
            covariates=covariates,
        )

    def only(self, numbers: Sequence[int], /) -> Panel:
        """Return some of the series, by their numbers."""
        chosen = np.array(numbers, dtype=np.int64)
        kept = np.concatenate([np.arange(*self.bounds[each : each + 2].tolist()) for each in numbers])
        return dataclasses.replace(
            self,
            ids=tuple(self.ids[each] for each in numbers),
            bounds=np.concatenate([[0], np.cumsum(np.diff(self.bounds)[chosen])]),
            known=self.known[chosen],
            times=dataclasses.replace(self.times, values=self.times.values[kept]),
            targets=self.targets[kept],
            covariates={name: values[kept] for name, values in self.covariates.items()},
            statics={name: values[chosen] for name, values in self.statics.items()},
        )


def append_rows(history: Panel, newer: Panel, /) -> Panel:
    """Return one series: the rows of the history that come before the newer rows, and the newer rows.

    Where both have a time, the newer row counts.

    Raises
    ------
    DataError
        If the newer rows do not follow the history without a gap.

    Examples
    --------
    >>> import polars
    >>> from recurra.data import append_rows, read_panel
    >>> old, new = (read_panel(polars.DataFrame({"t": t, "y": t})) for t in ([1, 2, 3], [3, 4]))
    >>> append_rows(old, new).rows
    2
    """
    first = newer.times.values[0]
    count = int((history.times.values[: history.known[0]] < first).sum())
    if count == 0:
        return newer
    last = history.times.values[count - 1 : count]
    if history.step.after(last, 1)[0] != first:
        series = f" of series {newer.ids[0]!r}" if newer.ids[0] else ""
        raise DataError(
            f"{newer.source} begins at {newer.text(first)}{series}, but the model's history ends at "
            f"{history.text(last[0])} with a step of {history.step}; give the rows between as well"
        )
    return _after(history, newer, count)


def concatenate_panels(parts: Sequence[Panel], /) -> Panel:
    """Return panels of different series as one; source, columns and step are those of the first.

    Examples
    --------
    >>> import polars
    >>> from recurra.data import Columns, concatenate_panels, read_panel
    >>> frame = polars.DataFrame({"shop": ["a", "a", "b", "b"], "t": [1, 2, 1, 2], "y": [3.0, 4.0, 5.0, 6.0]})
    >>> panel = read_panel(frame, columns=Columns(id="shop", time="t", targets=("y",)))
    >>> concatenate_panels([panel.only([1]), panel.only([0])]).ids
    ('b', 'a')
    """
    first = parts[0]
    return dataclasses.replace(
        first,
        ids=tuple(id for part in parts for id in part.ids),
        bounds=np.concatenate([[0], np.cumsum(np.concatenate([np.diff(part.bounds) for part in parts]))]),
        known=np.concatenate([part.known for part in parts]),
        times=dataclasses.replace(first.times, values=np.concatenate([part.times.values for part in parts])),
        targets=np.concatenate([part.targets for part in parts]),
        covariates={name: np.concatenate([part.covariates[name] for part in parts]) for name in first.covariates},
        statics={name: np.concatenate([part.statics[name] for part in parts]) for name in first.statics},
    )


def _after(history: Panel, newer: Panel, count: int) -> Panel:
    times = np.concatenate([history.times.values[:count], newer.times.values])
    return dataclasses.replace(
        newer,
        bounds=np.array([0, len(times)]),
        known=newer.known + count,
        times=dataclasses.replace(newer.times, values=times),
        targets=np.concatenate([history.targets[:count], newer.targets]),
        covariates={
            name: np.concatenate([history.covariates[name][:count], values])
            for name, values in newer.covariates.items()
        },
    )


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


class PaddedPanel:
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
