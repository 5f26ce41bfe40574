"""The page about a search with its pictures, and what else a search leaves in its folder."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch

from recurra.report import (
    Bar,
    Block,
    Code,
    Headline,
    Key,
    Picture,
    Report,
    Section,
    Table,
    Text,
    aligned,
    counted,
    duration,
    environment_table,
    label_axes,
    label_steps,
    log_scale,
    percent,
    picture,
    plain,
    sentinel,
)
from recurra.report.drawing import suits_log
from recurra.report.numbers import MISSING
from recurra.training.option_fields import Among, Between
from recurra.tune.search import Figure, Search
from recurra.tune.space import Dimension
from recurra.tune.trial import Trial, value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
import json
from pathlib import Path

import polars as pl

from recurra.data.files import write_whole
from recurra.errors import DataError
from recurra.report import render
from recurra.training.model_folder import config

__all__ = [
    "BEST",
    "REPORT",
    "cost_picture",
    "course_picture",
    "option_picture",
    "progress_picture",
    "save_search",
    "search_report",
]

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
    header = ("trial", *names, search.monitor.name, "a step", "an epoch", "parameters", "epochs", "ended")
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
            label=f"best validation {search.monitor.name}",
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


_FIGURES: dict[Figure, str] = {
    "step_seconds": "milliseconds a step",
    "epoch_seconds": "seconds an epoch",
    "parameters": "parameters",
    "peak_memory": "MB of a step",
}
_UNITS: dict[Figure, float] = {"step_seconds": 1e3, "epoch_seconds": 1, "parameters": 1, "peak_memory": 1e-6}


def cost_picture(search: Search, /, *, by: Figure) -> Picture:
    """Draw the complete trials by their cost and value, with the front of those that nothing beats."""
    x, y = _costs(_complete(search), by), _values(_complete(search))
    front = search.front_by(by)
    steps_x, steps_y = _costs(front, by), _values(front)
    measure = f"validation {search.monitor.name}"

    def draw(axes: Axes) -> None:
        axes.scatter(x, y, color=sentinel("series-1"), s=40, alpha=0.6, linewidths=0)
        axes.step(steps_x, steps_y, where="post", color=sentinel("series-2"), linewidth=1.5)
        axes.plot(steps_x, steps_y, "o", color=sentinel("series-2"), markersize=7)
        _scale(axes, x, y)
        label_axes(axes, x=_FIGURES[by], y=measure)

    said = f"On the front, where no other is better at their cost: {len(front)} of {counted(len(x), 'trial')}."
    return picture(
        draw,
        title=f"By {_FIGURES[by]}",
        caption=said,
        description=f"Scatter plot of {measure} by {_FIGURES[by]}. {said}",
        keys=(Key("trial", "series-1", "dot"), Key("front", "series-2", "dot")),
    )


def progress_picture(search: Search, /) -> Picture:
    """Draw the value of each trial in their order, and the best so far."""
    complete = _complete(search)
    numbers, values = np.array([trial.number for trial in complete]), _values(complete)
    best = np.maximum.accumulate(values) if search.monitor.larger_is_better else np.minimum.accumulate(values)
    pruned = [trial for trial in search.trials if trial.ended == "pruned" and trial.value is not None]

    def draw(axes: Axes) -> None:
        axes.scatter([each.number for each in pruned], _values(pruned), color=sentinel("muted"), s=22, marker="x")
        axes.scatter(numbers, values, color=sentinel("series-1"), s=40, alpha=0.6, linewidths=0)
        axes.step(numbers, best, where="post", color=sentinel("series-2"), linewidth=1.5)
        if suits_log(values):
            log_scale(axes, of="y")
        label_steps(axes, x="trial", y=f"validation {search.monitor.name}")

    said = f"The best, {plain(search.best.value)}, is trial {search.best.number}."
    return picture(
        draw,
        title="By trial",
        caption=f"{said} Crosses are trials that were pruned, at their best value until then." if pruned else said,
        description=f"Validation {search.monitor.name} of each trial, and the best so far. {said}",
        keys=(
            Key("complete", "series-1", "dot"),
            *([Key("pruned", "muted", "dot")] if pruned else []),
            Key("best so far", "series-2"),
        ),
    )


def course_picture(search: Search, /) -> Picture:
    """Draw the best value so far of each trial by its validations."""
    best = search.best.number
    shown = [trial for trial in search.trials if trial.course]
    all_values = np.array([value for trial in shown for value in trial.course.values()])

    def draw(axes: Axes) -> None:
        for trial in shown:
            _draw_course(axes, trial, is_best=trial.number == best)
        if suits_log(all_values):
            log_scale(axes, of="y")
        label_steps(axes, x="validation", y=f"best {search.monitor.name} so far")

    pruned = sum(trial.ended == "pruned" for trial in shown)
    said = (
        f"{pruned} of {counted(len(shown), 'trial')} pruned: worse than the median of the others."
        if pruned
        else f"{counted(len(shown), 'trial')}, none of them pruned."
    )
    return picture(
        draw,
        title="By validation",
        caption=said,
        description=f"Lines of the best {search.monitor.name} so far by validation, one a trial. {said}",
        keys=(Key("complete", "series-1"), *([Key("pruned", "muted")] if pruned else []), Key("the best", "series-2")),
    )


def option_picture(search: Search, dimension: Dimension, /) -> Picture:
    """Draw the values of the complete trials by an option that was searched."""
    complete, name, space = _complete(search), dimension.name, dimension.space
    chosen, values = [trial.values[name] for trial in complete], _values(complete)
    are_numbers = isinstance(space, Between)
    choices = sorted({str(each) for each in chosen})
    x = np.array(chosen if are_numbers else [choices.index(str(each)) for each in chosen], dtype=float)
    best, label = search.best, f"validation {search.monitor.name}"

    def draw(axes: Axes) -> None:
        axes.scatter(x, values, color=sentinel("series-1"), s=40, alpha=0.6, linewidths=0)
        place = best.values[name] if are_numbers else choices.index(str(best.values[name]))
        axes.plot([place], _values([best]), "o", color=sentinel("series-2"), markersize=7)
        if suits_log(values):
            log_scale(axes, of="y")
        _name_option(axes, dimension, choices)
        axes.set_title(label)

    said = f"The best trial has {name} {plain(best.values[name]) if are_numbers else best.values[name]}."
    return picture(
        draw,
        title=name,
        caption=said,
        description=f"Scatter plot of the {label} by {name}. {said}",
        keys=(Key("trial", "series-1", "dot"), Key("the best", "series-2", "dot")),
    )


def _draw_course(axes: Axes, trial: Trial, *, is_best: bool) -> None:
    colour = "series-2" if is_best else "series-1" if trial.ended == "complete" else "muted"
    axes.plot(
        [*trial.course],
        [*trial.course.values()],
        color=sentinel(colour),
        linewidth=2 if is_best else 1,
        alpha=1 if is_best else 0.5,
        marker="o" if len(trial.course) == 1 else "",
        markersize=3,
        zorder=3 if is_best else 2,
    )


def _scale(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    if suits_log(x):
        log_scale(axes, of="x")
    if suits_log(y):
        log_scale(axes, of="y")


def _name_option(axes: Axes, dimension: Dimension, choices: list[str]) -> None:
    """Make the axis below that of an option: choices, whole numbers, or as the search counts them."""
    space = dimension.space
    if isinstance(space, Among):
        axes.set_xticks(range(len(choices)), choices)
        axes.set_xlim(-0.5, len(choices) - 0.5)
    elif space.is_logarithmic:
        log_scale(axes, of="x")
    elif dimension.is_whole:
        label_steps(axes, x=dimension.name, y="")
    axes.set_xlabel(dimension.name)


def _complete(search: Search) -> list[Trial]:
    return [trial for trial in search.trials if trial.ended == "complete" and trial.cost]


def _costs(trials: tuple[Trial, ...] | list[Trial], by: Figure) -> np.ndarray:
    return np.array([getattr(trial.cost, by) * _UNITS[by] for trial in trials], dtype=float)


def _values(trials: tuple[Trial, ...] | list[Trial]) -> np.ndarray:
    return np.array([trial.value for trial in trials], dtype=float)


BEST, TABLE, TRIALS, REPORT = "best.yaml", "trials.csv", "search.json", "report.html"


def save_search(search: Search, folder: Path, /) -> None:
    """Write what a search found into a folder, each file in one step; other files there stay.

    Raises
    ------
    DataError
        If the folder cannot be written.
    TrainingError
        If no trial came to its end.
    """
    files = {
        BEST: best_yaml(search),
        TABLE: _table(search),
        TRIALS: json.dumps(search.to_dictionary(), indent=2, ensure_ascii=False) + "\n",
        REPORT: render(search_report(search, best=best_yaml(search))),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}") from None
    for name, text in files.items():
        write_whole(folder / name, text)


def best_yaml(search: Search, /) -> str:
    """Return the best options as `recurra fit --config` reads them."""
    return config(search.task, search.best_options, data=search.data).decode()


def _table(search: Search) -> str:
    rows = [trial.row() for trial in search.trials]
    return pl.DataFrame(rows, infer_schema_length=None, strict=False).write_csv()
