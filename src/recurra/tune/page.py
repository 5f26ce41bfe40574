"""The page about a search: what is best at which cost, how the search went, what mattered, every trial."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import torch

from recurra.report import (
    Bar,
    Block,
    Code,
    Headline,
    Report,
    Section,
    Table,
    Text,
    aligned,
    duration,
    environment_table,
    percent,
    plain,
)
from recurra.report.numbers import MISSING
from recurra.tune.pictures import cost_picture, course_picture, option_picture, progress_picture
from recurra.tune.search import Search
from recurra.tune.trial import Trial, value_text

__all__ = ["search_report"]

_PACKAGES = ("optuna", "torch", "numpy")


def search_report(search: Search, /, *, best: str) -> Report:
    """Return the page; `best` is the content of best.yaml."""
    day = f"{datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}"
    environment = environment_table(date=day, threads=torch.get_num_threads(), packages=_PACKAGES)
    chosen = Code(title="best.yaml", text=best)
    return Report(
        title=f"Search for options: {search.task}",
        subtitle=_subtitle(search),
        headlines=_headlines(search),
        sections=(
            Section(title="Error against cost", blocks=_cost_blocks(search)),
            Section(title="Course", blocks=(progress_picture(search), course_picture(search))),
            Section(title="Options", blocks=_option_blocks(search)),
            Section(title="Trials", blocks=(trial_table(search.trials, search, title=""),)),
            Section(title="The best options, and environment", blocks=(chosen, environment)),
        ),
    )


def trial_table(trials: Sequence[Trial], search: Search, /, *, title: str, caption: str = "") -> Table:
    """Return trials as a table, the best one marked."""
    best, names = search.best.number, list(search.best.values)
    header = ("trial", *names, search.monitor.measure, "a step", "an epoch", "parameters", "epochs", "ended")
    values = aligned([trial.value for trial in trials])
    return Table(
        title=title,
        header=header,
        rows=tuple(_row(trial, names, value) for trial, value in zip(trials, values, strict=True)),
        caption=caption,
        marked=frozenset(place for place, trial in enumerate(trials) if trial.number == best),
        mark="The best",
    )


def _row(trial: Trial, names: list[str], value: str) -> tuple[str, ...]:
    cost = trial.cost
    figures = (
        (duration(cost.step_seconds), duration(cost.epoch_seconds), plain(cost.parameters)) if cost else (MISSING,) * 3
    )
    options = (value_text(trial.values[name]) if name in trial.values else MISSING for name in names)
    return (str(trial.number), *options, value, *figures, str(trial.epochs), trial.ended)


def _subtitle(search: Search) -> str:
    budget = f" Budget: {search.budget}." if search.budget else ""
    return f"{search.counts_text()}.{budget} The test part was not looked at."


def _headlines(search: Search) -> tuple[Headline, ...]:
    best = search.best
    seconds = sum(trial.seconds for trial in search.trials)
    first = next((trial for trial in search.trials if trial.ended == "complete"), best)
    return (
        Headline(
            label=f"best validation {search.monitor.measure}",
            value=plain(best.value),
            detail=f"trial {best.number}"
            + ("" if best is first else f"; trial {first.number} had {plain(first.value)}"),
        ),
        Headline(label="parameters of the best", value=plain(best.cost.parameters if best.cost else None)),
        Headline(label="a step of the best", value=duration(best.cost.step_seconds) if best.cost else MISSING),
        Headline(label="training of all trials", value=duration(seconds)),
    )


def _cost_blocks(search: Search) -> tuple[Block, ...]:
    front = [trial for trial, _, _ in search.fronts()]
    caption = "No other trial is better and takes less time a step, or is better and has fewer parameters."
    return (
        cost_picture(search, by="step_seconds"),
        cost_picture(search, by="parameters"),
        trial_table(front, search, title="The front", caption=caption),
    )


def _option_blocks(search: Search) -> tuple[Block, ...]:
    pictures = tuple(option_picture(search, dimension) for dimension in search.space)
    return (*_importance(search), *pictures)


def _importance(search: Search) -> tuple[Block, ...]:
    if not search.importance:
        return (Text("How much each option matters can be told from twenty complete trials on."),)
    rows = ((name, Bar(percent(share), share)) for name, share in search.importance.items())
    return (
        Table(
            title="What mattered",
            header=("option", "share"),
            rows=tuple(rows),
            caption="Share of each option in what sets the best tenth of the trials apart (PED-ANOVA); an estimate.",
            width="half",
        ),
    )
