"""Sweeps: how the cost of a training step changes with the batch, the threads and each size."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.plan.calibration import Calibration, calibration_for
from recurra.plan.prediction import predict_times
from recurra.plan.workload import Workload
from recurra.report import Key, Picture, label_axes, log_scale, picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Growth", "best_batch", "best_threads", "growth", "growth_picture"]


@checked(InputError)
def best_batch(
    workload: Workload, /, *, calibration: Calibration | None = None, largest: int = 1024
) -> Mapping[int, float]:
    """Return the seconds for each sequence of a training step, by the size of the batch: powers of two."""
    known = calibration or calibration_for(workload.threads, gpu=workload.gpu)
    sizes = [1 << power for power in range(largest.bit_length())]
    return {size: predict_times(with_batch(workload, size), calibration=known) / size for size in sizes}


@checked(InputError)
def best_threads(workload: Workload, /, *, calibrations: Sequence[Calibration]) -> Mapping[int, float]:
    """Return the seconds of a training step by the number of threads."""
    pairs = ((known.machine.threads, known) for known in calibrations)
    return {
        threads: predict_times(dataclasses.replace(workload, threads=threads), calibration=known)
        for threads, known in pairs
    }


@dataclass(frozen=True, kw_only=True)
class Growth:
    """How the time of a training step grows with one size.

    Attributes
    ----------
    name
        "length", "batch", "hidden size" or "layers".
    asked
        The size of the workload.
    sizes, seconds
        What was asked, and the answers.
    exponent
        Of the power law between the size asked about and four times it.
    """

    name: str
    asked: int
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    exponent: float


@checked(InputError)
def growth(workload: Workload, /, *, calibration: Calibration | None = None) -> tuple[Growth, ...]:
    """Return how the time of a training step grows with length, batch, hidden size and layers."""
    known = calibration or calibration_for(workload.threads, gpu=workload.gpu)
    length, batch = max(workload.lengths), workload.batch
    kinds: dict[str, tuple[int, Callable[[int], Workload]]] = {
        "length": (length, lambda n: with_length(workload, n)),
        "batch": (batch, lambda n: with_batch(workload, n)),
        "hidden size": (workload.hidden_size, lambda n: dataclasses.replace(workload, hidden_size=n)),
        "layers": (workload.layers, lambda n: dataclasses.replace(workload, layers=n)),
    }
    return tuple(_growth(name, at, made, known) for name, (at, made) in kinds.items())


def _growth(name: str, at: int, made: Callable[[int], Workload], calibration: Calibration) -> Growth:
    sizes = sorted({max(1, round(at * 2.0**power)) for power in range(-3, 4)} if name != "layers" else {*range(1, 9)})
    seconds = [predict_times(made(size), calibration=calibration) for size in sizes]
    later = [(size, taken) for size, taken in zip(sizes, seconds, strict=True) if at <= size <= 4 * at]
    x, y = np.log([size for size, _ in later]), np.log([taken for _, taken in later])
    exponent = float(np.polyfit(x, y, 1)[0])
    return Growth(name=name, asked=at, sizes=tuple(sizes), seconds=tuple(seconds), exponent=exponent)


def with_batch(workload: Workload, size: int, /) -> Workload:
    """Return the workload with so many sequences; where lengths differ, with lengths spread as before."""
    lengths = sorted(workload.lengths, reverse=True)
    places = (np.arange(size) + 0.5) / size * len(lengths)
    return dataclasses.replace(workload, lengths=tuple(lengths[int(place)] for place in places))


def with_length(workload: Workload, steps: int, /) -> Workload:
    """Return the workload with sequences of so many steps at most."""
    longest = max(workload.lengths)
    return dataclasses.replace(workload, lengths=tuple(max(1, round(n * steps / longest)) for n in workload.lengths))


def growth_picture(found: Sequence[Growth], /) -> Picture:
    """Return a picture of the time of a training step over multiples of each size."""

    def draw(axes: Axes) -> None:
        for number, each in enumerate(found, 1):
            begin = each.asked
            multiples = [size / begin for size in each.sizes]
            milliseconds = [1e3 * taken for taken in each.seconds]
            axes.plot(multiples, milliseconds, color=sentinel(f"series-{number}"), marker="o", markersize=3)
        log_scale(axes, of="x")
        log_scale(axes, of="y")
        label_axes(axes, x="times the size asked about", y="ms a training step")

    powers = ", ".join(f"{each.name} {each.exponent:.2f}" for each in found)
    return picture(
        draw,
        title="How the time grows",
        caption=f"Exponents from the size asked about to four times it: {powers}.",
        description=f"Time of a training step over multiples of each size; exponents: {powers}.",
        keys=tuple(Key(each.name, f"series-{number}") for number, each in enumerate(found, 1)),
        is_full=True,
    )
