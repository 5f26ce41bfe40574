"""Tags of tokens in tables: how well entities are found, and which words have the wrong tag most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from recurra.report.numbers import counted, shortened
from recurra.report.shares import bars
from recurra.report.table import Bar, Table

__all__ = ["entity_scores", "frequent_errors"]


def entity_scores(scores: Mapping[str, Mapping[str, Any]], /) -> Table:
    """List precision, recall and F1 of each type of entity.

    Parameters
    ----------
    scores
        Type -> "precision", "recall", "f1", from 0 to 1, and "there" and "found", how many there are and were found.
    """
    ordered = sorted(scores.items(), key=lambda item: -item[1]["there"])
    rows = [
        (
            shortened(kind, most=28),
            f"{each['precision']:.3f}",
            f"{each['recall']:.3f}",
            Bar(f"{each['f1']:.3f}", each["f1"]),
            f"{each['there']:,}",
            f"{each['found']:,}",
        )
        for kind, each in ordered
    ]
    return Table(
        title="Each type of entity",
        header=("type", "precision", "recall", "F1", "there", "found"),
        rows=tuple(rows),
        caption="An entity is right if its type, its first and its last token are. Precision: of those found, the "
        "share that is right. Recall: of those there, the share that is found.",
    )


def frequent_errors(errors: Iterable[tuple[str, str, str]], /, *, most: int = 15) -> Table:
    """List the words that have the wrong tag most often; each error is a word, its true tag, and the one found."""
    counts = Counter(errors)
    count = counts.total()
    chosen = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    rows = zip(
        (shortened(word, most=28) for (word, _, _), _ in chosen),
        (true for (_, true, _), _ in chosen),
        (found for (_, _, found), _ in chosen),
        bars(np.array([count for _, count in chosen])),
        strict=True,
    )
    return Table(
        title="The most frequent errors",
        header=("word", "truth", "prediction", "times"),
        rows=tuple(rows),
        caption=f"{counted(count, 'token')} {'has' if count == 1 else 'have'} the wrong tag; here are the errors that "
        "are made most often.",
    )
