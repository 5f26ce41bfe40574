"""Pictures of a diagnosis: memory, singular values, gates, history, and gradients by layer and step as a heat map."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from recurra.diagnose.connectivity import Connectivity
from recurra.diagnose.flow import FlowCurve
from recurra.diagnose.gates import BINS, Gate
from recurra.diagnose.jacobian import FAINT
from recurra.diagnose.layer import LayerDiagnosis
from recurra.diagnose.layer_names import Place
from recurra.report import Key, Picture, label_axes, label_steps, log_scale, picture, plain, sentinel
from recurra.report.svg import CRISP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "DECADES", "bands_picture", "connectivity_picture", "course_picture", "distance_picture", "gates_picture",
    "heat_picture", "history_picture", "largest_norm", "memory_picture", "shades",
]  # fmt: skip

_NAMES = 48
"""Names along an axis."""
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


DECADES = 6
"""Powers of ten from the darkest to white."""

_COLUMNS, _LINES = 60, 8


def shades(rows: Sequence[np.ndarray], /) -> np.ndarray:
    """Return (rows, columns) from 0 to 1: 1 the largest norm of all, 0 six powers of ten below; NaN for no step.

    Parameters
    ----------
    rows
        Norms (steps,) each.
    """
    table, largest = _binned(rows), largest_norm(rows)
    if not largest > 0:
        return np.where(np.isnan(table), np.nan, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(1 + np.log10(table / largest) / DECADES, 0, 1)


def largest_norm(rows: Sequence[np.ndarray], /) -> float:
    """Return the norm that has the fullest colour: the largest of those that are drawn, 0 where there is none."""
    table = _binned(rows)
    return float(np.max(table[np.isfinite(table)], initial=0.0))


def _binned(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Return (rows, columns): the root mean square of the steps of a column."""
    longest = max(map(len, rows))
    columns = min(longest, _COLUMNS)
    edges = np.linspace(0, longest, columns + 1).astype(int)
    table = np.full((len(rows), columns), np.nan)
    for row, norms in enumerate(rows):
        for column, (begin, end) in enumerate(itertools.pairwise(edges)):
            if begin < len(norms):
                table[row, column] = np.sqrt(np.mean(norms[begin:end] ** 2))
    return table


def heat_picture(curves: Sequence[FlowCurve], /, *, names: Mapping[Place, str]) -> Picture:
    """Draw how long the loss's gradient is at each step of each state, darker for longer."""
    rows = {f"{curve.name}, {names[curve.place]}": curve.norms.numpy() for curve in curves}
    return _heat(
        rows, x="step", title="Gradient over layers and time", to="each state at each step",
        description="Heat map of gradient norms: a row for each state of each layer, time to the right.",
    )  # fmt: skip


def connectivity_picture(found: Connectivity, /) -> Picture:
    """Draw how much each output depends on each step of the input, each row beside its largest."""
    norms = found.norms.double().numpy()
    shares = norms / np.maximum(norms.max(1, keepdims=True), 1e-300)
    outputs, inputs = shares.shape

    def draw(axes: Axes) -> None:
        _draw_cells(axes, shares, inputs)
        for set_ticks, names in ((axes.set_xticks, found.inputs), (axes.set_yticks, found.outputs)):
            each = -(-len(names) // _NAMES)
            set_ticks(np.arange(0, len(names), each) + 0.5, [shown(name) for name in names[::each]])
        axes.tick_params(axis="x", rotation=90 if max(map(len, found.inputs)) > 2 else 0)
        axes.set_ylim(outputs, 0)
        axes.set_xlim(0, inputs)
        axes.grid(visible=False)
        label_axes(axes, x="step of the input", y="output")

    return picture(
        draw, title="What an output depends on",
        caption="The norm of the gradient of each output (a row) by the input of each step, beside the row's largest.",
        description="Heat map of the gradient of each output by each step of the input.", is_full=True,
    )  # fmt: skip


def shown(name: str, /) -> str:
    """Return a name with its spaces and line ends to be seen."""
    return name.replace("\n", "↵").replace(" ", "␣").replace("$", r"\$")


def course_picture(diagnoses: Sequence[Mapping[str, Any]], /) -> Picture:
    """Draw how what comes back from the last step changed while a model learned, for the state that comes first.

    Parameters
    ----------
    diagnoses
        See `recurra.training.history.History`; at least one with a gradient.
    """
    seen = [each for each in diagnoses if each["gradient"]]
    chosen = [seen[k] for k in np.unique(np.linspace(0, len(seen) - 1, min(len(seen), _LINES)).round().astype(int))]
    first = chosen[0]["gradient"][0]
    rows = {f"step {each['step']}": _filled(each["gradient"][0]) for each in chosen}
    return _heat(
        rows, x="steps before the last", title="Gradient through time while it learned",
        to=f"{first['name']} of {first['layer']}, as it comes back from the last step, at some training steps",
        description="Heat map of gradient norms: a row for each training step, distance from the end to the right.",
    )  # fmt: skip


def _filled(curve: Mapping[str, Any]) -> np.ndarray:
    """Return the norm (steps,) at every step of a thinned curve: that of the nearest one before."""
    steps = np.array(curve["steps"])
    norms = np.array([np.nan if each is None else each for each in curve["norms"]])
    return norms[np.searchsorted(steps, np.arange(steps[-1] + 1), side="right") - 1]


def _heat(rows: Mapping[str, np.ndarray], *, x: str, title: str, to: str, description: str) -> Picture:
    table, longest = shades(list(rows.values())), max(map(len, rows.values()))
    largest = largest_norm(list(rows.values()))

    def draw(axes: Axes) -> None:
        _draw_scale(axes, largest)
        _draw_cells(axes, table, longest)
        axes.set_yticks(np.arange(len(rows)) + 0.5, list(rows))
        axes.set_ylim(len(rows), 0)
        axes.set_xlim(0, longest)
        axes.grid(visible=False)
        label_axes(axes, x=x, y="")

    caption = (
        f"The norm of the loss's gradient by {to}. The fullest colour is the largest, {plain(largest, digits=3)}; a "
        f"sixth less of it is a power of ten less, none is {plain(largest * 10.0**-DECADES, digits=3)} or less."
    )
    return picture(draw, title=title, caption=caption, description=description, is_full=True)


def _draw_cells(axes: Axes, table: np.ndarray, longest: int) -> None:
    """Draw a rectangle for each cell, with the shade as opacity: one colour then serves the light and dark page."""
    from matplotlib.patches import Rectangle

    width = longest / table.shape[1]
    for (row, column), shade in np.ndenumerate(table):
        if shade > 0.01:
            cell = Rectangle((column * width, row + 0.06), width, 0.88, linewidth=0, gid=CRISP)
            cell.set_facecolor(sentinel("series-1"))
            cell.set_alpha(round(float(shade), 2))
            axes.add_patch(cell)


def _draw_scale(axes: Axes, largest: float) -> None:
    """Draw which shade is which norm, a step for each power of ten, above the map."""
    from matplotlib.patches import Rectangle

    scale = axes.inset_axes((0.4, 1.06, 0.4, 0.07))
    scale.set_axis_off()
    scale.set_xlim(0, DECADES + 1)
    scale.set_ylim(0, 1)
    scale.add_patch(Rectangle((0, 0), DECADES + 1, 1, fill=False, edgecolor=sentinel("muted"), linewidth=0.6))
    for power in range(DECADES + 1):
        cell = Rectangle((power, 0), 1, 1, linewidth=0, gid=CRISP)
        cell.set_facecolor(sentinel("series-1"))
        cell.set_alpha(round(power / DECADES, 2))
        scale.add_patch(cell)
    for at, norm, side in ((-0.15, largest * 10.0**-DECADES, "right"), (DECADES + 1.15, largest, "left")):
        scale.text(at, 0.5, plain(norm, digits=2), ha=side, va="center", color=sentinel("muted"))
