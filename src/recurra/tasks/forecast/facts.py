"""What a model knows of each series: its scale, the scale of its errors, until when training has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.data import ChannelScale, Panel, fit_channels, seasonal_naive_error

__all__ = ["Facts", "fit_facts"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """What a model knows of the series of a panel, in their order.

    Attributes
    ----------
    ids
        The series' names.
    scale
        Level and spread (series, targets), of the training rows.
    naive_error
        (series, targets) the seasonal naive error within the training rows, in the unit of the target: the scale of
        MASE. NaN where there is none.
    seen_until
        (series,) the last time that training has seen, as in `Panel.times`; None for a series that it has not seen.
    """

    ids: tuple[str, ...]
    scale: ChannelScale
    naive_error: np.ndarray
    seen_until: tuple[Any, ...]

    def apply(self, panel: Panel, /) -> np.ndarray:
        """Return the targets (rows, targets) of a panel of these series, without unit."""
        return self._on_rows(panel).apply(panel.targets)

    def places(self) -> Mapping[str, int]:
        """Return the place of each series by its name."""
        return {id: place for place, id in enumerate(self.ids)}

    def matched(self, panel: Panel, fitted: Facts, /) -> Facts:
        """Return the facts of a panel's series: those known here, and for other series those fitted to the panel."""
        places = self.places()
        found = [places.get(id, -1) for id in panel.ids]
        known = np.array([place >= 0 for place in found])[:, np.newaxis]
        return Facts(
            ids=panel.ids,
            scale=ChannelScale(
                np.where(known, self.scale.level[found], fitted.scale.level),
                np.where(known, self.scale.spread[found], fitted.scale.spread),
            ),
            naive_error=np.where(known, self.naive_error[found], fitted.naive_error),
            seen_until=tuple(None if place < 0 else self.seen_until[place] for place in found),
        )

    def _on_rows(self, panel: Panel) -> ChannelScale:
        lengths = np.diff(panel.bounds)
        level, spread = (np.repeat(part, lengths, axis=0) for part in (self.scale.level, self.scale.spread))
        return ChannelScale(level, spread)


def fit_facts(
    panel: Panel, stops: np.ndarray, /, *, season_length: int, seen: np.ndarray | None = None, counts: bool = False
) -> Facts:
    """Fit the facts of each series to its rows before a stop (series,).

    Parameters
    ----------
    panel, stops
        The series, and the row after the last training row of each.
    season_length
        Steps after which the series repeat.
    seen
        (series,) the row after the last that training sees; none sees any without it.
    counts
        Whether the targets are counts, which keep their unit.
    """
    parts = [panel.targets[begin : begin + stop] for begin, stop in zip(panel.bounds, stops, strict=False)]
    scales = [fit_channels(part, kind="none" if counts else "standard") for part in parts]
    errors = [[seasonal_naive_error(column, season_length=season_length) for column in part.T] for part in parts]
    until = [None] * len(panel) if seen is None else panel.times.values[panel.bounds[:-1] + seen - 1]
    return Facts(
        ids=panel.ids,
        scale=ChannelScale(np.stack([each.level for each in scales]), np.stack([each.spread for each in scales])),
        naive_error=np.array(errors, dtype=np.float64),
        seen_until=tuple(until),
    )
