"""A trained classifier: the network with all that it needs to meet a person's data again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars
import torch

from recurra.data import BatchOptions, LabelledSequences, batches, packed
from recurra.tasks.classify.data import Encoder, TextEncoder
from recurra.tasks.classify.linear import LinearClassifier, mixed
from recurra.tasks.classify.network import ClassifyNetwork
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.classify.scores import Evaluation, evaluate_probabilities, network_name, part_scores

__all__ = ["Answers", "ClassifyModel"]

_AT_ONCE = BatchOptions(batch_size=256, rows=65_536, shuffle=False)
"""What is classified at once: so many sequences, and of these so many steps."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What a classifier says of sequences.

    Attributes
    ----------
    probabilities
        (count, classes) float64.
    attention
        The weight of each step of each sequence (steps,) float32, adding up to 1; None without attention.
    linear
        The probabilities of the baseline; None without.
    network, ngrams
        The probabilities of the network alone and the n-grams alone, where the answers mix them.
    """

    probabilities: np.ndarray
    attention: list[np.ndarray] | None
    network: np.ndarray | None = None
    linear: np.ndarray | None = None
    ngrams: np.ndarray | None = None

    @cached_property
    def predicted(self) -> np.ndarray:
        """The numbers of the likeliest classes, (count,)."""
        return self.probabilities.argmax(1)

    @cached_property
    def confidence(self) -> np.ndarray:
        """Their probabilities, (count,)."""
        return self.probabilities.max(1)


@dataclass(frozen=True, kw_only=True)
class ClassifyModel:
    """A trained classifier.

    Attributes
    ----------
    options
        The options, with what the data gave filled in.
    network
        The trained network.
    encoder
        The vocabulary, or the scale of the channels.
    classes
        Their names.
    frequent
        The number of the class that is most frequent in the training part.
    linear
        The linear classifier that is the baseline; None where there is none.
    ngrams
        Another on the same features, of which the answers have its share; None where there is none.
    """

    options: ClassifyOptions
    network: ClassifyNetwork
    encoder: Encoder
    classes: tuple[str, ...]
    frequent: int
    linear: LinearClassifier | None = None
    ngrams: LinearClassifier | None = None

    def answers(self, data: LabelledSequences, /) -> Answers:
        """Classify sequences."""
        return self.answers_of(self.encoder.encode(data))

    def answers_of(self, sequences: Sequence[np.ndarray], /) -> Answers:
        """Classify sequences that have been encoded; those of like lengths at once, the network in evaluation."""
        lengths = np.array([len(sequence) for sequence in sequences])
        scores = np.empty((len(sequences), len(self.classes)))
        weights_of: list[np.ndarray] = [np.empty(0)] * len(sequences)
        self.network.eval()
        with torch.inference_mode():
            for places in batches(lengths, _AT_ONCE):
                found, weights = self.network(packed([sequences[place] for place in places.tolist()]))
                scores[places] = found.double().numpy()
                if weights is not None:
                    for place, row in zip(places.tolist(), weights.numpy(), strict=True):
                        weights_of[place] = self._by_step(row, int(lengths[place]))
        has_weights = self.options.pooling == "attention"
        found, attention = _softmax(scores), weights_of if has_weights else None
        if self.linear is None:
            return Answers(found, attention)
        features = self.linear.features.matrix(sequences)
        linear = self.linear.of_features(features)
        if self.ngrams is None or not self.ngrams.share:
            return Answers(found, attention, linear=linear)
        ngrams = self.ngrams.of_features(features)
        both = mixed(found, ngrams, share=self.ngrams.share)
        return Answers(both, attention, network=found, linear=linear, ngrams=ngrams)

    def predict(self, data: LabelledSequences, /) -> polars.DataFrame:
        """Return a row for each sequence; see `SequenceClassifier.predict`."""
        answers = self.answers(data)
        columns: dict[str, Any] = {"row": data.rows}
        if data.ids is not None:
            columns["id"] = data.ids
        if data.channels is None:
            columns["text"] = list(data.sequences)
        columns |= {
            "prediction": [self.classes[number] for number in answers.predicted.tolist()],
            "probability": answers.confidence,
            "probabilities": answers.probabilities.tolist(),
        }
        if answers.attention is not None:
            if isinstance(self.encoder, TextEncoder):
                columns["tokens"] = [self.encoder.split(str(text)) for text in data.sequences]
            columns["attention"] = [weights.tolist() for weights in answers.attention]
        return polars.DataFrame(columns)

    def against(self, data: LabelledSequences, answers: Answers, /) -> polars.DataFrame:
        """Return a row for each of labelled sequences: its row in the data, truth, prediction and probability."""
        assert data.labels is not None
        return polars.DataFrame(
            {
                "row": data.rows,
                "truth": [self.classes[number] for number in data.labels.tolist()],
                "prediction": [self.classes[number] for number in answers.predicted.tolist()],
                "probability": polars.Series(answers.confidence).round_sig_figs(6),
            }
        )

    def evaluate(self, data: LabelledSequences, /) -> Evaluation:
        """Score the classes of labelled sequences."""
        assert data.labels is not None
        return self.score(self.answers(data), data.labels)

    def score(self, answers: Answers, labels: np.ndarray, /) -> Evaluation:
        """Score answers to sequences whose labels (count,) are known."""
        found = evaluate_probabilities(answers.probabilities, labels, classes=self.classes, frequent=self.frequent)
        named = {
            "linear": ("" if self.linear is None else self.linear.name, answers.linear),
            "ngrams": ("" if self.ngrams is None else self.ngrams.name, answers.ngrams),
            "network": (network_name(self.options), answers.network),
        }
        parts = {part: part_scores(name, each, labels) for part, (name, each) in named.items() if each is not None}
        return replace(found, **parts)

    def _by_step(self, weights: np.ndarray, steps: int) -> np.ndarray:
        """Return the weights (steps,) of a sequence from those behind the convolutions, which see fewer steps."""
        if self.network.front is None:
            return weights[:steps].copy()
        seen = int(self.network.front.lengths(torch.tensor([steps])))
        factor = -(-steps // seen)
        spread = np.repeat(weights[:seen], factor)[:steps]
        spread = np.pad(spread, (0, steps - len(spread)))
        return spread / spread.sum()


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
