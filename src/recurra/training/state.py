"""`TrainingState`: where a training is, and all that it has found so far; what a checkpoint holds of it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from recurra.errors import TrainingError
from recurra.training.averaging import AveragedWeights
from recurra.training.distributed import mean
from recurra.training.history import Ending, History, Training
from recurra.training.learner import Learner, Monitor
from recurra.training.options import TrainingOptions
from recurra.training.schedules import Moment, rate_factor

__all__ = ["Best", "Limit", "Progress", "TrainingState", "advice"]

Limit = Literal["steps", "minutes", "interrupt", "watch"]
"""What asks a training to stop."""


def advice(problem: object, where: str, /) -> str:
    """Return what is said of a loss that is not finite."""
    return f"{problem} at {where}; a smaller learning rate or a smaller clip may help"


@dataclass(kw_only=True)
class Best:
    """The best validation so far, and the weights there, in memory.

    Attributes
    ----------
    measures
        The measures of the best validation; empty before the first.
    epoch, step
        Where it was, from 1; 0 before the first.
    weights
        The learner's `state_dict` there.
    """

    measures: Mapping[str, float] = field(default_factory=dict)
    epoch: int = 0
    step: int = 0
    weights: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(kw_only=True)
class Progress:
    """Early stopping: counts the validations without progress, for the patience and for the schedule "plateau".

    Attributes
    ----------
    best
        The best value of the monitored measure that was better than the one before by `min_delta`.
    waited
        Validations since then.
    cuts
        How often there were `cut_after` in a row.
    """

    best: float
    waited: int = 0
    cuts: int = 0

    def see(self, value: float, /, *, monitor: Monitor, options: TrainingOptions) -> None:
        """Count a validation."""
        if monitor.is_better(value, than=self.best, by=options.min_delta):
            self.best, self.waited = value, 0
            return
        self.waited += 1
        self.cuts += self.waited % options.cut_after == 0


class TrainingState:
    """Where a training is, and all that it has found so far.

    Parameters
    ----------
    learner
        What is trained; its weights are kept where a validation is the best.
    options
        How.
    rate
        The learning rate, before its schedule.
    batches
        Batches of the first epoch; later ones may have more or fewer.
    history
        What is written to.
    keep_last
        Whether the last validation counts as the best one, whatever it finds.

    Attributes
    ----------
    epoch, batch
        Epochs completed, and batches of the epoch after them.
    step
        Batches in all.
    in_mid_epoch
        Whether the epoch has begun and has batches left.
    last_loss, last_value
        The loss of the last step, and the monitored measure of the last validation; None before it.
    time
        Which share of the minutes is over, as of the last look at the clock; 0 where as many are taken as it takes.
    best, progress, averages
        See their classes.
    reached
        What asks the training to stop, None while there is nothing.
    """

    def __init__(
        self,
        learner: Learner,
        /,
        *,
        options: TrainingOptions,
        rate: float,
        batches: int,
        history: History,
        keep_last: bool = False,
    ) -> None:
        self.options, self.rate, self.batches, self.history = options, rate, batches, history
        self.epoch = self.batch = self.step = 0
        self.in_mid_epoch = False
        self.last_loss, self.last_value = math.nan, None
        self.best, self.progress = Best(), Progress(best=learner.monitor.worst)
        self.averages = AveragedWeights(learner.parameters(), monitor=learner.monitor, options=options)
        self.reached: Limit | None = None
        self.time = 0.0
        self._learner, self._monitor, self._keep_last = learner, learner.monitor, keep_last
        self._losses: list[float] = []
        self._seconds_before, self._began = 0.0, time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds of training so far, with those before it was taken up again."""
        return self._seconds_before + time.monotonic() - self._began

    @property
    def epochs_begun(self) -> int:
        """Epochs completed, and the one that is not."""
        return self.epoch + bool(self.batch)

    @property
    def most_steps(self) -> int:
        """Most steps of the whole training, as far as the first epoch tells."""
        most = self.options.epochs * self.batches
        return min(most, self.options.max_steps or most)

    @property
    def best_value(self) -> float:
        """The best value of the monitored measure."""
        return self.best.measures.get(self._monitor.measure, self._monitor.worst)

    @property
    def current_rate(self) -> float:
        """The learning rate of the next step, of a batch of full length."""
        moment = Moment(
            step=self.step, steps=self.most_steps, epoch=self.epoch, cuts=self.progress.cuts, time=self.time
        )
        return self.rate * rate_factor(self.options, moment)

    def look_at_the_clock(self) -> None:
        """Note which share of the minutes is over, the same in all processes, whose rates have to be one."""
        if self.options.minutes is not None:
            self.time = mean(self._share_of_minutes(self.seconds))

    def _share_of_minutes(self, seconds: float) -> float:
        return seconds / (60 * self.options.minutes) if self.options.minutes is not None else 0.0

    @property
    def is_out_of_steps(self) -> bool:
        """Whether as many steps were taken as there may be."""
        return self.options.max_steps is not None and self.step >= self.options.max_steps

    @property
    def is_out_of_patience(self) -> bool:
        """Whether there were as many validations without progress as there may be."""
        return self.progress.waited >= self.options.patience

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing left to train."""
        is_last_epoch_over = self.epoch >= self.options.epochs
        return is_last_epoch_over or self.is_out_of_steps or self.time > 1 or self.is_out_of_patience

    def begin(self) -> None:
        """Let the seconds count from now."""
        self._began = time.monotonic()

    def record_step(self, *, loss: float, rate: float, norm: float, is_last: bool) -> None:
        """Count a step, the last of its epoch or not, and write it down."""
        self.batch += 1
        self.step += 1
        self.in_mid_epoch, self.last_loss = not is_last, loss
        self.averages.add()
        self._losses.append(loss)
        if not self.history.wants(self.step):
            return
        self.history.add_step(
            step=self.step,
            epoch=self.epoch + 1,
            seconds=self.seconds,
            loss=mean(sum(self._losses) / len(self._losses)),
            rate=rate,
            norm=norm,
        )
        self._losses = []

    def record_validation(self, measures: Mapping[str, float], /) -> None:
        """Write a validation down, and keep the weights, which it was of, if they are the best so far.

        Raises
        ------
        TrainingError
            If what is monitored is not finite.
        """
        value, epoch = measures[self._monitor.measure], self.epoch + 1
        self.history.add_validation(step=self.step, epoch=epoch, seconds=self.seconds, measures=measures)
        if not math.isfinite(value):
            raise TrainingError(advice(f"the validation {self._monitor.name} is {value}", f"epoch {epoch}"))
        self.last_value = value
        if self._keep_last or self._is_best(measures):
            weights = {name: each.detach().clone() for name, each in self._learner.state_dict().items()}
            self.best = Best(measures=dict(measures), epoch=epoch, step=self.step, weights=weights)
        self.averages.see(value)
        self.progress.see(value, monitor=self._monitor, options=self.options)

    def _is_best(self, measures: Mapping[str, float]) -> bool:
        """Say whether a validation is the best; of those alike in what is monitored, the one with the lowest loss is.

        Shares and rates are alike for many validations: at first none of the texts is right, at the end all are.
        """
        value, most = measures[self._monitor.measure], math.inf
        if value == self.best_value:
            return measures.get("loss", most) < self.best.measures.get("loss", most)
        return self._monitor.is_better(value, than=self.best_value)

    def complete_epoch(self) -> None:
        """Count an epoch."""
        self.epoch += 1
        self.batch = 0

    def outcome(self, *, ended_by: Ending, problem: str) -> Training:
        """Return how the training went."""
        return Training(
            epochs=self.epochs_begun,
            steps=self.step,
            best_epoch=self.best.epoch,
            best_step=self.best.step,
            validation=self.best.measures,
            learning_rate=self.rate,
            ended_by=ended_by,
            seconds=self.seconds,
            problem=problem,
            history=self.history,
        )

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint has to hold of it, beside the best weights."""
        best, progress = self.best, self.progress
        return {
            "rate": self.rate,
            "position": {"epoch": self.epoch, "batch": self.batch, "step": self.step, "seconds": self.seconds},
            "best": {"measures": dict(best.measures), "epoch": best.epoch, "step": best.step},
            "progress": {"best": progress.best, "waited": progress.waited, "cuts": progress.cuts},
            "averages": self.averages.state_dict(),
            "losses": self._losses,
            "history": self.history.to_dictionary(),
        }

    def load_state_dict(self, state: Mapping[str, Any], /, *, best_weights: Mapping[str, Tensor]) -> None:
        """Take up what `state_dict` returned, but for the rate."""
        place = state["position"]
        self.epoch, self.batch, self.step = place["epoch"], place["batch"], place["step"]
        self.in_mid_epoch, self._seconds_before = place["batch"] > 0, place["seconds"]
        self.time = self._share_of_minutes(place["seconds"])
        self.best, self.progress = Best(**state["best"], weights=best_weights), Progress(**state["progress"])
        self.averages.load_state_dict(state["averages"])
        self._losses, self.history = state["losses"], History(**state["history"])
