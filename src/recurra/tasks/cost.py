"""What a training will cost before it is begun: parameters, seconds, bytes, and what its recurrent layers take."""

from __future__ import annotations

import copy
import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.utils.rnn import PackedSequence

from recurra.errors import InputError, TrainingError
from recurra.nn import GRU, LSTM, RNN, Recurrent
from recurra.plan import Calibration, Prediction, Workload, predict
from recurra.report import counted, duration, plain
from recurra.tasks.model import Prepared
from recurra.training.batches import Batches
from recurra.training.distributed import world_size
from recurra.training.history import Training
from recurra.training.learner import Learner
from recurra.training.loop import few_threads
from recurra.training.meta import without_memory
from recurra.training.optimiser import make_optimiser
from recurra.training.options import TrainingOptions
from recurra.training.timing_run import rehearse

__all__ = [
    "Cost", "RecurrentCost", "announced", "check_fits_memory", "compared", "cost_of", "parameters_of",
    "recurrent_costs", "threads_of",
]  # fmt: skip

_LAYERS = (Recurrent, LSTM, GRU, RNN)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a training costs.

    Attributes
    ----------
    parameters
        Trainable numbers.
    step_seconds
        Seconds of a training step.
    epoch_seconds
        Seconds of an epoch: its steps, and the validation after them.
    peak_memory
        Bytes that a step takes at its peak: weights, gradients, what the optimiser keeps, and what the backward
        pass needs of the forward pass.
    """

    parameters: int
    step_seconds: float
    epoch_seconds: float
    peak_memory: int

    def fit_seconds(self, *, epochs: int, minutes: float | None) -> float:
        """Return the most seconds of a training of so many epochs, or of so many minutes if these end it before."""
        whole = epochs * self.epoch_seconds
        return whole if minutes is None else min(whole, 60 * minutes)

    def sentence(self, *, epochs: int, minutes: float | None = None) -> str:
        """Return what is said before a training of so many epochs that is stopped after so many minutes.

        Parameters
        ----------
        epochs, minutes
            As in the options; the time that is said is the shorter of both.
        """
        whole = self.fit_seconds(epochs=epochs, minutes=None)
        together = f"{duration(whole)} for {counted(epochs, 'epoch')} unless it stops earlier"
        if minutes is not None and 60 * minutes < whole:
            done = int(60 * minutes / self.epoch_seconds)
            together = f"{duration(60 * minutes)} (minutes = {minutes:g}) for about {done} of {epochs} epochs"
        return (
            f"{self.parameters:,} parameters, {plain(self.peak_memory / 1e6, digits=2)} MB; about "
            f"{duration(self.step_seconds)} a step, {duration(self.epoch_seconds)} an epoch, "
            f"{together}"
        )

    def as_dictionary(self) -> dict[str, float]:
        """Return the numbers by name."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, kw_only=True)
class RecurrentCost:
    """What one recurrent layer takes of a step on the first batch; `name` is its place in the network."""

    name: str
    prediction: Prediction


def cost_of(prepared: Prepared[Any], /) -> Cost:
    """Return what a training costs, from a few of its steps on a copy of the network.

    It takes less than a second, or a hundredth of the training and six steps, whatever is less; the learner and
    torch's random numbers stay as they are.

    Raises
    ------
    TrainingError
        If the loss is not finite.

    Examples
    --------
    >>> import polars
    >>> from recurra.tasks import ForecastOptions, Forecaster, Sources, cost_of
    >>> week = Forecaster(ForecastOptions(horizon=7, season_length=7))
    >>> days = polars.DataFrame({"y": [float(day % 7) for day in range(120)]})
    >>> cost = cost_of(week.prepare(Sources(training=days)))
    >>> cost.parameters, cost.epoch_seconds > cost.step_seconds > 0
    (13185, True)
    """
    learner, options = prepared.learner, prepared.options
    peak = _peak(copy.deepcopy(learner), prepared.training, options)
    rehearsal = rehearse(learner, training=prepared.training, validation=prepared.validation, options=options)
    return Cost(
        parameters=parameters_of(prepared),
        step_seconds=rehearsal.step_seconds,
        epoch_seconds=len(prepared.training) * rehearsal.step_seconds + rehearsal.validation_seconds,
        peak_memory=peak,
    )


def check_fits_memory(build: Callable[[], nn.Module], /) -> None:
    """Refuse a network that the memory of this machine cannot hold, before anything is allocated.

    Where the system does not say how much memory there is (Windows), every network passes.

    Parameters
    ----------
    build
        Makes the network, on whatever is torch's device.

    Raises
    ------
    InputError
        If its weights and their gradients alone take more.
    """
    weights = list(without_memory(build).parameters())
    wanted = 2 * sum(each.numel() * each.element_size() for each in weights)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else wanted
    if wanted > memory:
        raise InputError(
            f"the network would have {sum(each.numel() for each in weights):,} parameters; they and their gradients "
            f"take {wanted / 1e9:,.1f} GB, and this machine has {memory / 1e9:,.1f} GB; expected smaller sizes "
            f"(hidden_size, layers, those of vectors)"
        )


def parameters_of(prepared: Prepared[Any], /) -> int:
    """Return the trainable numbers of a network, which are known without a training step."""
    return sum(each.numel() for each in prepared.learner.network.parameters() if each.requires_grad)


def announced(prepared: Prepared[Any], /) -> Cost | None:
    """Return what a training costs for an announcement; None where that cannot be said before it is begun.

    That is where several processes train, and where the loss is not finite, of which the training says more.
    """
    if world_size(prepared.options.devices) > 1:
        return None
    try:
        return cost_of(prepared)
    except TrainingError:
        return None


def compared(cost: Cost | None, training: Training, /, *, batches: int) -> dict[str, Any]:
    """Return what was announced beside what was measured, as `metrics.json` holds it; empty without the one.

    Parameters
    ----------
    cost
        What was announced.
    training
        How the training went.
    batches
        Of an epoch.
    """
    if cost is None or not training.steps:
        return {}
    epoch = training.seconds / training.steps * batches
    return {"plan": {"predicted": cost.as_dictionary(), "measured": {"epoch_seconds": epoch}}}


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


def _peak(learner: Learner, training: Batches, options: TrainingOptions) -> int:
    """Return the bytes of a step at its peak, from the first batch."""
    (batch,) = islice(training, 1)
    state = torch.get_rng_state()
    saved = _Saved()
    learner.train()
    with saved_tensors_hooks(saved.keep, lambda tensor: tensor):
        loss = learner.loss(batch)
    loss.backward()
    torch.set_rng_state(state)
    weights = [each for each in learner.network.parameters() if each.requires_grad]
    own = {each.untyped_storage().data_ptr() for each in learner.network.parameters()}
    optimiser = make_optimiser(learner.parameters(), options=options, rate=1e-12)
    optimiser.step()
    moments = [v for each in optimiser.state.values() for v in each.values() if isinstance(v, Tensor)]
    return 2 * sum(map(_bytes, weights)) + sum(map(_bytes, moments)) + saved.bytes_beside(own)


class _Saved:
    """Adds up what autograd keeps, each piece of memory once."""

    def __init__(self) -> None:
        self._pieces: dict[int, int] = {}

    def keep(self, tensor: Tensor) -> Tensor:
        """Count a tensor and hand it on."""
        memory = tensor.untyped_storage()
        self._pieces[memory.data_ptr()] = memory.nbytes()
        return tensor

    def bytes_beside(self, others: set[int]) -> int:
        """Return the bytes of what was kept, but for the memory at these addresses."""
        return sum(bytes for address, bytes in self._pieces.items() if address not in others)


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()


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
