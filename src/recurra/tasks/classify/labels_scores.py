"""How good a classifier of any number of labels is: F1 over all and by label, sets that are right; as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.classify.scores import network_name
from recurra.tasks.scores import ScoreTable, three_decimals

__all__ = ["LabelScores", "LabelsEvaluation", "LabelsPart", "best_thresholds", "evaluate_labels", "labels_table"]

_GRID = np.linspace(0.05, 0.95, 19)
"""The thresholds that are tried."""

_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, kw_only=True)
class LabelsPart:
    """The scores of something on the same sequences; see `LabelsEvaluation`. No loss without probabilities."""

    name: str
    micro_f1: float
    macro_f1: float
    exact: float
    loss: float | None


@dataclass(frozen=True, kw_only=True)
class LabelScores:
    """One label: how often it is there and was found, how well, from which probability on; the baseline's F1."""

    label: str
    there: int
    found: int
    precision: float
    recall: float
    f1: float
    threshold: float
    baseline_f1: float | None


@dataclass(frozen=True, kw_only=True)
class LabelsEvaluation:
    """The scores of a classifier that gives any number of labels.

    Attributes
    ----------
    sequences
        How many there were.
    loss
        The mean cross-entropy of a label of a sequence, in nats.
    micro_f1
        Twice the labels that are right over those that were found and those that are there.
    macro_f1
        The mean over the labels that are there or were found of the same for each.
    exact
        The share of sequences of which all labels are right.
    labels
        Each label.
    baseline
        To say always the label that is most frequent in the training part, alone.
    linear, network, ngrams
        The linear classifier, and where the answers mix them the network and the n-grams alone; else None.
    """

    sequences: int
    loss: float
    micro_f1: float
    macro_f1: float
    exact: float
    labels: list[LabelScores]
    baseline: LabelsPart
    linear: LabelsPart | None = None
    network: LabelsPart | None = None
    ngrams: LabelsPart | None = None


def evaluate_labels(
    probabilities: np.ndarray, labels: np.ndarray, /, *, classes: tuple[str, ...], thresholds: np.ndarray,
    frequent: int, parts: Mapping[str, tuple[str, np.ndarray, np.ndarray]],
) -> LabelsEvaluation:  # fmt: skip
    """Score probabilities (count, classes) of labels (count, classes) bool.

    Parameters
    ----------
    probabilities, labels, classes
        What was said, what is true, and the labels' names.
    thresholds
        (classes,) the probability from which on a label is given.
    frequent
        The most frequent label in training.
    parts
        By name what each part is, its probabilities and its thresholds.
    """
    predicted = probabilities >= thresholds
    always = np.zeros_like(labels)
    always[:, frequent] = True
    scored = {
        part: _part(name, each >= own, labels, probabilities=each) for part, (name, each, own) in parts.items()
    }  # fmt: skip
    own = _part("", predicted, labels, probabilities=probabilities)
    beside = parts.get("linear")
    baseline = None if beside is None else _f1(beside[1] >= beside[2], labels)
    right, found, there = (predicted & labels).sum(0), predicted.sum(0), labels.sum(0)
    f1 = _f1(predicted, labels)
    return LabelsEvaluation(
        sequences=len(labels), loss=float(own.loss or 0.0), micro_f1=own.micro_f1, macro_f1=own.macro_f1,
        exact=own.exact,
        labels=[
            LabelScores(
                label=label, there=int(there[k]), found=int(found[k]), precision=float(right[k] / max(1, found[k])),
                recall=float(right[k] / max(1, there[k])), f1=float(f1[k]), threshold=float(thresholds[k]),
                baseline_f1=None if baseline is None else float(baseline[k]),
            )
            for k, label in enumerate(classes)
        ],
        baseline=_part(f"always {classes[frequent]!r}", always, labels),
        **scored,
    )  # fmt: skip


def best_thresholds(probabilities: np.ndarray, labels: np.ndarray, /) -> np.ndarray:
    """Return of each label the threshold with the highest F1, (classes,); of equals that nearest 0.5.

    Parameters
    ----------
    probabilities, labels
        (count, classes) of the validation part; a label that it does not have gets 0.5.

    Examples
    --------
    >>> import numpy
    >>> from recurra.tasks.classify.labels_scores import best_thresholds
    >>> best_thresholds(numpy.array([[0.3], [0.22], [0.1]]), numpy.array([[True], [True], [False]])).round(2).tolist()
    [0.2]
    """
    order = np.argsort(np.abs(_GRID - 0.5), kind="stable")
    scores = np.stack([_f1(probabilities >= threshold, labels) for threshold in _GRID[order]])
    chosen = _GRID[order][np.round(scores, 9).argmax(0)]
    return np.where(labels.any(0), chosen, 0.5)


def _part(
    name: str, predicted: np.ndarray, labels: np.ndarray, *, probabilities: np.ndarray | None = None
) -> LabelsPart:
    is_used = (predicted | labels).any(0)
    loss = None
    if probabilities is not None:
        loss = float(-np.log(np.maximum(np.where(labels, probabilities, 1 - probabilities), _TINY)).mean())
    total = predicted.sum() + labels.sum()
    return LabelsPart(
        name=name,
        micro_f1=float(2 * (predicted & labels).sum() / max(1, total)),
        macro_f1=float(_f1(predicted, labels)[is_used].mean()) if is_used.any() else 0.0,
        exact=float((predicted == labels).all(1).mean()),
        loss=loss,
    )


def _f1(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the F1 of each label, (classes,)."""
    return 2 * (predicted & labels).sum(0) / np.maximum(1, predicted.sum(0) + labels.sum(0))


def labels_table(evaluation: Mapping[str, Any], /, *, options: ClassifyOptions) -> ScoreTable:
    """Return a `LabelsEvaluation`, as a dictionary, as a table, with one of the labels after it."""
    columns = ("micro_f1", "macro_f1", "exact", "loss")
    network, ngrams, linear, baseline = (evaluation[part] for part in ("network", "ngrams", "linear", "baseline"))
    name = network_name(options)
    rows = [(f"{name}, with n-grams" if network else name, evaluation)]
    rows += [(f"{each['name']}, alone", each) for each in (network, ngrams) if each]
    rows += [(f"baseline: {each['name']}", each) for each in (linear,) if each]
    rows += [(baseline["name"], baseline)]
    labels = evaluation["labels"]
    by_label = ScoreTable(
        title="Labels",
        columns=("label", "there", "found", "precision", "recall", "F1", "threshold", "baseline's F1"),
        rows=tuple(
            (
                each["label"], f"{each['there']:,}", f"{each['found']:,}",
                *(three_decimals(each[key]) for key in ("precision", "recall", "f1", "threshold", "baseline_f1")),
            )
            for each in sorted(labels, key=lambda each: -each["there"])
        ),
        caption="A label is given where its probability reaches the threshold, which is best for the validation part.",
    )  # fmt: skip
    return ScoreTable(
        title=f"Scores on {evaluation['sequences']:,} sequences, each with any of {len(labels)} labels",
        columns=("classifier", "micro F1", "macro F1", "exact match", "loss"),
        rows=tuple((name, *(three_decimals(each[key]) for key in columns)) for name, each in rows),
        caption="Micro F1: twice the labels that are right, over those found and those there. Macro F1: the mean of "
        "each label's F1. Exact match: the share of sequences of which all labels are right. Loss: the mean "
        "cross-entropy of a label in nats.",
        further=(by_label,),
    )
