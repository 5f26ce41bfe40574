"""How good a classifier is, beside its parts alone, a linear classifier, and the most frequent class."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torchmetrics.functional.classification import (
    binary_auroc,
    multiclass_confusion_matrix,
    multiclass_f1_score,
)

__all__ = ["Baseline", "Evaluation", "PartScores", "evaluate_probabilities", "part_scores"]

_DIGITS = 7
"""Decimals of what torchmetrics gives in float32."""


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
    scores, truth = torch.from_numpy(probabilities), torch.from_numpy(labels)
    always = torch.full_like(truth, frequent)
    count = len(classes)
    own = part_scores("", probabilities, labels)
    confusion = multiclass_confusion_matrix(scores.argmax(1), truth, count)
    is_missed = (confusion.sum(1) > 0) & (confusion.sum(0) == 0)
    return Evaluation(
        sequences=len(labels),
        loss=own.loss,
        accuracy=own.accuracy,
        macro_f1=own.macro_f1,
        roc_auc=own.roc_auc,
        classes=list(classes),
        confusion=confusion.tolist(),
        never_predicted=[classes[place] for place in is_missed.nonzero().flatten().tolist()],
        baseline=Baseline(
            label=classes[frequent],
            accuracy=_accuracy(always, truth),
            macro_f1=_macro_f1(always, truth, count),
        ),
    )


def part_scores(name: str, probabilities: np.ndarray, labels: np.ndarray, /) -> PartScores:
    """Score probabilities (count, classes) of labels (count,) under a name."""
    scores, truth = torch.from_numpy(probabilities), torch.from_numpy(labels)
    chosen = probabilities[np.arange(len(labels)), labels]
    return PartScores(
        name=name,
        accuracy=_accuracy(scores.argmax(1), truth),
        macro_f1=_macro_f1(scores.argmax(1), truth, scores.shape[1]),
        roc_auc=_roc_auc(scores, truth),
        loss=float(-np.log(np.maximum(chosen, np.finfo(np.float64).tiny)).mean()),
    )


def _accuracy(predicted: torch.Tensor, truth: torch.Tensor) -> float:
    return float((predicted == truth).double().mean())


def _macro_f1(predicted: torch.Tensor, truth: torch.Tensor, classes: int) -> float:
    return round(float(multiclass_f1_score(predicted, truth, classes, average="macro")), _DIGITS)


def _roc_auc(scores: torch.Tensor, truth: torch.Tensor) -> float | None:
    """Return the mean area over the classes that are there; of two classes both areas are the same."""
    there = [place for place in range(scores.shape[1]) if 0 < int((truth == place).sum()) < len(truth)]
    areas = [float(binary_auroc(scores[:, place], (truth == place).long())) for place in there]
    return round(sum(areas) / len(areas), _DIGITS) if areas else None
