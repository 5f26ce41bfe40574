"""The options of training that every task has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from recurra.training.described import Described, check_options

__all__ = ["TrainingOptions"]

_PANEL = "Training"


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How a network is trained; the options of each task begin with these."""

    epochs: Annotated[int, Described(help="Most passes over the training windows.", panel=_PANEL, minimum=1)] = 200
    patience: Annotated[
        int,
        Described(help="Stop after this many epochs without a lower validation loss.", panel=_PANEL, minimum=1),
    ] = 20
    batch_size: Annotated[int, Described(help="Windows in a batch.", panel=_PANEL, minimum=1)] = 32
    learning_rate: Annotated[float, Described(help="Step size of AdamW.", panel=_PANEL, above=0, maximum=1e6)] = 1e-2
    weight_decay: Annotated[
        float, Described(help="Pull of the weights towards zero, in AdamW.", panel=_PANEL, minimum=0, maximum=1e6)
    ] = 0.1
    clip: Annotated[
        float, Described(help="Largest norm of the gradient; 0 does not clip.", panel=_PANEL, minimum=0)
    ] = 1.0
    seed: Annotated[int, Described(help="Seed of the initial weights and the batches.", panel=_PANEL, minimum=0)] = 0

    def __post_init__(self) -> None:
        check_options(self)
