"""How good transcripts are: word and character errors with their kinds, and scores as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars

from recurra.report.numbers import MISSING, counted, percent
from recurra.tasks.scores import Listing, ScoreTable

__all__ = ["Edits", "TranscribeEvaluation", "alignment", "edits", "evaluate_texts", "listed", "score_table"]


@dataclass(frozen=True, kw_only=True)
class Edits:
    """The fewest changes that make of a truth what was found.

    Attributes
    ----------
    total
        Words or characters of the truth.
    substitutions, deletions, insertions
        How many are others, missing, and too many.
    rate
        All three over the total; over 1 where it is 0.
    """

    total: int
    substitutions: int
    deletions: int
    insertions: int
    rate: float


@dataclass(frozen=True, kw_only=True)
class TranscribeEvaluation:
    """The scores of transcripts.

    Attributes
    ----------
    recordings
        How many there were.
    exact
        The share whose text is right in every character.
    words, characters
        What is wrong in them.
    likeliest_path
        The word and character error rates without the search and its n-grams.
    """

    recordings: int
    exact: float
    words: Edits
    characters: Edits
    likeliest_path: dict[str, float]


def alignment(found: Sequence[Any], truth: Sequence[Any], /) -> list[tuple[Any, Any]]:
    """Return pairs (truth, found) of the fewest changes; None stands where there is nothing (Levenshtein 1966).

    Examples
    --------
    >>> from recurra.tasks.transcribe.scores import alignment
    >>> alignment("cat", "coat")
    [('c', 'c'), ('o', None), ('a', 'a'), ('t', 't')]
    """
    costs = [list(range(len(found) + 1))]
    for down, true in enumerate(truth, 1):
        before, row = costs[-1], [down]
        for across, one in enumerate(found, 1):
            row.append(min(before[across - 1] + (true != one), before[across] + 1, row[-1] + 1))
        costs.append(row)
    pairs, down, across = [], len(truth), len(found)
    while down or across:
        cost = costs[down][across]
        if down and across and cost == costs[down - 1][across - 1] + (truth[down - 1] != found[across - 1]):
            down, across = down - 1, across - 1
            pairs.append((truth[down], found[across]))
        elif down and cost == costs[down - 1][across] + 1:
            down -= 1
            pairs.append((truth[down], None))
        else:
            across -= 1
            pairs.append((None, found[across]))
    return pairs[::-1]


def edits(found: Sequence[Any], truth: Sequence[Any], /) -> Edits:
    """Return what is wrong in a text, as its words or its characters."""
    return _sum([(found, truth)])


def _sum(pairs: Sequence[tuple[Sequence[Any], Sequence[Any]]]) -> Edits:
    """Return what is wrong in all pairs (found, truth) together."""
    total = substitutions = deletions = insertions = 0
    for found, truth in pairs:
        total += len(truth)
        for true, one in alignment(found, truth):
            deletions += one is None
            insertions += true is None
            substitutions += one is not None and true is not None and one != true
    errors = substitutions + deletions + insertions
    return Edits(
        total=total, substitutions=substitutions, deletions=deletions, insertions=insertions,
        rate=errors / max(1, total),
    )  # fmt: skip


def evaluate_texts(
    found: Sequence[str], truths: Sequence[str], /, *, likeliest_path: Sequence[str]
) -> TranscribeEvaluation:
    """Score texts, and beside them those of the likeliest path."""

    def both(texts: Sequence[str]) -> tuple[Edits, Edits]:
        words = _sum([(text.split(), truth.split()) for text, truth in zip(texts, truths, strict=True)])
        return words, _sum(list(zip(texts, truths, strict=True)))

    words, characters = both(found)
    plain = both(likeliest_path)
    return TranscribeEvaluation(
        recordings=len(truths),
        exact=float(np.mean([text == truth for text, truth in zip(found, truths, strict=True)])),
        words=words,
        characters=characters,
        likeliest_path={"word_error": plain[0].rate, "character_error": plain[1].rate},
    )


def score_table(scores: Mapping[str, Any], /) -> ScoreTable:
    """Return a `TranscribeEvaluation`, as a dictionary, as a table."""
    rows = []
    for name, label in (("words", "words"), ("characters", "characters")):
        each = scores[name]
        plain = scores["likeliest_path"]["word_error" if name == "words" else "character_error"]
        counts = (f"{each[kind]:,}" for kind in ("total", "substitutions", "deletions", "insertions"))
        rows.append((label, percent(each["rate"]), *counts, percent(plain)))
    rows.append(("texts", percent(1 - scores["exact"]), f"{scores['recordings']:,}", *[MISSING] * 4))
    return ScoreTable(
        title=f"Errors in {counted(scores['recordings'], 'recording')}",
        columns=("of", "error", "there", "other", "missing", "too many", "likeliest path"),
        rows=tuple(rows),
        caption="Error: the fewest words or characters that are to be changed, put in or taken out, over those that "
        "are there; of texts the share that is not right in every character. Likeliest path: the error without the "
        "search and its n-grams.",
    )


def listed(frame: polars.DataFrame, /) -> Listing:
    """Return transcripts for the command: the text alone on its own, words with their times in JSON."""
    return Listing(frame=frame.with_columns(polars.col("confidence").round_sig_figs(4)))
