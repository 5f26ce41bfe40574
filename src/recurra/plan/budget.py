"""Budgets: the largest hidden size whose layers cost no more, confirmed by short runs near the answer."""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recurra.errors import InputError
from recurra.plan.accounts import memory_of
from recurra.plan.calibration import Calibration, calibration_for
from recurra.plan.measure import measured
from recurra.plan.prediction import predict_times
from recurra.plan.workload import Kind, Workload
from recurra.spec import Cell

__all__ = ["Affordable", "Budget", "affordable_cells", "largest_hidden_size"]

_LARGEST = 1 << 14
_CLOSE = 0.02
_LEAST_RUNS, _MOST_RUNS, _NEAR = 3, 9, 5
_STEP = 1.15
"""A size so many times the answer is meant not to meet the budget; the answer stays as far below it on the other side,
so that neither does by chance."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What layers may cost at most; None is no limit.

    Attributes
    ----------
    seconds
        Of a training step, or of what `kind` says.
    bytes
        Of memory at the peak of a training step.
    parameters
        Trainable numbers.
    kind
        "training", "inference" or "stream".

    Raises
    ------
    InputError
        If nothing is limited, or a limit is not above 0.
    """

    seconds: float | None = None
    bytes: int | None = None
    parameters: int | None = None
    kind: Kind = "training"

    def __post_init__(self) -> None:
        limits = {name: getattr(self, name) for name in ("seconds", "bytes", "parameters")}
        given = {name: value for name, value in limits.items() if value is not None}
        if not given:
            raise InputError(f"a budget limits something: expected one of {list(limits)}")
        for name, value in given.items():
            if not value > 0 or not math.isfinite(value):
                raise InputError(f"{name} = {value}: expected a number above 0")


@dataclass(frozen=True, kw_only=True)
class Affordable:
    """The answer to a budget.

    Attributes
    ----------
    hidden_size
        The largest that meets it.
    seconds, bytes, parameters
        What it costs; seconds are measured where the answer was confirmed.
    confirmed
        Whether the seconds are measured.
    """

    hidden_size: int
    seconds: float
    bytes: int
    parameters: int
    confirmed: bool


def largest_hidden_size(
    workload: Workload, /, *, budget: Budget, calibration: Calibration | None = None, confirm: bool = True
) -> Affordable:
    """Return the largest hidden size whose layers meet a budget; that of the workload does not matter.

    Parameters
    ----------
    workload
        The layers, but for their hidden size, and the batch.
    budget
        What they may cost.
    calibration
        By default the stored one, or a new one.
    confirm
        Whether sizes near the answer are run, each a fraction of a second, and the answer is moved to where the
        measured time meets the budget, by half of what 15 % more units would add: so it still does when the machine is
        a little slower.

    Raises
    ------
    InputError
        If not even a hidden size of 1 meets the budget; the message says what that takes.

    Examples
    --------
    >>> from recurra.cells import GRU
    >>> workload = Workload(cell=GRU, input_size=8, hidden_size=1, lengths=(20,) * 4)
    >>> largest_hidden_size(workload, budget=Budget(parameters=10_000)).hidden_size
    53
    """
    search = _Search(workload, budget, calibration)
    size = search.largest(1.0)
    if confirm and budget.seconds is not None:
        return search.confirmed(size)
    seconds = math.nan if budget.seconds is None and calibration is None else search.seconds(size)
    return search.answer(size, seconds, confirmed=False)


class _Search:
    """Looks for hidden sizes that meet a budget."""

    def __init__(self, workload: Workload, budget: Budget, calibration: Calibration | None) -> None:
        self.workload, self.budget, self._calibration = workload, budget, calibration
        self._seconds: dict[int, float] = {}

    def sized(self, size: int) -> Workload:
        return dataclasses.replace(self.workload, hidden_size=size)

    def seconds(self, size: int) -> float:
        """Return what a size is predicted to take."""
        if size not in self._seconds:
            self._calibration = self._calibration or calibration_for(self.workload.threads, gpu=self.workload.gpu)
            self._seconds[size] = predict_times(self.sized(size), calibration=self._calibration, kind=self.budget.kind)
        return self._seconds[size]

    def meets(self, size: int, scale: float) -> bool:
        """Return whether a size meets the budget, if times are so many times what is predicted."""
        budget = self.budget
        if budget.parameters is not None and self.sized(size).parameters > budget.parameters:
            return False
        if budget.seconds is not None and self.seconds(size) * scale > budget.seconds:
            return False
        return budget.bytes is None or memory_of(self.sized(size)).peak <= budget.bytes

    def largest(self, scale: float) -> int:
        """Return the largest size that meets the budget."""
        if not self.meets(1, scale):
            raise InputError(self._least())
        low, high = 1, 2
        while high <= _LARGEST and self.meets(high, scale):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.meets(middle, scale) else (low, middle)
        return low

    def _least(self) -> str:
        """Return what is said where nothing meets the budget: the nearest that there is."""
        least, budget = self.sized(1), self.budget
        parts = []
        if budget.seconds is not None:
            parts.append(f"{self.seconds(1) * 1e3:.3g} ms for {budget.seconds * 1e3:.3g}")
        if budget.bytes is not None:
            parts.append(f"{memory_of(least).peak:,} bytes for {budget.bytes:,}")
        if budget.parameters is not None:
            parts.append(f"{least.parameters:,} parameters for {budget.parameters:,}")
        return (
            f"no hidden size meets the budget: the nearest, 1, takes {', '.join(parts)}; "
            f"a smaller batch, shorter sequences or fewer layers take less"
        )

    def confirmed(self, size: int) -> Affordable:
        """Run sizes near the answer until the one that the runs ask for has been run, and meets the budget."""
        assert self.budget.seconds is not None
        runs: list[tuple[int, float]] = []
        while len(runs) < _MOST_RUNS:
            runs.append((size, self._measured(size)))
            following = self._asked_for(runs)
            is_there = abs(following - size) <= _CLOSE * size and runs[-1][1] <= self.budget.seconds
            if is_there and len(runs) >= _LEAST_RUNS:
                break
            size = size if is_there else following
        good = [run for run in runs if run[1] <= self.budget.seconds]
        if not good:
            raise InputError(self._least())
        return self.answer(*(good[-1] if good[-1] == runs[-1] else max(good)), confirmed=True)

    def _asked_for(self, runs: Sequence[tuple[int, float]]) -> int:
        """Return the largest size whose time, and half of what 15 % more units add to it, is within the budget.

        One run is disturbed, the median of what runs near the answer take over what is predicted is less so.
        """
        size = runs[-1][0]
        scale = statistics.median(taken / self.seconds(run) for run, taken in runs[-_NEAR:])
        growth = self.seconds(max(size + 1, round(_STEP * size))) / self.seconds(size)
        try:
            return self.largest(scale * math.sqrt(max(growth, 1.0)))
        except InputError:
            return max(1, size // 2)

    def _measured(self, size: int) -> float:
        kind = self.budget.kind
        nominal = self._calibration and self._calibration.pace
        times = measured(self.sized(size), seconds=0.4, nominal=nominal, kinds=(kind,)).by_name()
        return sum(times.values())

    def answer(self, size: int, seconds: float, *, confirmed: bool) -> Affordable:
        workload = self.sized(size)
        return Affordable(
            hidden_size=size, seconds=seconds, bytes=memory_of(workload).peak, parameters=workload.parameters,
            confirmed=confirmed,
        )  # fmt: skip


def affordable_cells(
    workload: Workload, /, *, cells: Iterable[Cell], budget: Budget, calibration: Calibration | None = None
) -> dict[str, Affordable | None]:
    """Return, for each cell, the largest hidden size that meets a budget, predicted; None where there is none."""
    found: dict[str, Affordable | None] = {}
    known = calibration or (calibration_for(workload.threads, gpu=workload.gpu) if budget.seconds is not None else None)
    for cell in cells:
        mine = dataclasses.replace(workload, cell=cell)
        try:
            found[cell.name] = largest_hidden_size(mine, budget=budget, calibration=known, confirm=False)
        except InputError:
            found[cell.name] = None
    return found
