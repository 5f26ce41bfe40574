"""How good a classifier is, beside always saying the most frequent class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torchmetrics.functional.classification import (
    binary_auroc,
    multiclass_confusion_matrix,
    multiclass_f1_score,
)

__all__ = ["Baseline", "Evaluation", "evaluate_probabilities"]

_DIGITS = 7
"""Decimals of what torchmetrics gives in float32."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What it gives to say always the class that is most frequent in the training part."""

    label: str
    accuracy: float
    macro_f1: float


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
    """

    sequences: int
    loss: float
    accuracy: float
    macro_f1: float
    roc_auc: float | None
    classes: list[str]
    confusion: list[list[int]]
    baseline: Baseline


def evaluate_probabilities(
    probabilities: np.ndarray, labels: np.ndarray, /, *, classes: tuple[str, ...], frequent: int
) -> Evaluation:
    """Score probabilities (count, classes) of labels (count,); `frequent` is the most frequent class in training."""
    scores, truth = torch.from_numpy(probabilities), torch.from_numpy(labels)
    always = torch.full_like(truth, frequent)
    count = len(classes)
    chosen = probabilities[np.arange(len(labels)), labels]
    return Evaluation(
        sequences=len(labels),
        loss=float(-np.log(np.maximum(chosen, np.finfo(np.float64).tiny)).mean()),
        accuracy=_accuracy(scores.argmax(1), truth),
        macro_f1=_macro_f1(scores.argmax(1), truth, count),
        roc_auc=_roc_auc(scores, truth),
        classes=list(classes),
        confusion=multiclass_confusion_matrix(scores.argmax(1), truth, count).tolist(),
        baseline=Baseline(
            label=classes[frequent],
            accuracy=_accuracy(always, truth),
            macro_f1=_macro_f1(always, truth, count),
        ),
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
