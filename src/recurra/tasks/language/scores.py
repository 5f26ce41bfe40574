"""How good a language model is: each token's surprise, perplexity, nats and bits, beside token frequencies alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recurra.report import aligned
from recurra.tasks.language.network import Carried, LanguageNetwork, perplexity
from recurra.tasks.language.options import LanguageOptions
from recurra.tasks.progress import watched
from recurra.tasks.scores import ScoreTable

__all__ = [
    "LanguageScores", "TextScores", "loss_by_position", "score_table", "scored", "surprises", "unigram_surprises",
]  # fmt: skip

_ROWS_A_COLUMN = 2048
"""A text of more tokens than this is read in columns; only the beginning of each lacks what came before."""

_MOST_COLUMNS = 64
_STEPS = 64
_MOST_NUMBERS = 1 << 23
"""Most scores (32 MiB) that are held at once."""


@torch.inference_mode()
def surprises(network: LanguageNetwork, tokens: np.ndarray, /, *, first: int) -> np.ndarray:
    """Return the surprise (count,) float32 of each token in nats.

    Parameters
    ----------
    network
        In evaluation.
    tokens
        (count,) numbers of tokens.
    first
        The token that is read before the first one.
    """
    if not len(tokens):
        return np.zeros(0, np.float32)
    # a long text is cut into columns that are read side by side, which is many times faster than token by token
    columns = min(_MOST_COLUMNS, max(1, len(tokens) // _ROWS_A_COLUMN))
    inputs, targets = _side_by_side(tokens, columns, first)
    carried: Carried | None = None
    found = []
    for start in watched(range(0, len(inputs), _STEPS), what="tokens", each=_STEPS * columns):
        losses, carried = _losses(network, inputs[start : start + _STEPS], targets[start : start + _STEPS], carried)
        found.append(losses)
    return torch.cat(found).T.flatten()[: len(tokens)].numpy()


@torch.inference_mode()
def loss_by_position(network: LanguageNetwork, tokens: np.ndarray, /, *, length: int, most: int) -> np.ndarray:
    """Return the mean surprise (length,) in nats by a token's position in a window that begins with no context.

    Parameters
    ----------
    network
        In evaluation.
    tokens
        (count,) numbers of tokens; `length` + 1 at least.
    length, most
        Tokens of a window, and most windows; they are drawn at random, always the same ones, and may overlap.
    """
    windows = np.lib.stride_tricks.sliding_window_view(tokens, length + 1)
    chosen = np.random.default_rng(0).permutation(len(windows))[:most]  # even steps would beat with the text's own
    windows = windows[np.sort(chosen)]
    totals = np.zeros(length)
    for block in np.array_split(windows, -(-len(windows) // _MOST_COLUMNS)):
        numbers = torch.from_numpy(block.T.astype(np.int64))
        totals += _losses(network, numbers[:-1], numbers[1:], None)[0].sum(1).double().numpy()
    return totals / len(windows)


def _side_by_side(tokens: np.ndarray, columns: int, first: int) -> tuple[Tensor, Tensor]:
    """Return inputs and targets (rows, columns); what fills up the last column is cut off later."""
    rows = -(-len(tokens) // columns)
    padded = np.full(rows * columns + 1, first, np.int64)
    padded[1 : len(tokens) + 1] = tokens
    inputs, targets = (torch.from_numpy(part.reshape(columns, rows).T.copy()) for part in (padded[:-1], padded[1:]))
    return inputs, targets


def _losses(
    network: LanguageNetwork, inputs: Tensor, targets: Tensor, carried: Carried | None
) -> tuple[Tensor, Carried]:
    read = network.read(inputs, carried)
    # a few rows at a time, so that the scores of a large vocabulary are never all in memory
    rows = max(1, _MOST_NUMBERS // network.tokens)
    parts = zip(read.dropped.flatten(0, 1).split(rows), targets.flatten().split(rows), strict=True)
    losses = [network.head.loss(hidden, wanted, reduction="none") for hidden, wanted in parts]
    return torch.cat(losses).view_as(targets), read.carried


@dataclass(frozen=True, kw_only=True)
class TextScores:
    """The mean surprise of a text.

    Attributes
    ----------
    nats_per_token, bits_per_token
        -log p and -log2 p of a token.
    perplexity
        exp(nats per token): as uncertain as a choice among so many tokens.
    bits_per_character, nats_per_character
        The surprise of all tokens over the characters of the text.
    """

    nats_per_token: float
    bits_per_token: float
    perplexity: float
    bits_per_character: float
    nats_per_character: float


@dataclass(frozen=True, kw_only=True)
class LanguageScores:
    """The scores of a text.

    Attributes
    ----------
    tokens, characters
        What the text has of them.
    unknown_share
        The share of tokens that are not in the vocabulary.
    model, unigram
        The model, and the baseline that knows how frequent tokens were in the training part, and nothing else.
    """

    tokens: int
    characters: int
    unknown_share: float
    model: TextScores
    unigram: TextScores


def scored(surprises: np.ndarray, /, *, characters: int) -> TextScores:
    """Return the scores of surprises (count,) in nats."""
    total = float(surprises.sum(dtype=np.float64))
    mean = total / len(surprises)
    return TextScores(
        nats_per_token=mean,
        bits_per_token=mean / math.log(2),
        perplexity=perplexity(mean),
        bits_per_character=total / characters / math.log(2),
        nats_per_character=total / characters,
    )


def unigram_surprises(counts: np.ndarray, /) -> np.ndarray:
    """Return -log p of each token, from how often it was counted and once more (Laplace)."""
    return np.log(counts.sum() + len(counts)) - np.log(counts + 1.0)


def score_table(scores: Mapping[str, Any], /, *, options: LanguageOptions) -> ScoreTable:
    """Return `LanguageScores`, as a dictionary, as a table."""
    unit, model, unigram = options.unit, scores["model"], scores["unigram"]
    has_words = options.level != "char"
    names = ["perplexity", "nats_per_token", "bits_per_token", *["bits_per_character"] * has_words]
    heads = ["perplexity", f"nats a {unit}", f"bits a {unit}", *["bits a character"] * has_words]
    columns = [aligned((model[name], unigram[name])) for name in names]
    known = f"; {100 * scores['unknown_share']:.2g} % are not in the vocabulary" if scores["unknown_share"] else ""
    return ScoreTable(
        title=f"Surprise of {scores['tokens']:,} {unit}s{known}",
        columns=("model", *heads),
        rows=(
            (f"{options.cell}, {options.layers} x {options.hidden_size}", *(ours for ours, _ in columns)),
            ("frequencies alone", *(theirs for _, theirs in columns)),
        ),
        caption=f"Lower is better. Perplexity is e to the nats a {unit}; frequencies alone say how often each "
        f"{unit} is in the training part.",
    )
