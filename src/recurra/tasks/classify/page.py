"""The report about a classifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from recurra.data import LabelledSequences
from recurra.data.memory_mapped import sampled_rows
from recurra.data.pictures import png_bytes
from recurra.report import (
    Block,
    Headline,
    Image,
    Images,
    Passage,
    Recording,
    Recordings,
    Report,
    Section,
    Text,
    Token,
    TokenText,
    attention_passage,
    attention_picture,
    attention_text,
    calibration_picture,
    class_counts,
    class_scores,
    confusion_heat,
    length_picture,
    percent,
    roc_picture,
    shortened,
    value_picture,
    wav_bytes,
    zipf_picture,
)
from recurra.tasks.classify.data import SplitSequences
from recurra.tasks.classify.encoders import ImageEncoder, SoundEncoder, TextEncoder
from recurra.tasks.classify.labels_scores import labels_table
from recurra.tasks.classify.model import Answers, ClassifyModel
from recurra.tasks.classify.scores import score_table
from recurra.tasks.classify.targets import AnyLabels
from recurra.tasks.page import score_block, self_attention_maps

__all__ = ["chosen_examples", "classify_report", "example_blocks"]

_NAMED, _LETTERS = 4, 24
"""Classes up to which the title names them, and letters of a name there."""

_CHANNELS = 4
"""Channels whose values are drawn."""


def classify_report(
    model: ClassifyModel, split: SplitSequences, /, *, answers: Answers, metrics: Mapping[str, Any]
) -> Report:
    """Return the page: the figures, the test with the answers to it, what was looked at, the data.

    `metrics` are as the model folder has them.
    """
    return Report(
        title=_title(model.classes),
        headlines=tuple((_label_headlines if isinstance(model.target, AnyLabels) else _headlines)(metrics["test"])),
        sections=(
            _test_section(model, split, answers, metrics),
            Section(
                title="Examples of the test part",
                blocks=(*example_blocks(model, split.test, answers), *_maps(model, split)),
            ),
            _data_section(model, split),
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


def _label_headlines(test: Mapping[str, Any]) -> list[Headline]:
    baseline = test["linear"] or test["baseline"]
    named = {"micro_f1": "test micro F1", "macro_f1": "test macro F1", "exact": "test exact match"}
    return [
        Headline(label=label, value=f"{test[key]:.3f}", detail=f"baseline: {baseline[key]:.3f}")
        for key, label in named.items()
    ]


def _test_section(model: ClassifyModel, split: SplitSequences, answers: Answers, metrics: Mapping[str, Any]) -> Section:
    if isinstance(model.target, AnyLabels):
        table = labels_table(metrics["test"], options=model.options)
        scores = (score_block(table), *_shares(model, metrics), *map(score_block, table.further))
        return Section(title="Test", blocks=scores)
    confusion = np.array(metrics["test"]["confusion"])
    truth = cast(np.ndarray, split.test.labels)
    return Section(
        title="Test",
        blocks=(
            score_block(score_table(metrics["test"], options=model.options)),
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
    key = "exact" if isinstance(model.target, AnyLabels) else "accuracy"
    return [
        Text(
            f"The answers mix the network with n-grams, which have {percent(share)} of the logarithm of the "
            f"probabilities, as was best for the validation part. There both together are right in "
            f"{percent(chosen[key])}, the network alone in {percent(chosen['network'][key])}, the "
            f"n-grams alone in {percent(chosen['ngrams'][key])}. The attention shown is the network's."
        )
    ]


def _data_section(model: ClassifyModel, split: SplitSequences) -> Section:
    parts = (split.training, split.validation, split.test)
    labels = np.concatenate([cast(np.ndarray, part.labels) for part in parts])
    counts = class_counts(model.classes, model.target.counts(labels))
    if isinstance(model.target, AnyLabels):
        caption = f"A sequence has {labels.sum(1).mean():.2f} labels on average."
        counts = replace(counts, caption=caption, title="Labels")
    lengths = np.array([len(each) for part in split.encoded.values() for each in part])
    return Section(
        title="Data",
        blocks=(
            Text(f"{split.description}."),
            *_leaks(split),
            counts,
            length_picture(lengths, unit=model.encoder.unit),
            *_contents(model, split),
        ),
    )


def _leaks(split: SplitSequences) -> list[Block]:
    """Return a note where sequences that measure have been learnt from."""
    validation, test = split.repeated
    if not validation + test:
        return []
    return [
        Text(
            f"{validation:,} of the {len(split.validation):,} sequences that choose the weights and {test:,} of the "
            f"{len(split.test):,} of the test are in the training part too: the scores may be too good.",
            is_note=True,
        )
    ]


def _contents(model: ClassifyModel, split: SplitSequences) -> list[Block]:
    """Return how frequent tokens are, or how the values of the channels spread, in the training part."""
    encoder = model.encoder
    if isinstance(encoder, TextEncoder):
        counts = Counter(token for text in split.training.sequences for token in encoder.split(str(text)))
        return [zipf_picture(np.array(list(counts.values())), unknown=_unknown(encoder, split))]
    if isinstance(encoder, ImageEncoder):
        values = sampled_rows(cast(Sequence[np.ndarray], split.training.sequences)).reshape(-1, encoder.pixel)
        return [value_picture(values[:, place], name=f"pixel's number {place + 1}") for place in range(encoder.pixel)]
    is_sound = isinstance(encoder, SoundEncoder)
    sequences = split.encoded["training"] if is_sound else split.training.sequences
    values = sampled_rows(cast(Sequence[np.ndarray], sequences))
    names = model.options.channels or [f"channel {place + 1}" for place in range(values.shape[1])]
    return [value_picture(values[:, place], name=name) for place, name in enumerate(names[:_CHANNELS])]


def _unknown(encoder: TextEncoder, split: SplitSequences) -> float | None:
    """Return the share of the test part's tokens that the vocabulary does not have."""
    vocabulary = encoder.tokenizer.vocabulary
    if vocabulary.unknown is None:
        return None
    tokens = [token for text in split.test.sequences for token in encoder.split(str(text))]
    return float(np.mean([token not in vocabulary for token in tokens]))


_TEXTS, _PICTURES, _IMAGES = 4, 2, 8
"""How many of each kind are shown."""

_LOOKED_AT = 200
"""Texts among which some are chosen whose attention is shown."""

_TOKENS, _SECONDS = 150, 10.0
"""Tokens of a text that are shown, and seconds of a recording that the page plays."""


def example_blocks(model: ClassifyModel, test: LabelledSequences, answers: Answers, /) -> list[Block]:
    """Return examples: texts with the attention to each token, images, or sequences with that to each step.

    Recordings are played, too.
    """
    assert test.labels is not None
    if isinstance(model.encoder, TextEncoder):
        places = chosen_examples(answers, test.labels, most=_TEXTS)
        passages = [_passage(model.encoder, test, answers, place) for place in places]
        joined_by = " " if model.options.level == "word" else ""
        return [_text(passages, joined_by=joined_by, has_attention=answers.attention is not None)]
    if isinstance(model.encoder, ImageEncoder):
        places = chosen_examples(answers, test.labels, most=_IMAGES)
        return [_images(model.encoder, test, answers, places)]
    places = chosen_examples(answers, test.labels, most=_PICTURES)
    played = [] if test.rate is None else [_played(test, answers, places)]
    if answers.attention is None:
        return [*played, Text("With pooling by attention, this section shows where the model looked.")]
    return [*played, *(_picture(model, test, answers, place) for place in places)]


def _said(test: LabelledSequences, answers: Answers, place: int) -> tuple[str, str, float]:
    """Return what was said of a sequence, what it is in truth, and how sure the model is."""
    assert test.labels is not None
    (predicted,) = answers.target.names(answers.predicted[place : place + 1])
    (truth,) = answers.target.names(test.labels[place : place + 1])
    return predicted or "none", truth or "none", float(answers.confidence[place])


def _sentence(test: LabelledSequences, answers: Answers, place: int) -> str:
    """Return the same in words, the truth if it is another."""
    predicted, truth, sure = _said(test, answers, place)
    return f"{predicted}, {percent(sure)} sure" + (f"; in truth {truth}" if truth != predicted else "")


def _images(encoder: ImageEncoder, test: LabelledSequences, answers: Answers, places: Sequence[int]) -> Images:
    shown = []
    for place in places:
        predicted, truth, _ = _said(test, answers, place)
        label = f"row {test.rows[place]}: {_sentence(test, answers, place)}"
        png = png_bytes(encoder.image(cast(np.ndarray, test.sequences[place])))
        shown.append(Image(label=label, png=png, is_wrong=predicted != truth))
    return Images(
        title="Errors and hits",
        caption="First the errors of which the model was surest, then what it was least sure of, then its surest hits.",
        images=tuple(shown),
    )


def _maps(model: ClassifyModel, split: SplitSequences) -> Iterator[Block]:
    """Yield where the tokens of some texts look, if the network has self-attention that sees them one by one."""
    network, encoder = model.network, model.encoder
    if not isinstance(encoder, TextEncoder) or network.front is not None:
        return iter(())
    texts = [encoder.split(str(text)) for text in split.test.sequences[:_LOOKED_AT]]
    encoded = split.encoded["test"]
    return self_attention_maps(network.self_attention, texts, run=lambda place: model.answers_of([encoded[place]]))


def chosen_examples(answers: Answers, labels: np.ndarray, /, *, most: int) -> list[int]:
    """Return the places of the surest errors, the least sure of all, and the surest hits, each once.

    Examples
    --------
    >>> import numpy
    >>> from recurra.tasks.classify.page import chosen_examples
    >>> from recurra.tasks.classify.model import Answers
    >>> from recurra.tasks.classify.targets import OneClass
    >>> answers = Answers(OneClass(("a", "b")), numpy.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), None)
    >>> chosen_examples(answers, numpy.array([0, 0, 0]), most=1)
    [1, 2, 0]
    """
    is_right = answers.target.are_right(answers.predicted, labels)
    sure = np.argsort(-answers.confidence, kind="stable")
    wrong, right = sure[~is_right[sure]], sure[is_right[sure]]
    return list(dict.fromkeys([*wrong[:most].tolist(), *sure[::-1][:most].tolist(), *right[:most].tolist()]))


def _passage(encoder: TextEncoder, test: LabelledSequences, answers: Answers, place: int) -> Passage:
    tokens = encoder.split(str(test.sequences[place]))
    predicted, truth, confidence = _said(test, answers, place)
    weights = np.zeros(len(tokens)) if answers.attention is None else answers.attention[place]
    passage = attention_passage(tokens, weights, predicted=predicted, truth=truth, confidence=confidence)
    shown = passage.tokens[:_TOKENS]
    if len(tokens) > _TOKENS:
        shown = (*shown, Token(f"… {len(tokens) - _TOKENS:,} more"))
    return Passage(tokens=shown, heading=passage.heading, is_wrong=passage.is_wrong)


def _text(passages: Sequence[Passage], *, joined_by: str, has_attention: bool) -> TokenText:
    if has_attention:
        return attention_text(passages, joined_by=joined_by)
    return TokenText(
        title="Errors and hits",
        caption="First the errors of which the model was surest, then what it was least sure of, then its surest hits.",
        passages=tuple(passages),
        joined_by=joined_by,
    )


def _played(test: LabelledSequences, answers: Answers, places: Sequence[int]) -> Recordings:
    assert test.rate is not None
    recordings = []
    for place in places:
        samples = cast(np.ndarray, test.sequences[place])[: int(_SECONDS * test.rate), 0]
        label = f"row {test.rows[place]}" + ("" if test.ids is None else f": {test.ids[place]}")
        lines = (_sentence(test, answers, place),)
        recordings.append(Recording(label=label, lines=lines, sound=wav_bytes(samples, rate=test.rate)))
    return Recordings(
        title="Errors and hits",
        caption="First the errors of which the model was surest, then what it was least sure of, then its surest hits.",
        recordings=tuple(recordings),
    )


def _picture(model: ClassifyModel, test: LabelledSequences, answers: Answers, place: int) -> Block:
    assert answers.attention is not None
    weights = answers.attention[place]
    if isinstance(model.encoder, SoundEncoder):  # its loudness, at the steps of the features
        sequence = model.encoder.encode(test.part(np.array([place])))[0].mean(1, keepdims=True)
    else:
        sequence = cast(np.ndarray, test.sequences[place])
    title = f"Row {test.rows[place]}: {_sentence(test, answers, place)}"
    return attention_picture(sequence[: len(weights), 0], weights, title=title)
