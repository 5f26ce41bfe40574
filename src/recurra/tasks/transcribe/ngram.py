"""N-grams of the labels of texts, which say what is likely to follow: Witten and Bell (1991), interpolated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, final

import numpy as np

__all__ = ["NgramPrior"]

Context = tuple[int, ...]


@final
@dataclass(frozen=True, eq=False)
class NgramPrior:
    """How probable each label is after those before it, as `recurra.nn.ctc_beam` asks it.

    Attributes
    ----------
    size
        Labels of the longest n-gram.
    labels
        How many labels there are, the blank counted, whose number 0 stands for the end here.
    counts
        (n-grams, size + 1) int64: each n-gram, from the right with -1 before a shorter one, and how often it was seen.

    Examples
    --------
    >>> import numpy
    >>> from recurra.tasks.transcribe.ngram import NgramPrior
    >>> prior = NgramPrior.fit([[1, 2], [1, 2], [1, 1]], size=2, labels=3)
    >>> round(float(numpy.exp(prior.next((1,), 2)[0])), 3)  # (2 + 3 * 0.25) / (4 + 3)
    0.393
    """

    size: int
    labels: int
    counts: np.ndarray

    @classmethod
    def fit(cls, texts: Sequence[Sequence[int]], /, *, size: int, labels: int) -> Self:
        """Count the n-grams of texts, of all lengths from 1 to `size`, the end of each text in them."""
        found: Counter[Context] = Counter()
        for text in texts:
            ended = (*text, 0)
            for place in range(len(ended)):
                for length in range(1, min(size, place + 1) + 1):
                    found[tuple(ended[place + 1 - length : place + 1])] += 1
        rows = [(*(-1,) * (size - len(gram)), *gram, count) for gram, count in sorted(found.items())]
        return cls(size, labels, np.array(rows, np.int64).reshape(-1, size + 1))

    def begin(self) -> Context:
        """Return the state before the first label."""
        return ()

    def next(self, state: Context, label: int, /) -> tuple[float, Context]:
        """Return the logarithm of a label's probability after a state, and the state after it."""
        longer = (*state, label)
        return float(self._after(state)[label]), longer[max(0, len(longer) - self.size + 1) :]

    def end(self, state: Context, /) -> float:
        """Return the logarithm of the probability that the text ends."""
        return float(self._after(state)[0])

    @cached_property
    def _followers(self) -> dict[Context, dict[int, int]]:
        found: dict[Context, dict[int, int]] = defaultdict(dict)
        for *gram, count in self.counts.tolist():
            known = [label for label in gram if label >= 0]
            found[tuple(known[:-1])][known[-1]] = count
        return dict(found)

    @cached_property
    def _cache(self) -> dict[Context, np.ndarray]:
        return {}

    def _after(self, context: Context) -> np.ndarray:
        """Return the logarithms of the probabilities (labels,) after a context."""
        if context not in self._cache:
            self._cache[context] = np.log(self._shares(context))
        return self._cache[context]

    def _shares(self, context: Context) -> np.ndarray:
        shorter = self._shares(context[1:]) if context else np.full(self.labels, 1 / self.labels)
        followers = self._followers.get(context)
        if followers is None:
            return shorter
        found = len(followers) * shorter
        for label, count in followers.items():
            found[label] += count
        return found / (sum(followers.values()) + len(followers))
