"""The sections that the reports of all tasks have: how the training went, options and environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recurra.report.history import LOSS, History
from recurra.report.numbers import plain
from recurra.report.report import Block, Section
from recurra.report.tables import Value, duration, environment_table, options_table, timing_table
from recurra.report.text import Code, Text
from recurra.report.training import training_pictures

__all__ = ["about_section", "training_section"]

_ENDINGS = {
    "patience": "it ended as no later epoch was better",
    "epochs": "it ended after as many epochs as were allowed",
    "steps": "it ended after as many steps as were allowed",
    "minutes": "it ended when the time was over",
    "interrupt": "it was interrupted",
    "loss": "it ended as the loss was not finite",
}


def training_section(
    history: History,
    /,
    *,
    outcome: Mapping[str, Any],
    loss: str = LOSS,
    measure: str = LOSS,
    measure_name: str = "",
    is_lower_better: bool = True,
    clip: float | None = None,
) -> Section:
    """Return the section about the training.

    Parameters
    ----------
    history, loss, measure, measure_name, is_lower_better, clip
        See `training_pictures`.
    outcome
        The summary of the training, as `metrics.json` has it: "epochs", "best_epoch", "ended_by", "seconds", and
        "problem", which becomes a note.
    """
    blocks: list[Block] = [Text(_course(outcome))]
    if outcome.get("problem"):
        epoch = outcome.get("best_epoch")
        blocks.append(Text(f"{outcome['problem']}. The model has the weights of epoch {epoch}.", is_note=True))
    blocks += training_pictures(
        history,
        loss=loss,
        measure=measure,
        measure_name=measure_name,
        is_lower_better=is_lower_better,
        clip=clip,
    )
    return Section(title="Training", blocks=tuple(blocks))


def about_section(
    options: Mapping[str, Value],
    /,
    *,
    defaults: Mapping[str, Value],
    date: str,
    threads: int,
    seconds: Mapping[str, float] | None = None,
    repeat: str = "",
) -> Section:
    """Return the section about how the model was made.

    Parameters
    ----------
    options, defaults
        See `options_table`.
    date, threads
        See `environment_table`.
    seconds
        See `timing_table`; left out if not given.
    repeat
        The command that makes the model again; left out if empty.
    """
    blocks: list[Block] = [options_table(options, defaults), environment_table(date=date, threads=threads)]
    if seconds:
        blocks.append(timing_table(seconds))
    if repeat:
        blocks.append(Code(title="To make this model again", text=repeat))
    return Section(title="Options and environment", blocks=tuple(blocks))


def _course(outcome: Mapping[str, Any]) -> str:
    epochs = outcome.get("epochs", 0)
    counted = f"{plain(epochs)} epoch{'s' * (epochs != 1)}"
    steps = f", {plain(outcome['steps'])} steps" if "steps" in outcome else ""
    took = f" in {duration(outcome['seconds'])}" if "seconds" in outcome else ""
    ending = _ENDINGS.get(outcome.get("ended_by", ""), "")
    return f"{counted}{steps}{took}" + (f"; {ending}." if ending else ".")
