"""The likeliest text that a search finds: some texts go on together, each token the best of all that may follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recurra.tasks.language.writing import Writer

__all__ = ["searched_tokens"]


def searched_tokens(writer: Writer, prompt: Sequence[int], /, *, beam: int, length: int) -> Iterator[int]:
    """Yield tokens that follow those of a prompt (one at least), each once all texts of the search agree on it.

    Parameters
    ----------
    writer
        Of a batch of `beam`.
    beam
        How many texts go on together.
    length
        Tokens to write.
    """
    for token in prompt[:-1]:
        writer.read([token] * beam)
    texts = np.empty((beam, 0), np.int64)
    scores = np.full(beam, -np.inf)
    scores[0] = 0.0  # all begin alike, so only the first counts
    last = np.full(beam, prompt[-1])
    for _ in range(length):
        parents, last, scores = _best(scores[:, None] + _log_softmax(writer.read(last)), beam)
        writer.select(parents)
        texts = np.column_stack([texts[parents], last])
        agreed = _agreed(texts)
        yield from texts[0, :agreed].tolist()
        texts = texts[:, agreed:]
    yield from texts[0].tolist()


def _best(scores: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the texts that the best continuations follow, their tokens, and their scores, the best first."""
    flat = scores.ravel()
    chosen = np.argpartition(-flat, count - 1)[:count]
    order = chosen[np.argsort(-flat[chosen], kind="stable")]
    return *np.divmod(order, scores.shape[1]), flat[order]


def _agreed(texts: np.ndarray) -> int:
    """Return the number of first tokens that all texts (beam, tokens) share."""
    differs = (texts != texts[0]).any(0)
    return int(differs.argmax()) if differs.any() else texts.shape[1]


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
