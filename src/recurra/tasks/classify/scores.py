"""What a classifier says to people: its scores beside the baseline's, and its predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars

from recurra.report.numbers import MISSING
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.outcome import Listing, ScoreTable

__all__ = ["listed", "network_name", "score_table"]


def score_table(evaluation: Mapping[str, Any], /, *, options: ClassifyOptions) -> ScoreTable:
    """Return an `Evaluation`, as a dictionary, as a table."""
    baseline = evaluation["baseline"]
    return ScoreTable(
        title=f"Scores on {evaluation['sequences']:,} sequences of {len(evaluation['classes'])} classes",
        columns=("classifier", "accuracy", "macro F1", "ROC AUC", "loss"),
        rows=(
            (network_name(options), *_texts(evaluation, "accuracy", "macro_f1", "roc_auc", "loss")),
            (f"always {baseline['label']!r}", *_texts(baseline, "accuracy", "macro_f1"), "0.500", MISSING),
        ),
        caption="Accuracy: the share that is right. Macro F1: the mean over the classes of the harmonic mean of "
        "precision and recall. ROC AUC: the mean area under the curve of each class against the rest. Loss: the mean "
        "cross-entropy in nats.",
    )


def network_name(options: ClassifyOptions, /) -> str:
    """Return the network in a few words: "BiLSTM, 64 wide"."""
    return f"{'Bi' if options.bidirectional else ''}{options.cell}, {options.hidden_size} wide"


def listed(predictions: polars.DataFrame, /, *, classes: Sequence[str]) -> Listing:
    """Return predictions for the command, with as many digits as float32 has."""
    return Listing(
        frame=predictions.with_columns(polars.col("probability").round_sig_figs(6)), extra={"classes": list(classes)}
    )


def _texts(scores: Mapping[str, Any], *names: str) -> list[str]:
    return [MISSING if scores[name] is None else f"{scores[name]:.3f}" for name in names]
