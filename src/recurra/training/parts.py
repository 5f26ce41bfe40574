"""The parts of a training that have a state, and how they take it up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping

from recurra.training.averaging import AveragedWeights
from recurra.training.best import BestWeights
from recurra.training.course import Course
from recurra.training.history import History
from recurra.training.options import TrainingOptions
from recurra.training.plateau import Plateau
from recurra.training.position import Position
from recurra.training.stopping import Ending, Interrupt, Limits

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["Parts", "TakenUp", "make_parts"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of a training that a checkpoint holds."""

    course: Course
    best: BestWeights
    patience: EarlyStopping
    averages: AveragedWeights
    plateau: Plateau
    limits: Limits

    @property
    def ended_by_patience(self) -> bool:
        """Whether there were as many validations without progress as there may be."""
        return self.patience.wait_count >= self.patience.patience

    @property
    def at_the_end(self) -> bool:
        """Whether there is nothing left to train."""
        options, position = self.course.options, self.course.position
        return (
            position.epoch >= options.epochs
            or (options.max_steps is not None and position.step >= options.max_steps)
            or (options.minutes is not None and position.seconds > 60 * options.minutes)
            or self.ended_by_patience
        )

    def ending(self, problem: str, /) -> Ending:
        """Return why the training ended, where there was a problem or not."""
        if problem:
            return "loss"
        if self.limits.heard:
            return "interrupt"
        return self.limits.reached or ("patience" if self.ended_by_patience else "epochs")

    def counts(self) -> dict[str, dict[str, Any]]:
        """Return the state of what counts validations."""
        return {name: part.state_dict() for name, part in self._counting().items()}

    def take_up(self, state: dict[str, Any], learner: Learner, /) -> None:
        """Take up a checkpoint, as far as it can be before Lightning begins."""
        allowed = self.patience.patience
        for name, part in self._counting().items():
            part.load_state_dict(state[name])
        self.patience.patience = allowed
        self.best.weights = state["best_weights"]
        self.course.load_state_dict(state["course"])
        learner.load_state_dict(state["weights"])

    def _counting(self) -> dict[str, Callback]:
        return {"best": self.best, "patience": self.patience, "averages": self.averages, "plateau": self.plateau}


def make_parts(
    learner: Learner,
    /,
    *,
    options: TrainingOptions,
    rate: float,
    batches: int,
    position: Position,
    history: History,
    interrupt: Interrupt,
    keep_last: bool = False,
) -> Parts:
    """Return the parts of a training; see `Course` and `BestWeights` for the arguments."""
    averages = AveragedWeights(learner.parameters(), aim=learner.aim, options=options)
    plateau = Plateau(learner.aim, options=options)
    course = Course(
        learner,
        options=options,
        rate=rate,
        batches=batches,
        position=position,
        history=history,
        averages=averages,
        plateau=plateau,
    )
    return Parts(
        course=course,
        best=BestWeights(learner.aim, position=position, keep_last=keep_last),
        patience=_patience(learner, options),
        averages=averages,
        plateau=plateau,
        limits=Limits(course, interrupt=interrupt),
    )


def _patience(learner: Learner, options: TrainingOptions) -> EarlyStopping:
    return EarlyStopping(
        learner.aim.measure,
        mode="max" if learner.aim.larger_is_better else "min",
        patience=options.patience,
        min_delta=options.min_delta,
        check_finite=False,
        check_on_train_epoch_end=False,
    )


class TakenUp(Callback):
    """Takes up the rest of a checkpoint when the first step is about to be taken."""

    def __init__(self, state: dict[str, Any], /) -> None:
        self._state = state

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Give the optimiser its state, and this process its random numbers and what it carried."""
        trainer.optimizers[0].load_state_dict(self._state["optimiser"])
        own = self._state["processes"][trainer.global_rank]
        pl_module.carried = own["carried"]
        torch.set_rng_state(own["random"])
