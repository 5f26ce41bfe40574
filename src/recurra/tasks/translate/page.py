"""The report about a translator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.data.pairs import TextPairs
from recurra.report import Block, Headline, Heat, Report, Section, Table, attention_map, length_picture, shortened
from recurra.report.blocks import bars
from recurra.tasks.edit_distance import edit_distance
from recurra.tasks.page import score_block
from recurra.tasks.translate.data import SplitPairs
from recurra.tasks.translate.model import TranslateModel, Translation
from recurra.tasks.translate.scores import score_table, score_texts, words_of

__all__ = ["translate_report"]

_MAPS, _WIDEST = 4, 24
"""Attention maps that are shown, and the most units of a side of one."""

_SHOWN, _LETTERS = 12, 120
"""Rows of a table of texts, and the letters of one."""

_GROUPS = 5
"""Groups of equal size by length."""

_OFTEN = 2
"""Words that the true texts have less often are not among those that fail."""


def translate_report(
    model: TranslateModel, split: SplitPairs, /, *, found: Sequence[Translation], metrics: Mapping[str, Any]
) -> Report:
    """Return the page: the figures, scores by length, words that fail, texts, attention, the data.

    `found` are the translations of the test part, `metrics` are as the model folder has them.
    """
    texts = [each.text for each in found]
    lowercase = model.options.lowercase
    maps = tuple(_maps(model, split.test, found))
    return Report(
        title=f"Translations of {Path(split.training.name).name}",
        headlines=tuple(_headlines(metrics["test"])),
        sections=(
            Section(title="Test", blocks=tuple(_test_blocks(split, texts, metrics["test"], lowercase=lowercase))),
            Section(title="Texts", blocks=tuple(_text_blocks(split.test, texts, lowercase=lowercase))),
            *((Section(title="Attention", blocks=maps),) if maps else ()),
            Section(title="Data", blocks=(_lengths(model, split.training),)),
        ),
    )


def _headlines(test: Mapping[str, Any]) -> Iterator[Headline]:
    model, memory = test["model"], test["memory"] or {}
    shown = [
        ("bleu", "test BLEU", "{:.1f}".format),
        ("exact", "exact", _share),
        ("word_error", "error of words", _share),
    ]
    for key, label, written in shown:
        if model[key] is not None:
            beside = memory.get(key)
            detail = "" if beside is None else f"most similar source {written(beside)}"
            yield Headline(label=label, value=written(model[key]), detail=detail)


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _test_blocks(
    split: SplitPairs, texts: Sequence[str], scores: Mapping[str, Any], *, lowercase: bool
) -> Iterator[Block]:
    yield score_block(score_table(scores))
    yield _by_length(split.test, texts, lowercase=lowercase)
    failing = _failing_words(split, texts, lowercase=lowercase)
    if failing is not None:
        yield failing


def _by_length(test: TextPairs, texts: Sequence[str], *, lowercase: bool) -> Table:
    """Return the scores of sources of like lengths."""
    lengths = np.array([len(words_of(text)) for text in test.sources])
    if len(np.unique(lengths)) == 1:  # words one by one, or as many in all: their letters
        lengths = np.array([len(text) for text in test.sources])
    order = np.argsort(lengths, kind="stable")
    rows = []
    for group in np.array_split(order, min(_GROUPS, len(order))):
        places: list[int] = group.tolist()
        scores = score_texts(test.chosen(places), [texts[place] for place in places], lowercase=lowercase)
        bleu = "–" if scores.bleu is None else f"{scores.bleu:.1f}"
        span = f"{lengths[places[0]]} to {lengths[places[-1]]}"
        rows.append((span, f"{len(places):,}", bleu, _share(scores.exact), _share(scores.word_error)))
    return Table(
        title="Scores by the length of the source",
        header=("length", "pairs", "BLEU", "exact", "error of words"),
        rows=tuple(rows),
        caption="Groups of equal size, the shortest sources first.",
    )


def _failing_words(split: SplitPairs, texts: Sequence[str], *, lowercase: bool) -> Table | None:
    """Return the words of the true texts that translations lack most often; None if they lack none."""
    plain = str.lower if lowercase else str
    wanted: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for target, text in zip(split.test.targets, texts, strict=True):
        true, ours = Counter(words_of(plain(target))), Counter(words_of(plain(text)))
        wanted.update(true)
        missed.update(true - ours)
    failing = [word for word in missed if wanted[word] >= _OFTEN] or list(missed)
    if not failing:
        return None
    failing.sort(key=lambda word: (-missed[word] / wanted[word] * missed[word] ** 0.5, word))
    known = Counter(word for target in split.training.targets for word in words_of(plain(target)))
    chosen = failing[:_SHOWN]
    shares = bars(np.array([100 * missed[word] / wanted[word] for word in chosen]).round(), largest=100)
    return Table(
        title="Words that fail",
        header=("word", "in true texts", "missing, %", "in training"),
        rows=tuple(
            (word, f"{wanted[word]:,}", share, f"{known[word]:,}") for word, share in zip(chosen, shares, strict=True)
        ),
        caption="Words of the true texts that the translations do not have, those that are missed often first.",
    )


def _text_blocks(test: TextPairs, texts: Sequence[str], *, lowercase: bool) -> Iterator[Block]:
    """Yield the worst texts and the best ones, by edits of characters over the longer text's length."""
    plain = str.lower if lowercase else str
    pairs = [(plain(target), plain(text)) for target, text in zip(test.targets, texts, strict=True)]
    wrong = np.array([edit_distance(*pair) / max(1, *map(len, pair)) for pair in pairs])
    order: list[int] = np.argsort(-wrong, kind="stable").tolist()
    # of equally good ones the longest: a short text is easily right
    best = sorted(range(len(pairs)), key=lambda place: (wrong[place], -len(test.targets[place])))
    few = min(_SHOWN, -(-len(pairs) // 2))  # of a handful of texts none is among the worst and the best
    for title, places in (("The worst", order[:few]), ("The best", best[: min(few, len(pairs) - few)])):
        if not places:
            continue
        yield Table(
            title=title,
            header=("source", "true", "translation", "edits"),
            rows=tuple(
                (
                    *(shortened(each, most=_LETTERS) for each in (test.sources[at], test.targets[at], texts[at])),
                    f"{100 * wrong[at]:.0f} %",
                )
                for at in places
            ),
            caption="Edits of characters over the length of the longer text.",
        )


def _maps(model: TranslateModel, test: TextPairs, found: Sequence[Translation]) -> Iterator[Heat]:
    """Yield where the units of some translations looked."""
    shown = 0
    for source, each in zip(test.sources, found, strict=True):
        read = [*model.vocabulary.source.split(source), "end"]
        if not 1 < len(each.units) <= _WIDEST or not 2 < len(read) <= _WIDEST:
            continue
        yield attention_map(
            each.weights, rows=each.units, columns=read, down="translation", across="source",
            title=shortened(source, most=_LETTERS), caption=shortened(each.text, most=_LETTERS),
        )  # fmt: skip
        shown += 1
        if shown == _MAPS:
            return


def _lengths(model: TranslateModel, training: TextPairs) -> Block:
    few = training.sources[:: max(1, len(training) // 2000)]
    return length_picture(np.array([len(model.vocabulary.source.numbers(text)) for text in few]))
