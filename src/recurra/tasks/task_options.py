"""The options that every task has: the recurrent network, and its training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from recurra.training.described import Described
from recurra.training.options import TrainingOptions

__all__ = ["NETWORK", "TaskOptions"]

NETWORK = "Network"
"""The heading of the options of the network."""


@dataclass(frozen=True, kw_only=True)
class TaskOptions(TrainingOptions):
    """A recurrent network and how it is trained; each task's options add its own, and other defaults.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.
    """

    cell: Annotated[
        str,
        Described(help="Name of a cell (see `recurra cells`), or your own as file.py:Name.", panel=NETWORK),
    ] = "GRU"
    hidden_size: Annotated[int, Described(help="Size of the state.", panel=NETWORK, minimum=1)] = 32
    layers: Annotated[int, Described(help="Recurrent layers on each other.", panel=NETWORK, minimum=1)] = 1
    dropout: Annotated[
        float,
        Described(help="Share of the outputs set to zero in training.", panel=NETWORK, minimum=0, below=1),
    ] = 0.2
