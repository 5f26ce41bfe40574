"""Which token comes next: drawn from what a network says, sharpened and cut off as asked."""

from __future__ import annotations

import numpy as np

from recurra.tasks.language.generate_options import GenerateOptions

__all__ = ["next_token"]


def next_token(log_prob: np.ndarray, /, *, options: GenerateOptions, random: np.random.Generator) -> int:
    """Return a token, drawn by log p (tokens,), up to a constant.

    Temperature, then the likeliest k (Fan, Lewis & Dauphin 2018), then the nucleus (Holtzman et al. 2020).
    """
    if options.temperature == 0:
        return int(log_prob.argmax())
    scores = log_prob.astype(np.float64) / options.temperature
    order = None
    if options.top_k is not None and options.top_k < len(scores):
        order = np.argpartition(-scores, options.top_k - 1)[: options.top_k]
        scores = scores[order]
    shares = np.exp(scores - scores.max())
    if options.top_p < 1:
        shares = _nucleus(shares / shares.sum(), options.top_p)
    sums = shares.cumsum()
    place = min(int(np.searchsorted(sums, random.random() * sums[-1], side="right")), len(sums) - 1)
    return int(order[place]) if order is not None else place


def _nucleus(shares: np.ndarray, wanted: float) -> np.ndarray:
    """Return the shares with those after the first whose sum reaches what is wanted set to zero."""
    order = np.argsort(-shares, kind="stable")
    kept = int(np.searchsorted(shares[order].cumsum(), wanted)) + 1
    found = np.zeros_like(shares)
    found[order[:kept]] = shares[order[:kept]]
    return found
