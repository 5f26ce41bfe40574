"""`Learner`: what a task says of its training, which is the network, its loss and its measures."""

from __future__ import annotations

import abc
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, final

import torch
from torch import Tensor

from recurra.errors import InputError

__all__ = ["Learner", "Loss", "Monitor", "Sum", "Supervised", "start_from"]

Loss = Callable[[Tensor, Tensor], Tensor]
"""(prediction, expected) -> a scalar, the mean over the examples."""

_SPELT = {"bleu": "BLEU", "f1": "F1"}
"""How parts of the names of measures are spelt for people, where that is not as in the names."""


@dataclass(frozen=True)
class Monitor:
    """The measure of the validation part that chooses the best weights and says when to stop.

    Attributes
    ----------
    measure
        Its name among those of `Learner.summarise`.
    larger_is_better
        True for an accuracy, False for a loss.

    Examples
    --------
    >>> from recurra.training.learner import Monitor
    >>> Monitor("accuracy", larger_is_better=True).is_better(0.9, than=0.8)
    True
    >>> Monitor("macro_f1").name
    'macro F1'
    """

    measure: str = "loss"
    larger_is_better: bool = False

    @property
    def name(self) -> str:
        """What people call the measure: "word error" where it is "word_error"."""
        return " ".join(_SPELT.get(word, word) for word in self.measure.split("_"))

    @property
    def worst(self) -> float:
        """What every value is better than."""
        return -math.inf if self.larger_is_better else math.inf

    def is_better(self, value: float, /, *, than: float, by: float = 0.0) -> bool:
        """Say whether a value is better than another by more than some difference."""
        return value - by > than if self.larger_is_better else value + by < than


class Sum(NamedTuple):
    """A measure of a batch as a sum and what it is to be divided by: examples, tokens, elements.

    So the mean over batches of different sizes is the mean over what they hold.
    """

    total: Tensor | float
    weight: float


class Learner(torch.nn.Module, abc.ABC):
    """A network and what it learns; a task subclasses it with `loss` and `measure`.

    Parameters
    ----------
    network
        Trained in place.

    Attributes
    ----------
    monitor
        Which measure chooses the best weights; of the class, or of a learner.
    carried
        What goes from one batch to the next in truncated backpropagation through time: None at the beginning of
        every pass, whatever `loss` or `measure` set it to after that (tensors in tuples, lists or dictionaries, or
        a `recurra.nn.CarriedState`). Training and validation each have their own, and checkpoints hold it.
    epoch
        The pass over the training part that is being made, from 0.

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

    monitor: Monitor = Monitor()

    def __init__(self, network: torch.nn.Module, /) -> None:
        super().__init__()
        self.network = network
        self.carried: Any = None
        self.epoch = 0

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

    def on_validation_end(self, *, step: int) -> None:
        """Do what a task does at each validation, after so many steps of the training; nothing by default."""

    def forward(self, batch: Any) -> Tensor:
        """Return the loss: what the copies of several processes call, whose gradients are averaged."""
        return self.loss(batch)


@final
class Supervised(Learner):
    """Learns from batches (input, expected), both with the examples first.

    Examples
    --------
    >>> import torch
    >>> from recurra.training.learner import Supervised
    >>> learner = Supervised(torch.nn.Linear(3, 1), loss=torch.nn.functional.mse_loss)
    >>> learner.loss((torch.zeros(5, 3), torch.zeros(5, 1))).shape
    torch.Size([])
    """

    def __init__(self, network: torch.nn.Module, /, *, loss: Loss) -> None:
        super().__init__(network)
        self._loss = loss

    def loss(self, batch: tuple[Tensor, Tensor], /) -> Tensor:
        """Return the loss of a batch."""
        given, expected = batch
        return self._loss(self.network(given), expected)

    def measure(self, batch: tuple[Tensor, Tensor], /) -> Mapping[str, Sum]:
        """Return the loss, weighted by the examples."""
        count = len(batch[0])
        return {"loss": Sum(self.loss(batch) * count, count)}


def start_from(
    network: torch.nn.Module, weights: Mapping[str, Tensor], /, *, source: str, own: Collection[str] = ()
) -> None:
    """Warm start: give a network the weights of an earlier model, so that training goes on from there.

    Parameters
    ----------
    network
        Changed in place.
    weights
        The earlier network's `state_dict`.
    source
        Where they are from, for the message.
    own
        Beginnings of names of weights that the network keeps as they are, such as "head." for other labels.

    Raises
    ------
    InputError
        If the networks differ otherwise; the message names the first weight that does, and nothing is changed.

    Examples
    --------
    >>> import torch
    >>> from recurra.training.learner import start_from
    >>> earlier, network = torch.nn.Linear(3, 1), torch.nn.Linear(3, 1)
    >>> start_from(network, earlier.state_dict(), source="model")
    >>> torch.equal(network.weight, earlier.weight)
    True
    """
    mine = network.state_dict()
    taken = {name for name in mine.keys() | weights.keys() if not name.startswith(tuple(own))}
    for name in sorted(taken):
        _check_shape(name, mine.get(name), weights.get(name), source)
    network.load_state_dict({**mine, **{name: weights[name] for name in taken}})


def _check_shape(name: str, mine: Tensor | None, given: Tensor | None, source: str) -> None:
    if mine is not None and given is not None and mine.shape == given.shape:
        return
    raise InputError(
        f"{source} does not fit: its weight {name} {_shape(given)}, the new network's {_shape(mine)}; to go on from a "
        f"model, give the same cell, sizes and layers as it has"
    )


def _shape(tensor: Tensor | None) -> str:
    return "is missing" if tensor is None else f"is {tuple(tensor.shape)}"
