"""What a classifier learns: the cross-entropy of its classes, and what is measured beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import PackedSequence

from recurra.tasks.classify.network import ClassifyNetwork
from recurra.tasks.classify.options import ClassifyOptions
from recurra.training.learner import Learner, Monitor, Sum

__all__ = ["Classification", "balanced_weights", "monitor_of"]

Batch = tuple[PackedSequence, Tensor]
"""Packed sequences, and the numbers of their classes (batch,)."""


@final
class Classification(Learner):
    """Learns classes from packed sequences.

    Parameters
    ----------
    network
        Trained in place.
    options
        The smoothing of labels, and which measure chooses the weights.
    class_weights
        (classes,) what an error in each class counts; all the same if None.
    """

    network: ClassifyNetwork

    def __init__(
        self, network: ClassifyNetwork, /, *, options: ClassifyOptions, class_weights: Tensor | None = None
    ) -> None:
        super().__init__(network)
        self.monitor = monitor_of(options)
        self._smoothing, self._weights = options.label_smoothing, class_weights

    def loss(self, batch: Batch, /) -> Tensor:
        """Return the cross-entropy of a batch, with the weights of the classes and the smoothing."""
        sequences, labels = batch
        scores, _ = self.network(sequences)
        return cross_entropy(scores, labels, weight=self._weights, label_smoothing=self._smoothing)

    def measure(self, batch: Batch, /) -> Mapping[str, Sum]:
        """Return the plain cross-entropy, and of each class how many were found, were there, and were right."""
        sequences, labels = batch
        scores, _ = self.network(sequences)
        count, classes, predicted = len(labels), scores.shape[1], scores.argmax(1)
        counts = {"found": predicted, "there": labels, "right": labels[predicted == labels]}
        sums = {"loss": Sum(cross_entropy(scores, labels, reduction="sum"), count)}
        for name, numbers in counts.items():
            each = torch.bincount(numbers, minlength=classes).tolist()
            sums |= {f"{name} {place}": Sum(number, count) for place, number in enumerate(each)}
        return sums

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the cross-entropy, the accuracy and the macro F1."""
        total, weight = sums["loss"]
        found, there, right = (_counts(sums, name) for name in ("found", "there", "right"))
        is_seen = found + there > 0
        f1 = 2 * right[is_seen] / (found + there)[is_seen]
        return {
            "loss": float(total) / weight,
            "accuracy": float(right.sum()) / weight,
            "macro_f1": float(f1.mean()),
        }


def monitor_of(options: ClassifyOptions, /) -> Monitor:
    """Return which measure chooses the weights."""
    return Monitor(options.choose_by, larger_is_better=options.choose_by != "loss")


def balanced_weights(labels: Tensor, /, *, classes: int) -> Tensor:
    """Return what an error in each class counts, (classes,), so that all classes count the same; 1 on the average.

    Examples
    --------
    >>> import torch
    >>> from recurra.tasks.classify.learner import balanced_weights
    >>> balanced_weights(torch.tensor([0, 0, 0, 1]), classes=2)
    tensor([0.6667, 2.0000])
    """
    counts = torch.bincount(labels, minlength=classes)
    return len(labels) / (classes * counts.clamp(min=1)).float()


def _counts(sums: Mapping[str, Sum], name: str) -> Tensor:
    """Return the counts (classes,) of one name."""
    return torch.tensor([float(each.total) for key, each in sums.items() if key.startswith(f"{name} ")])
