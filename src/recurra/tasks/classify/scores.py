"""How good a classifier is, beside its parts, a linear classifier and the most frequent class; scores as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars

from recurra.report.numbers import MISSING
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.scores import Listing, ScoreTable, three_decimals

__all__ = [
    "Baseline", "ClassifyEvaluation", "PartScores", "evaluate_probabilities", "listed", "network_name",
    "never_predicted", "part_scores", "score_table",
]  # fmt: skip

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
    """The scores of something else on the same sequences; see `ClassifyEvaluation`."""

    name: str
    accuracy: float
    macro_f1: float
    roc_auc: float | None
    loss: float


@dataclass(frozen=True, kw_only=True)
class ClassifyEvaluation:
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
) -> ClassifyEvaluation:
    """Score probabilities (count, classes) of labels (count,); `frequent` is the most frequent class in training."""
    always = _confusion(np.full_like(labels, frequent), labels, len(classes))
    confusion = _confusion(probabilities.argmax(1), labels, len(classes))
    is_missed = (confusion.sum(1) > 0) & (confusion.sum(0) == 0)
    own = part_scores("", probabilities, labels)
    return ClassifyEvaluation(
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


_MISSED = 5
"""Classes that are named of those that were never predicted."""


def score_table(evaluation: Mapping[str, Any], /, *, options: ClassifyOptions) -> ScoreTable:
    """Return a `ClassifyEvaluation`, as a dictionary, as a table."""
    baseline, columns = evaluation["baseline"], ("accuracy", "macro_f1", "roc_auc", "loss")
    network, ngrams, linear = (evaluation.get(part) for part in ("network", "ngrams", "linear"))
    name = network_name(options)
    rows = [(f"{name}, with n-grams" if network else name, *_texts(evaluation, *columns))]
    rows += [(f"{each['name']}, alone", *_texts(each, *columns)) for each in (network, ngrams) if each]
    rows += [(f"baseline: {each['name']}", *_texts(each, *columns)) for each in (linear,) if each]
    return ScoreTable(
        title=f"Scores on {evaluation['sequences']:,} sequences of {len(evaluation['classes'])} classes",
        columns=("classifier", "accuracy", "macro F1", "ROC AUC", "loss"),
        rows=(
            *rows,
            (f"always {baseline['label']!r}", *_texts(baseline, "accuracy", "macro_f1"), "0.500", MISSING),
        ),
        caption="Accuracy: the share that is right. Macro F1: the mean over the classes of the harmonic mean of "
        "precision and recall. ROC AUC: the mean area under the curve of each class against the rest. Loss: the mean "
        "cross-entropy in nats." + never_predicted(evaluation),
    )


def network_name(options: ClassifyOptions, /) -> str:
    """Return the network in a few words: "BiLSTM, 64 wide"."""
    return f"{'Bi' if options.bidirectional else ''}{options.cell}, {options.hidden_size} wide"


def never_predicted(evaluation: Mapping[str, Any], /) -> str:
    """Return a sentence, after a space, on classes that were never predicted; nothing where there are none."""
    missed, confusion, classes = evaluation.get("never_predicted"), evaluation["confusion"], evaluation["classes"]
    if not missed:
        return ""
    counted = [f"{name!r} ({sum(confusion[classes.index(name)]):,})" for name in missed[:_MISSED]]
    more = f" and {len(missed) - _MISSED} more" if len(missed) > _MISSED else ""
    return (
        f" Never predicted, though there: {', '.join(counted)}{more}. class_weights = balanced makes rare classes "
        f"count as much as frequent ones, choose_by = macro_f1 keeps the weights that find them."
    )


def listed(predictions: polars.DataFrame, /, *, classes: Sequence[str]) -> Listing:
    """Return predictions for the command, with as many digits as float32 has."""
    return Listing(
        frame=predictions.with_columns(polars.col("probability").round_sig_figs(6)), extra={"classes": list(classes)}
    )


def _texts(scores: Mapping[str, Any], *names: str) -> list[str]:
    return [three_decimals(scores[name]) for name in names]
