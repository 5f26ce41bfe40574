"""A split by time: the first rows train, the next ones choose when to stop, the last ones test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from recurra.data.panel import Panel
from recurra.errors import DataError

__all__ = ["Share", "Split", "split_by_time", "split_panel"]


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many rows a part takes: a number of them, or else a share of all."""

    fraction: float
    rows: int | None = None

    def of(self, rows: int, /, *, horizon: int) -> int:
        """Return how many of so many rows these are: at least a horizon."""
        return max(horizon, round(self.fraction * rows) if self.rows is None else self.rows)


@dataclass(frozen=True, kw_only=True)
class Split:
    """Rows [0, train) train, [train, validation) validate, [validation, test) test.

    Each is a number, or for the series of a panel as many (series,).
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def split_by_time(
    rows: int, /, *, window: int, horizon: int, validation: Share, test: Share, source: str
) -> tuple[int, int, int]:
    """Split rows by time, without leaks: what is forecast in one part is in no other part.

    Parameters
    ----------
    rows
        How many rows there are.
    window, horizon
        How many rows a forecast looks at, and how many it gives.
    validation, test
        The parts' shares; a part has at least `horizon` rows.
    source
        What messages call the table.

    Returns
    -------
    train, validation, test
        The row after the last of each part.

    Raises
    ------
    DataError
        If the rows left for training do not hold one window and one horizon.
    """
    tested, validated = test.of(rows, horizon=horizon), validation.of(rows, horizon=horizon)
    train = rows - tested - validated
    if train < window + horizon:
        raise DataError(
            f"{source} has {rows} rows; a window of {window} and a horizon of {horizon} need at least "
            f"{_needed(window, horizon, validation, test)}: {window} + {horizon} for training, and parts for "
            f"validation and test; give more rows, a smaller window or horizon"
        )
    return train, train + validated, rows


def split_panel(panel: Panel, /, *, window: int, horizon: int, validation: Share, test: Share) -> Split:
    """Split each series of a panel by time.

    A series that is too short to have three parts trains with all its rows.

    Raises
    ------
    DataError
        If even the longest series does not hold one window and one horizon for training.
    """
    longest = int(panel.known.max())
    series = f", its longest series {panel.ids[int(panel.known.argmax())]!r}," if len(panel) > 1 else ""
    split_by_time(
        longest, window=window, horizon=horizon, validation=validation, test=test, source=panel.source + series
    )
    parts = np.array([_parts(rows, horizon, validation, test) for rows in panel.known.tolist()])
    return Split(train=parts[:, 0], validation=parts[:, 1], test=parts[:, 2])


def _parts(rows: int, horizon: int, validation: Share, test: Share) -> tuple[int, int, int]:
    tested, validated = test.of(rows, horizon=horizon), validation.of(rows, horizon=horizon)
    train = rows - tested - validated
    return (train, train + validated, rows) if train > horizon else (rows, rows, rows)


def _needed(window: int, horizon: int, validation: Share, test: Share) -> int:
    """Return the fewest rows that can be split."""
    rows = window + 3 * horizon
    while rows - sum(share.of(rows, horizon=horizon) for share in (validation, test)) < window + horizon:
        rows = max(rows + 1, math.ceil(rows * 1.0001))
    return rows
