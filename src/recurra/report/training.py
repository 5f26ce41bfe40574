"""How a training went: losses, learning rate, gradient norm, and the search for a learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.errors import InputError
from recurra.report.decimation import Thinned, thinned
from recurra.report.drawing import draw_thinned, label_axes, log_scale, picture, suits_log
from recurra.report.numbers import plain
from recurra.report.palette import sentinel
from recurra.report.picture import Key, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "History",
    "finder_picture",
    "gradient_norm_picture",
    "learning_rate_picture",
    "loss_picture",
    "training_pictures",
]

History = Mapping[str, Sequence[Mapping[str, Any]]]
"""What training keeps.

`steps`: a mapping with step, epoch, seconds, train_loss, learning_rate, gradient_norm for each step that was
logged; `validations`: a mapping with epoch, step and measures by name for each validation. A value may be
missing, None or not finite.
"""


_FEW = 40
"""Validations up to which each has a marker."""


def training_pictures(
    history: History,
    /,
    *,
    measure: str = "validation_loss",
    loss: str = "loss",
    is_lower_better: bool = True,
    clip: float | None = None,
) -> tuple[Picture, ...]:
    """Draw the pictures of a training for which the history has values.

    Parameters
    ----------
    history
        See `History`.
    measure
        The name of the validation's measure.
    loss
        What it is, with its unit: "loss (nats per character)".
    is_lower_better
        Whether the best measure is the lowest.
    clip
        The norm at which gradients are clipped, if they are.
    """
    pictures = [loss_picture(history, measure=measure, loss=loss, is_lower_better=is_lower_better)]
    if np.isfinite(_column(history, "steps", "learning_rate")).any():
        pictures.append(learning_rate_picture(history))
    if np.isfinite(_column(history, "steps", "gradient_norm")).any():
        pictures.append(gradient_norm_picture(history, clip=clip))
    return tuple(pictures)


def loss_picture(
    history: History,
    /,
    *,
    measure: str = "validation_loss",
    loss: str = "loss",
    is_lower_better: bool = True,
) -> Picture:
    """Draw the loss in training and the measure in validation, with the best validation marked."""
    x, y = _column(history, "steps", "step"), _column(history, "steps", "train_loss")
    valid_x, valid_y = _column(history, "validations", "step"), _column(history, "validations", measure)
    training, best = thinned(x, y), _best(valid_y, is_lower_better)

    def draw(axes: Axes) -> None:
        draw_thinned(axes, training, "series-1")
        marker = "o" if len(valid_y) <= _FEW else ""
        axes.plot(valid_x, valid_y, color=sentinel("series-2"), marker=marker, markersize=4)
        if best is not None:
            _mark(axes, float(valid_x[best]), float(valid_y[best]), "best")
        if suits_log(np.concatenate([training.middle, valid_y])):
            log_scale(axes, of="y")
        label_axes(axes, x="step", y=loss)

    return picture(
        draw,
        title="Loss",
        caption=_loss_caption(history, best, valid_y, training),
        description=f"Line chart of the {loss} by step, in training and in validation. {_best_text(best, valid_y)}",
        keys=(Key("training", "series-1"), Key("validation", "series-2"), Key("best", "ink", "dot")),
    )


def learning_rate_picture(history: History, /) -> Picture:
    """Draw the learning rate by step."""
    x, y = _column(history, "steps", "step"), _column(history, "steps", "learning_rate")
    rates = thinned(x, y)

    def draw(axes: Axes) -> None:
        axes.plot(rates.x, rates.middle, color=sentinel("series-1"))
        axes.set_ylim(bottom=0)
        label_axes(axes, x="step", y="learning rate")

    known = y[np.isfinite(y)]
    span = f"from {plain(float(known[0]))} to {plain(float(known[-1]))}" if len(known) else "unknown"
    return picture(
        draw,
        title="Learning rate",
        caption=f"The optimiser's step size over the training, {span}.",
        description=f"Line chart of the learning rate by step, {span}.",
    )


def gradient_norm_picture(history: History, /, *, clip: float | None = None) -> Picture:
    """Draw the norm of the gradient by step, before it is clipped at `clip`."""
    x, y = _column(history, "steps", "step"), _column(history, "steps", "gradient_norm")
    norms = thinned(x, np.where(y > 0, y, np.nan))

    def draw(axes: Axes) -> None:
        draw_thinned(axes, norms, "series-1")
        if clip:
            axes.axhline(clip, color=sentinel("series-4"), linestyle="--", linewidth=1.2)
        if np.isfinite(norms.middle).any():
            log_scale(axes, of="y")
        label_axes(axes, x="step", y="norm of the gradient, logarithmic")

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


def _column(history: History, table: str, name: str) -> np.ndarray:
    """Return a column of the history as float64, NaN where a row has no value."""
    if table not in history:
        raise InputError(f"a history with {sorted(history)}; expected 'steps' and 'validations'")
    values = (row.get(name) for row in history[table])
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _best(values: np.ndarray, is_lower_better: bool) -> int | None:
    if not np.isfinite(values).any():
        return None
    known = np.where(np.isfinite(values), values, np.nan)
    return int(np.nanargmin(known) if is_lower_better else np.nanargmax(known))


def _mark(axes: Axes, x: float, y: float, label: str) -> None:
    axes.plot([x], [y], color=sentinel("ink"), marker="o", markersize=8, markerfacecolor="none", markeredgewidth=1.6)
    axes.annotate(label, (x, y), xytext=(0, 9), textcoords="offset points", ha="center", color=sentinel("ink"))


def _best_text(best: int | None, values: np.ndarray) -> str:
    return "There was no validation." if best is None else f"The best validation is {plain(float(values[best]))}."


def _loss_caption(history: History, best: int | None, values: np.ndarray, training: Thinned) -> str:
    parts = [_best_text(best, values)]
    if best is not None:
        epoch = history["validations"][best].get("epoch")
        parts = [f"The best validation, {plain(float(values[best]))}, is after epoch {epoch}; its weights were kept."]
    return " ".join([*parts, *_band(training)])


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
