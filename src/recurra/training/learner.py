"""`Learner`: what a task says of its training, as the module that Lightning trains."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any, NamedTuple

import lightning.pytorch as lightning
import torch
from torch import Tensor

from recurra.training.aim import Aim
from recurra.training.course import Course
from recurra.training.distributed import total
from recurra.training.optimiser import make_optimiser

__all__ = ["Learner", "Sum"]


class Sum(NamedTuple):
    """A measure of a batch as a sum and what it is to be divided by: examples, tokens, elements.

    So the mean over batches of different sizes is the mean over what they hold.
    """

    total: Tensor | float
    weight: float


class Learner(lightning.LightningModule, abc.ABC):
    """A network and what it learns; a task subclasses it with `loss` and `measure`.

    Parameters
    ----------
    network
        Trained in place.

    Attributes
    ----------
    aim
        Which measure chooses the best weights; of the class, or of a learner.
    carried
        What goes from one batch to the next in truncated backpropagation through time: None at the beginning of
        every pass, whatever `loss` or `measure` set it to after that (tensors in tuples, lists or dictionaries, or
        a `recurra.nn.CarriedState`). Training and validation each have their own, and checkpoints hold it.
    measures
        The measures of the last validation.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import CarriedState
    >>> from recurra.training.learner import Learner, Sum
    >>> class NextValue(Learner):
    ...     def loss(self, batch):
    ...         inputs, targets = batch
    ...         output, hx = self.network(inputs, self.carried)
    ...         self.carried = CarriedState(hx)
    ...         return (output - targets).square().mean()
    ...     def measure(self, batch):
    ...         return {"loss": Sum(self.loss(batch) * batch[1].numel(), batch[1].numel())}
    """

    aim: Aim = Aim()

    def __init__(self, network: torch.nn.Module, /) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.network = network
        self.carried: Any = None
        self.measures: Mapping[str, float] = {}
        self._sums: dict[str, tuple[float, float]] = {}
        self._course: Course | None = None

    @abc.abstractmethod
    def loss(self, batch: Any, /) -> Tensor:
        """Return the loss of a batch, a scalar; its gradient is followed."""

    @abc.abstractmethod
    def measure(self, batch: Any, /) -> Mapping[str, Sum]:
        """Return what is measured on a batch of the validation part, the same names for each batch."""

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the measures from their sums over the validation part: the means, unless a task knows better."""
        return {name: float(each.total) / each.weight for name, each in sums.items()}

    def rate_scale(self, batch: Any, /) -> float:
        """Return what the learning rate of a batch is multiplied by, such as the share of a shorter batch."""
        return 1.0

    def losses_by_step(self, batch: Any, /) -> Tensor | None:
        """Return the loss at each step of the sequences (steps,), where a task has one for each; None by default."""
        return None

    def attach(self, course: Course | None, /) -> None:
        """Take part in a training, or leave it."""
        self._course = course

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return the optimiser that the options name."""
        course = self._attached()
        return make_optimiser(self.parameters(), options=course.options, rate=course.rate)

    def training_step(self, batch: Any, batch_idx: int) -> None:
        """Take a step."""
        self._attached().step(batch)

    def on_validation_epoch_start(self) -> None:
        """Begin to add up the measures."""
        self._sums = {}

    def validation_step(self, batch: Any, batch_idx: int) -> None:
        """Add the measures of a batch to their sums."""
        for name, (value, weight) in self.measure(batch).items():
            before, weights = self._sums.get(name, (0.0, 0.0))
            self._sums[name] = before + float(value), weights + weight

    def on_validation_epoch_end(self) -> None:
        """Make the measures of the sums of all processes."""
        flat = total([number for pair in self._sums.values() for number in pair])
        pairs = zip(flat[::2], flat[1::2], strict=True)
        self.measures = self.summarise({name: Sum(*pair) for name, pair in zip(self._sums, pairs, strict=True)})
        self.log(self.aim.measure, self.measures[self.aim.measure], batch_size=1)

    def transfer_batch_to_device(self, batch: Any, device: torch.device, dataloader_idx: int) -> Any:
        """Leave a batch where it is; Lightning would look through it for tensors, and training is on the CPU."""
        return batch

    def _attached(self) -> Course:
        if self._course is None:
            raise RuntimeError("a Learner is trained by recurra.training.loop.train, not by a Trainer of its own")
        return self._course
