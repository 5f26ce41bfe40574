"""How good a language model is: perplexity, nats and bits, beside those of token frequencies alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.report.numbers import aligned
from recurra.tasks.language.options import LanguageOptions
from recurra.tasks.outcome import ScoreTable

__all__ = ["LanguageScores", "TextScores", "perplexity", "score_table", "scored", "unigram_surprises"]

_UNITS = {"char": "character", "word": "word", "bpe": "token"}


@dataclass(frozen=True, kw_only=True)
class TextScores:
    """The mean surprise of a text.

    Attributes
    ----------
    nats_per_token, bits_per_token
        -log p and -log2 p of a token.
    perplexity
        exp(nats per token): as uncertain as a choice among so many tokens.
    bits_per_character, nats_per_character
        The surprise of all tokens over the characters of the text.
    """

    nats_per_token: float
    bits_per_token: float
    perplexity: float
    bits_per_character: float
    nats_per_character: float


@dataclass(frozen=True, kw_only=True)
class LanguageScores:
    """The scores of a text.

    Attributes
    ----------
    tokens, characters
        What the text has of them.
    unknown_share
        The share of tokens that are not in the vocabulary.
    model, unigram
        The model, and the baseline that knows how frequent tokens were in the training part, and nothing else.
    """

    tokens: int
    characters: int
    unknown_share: float
    model: TextScores
    unigram: TextScores


def perplexity(nats: float, /) -> float:
    """Return exp(nats), infinity where that is too large.

    Examples
    --------
    >>> from recurra.tasks.language.scores import perplexity
    >>> perplexity(0.0), perplexity(1e6)
    (1.0, inf)
    """
    return math.exp(nats) if nats < 700 else math.inf


def scored(surprises: np.ndarray, /, *, characters: int) -> TextScores:
    """Return the scores of surprises (count,) in nats."""
    total = float(surprises.sum(dtype=np.float64))
    mean = total / len(surprises)
    return TextScores(
        nats_per_token=mean,
        bits_per_token=mean / math.log(2),
        perplexity=perplexity(mean),
        bits_per_character=total / characters / math.log(2),
        nats_per_character=total / characters,
    )


def unigram_surprises(counts: np.ndarray, /) -> np.ndarray:
    """Return -log p of each token, from how often it was counted and once more (Laplace)."""
    return np.log(counts.sum() + len(counts)) - np.log(counts + 1.0)


def score_table(scores: Mapping[str, Any], /, *, options: LanguageOptions) -> ScoreTable:
    """Return `LanguageScores`, as a dictionary, as a table."""
    unit, model, unigram = _UNITS[options.level], scores["model"], scores["unigram"]
    has_words = options.level != "char"
    names = ["perplexity", "nats_per_token", "bits_per_token", *["bits_per_character"] * has_words]
    heads = ["perplexity", f"nats a {unit}", f"bits a {unit}", *["bits a character"] * has_words]
    columns = [aligned((model[name], unigram[name])) for name in names]
    known = f"; {100 * scores['unknown_share']:.2g} % are not in the vocabulary" if scores["unknown_share"] else ""
    return ScoreTable(
        title=f"Surprise of {scores['tokens']:,} {unit}s{known}",
        columns=("model", *heads),
        rows=(
            (f"{options.cell}, {options.layers} x {options.hidden_size}", *(ours for ours, _ in columns)),
            ("frequencies alone", *(theirs for _, theirs in columns)),
        ),
        caption=f"Lower is better. Perplexity is e to the nats a {unit}; frequencies alone say how often each "
        f"{unit} is in the training part.",
    )
