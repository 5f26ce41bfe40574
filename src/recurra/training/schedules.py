"""How the learning rate changes: a factor of the rate, from how far the training has come."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from recurra.training.options import TrainingOptions

__all__ = ["Moment", "rate_factor"]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """How far a training has come.

    Attributes
    ----------
    step, steps
        Steps done, and most steps of the whole training.
    epoch
        Epochs done.
    cuts
        How often the validation has stood still for `cut_after` validations.
    time
        Which share of the minutes there may be is over; 0 where nothing is said of them.
    """

    step: int
    steps: int
    epoch: int
    cuts: int = 0
    time: float = 0.0


def rate_factor(options: TrainingOptions, moment: Moment, /) -> float:
    """Return what the learning rate is multiplied by at the next step.

    The steps of the warm-up rise linearly and are taken off the length of cosine. One cycle and cosine come to their
    end with the steps or with the minutes, whichever are over first.

    Examples
    --------
    >>> from recurra.training.options import TrainingOptions
    >>> from recurra.training.schedules import Moment, rate_factor
    >>> options = TrainingOptions(schedule="step", cut_after=4)
    >>> [rate_factor(options, Moment(step=0, steps=100, epoch=epoch)) for epoch in range(7)]
    [1.0, 1.0, 1.0, 1.0, 0.5, 0.25, 0.125]
    """
    warm = min(1.0, (moment.step + 1) / options.warm_up) if options.warm_up else 1.0
    return warm * _SHAPES[options.schedule](options, moment)


def _constant(options: TrainingOptions, moment: Moment) -> float:
    return 1.0


def _inverse_time(options: TrainingOptions, moment: Moment) -> float:
    return 1.0 / (1.0 + options.decay * moment.epoch)


def _step(options: TrainingOptions, moment: Moment) -> float:
    """Zaremba, Sutskever & Vinyals (2014), section 4.1: cut after each epoch from the n-th on."""
    return options.cut ** max(0, moment.epoch + 1 - options.cut_after)


def _cosine(options: TrainingOptions, moment: Moment) -> float:
    """Loshchilov & Hutter (2017), equation 5, without restarts, down to zero."""
    return _half_wave(max(_share(moment.step - options.warm_up, moment.steps - options.warm_up), min(1, moment.time)))


def _plateau(options: TrainingOptions, moment: Moment) -> float:
    return options.cut**moment.cuts


def _one_cycle(options: TrainingOptions, moment: Moment) -> float:
    """Smith & Topin (2018): from 1/25 up within the first 30 %, then down to 1/250,000; as torch's OneCycleLR."""
    done = max(_share(moment.step, moment.steps), min(1, moment.time))
    rise, start, end = 0.3, 1 / 25, 1 / 250_000
    if done < rise:
        return 1 + (start - 1) * _half_wave(done / rise)
    return end + (1 - end) * _half_wave((done - rise) / (1 - rise))


def _half_wave(share: float) -> float:
    """Return 1 at 0, 0 at 1, along half a cosine."""
    return 0.5 * (1 + math.cos(math.pi * share))


def _share(step: int, steps: int) -> float:
    return min(1.0, max(0.0, step / max(1, steps)))


_SHAPES: dict[str, Callable[[TrainingOptions, Moment], float]] = {
    "constant": _constant,
    "inverse_time": _inverse_time,
    "step": _step,
    "cosine": _cosine,
    "plateau": _plateau,
    "one_cycle": _one_cycle,
}
