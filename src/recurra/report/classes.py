"""Classes in tables: how many of each there are, how well each is found, which is taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recurra.errors import InputError
from recurra.report.checks import check_as_many
from recurra.report.numbers import counted, percent, shortened
from recurra.report.shares import bars
from recurra.report.table import Bar, Heat, HeatCell, Table

__all__ = ["class_counts", "class_scores", "confusion_heat"]

_OTHERS = "others"
_LABEL = 28
"""Letters of a label in a table."""


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


_FEW = 6
"""Classes up to which a confusion matrix needs half of the page."""


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
