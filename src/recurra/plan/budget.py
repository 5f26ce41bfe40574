"""Budgets: the largest hidden size whose layers cost no more, confirmed by short runs near the answer."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass

from recurra.errors import InputError
from recurra.plan.calibration import Calibration, calibration_for
from recurra.plan.measure import measured
from recurra.plan.memory import memory_of
from recurra.plan.passes import Kind
from recurra.plan.prediction import predict_times
from recurra.plan.workload import Workload
from recurra.spec import Cell

__all__ = ["Affordable", "Budget", "affordable_cells", "largest_hidden_size"]

_LARGEST = 1 << 14
_CLOSE = 0.02
_CONFIRMATIONS = 6
_STEP = 1.15
_MARGIN = 0.97
"""A share of the budget that a measurement stays below, so that the next one does not lie above it by chance."""


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
        measured time meets the budget.

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
    return search.answer(size, search.seconds(size), confirmed=False)


class _Search:
    """Looks for hidden sizes that meet a budget."""

    def __init__(self, workload: Workload, budget: Budget, calibration: Calibration | None) -> None:
        self.workload, self.budget, self._calibration = workload, budget, calibration

    def sized(self, size: int) -> Workload:
        return dataclasses.replace(self.workload, hidden_size=size)

    def seconds(self, size: int) -> float:
        if self._calibration is None:
            if self.budget.seconds is None:
                return math.nan
            self._calibration = calibration_for(self.workload.threads)
        return predict_times(self.sized(size), calibration=self._calibration, kind=self.budget.kind)

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
        """Measure near a size, and move it until the largest that meets the budget is found."""
        assert self.budget.seconds is not None
        allowed = _MARGIN * self.budget.seconds
        good: tuple[int, float] | None = None
        bad = math.inf
        for _ in range(_CONFIRMATIONS):
            taken = self._measured(size)
            if taken <= allowed:
                good = max(good or (size, taken), (size, taken))
            else:
                bad = min(bad, size)
            following = self._next(size, taken / self.seconds(size) / _MARGIN)
            low = good[0] if good else 0
            following = int(min(max(following, low + 1), bad - 1)) if bad > low + 1 else low
            if good and (following <= good[0] or following - good[0] <= _CLOSE * good[0]):
                break
            size = max(1, following)
        if good is None:
            raise InputError(self._least())
        return self.answer(*self._raised(*good, allowed), confirmed=True)

    def _raised(self, size: int, seconds: float, allowed: float) -> tuple[int, float]:
        """Return a size of which one larger does not meet the budget: a disturbed run may have lowered it."""
        for _ in range(_CONFIRMATIONS):
            larger = max(size + 1, round(_STEP * size))
            if not self.meets(larger, 0.0):
                break
            taken = self._measured(larger)
            if taken > allowed:
                break
            size, seconds = larger, taken
        return size, seconds

    def _next(self, size: int, scale: float) -> int:
        try:
            return self.largest(scale)
        except InputError:
            return max(1, size // 2)

    def _measured(self, size: int) -> float:
        """Return the measured seconds of a size; of one that does not meet the budget, the less of two runs."""
        assert self.budget.seconds is not None
        taken = self._once(size)
        return taken if taken <= _MARGIN * self.budget.seconds else min(taken, self._once(size))

    def _once(self, size: int) -> float:
        nominal = self._calibration and self._calibration.pace
        times = measured(self.sized(size), seconds=0.25, nominal=nominal).by_name()
        names = {"training": ("forward", "backward"), "inference": ("inference",), "stream": ("stream",)}
        return sum(times[name] for name in names[self.budget.kind])

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
    known = calibration or (calibration_for(workload.threads) if budget.seconds is not None else None)
    for cell in cells:
        mine = dataclasses.replace(workload, cell=cell)
        try:
            found[cell.name] = largest_hidden_size(mine, budget=budget, calibration=known, confirm=False)
        except InputError:
            found[cell.name] = None
    return found
