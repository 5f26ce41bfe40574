"""How a training went: losses, measures, learning rates and gradient norms by step, from its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.errors import InputError
from recurra.messages import translated
from recurra.report.drawing import (
    Thinned,
    draw_thinned,
    label_axes,
    label_steps,
    log_scale,
    picture,
    suits_log,
    thinned,
)
from recurra.report.numbers import plain
from recurra.report.svg import Key, Picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "LOSS",
    "History",
    "best_row",
    "column",
    "finder_picture",
    "gradient_norm_picture",
    "learning_rate_picture",
    "loss_picture",
    "measure_picture",
    "training_pictures",
]

History = Mapping[str, Any]
"""What training keeps.

`steps`: a mapping with step, epoch, seconds, train_loss, learning_rate, gradient_norm for each row that was logged;
`validations`: a mapping with epoch, step and measures by name for each validation. A value may be missing, None or
not finite; other keys are not looked at.
"""

LOSS = "loss"
"""The measure of validations that has the unit of the training loss."""

_FEW = 40
"""Validations up to which each has a marker."""


def column(history: History, table: str, name: str) -> np.ndarray:
    """Return a column of a table as float64, NaN where a row has no value.

    Raises
    ------
    InputError
        If the history has no such table.
    """
    if table not in history:
        raise InputError(f"a history with {sorted(history)}; expected 'steps' and 'validations'")
    values = (row.get(name) for row in history[table])
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def best_row(values: np.ndarray, /, *, is_lower_better: bool) -> int | None:
    """Return the row of the lowest or the highest value, None if none is finite."""
    if not np.isfinite(values).any():
        return None
    known = np.where(np.isfinite(values), values, np.nan)
    return int(np.nanargmin(known) if is_lower_better else np.nanargmax(known))


def training_pictures(
    history: History,
    /,
    *,
    loss: str = LOSS,
    measure: str = LOSS,
    measure_name: str = "",
    is_lower_better: bool = True,
    clip: float | None = None,
) -> tuple[Picture, ...]:
    """Draw the pictures of a training for which the history has values.

    Parameters
    ----------
    history
        See `History`.
    loss
        What the loss is, with its unit: "loss (nats per character)".
    measure
        The measure of the validations that chose the best weights.
    measure_name
        What it is for people, with its unit, where it is not the loss: "accuracy".
    is_lower_better
        Whether the best measure is the lowest.
    clip
        The norm at which gradients are clipped, if they are.
    """
    is_loss = measure == LOSS
    pictures = [loss_picture(history, loss=loss, has_best=is_loss)]
    if not is_loss:
        name = measure_name or measure
        pictures.append(measure_picture(history, measure=measure, name=name, is_lower_better=is_lower_better))
    if np.isfinite(column(history, "steps", "learning_rate")).any():
        pictures.append(learning_rate_picture(history))
    if np.isfinite(column(history, "steps", "gradient_norm")).any():
        pictures.append(gradient_norm_picture(history, clip=clip))
    return tuple(pictures)


def loss_picture(history: History, /, *, loss: str = LOSS, has_best: bool = True) -> Picture:
    """Draw the loss in training and in validation.

    Parameters
    ----------
    history
        See `History`.
    loss
        What the loss is, with its unit.
    has_best
        Whether the lowest loss in validation chose the weights, and is marked.
    """
    training = thinned(column(history, "steps", "step"), column(history, "steps", "train_loss"))
    x, y = column(history, "validations", "step"), column(history, "validations", LOSS)
    best = best_row(y, is_lower_better=True) if has_best else None

    def draw(axes: Axes) -> None:
        draw_thinned(axes, training, "series-1")
        _draw_validations(axes, x, y, best)
        if suits_log(np.concatenate([training.middle, y])):
            log_scale(axes, of="y")
        label_steps(axes, y=loss)

    said = _best_text(history, best, y) if has_best else ""
    return picture(
        draw,
        title="Loss",
        caption=" ".join([*filter(None, [said]), *_band(training)]) or "The loss in training and in validation.",
        description=" ".join(filter(None, [f"Line chart of the {loss} by step, in training and in validation.", said])),
        keys=(Key("training", "series-1"), *(_validation_keys(best) if np.isfinite(y).any() else ())),
    )


def measure_picture(history: History, /, *, measure: str, name: str, is_lower_better: bool) -> Picture:
    """Draw a measure in validation, such as the accuracy, with the best one marked."""
    x, y = column(history, "validations", "step"), column(history, "validations", measure)
    best = best_row(y, is_lower_better=is_lower_better)

    def draw(axes: Axes) -> None:
        _draw_validations(axes, x, y, best)
        label_steps(axes, y=name)

    said = _best_text(history, best, y)
    return picture(
        draw,
        title=f"{name[:1].upper()}{name[1:]} in validation",
        caption=said,
        description=f"Line chart of the {name} in validation by step. {said}",
        keys=_validation_keys(best),
    )


def learning_rate_picture(history: History, /) -> Picture:
    """Draw the learning rate by step."""
    x, y = column(history, "steps", "step"), column(history, "steps", "learning_rate")
    rates = thinned(x, y)

    def draw(axes: Axes) -> None:
        axes.plot(rates.x, rates.middle, color=sentinel("series-1"))
        axes.set_ylim(bottom=0)
        label_steps(axes, y="learning rate")

    span = _span(y[np.isfinite(y)])
    return picture(
        draw,
        title="Learning rate",
        caption=f"The optimiser's step size over the training, {span}.",
        description=f"Line chart of the learning rate by step, {span}.",
    )


def gradient_norm_picture(history: History, /, *, clip: float | None = None) -> Picture:
    """Draw the norm of the gradient by step, before it is clipped at `clip`."""
    x, y = column(history, "steps", "step"), column(history, "steps", "gradient_norm")
    norms = thinned(x, np.where(y > 0, y, np.nan))

    def draw(axes: Axes) -> None:
        draw_thinned(axes, norms, "series-1")
        if clip:
            axes.axhline(clip, color=sentinel("series-4"), linestyle="--", linewidth=1.2)
        if np.isfinite(norms.middle).any():
            log_scale(axes, of="y")
        label_steps(axes, y="norm of the gradient, logarithmic")

    return picture(
        draw,
        title="Gradient norm",
        caption=_gradient_caption(y, clip, norms),
        description="Line chart of the gradient's norm by step, on a logarithmic scale.",
        keys=(Key("norm", "series-1"), *([Key("clipped above", "series-4", "dashed")] if clip else [])),
    )


def finder_picture(rates: np.ndarray, losses: np.ndarray, /, *, chosen: float | None = None) -> Picture:
    """Draw what the learning-rate finder saw: the loss (count,) at rates (count,) that rise.

    Raises
    ------
    InputError
        If there are not as many losses as rates.
    """
    if rates.shape != losses.shape:
        raise InputError(f"{rates.shape} rates and {losses.shape} losses; expected as many of each")
    points = thinned(rates, losses)

    def draw(axes: Axes) -> None:
        axes.plot(points.x, points.middle, color=sentinel("series-1"))
        if np.isfinite(points.middle).any():
            axes.set_ylim(*_without_explosion(points.middle))
        if chosen is not None:
            axes.axvline(chosen, color=sentinel("series-2"), linestyle="--", linewidth=1.4)
        log_scale(axes, of="x")
        label_axes(axes, x="learning rate, logarithmic", y="loss")

    choice = f"Chosen: {plain(chosen)}, where the loss falls steeply." if chosen is not None else ""
    return picture(
        draw,
        title="Search for a learning rate",
        caption=f"The loss while the rate rises from step to step. {choice}".strip(),
        description=f"Line chart of the loss by learning rate. {choice}".strip(),
        keys=(Key("loss", "series-1"), *([Key("chosen", "series-2", "dashed")] if chosen is not None else [])),
    )


def _draw_validations(axes: Axes, x: np.ndarray, y: np.ndarray, best: int | None) -> None:
    marker = "o" if len(y) <= _FEW else ""
    axes.plot(x, np.where(np.isfinite(y), y, np.nan), color=sentinel("series-2"), marker=marker, markersize=4)
    if best is not None:
        _mark(axes, float(x[best]), float(y[best]), translated("best"))


def _validation_keys(best: int | None) -> tuple[Key, ...]:
    return (Key("validation", "series-2"), *([Key("best", "ink", "ring")] if best is not None else []))


def _span(rates: np.ndarray) -> str:
    """Say from where to where rates go."""
    if not len(rates):
        return "unknown"
    first, last = plain(float(rates[0])), plain(float(rates[-1]))
    top = plain(float(rates.max()))
    if first == last == top:
        return f"{first} throughout"
    return f"from {first} to {last}" if top in (first, last) else f"from {first} to {last}, {top} at most"


def _mark(axes: Axes, x: float, y: float, label: str) -> None:
    axes.plot([x], [y], color=sentinel("ink"), marker="o", markersize=8, markerfacecolor="none", markeredgewidth=1.6)
    axes.annotate(label, (x, y), xytext=(0, 9), textcoords="offset points", ha="center", color=sentinel("ink"))


def _best_text(history: History, best: int | None, values: np.ndarray) -> str:
    if best is None:
        return "There was no validation."
    epoch = history["validations"][best].get("epoch")
    return f"The best validation, {plain(float(values[best]))}, is that of epoch {epoch}; its weights were kept."


def _gradient_caption(norms: np.ndarray, clip: float | None, points: Thinned) -> str:
    known = norms[np.isfinite(norms)]
    parts = []
    if clip and len(known):
        parts = [f"{100 * np.mean(known > clip):.0f} % of the steps that were logged were clipped at {plain(clip)}."]
    return " ".join([*parts, *_band(points)]) or "The length of the gradient at each step."


def _without_explosion(losses: np.ndarray) -> tuple[float, float]:
    """Return bounds that show the losses but for those that explode at the end."""
    least, most = float(np.nanmin(losses)), float(np.nanpercentile(losses, 90))
    room = 0.1 * (most - least) or 0.1 * abs(least) or 1.0
    return least - room, most + room


def _band(points: Thinned) -> list[str]:
    if points.points == 1:
        return []
    return [f"The line is the mean of {points.points} logged steps, the band their range."]
