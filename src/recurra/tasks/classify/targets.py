"""What is said of a sequence: one class, or any number of labels, with their losses, answers and scores."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, final

import numpy as np
import torch
from torch import nn

from recurra.data import LabelledSequences
from recurra.tasks.classify.labels_scores import LabelsEvaluation, best_thresholds, evaluate_labels
from recurra.tasks.classify.linear import mixed, softmax
from recurra.tasks.classify.network import (
    ClassifyLearner,
    ClassifyNetwork,
    LabelsLearner,
    balanced_weights,
    positive_weights,
)
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.classify.scores import ClassifyEvaluation, evaluate_probabilities, part_scores
from recurra.training.learner import Learner

__all__ = ["ANSWERS", "AnyLabels", "ClassifyTarget", "OneClass", "restored_target", "target_of"]

SEPARATOR = ";"
"""Between labels where nobody said another."""

ANSWERS = ""
"""The name of the answers among the parts of a model, each of which has thresholds of its own."""


class ClassifyTarget(abc.ABC):
    """What is said of a sequence, of `classes`."""

    classes: tuple[str, ...]

    @property
    @abc.abstractmethod
    def activation(self) -> nn.Module:
        """What makes probabilities of scores."""

    @abc.abstractmethod
    def probabilities(self, scores: np.ndarray, /) -> np.ndarray:
        """Return the probabilities (count, classes) of scores."""

    @abc.abstractmethod
    def mixed(self, network: np.ndarray, ngrams: np.ndarray, /, *, share: float) -> np.ndarray:
        """Return the probabilities of both together; see `recurra.tasks.classify.linear.mixed`."""

    @abc.abstractmethod
    def predicted(self, probabilities: np.ndarray, /) -> np.ndarray:
        """Return what is said of probabilities: (count,) places in the classes, or (count, classes) bool."""

    @abc.abstractmethod
    def confidence(self, probabilities: np.ndarray, /) -> np.ndarray:
        """Return how probable that is, (count,)."""

    @abc.abstractmethod
    def are_right(self, predicted: np.ndarray, labels: np.ndarray, /) -> np.ndarray:
        """Return of which sequences all is right, (count,)."""

    @abc.abstractmethod
    def names(self, labels: np.ndarray, /) -> list[str]:
        """Return labels, or what was predicted, as texts."""

    @abc.abstractmethod
    def columns(self, probabilities: np.ndarray, /) -> dict[str, Any]:
        """Return the columns of predictions."""

    @abc.abstractmethod
    def counts(self, labels: np.ndarray, /) -> np.ndarray:
        """Return how many sequences have each class, (classes,)."""

    @abc.abstractmethod
    def learner(self, network: ClassifyNetwork, labels: np.ndarray, options: ClassifyOptions, /) -> Learner:
        """Return what learns the labels of the training part."""

    @abc.abstractmethod
    def score(
        self,
        probabilities: np.ndarray,
        labels: np.ndarray,
        /,
        *,
        frequent: int,
        parts: Mapping[str, tuple[str, np.ndarray]],
    ) -> ClassifyEvaluation | LabelsEvaluation:
        """Score probabilities; `parts` are those of parts of the model, each with what it is."""

    def chosen_by(self, parts: Mapping[str, np.ndarray], labels: np.ndarray, /) -> ClassifyTarget:
        """Return it with what the validation part chooses, given the probabilities of answers and parts there."""
        return self

    def to_dictionary(self) -> dict[str, Any]:
        """Return what `classes.json` holds of it beside the classes."""
        return {}


@final
@dataclass(frozen=True)
class OneClass(ClassifyTarget):
    """The likeliest class."""

    classes: tuple[str, ...]

    @property
    def activation(self) -> nn.Module:
        """See `ClassifyTarget`."""
        return nn.Softmax(-1)

    def probabilities(self, scores: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return softmax(scores)

    def mixed(self, network: np.ndarray, ngrams: np.ndarray, /, *, share: float) -> np.ndarray:
        """See `ClassifyTarget`."""
        return mixed(network, ngrams, share=share)

    def predicted(self, probabilities: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return probabilities.argmax(1)

    def confidence(self, probabilities: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return probabilities.max(1)

    def are_right(self, predicted: np.ndarray, labels: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return predicted == labels

    def names(self, labels: np.ndarray, /) -> list[str]:
        """See `ClassifyTarget`."""
        return [self.classes[number] for number in labels.tolist()]

    def columns(self, probabilities: np.ndarray, /) -> dict[str, Any]:
        """See `ClassifyTarget`."""
        return {
            "prediction": self.names(self.predicted(probabilities)),
            "probability": self.confidence(probabilities),
            "probabilities": probabilities.tolist(),
        }

    def counts(self, labels: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return np.bincount(labels, minlength=len(self.classes))

    def learner(self, network: ClassifyNetwork, labels: np.ndarray, options: ClassifyOptions, /) -> Learner:
        """See `ClassifyTarget`."""
        weights = None
        if options.class_weights == "balanced":
            weights = balanced_weights(torch.from_numpy(labels), classes=len(self.classes))
        return ClassifyLearner(network, options=options, weights=weights)

    def score(
        self,
        probabilities: np.ndarray,
        labels: np.ndarray,
        /,
        *,
        frequent: int,
        parts: Mapping[str, tuple[str, np.ndarray]],
    ) -> ClassifyEvaluation:
        """See `ClassifyTarget`."""
        found = evaluate_probabilities(probabilities, labels, classes=self.classes, frequent=frequent)
        return replace(found, **{part: part_scores(name, each, labels) for part, (name, each) in parts.items()})


@final
@dataclass(frozen=True)
class AnyLabels(ClassifyTarget):
    """Each label that is as probable as its threshold, or more.

    Attributes
    ----------
    classes
        The labels.
    separator
        What stands between them in texts.
    thresholds
        Of the answers, and of each part of the model by its name, (classes,); 0.5 where none were chosen.
    """

    classes: tuple[str, ...]
    separator: str = SEPARATOR
    thresholds: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def activation(self) -> nn.Module:
        """See `ClassifyTarget`."""
        return nn.Sigmoid()

    def probabilities(self, scores: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return 1 / (1 + np.exp(-np.clip(scores, -500, 500)))

    def mixed(self, network: np.ndarray, ngrams: np.ndarray, /, *, share: float) -> np.ndarray:
        """See `ClassifyTarget`: each label by itself."""
        return mixed(_pairs(network), _pairs(ngrams), share=share)[:, 1].reshape(network.shape)

    def predicted(self, probabilities: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return probabilities >= self.threshold(ANSWERS)

    def threshold(self, part: str, /) -> np.ndarray:
        """Return the thresholds of a part, (classes,)."""
        return np.array(self.thresholds.get(part, (0.5,) * len(self.classes)))

    def confidence(self, probabilities: np.ndarray, /) -> np.ndarray:
        """Return how probable it is that these labels are there and no others, as if they were independent."""
        return np.where(self.predicted(probabilities), probabilities, 1 - probabilities).prod(1)

    def are_right(self, predicted: np.ndarray, labels: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return (predicted == labels).all(1)

    def names(self, labels: np.ndarray, /) -> list[str]:
        """See `ClassifyTarget`."""
        return [self.separator.join(each) for each in self._sets(labels)]

    def columns(self, probabilities: np.ndarray, /) -> dict[str, Any]:
        """See `ClassifyTarget`; `labels` is a list."""
        predicted = self.predicted(probabilities)
        return {
            "prediction": self.names(predicted),
            "labels": self._sets(predicted),
            "probability": self.confidence(probabilities),
            "probabilities": probabilities.tolist(),
        }

    def counts(self, labels: np.ndarray, /) -> np.ndarray:
        """See `ClassifyTarget`."""
        return labels.sum(0)

    def learner(self, network: ClassifyNetwork, labels: np.ndarray, options: ClassifyOptions, /) -> Learner:
        """See `ClassifyTarget`."""
        weights = positive_weights(torch.from_numpy(labels)) if options.class_weights == "balanced" else None
        return LabelsLearner(network, options=options, weights=weights)

    def score(
        self,
        probabilities: np.ndarray,
        labels: np.ndarray,
        /,
        *,
        frequent: int,
        parts: Mapping[str, tuple[str, np.ndarray]],
    ) -> LabelsEvaluation:
        """See `ClassifyTarget`."""
        own = {part: (name, each, self.threshold(part)) for part, (name, each) in parts.items()}
        return evaluate_labels(
            probabilities,
            labels,
            classes=self.classes,
            thresholds=self.threshold(ANSWERS),
            frequent=frequent,
            parts=own,
        )

    def chosen_by(self, parts: Mapping[str, np.ndarray], labels: np.ndarray, /) -> AnyLabels:
        """See `ClassifyTarget`: the thresholds."""
        chosen = {name: tuple(best_thresholds(each, labels).tolist()) for name, each in parts.items()}
        return replace(self, thresholds=chosen)

    def to_dictionary(self) -> dict[str, Any]:
        """See `ClassifyTarget`."""
        thresholds = {name: list(each) for name, each in self.thresholds.items()}
        return {"separator": self.separator, "thresholds": thresholds}

    def _sets(self, labels: np.ndarray) -> list[list[str]]:
        return [[self.classes[place] for place in np.flatnonzero(row).tolist()] for row in labels]


def target_of(data: LabelledSequences, options: ClassifyOptions, /) -> ClassifyTarget:
    """Return what is said of sequences, by their labels."""
    if np.ndim(data.labels) == 2:  # type: ignore[arg-type]
        return AnyLabels(data.classes, options.labels_separator or SEPARATOR)
    return OneClass(data.classes)


def restored_target(
    classes: Sequence[str], separator: str | None, thresholds: Mapping[str, Sequence[float]] | None, /
) -> ClassifyTarget:
    """Return the target of what `classes.json` holds; `ValueError` if thresholds are missing or too many."""
    if separator is None:
        return OneClass(tuple(classes))
    found = {name: tuple(each) for name, each in (thresholds or {}).items()}
    if any(len(each) != len(classes) for each in found.values()):
        raise ValueError("thresholds: expected one for each class")
    return AnyLabels(tuple(classes), separator, found)


def _pairs(probabilities: np.ndarray) -> np.ndarray:
    """Return each probability beside that of the contrary, (count * classes, 2)."""
    flat = probabilities.ravel()
    return np.stack([1 - flat, flat], 1)
