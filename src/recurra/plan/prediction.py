"""What a workload costs on a machine: operations, bytes, memory, and time stage by stage with what bounds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from recurra.derive.counts import Flops, backward_flops, forward_flops
from recurra.errors import InputError
from recurra.plan.calibration import Calibration, calibration_for
from recurra.plan.memory import Memory, memory_of
from recurra.plan.passes import Kind, passes
from recurra.plan.work import STAGES, Work, works_of
from recurra.plan.workload import Workload

__all__ = ["Pass", "Prediction", "Stage", "bytes_of", "flops_of", "predict", "predict_times"]

_BOUNDS: Mapping[str, tuple[str, ...]] = {
    "multiply-adds": ("tile", "narrow tile", "tile call", "torch product"),
    "reading weights": ("weights from L2", "weights from afar"),
    "functions": ("function", "operation", "row"),
    "reading and writing arrays": ("array bytes", "array bytes from afar", "array bytes from memory", "torch bytes"),
    "waiting": ("step", "barrier", "team"),
}
"""What can bind, and its units; what is in none is calls."""

_CALLS = "calls"


@dataclass(frozen=True, kw_only=True)
class Stage:
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
    stages: tuple[Stage, ...]
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
    known = calibration or calibration_for(workload.threads)
    if known.machine.threads != workload.threads:
        raise InputError(f"the calibration is for {known.machine.threads} threads, the workload for {workload.threads}")
    flops, found = flops_of(workload), {}
    for kind in _kinds(workload):
        bytes = bytes_of(workload, kind)
        for name, work in works_of(workload, kind).items():
            found[name] = _priced(name, work, flops=flops[name].all, bytes=bytes[name], prices=known.prices)
    return Prediction(workload=workload, parameters=workload.parameters, memory=memory_of(workload), passes=found)


def predict_times(workload: Workload, /, *, calibration: Calibration, kind: Kind = "training") -> float:
    """Return the seconds of the passes of a kind, and nothing else: for searches."""
    works = works_of(workload, kind).values()
    return sum(calibration.prices[unit] * amount for work in works for unit, amount in work.total().items())


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
    for run in (run for kind in _kinds(workload) for run in passes(workload, kind)):
        sizes, rows = run.arrangement.sizes, run.arrangement.count
        if run.name == "backward":
            wanted = [run.layer > 0 and k == 0 for k, _ in enumerate(run.plans.forward.step.inputs)]
            each = backward_flops(run.plans.backward, sizes, wanted=wanted)
        else:
            each = forward_flops(run.plans.forward, sizes)
        found[run.name] = found.get(run.name, Flops()) + each * rows
    return found


def bytes_of(workload: Workload, kind: Kind, /) -> Mapping[str, int]:
    """Return the bytes of arrays and weights that each pass of a kind moves, all threads together."""
    units = ("weights from L2", "weights from afar", "array bytes", "torch bytes")
    threads = 1 if kind == "stream" else workload.threads
    return {
        name: round(threads * sum(work.total().get(unit, 0.0) for unit in units)) + workload.parameters * workload.bytes
        for name, work in works_of(workload, kind).items()
    }


def _kinds(workload: Workload) -> tuple[Kind, ...]:
    return ("inference", "training") if workload.bidirectional else ("inference", "training", "stream")


def _priced(name: str, work: Work, *, flops: int, bytes: int, prices: Mapping[str, float]) -> Pass:
    stages = tuple(_stage(stage, work.amounts[stage], prices) for stage in STAGES if work.amounts[stage])
    return Pass(
        name=name, seconds=sum(stage.seconds for stage in stages), stages=stages, bound=_bound(work.total(), prices),
        flops=flops, bytes=bytes,
    )  # fmt: skip


def _stage(name: str, amounts: Mapping[str, float], prices: Mapping[str, float]) -> Stage:
    seconds = sum(prices[unit] * amount for unit, amount in amounts.items())
    return Stage(name=name, seconds=seconds, bound=_bound(amounts, prices))


def _bound(amounts: Mapping[str, float], prices: Mapping[str, float]) -> str:
    """Return what takes most of the time."""
    home = {unit: bound for bound, units in _BOUNDS.items() for unit in units}
    seconds: dict[str, float] = defaultdict(float)
    for unit, amount in amounts.items():
        seconds[home.get(unit, _CALLS)] += prices[unit] * amount
    return max(seconds, key=seconds.__getitem__, default=_CALLS)
