"""The report about a language model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from recurra.data import Tokenizer
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
from recurra.tasks.language.data import SplitText
from recurra.tasks.language.generation import generated
from recurra.tasks.language.model import TextModel
from recurra.tasks.language.options import GenerateOptions, LanguageOptions
from recurra.tasks.language.scores import loss_by_position, score_table
from recurra.tasks.page import score_block

__all__ = ["language_report"]

_PASSAGE = {"char": 700, "word": 200, "bpe": 300}
"""Tokens of the test part that are shown with their surprise."""

_WRITTEN = {"char": 600, "word": 150, "bpe": 200}
_TEMPERATURES = (0.5, 1.0)
_SAMPLES = 6
_LOOKED_AT = 20_000
"""Most tokens among which the most surprising are looked for."""

_WINDOWS = 512


def language_report(model: TextModel, text: SplitText, /, *, metrics: Mapping[str, Any], name: str) -> Report:
    """Return the page: the figures, what the model writes, the test, the text, whose name is given.

    `metrics` are as the model folder has them.
    """
    options = model.options
    return Report(
        title=f"Language model of {name}",
        headlines=tuple(_headlines(metrics["test"], options)),
        sections=(
            _writing_section(model),
            _test_section(model, text, metrics),
            _data_section(text),
        ),
    )


def _headlines(test: Mapping[str, Any], options: LanguageOptions) -> list[Headline]:
    chosen = [("perplexity", "test perplexity")]
    chosen += [("nats_per_token", f"nats a {options.unit}")] if options.level == "char" else []
    chosen += [("bits_per_character", "bits a character")]
    pairs = {key: aligned((test["model"][key], test["unigram"][key])) for key, _ in chosen}
    return [
        Headline(label=label, value=pairs[key][0], detail=f"frequencies alone {pairs[key][1]}") for key, label in chosen
    ]


def _writing_section(model: TextModel) -> Section:
    """Return what the model writes now, and what it wrote on the way."""
    blocks: list[Block] = [
        Excerpts(
            title="Texts by the model",
            caption="A low temperature favours likely tokens; recurra generate writes more.",
            excerpts=tuple(_written(model, temperature) for temperature in _TEMPERATURES),
        )
    ]
    if model.samples:
        places = np.unique(np.linspace(0, len(model.samples) - 1, _SAMPLES).astype(int))
        blocks.append(samples([model.samples[place] for place in places]))
    return Section(title="What it writes", blocks=tuple(blocks))


def _written(model: TextModel, temperature: float) -> Excerpt:
    chosen = GenerateOptions(length=_WRITTEN[model.options.level], temperature=temperature)
    text = "".join(generated(model, prompt="", options=chosen))
    return Excerpt(f"temperature {temperature:g}", text.strip())


def _test_section(model: TextModel, text: SplitText, metrics: Mapping[str, Any]) -> Section:
    """Return the scores, the loss by position, and what of the test part was least expected."""
    options = model.options
    blocks: list[Block] = [score_block(score_table(metrics["test"], options=options))]
    looked_at = text.corpus.test[:_LOOKED_AT]
    tokens = _shown_tokens(looked_at, model.tokenizer)
    bits = model.surprises(looked_at) / math.log(2)
    if len(text.corpus.test) > options.bptt:
        nats = loss_by_position(model.network, text.corpus.test, length=options.bptt, most=_WINDOWS)
        blocks.append(
            position_picture(
                nats / math.log(2), unit=f"bits a {options.unit}", position="position in a window without context"
            )
        )
    joined_by = " " if options.level == "word" else ""
    shown = _PASSAGE[options.level]
    blocks.append(surprise_text(tokens[:shown], bits[:shown], joined_by=joined_by))
    blocks.append(most_surprising(tokens, bits, joined_by=joined_by))
    return Section(title="Test", blocks=tuple(blocks))


def _data_section(text: SplitText) -> Section:
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
                caption=f"{corpus.description}. "
                + f"The vocabulary has {text.tokens:,} tokens, from the training part.",
            ),
        ),
    )


def _shown_tokens(numbers: np.ndarray, tokenizer: Tokenizer) -> list[str]:
    """Return the text of each token by itself; a line end is a line end, whatever the vocabulary calls it."""
    texts = {number: tokenizer.decode([number]) for number in np.unique(numbers).tolist()}
    return [texts[number] for number in numbers.tolist()]
