"""A learning rate found by a sweep: rates rise exponentially, the loss falls, stops falling and explodes."""

from __future__ import annotations

import copy
import dataclasses
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.errors import TrainingError
from recurra.training.batches import Batches, remaining, seeded
from recurra.training.learner import Learner
from recurra.training.optimiser import OptimiserStep, make_optimiser
from recurra.training.options import TrainingOptions

__all__ = ["RateSearch", "find_learning_rate"]

_SMOOTHING = 0.9
_LAG = round(1 / (1 - _SMOOTHING))
"""Steps that the average needs to settle, and by which it is late."""

_EXPLODED = 4.0
"""How many times the losses at the lowest rates end the sweep."""


@dataclass(frozen=True, kw_only=True)
class RateSearch:
    """What the sweep saw.

    Attributes
    ----------
    rates, losses
        The rate of each step, and the smoothed training loss after it.
    suggestion
        The rate where the loss began to fall fastest.
    """

    rates: list[float]
    losses: list[float]
    suggestion: float

    def to_dictionary(self) -> dict[str, Any]:
        """Return it as the history holds it."""
        return dataclasses.asdict(self)


def find_learning_rate(
    learner: Learner,
    /,
    *,
    training: Batches,
    options: TrainingOptions,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
) -> RateSearch:
    """Try learning rates from the lowest to the highest, a step each, and suggest one.

    The range test of Smith (2017), section 3.3, on an exponential scale; the suggestion is where the steepest fall of
    the smoothed loss begins, before its lowest value. The weights, the carried state and torch's random numbers are
    afterwards as before.

    Raises
    ------
    TrainingError
        If the loss falls at no rate, or is not finite at the lowest.

    Examples
    --------
    >>> import torch
    >>> from recurra.training import Batches, Supervised, TrainingOptions, find_learning_rate
    >>> x = torch.linspace(-1, 1, 20)[:, None]
    >>> batches: Batches = [(x, 3 * x)]
    >>> learner = Supervised(torch.nn.Linear(1, 1), loss=torch.nn.functional.mse_loss)
    >>> found = find_learning_rate(learner, training=batches, options=TrainingOptions())
    >>> len(found.rates), found.rates[0] < found.suggestion < found.rates[-1]
    (100, True)
    """
    rates = np.geomspace(lowest, highest, steps).tolist()
    with _unchanged(learner), seeded(options.seed):
        losses = _smoothed(_sweep(learner, training, options, rates))
    return RateSearch(rates=rates[: len(losses)], losses=losses, suggestion=_steepest(rates, losses))


def _sweep(learner: Learner, training: Batches, options: TrainingOptions, rates: list[float]) -> Iterator[float]:
    """Yield the loss of each step, until one is not finite."""
    optimiser = make_optimiser(learner.parameters(), options=options, rate=rates[0])
    step = OptimiserStep(learner.loss, optimiser, options=options)
    for rate, batch in zip(rates, _endless(learner, training, seed=options.seed), strict=False):
        try:
            yield step.take(batch, rate=rate)[0]
        except TrainingError:
            return


def _endless(learner: Learner, training: Batches, *, seed: int) -> Iterator[Any]:
    for epoch in itertools.count():
        learner.carried = None
        yield from (batch for batch, _ in remaining(training, epoch=epoch, seed=seed))


def _smoothed(losses: Iterator[float]) -> list[float]:
    """Return the exponential moving average, corrected for its beginning, until it explodes."""
    average, found = 0.0, []
    for number, loss in enumerate(losses, 1):
        average = _SMOOTHING * average + (1 - _SMOOTHING) * loss
        found.append(average / (1 - _SMOOTHING**number))
        if number > _LAG and found[-1] > _EXPLODED * max(map(abs, found[:_LAG])):
            break
    return found


def _steepest(rates: list[float], losses: list[float]) -> float:
    """Return the rate where the steepest fall over a window of two lags begins, once the average has settled."""
    if len(losses) <= _LAG:
        raise TrainingError(f"the loss is not finite after {len(losses)} steps at learning rates of {rates[0]:g}")
    window = 2 * _LAG
    settled = np.array(losses[_LAG:])
    falling = settled[: int(np.argmin(settled)) + 1]
    falls = falling[:-window] - falling[window:]
    noise = -min([0.0, *falls[: len(rates) // 3]])  # how much the loss rises at rates that change little
    if not len(falls) or falls.max() <= 2 * noise:
        raise TrainingError("the loss falls at no learning rate of the sweep; give one in place of auto")
    return float(rates[_LAG + int(np.argmax(falls))])


@contextmanager
def _unchanged(learner: Learner) -> Iterator[None]:
    weights, carried = copy.deepcopy(learner.state_dict()), learner.carried
    try:
        yield
    finally:
        learner.load_state_dict(weights)
        learner.zero_grad()
        learner.carried = carried
