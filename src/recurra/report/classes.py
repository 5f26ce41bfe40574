"""How well classes are told apart: counts, scores and confusions as tables, curves, attention, entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from recurra.errors import InputError
from recurra.report.blocks import Bar, Heat, HeatCell, Table, bars
from recurra.report.drawing import label_axes, picture
from recurra.report.numbers import check_as_many, counted, percent, shortened
from recurra.report.svg import Key, Picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "attention_picture",
    "calibration_picture",
    "class_counts",
    "class_scores",
    "confusion_heat",
    "entity_scores",
    "frequent_errors",
    "roc_picture",
]

_OTHERS = "others"
_LABEL = 28
"""Letters of a label in a table."""

_FEW = 6
"""Classes up to which a confusion matrix needs half of the page."""

_LINES = (
    ("series-1", "line", "-"),
    ("series-2", "dashed", "--"),
    ("series-3", "line", "-"),
    ("series-4", "dashed", "--"),
)
"""Colours and dashes of several curves, so that they are told apart without colour."""

_POINTS = 200


def class_counts(labels: Sequence[str], counts: np.ndarray, /, *, title: str = "Classes", most: int = 30) -> Table:
    """List how many examples (classes,) each class has, the largest first; the rest are added up."""
    check_as_many(labels=labels, counts=counts)
    order: list[int] = np.argsort(-counts, kind="stable").tolist()
    names = [shortened(labels[row], most=_LABEL) for row in order[:most]]
    numbers = counts[order[:most]].tolist()
    if len(labels) > most:
        names.append(f"{len(labels) - most} {_OTHERS}")
        numbers.append(int(counts[order[most:]].sum()))
    total = max(1, int(counts.sum()))
    rows = zip(names, bars(np.array(numbers)), (percent(number / total) for number in numbers), strict=True)
    return Table(
        title=title,
        header=("class", "examples", "share"),
        rows=tuple(rows),
        caption=f"{counted(int(counts.sum()), 'example')}. Always to say the most frequent class would be right for "
        f"{percent(float(counts.max(initial=0)) / total)}.",
        width="half",
    )


def class_scores(confusion: np.ndarray, labels: Sequence[str], /) -> Table:
    """List precision, recall and F1 of each class.

    Parameters
    ----------
    confusion
        (classes, classes) counts, truth down and prediction across.
    labels
        The classes' names.

    Raises
    ------
    InputError
        If the matrix is not square, or there are not as many labels.
    """
    _check_square(confusion, labels)
    hits, found, there = np.diag(confusion), confusion.sum(0), confusion.sum(1)
    precision, recall = _divided(hits, found), _divided(hits, there)
    f1 = _divided(2 * hits, found + there)
    rows = [
        (shortened(label, most=_LABEL), *(_share(score[row]) for score in (precision, recall)), bar, f"{there[row]:,}")
        for row, (label, bar) in enumerate(zip(labels, _score_bars(f1), strict=True))
    ]
    return Table(
        title="Each class",
        header=("class", "precision", "recall", "F1", "examples"),
        rows=tuple(rows),
        caption="Precision: of those predicted to be of the class, the share that is. Recall: of those that are, the "
        "share that was found. F1: the harmonic mean of both.",
    )


def confusion_heat(
    confusion: np.ndarray, labels: Sequence[str], /, *, title: str = "Confusion matrix", most: int = 30
) -> Heat:
    """Draw which class is taken for which.

    Parameters
    ----------
    confusion
        (classes, classes) counts, truth down and prediction across.
    labels
        The classes' names.
    title
        Above it.
    most
        Classes that are shown; the least frequent of more are added up.

    Raises
    ------
    InputError
        If the matrix is not square, or there are not as many labels.
    """
    _check_square(confusion, labels)
    counts, names = _gathered(confusion, [shortened(label, most=_LABEL) for label in labels], most)
    shares = _divided(counts, counts.sum(1, keepdims=True))
    return Heat(
        title=title,
        caption=_confusion_caption(counts, names),
        down="truth",
        across="prediction",
        rows=tuple(names),
        columns=tuple(names),
        cells=tuple(
            tuple(HeatCell(f"{count:,}", _share_text(share), float(np.nan_to_num(share))) for count, share in row)
            for row in (zip(*pair, strict=True) for pair in zip(counts.tolist(), shares.tolist(), strict=True))
        ),
        width="half" if len(names) <= _FEW else "full",
    )


def _check_square(confusion: np.ndarray, labels: Sequence[str]) -> None:
    if confusion.shape != (len(labels), len(labels)):
        raise InputError(f"a confusion matrix {confusion.shape} of {len(labels)} classes; expected it square")


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return a quotient, NaN where nothing is divided by nothing."""
    return above / np.where(below == 0, np.nan, below)


def _gathered(confusion: np.ndarray, names: list[str], most: int) -> tuple[np.ndarray, list[str]]:
    """Return the matrix with the least frequent classes as one."""
    if len(names) <= most:
        return confusion, names
    order = np.argsort(-confusion.sum(1), kind="stable")
    kept, rest = sorted(order[: most - 1].tolist()), sorted(order[most - 1 :].tolist())
    groups = [[row] for row in kept] + [rest]
    counts = np.array([[confusion[np.ix_(down, across)].sum() for across in groups] for down in groups])
    return counts, [*(names[row] for row in kept), f"{len(rest)} {_OTHERS}"]


def _confusion_caption(counts: np.ndarray, names: list[str]) -> str:
    wrong = counts - np.diag(np.diag(counts))
    base = "Each row is a true class; the shade is the share of the row that a cell has."
    if not wrong.any():
        return f"{base} Nothing is confused."
    down, across = np.unravel_index(int(wrong.argmax()), wrong.shape)
    times = counted(int(wrong.max()), "time")
    return f"{base} The most frequent error: {names[down]} taken for {names[across]}, {times}."


def _share_text(share: float) -> str:
    if np.isnan(share) or share == 0:
        return ""
    return "<1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _share(score: float) -> str:
    return "–" if np.isnan(score) else f"{score:.3f}"


def _score_bars(scores: np.ndarray) -> list[Bar]:
    return [Bar(_share(score), float(np.nan_to_num(score))) for score in scores]


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


def entity_scores(scores: Mapping[str, Mapping[str, Any]], /) -> Table:
    """List precision, recall and F1 of each type of entity.

    Parameters
    ----------
    scores
        Type -> "precision", "recall", "f1", from 0 to 1, and "there" and "found", how many there are and were found.
    """
    ordered = sorted(scores.items(), key=lambda item: -item[1]["there"])
    rows = [
        (
            shortened(kind, most=28),
            f"{each['precision']:.3f}",
            f"{each['recall']:.3f}",
            Bar(f"{each['f1']:.3f}", each["f1"]),
            f"{each['there']:,}",
            f"{each['found']:,}",
        )
        for kind, each in ordered
    ]
    return Table(
        title="Each type of entity",
        header=("type", "precision", "recall", "F1", "there", "found"),
        rows=tuple(rows),
        caption="An entity is right if its type, its first and its last token are. Precision: of those found, the "
        "share that is right. Recall: of those there, the share that is found.",
    )


def frequent_errors(errors: Iterable[tuple[str, str, str]], /, *, most: int = 15) -> Table:
    """List the words that have the wrong tag most often; each error is a word, its true tag, and the one found."""
    counts = Counter(errors)
    count = counts.total()
    chosen = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    rows = zip(
        (shortened(word, most=28) for (word, _, _), _ in chosen),
        (true for (_, true, _), _ in chosen),
        (found for (_, _, found), _ in chosen),
        bars(np.array([count for _, count in chosen])),
        strict=True,
    )
    return Table(
        title="The most frequent errors",
        header=("word", "truth", "prediction", "times"),
        rows=tuple(rows),
        caption=f"{counted(count, 'token')} {'has' if count == 1 else 'have'} the wrong tag; here are the errors that "
        "are made most often.",
    )
