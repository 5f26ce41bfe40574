"""The report about a transcriber."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.report import (
    Block,
    Headline,
    Recording,
    Recordings,
    Report,
    Section,
    Table,
    Text,
    alignment_picture,
    length_picture,
    percent,
    wav_bytes,
)
from recurra.report.blocks import bars
from recurra.tasks.page import score_block
from recurra.tasks.transcribe.data import SplitRecordings
from recurra.tasks.transcribe.model import TranscribeModel, Transcript
from recurra.tasks.transcribe.scores import alignment, edits, score_table

__all__ = ["transcribe_report"]

_PICTURES, _WORST, _CONFUSIONS = 2, 5, 15
"""How many recordings are drawn, how many of the worst are shown, and how many confusions."""

_LONGEST = 10.0
"""Seconds of a recording that the page plays."""


def transcribe_report(
    model: TranscribeModel, split: SplitRecordings, /, *, found: Sequence[Transcript], metrics: Mapping[str, Any]
) -> Report:
    """Return the page: the figures, the worst recordings, where words were heard, the data.

    `found` are the transcripts of the test part, `metrics` are as the model folder has them.
    """
    test = metrics["test"]
    truths = split.test.texts or ()
    worst = sorted(range(len(found)), key=lambda place: -edits(found[place].text, truths[place]).rate)
    return Report(
        title=f"Transcripts of {Path(split.training.source).name}",
        headlines=(
            Headline(
                label="test word error", value=percent(test["words"]["rate"]),
                detail=f"likeliest path {percent(test['likeliest_path']['word_error'])}",
            ),
            Headline(
                label="test character error", value=percent(test["characters"]["rate"]),
                detail=f"likeliest path {percent(test['likeliest_path']['character_error'])}",
            ),
            Headline(label="texts without an error", value=percent(test["exact"])),
        ),
        sections=(
            Section(
                title="Test",
                blocks=(score_block(score_table(test)), *_search(metrics), *_confusions(found, truths)),
            ),
            Section(title="Recordings", blocks=(_shown(split, found, worst[:_WORST]), *_pictures(model, split, found))),
            Section(title="Data", blocks=tuple(_data(split))),
        ),
    )  # fmt: skip


def _search(metrics: Mapping[str, Any]) -> list[Block]:
    chosen = metrics["search"]
    if not chosen:
        return []
    if not (chosen["ngram_weight"] or chosen["label_bonus"]):
        return [Text("The search does not hear n-grams of the training texts, as was best for the validation part.")]
    return [
        Text(
            f"The search hears n-grams of the training texts with weight {chosen['ngram_weight']:g}, and each label "
            f"adds {chosen['label_bonus']:g}, as was best for the validation part."
        )
    ]


def _confusions(found: Sequence[Transcript], truths: Sequence[str]) -> list[Block]:
    """Return which characters are taken for which, or missing, or too many."""
    pairs = Counter(
        pair
        for each, truth in zip(found, truths, strict=True)
        for pair in alignment(each.text, truth)
        if pair[0] != pair[1]
    )
    if not pairs:
        return [Text("No character of the test part is wrong.")]
    chosen = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0])))[:_CONFUSIONS]
    rows = zip(
        (_visible(true) for (true, _), _ in chosen),
        (_visible(one) for (_, one), _ in chosen),
        bars(np.array([count for _, count in chosen])),
        strict=True,
    )
    return [
        Table(
            title="Characters that are taken for others",
            header=("truth", "heard", "times"),
            rows=tuple(rows),
            caption=f"{pairs.total():,} characters are wrong; here are the errors that are made most often.",
        )
    ]


def _visible(character: str | None) -> str:
    return "nothing" if character is None else "␣" if character == " " else character


def _shown(split: SplitRecordings, found: Sequence[Transcript], places: Sequence[int]) -> Block:
    """Return the worst recordings, to be played where they are sound."""
    test = split.test
    truths = test.texts or ()
    shown = []
    for place in places:
        samples = test.sequences[place]
        sound = b"" if test.rate is None else wav_bytes(samples[: int(_LONGEST * test.rate), 0], rate=test.rate)
        lines = (f"truth: {truths[place]}", f"heard: {found[place].text or 'nothing'}")
        error = edits(found[place].text, truths[place]).rate
        label = f"row {test.rows[place]}: {test.ids[place]}, {percent(error)} of the characters wrong"
        shown.append(Recording(label=label, lines=lines, sound=sound))
    return Recordings(
        title="The worst recordings of the test part",
        caption="Those with the most wrong characters for their length.",
        recordings=tuple(shown),
    )


def _pictures(model: TranscribeModel, split: SplitRecordings, found: Sequence[Transcript]) -> list[Block]:
    """Return pictures of the first recordings of the test part, with what was heard where."""
    sound, test = model.features.sound, split.test
    step, time = (1.0, "step") if sound is None else (sound.module.step / sound.rate, "seconds")
    upwards = slice(None)
    if test.kind == "picture":  # whose first row of pixels is the uppermost
        upwards, time = slice(None, None, -1), "column"
    return [
        alignment_picture(
            np.asarray(split.features["test"][place])[:, upwards],
            [(word.text, word.begin, word.end) for word in found[place].words],
            step=step, title=f"Row {test.rows[place]}: {test.ids[place]}", time=time,
        )
        for place in range(min(_PICTURES, len(test)))
    ]  # fmt: skip


def _data(split: SplitRecordings) -> list[Block]:
    lengths = np.array([len(each) for part in split.features.values() for each in part])
    letters = Counter(letter for text in split.training.texts or () for letter in text)
    chosen = sorted(letters.items(), key=lambda item: (-item[1], item[0]))[:_CONFUSIONS]
    return [
        Text(f"{split.description}."),
        length_picture(lengths, unit="steps"),
        Table(
            title="The most frequent characters of the training part",
            header=("character", "times"),
            rows=tuple(
                (_visible(letter), bar)
                for (letter, _), bar in zip(chosen, bars(np.array([n for _, n in chosen])), strict=True)
            ),
        ),
    ]
