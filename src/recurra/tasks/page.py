"""The parts of a report that every task has: the course of the training, the options, what it ran on."""

from __future__ import annotations

import datetime

import numpy as np
import torch

from recurra.diagnose.pictures import course_picture
from recurra.report import Block, Section, environment_table, finder_picture, options_tables, training_pictures
from recurra.tasks.options import TaskOptions
from recurra.training.history import History
from recurra.training.learner import Monitor
from recurra.training.option_fields import as_dictionary, option_fields

__all__ = ["closing_section", "training_section"]


def training_section(
    history: History, /, *, monitor: Monitor, loss: str = "loss", measure: str = "", clip: float = 0.0
) -> Section:
    """Return the curves of loss and measure, learning rate and gradient norm, and of the search for a rate.

    Parameters
    ----------
    history
        The course of the training.
    monitor
        Which measure chose the weights.
    loss
        What the loss is, with its unit: "mean absolute error (scaled)".
    measure
        What the monitor's measure is for people, where that is not the loss: "accuracy".
    clip
        The norm at which gradients were clipped; 0 if they were not.
    """
    pictures = training_pictures(
        history.to_dictionary(),
        loss=loss,
        measure=monitor.measure,
        measure_name=measure,
        is_lower_better=not monitor.larger_is_better,
        clip=clip or None,
    )
    blocks: list[Block] = [*pictures]
    if any(each["gradient"] for each in history.diagnoses):
        blocks.append(course_picture(history.diagnoses))
    search = history.rate_search
    if search is not None:
        rates, losses = np.array(search["rates"]), np.array(search["losses"])
        blocks.append(finder_picture(rates, losses, chosen=search["suggestion"]))
    return Section(title="Training", blocks=tuple(blocks))


def closing_section(options: TaskOptions, /, *, given: TaskOptions) -> Section:
    """Return the options, and what the model was trained with.

    Parameters
    ----------
    options
        As the model was trained.
    given
        As a person gave them, before the data filled in what was open.
    """
    defaults = {field.name: field.default for field in option_fields(type(options))}
    chosen, rest = options_tables(as_dictionary(options), defaults=defaults, given=as_dictionary(given))
    day = f"{datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}"
    return Section(
        title="Options and environment",
        blocks=(chosen, environment_table(date=day, threads=torch.get_num_threads()), rest),
    )
