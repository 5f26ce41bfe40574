"""What a workload costs on a machine: operations, bytes, memory, and time stage by stage with what bounds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from recurra.arguments import checked
from recurra.backends.cost import STAGES, Work
from recurra.derive.facts import Flops, backward_flops, forward_flops
from recurra.errors import InputError
from recurra.notebook import page, table
from recurra.plan.calibration import Calibration, Machine, calibration_for
from recurra.plan.cost_model import units_on, works_of
from recurra.plan.memory import Memory, memory_of
from recurra.plan.workload import Kind, Workload, kinds_of
from recurra.report import duration, percent

__all__ = ["Pass", "Prediction", "StageCost", "bytes_of", "flops_of", "predict", "predict_times"]

_CALLS = "calls"


@dataclass(frozen=True, kw_only=True)
class StageCost:
    """A part of a pass: its seconds, and what takes most of them."""

    name: str
    seconds: float
    bound: str


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A pass: "inference", "forward", "backward" or "stream".

    Attributes
    ----------
    seconds
        Of the whole pass.
    stages
        Its parts.
    bound
        What takes most of the time.
    flops
        Floating-point operations; of a step of a stream, for the whole batch.
    bytes
        That arrays and weights are read and written.
    """

    name: str
    seconds: float
    stages: tuple[StageCost, ...]
    bound: str
    flops: int
    bytes: int

    @property
    def intensity(self) -> float:
        """Operations for each byte that is moved."""
        return self.flops / self.bytes if self.bytes else float("inf")


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What a workload costs.

    Attributes
    ----------
    workload
        What was asked about.
    parameters
        Trainable numbers.
    memory
        Bytes of a training step.
    passes
        By name; a stream only where there is one direction.
    """

    workload: Workload
    parameters: int
    memory: Memory
    passes: Mapping[str, Pass]

    @property
    def step_seconds(self) -> float:
        """Seconds of a training step of these layers: forward and backward."""
        return self.passes["forward"].seconds + self.passes["backward"].seconds

    def _repr_html_(self) -> str:
        """Return the passes and their stages as tables, for notebooks."""
        passes = (
            (each.name, duration(each.seconds), f"{each.flops / 1e6:,.2f}", f"{each.bytes / 1e6:,.2f}", each.bound)
            for each in self.passes.values()
        )
        stages = (
            (each.name, stage.name, duration(stage.seconds), percent(stage.seconds / each.seconds), stage.bound)
            for each in self.passes.values()
            for stage in each.stages
            if stage.seconds
        )
        memory = self.memory
        return page(
            str(self.workload),
            f"{self.parameters:,} parameters. A training step takes {duration(self.step_seconds)} and "
            f"{memory.peak / 1e6:,.1f} MB at its peak; {memory.saved / 1e6:,.1f} MB of them wait for the backward "
            f"pass.",
            table(("pass", "time", "MFLOP", "MB", "bound by"), passes),
            table(("pass", "stage", "time", "share", "bound by"), stages),
        )


@checked(InputError)
def predict(workload: Workload, /, *, calibration: Calibration | None = None) -> Prediction:
    """Return what a workload costs.

    Parameters
    ----------
    workload
        The layers and the batch.
    calibration
        Of this machine and as many threads; by default the stored one, or a new one.

    Raises
    ------
    InputError
        If the calibration is for another number of threads.
    """
    known = calibration or calibration_for(workload.threads, gpu=workload.gpu)
    _check_fits(known.machine, workload)
    flops, found = flops_of(workload), {}
    prices = _Prices(known.prices, units_on(workload.gpu).bounds)
    for kind in kinds_of(workload):
        bytes = bytes_of(workload, kind)
        for name, work in works_of(workload, kind).items():
            found[name] = prices.of_pass(name, work, flops=flops[name].all, bytes=bytes[name])
    return Prediction(workload=workload, parameters=workload.parameters, memory=memory_of(workload), passes=found)


def predict_times(workload: Workload, /, *, calibration: Calibration, kind: Kind = "training") -> float:
    """Return the seconds of the passes of a kind, and nothing else: for searches."""
    works = works_of(workload, kind).values()
    return sum(calibration.prices[unit] * amount for work in works for unit, amount in work.total().items())


@checked(InputError)
def flops_of(workload: Workload, /) -> Mapping[str, Flops]:
    """Return the floating-point operations of each pass for the whole batch; what is computed once is not counted.

    Examples
    --------
    >>> from recurra.cells import Elman
    >>> workload = Workload(cell=Elman, input_size=3, hidden_size=5, lengths=(7, 4))
    >>> flops_of(workload)["forward"].products == 2 * 5 * (3 + 5) * (7 + 4)
    True
    """
    found: dict[str, Flops] = {}
    for kind in kinds_of(workload):
        plans = workload.plans(kind)
        name = "forward" if kind == "training" else kind
        rows = workload.batch if kind == "stream" else workload.rows
        for layer, directions in enumerate(workload.stack.layers):
            for sizes in (direction.sizes for direction in directions):
                found[name] = found.get(name, Flops()) + forward_flops(plans.forward, sizes) * rows
                if kind == "training":
                    back = backward_flops(plans.backward, sizes, wanted=workload.wanted(layer)) * rows
                    found["backward"] = found.get("backward", Flops()) + back
    return found


@checked(InputError)
def bytes_of(workload: Workload, kind: Kind, /) -> Mapping[str, int]:
    """Return the bytes of arrays and weights that each pass of a kind moves, all threads together."""
    units = units_on(workload.gpu).moved
    threads = 1 if kind == "stream" or workload.gpu else workload.threads
    return {
        name: round(threads * sum(work.total().get(unit, 0.0) for unit in units)) + workload.parameters * workload.bytes
        for name, work in works_of(workload, kind).items()
    }


def _check_fits(machine: Machine, workload: Workload) -> None:
    if machine.gpu != workload.gpu:
        mine, theirs = machine.gpu or "a processor", workload.gpu or "a processor"
        raise InputError(f"the calibration is for {mine}, the workload for {theirs}")
    if workload.gpu is None and machine.threads != workload.threads:
        raise InputError(f"the calibration is for {machine.threads} threads, the workload for {workload.threads}")


@dataclass(frozen=True)
class _Prices:
    """Turns work into seconds, and says what takes most of them."""

    prices: Mapping[str, float]
    bounds: Mapping[str, tuple[str, ...]]

    def of_pass(self, name: str, work: Work, *, flops: int, bytes: int) -> Pass:
        stages = tuple(self._stage(stage, work.amounts[stage]) for stage in STAGES if work.amounts[stage])
        return Pass(
            name=name, seconds=sum(stage.seconds for stage in stages), stages=stages, bound=self._bound(work.total()),
            flops=flops, bytes=bytes,
        )  # fmt: skip

    def _stage(self, name: str, amounts: Mapping[str, float]) -> StageCost:
        seconds = sum(self.prices[unit] * amount for unit, amount in amounts.items())
        return StageCost(name=name, seconds=seconds, bound=self._bound(amounts))

    def _bound(self, amounts: Mapping[str, float]) -> str:
        home = {unit: bound for bound, units in self.bounds.items() for unit in units}
        seconds: dict[str, float] = defaultdict(float)
        for unit, amount in amounts.items():
            seconds[home.get(unit, _CALLS)] += self.prices[unit] * amount
        return max(seconds, key=seconds.__getitem__, default=_CALLS)
