"""`Calibration`: the prices of the units of work on a machine, fitted to some seconds of runs, kept as JSON."""

from __future__ import annotations

import dataclasses
import json
import platform
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch

import recurra
from recurra.arguments import checked
from recurra.backends.cache import folder
from recurra.backends.cost import Limits, limits_of
from recurra.backends.kernel import compiler_of
from recurra.cells import GRU, LSTM, MinGRU
from recurra.errors import InputError
from recurra.nn.choice import on_threads
from recurra.plan.clock import measured, pace
from recurra.plan.cost_model import units_on, works_of
from recurra.plan.workload import Workload, kinds_of

__all__ = ["Calibration", "Limits", "Machine", "calibrate", "calibration_for", "gpu_here", "stored_calibration"]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A processor with a number of threads, or a GPU, and versions.

    Attributes
    ----------
    processor
        Its name, or that of the GPU.
    kind
        As LLVM names it; of a GPU its compute capability, and how float32 is multiplied.
    threads
        Threads of a layer; of a GPU its multiprocessors.
    shared
        Bytes of shared memory of a program on a GPU; 0 for a processor.
    torch, compiler, recurra
        The versions; the compiler is llvmlite or triton.
    """

    processor: str
    kind: str
    threads: int
    shared: int
    torch: str
    compiler: str
    recurra: str

    @classmethod
    def here(cls, threads: int, /) -> Self:
        """Return this machine's processor."""
        kind, compiler = compiler_of("llvm")
        return cls(
            processor=_processor(), kind=kind, threads=threads, shared=0, torch=torch.__version__, compiler=compiler,
            recurra=recurra.__version__,
        )  # fmt: skip

    @classmethod
    def gpu_of(cls, gpu: Limits, /) -> Self:
        """Return this machine's GPU, which has these limits.

        Raises
        ------
        InputError
            If there is no such GPU.
        """
        if gpu_here() != gpu:
            raise InputError(f"there is no GPU here with {gpu}; its prices cannot be measured")
        kind, compiler = compiler_of("triton")
        return cls(
            processor=torch.cuda.get_device_name(), kind=kind, threads=gpu.multiprocessors, shared=gpu.shared,
            torch=torch.__version__, compiler=compiler, recurra=recurra.__version__,
        )  # fmt: skip

    @classmethod
    def of(cls, threads: int | None, gpu: Limits | None, /) -> Self:
        """Return this machine's GPU, or its processor with so many threads, by default as many as torch takes."""
        return cls.here(threads or torch.get_num_threads()) if gpu is None else cls.gpu_of(gpu)

    @property
    def gpu(self) -> Limits | None:
        """The limits of the GPU; None for a processor."""
        return Limits(multiprocessors=self.threads, shared=self.shared) if self.shared else None

    def differences(self, other: Machine, /) -> list[str]:
        """Return what is different in another, each as "name: theirs, not ours"."""
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), dataclasses.fields(self), strict=True)
        return [f"{field.name}: {mine}, not {theirs}" for mine, theirs, field in pairs if mine != theirs]


def gpu_here() -> Limits | None:
    """Return the limits of this machine's GPU; None where there is none."""
    return limits_of(torch.device("cuda")) if torch.cuda.is_available() else None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


FORMAT = 3
_SECONDS = 8.5
_CELLS = (LSTM, GRU, MinGRU)
_LEAST = 12
"""Layers that are measured in any case."""

_MOST_WORK, _MOST_WORK_OF_A_GPU = 1e9, 1e12
"""Multiply-adds of a forward pass in a calibration."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What each unit of work costs on a machine.

    Attributes
    ----------
    machine
        Where it is from.
    prices
        Seconds for each unit: those of `recurra.backends.kernel.units_of`.
    runs
        How many runs it was fitted to.
    error
        The median of the relative errors there.
    pace
        The pace of the processor that the prices belong to, in seconds: see `recurra.plan.clock`; a GPU has none.
    """

    machine: Machine
    prices: Mapping[str, float]
    runs: int
    error: float
    pace: float | None

    def to_json(self) -> str:
        """Return it as text that `from_json` reads, for shipping."""
        return json.dumps({"format": FORMAT, **dataclasses.asdict(self)}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, /) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        InputError
            If the text is no calibration, or from another version.
        """
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise InputError(f"a calibration in format {data['format']}; this version reads format {FORMAT}")
            machine = Machine(**data["machine"])
            prices = {unit: float(data["prices"][unit]) for unit in units_on(machine.gpu).usual}
            pace = None if data["pace"] is None else float(data["pace"])
            return cls(machine=machine, prices=prices, runs=int(data["runs"]), error=float(data["error"]), pace=pace)
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"not a calibration: {type(error).__name__}: {error}") from None

    def check_fits(self, machine: Machine, /) -> None:
        """Check that it is from a machine.

        Raises
        ------
        InputError
            If it is from another; the message says what is different.
        """
        different = self.machine.differences(machine)
        if different:
            raise InputError(
                f"the calibration is stale ({'; '.join(different)}); `recurra plan --calibrate` makes a new one"
            )


def calibration_path(machine: Machine, /) -> Path | None:
    """Return where the calibration of a machine is kept, in the user's cache folder; None if nowhere."""
    machine_code = folder()
    name = "gpu" if machine.gpu else f"threads-{machine.threads}"
    return None if machine_code is None else machine_code.parent / "plan" / f"{name}.json"


@checked(InputError)
def calibration_for(threads: int | None = None, /, *, gpu: Limits | None = None, anew: bool = False) -> Calibration:
    """Return the calibration of this machine: the stored one, or, where it is missing or stale, a new one.

    Parameters
    ----------
    threads
        By default as many as torch takes.
    gpu
        The GPU, in place of the processor: see `recurra.plan.gpu_here`.
    anew
        Whether a stored one is passed over.
    """
    machine = Machine.of(threads, gpu)
    known = None if anew else _stored(machine)
    return known or _made_and_stored(machine)


@checked(InputError)
def stored_calibration(threads: int | None = None, /, *, gpu: Limits | None = None) -> Calibration | None:
    """Return the stored calibration of this machine, None where it is missing, damaged or stale."""
    return _stored(Machine.of(threads, gpu))


def _stored(machine: Machine) -> Calibration | None:
    path = calibration_path(machine)
    try:
        if path is not None:
            known = Calibration.from_json(path.read_text(encoding="utf-8"))
            known.check_fits(machine)
            return known
    except (OSError, InputError):
        pass
    return None


def _made_and_stored(machine: Machine) -> Calibration:
    made, path = calibrate(machine.threads, gpu=machine.gpu), calibration_path(machine)
    if path is not None:
        _write(path, made.to_json())
    return made


@checked(InputError)
def calibrate(threads: int | None = None, /, *, gpu: Limits | None = None, seconds: float = _SECONDS) -> Calibration:
    """Measure what the units of work cost here.

    Layers of several sizes and cells are run, and prices, none of them negative, are fitted to their times.

    Parameters
    ----------
    threads
        By default as many as torch takes.
    gpu
        The GPU, in place of the processor.
    seconds
        How long to measure; the least number of layers is measured in any case.
    """
    machine, usual = Machine.of(threads, gpu), units_on(gpu).usual
    amounts, times, usual_pace = [], [], None if gpu else _usual_pace(machine.threads)
    deadline = time.perf_counter() + seconds
    for number, workload in enumerate(designed(machine)):
        if number >= _LEAST and time.perf_counter() > deadline:
            break
        for row, taken in _observed(workload, usual_pace):
            amounts.append(row)
            times.append(taken)
    table, taken = np.array(amounts), np.array(times)
    prices = relative_fit(table, taken, usual=np.array([*usual.values()]))
    error = float(np.median(np.abs(table @ prices / taken - 1)))
    return Calibration(
        machine=machine, prices=dict(zip(usual, prices.tolist(), strict=True)), runs=len(times), error=error,
        pace=usual_pace,
    )  # fmt: skip


def _usual_pace(threads: int) -> float:
    """Return the median pace of a tenth of a second."""
    with on_threads(threads):
        return float(np.median([pace() for _ in range(80)]))


def designed(machine: Machine, /) -> Iterator[Workload]:
    """Yield workloads that differ in everything that a price of a machine depends on, without end.

    Halton (1960): low discrepancy, so that any beginning covers the sizes evenly.
    """
    number = 0
    widest, most, threads = (128, _MOST_WORK_OF_A_GPU, 1) if machine.gpu else (64, _MOST_WORK, machine.threads)
    while True:
        number += 1
        batch, length, hidden, inputs, ragged = (_radical(number, base) for base in (2, 3, 5, 7, 11))
        steps = round(10 * 60**length)
        lengths = _lengths(round(256**batch), steps, is_ragged=ragged > 0.6)
        dtype = "bfloat16" if machine.gpu and number % 2 else "float32"
        workload = Workload(
            cell=_CELLS[number % 3], input_size=round(4 * 32**inputs), hidden_size=round(8 * widest**hidden),
            layers=1 + (number % 4 == 0), lengths=lengths, threads=threads, gpu=machine.gpu, dtype=dtype,
        )  # fmt: skip
        if workload.parameters * workload.rows <= most:
            yield workload


def _radical(number: int, base: int) -> float:
    """Return the number with its digits behind the point in reversed order."""
    value, weight = 0.0, 1.0
    while number:
        number, digit = divmod(number, base)
        weight /= base
        value += digit * weight
    return value


def _lengths(batch: int, steps: int, *, is_ragged: bool) -> tuple[int, ...]:
    if not is_ragged:
        return (steps,) * batch
    return tuple(sorted((max(1, steps * (k + 1) // batch) for k in range(batch)), reverse=True))


def _observed(workload: Workload, pace: float | None) -> Iterator[tuple[list[float], float]]:
    """Yield, for each pass, its amounts and its seconds at a pace."""
    works = {name: work for kind in kinds_of(workload) for name, work in works_of(workload, kind).items()}
    for name, times in measured(workload, seconds=0.04, nominal=pace).by_name().items():
        total = works[name].total()
        yield [total.get(unit, 0.0) for unit in units_on(workload.gpu).usual], times


def _write(path: Path, text: str) -> None:
    """Write a file whole; where nothing can be written, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
        Path(file.name).replace(path)
    except OSError:
        pass


_ROUNDS = 8
_SMALL = 0.05


def not_negative(matrix: np.ndarray, wanted: np.ndarray, /) -> np.ndarray:
    """Return x >= 0 with the least |matrix @ x - wanted|.

    Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23.

    Parameters
    ----------
    matrix
        (equations, unknowns)
    wanted
        (equations,)

    Examples
    --------
    >>> not_negative(np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, -1.0])).tolist()
    [1.0, 0.0]
    """
    count = matrix.shape[1]
    free, x = np.zeros(count, dtype=bool), np.zeros(count)
    for _ in range(5 * count):
        slope = np.where(free, -np.inf, matrix.T @ (wanted - matrix @ x))
        if slope.max(initial=-np.inf) <= 1e-10:
            break
        free[int(slope.argmax())] = True
        x = _settled(matrix, wanted, x, free)
    return x


def _settled(matrix: np.ndarray, wanted: np.ndarray, x: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return the solution over the free unknowns; those that would be negative become 0, and are free no more."""
    while free.any():
        solution = np.zeros_like(x)
        solution[free] = np.linalg.lstsq(matrix[:, free], wanted, rcond=None)[0]
        if solution[free].min() > 0:
            return solution
        blocked = free & (solution <= 0)
        share = (x[blocked] / np.maximum(x[blocked] - solution[blocked], 1e-300)).min()
        x = x + share * (solution - x)
        free &= x > 1e-15
        x[~free] = 0
    return x


def relative_fit(amounts: np.ndarray, seconds: np.ndarray, /, *, usual: np.ndarray, trust: float = 1.0) -> np.ndarray:
    """Return prices >= 0 by which amounts give seconds, with small relative errors.

    Absolute values of the errors are minimised rather than squares, by weights from round to round, so that a run
    that was disturbed counts little. What the runs do not decide stays near the usual prices, as far as these have
    the right proportions: they are scaled to the machine first.

    Parameters
    ----------
    amounts
        (runs, units)
    seconds
        (runs,)
    usual
        (units,), above 0
    trust
        How much a usual price counts, beside a run.
    """
    usual = usual * np.median(seconds / (amounts @ usual))
    relative, towards = amounts * usual / seconds[:, None], trust * np.eye(len(usual))
    weights, prices = np.ones(len(seconds)), np.ones(len(usual))
    for _ in range(_ROUNDS):
        matrix = np.vstack([relative * weights[:, None], towards])
        prices = not_negative(matrix, np.concatenate([weights, towards.sum(0)]))
        weights = 1 / np.sqrt(np.maximum(np.abs(relative @ prices - 1), _SMALL))
    return prices * usual
