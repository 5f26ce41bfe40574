"""A panel: one or many series with their covariates, on regular times, with NaN where nothing is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.data.columns import Columns
from recurra.data.steps import Step
from recurra.data.times import Times
from recurra.errors import DataError

__all__ = ["Panel"]


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

    def gone_on(self, values: np.ndarray, /) -> Panel:
        """Return the panel with values (series, steps, targets) of the targets after its known rows."""
        steps = values.shape[1]
        lengths = np.maximum(np.diff(self.bounds), self.known + steps)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
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
