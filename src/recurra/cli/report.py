"""The table of scores that `fit` and `evaluate` print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recurra.cli.terminal import print_table, say

if TYPE_CHECKING:
    from recurra.tasks.scores import ScoreTable

__all__ = ["print_scores"]


def print_scores(scores: ScoreTable, /) -> None:
    """Print scores with their title and how to read them."""
    say(scores.title)
    print_table(scores.columns, scores.rows)
    if scores.caption:
        say(scores.caption)
