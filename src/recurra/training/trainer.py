"""The training loop's set-up: Lightning, early stopping, clipping, seeds, the best weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import lightning.pytorch as lightning
import torch
from lightning.pytorch.callbacks import EarlyStopping
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from recurra.errors import TrainingError
from recurra.training.callbacks import BestWeights, EpochProgress, LossGuard, StopOnInterrupt
from recurra.training.module import Loss, TrainedModule
from recurra.training.options import TrainingOptions
from recurra.training.quiet import quiet_lightning
from recurra.training.threads import few_threads

__all__ = ["Batches", "Examples", "Training", "seeded", "train"]

Examples = tuple[Tensor, Tensor]
"""What goes in and what should come out, both with the examples first."""

Batches = DataLoader[tuple[Tensor, ...]]


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a training went.

    Attributes
    ----------
    epochs, best_epoch
        Epochs begun, and the one (from 1) whose weights the network has now.
    validation_loss
        The loss at the best epoch.
    ended_by
        "patience" (no more progress), "epochs" (as many as allowed), "interrupt" (Ctrl-C) or
        "loss" (not finite).
    problem
        What was wrong, where `ended_by` is "loss", else "".
    """

    epochs: int
    best_epoch: int
    validation_loss: float
    ended_by: Literal["patience", "epochs", "interrupt", "loss"]
    problem: str = ""


@contextmanager
def seeded(seed: int, /) -> Iterator[None]:
    """Draw torch's random numbers from a seed, and give the caller's generator back afterwards."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def train(
    network: torch.nn.Module,
    /,
    *,
    loss: Loss,
    training: Examples,
    validation: Examples,
    options: TrainingOptions,
    progress: bool = False,
) -> Training:
    """Train a network and leave it with the weights of the lowest validation loss.

    Parameters
    ----------
    network
        Takes a batch of what goes in, gives a batch of what comes out; trained in place.
    loss
        (prediction, expected) -> a scalar.
    training, validation
        The examples to learn from, and those that choose the best weights and when to stop.
    options
        Epochs, patience, batch size, learning rate, clipping, seed.
    progress
        Whether to show a line of progress on the terminal.

    Raises
    ------
    TrainingError
        If a loss is not finite before there are any weights worth keeping. Later than that it is told in
        the result, and the network has its best weights.
    KeyboardInterrupt
        At a second Ctrl-C before there are any weights worth keeping.
    """
    module = TrainedModule(network, loss=loss, options=options)
    best = BestWeights()
    patience = EarlyStopping("validation_loss", patience=options.patience, check_finite=False)
    problem = ""
    with (
        quiet_lightning(),
        seeded(options.seed),
        few_threads(network, batch_size=options.batch_size),
        StopOnInterrupt() as interrupt,
    ):
        callbacks = [best, LossGuard(), patience, interrupt]
        if progress:
            callbacks.append(EpochProgress(epochs=options.epochs, best=best))
        trainer = _lightning_trainer(options, callbacks)
        try:
            trainer.fit(module, _batches(training, options, shuffle=True), _batches(validation, options))
        except TrainingError as error:
            if not best.epoch:
                raise
            problem = str(error)
        except SystemExit:  # what Lightning makes of a second Ctrl-C
            if not interrupt.interrupted:
                raise
    if not best.epoch:
        raise KeyboardInterrupt
    best.restore(module)
    network.eval()
    return Training(
        epochs=max(trainer.current_epoch, best.epoch),
        best_epoch=best.epoch,
        validation_loss=best.loss,
        ended_by=_ending(problem, interrupt, patience),
        problem=problem,
    )


def _ending(
    problem: str, interrupt: StopOnInterrupt, patience: EarlyStopping
) -> Literal["patience", "epochs", "interrupt", "loss"]:
    if problem:
        return "loss"
    if interrupt.interrupted:
        return "interrupt"
    return "patience" if patience.stopped_epoch else "epochs"


def _batches(examples: Examples, options: TrainingOptions, *, shuffle: bool = False) -> Batches:
    generator = torch.Generator().manual_seed(options.seed)
    return DataLoader(TensorDataset(*examples), batch_size=options.batch_size, shuffle=shuffle, generator=generator)


def _lightning_trainer(options: TrainingOptions, callbacks: list[lightning.Callback]) -> lightning.Trainer:
    return lightning.Trainer(
        accelerator="cpu",
        devices=1,
        max_epochs=options.epochs,
        gradient_clip_val=options.clip or None,
        callbacks=callbacks,
        logger=False,
        barebones=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
