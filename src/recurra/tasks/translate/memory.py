"""A translation memory: the translation of the most similar source of the training part, to be better than."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recurra.data.pairs import TextPairs

__all__ = ["similar_translations"]

_AT_ONCE = 256
_FEATURES = 1 << 18


def similar_translations(training: TextPairs, sources: Sequence[str], /) -> list[str]:
    """Return of each source the target of the training source that shares the most of its rarer pieces.

    Cosine of the TF-IDF of one to three characters within words.

    Examples
    --------
    >>> from recurra.data import read_pairs
    >>> from recurra.tasks.translate.memory import similar_translations
    >>> similar_translations(read_pairs([("ein Hund", "a dog"), ("eine Katze", "a cat")]), ["die Katze"])
    ['a cat']
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), max_features=_FEATURES, dtype=np.float32)  # pyright: ignore[reportArgumentType]
    known = pieces.fit_transform(training.sources).T.tocsr()
    wanted = pieces.transform(sources)
    nearest: list[int] = []
    for start in range(0, len(sources), _AT_ONCE):
        alike = wanted[start : start + _AT_ONCE] @ known
        nearest += np.asarray(alike.argmax(1)).ravel().tolist()
    return [training.targets[place] for place in nearest]
