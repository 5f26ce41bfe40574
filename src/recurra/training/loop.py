"""`train`: the training loop of all tasks.

It is written out here, on torch alone: epochs of optimiser steps, a validation after each, what ends it, what is kept.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor

from recurra.errors import InputError, TrainingError
from recurra.nn.choice import flushed_denormals, on_threads
from recurra.training.batches import Batches, Shuffled, own_part, remaining, seeded
from recurra.training.checkpoints import Checkpoints, read_checkpoint
from recurra.training.display import Event, observers
from recurra.training.distributed import (
    agree,
    check_processes,
    first_process,
    rank,
    start_processes,
    synchronised,
    total,
    world_size,
)  # fmt: skip
from recurra.training.history import Ending, History, Training
from recurra.training.learner import Learner, Sum
from recurra.training.optimiser import OptimiserStep, make_optimiser
from recurra.training.options import TrainingOptions
from recurra.training.rate_finder import find_learning_rate
from recurra.training.state import Limit, TrainingState, advice

__all__ = ["Surroundings", "Training", "Watch", "few_threads", "train"]

Watch = Callable[[Mapping[str, float]], bool]
"""Is given the row of a validation ("epoch", "step", "seconds", each measure) and says whether to go on."""

_WORTH_THREADS = 2**20
"""Multiply-adds of a step of a batch from which on threads gain more than they cost."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is around a training and does not change its steps: who sees them, when to stop, what is kept.

    Attributes
    ----------
    progress
        Whether to say on stderr how it goes: a live line on a terminal, else a line an epoch.
    tensorboard
        Folder for a log that TensorBoard reads.
    checkpoints
        Folder for checkpoints; see `recurra.training.checkpoints.checkpoint_folder`. None writes none.
    resume
        Whether to go on from the last checkpoint there.
    watch
        Is shown each validation, and may end the training there; of several processes, the first asks it for all.
    keep_last
        Whether the weights of the last validation are kept, where the best ones are by default: for a training whose
        validation rows are among those it learns from, and whose length is known.
    """

    progress: bool = False
    tensorboard: Path | None = None
    checkpoints: Path | None = None
    resume: bool = False
    watch: Watch | None = None
    keep_last: bool = False


def train(
    learner: Learner,
    /,
    *,
    training: Batches,
    validation: Batches,
    options: TrainingOptions,
    surroundings: Surroundings | None = None,
) -> Training:
    """Train a learner's network and leave it with the weights of the best validation.

    The same learner, batches, options and number of processes give the same weights, bit for bit; so does a
    training that was interrupted and resumed. A network that has learnt before is trained on from its weights.

    Parameters
    ----------
    learner
        The network, its loss and its measures; trained in place.
    training, validation
        Batches to learn from, and those that choose the best weights and when to stop.
    options
        How to train.
    surroundings
        Progress, logs, checkpoints; none by default.

    Raises
    ------
    TrainingError
        If a loss is not finite before there are any weights worth keeping. Later than that it is told in
        the result, and the network has its best weights.
    InputError
        If there are no batches, or the checkpoint is of another training.
    ModelFolderError
        If there is no checkpoint to resume.
    KeyboardInterrupt
        At a second Ctrl-C before there are any weights worth keeping.
    """
    around = surroundings or Surroundings()
    _check(training, validation, options)
    own = own_part(training, number=rank(), of=world_size(options.devices), complete=False)
    measured = own_part(validation, number=rank(), of=world_size(options.devices), complete=True)
    if isinstance(own, Shuffled):
        own.set_epoch(0)
    with ExitStack() as stack:
        stack.enter_context(torch.enable_grad())
        stack.enter_context(seeded(options.seed, rank()))
        stack.enter_context(few_threads(learner, batch_size=options.batch_size, processes=options.devices))
        stack.enter_context(flushed_denormals())
        interrupt = stack.enter_context(Interrupt())
        saved = _saved(around, options=options, batches=len(own))
        learner.train()
        rate, history = _rate(learner, training, options=options, saved=saved)
        state = TrainingState(
            learner, options=options, rate=rate, batches=len(own), history=history, keep_last=around.keep_last
        )
        if saved:
            state.load_state_dict(saved, best_weights=saved["best_weights"])
            learner.load_state_dict(saved["weights"])
        problem = ""
        if not (saved and state.is_complete):
            problem = _fit(learner, own, measured, state=state, saved=saved, around=around, interrupt=interrupt)
        return _outcome(learner, state, problem=problem, is_interrupted=interrupt.heard)


def _check(training: Batches, validation: Batches, options: TrainingOptions) -> None:
    for name, batches in (("training", training), ("validation", validation)):
        if not len(batches):
            raise InputError(f"{name}: got no batches; expected one at least")
    check_processes(options.devices)


def _saved(around: Surroundings, *, options: TrainingOptions, batches: int) -> dict[str, Any]:
    """Return the checkpoint that the training goes on from, empty where it begins."""
    if not around.resume:
        return {}
    if around.checkpoints is None:
        raise InputError("resume: there is no folder of checkpoints; give `checkpoints`")
    return read_checkpoint(around.checkpoints, options=options, batches=batches)


def _rate(
    learner: Learner, training: Batches, *, options: TrainingOptions, saved: Mapping[str, Any]
) -> tuple[float, History]:
    """Return the learning rate, and a history that says how it was found."""
    if saved:
        return saved["rate"], History()
    if options.learning_rate != "auto":
        return options.learning_rate, History()
    search = find_learning_rate(learner, training=training, options=options)
    return search.suggestion, History(rate_search=search.to_dictionary())


def _fit(
    learner: Learner,
    training: Batches,
    validation: Batches,
    *,
    state: TrainingState,
    saved: Mapping[str, Any],
    around: Surroundings,
    interrupt: Interrupt,
) -> str:
    """Train until something ends it; return what ended it too early, "" if nothing did."""
    options = state.options
    with observers(state, progress=around.progress, tensorboard=around.tensorboard) as tell:
        start_processes(options.devices)
        optimiser = make_optimiser(learner.parameters(), options=options, rate=state.rate)
        if saved:
            own = saved["processes"][rank()]
            optimiser.load_state_dict(saved["optimiser"])
            learner.carried = own["carried"]
            torch.set_rng_state(own["random"])
        loop = _Loop(
            learner=learner,
            training=training,
            validation=validation,
            state=state,
            step=OptimiserStep(
                synchronised(learner), optimiser, options=options, together=world_size(options.devices) > 1
            ),
            checkpoints=Checkpoints(around.checkpoints, learner, optimiser, state=state),
            watch=around.watch,
            tell=tell,
            interrupt=interrupt,
        )
        state.begin()
        try:
            while not loop.epoch():
                pass
        except TrainingError as error:
            if not state.best.epoch:
                raise
            return str(error)
        except KeyboardInterrupt:
            if not interrupt.heard:
                raise
    return ""


@dataclass(frozen=True, kw_only=True)
class _Loop:
    """The loop itself, made of what it needs."""

    learner: Learner
    training: Batches
    validation: Batches
    state: TrainingState
    step: OptimiserStep
    checkpoints: Checkpoints
    watch: Watch | None
    tell: Callable[[Event], None]
    interrupt: Interrupt

    def epoch(self) -> bool:
        """Train an epoch, or what is left of it, and validate; return whether the training is over."""
        state, learner, options = self.state, self.learner, self.state.options
        learner.epoch = state.epoch
        if not state.batch:
            learner.carried = None
        for batch, is_last in remaining(self.training, epoch=state.epoch, begin=state.batch, seed=options.seed):
            self._step(batch, is_last)
            state.reached = self._limit()
            self.checkpoints.after_step()
            self.tell("step")
            if state.reached:
                break
        self._validate()
        if not state.in_mid_epoch:
            state.complete_epoch()
        is_over = state.reached is not None or state.is_out_of_patience or state.epoch >= options.epochs
        self.checkpoints.after_epoch(is_over=is_over)
        self.tell("epoch")
        return is_over

    def _step(self, batch: Any, is_last: bool) -> None:
        """Take a step, looked at if it is its turn, and write it down."""
        state, every = self.state, self.state.options.diagnose_every
        rate = state.current_rate * self.learner.rate_scale(batch)
        take = self._look_at_step if every and (state.step + 1) % every == 0 else self.step.take
        try:
            loss, norm = take(batch, rate=rate)
        except TrainingError as error:
            raise TrainingError(advice(error, f"epoch {state.epoch + 1}, step {state.batch + 1}")) from None
        state.record_step(loss=loss, rate=rate, norm=norm, is_last=is_last)

    def _look_at_step(self, batch: Any, /, *, rate: float) -> tuple[float, float]:
        """Take a step and look at it."""
        from recurra.training.diagnosing import observed_step  # which not every training needs

        found, seen = observed_step(
            self.learner.network, lambda: self.step.take(batch, rate=rate), loss=lambda: self._loss_again(batch)
        )
        self.state.history.diagnoses.append({"step": self.state.step + 1, **seen})
        return found

    def _loss_again(self, batch: Any) -> Tensor:
        """Return the loss of a batch; what goes on to the next batch stays."""
        carried = self.learner.carried
        try:
            return self.learner.loss(batch)
        finally:
            self.learner.carried = carried

    def _limit(self) -> Limit | None:
        """Return which limit this step has reached, in any of the processes."""
        if agree(self.interrupt.heard):
            return "interrupt"
        self.state.look_at_the_clock()
        if self.state.time > 1:
            return "minutes"
        return "steps" if self.state.is_out_of_steps else None

    def _validate(self) -> None:
        """Measure the weights, or their average in their place, and see what follows from it."""
        state, learner = self.state, self.learner
        with state.averages.in_place():
            measures = validate(learner, self.validation)
            learner.on_validation_end(step=state.step)
            state.record_validation(measures)
        learner.train()
        if self.watch is not None and agree(first_process() and not self.watch(state.history.validations[-1])):
            state.reached = state.reached or "watch"
        self.tell("validation")


def validate(learner: Learner, batches: Batches, /) -> dict[str, float]:
    """Return the measures of a learner on batches, which together with other processes' are the validation part.

    What training carries is set aside, and what random numbers are drawn is not: a validation is part of a training.
    """
    learner.eval()
    carried, learner.carried = learner.carried, None
    sums: dict[str, Sum] = {}
    with torch.no_grad():
        for batch in batches:
            for name, (value, weight) in learner.measure(batch).items():
                before, weights = sums.get(name, (0.0, 0.0))
                sums[name] = Sum(before + float(value), weights + weight)
    learner.carried = carried
    flat = total([float(number) for pair in sums.values() for number in pair])
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return learner.summarise({name: Sum(*pair) for name, pair in zip(sums, pairs, strict=True)})


def _outcome(learner: Learner, state: TrainingState, *, problem: str, is_interrupted: bool) -> Training:
    """Give the network its best weights, and say how it went."""
    if not state.best.epoch:
        raise KeyboardInterrupt
    learner.load_state_dict(dict(state.best.weights))
    learner.eval()
    ended_by: Ending = state.reached or ("patience" if state.is_out_of_patience else "epochs")
    if is_interrupted:
        ended_by = "interrupt"
    return state.outcome(ended_by="loss" if problem else ended_by, problem=problem)


class Interrupt:
    """Hears the first Ctrl-C, which ends the training after the current batch; the second one ends the batch.

    Outside the main thread nothing is changed, since only there a program hears of Ctrl-C.

    Attributes
    ----------
    heard
        Whether there was one.
    """

    def __init__(self) -> None:
        self.heard = False
        self._previous: Any = None

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.heard = True
        signal.signal(signal.SIGINT, self._previous)


@contextmanager
def few_threads(network: torch.nn.Module, /, *, batch_size: int, processes: int = 1) -> Iterator[None]:
    """Use one thread for a small network, and give the caller's number back afterwards.

    torch's threads wait for each other by spinning. On two cores, a network of 3,400 parameters trained in
    2.5 s with two threads and in 3.1 s with one; beside another busy process it took 25 s and 4.6 s. Processes that
    train together on one machine share its threads, unless OMP_NUM_THREADS says how many each has.
    """
    work = batch_size * sum(parameter.numel() for parameter in network.parameters())
    threads = torch.get_num_threads()
    if processes > 1 and "OMP_NUM_THREADS" not in os.environ:
        threads = max(1, threads // processes)
    with on_threads(threads if work >= _WORTH_THREADS else 1):
        yield
