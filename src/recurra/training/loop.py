"""`train`: the loop of all tasks, by Lightning, with what it needs around it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback

from recurra.errors import InputError, TrainingError
from recurra.training.batches import Batches, Remaining, Shuffled, own_part
from recurra.training.board import BoardLog
from recurra.training.checkpoints import Checkpoints, read_checkpoint
from recurra.training.display import display
from recurra.training.distributed import check_processes, first_process, nodes, rank, world_size
from recurra.training.history import History
from recurra.training.learner import Learner
from recurra.training.options import TrainingOptions
from recurra.training.outcome import Training
from recurra.training.parts import Parts, TakenUp, make_parts
from recurra.training.passes import Passes
from recurra.training.position import Position
from recurra.training.quiet import quiet_lightning
from recurra.training.rate_finder import find_learning_rate
from recurra.training.seeds import seeded
from recurra.training.stopping import Interrupt
from recurra.training.threads import few_threads
from recurra.training.watching import Watch, Watched

__all__ = ["Surroundings", "Training", "train"]


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
        Is shown each validation, and may end the training there.
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
    if isinstance(own, Shuffled):
        own.set_epoch(0)
    with ExitStack() as stack:
        stack.enter_context(quiet_lightning())
        stack.enter_context(seeded(options.seed, rank()))
        stack.enter_context(few_threads(learner, batch_size=options.batch_size))
        interrupt = stack.enter_context(Interrupt())
        state = _earlier(around, options=options, batches=len(own))
        learner.train()
        rate, history = _rate(learner, training, options=options, state=state)
        parts = make_parts(
            learner,
            options=options,
            rate=rate,
            batches=len(own),
            position=Position.from_state(state["position"]) if state else Position(),
            history=history,
            interrupt=interrupt,
            keep_last=around.keep_last,
        )
        if state:
            parts.take_up(state, learner)
        problem = (
            ""
            if state and parts.at_the_end
            else _run(learner, own, validation, parts=parts, around=around, state=state)
        )
        return _outcome(learner, parts, problem=problem)


def _check(training: Batches, validation: Batches, options: TrainingOptions) -> None:
    for name, batches in (("training", training), ("validation", validation)):
        if not len(batches):
            raise InputError(f"{name}: got no batches; expected one at least")
    check_processes(options.devices)


def _earlier(around: Surroundings, *, options: TrainingOptions, batches: int) -> dict[str, Any]:
    """Return the state that the training goes on from, empty where it begins."""
    if not around.resume:
        return {}
    if around.checkpoints is None:
        raise InputError("resume: there is no folder of checkpoints; give `checkpoints`")
    return read_checkpoint(around.checkpoints, options=options, batches=batches)


def _rate(
    learner: Learner, training: Batches, *, options: TrainingOptions, state: Mapping[str, Any]
) -> tuple[float, History]:
    """Return the learning rate, and a history that says how it was found."""
    if state:
        return state["rate"], History()
    if options.learning_rate != "auto":
        return options.learning_rate, History()
    search = find_learning_rate(learner, training=training, options=options)
    return search.suggestion, History(rate_search=search.to_dictionary())


def _run(
    learner: Learner,
    training: Batches,
    validation: Batches,
    *,
    parts: Parts,
    around: Surroundings,
    state: dict[str, Any],
) -> str:
    """Let Lightning train, and return what ended it too early, "" if nothing did."""
    options, position = parts.course.options, parts.course.position
    remaining = Remaining(training, position=position, seed=options.seed)
    measured = own_part(validation, number=rank(), of=world_size(options.devices), complete=True)
    trainer = _lightning_trainer(
        options, epochs=options.epochs - position.epoch, callbacks=_callbacks(parts, around, state)
    )
    position.begin()
    learner.attach(parts.course)
    try:
        trainer.fit(learner, remaining, measured)
    except TrainingError as error:
        if not parts.best.epoch:
            raise
        return str(error)
    except SystemExit:  # what Lightning makes of a second Ctrl-C
        if not parts.limits.heard:
            raise
    finally:
        learner.attach(None)
    return ""


def _callbacks(parts: Parts, around: Surroundings, state: dict[str, Any]) -> list[Callback]:
    """Return the callbacks; each reads what those before it have written."""
    callbacks = [Passes(parts.course), parts.best, parts.averages, parts.plateau, parts.patience, parts.limits]
    if state:
        callbacks.append(TakenUp(state))
    if around.watch is not None:
        callbacks.append(Watched(around.watch, history=parts.course.history, limits=parts.limits))
    if around.checkpoints is not None:
        callbacks.append(Checkpoints(around.checkpoints, parts))
    if around.progress and first_process():
        callbacks.append(display(parts.course, best=parts.best))
    if around.tensorboard is not None and first_process():
        callbacks.append(BoardLog(around.tensorboard, history=parts.course.history))
    return callbacks


def _outcome(learner: Learner, parts: Parts, *, problem: str) -> Training:
    """Give the network its best weights, and say how it went."""
    best, course = parts.best, parts.course
    if not best.epoch:
        raise KeyboardInterrupt
    best.restore(learner)
    learner.eval()
    return Training(
        epochs=course.position.epochs_begun,
        steps=course.position.step,
        best_epoch=best.epoch,
        best_step=best.step,
        validation=best.measures,
        learning_rate=course.rate,
        ended_by=parts.ending(problem),
        seconds=course.position.seconds,
        problem=problem,
        history=course.history,
    )


def _lightning_trainer(options: TrainingOptions, *, epochs: int, callbacks: list[Callback]) -> lightning.Trainer:
    """Return Lightning's trainer with everything off that costs time in every step."""
    return lightning.Trainer(
        accelerator="cpu",
        devices=options.devices,
        num_nodes=nodes(),
        strategy="ddp" if world_size(options.devices) > 1 else "auto",
        max_epochs=epochs,
        callbacks=callbacks,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
    )
