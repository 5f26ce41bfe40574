"""Pictures of a search: value against cost, by trial, by epoch, and by each option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recurra.report import Key, Picture, counted, label_axes, label_steps, log_scale, picture, plain, sentinel
from recurra.report.drawing import suits_log
from recurra.training.option_fields import Among, Between
from recurra.tune.pareto_front import Figure
from recurra.tune.search import Search
from recurra.tune.space import Dimension
from recurra.tune.trial import Trial

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["cost_picture", "course_picture", "option_picture", "progress_picture"]

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
    measure = f"validation {search.monitor.measure}"

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
        label_steps(axes, x="trial", y=f"validation {search.monitor.measure}")

    said = f"The best, {plain(search.best.value)}, is trial {search.best.number}."
    return picture(
        draw,
        title="By trial",
        caption=f"{said} Crosses are trials that were pruned, at their best value until then." if pruned else said,
        description=f"Validation {search.monitor.measure} of each trial, and the best so far. {said}",
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
        label_steps(axes, x="validation", y=f"best {search.monitor.measure} so far")

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
        description=f"Lines of the best {search.monitor.measure} so far by validation, one a trial. {said}",
        keys=(Key("complete", "series-1"), *([Key("pruned", "muted")] if pruned else []), Key("the best", "series-2")),
    )


def option_picture(search: Search, dimension: Dimension, /) -> Picture:
    """Draw the values of the complete trials by an option that was searched."""
    complete, name, space = _complete(search), dimension.name, dimension.space
    chosen, values = [trial.values[name] for trial in complete], _values(complete)
    are_numbers = isinstance(space, Between)
    choices = sorted({str(each) for each in chosen})
    x = np.array(chosen if are_numbers else [choices.index(str(each)) for each in chosen], dtype=float)
    best, label = search.best, f"validation {search.monitor.measure}"

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
