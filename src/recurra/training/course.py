"""What a step of a training needs and leaves behind: the rate, the descent, the averages, the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor

from recurra.errors import TrainingError
from recurra.training.averaging import AveragedWeights
from recurra.training.descent import Descent
from recurra.training.distributed import mean
from recurra.training.history import History
from recurra.training.options import TrainingOptions
from recurra.training.plateau import Plateau
from recurra.training.position import Position
from recurra.training.schedules import Moment, rate_factor

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["Course", "advice"]


def advice(problem: object, where: str, /) -> str:
    """Return what is said of a loss that is not finite."""
    return f"{problem} at {where}; a smaller learning rate or a smaller clip may help"


class Course:
    """The course of one training.

    Parameters
    ----------
    learner
        Whose loss is followed.
    options
        How.
    rate
        The learning rate, before its schedule.
    batches
        Batches of the first epoch; later ones may have more or fewer.
    position, history
        Where the training is, and what it went through; both are written to.
    averages, plateau
        The callbacks that a step needs.

    Attributes
    ----------
    last_loss
        The loss of the last step.
    """

    def __init__(
        self,
        learner: Learner,
        /,
        *,
        options: TrainingOptions,
        rate: float,
        batches: int,
        position: Position,
        history: History,
        averages: AveragedWeights,
        plateau: Plateau,
    ) -> None:
        self.options, self.rate, self.batches = options, rate, batches
        self.position, self.history = position, history
        self.last_loss = float("nan")
        self._epoch_is_over = False
        self._learner, self._averages, self._plateau = learner, averages, plateau
        self._descent: Descent | None = None
        self._losses: list[float] = []

    @property
    def steps(self) -> int:
        """Most steps of the whole training, as far as the first epoch tells."""
        most = self.options.epochs * self.batches
        return min(most, self.options.max_steps or most)

    @property
    def in_mid_epoch(self) -> bool:
        """Whether the epoch has begun and has batches left."""
        return self.position.batch > 0 and not self._epoch_is_over

    @property
    def current_rate(self) -> float:
        """The learning rate of the next step, of a batch of full length."""
        position = self.position
        moment = Moment(step=position.step, steps=self.steps, epoch=position.epoch, cuts=self._plateau.cuts)
        return self.rate * rate_factor(self.options, moment)

    def step(self, batch: Any, /) -> None:
        """Take a step and write it down."""
        rate = self.current_rate * self._learner.rate_scale(batch)
        try:
            loss, norm = self._take(batch, rate)
        except TrainingError as error:
            where = f"epoch {self.position.epoch + 1}, step {self.position.batch + 1}"
            raise TrainingError(advice(error, where)) from None
        self.position.advance()
        self._epoch_is_over = self._learner.trainer.is_last_batch
        self._averages.add()
        self.last_loss = loss
        self._record(loss, rate=rate, norm=norm)

    def _take(self, batch: Any, rate: float) -> tuple[float, float]:
        """Take a step, and look at it if it is its turn; return the loss and the norm of the gradient."""
        descent, every, step = self._descending(), self.options.diagnose_every, self.position.step + 1
        if not every or step % every:
            return descent.step(batch, rate=rate)
        from recurra.training.diagnosing import observed_step

        found, seen = observed_step(
            self._learner.network, lambda: descent.step(batch, rate=rate), loss=lambda: self._loss_again(batch)
        )
        self.history.diagnoses.append({"step": step, **seen})
        return found

    def _loss_again(self, batch: Any) -> Tensor:
        """Return the loss of a batch; what goes on to the next batch stays."""
        learner, carried = self._learner, self._learner.carried
        try:
            return learner.loss(batch)
        finally:
            learner.carried = carried

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint has to hold of it."""
        return {"losses": self._losses, "history": self.history.to_dictionary()}

    def load_state_dict(self, state: dict[str, Any], /) -> None:
        """Take up what `state_dict` returned."""
        self._losses = state["losses"]
        for name, value in state["history"].items():
            setattr(self.history, name, value)

    def _record(self, loss: float, *, rate: float, norm: float) -> None:
        self._losses.append(loss)
        position = self.position
        if not self.history.wants(position.step):
            return
        self.history.add_step(
            step=position.step,
            epoch=position.epoch + 1,
            seconds=position.seconds,
            loss=mean(sum(self._losses) / len(self._losses)),
            rate=rate,
            norm=norm,
        )
        self._losses = []

    def _descending(self) -> Descent:
        """Return the descent, which can only be made when Lightning has made the optimiser."""
        if self._descent is None:
            learner = self._learner
            together = learner.trainer.world_size > 1
            self._descent = Descent(
                learner.loss,
                learner.trainer.optimizers[0],
                options=self.options,
                backward=learner.manual_backward if together else Tensor.backward,
                together=together,
            )
        return self._descent
