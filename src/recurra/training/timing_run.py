"""What a training will take, from a few steps of it on a copy of the network."""

from __future__ import annotations

import copy
import dataclasses
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice, pairwise, takewhile
from typing import Any

import torch
from torch import Tensor

from recurra.training.batches import Batches
from recurra.training.learner import Learner
from recurra.training.loop import few_threads, train
from recurra.training.options import TrainingOptions

__all__ = ["Rehearsal", "rehearse", "size_of", "spread"]

_WARM = 4
"""Times that are not counted: a batch is asked for ahead of its step, and the first steps compile."""

_LEAST, _MOST = 6, 100
"""Steps that are counted."""

_SHARE, _LONGEST = 0.01, 0.5
"""How long a rehearsal goes on after its least steps: a share of the whole training, and seconds."""

_KEPT, _GATHERING = 128, 0.1
"""Batches among which those that are timed are chosen, and seconds in which they are gathered."""

_RATE = 1e-12
_MEASURED = 8
"""Batches of the validation part that are measured."""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a rehearsal says of a training.

    Attributes
    ----------
    step_seconds
        Seconds of a training step, with all that the loop does around it.
    validation_seconds
        Seconds of a validation.
    """

    step_seconds: float
    validation_seconds: float


def rehearse(learner: Learner, /, *, training: Batches, validation: Batches, options: TrainingOptions) -> Rehearsal:
    """Take some steps of a training with a copy of its learner; the learner and torch's random numbers stay.

    Raises
    ------
    TrainingError
        If the loss is not finite.
    KeyboardInterrupt
        At Ctrl-C.
    """
    short = dataclasses.replace(
        options, epochs=1, max_steps=None, minutes=None, learning_rate=_RATE, schedule="constant", warm_up=0,
        devices=1, average_after=None,
    )  # fmt: skip
    mine, steps = copy.deepcopy(learner), _Timed(training, most=_steps(options, batches=len(training)))
    done = train(mine, training=steps, validation=[*islice(validation, 1)], options=short)
    if done.ended_by == "interrupt":
        raise KeyboardInterrupt
    return Rehearsal(
        step_seconds=steps.mean(),
        validation_seconds=_validation_seconds(mine, validation, options),
    )


def _steps(options: TrainingOptions, *, batches: int) -> int:
    """Return the most steps of a training, as far as they are known without a clock."""
    most = options.epochs * batches
    return most if options.max_steps is None else min(most, options.max_steps)


class _Timed:
    """Batches in such an order that small and large ones come in turns, and how long each took.

    Parameters
    ----------
    batches
        Of the training; some are kept.
    most
        Steps of the whole training.
    """

    def __init__(self, batches: Batches, /, *, most: int) -> None:
        self._length, self._whole = len(batches), most
        begun = time.perf_counter()
        self._kept = [*takewhile(lambda _: time.perf_counter() - begun < _GATHERING, islice(batches, _KEPT))]
        self._kept = self._kept or [*islice(batches, 1)]
        self._sizes = [size_of(batch) for batch in self._kept]
        by_size = sorted(range(len(self._kept)), key=self._sizes.__getitem__)
        self._order = [by_size[place] for place in spread(len(by_size))]
        self._asked: list[float] = []

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        for number in cycle(self._order):
            self._asked.append(time.perf_counter())
            if self._are_enough():
                return
            yield self._kept[number]

    def mean(self) -> float:
        """Return the seconds of a step of the mean size."""
        periods, order = self._periods(), [*islice(cycle(self._order), _WARM - 2, _WARM - 2 + len(self._periods()))]
        shares = [self._sizes[number] for number in order]
        return sum(periods) / sum(shares) * statistics.mean(self._sizes)

    def _periods(self) -> list[float]:
        """Return the seconds from step to step."""
        counted = self._asked[_WARM - 1 :]
        return [after - before for before, after in pairwise(counted)]

    def _are_enough(self) -> bool:
        periods = self._periods()
        if len(periods) < _LEAST:
            return False
        allowed = min(_LONGEST, _SHARE * statistics.mean(periods) * self._whole)
        return len(periods) >= _MOST or sum(periods) >= allowed


def spread(count: int, /) -> list[int]:
    """Return the numbers below `count` in an order of which each beginning is spread over all of them.

    Van der Corput (1935): the digits in base 2 reversed.

    Examples
    --------
    >>> spread(6)
    [0, 4, 2, 1, 5, 3]
    """
    bits = max(1, (count - 1).bit_length())
    reversed_bits = (int(f"{number:0{bits}b}"[::-1], 2) for number in range(1 << bits))
    return [number for number in reversed_bits if number < count]


def size_of(batch: Any, /) -> int:
    """Return the number of elements of all tensors in a batch."""
    if isinstance(batch, Tensor):
        return batch.numel()
    if dataclasses.is_dataclass(batch):
        return sum(size_of(getattr(batch, field.name)) for field in dataclasses.fields(batch))
    if isinstance(batch, Mapping):
        return sum(map(size_of, batch.values()))
    return sum(map(size_of, batch)) if isinstance(batch, (tuple, list)) else 0


@torch.no_grad()
def _validation_seconds(learner: Learner, validation: Batches, options: TrainingOptions) -> float:
    """Return what a validation takes, from batches that are spread over it: the longest may come first."""
    learner.carried, seconds = None, []
    step = max(1, len(validation) // _MEASURED)
    with few_threads(learner, batch_size=options.batch_size):
        for batch in islice(validation, step // 2, None, step):
            learner.measure(batch)  # compiles what a batch of its shape needs
            before = time.perf_counter()
            learner.measure(batch)
            seconds.append(time.perf_counter() - before)
            if sum(seconds) > _LONGEST and len(seconds) > 1:
                break
    learner.carried = None
    return statistics.mean(seconds) * len(validation)
