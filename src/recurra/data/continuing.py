"""Newer rows after older ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from recurra.data.panel import Panel
from recurra.errors import DataError

__all__ = ["continued", "joined"]


def continued(history: Panel, newer: Panel, /) -> Panel:
    """Return one series: the rows of the history that come before the newer rows, and the newer rows.

    Where both have a time, the newer row counts.

    Raises
    ------
    DataError
        If the newer rows do not follow the history without a gap.
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


def joined(parts: Sequence[Panel], /) -> Panel:
    """Return panels of different series as one; source, columns and step are those of the first."""
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
