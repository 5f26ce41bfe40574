"""The options of training that every task has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.training.option_fields import Around, Described, check_options

__all__ = ["Optimiser", "Rate", "Schedule", "TrainingOptions"]

Optimiser = Literal["adam", "adamw", "rmsprop", "sgd", "asgd"]
Schedule = Literal["constant", "inverse_time", "step", "cosine", "plateau", "one_cycle"]
Rate = float | Literal["auto"]
"""A number, or found by a sweep."""

_PANEL = "Training"
_OPTIMISER = "Optimiser"
_RATE = "Learning rate"


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How a network is trained; the options of each task begin with these.

    A task gives another default by naming the field again, with its type alone: the help and the bounds stay.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from recurra.training.options import TrainingOptions
    >>> @dataclass(frozen=True, kw_only=True)
    ... class LongOptions(TrainingOptions):
    ...     epochs: int = 1000
    >>> LongOptions(clip=0.5).epochs
    1000
    """

    epochs: Annotated[
        int, Described("Most passes over the training part.", _PANEL, minimum=1, maximum=1_000_000_000)
    ] = 200
    max_steps: Annotated[
        int | None,
        Described(
            "Most steps (batches); by default only the epochs count.", _PANEL, minimum=1, maximum=1_000_000_000_000
        ),
    ] = None
    minutes: Annotated[
        float | None,
        Described(
            "Stop after this many minutes of training, with a last validation; one_cycle and cosine end then.",
            _PANEL,
            above=0,
            maximum=1e9,
        ),
    ] = None
    patience: Annotated[
        int, Described("Stop after this many validations without progress.", _PANEL, minimum=1, maximum=1_000_000_000)
    ] = 20
    min_delta: Annotated[
        float, Described("What counts as progress: better by more than this.", _PANEL, minimum=0, maximum=1e12)
    ] = 0.0
    batch_size: Annotated[int, Described("Examples in a batch.", _PANEL, minimum=1, maximum=1_000_000)] = 32
    seed: Annotated[
        int, Described("Seed of the initial weights and the batches.", _PANEL, minimum=0, maximum=2**63 - 1)
    ] = 0
    devices: Annotated[
        int,
        Described("Processes that train together, each on its part of the batches.", _PANEL, minimum=1, maximum=128),
    ] = 1
    diagnose_every: Annotated[
        int,
        Described(
            "Look at the gradient's way through time each so many steps; 0 never.",
            _PANEL,
            minimum=0,
            maximum=1_000_000_000,
        ),
    ] = 0

    optimiser: Annotated[
        Optimiser, Described("How gradients change weights; asgd is sgd whose weights are averaged.", _OPTIMISER)
    ] = "adamw"
    momentum: Annotated[float, Described("Momentum of sgd, asgd and rmsprop.", _OPTIMISER, minimum=0, below=1)] = 0.0
    weight_decay: Annotated[
        float, Described("Pull of the weights towards zero.", _OPTIMISER, minimum=0, maximum=1e6)
    ] = 0.1
    average_after: Annotated[
        int | None,
        Described(
            "Average the weights from when the validation has been no better than this many validations "
            "before (AWD-LSTM's trigger of ASGD); by default never.",
            _OPTIMISER,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = None
    average_decay: Annotated[
        float,
        Described(
            "How much of a moving average of the weights stays at each step, as 0.999; it is validated and kept "
            "in place of the last weights. 0 takes none.",
            _OPTIMISER,
            minimum=0,
            below=1,
        ),
    ] = 0.0
    clip: Annotated[
        float, Described("Largest norm of the gradient; 0 does not clip.", _OPTIMISER, minimum=0, maximum=1e12)
    ] = 1.0
    clip_value: Annotated[
        float,
        Described(
            "Largest value in the gradient, before its norm; 0 does not clip.", _OPTIMISER, minimum=0, maximum=1e12
        ),
    ] = 0.0

    learning_rate: Annotated[
        Rate,
        Described(
            "Step size, or auto: found by a sweep before training.", _RATE, above=0, maximum=1e6, space=Around(5)
        ),
    ] = 1e-2
    schedule: Annotated[Schedule, Described("How the learning rate changes over the training.", _RATE)] = "constant"
    warm_up: Annotated[
        int,
        Described(
            "Steps in which the rate rises from zero, before any schedule.", _RATE, minimum=0, maximum=1_000_000_000
        ),
    ] = 0
    decay: Annotated[
        float, Described("inverse_time: d in rate / (1 + d * epochs done).", _RATE, minimum=0, maximum=1e6)
    ] = 0.05
    cut: Annotated[float, Described("step and plateau: what the rate is multiplied by.", _RATE, above=0, below=1)] = 0.5
    cut_after: Annotated[
        int,
        Described(
            "step: epochs before the first cut, then one an epoch; plateau: validations without progress "
            "before each cut.",
            _RATE,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = 4

    def __post_init__(self) -> None:
        check_options(self)
        if self.schedule == "one_cycle" and self.warm_up:
            raise InputError(f"warm_up = {self.warm_up}: one_cycle has a rise of its own; expected 0")
        if self.average_decay and (self.optimiser == "asgd" or self.average_after is not None):
            other = "optimiser = asgd" if self.optimiser == "asgd" else f"average_after = {self.average_after}"
            raise InputError(
                f"average_decay = {self.average_decay} and {other}: two averages; expected one of them, as with "
                "average_decay = 0"
            )
