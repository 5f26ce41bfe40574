"""The history of a training, as the reports read it: plain lists of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from recurra.errors import InputError

__all__ = ["LOSS", "History", "best_row", "column"]

History = Mapping[str, Any]
"""What training keeps.

`steps`: a mapping with step, epoch, seconds, train_loss, learning_rate, gradient_norm for each row that was logged;
`validations`: a mapping with epoch, step and measures by name for each validation. A value may be missing, None or
not finite; other keys are not looked at.
"""

LOSS = "loss"
"""The measure of validations that has the unit of the training loss."""


def column(history: History, table: str, name: str) -> np.ndarray:
    """Return a column of a table as float64, NaN where a row has no value.

    Raises
    ------
    InputError
        If the history has no such table.
    """
    if table not in history:
        raise InputError(f"a history with {sorted(history)}; expected 'steps' and 'validations'")
    values = (row.get(name) for row in history[table])
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def best_row(values: np.ndarray, /, *, is_lower_better: bool) -> int | None:
    """Return the row of the lowest or the highest value, None if none is finite."""
    if not np.isfinite(values).any():
        return None
    known = np.where(np.isfinite(values), values, np.nan)
    return int(np.nanargmin(known) if is_lower_better else np.nanargmax(known))
