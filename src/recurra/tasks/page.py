"""The parts of a report that every task has: scores, the course of the training, the options, what it ran on."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

from recurra.diagnose.pictures import course_picture
from recurra.nn import SelfAttention
from recurra.report import (
    Block,
    Heat,
    Section,
    Table,
    attention_map,
    environment_table,
    finder_picture,
    options_tables,
    training_pictures,
)
from recurra.tasks.options import TaskOptions
from recurra.tasks.scores import ScoreTable
from recurra.training.history import History
from recurra.training.learner import Monitor
from recurra.training.option_fields import as_dictionary, option_fields

__all__ = ["closing_section", "score_block", "self_attention_maps", "training_section"]

_MAPS, _WIDEST = 4, 24
"""Attention maps that are shown, and the most tokens of one."""


def score_block(scores: ScoreTable, /, *, is_folded: bool = False) -> Table:
    """Return a table of scores for a page; a folded one has its title to be unfolded by."""
    title, folded = ("", scores.title) if is_folded else (scores.title, "")
    return Table(
        title=title, header=scores.columns, rows=scores.rows, caption=scores.caption, folded=folded, is_of_words=True
    )


def self_attention_maps(
    attention: SelfAttention | None, texts: Sequence[Sequence[str]], /, *, run: Callable[[int], object]
) -> Iterator[Heat]:
    """Yield where the tokens of some texts look; nothing without self-attention.

    Parameters
    ----------
    attention
        Of the network, which is in evaluation.
    texts
        The tokens of each, as many as the attention sees steps.
    run
        Runs the network on the text at a place.
    """
    short = [place for place, tokens in enumerate(texts) if 3 <= len(tokens) <= _WIDEST]
    for place in short[:_MAPS] if attention is not None else ():
        assert attention is not None
        with torch.inference_mode():
            weights = attention.weights(_read_by(attention, functools.partial(run, place)))[0].numpy()
        tokens = texts[place]
        title = f"Where each token of text {place + 1} looks"
        yield attention_map(weights, rows=tokens, columns=tokens, down="token", across="looks at", title=title)


def _read_by(attention: SelfAttention, run: Callable[[], object]) -> PackedSequence:
    seen: list[PackedSequence] = []
    watching = attention.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    try:
        run()
    finally:
        watching.remove()
    return seen[0]


def training_section(history: History, /, *, monitor: Monitor, loss: str, clip: float) -> Section:
    """Return the curves of loss and measure, learning rate and gradient norm, and of the search for a rate.

    Parameters
    ----------
    history
        The course of the training.
    monitor
        Which measure chose the weights.
    loss
        What the loss is, with its unit: "mean absolute error (scaled)".
    clip
        The norm at which gradients were clipped; 0 if they were not.
    """
    pictures = training_pictures(
        history.to_dictionary(),
        loss=loss,
        measure=monitor.measure,
        measure_name=monitor.name,
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
