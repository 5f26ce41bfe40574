"""What a classifier says to people: its scores beside the baseline's, and its predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars

from recurra.report.numbers import MISSING
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.outcome import Listing, ScoreTable

__all__ = ["listed", "network_name", "never_predicted", "score_table"]

_MISSED = 5
"""Classes that are named of those that were never predicted."""


def score_table(evaluation: Mapping[str, Any], /, *, options: ClassifyOptions) -> ScoreTable:
    """Return an `Evaluation`, as a dictionary, as a table."""
    baseline, columns = evaluation["baseline"], ("accuracy", "macro_f1", "roc_auc", "loss")
    network, ngrams, linear = (evaluation.get(part) for part in ("network", "ngrams", "linear"))
    name = network_name(options)
    rows = [(f"{name}, with n-grams" if network else name, *_texts(evaluation, *columns))]
    rows += [(f"{each['name']}, alone", *_texts(each, *columns)) for each in (network, ngrams) if each]
    rows += [(f"baseline: {each['name']}", *_texts(each, *columns)) for each in (linear,) if each]
    return ScoreTable(
        title=f"Scores on {evaluation['sequences']:,} sequences of {len(evaluation['classes'])} classes",
        columns=("classifier", "accuracy", "macro F1", "ROC AUC", "loss"),
        rows=(
            *rows,
            (f"always {baseline['label']!r}", *_texts(baseline, "accuracy", "macro_f1"), "0.500", MISSING),
        ),
        caption="Accuracy: the share that is right. Macro F1: the mean over the classes of the harmonic mean of "
        "precision and recall. ROC AUC: the mean area under the curve of each class against the rest. Loss: the mean "
        "cross-entropy in nats." + never_predicted(evaluation),
    )


def network_name(options: ClassifyOptions, /) -> str:
    """Return the network in a few words: "BiLSTM, 64 wide"."""
    return f"{'Bi' if options.bidirectional else ''}{options.cell}, {options.hidden_size} wide"


def never_predicted(evaluation: Mapping[str, Any], /) -> str:
    """Return a sentence, after a space, on classes that were never predicted; nothing where there are none."""
    missed, confusion, classes = evaluation.get("never_predicted"), evaluation["confusion"], evaluation["classes"]
    if not missed:
        return ""
    counted = [f"{name!r} ({sum(confusion[classes.index(name)]):,})" for name in missed[:_MISSED]]
    more = f" and {len(missed) - _MISSED} more" if len(missed) > _MISSED else ""
    return (
        f" Never predicted, though there: {', '.join(counted)}{more}. class_weights = balanced makes rare classes "
        f"count as much as frequent ones, choose_by = macro_f1 keeps the weights that find them."
    )


def listed(predictions: polars.DataFrame, /, *, classes: Sequence[str]) -> Listing:
    """Return predictions for the command, with as many digits as float32 has."""
    return Listing(
        frame=predictions.with_columns(polars.col("probability").round_sig_figs(6)), extra={"classes": list(classes)}
    )


def _texts(scores: Mapping[str, Any], *names: str) -> list[str]:
    return [MISSING if scores[name] is None else f"{scores[name]:.3f}" for name in names]
