"""The report about a classifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from recurra.data.kept import sampled_rows
from recurra.report import Block, Headline, Report, Section, Table, Text
from recurra.report.classes import class_counts, class_scores, confusion_heat
from recurra.report.classification import calibration_picture, roc_picture
from recurra.report.histogram import length_picture, value_picture
from recurra.report.language import zipf_picture
from recurra.report.numbers import percent, shortened
from recurra.tasks.classify.encoder import TextEncoder
from recurra.tasks.classify.examples import example_blocks
from recurra.tasks.classify.learner import monitor_of
from recurra.tasks.classify.model import Answers, ClassifyModel
from recurra.tasks.classify.parting import Parted
from recurra.tasks.classify.scores import score_table
from recurra.tasks.page import training_section
from recurra.training.history import History

__all__ = ["classify_report"]

_NAMED, _LETTERS = 4, 24
"""Classes up to which the title names them, and letters of a name there."""

_CHANNELS = 4
"""Channels whose values are drawn."""


def classify_report(
    model: ClassifyModel,
    parted: Parted,
    answers: Answers,
    /,
    *,
    metrics: Mapping[str, Any],
    history: History,
    lengths: np.ndarray,
    trained_on: str,
) -> Report:
    """Return the page: the figures, the test, what was looked at, the data, the training, the options.

    Parameters
    ----------
    model, parted
        The classifier and its data.
    answers
        To the test part.
    metrics, history
        Of the training, as the model folder has them.
    lengths
        (count,) of all sequences, in steps as the network reads them.
    trained_on
        The sentence below the title.
    """
    return Report(
        title=_title(model.classes),
        subtitle=trained_on,
        headlines=tuple(_headlines(metrics["test"])),
        sections=(
            _test_section(model, parted, answers, metrics),
            Section(title="Examples of the test part", blocks=tuple(example_blocks(model, parted.test, answers))),
            _data_section(model, parted, lengths),
            training_section(
                history, monitor=monitor_of(model.options), loss="cross-entropy (nats)", clip=model.options.clip
            ),
        ),
    )


def _title(classes: Sequence[str]) -> str:
    if len(classes) > _NAMED:
        return f"Classifier of {len(classes)} classes"
    return f"Classifier: {' or '.join(shortened(name, most=_LETTERS) for name in classes)}"


def _headlines(test: Mapping[str, Any]) -> list[Headline]:
    baseline, linear = test["baseline"], test["linear"]
    always = f"always {baseline['label']!r}: {percent(baseline['accuracy'])}"
    found = [
        Headline(
            label="test accuracy",
            value=percent(test["accuracy"]),
            detail=f"baseline: {percent(linear['accuracy'])}; {always}" if linear else always,
        ),
        Headline(
            label="test macro F1",
            value=f"{test['macro_f1']:.3f}",
            detail=f"always {baseline['label']!r}: {baseline['macro_f1']:.3f}",
        ),
    ]
    if test["roc_auc"] is not None:
        found.append(Headline(label="test ROC AUC", value=f"{test['roc_auc']:.3f}", detail="chance 0.500"))
    return found


def _test_section(model: ClassifyModel, parted: Parted, answers: Answers, metrics: Mapping[str, Any]) -> Section:
    table = score_table(metrics["test"], options=model.options)
    confusion = np.array(metrics["test"]["confusion"])
    truth = cast(np.ndarray, parted.test.labels)
    return Section(
        title="Test",
        blocks=(
            Table(title=table.title, header=table.columns, rows=table.rows, caption=table.caption),
            *_shares(model, metrics),
            class_scores(confusion, model.classes),
            confusion_heat(confusion, model.classes),
            roc_picture(answers.probabilities, truth, model.classes),
            calibration_picture(answers.confidence, answers.predicted == truth),
        ),
    )


def _shares(model: ClassifyModel, metrics: Mapping[str, Any]) -> list[Block]:
    """Return what the n-grams have to do with the answers."""
    if model.linear is None or not isinstance(model.encoder, TextEncoder):
        return []
    if metrics["test"]["network"] is None:
        why = "their share, chosen on the validation part, is 0" if model.options.ngrams else "ngrams is off"
        return [Text(f"The answers are the network's alone ({why}); n-grams are only the baseline.")]
    share, chosen = metrics["ngrams"]["share"], metrics["ngrams"]["validation"]
    return [
        Text(
            f"The answers mix the network with n-grams, which have {percent(share)} of the logarithm of the "
            f"probabilities, as was best for the validation part. There both together are right in "
            f"{percent(chosen['accuracy'])}, the network alone in {percent(chosen['network']['accuracy'])}, the "
            f"n-grams alone in {percent(chosen['ngrams']['accuracy'])}. The attention shown is the network's."
        )
    ]


def _data_section(model: ClassifyModel, parted: Parted, lengths: np.ndarray) -> Section:
    parts = (parted.training, parted.validation, parted.test)
    labels = np.concatenate([cast(np.ndarray, part.labels) for part in parts])
    counts = np.bincount(labels, minlength=len(model.classes))
    unit = "tokens" if isinstance(model.encoder, TextEncoder) else "steps"
    return Section(
        title="Data",
        blocks=(
            Text(f"{parted.description}."),
            *_leaks(parted),
            class_counts(model.classes, counts),
            length_picture(lengths, unit=unit),
            *_contents(model, parted),
        ),
    )


def _leaks(parted: Parted) -> list[Block]:
    """Return a note where sequences that measure have been learnt from."""
    validation, test = parted.repeated
    if not validation + test:
        return []
    return [
        Text(
            f"{validation:,} of the {len(parted.validation):,} sequences that choose the weights and {test:,} of the "
            f"{len(parted.test):,} of the test are in the training part too: the scores may be too good.",
            is_note=True,
        )
    ]


def _contents(model: ClassifyModel, parted: Parted) -> list[Block]:
    """Return how frequent tokens are, or how the values of the channels spread, in the training part."""
    encoder = model.encoder
    if isinstance(encoder, TextEncoder):
        counts = Counter(token for text in parted.training.sequences for token in encoder.split(str(text)))
        return [zipf_picture(np.array(list(counts.values())), unknown=_unknown(encoder, parted))]
    values = sampled_rows(cast(Sequence[np.ndarray], parted.training.sequences))
    names = model.options.channels or [f"channel {place + 1}" for place in range(values.shape[1])]
    return [value_picture(values[:, place], name=name) for place, name in enumerate(names[:_CHANNELS])]


def _unknown(encoder: TextEncoder, parted: Parted) -> float | None:
    """Return the share of the test part's tokens that the vocabulary does not have."""
    vocabulary = encoder.tokenizer.vocabulary
    if vocabulary.unknown is None:
        return None
    tokens = [token for text in parted.test.sequences for token in encoder.split(str(text))]
    return float(np.mean([token not in vocabulary for token in tokens]))
