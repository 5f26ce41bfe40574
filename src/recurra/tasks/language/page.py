"""The report about a language model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from recurra.report import (
    Block,
    Excerpt,
    Excerpts,
    Headline,
    Report,
    Section,
    Table,
    aligned,
    most_surprising,
    position_picture,
    samples,
    surprise_text,
    zipf_picture,
)
from recurra.tasks.language.data import Text, first_token
from recurra.tasks.language.files import Known
from recurra.tasks.language.generation import generated, shown_tokens
from recurra.tasks.language.network import LanguageLearner, LanguageNetwork
from recurra.tasks.language.options import GenerateOptions, LanguageOptions
from recurra.tasks.language.scores import loss_by_position, score_table, surprises
from recurra.tasks.page import training_section
from recurra.training.history import History

__all__ = ["language_report"]

_PASSAGE = {"char": 700, "word": 200, "bpe": 300}
"""Tokens of the test part that are shown with their surprise."""

_WRITTEN = {"char": 600, "word": 150, "bpe": 200}
_TEMPERATURES = (0.5, 1.0)
_SAMPLES = 6
_LOOKED_AT = 20_000
"""Most tokens among which the most surprising are looked for."""

_WINDOWS = 512
_UNITS = {"char": "character", "word": "word", "bpe": "token"}


def language_report(
    network: LanguageNetwork,
    known: Known,
    text: Text,
    /,
    *,
    options: LanguageOptions,
    metrics: Mapping[str, Any],
    history: History,
    trained_on: str,
    name: str,
) -> Report:
    """Return the page: the figures, what the model writes, the test, the text, the training, the options."""
    return Report(
        title=f"Language model of {name}",
        subtitle=trained_on,
        headlines=tuple(_headlines(metrics["test"], options)),
        sections=(
            _writing_section(network, known, options),
            _test_section(network, known, text, options, metrics),
            _data_section(text, options),
            training_section(
                history, monitor=LanguageLearner.monitor, loss=f"nats a {_UNITS[options.level]}", clip=options.clip
            ),
        ),
    )


def _headlines(test: Mapping[str, Any], options: LanguageOptions) -> list[Headline]:
    unit = _UNITS[options.level]
    chosen = [("perplexity", "test perplexity")]
    chosen += [("nats_per_token", f"nats a {unit}")] if options.level == "char" else []
    chosen += [("bits_per_character", "bits a character")]
    pairs = {key: aligned((test["model"][key], test["unigram"][key])) for key, _ in chosen}
    return [
        Headline(label=label, value=pairs[key][0], detail=f"frequencies alone {pairs[key][1]}") for key, label in chosen
    ]


def _writing_section(network: LanguageNetwork, known: Known, options: LanguageOptions) -> Section:
    """Return what the model writes now, and what it wrote on the way."""
    blocks: list[Block] = [
        Excerpts(
            title="Texts by the model",
            caption="A low temperature favours likely tokens; recurra generate writes more.",
            excerpts=tuple(_written(network, known, options, temperature) for temperature in _TEMPERATURES),
        )
    ]
    if known.samples:
        places = np.unique(np.linspace(0, len(known.samples) - 1, _SAMPLES).astype(int))
        blocks.append(samples([known.samples[place] for place in places]))
    return Section(title="What it writes", blocks=tuple(blocks))


def _written(network: LanguageNetwork, known: Known, options: LanguageOptions, temperature: float) -> Excerpt:
    chosen = GenerateOptions(length=_WRITTEN[options.level], temperature=temperature)
    text = "".join(generated(network, known, prompt="", options=chosen))
    return Excerpt(f"temperature {temperature:g}", text.strip())


def _test_section(
    network: LanguageNetwork, known: Known, text: Text, options: LanguageOptions, metrics: Mapping[str, Any]
) -> Section:
    """Return the scores, the loss by position, and what of the test part was least expected."""
    table = score_table(metrics["test"], options=options)
    blocks: list[Block] = [Table(title=table.title, header=table.columns, rows=table.rows, caption=table.caption)]
    looked_at = text.corpus.test[:_LOOKED_AT]
    tokens = shown_tokens(looked_at, known.tokenizer)
    bits = surprises(network, looked_at, first=first_token(known.tokenizer, known.counts)) / math.log(2)
    if len(text.corpus.test) > options.bptt:
        nats = loss_by_position(network, text.corpus.test, length=options.bptt, most=_WINDOWS)
        unit = f"bits a {_UNITS[options.level]}"
        blocks.append(position_picture(nats / math.log(2), unit=unit, position="position in a window without context"))
    joined_by = " " if options.level == "word" else ""
    shown = _PASSAGE[options.level]
    blocks.append(surprise_text(tokens[:shown], bits[:shown], joined_by=joined_by))
    blocks.append(most_surprising(tokens, bits, joined_by=joined_by))
    return Section(title="Test", blocks=tuple(blocks))


def _data_section(text: Text, options: LanguageOptions) -> Section:
    corpus = text.corpus
    parts = (("training", corpus.train), ("validation", corpus.validation), ("test", corpus.test))
    rows = [
        (name, f"{len(tokens):,}", f"{characters:,}")
        for (name, tokens), characters in zip(parts, corpus.characters, strict=True)
    ]
    return Section(
        title="Data",
        blocks=(
            zipf_picture(text.counts),
            Table(
                title="Parts",
                header=("part", "tokens", "characters"),
                rows=tuple(rows),
                caption=f"{corpus.description}. The vocabulary has {text.tokens:,} tokens, from the training part.",
            ),
        ),
    )
