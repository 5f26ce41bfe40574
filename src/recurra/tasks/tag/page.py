"""The report about a tagger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.data import TaggedSentences
from recurra.report import (
    Block,
    Headline,
    Report,
    Section,
    TokenText,
    class_counts,
    class_scores,
    confusion_heat,
    entity_scores,
    frequent_errors,
    length_picture,
    tagged_passage,
    tagged_text,
    zipf_picture,
)
from recurra.tasks.page import score_block, self_attention_maps
from recurra.tasks.tag.data import SplitSentences, TagVocabulary
from recurra.tasks.tag.model import TagModel
from recurra.tasks.tag.scores import score_table, share_text

__all__ = ["tag_report"]

_SHOWN = 12
"""Sentences that are shown."""

_LONGEST = 40
"""Tokens of a sentence that is shown."""

Tags = Sequence[Sequence[str]]


def tag_report(model: TagModel, split: SplitSentences, /, *, found: Tags, metrics: Mapping[str, Any]) -> Report:
    """Return the page: the figures, what is wrong, the sentences, the data.

    `found` are the tags of the test part, `metrics` are as the model folder has them.
    """
    return Report(
        title=f"Tags of {Path(split.training.source).name}",
        headlines=tuple(_headlines(metrics["test"])),
        sections=(
            Section(title="Test", blocks=tuple(_test_blocks(split.test, found, metrics["test"]))),
            Section(title="Sentences", blocks=(_examples(split.test, found), *_maps(model, split.test))),
            _data_section(split.training, model.vocabulary),
        ),
    )


def _headlines(test: Mapping[str, Any]) -> Iterator[Headline]:
    model, usual = test["model"], test["usual_tag"]
    if model["entities"] is not None:
        ours, theirs = (each["entities"]["f1"] for each in (model, usual))
        yield Headline(
            label="test F1 of entities", value=share_text(ours), detail=f"most frequent tag {share_text(theirs)}"
        )
    for key, label in (("tokens", "test accuracy"), ("unknown_words", "accuracy of unknown words")):
        ours, theirs = model[key]["share"], usual[key]["share"]
        if ours is not None:
            yield Headline(label=label, value=share_text(ours), detail=f"most frequent tag {share_text(theirs)}")


def _test_blocks(test: TaggedSentences, found: Tags, scores: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the scores, which tag is taken for which, and at which words."""
    yield score_block(score_table(scores))
    if scores["model"]["entity_types"]:
        yield entity_scores(scores["model"]["entity_types"])
    labels, confusion = _confusion(test, found)
    yield class_scores(confusion, labels)
    yield confusion_heat(confusion, labels)
    errors = [(word, true, one) for word, true, one in _tokens(test, found) if true != one]
    if errors:
        yield frequent_errors(errors)


def _confusion(test: TaggedSentences, found: Tags) -> tuple[list[str], np.ndarray]:
    """Return the tags, the most frequent first, and how often (truth, prediction) each is taken for each."""
    pairs = Counter((true, one) for _, true, one in _tokens(test, found))
    totals: Counter[str] = Counter()
    for (true, one), count in pairs.items():
        totals[true] += count
        totals[one] += 0
    labels = sorted(totals, key=lambda label: (-totals[label], label))
    places = {label: place for place, label in enumerate(labels)}
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    for (true, one), count in pairs.items():
        confusion[places[true], places[one]] = count
    return labels, confusion


def _examples(test: TaggedSentences, found: Tags) -> TokenText:
    """Return sentences at equal distances, of those that are not long, so that the share of errors is that of all."""
    assert test.tags is not None
    short = [place for place, words in enumerate(test.words) if 3 <= len(words) <= _LONGEST] or [0]
    chosen = short[:: max(1, len(short) // _SHOWN)][:_SHOWN]
    return tagged_text([tagged_passage(test.words[place], found[place], test.tags[place]) for place in chosen])


def _maps(model: TagModel, test: TaggedSentences) -> Iterator[Block]:
    """Yield where the words of some sentences look, if the network has self-attention."""
    return self_attention_maps(
        model.network.self_attention, test.words, run=lambda place: model.tagged([test.words[place]])
    )


def _data_section(training: TaggedSentences, vocabulary: TagVocabulary) -> Section:
    tags = Counter(tag for sentence in training.tags or () for tag in sentence)
    words = Counter(vocabulary.word(word) for sentence in training.words for word in sentence)
    return Section(
        title="Data",
        blocks=(
            length_picture(np.array([len(sentence) for sentence in training.words])),
            class_counts(list(tags), np.array(list(tags.values())), title="Tags of the training part"),
            zipf_picture(np.array(list(words.values()))),
        ),
    )


def _tokens(test: TaggedSentences, found: Tags) -> Iterator[tuple[str, str, str]]:
    """Yield of each token the word, the true tag and the one that was found."""
    for words, true, ours in zip(test.words, test.tags or (), found, strict=True):
        yield from zip(words, true, ours, strict=True)
