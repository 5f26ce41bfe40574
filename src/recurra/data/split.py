"""A split by time: the first rows train, the next ones choose when to stop, the last ones test."""

from __future__ import annotations

from dataclasses import dataclass

from recurra.errors import DataError

__all__ = ["Split", "split_by_time"]


@dataclass(frozen=True, kw_only=True)
class Split:
    """Rows [0, train) train, [train, validation) validate, [validation, test) test."""

    train: int
    validation: int
    test: int


def split_by_time(
    rows: int,
    /,
    *,
    window: int,
    horizon: int,
    validation_fraction: float,
    test_fraction: float,
    source: str,
) -> Split:
    """Split rows by time, without leaks: what is forecast in one part is in no other part.

    Parameters
    ----------
    rows
        How many rows there are.
    window, horizon
        How many rows a forecast looks at, and how many it gives.
    validation_fraction, test_fraction
        The parts' shares of the rows; a part has at least `horizon` rows.
    source
        What messages call the table.

    Raises
    ------
    DataError
        If the rows left for training do not hold one window and one horizon.
    """
    test = max(horizon, round(test_fraction * rows))
    validation = max(horizon, round(validation_fraction * rows))
    train = rows - validation - test
    if train < window + horizon:
        raise DataError(
            f"{source} has {rows} rows; a window of {window} and a horizon of {horizon} need at least "
            f"{_needed(window, horizon, validation_fraction, test_fraction)}: {window} + {horizon} for "
            f"training, and parts for validation and test; give more rows, a smaller window or horizon"
        )
    return Split(train=train, validation=train + validation, test=rows)


def _needed(window: int, horizon: int, validation_fraction: float, test_fraction: float) -> int:
    """Return the fewest rows that can be split."""
    rows = window + 3 * horizon
    while True:
        parts = max(horizon, round(test_fraction * rows)) + max(horizon, round(validation_fraction * rows))
        if rows - parts >= window + horizon:
            return rows
        rows += 1
