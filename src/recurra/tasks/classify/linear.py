"""A linear classifier beside the network: TF-IDF of n-grams for texts, resampled values for series.

It is the baseline of the scores, and for texts also a part of the classifier (Wang & Manning 2012 found linear
models of n-grams hard to beat on short texts, and Mesnil et al. 2014, arXiv:1412.5335, that they err elsewhere than
recurrent networks do). The part has log-count ratios, the baseline has not. The probabilities of network and part are
mixed, their logarithms with weights that add up to 1.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from scipy import sparse

from recurra.errors import InputError

__all__ = [
    "LinearClassifier", "NgramFeatures", "SeriesFeatures", "best_share", "check_size", "cross_entropy", "fit_linear",
    "mixed", "most_terms", "softmax",
]  # fmt: skip

Sequences = Sequence[np.ndarray]
"""Numbers of tokens (steps,), or scaled channels (steps, channels), as an `Encoder` gives them."""

Matrix = sparse.csr_array | np.ndarray
"""Features (count, features), float32."""

_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""Inverse strengths of the penalty (scikit-learn's C) that the validation part chooses from."""

_MOST_TERMS, _MOST_WEIGHTS = 1 << 20, 1 << 23
"""Most n-grams, those in most texts, and most weights (n-grams times classes)."""

_MOST_TOKENS = 20_000_000
"""Most tokens that are looked at for the n-grams; of more, texts are taken that are spread over all."""

_MOST_VALUES = 1 << 23
"""Most values of series, such as pixels, that a regression is fitted to, which has learnt what it can by then; of more,
sequences are taken that are spread over all."""

_STEPS = 32
"""Most steps that a series is resampled to."""

_ABSENT = -30.0
"""Score of a class that the training part does not have."""

_SHARES = np.linspace(0, 1, 21)

_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, kw_only=True, eq=False)
class NgramFeatures:
    """TF-IDF of n-grams, of length 1 for each text; the logarithm of how often an n-gram is there, plus 1, counts.

    An n-gram of tokens (a, b, c) has the code ((a + 1) r + b + 1) r + c + 1 with r = tokens + 1, so that n-grams of
    all lengths have different codes.

    Attributes
    ----------
    size
        Tokens of the longest n-gram.
    tokens
        The numbers of tokens are below it.
    terms
        (terms,) int64, the codes of the known n-grams in ascending order.
    idf
        (terms,) float32, 1 + ln((1 + texts) / (1 + texts with it)).
    """

    size: int
    tokens: int
    terms: np.ndarray
    idf: np.ndarray

    @classmethod
    def fit(cls, sequences: Sequences, /, *, size: int, tokens: int, most: int) -> NgramFeatures:
        """Take the n-grams of texts, at most so many.

        Raises
        ------
        InputError
            If n-grams of that size over so many tokens have no code of 64 bits.
        """
        check_size(size, tokens=tokens)
        every = 1 + sum(len(each) for each in sequences) // _MOST_TOKENS
        chosen = [sequences[place] for place in range(0, len(sequences), every)]
        none = cls(size=size, tokens=tokens, terms=np.empty(0, np.int64), idf=np.empty(0, np.float32))
        found = np.concatenate([np.unique(none.codes(each)) for each in chosen])
        terms, texts = np.unique(found, return_counts=True)
        if len(terms) > most:
            is_kept = np.zeros(len(terms), bool)
            is_kept[np.argsort(-texts, kind="stable")[:most]] = True
            terms, texts = terms[is_kept], texts[is_kept]
        idf = 1 + np.log((1 + len(chosen)) / (1 + texts))
        return replace(none, terms=terms, idf=idf.astype(np.float32))

    def codes(self, sequence: np.ndarray, /) -> np.ndarray:
        """Return the codes of all n-grams of a text, int64."""
        base = self.tokens + 1  # digits are 1, 2, ...: with no 0, a shorter n-gram is no longer one with a leading 0
        numbers = np.asarray(sequence, np.int64) + 1
        found, codes = [numbers], numbers
        for length in range(2, min(self.size, len(numbers)) + 1):
            codes = codes[:-1] * base + numbers[length - 1 :]
            found.append(codes)
        return np.concatenate(found)

    def matrix(self, sequences: Sequences, /) -> sparse.csr_array:
        """Return the features (texts, terms), float32."""
        places, values, ends = [], [], [0]
        for each in sequences:
            codes, counts = np.unique(self.codes(each), return_counts=True)
            place = np.searchsorted(self.terms, codes)  # terms are sorted; behind the last one there is none
            is_known = self.terms[np.minimum(place, len(self.terms) - 1)] == codes
            place = place[is_known]
            weighted = (1 + np.log(counts[is_known])) * self.idf[place]
            places.append(place)
            values.append(weighted / max(float(np.linalg.norm(weighted)), 1e-12))
            ends.append(ends[-1] + len(place))
        content = (
            np.concatenate(values).astype(np.float32),
            np.concatenate(places).astype(np.int32),
            np.array(ends, np.int32),
        )
        return sparse.csr_array(content, shape=(len(sequences), len(self.terms)))


@dataclass(frozen=True, kw_only=True)
class SeriesFeatures:
    """The values of series, each resampled to equally many steps by linear interpolation.

    Attributes
    ----------
    steps, channels
        How many of each there are.
    """

    steps: int
    channels: int

    @classmethod
    def fit(cls, sequences: Sequences, /, *, most: int = _STEPS) -> SeriesFeatures:
        """Take the median of the lengths, or the most steps."""
        median = int(np.median([len(each) for each in sequences]))
        return cls(steps=max(1, min(median, most)), channels=sequences[0].shape[1])

    def matrix(self, sequences: Sequences, /) -> np.ndarray:
        """Return the features (series, steps * channels), float32."""
        found = np.empty((len(sequences), self.steps, self.channels), np.float32)
        for row, each in enumerate(sequences):
            wanted = np.linspace(0, len(each) - 1, self.steps)
            before = wanted.astype(np.int64)
            after = np.minimum(before + 1, len(each) - 1)
            part = (wanted - before)[:, None].astype(np.float32)
            found[row] = (1 - part) * each[before] + part * each[after]
        return found.reshape(len(sequences), -1)


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearClassifier:
    """Logistic regression on features of sequences.

    Attributes
    ----------
    features
        What it sees of a sequence.
    weights, bias
        (features, columns) and (columns,) float32: a column a class, or where there are two classes one, the second's.
    penalty
        The inverse strength of the penalty (C), chosen on the validation part.
    is_ratio
        Whether log-count ratios are in the weights; see `fit_linear`.
    share
        How much the classifier counts beside the network: 0 is not at all, 1 alone.
    is_independent
        Whether each class is there or not by itself, as one of several labels; then each has a column.
    """

    features: NgramFeatures | SeriesFeatures
    weights: np.ndarray
    bias: np.ndarray
    penalty: float
    is_ratio: bool = False
    share: float = 0.0
    is_independent: bool = False

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        if isinstance(self.features, SeriesFeatures):
            return f"logistic regression, {self.features.steps} steps"
        ratios = " with log-count ratios" if self.is_ratio else ""
        return f"TF-IDF of 1 to {self.features.size} tokens{ratios}, logistic regression"

    def probabilities(self, sequences: Sequences, /) -> np.ndarray:
        """Return the probabilities (count, classes) of encoded sequences, float64."""
        return self.of_features(self.features.matrix(sequences))

    def described(self) -> dict[str, Any]:
        """Return a classifier of n-grams as JSON can hold it, with what makes its probabilities of tokens' numbers."""
        assert isinstance(self.features, NgramFeatures)
        features = self.features
        return {
            "share": self.share,
            "rule": (
                "the code of an n-gram of the numbers a, b, c is ((a + 1) r + b + 1) r + c + 1 with r = tokens + 1, n "
                "is from 1 to size; the feature of a known code (terms, ascending) is (1 + ln(times it is there)) idf; "
                "features are divided by their length; scores are features weights + bias, "
                + (
                    "and a sigmoid makes probabilities of them"
                    if self.is_independent
                    else "the first class's 0 where there is one column, and a softmax makes probabilities of them"
                )
            ),
            "size": features.size,
            "tokens": features.tokens,
            "terms": [str(code) for code in features.terms.tolist()],  # of 64 bits, which not all readers of JSON keep
            "idf": features.idf.tolist(),
            "weights": self.weights.tolist(),
            "bias": self.bias.tolist(),
        }

    def of_features(self, features: Matrix, /) -> np.ndarray:
        """Return the probabilities (count, classes) for features (count, features), float64."""
        scores = np.asarray(features @ self.weights + self.bias, np.float64)
        if self.is_independent:
            return 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
        if scores.shape[1] == 1:
            scores = np.concatenate([np.zeros_like(scores), scores], 1)
        return softmax(scores)


def fit_linear(
    features: NgramFeatures | SeriesFeatures,
    training: tuple[Matrix, np.ndarray],
    validation: tuple[Matrix, np.ndarray],
    /,
    *,
    classes: int,
    balanced: bool = False,
    ratios: bool = False,
) -> LinearClassifier | None:
    """Fit logistic regression with the penalty that has the lowest cross-entropy on the validation part.

    Parameters
    ----------
    features
        Fitted on the training part.
    training, validation
        Their features (count, features), and the numbers of the classes (count,), or which labels each has (count,
        classes) bool: a regression for each label, then, all with one penalty.
    classes
        How many classes there are.
    balanced
        Whether errors count by class as if all were equally frequent.
    ratios
        Whether each feature is first multiplied by its log-count ratio, as Wang & Manning (2012) do: the logarithm of
        how frequent it is within a class over how frequent it is outside; a regression for each class, then.

    Returns
    -------
    LinearClassifier | None
        None where all of the training part is of one class.
    """
    if isinstance(training[0], np.ndarray):
        every = -(-training[0].size // _MOST_VALUES)
        training = training[0][::every], training[1][::every]
    is_independent, present = training[1].ndim == 2, np.unique(training[1])
    if len(present) < 2:
        return None
    best: tuple[float, LinearClassifier] | None = None
    for penalty in _PENALTIES:
        fit = _ratio_regressions if ratios else _regression
        if is_independent:
            weights, bias = _each_label(fit, *training, penalty=penalty, balanced=balanced)
        else:
            weights, bias = fit(*training, penalty=penalty, balanced=balanced)
        if classes > 2 and not is_independent:
            weights, bias = _spread(weights, bias, present, classes=classes)
        found = LinearClassifier(
            features=features, weights=np.ascontiguousarray(weights), bias=bias, penalty=penalty, is_ratio=ratios,
            is_independent=is_independent,
        )  # fmt: skip
        loss = cross_entropy(found.of_features(validation[0]), validation[1])
        if best is not None and loss > best[0]:
            break  # the loss falls and then rises with the penalty: behind its least value nothing is better
        best = loss, found
    assert best is not None
    return best[1]


def mixed(network: np.ndarray, linear: np.ndarray, /, *, share: float) -> np.ndarray:
    """Return the probabilities (count, classes) in proportion to network^(1 - share) * linear^share."""
    first, second = (np.log(np.maximum(each, _TINY)) for each in (network, linear))
    return np.maximum(softmax((1 - share) * first + share * second), _TINY)


def best_share(
    network: np.ndarray, linear: np.ndarray, labels: np.ndarray, /, *, mixed: Callable[..., np.ndarray] = mixed
) -> float:
    """Return the linear classifier's share of the mixture with the lowest cross-entropy; of equals, that nearest 1/2.

    Parameters
    ----------
    network, linear
        The probabilities (count, classes) of both on the validation part.
    labels
        Its classes, (count,), or its labels (count, classes) bool.
    mixed
        What mixes them.
    """
    losses = [cross_entropy(mixed(network, linear, share=share), labels) for share in _SHARES]
    order = sorted(range(len(losses)), key=lambda place: (round(losses[place], 6), abs(_SHARES[place] - 0.5)))
    return float(round(_SHARES[order[0]], 2))


def check_size(size: int, /, *, tokens: int) -> None:
    """Check that n-grams of so many out of so many tokens have codes of 64 bits.

    Raises
    ------
    InputError
        If they have not.
    """
    if (tokens + 1) ** size >= 1 << 63:
        raise InputError(
            f"ngram_size = {size}: such n-grams of {tokens:,} tokens are too many; expected less, or a maximum_size"
        )


def most_terms(classes: int, /) -> int:
    """Return how many n-grams are kept at most."""
    return min(_MOST_TERMS, _MOST_WEIGHTS // classes)


def _ratio_regressions(
    seen: Matrix, labels: np.ndarray, *, penalty: float, balanced: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (features, columns) and bias (columns,) on the features as they are, the ratios in the weights."""
    present = np.unique(labels)
    columns = []
    for number in present[1:] if len(present) == 2 else present:
        is_in = labels == number
        ratio = _ratio(seen, is_in)
        weights, bias = _regression(seen * ratio[None], is_in.astype(np.int64), penalty=penalty, balanced=balanced)
        columns.append((weights[:, 0] * ratio, bias[0]))
    return np.stack([weights for weights, _ in columns], 1), np.array([bias for _, bias in columns], np.float32)


def _each_label(
    fit: Callable[..., tuple[np.ndarray, np.ndarray]], seen: Matrix, labels: np.ndarray, **kind: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (features, labels) and bias (labels,), those of a label that all have or none without weights."""
    columns, (_, width) = [], cast(tuple[int, int], seen.shape)
    for is_in in labels.T:
        if is_in.all() or not is_in.any():
            columns.append((np.zeros(width, np.float32), np.float32(_ABSENT if not is_in.any() else -_ABSENT)))
            continue
        weights, bias = fit(seen, is_in.astype(np.int64), **kind)
        columns.append((weights[:, 0], bias[0]))
    return np.stack([weights for weights, _ in columns], 1), np.array([bias for _, bias in columns], np.float32)


def _ratio(seen: Matrix, is_in: np.ndarray) -> np.ndarray:
    """Return the log-count ratio of each feature (features,), float32, counted once a sequence and smoothed by 1."""
    inside, outside = (np.asarray((seen[rows] > 0).sum(0)).ravel() + 1.0 for rows in (is_in, ~is_in))
    return np.log((inside / inside.sum()) / (outside / outside.sum())).astype(np.float32)


def _regression(seen: Matrix, labels: np.ndarray, *, penalty: float, balanced: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (features, columns) and bias (columns,), a column a class that is present, of two the second's."""
    # scikit-learn takes longer to import than all the rest of the task, and only `fit` needs it
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    solver = "liblinear" if len(np.unique(labels)) == 2 else "lbfgs"
    weighted = "balanced" if balanced else None
    regression = LogisticRegression(C=penalty, solver=solver, max_iter=300, tol=1e-3, class_weight=weighted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(_narrow(seen), labels)
    return regression.coef_.T.astype(np.float32), np.asarray(regression.intercept_, np.float32)


def _narrow(seen: Matrix) -> Matrix:
    """Return a matrix as scikit-learn takes it: sparse ones with numbers of 32 bits."""
    if isinstance(seen, np.ndarray):
        return seen
    found = sparse.csr_array(seen)
    content = found.data.astype(np.float32), found.indices.astype(np.int32), found.indptr.astype(np.int32)
    return sparse.csr_array(content, shape=found.shape)


def _spread(
    weights: np.ndarray, bias: np.ndarray, present: np.ndarray, *, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias with a column for each class, those that are absent nearly impossible."""
    if weights.shape[1] == 1:  # two of more classes are present
        weights, bias = np.concatenate([0 * weights, weights], 1), np.concatenate([0 * bias, bias])
    all_weights, all_bias = np.zeros((len(weights), classes), np.float32), np.full(classes, _ABSENT, np.float32)
    all_weights[:, present], all_bias[present] = weights, bias
    return all_weights, all_bias


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray, /) -> float:
    """Return the mean cross-entropy, in nats, of probabilities (count, classes).

    Parameters
    ----------
    probabilities
        That add up to 1, or of each label by itself.
    labels
        (count,) places in the classes, or (count, classes) bool.
    """
    if labels.ndim == 2:
        chosen = np.where(labels, probabilities, 1 - probabilities)
    else:
        chosen = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, _TINY)).mean())


def softmax(scores: np.ndarray, /) -> np.ndarray:
    """Return the probabilities (count, classes) of scores."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
