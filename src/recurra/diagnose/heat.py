"""The gradient over layers and time as a heat map."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.diagnose.flow import FlowCurve
from recurra.diagnose.places import Place
from recurra.report import Picture
from recurra.report.drawing import label_axes, picture
from recurra.report.numbers import plain
from recurra.report.palette import sentinel
from recurra.report.svg import CRISP

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DECADES", "course_picture", "heat_picture", "largest_norm", "shades"]

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
