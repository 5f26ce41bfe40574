"""The gradient over layers and time as a heat map."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recurra.diagnose.flow import FlowCurve
from recurra.report import Picture
from recurra.report.drawing import label_axes, picture
from recurra.report.palette import sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DECADES", "heat_picture", "shades"]

DECADES = 6
"""Powers of ten from the darkest to white."""

_COLUMNS = 60


def shades(curves: Sequence[FlowCurve], /) -> np.ndarray:
    """Return (curves, columns) from 0 to 1: 1 the largest norm of all, 0 six powers of ten below; NaN for no step."""
    longest = max(len(curve.norms) for curve in curves)
    columns = min(longest, _COLUMNS)
    edges = np.linspace(0, longest, columns + 1).astype(int)
    table = np.full((len(curves), columns), np.nan)
    for row, curve in enumerate(curves):
        norms = curve.norms.numpy()
        for column, (begin, end) in enumerate(itertools.pairwise(edges)):
            if begin < len(norms):
                table[row, column] = np.sqrt(np.mean(norms[begin:end] ** 2))
    largest = np.nanmax(table)
    if not largest > 0:
        return np.where(np.isnan(table), np.nan, 0.0)
    with np.errstate(divide="ignore"):
        return np.clip(1 + np.log10(table / largest) / DECADES, 0, 1)


def heat_picture(curves: Sequence[FlowCurve], /) -> Picture:
    """Draw how long the loss's gradient is at each step of each state, darker for longer."""
    table = shades(curves)
    longest = max(len(curve.norms) for curve in curves)
    names = [f"{curve.name}  {curve.place}" for curve in curves]

    def draw(axes: Axes) -> None:
        _draw_cells(axes, table, longest)
        axes.set_yticks(np.arange(len(names)) + 0.5, names)
        axes.set_ylim(len(names), 0)
        axes.set_xlim(0, longest)
        axes.grid(visible=False)
        label_axes(axes, x="step", y="")

    return picture(
        draw, title="Gradient over layers and time",
        caption=f"The norm of the loss's gradient by each state at each step: the darkest is the largest, white is "
        f"{DECADES} powers of ten less or nothing.",
        description="Heat map of gradient norms: a row for each state of each layer, time to the right.",
        is_full=True,
    )  # fmt: skip


def _draw_cells(axes: Axes, table: np.ndarray, longest: int) -> None:
    """Draw a rectangle for each cell, with the shade as opacity: one colour then serves the light and dark page."""
    from matplotlib.patches import Rectangle

    width = longest / table.shape[1]
    for (row, column), shade in np.ndenumerate(table):
        if shade > 0.01:
            cell = Rectangle((column * width, row + 0.06), width, 0.88, linewidth=0)
            cell.set_facecolor(sentinel("series-1"))
            cell.set_alpha(round(float(shade), 2))
            axes.add_patch(cell)
