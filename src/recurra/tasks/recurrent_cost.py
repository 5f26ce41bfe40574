"""What the recurrent layers of a network take of a training step: which they are, how long, and what bounds them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence

from recurra.errors import InputError
from recurra.nn import GRU, LSTM, RNN, Recurrent
from recurra.plan import Calibration, Prediction, Workload, predict
from recurra.training.loop import few_threads

if TYPE_CHECKING:
    from recurra.tasks.estimator import Prepared

__all__ = ["RecurrentCost", "recurrent_costs", "threads_of"]

_LAYERS = (Recurrent, LSTM, GRU, RNN)


@dataclass(frozen=True, kw_only=True)
class RecurrentCost:
    """What one recurrent layer takes of a step on the first batch; `name` is its place in the network."""

    name: str
    prediction: Prediction


def recurrent_costs(prepared: Prepared[Any], /, *, calibration: Calibration) -> list[RecurrentCost]:
    """Return what each recurrent layer of a network is predicted to take on the first batch.

    Raises
    ------
    InputError
        If the network has no recurrent layer.
    """
    learner = copy.deepcopy(prepared.learner)
    layers = {name: each for name, each in learner.network.named_modules() if isinstance(each, _LAYERS)}
    if not layers:
        raise InputError("the network has no recurrent layer of recurra.nn, whose time could be predicted")
    found: list[tuple[str, Workload]] = []
    for name, layer in layers.items():
        layer.register_forward_pre_hook(_noting(name, found, calibration.machine.threads), with_kwargs=True)
    (batch,) = islice(prepared.training, 1)
    state = torch.get_rng_state()
    with torch.no_grad():
        learner.loss(batch)
    torch.set_rng_state(state)
    return [RecurrentCost(name=name, prediction=predict(each, calibration=calibration)) for name, each in found]


def threads_of(prepared: Prepared[Any], /) -> int:
    """Return on how many threads a training will run."""
    with few_threads(prepared.learner, batch_size=prepared.options.batch_size):
        return torch.get_num_threads()


def _noting(name: str, found: list[tuple[str, Workload]], threads: int) -> Callable[..., None]:
    def note(layer: nn.Module, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        given = arguments[0] if arguments else named["input"]
        found.append((name, Workload.of(layer, lengths=_lengths(given, layer), threads=threads)))

    return note


def _lengths(sequences: Any, layer: nn.Module) -> list[int]:
    """Return the steps of each sequence that a layer is given."""
    if isinstance(sequences, PackedSequence):
        counts = sequences.batch_sizes
        return (counts[:, None] > torch.arange(int(counts[0]))).sum(0).tolist()
    if sequences.dim() == 2:
        return [len(sequences)]
    steps, batch = sequences.shape[:2] if not layer.batch_first else reversed(sequences.shape[:2])
    return [steps] * batch
