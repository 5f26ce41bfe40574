"""Budgets: the largest hidden size whose layers cost no more, confirmed by short runs near the answer."""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from recurra.arguments import check_fields, checked
from recurra.errors import InputError
from recurra.notebook import page, table
from recurra.plan.calibration import Calibration, calibration_for
from recurra.plan.clock import measured
from recurra.plan.memory import memory_of
from recurra.plan.prediction import predict_times
from recurra.plan.workload import Kind, Workload
from recurra.report import duration
from recurra.spec import Cell

__all__ = ["Affordable", "Budget", "affordable_cells", "largest_hidden_size"]

_LARGEST = 1 << 14
_ROUNDS = 5
_STEP = 1.15
"""A size so many times the answer is meant not to meet the budget."""

_AGREES = 1.35
"""A measured time up to so many times the predicted one, or its inverse, is one that the prediction foresaw: most are
within a quarter on a quiet machine (benchmarks/results/plan.json)."""


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
        check_fields(self, InputError)
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
        What it costs; seconds are measured where sizes were run.
    confirmed
        Whether the seconds are measured, agree with the prediction, and lie on the near side of the budget while those
        of a size 15 % larger lie beyond it.
    predicted_seconds
        What the prediction says of this size.
    predicted_size
        The largest that meets the budget by the prediction alone.
    doubt
        Why a measured answer is not confirmed, for people; empty where it is, or where nothing was measured.
    """

    hidden_size: int
    seconds: float
    bytes: int
    parameters: int
    confirmed: bool
    predicted_seconds: float = math.nan
    predicted_size: int = 0
    doubt: str = ""

    def _repr_html_(self) -> str:
        """Return what it costs as a table, for notebooks, and why that is not sure where it is not."""
        known = not math.isnan(self.seconds)
        how = "measured" if self.confirmed or self.doubt else "predicted"
        rows = [
            ("parameters", f"{self.parameters:,}"),
            ("memory", f"{self.bytes / 1e6:,.1f} MB"),
            *([("time", f"{duration(self.seconds)} ({how})")] if known else []),
            *([("largest by the prediction alone", f"{self.predicted_size}")] if self.doubt else []),
        ]
        said = f"That is not sure: {self.doubt}." if self.doubt else ""
        return page(f"The largest hidden size within the budget: {self.hidden_size}", said, table(("", ""), rows))


@checked(InputError)
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
        a little slower. Where the times do not agree with the prediction, or do not enclose the budget, as on a machine
        that does other things too, the answer is not `confirmed`: it says why, and has both.

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
    size = search.largest()
    if confirm and budget.seconds is not None:
        return search.confirmed(size)
    seconds = math.nan if budget.seconds is None and calibration is None else search.seconds(size)
    return search.answer(size, seconds, predicted=size)


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

    def meets(self, size: int) -> bool:
        """Return whether a size is predicted to meet the budget."""
        return self._has_room(size) and (self.budget.seconds is None or self.seconds(size) <= self.budget.seconds)

    def _has_room(self, size: int) -> bool:
        """Return whether a size meets the limits of parameters and of memory."""
        budget = self.budget
        if budget.parameters is not None and self.sized(size).parameters > budget.parameters:
            return False
        return budget.bytes is None or memory_of(self.sized(size)).peak <= budget.bytes

    def largest(self) -> int:
        """Return the largest size that is predicted to meet the budget."""
        if not self.meets(1):
            raise InputError(self._least())
        return _last(self.meets)

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
        """Run sizes near the answer, each with one 15 % larger, until the budget lies in the middle between both.

        A run is disturbed, and a prediction does not know every step of the time with the size: so the predicted times
        are scaled by what both took, by the median of the last rounds.
        """
        predicted = size
        runs: dict[int, list[float]] = defaultdict(list)
        ratios: list[float] = []
        for _ in range(_ROUNDS):
            for each in (size, _larger(size)):
                runs[each].append(self._measured(each))
            both = statistics.median(runs[size]) * statistics.median(runs[_larger(size)])
            ratios.append(math.sqrt(both) / self._middle(size))
            following = self._centred(statistics.median(ratios[-3:]))
            if following == size and len(ratios) > 1:
                break
            size = following
        taken = {each: statistics.median(times) for each, times in runs.items()}
        return self._best(taken, predicted=predicted)

    def _best(self, taken: dict[int, float], *, predicted: int) -> Affordable:
        """Return the answer from the times of the sizes that were run."""
        budget = self.budget.seconds
        assert budget is not None
        self._run_smaller(taken)
        good = [each for each in taken if taken[each] <= budget and self._has_room(each)]
        between = [each for each in good if budget < taken.get(_larger(each), 0.0)]
        best = max(
            between, key=lambda each: min(budget / taken[each], taken[_larger(each)] / budget), default=max(good)
        )
        is_enclosed = bool(between) or not self._has_room(_larger(best))
        return self.answer(best, taken[best], predicted=predicted, is_measured=True, is_enclosed=is_enclosed)

    def _run_smaller(self, taken: dict[int, float]) -> None:
        """Run ever smaller sizes until one is within the budget, where none was that was run."""
        budget = self.budget.seconds
        assert budget is not None
        size = min(taken)
        while not any(seconds <= budget for seconds in taken.values()):
            if size == 1:
                raise InputError(
                    f"no hidden size meets the budget of {budget * 1e3:.3g} ms as measured now: the least, 1, takes "
                    f"{taken[1] * 1e3:.3g} ms; predicted are {self.seconds(1) * 1e3:.3g} ms, so that this machine may "
                    f"be busy; a smaller batch, shorter sequences or fewer layers take less"
                )
            size //= 2
            taken[size] = self._measured(size)

    def _middle(self, size: int) -> float:
        """Return what is predicted between a size and one 15 % larger."""
        return math.sqrt(self.seconds(size) * self.seconds(_larger(size)))

    def _centred(self, scale: float) -> int:
        """Return the largest size for which the middle, scaled, is within the budget; at least 1."""
        assert self.budget.seconds is not None
        allowed = self.budget.seconds / scale
        return _last(lambda size: self._has_room(size) and self._middle(size) <= allowed)

    def _measured(self, size: int) -> float:
        kind = self.budget.kind
        nominal = self._calibration and self._calibration.pace
        times = measured(self.sized(size), seconds=0.4, nominal=nominal, kinds=(kind,)).by_name()
        return sum(times.values())

    def answer(
        self, size: int, seconds: float, *, predicted: int, is_measured: bool = False, is_enclosed: bool = True
    ) -> Affordable:
        """Return the answer of a size that takes so long, beside that of the prediction alone."""
        workload = self.sized(size)
        foreseen = self.seconds(size) if is_measured else seconds
        doubt = _doubt(seconds, foreseen, is_enclosed=is_enclosed) if is_measured else ""
        return Affordable(
            hidden_size=size, seconds=seconds, bytes=memory_of(workload).peak, parameters=workload.parameters,
            confirmed=is_measured and not doubt, predicted_seconds=foreseen, predicted_size=predicted, doubt=doubt,
        )  # fmt: skip


def _doubt(seconds: float, foreseen: float, *, is_enclosed: bool) -> str:
    """Return why a measured time is not to be trusted; empty if it is."""
    ratio = seconds / foreseen
    if not 1 / _AGREES <= ratio <= _AGREES:
        how = f"{ratio:.2g} times as long as" if ratio > 1 else f"{ratio:.2g} of the time that is"
        return f"it takes {how} predicted, so this machine is not as it was when it was calibrated, or busy"
    if not is_enclosed:
        return "no size was within the budget while one 15 % larger was beyond it: the times change from run to run"
    return ""


def _larger(size: int) -> int:
    return max(size + 1, round(_STEP * size))


def _last(is_met: Callable[[int], bool]) -> int:
    """Return the last size that something holds for, if it holds for all before; at least 1."""
    low, high = 1, 2
    while high <= _LARGEST and is_met(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_met(middle) else (low, middle)
    return low


@checked(InputError)
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
