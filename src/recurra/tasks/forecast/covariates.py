"""The covariates of a forecast, as a network reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from recurra.data import Panel, calendar_features
from recurra.data.covariates import Encoding, encode, fit_encoding
from recurra.data.panel import PaddedPanel
from recurra.errors import DataError
from recurra.tasks.forecast.facts import Facts
from recurra.tasks.forecast.windows import PanelTensors, Widths

__all__ = ["Encodings", "check_future", "fit_encodings"]


_FARTHEST = 1e15
"""Largest value without unit: the squares of a window of them have a finite sum in float32."""


@dataclass(frozen=True, kw_only=True)
class Encodings:
    """How covariates become numbers.

    Attributes
    ----------
    past, future, static
        One for each covariate.
    calendar
        The cycles of the calendar that are read beside the future covariates; see `recurra.data.calendar_features`.
    targets
        How many targets there are.
    """

    past: tuple[Encoding, ...] = ()
    future: tuple[Encoding, ...] = ()
    static: tuple[Encoding, ...] = ()
    calendar: tuple[str, ...] = ()
    targets: int = 1

    def widths(self) -> Widths:
        """Return how many numbers each kind becomes."""
        past, future, static = (sum(each.width for each in kind) for kind in (self.past, self.future, self.static))
        return Widths(past=past, future=future + 2 * len(self.calendar), static=static, targets=self.targets)

    def categories(self) -> frozenset[str]:
        """Return the covariates that are categories."""
        return frozenset(each.name for each in (*self.past, *self.future, *self.static) if each.categories)

    def tensors(self, panel: Panel, facts: Facts, /, *, window: int, horizon: int) -> PanelTensors:
        """Return a panel as a network reads it."""
        padded = PaddedPanel(panel, before=window, after=horizon)
        rows, source = len(panel.targets), panel.source
        values = _on_scale(facts.apply(panel), panel.columns.targets, panel)
        past, future = (
            _on_scale(
                encode(kind, panel.covariates, rows=rows, source=source),
                [each.name for each in kind for _ in range(each.width)],
                panel,
            )
            for kind in (self.past, self.future)
        )
        past, future = padded.known(past), padded.ahead(future)
        if self.calendar:
            cycles = calendar_features(padded.times(), self.calendar, zone=panel.times.zone)
            future = np.concatenate([future, cycles], axis=1)
        static = encode(self.static, panel.statics, rows=len(panel), source=source)
        return PanelTensors(
            padded=padded,
            values=_tensor(padded.known(values)),
            past=_tensor(np.nan_to_num(past)),
            future=_tensor(np.nan_to_num(future)),
            static=_tensor(static),
            window=window,
            horizon=horizon,
        )


def fit_encodings(
    panel: Panel, stops: np.ndarray, /, *, calendar: tuple[str, ...] = (), allow_unseen: bool = False
) -> Encodings:
    """Fit the encodings of a panel's covariates to the rows of each series before a stop (series,)."""
    rows, columns = np.arange(len(panel.targets)), panel.columns
    lengths = np.diff(panel.bounds)
    training = rows - np.repeat(panel.bounds[:-1], lengths) < np.repeat(stops, lengths)
    fitted = {
        name: fit_encoding(name, values, training=training, source=panel.source, allow_unseen=allow_unseen)
        for name, values in panel.covariates.items()
    }
    everywhere = np.ones(len(panel), dtype=bool)
    return Encodings(
        past=tuple(fitted[name] for name in columns.past),
        future=tuple(fitted[name] for name in columns.future),
        static=tuple(
            fit_encoding(name, panel.statics[name], training=everywhere, source=panel.source, allow_unseen=allow_unseen)
            for name in columns.static
        ),
        calendar=calendar,
        targets=len(columns.targets),
    )


def check_future(panel: Panel, /, *, horizon: int) -> None:
    """Check that the future covariates are known for the steps to forecast.

    Raises
    ------
    DataError
        If one is not; the message says of which series, and which time.
    """
    for name in panel.columns.future:
        for number, (begin, known, end) in enumerate(zip(panel.bounds, panel.known, panel.bounds[1:], strict=False)):
            ahead = panel.covariates[name][begin + known : min(end, begin + known + horizon)]
            missing = [value == "" or value != value for value in ahead.tolist()]
            if len(ahead) < horizon or any(missing):
                there = missing.index(True) if any(missing) else len(ahead)
                times = panel.step.after(panel.times.values[: begin + known], there + 1)
                series = f" of series {panel.ids[number]!r}" if panel.ids[number] else ""
                raise DataError(
                    f"{panel.source}, column {name!r}{series}: there is no value for {panel.text(times[-1])}; expected "
                    f"one for each of the {horizon} steps to forecast, in rows whose target is empty"
                )


def _on_scale(values: np.ndarray, names: Sequence[str], panel: Panel) -> np.ndarray:
    """Return values (rows, columns) without unit; refuse what is so far from the scale that its square is infinite."""
    wrong = np.argwhere(np.abs(values) > _FARTHEST)
    if len(wrong):
        row, column = wrong[0].tolist()
        raise DataError(
            f"{panel.source}, column {names[column]!r}, time {panel.text(panel.times.values[row])}: the value lies "
            f"{abs(values[row, column]):.0e} times the spread of the training rows away from their mean, too far to be "
            "forecast from; expected values on the scale of those"
        )
    return values


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
