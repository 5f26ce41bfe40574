"""A text: read and split, the options that it fills in, and the batches that a network takes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from recurra.arguments import path_argument
from recurra.data import (
    Corpus,
    Tokenizer,
    TokenOptions,
    VaryingLength,
    WordVectors,
    bptt_batches,
    read_corpus,
    read_vectors,
)
from recurra.data.corpus import bptt_lengths
from recurra.errors import InputError
from recurra.tasks.language.options import LanguageOptions
from recurra.tasks.model import Sources

__all__ = ["SplitText", "TextBatches", "filled_in", "split_text"]

_RARE = 3
"""How often a character of a large alphabet is there to be known, where nobody said."""

_STEPS = 250
"""Steps that an epoch should have, about: with fewer, small texts are hardly learnt in a few epochs."""

_FEWEST_COLUMNS, _MOST_COLUMNS = 4, 32
"""Between which the batch size is chosen."""

_LEAST_BPTT, _MOST_BPTT = 16, 64
"""Between which the steps of backpropagation through time are chosen."""

_STEPS_OF_WORDS = 1000
"""Steps that an epoch of words should have, about, as far as batches are shortened for it."""

_RATE = 3e-3
"""The learning rate of as many columns as there are at most."""

_NARROW = 64
"""Most features of a token's vector where it is not tied and nobody said."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SplitText:
    """What a language model is trained and measured on.

    Attributes
    ----------
    corpus
        The parts of the text.
    counts
        (tokens,) int64, how often each token is in the training part.
    vectors
        Pretrained vectors of the words; None without.
    """

    corpus: Corpus
    counts: np.ndarray
    vectors: WordVectors | None

    @property
    def tokens(self) -> int:
        """The size of the vocabulary."""
        return len(self.corpus.tokenizer.vocabulary)

    def training(self, options: LanguageOptions, /) -> TextBatches:
        """Return the batches to learn from."""
        seed = options.seed if options.varying_bptt else None
        return TextBatches(self.corpus.train, columns=options.batch_size, steps=options.bptt, seed=seed)

    def validation(self, options: LanguageOptions, /) -> TextBatches:
        """Return the batches that choose the weights; a short part has fewer columns."""
        columns = max(1, min(max(options.batch_size, _MOST_COLUMNS), len(self.corpus.validation) // (2 * options.bptt)))
        return TextBatches(self.corpus.validation, columns=columns, steps=options.bptt)


def split_text(sources: Sources, options: LanguageOptions, /, *, tokenizer: Tokenizer | None = None) -> SplitText:
    """Read a text and split it, and the vectors of its words.

    Raises
    ------
    DataError
        If a file cannot be read, or the text is too short.
    InputError
        If the vectors are not as wide as the options say.
    """
    _check_sources(sources)
    corpus = read_corpus(
        sources.training,
        options=_token_options(options),
        validation=sources.validation,
        test=sources.test,
        validation_fraction=options.validation_fraction,
        test_fraction=options.test_fraction,
        tokenizer=tokenizer,
        encoding=options.encoding,
    )
    vocabulary = corpus.tokenizer.vocabulary
    wanted = options.vectors if tokenizer is None else None
    return SplitText(
        corpus=corpus,
        counts=np.bincount(corpus.train, minlength=len(vocabulary)),
        vectors=read_vectors(wanted, vocabulary) if wanted else None,
    )


def _check_sources(sources: Sources) -> None:
    """Refuse what names no text files: a text is a file, or several; of validation and test one each."""
    given = sources.training
    several = given if isinstance(given, list | tuple) else [given]
    if not several:
        raise InputError("fit: got no file; expected the path of a text file, or several")
    for path in several:
        path_argument(path, name="fit", expected="the path of a text file, or a list of them")
    for name, part in sources.apart.items():
        path_argument(part, name=name, expected="the path of a text file")


def filled_in(options: LanguageOptions, text: SplitText, /) -> LanguageOptions:
    """Return the options with the width of vectors, whether they are tied, the batch's shape and the rate."""
    tied = options.level != "char" and not options.adaptive_softmax if options.tied is None else options.tied
    width = options.embedding_size
    if text.vectors is not None:
        given = text.vectors.values.shape[1]
        if width not in (None, given):
            raise InputError(f"embedding_size = {width}: {options.vectors} has vectors of {given} numbers")
        width = given
    if width is None:
        width = options.hidden_size if tied else min(options.hidden_size, _NARROW)
    size = options.batch_size or _columns(len(text.corpus.train), steps=options.bptt or _MOST_BPTT)
    bptt = options.bptt or (_bptt(len(text.corpus.train), columns=size) if options.level == "word" else _MOST_BPTT)
    rate = options.learning_rate or (_rate(size) if options.level == "word" else _RATE)
    return dataclasses.replace(options, tied=tied, embedding_size=width, batch_size=size, bptt=bptt, learning_rate=rate)


def _rate(columns: int) -> float:
    """Return the rate for batches of so many columns.

    The gradient of a small batch is noisy; Adam's rate follows the root of the batch size (Malladi et al. 2022,
    arXiv:2205.10287).
    """
    return _RATE * math.sqrt(min(columns, _MOST_COLUMNS) / _MOST_COLUMNS)


def _columns(tokens: int, *, steps: int) -> int:
    """Return how many columns a text of so many tokens is read in, so many steps at a time."""
    return max(_FEWEST_COLUMNS, min(tokens // (steps * _STEPS), _MOST_COLUMNS))


def _bptt(tokens: int, *, columns: int) -> int:
    """Return how many steps of a text of so many words are read at a time: next to nothing reaches back 64 words."""
    return max(_LEAST_BPTT, min(tokens // (columns * _STEPS_OF_WORDS), _MOST_BPTT))


def _token_options(options: LanguageOptions) -> TokenOptions:
    # the model meets <unk> in training only where some of what is rare becomes it
    least = options.minimum_count or (2 if options.level == "word" else 1)
    in_large = _RARE if options.minimum_count is None and options.level == "char" else 1
    return TokenOptions(
        level=options.level,
        words=options.words,
        lowercase=options.lowercase,
        minimum_count=least,
        minimum_in_large=in_large,
        maximum_size=options.vocabulary_size,
    )


class TextBatches:
    """Inputs and targets, each (steps, columns); see `recurra.data.bptt_batches`.

    Parameters
    ----------
    tokens
        (count,) numbers of tokens.
    columns, steps
        How many columns there are, and how many steps a batch has.
    seed
        Varies the steps from batch to batch by (seed, epoch); without it, all batches but the last are equal.

    Examples
    --------
    >>> import numpy as np
    >>> from recurra.tasks.language.data import TextBatches
    >>> batches = TextBatches(np.arange(101), columns=4, steps=10)
    >>> len(batches), [len(inputs) for inputs, targets in batches]
    (3, [10, 10, 4])
    """

    def __init__(self, tokens: np.ndarray, /, *, columns: int, steps: int, seed: int | None = None) -> None:
        self._tokens, self._columns, self._steps, self._seed = tokens, columns, steps, seed
        self._epoch = 0
        self._own = slice(None)
        bptt_batches(tokens, batch_size=columns, length=steps)  # complains of too short a text at once

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the steps of an epoch (from 0)."""
        self._epoch = epoch

    def part(self, number: int, /, *, of: int) -> TextBatches:
        """Return every n-th of the columns; all of them where there are fewer columns than processes."""
        if self._columns < of:
            return self
        part = TextBatches(self._tokens, columns=self._columns, steps=self._steps, seed=self._seed)
        part._own = slice(number, self._columns // of * of, of)
        return part

    def __len__(self) -> int:
        rows = len(self._tokens) // self._columns
        return sum(1 for _ in bptt_lengths(rows - 1, length=self._steps, varying=self._varying()))

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        found = bptt_batches(self._tokens, batch_size=self._columns, length=self._steps, varying=self._varying())
        for inputs, targets in found:
            yield torch.from_numpy(inputs[:, self._own]), torch.from_numpy(targets[:, self._own])

    def _varying(self) -> VaryingLength | None:
        return None if self._seed is None else VaryingLength(seed=self._seed, epoch=self._epoch)
