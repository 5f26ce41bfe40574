"""The pictures of a diagnosis that are curves: memory, singular values, gates, gradients, the use of history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from recurra.diagnose.flow import FlowCurve
from recurra.diagnose.gates import BINS, Gate
from recurra.diagnose.layer import LayerDiagnosis
from recurra.diagnose.layer_names import Place
from recurra.diagnose.memory import FAINT
from recurra.report import Key, Picture
from recurra.report.drawing import label_axes, label_steps, log_scale, picture
from recurra.report.numbers import plain
from recurra.report.palette import sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bands_picture", "distance_picture", "gates_picture", "history_picture", "memory_picture"]

_SERIES = ("series-1", "series-2", "series-3", "series-4")
_LEAST = 1e-12
"""What is less, beside the largest, is not drawn: an axis of hundreds of decades shows nothing."""


def _positive(values: Tensor) -> np.ndarray:
    known = values.double().numpy()
    return np.where(known > _LEAST * max(float(known.max()), 1e-300), known, np.nan)


def memory_picture(layer: LayerDiagnosis, /, *, name: str, dependence: int | None) -> Picture:
    """Draw how the influence of a state falls with the steps since."""
    memory = layer.memory
    curves = [("all states", memory.gains)]
    curves += memory.by_state[:3] if len(memory.by_state) > 1 else []
    keys = [Key(name, colour) for (name, _), colour in zip(curves, _SERIES, strict=False)]

    def draw(axes: Axes) -> None:
        for (_, gains), colour in zip(curves, _SERIES, strict=False):
            axes.plot(np.arange(len(gains)), _positive(gains), color=sentinel(colour), linewidth=1.6)
        axes.axhline(FAINT, color=sentinel("muted"), linestyle="--", linewidth=1)
        if dependence is not None and dependence <= memory.lags:
            axes.axvline(dependence, color=sentinel("muted"), linestyle=":", linewidth=1.4)
        log_scale(axes, of="y")
        label_steps(axes, x="steps back, k", y="d state(t) / d state(t-k), logarithmic")

    horizon = memory.horizon
    said = f"Under 1 % after {horizon} steps." if horizon else f"Over 1 % for all {memory.lags} steps."
    extra = [Key("1 %", "muted", "dashed")]
    if dependence is not None and dependence <= memory.lags:
        extra.append(Key("what the data need", "muted", "dotted"))
    return picture(
        draw, title=f"Memory, {name}",
        caption=f"{said} Root mean square of the singular values of the product of the steps' Jacobians.",
        description=f"Line chart of the influence of earlier states. {said}", keys=(*keys, *extra),
    )  # fmt: skip


def bands_picture(layer: LayerDiagnosis, /, *, name: str) -> Picture:
    """Draw the singular values of the steps' Jacobians over time."""
    bands = layer.bands
    steps = bands.steps.numpy()

    def draw(axes: Axes) -> None:
        colour = sentinel("series-1")
        outer, inner = (bands.smallest, bands.largest), (bands.lower, bands.upper)
        for (low, high), alpha in ((outer, 0.18), (inner, 0.3)):
            axes.fill_between(steps, low.numpy(), high.numpy(), color=colour, alpha=alpha, linewidth=0)
        axes.plot(steps, bands.median.numpy(), color=colour, linewidth=1.6)
        axes.axhline(1.0, color=sentinel("muted"), linestyle="--", linewidth=1)
        axes.set_ylim(bottom=0)
        label_steps(axes, x="steps run before", y="singular values of the Jacobian")

    top, middle = float(bands.largest.max()), float(bands.median.median())
    growth = float(layer.memory.exponents[0].clamp(-50, 50).exp())
    return picture(
        draw, title=f"Singular values of a step, {name}",
        caption=f"Largest {plain(top, digits=3)}, median {plain(middle, digits=3)}; over many steps together the "
        f"strongest direction is multiplied by {plain(growth, digits=3)} a step.",
        description="Bands of the singular values of the Jacobian of a step by time: the middle half, and all.",
        keys=(Key("median", "series-1"), Key("half and all of them", "series-1", "area"), Key("1", "muted", "dashed")),
    )  # fmt: skip


def gates_picture(title: str, found: Sequence[Gate], /) -> Picture:
    """Draw the histograms of up to four gates with the same range."""
    low, high = found[0].edges
    edges = np.linspace(low, high, BINS + 1)

    def draw(axes: Axes) -> None:
        for gate, colour in zip(found, _SERIES, strict=False):
            axes.stairs(gate.histogram.numpy(), edges, color=sentinel(colour), linewidth=1.6)
        axes.set_ylim(bottom=0)
        label_axes(axes, x="value", y="share of values")

    said = ", ".join(f"{gate.name} {100 * gate.saturated:.0f} %" for gate in found)
    return picture(
        draw, title=title, caption=f"At an end of the range: {said}.",
        description=f"Histograms of gate values. At an end of the range: {said}.",
        keys=tuple(Key(gate.name, colour) for gate, colour in zip(found, _SERIES, strict=False)),
    )  # fmt: skip


def distance_picture(curves: Sequence[FlowCurve], /, *, names: Mapping[Place, str]) -> Picture:
    """Draw how the gradient of the last step falls or grows on its way back."""

    def draw(axes: Axes) -> None:
        for curve, colour in zip(curves, _SERIES, strict=False):
            axes.plot(np.arange(len(curve.norms)), _positive(curve.norms), color=sentinel(colour), linewidth=1.6)
        log_scale(axes, of="y")
        label_steps(axes, x="steps before the last", y="norm of the gradient, logarithmic")

    labels = [f"{curve.name}, {names[curve.place]}" for curve in curves[: len(_SERIES)]]
    return picture(
        draw, title="Gradient back through time",
        caption="What comes back of the gradient that the loss has at the last step: the norm by a state so many steps "
        "before it. A line that falls steeply to the right is a gradient that vanishes, one that rises explodes.",
        description="Line chart of the norm of the last step's gradient by the distance that it came back.",
        keys=tuple(Key(label, colour) for label, colour in zip(labels, _SERIES, strict=False)),
    )  # fmt: skip


def history_picture(history: Sequence[tuple[int, float]], /, *, in_use: int | None) -> Picture:
    """Draw the loss with histories of different lengths."""

    def draw(axes: Axes) -> None:
        steps, losses = zip(*history, strict=True)
        axes.plot(steps, losses, color=sentinel("series-1"), marker="o", markersize=4, linewidth=1.6)
        log_scale(axes, of="x")
        label_axes(axes, x="steps of history, logarithmic", y="loss")

    said = f"{in_use} steps of history give all but 1 % of what all of it gives." if in_use else (
        "No history makes the loss smaller.")  # fmt: skip
    return picture(
        draw, title="History in use", caption=f"{said} The loss where each step has had so many steps, itself counted.",
        description=f"Line chart of the loss by the length of history. {said}",
    )  # fmt: skip
