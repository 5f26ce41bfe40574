"""A classifier in pictures: ROC curves, calibration, and where it looked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recurra.errors import InputError
from recurra.report.checks import check_as_many
from recurra.report.drawing import label_axes, picture
from recurra.report.numbers import shortened
from recurra.report.palette import sentinel
from recurra.report.picture import Key, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["attention_picture", "calibration_picture", "roc_picture"]

_LINES = (
    ("series-1", "line", "-"),
    ("series-2", "dashed", "--"),
    ("series-3", "line", "-"),
    ("series-4", "dashed", "--"),
)
"""Colours and dashes of several curves, so that they are told apart without colour."""

_POINTS = 200


def roc_picture(scores: np.ndarray, truth: np.ndarray, labels: Sequence[str], /) -> Picture:
    """Draw ROC curves: of two classes the second's, of more the four most frequent ones', each against the rest.

    Parameters
    ----------
    scores
        (examples, classes) probabilities.
    truth
        (examples,) the numbers of the true classes.
    labels
        The classes' names.

    Raises
    ------
    InputError
        If shapes do not fit.
    """
    if scores.shape != (len(truth), len(labels)):
        raise InputError(f"scores {scores.shape}; expected ({len(truth)}, {len(labels)}), examples and classes")
    curves = {row: _roc(scores[:, row], truth == row) for row in _shown(truth, len(labels))}
    named = [(labels[row], *curve) for row, curve in curves.items() if curve is not None]

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=sentinel("muted"), linestyle=":", linewidth=1.2)
        for (_, false_rate, true_rate, _), (colour, _, style) in zip(named, _LINES, strict=False):
            axes.plot(false_rate, true_rate, color=sentinel(colour), linestyle=style)
        axes.set(xlim=(-0.01, 1.01), ylim=(0, 1.03))
        label_axes(axes, x="share of the others taken for the class", y="share of the class that is found")

    areas = ", ".join(f"{shortened(label, most=24)} {area:.3f}" for label, *_, area in named)
    return picture(
        draw,
        title="ROC curves" if len(named) > 1 else "ROC curve",
        caption=f"Area under the curve: {areas}; 0.5 is chance, 1 is perfect." if named else "There is but one class.",
        description=f"ROC curves. Areas: {areas}.",
        keys=(
            *(
                Key(shortened(label, most=24), colour, "dashed" if mark == "dashed" else "line")
                for (label, *_), (colour, mark, _) in zip(named, _LINES, strict=False)
            ),
            Key("chance", "muted", "dotted"),
        ),
    )


def calibration_picture(confidence: np.ndarray, is_right: np.ndarray, /, *, bins: int = 10) -> Picture:
    """Draw how often predictions (examples,) of a confidence are right; well calibrated, both are the same."""
    check_as_many(confidence=confidence, is_right=is_right)
    place = np.clip((confidence * bins).astype(int), 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    filled = np.flatnonzero(counts)
    said = np.bincount(place, weights=confidence, minlength=bins)[filled] / counts[filled]
    right = np.bincount(place, weights=is_right, minlength=bins)[filled] / counts[filled]
    error = float(np.sum(np.abs(said - right) * counts[filled]) / max(1, counts.sum()))

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=sentinel("muted"), linestyle=":", linewidth=1.2)
        axes.plot(said, right, color=sentinel("series-1"), marker="o", markersize=5)
        axes.set(xlim=(-0.01, 1.01), ylim=(0, 1.03))
        label_axes(axes, x="confidence of the prediction", y="share that is right")

    return picture(
        draw,
        title="Calibration",
        caption=f"Below the dotted line the model is too sure. Expected calibration error: {error:.3f}.",
        description=f"Line chart of the share of right predictions by confidence. Calibration error {error:.3f}.",
        keys=(Key("predictions", "series-1"), Key("perfect", "muted", "dotted")),
    )


def attention_picture(values: np.ndarray, weights: np.ndarray, /, *, title: str, time: str = "step") -> Picture:
    """Draw a numeric sequence (steps,) with its attention weights (steps,) as bars from below.

    Parameters
    ----------
    values, weights
        One channel of the sequence, and the weights, which add up to 1.
    title
        Which sequence it is, with its class.
    time
        The name of the axis, with its unit.
    """
    check_as_many(values=values, weights=weights)
    steps = np.arange(len(values))

    def draw(axes: Axes) -> None:
        behind = axes.twinx()
        behind.bar(steps, weights, width=1.0, color=sentinel("series-2"), alpha=0.4)
        behind.set(ylim=(0, 2 * max(float(np.max(weights, initial=0)), 1e-12)), yticks=[])
        behind.grid(False)
        axes.plot(steps, values, color=sentinel("series-1"))
        axes.set_zorder(behind.get_zorder() + 1)
        axes.patch.set_visible(False)
        label_axes(axes, x=time, y="value")

    top = int(np.argmax(weights)) if len(weights) else 0
    return picture(
        draw,
        title=title,
        caption=f"The bars show how much the model looked at each step; most at {top}.",
        description=f"Line chart of a sequence with attention weights below it, the largest at step {top}.",
        keys=(Key("sequence", "series-1"), Key("attention", "series-2", "area")),
    )


def _shown(truth: np.ndarray, classes: int) -> list[int]:
    if classes == 2:
        return [1]
    counts = np.bincount(truth, minlength=classes)
    return sorted(np.argsort(-counts, kind="stable")[: len(_LINES)].tolist())


def _roc(scores: np.ndarray, is_class: np.ndarray) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Return rates of false and true positives as the threshold falls, and the area; None if a side is empty."""
    if is_class.all() or not is_class.any():
        return None
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    true = np.append(0, np.cumsum(is_class[order])[last_of_ties]) / is_class.sum()
    false = np.append(0, np.cumsum(~is_class[order])[last_of_ties]) / (~is_class).sum()
    area = float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))
    kept = np.unique(np.linspace(0, len(true) - 1, _POINTS).astype(int))
    return false[kept], true[kept], area
