"""How good a classifier is, beside its parts alone, a linear classifier, and the most frequent class."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

__all__ = ["Baseline", "Evaluation", "PartScores", "evaluate_probabilities", "part_scores"]

_DIGITS = 7
"""Decimals of the macro F1 and of the area under the curve."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What it gives to say always the class that is most frequent in the training part."""

    label: str
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, kw_only=True)
class PartScores:
    """The scores of something else on the same sequences; see `Evaluation`."""

    name: str
    accuracy: float
    macro_f1: float
    roc_auc: float | None
    loss: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The scores of a classifier on labelled sequences.

    Attributes
    ----------
    sequences
        How many there were.
    loss
        The mean cross-entropy, in nats.
    accuracy
        The share that is right.
    macro_f1
        The mean over the classes of the harmonic mean of precision and recall.
    roc_auc
        The mean over the classes of the area under the curve of each against the rest; None where there is but one
        class.
    classes, confusion
        The classes, and how many of each (down) were taken for which (across).
    baseline
        The most frequent class.
    never_predicted
        The classes that are there and were predicted of no sequence.
    linear
        The linear classifier: TF-IDF of n-grams for texts, resampled values for series. None where there is none.
    network, ngrams
        The recurrent network alone and the n-grams alone, where they are mixed; else None.
    """

    sequences: int
    loss: float
    accuracy: float
    macro_f1: float
    roc_auc: float | None
    classes: list[str]
    confusion: list[list[int]]
    baseline: Baseline
    never_predicted: list[str] = field(default_factory=list)
    linear: PartScores | None = None
    network: PartScores | None = None
    ngrams: PartScores | None = None


def evaluate_probabilities(
    probabilities: np.ndarray, labels: np.ndarray, /, *, classes: tuple[str, ...], frequent: int
) -> Evaluation:
    """Score probabilities (count, classes) of labels (count,); `frequent` is the most frequent class in training."""
    always = _confusion(np.full_like(labels, frequent), labels, len(classes))
    confusion = _confusion(probabilities.argmax(1), labels, len(classes))
    is_missed = (confusion.sum(1) > 0) & (confusion.sum(0) == 0)
    own = part_scores("", probabilities, labels)
    return Evaluation(
        sequences=len(labels),
        loss=own.loss,
        accuracy=own.accuracy,
        macro_f1=own.macro_f1,
        roc_auc=own.roc_auc,
        classes=list(classes),
        confusion=confusion.tolist(),
        never_predicted=[classes[place] for place in is_missed.nonzero()[0]],
        baseline=Baseline(label=classes[frequent], accuracy=_accuracy(always), macro_f1=_macro_f1(always)),
    )


def part_scores(name: str, probabilities: np.ndarray, labels: np.ndarray, /) -> PartScores:
    """Score probabilities (count, classes) of labels (count,) under a name."""
    confusion = _confusion(probabilities.argmax(1), labels, probabilities.shape[1])
    chosen = probabilities[np.arange(len(labels)), labels]
    return PartScores(
        name=name,
        accuracy=_accuracy(confusion),
        macro_f1=_macro_f1(confusion),
        roc_auc=_roc_auc(probabilities, labels),
        loss=float(-np.log(np.maximum(chosen, np.finfo(np.float64).tiny)).mean()),
    )


def _confusion(predicted: np.ndarray, truth: np.ndarray, classes: int) -> np.ndarray:
    """Return how many of each class (down) were taken for which (across)."""
    return np.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes)


def _accuracy(confusion: np.ndarray) -> float:
    return float(np.trace(confusion) / confusion.sum())


def _macro_f1(confusion: np.ndarray) -> float:
    """Return the mean over the classes that are there or were found."""
    either = confusion.sum(0) + confusion.sum(1)
    return round(float((2 * np.diagonal(confusion)[either > 0] / either[either > 0]).mean()), _DIGITS)


def _roc_auc(scores: np.ndarray, truth: np.ndarray) -> float | None:
    """Return the mean area over the classes that are there; of two classes both areas are the same."""
    there = [place for place in range(scores.shape[1]) if 0 < (truth == place).sum() < len(truth)]
    areas = [_area(scores[:, place], truth == place) for place in there]
    return round(sum(areas) / len(areas), _DIGITS) if areas else None


def _area(scores: np.ndarray, is_there: np.ndarray) -> float:
    """Return the area under the curve: how often one of the class has a larger score than another, ties half.

    By the ranks of Mann & Whitney (1947), in which equal scores share their mean rank.
    """
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    count = int(is_there.sum())
    return float((ranks[is_there].sum() - count * (count + 1) / 2) / (count * (len(scores) - count)))
