"""From a person's text to what a language model is trained on, and the options that the text fills in."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import torch

from recurra.data import Corpus, Tokenizer, TokenOptions, WordVectors, read_corpus, read_vectors
from recurra.data.vocabulary import END
from recurra.errors import InputError
from recurra.tasks.estimator import Sources
from recurra.tasks.language.batches import TextBatches
from recurra.tasks.language.network import LanguageNetwork
from recurra.tasks.language.options import LanguageOptions

__all__ = ["OF_THE_NETWORK", "Text", "filled_in", "first_token", "split_text", "take_vectors"]

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

OF_THE_NETWORK = (
    "cell", "hidden_size", "layers", "embedding_size", "tied", "adaptive_softmax", "level", "words", "lowercase",
    "minimum_count", "vocabulary_size", "vectors",
)  # fmt: skip
"""Options that a model which goes on to learn keeps as they were."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Text:
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


def split_text(sources: Sources, options: LanguageOptions, /, *, tokenizer: Tokenizer | None = None) -> Text:
    """Read a text and split it, and the vectors of its words.

    Raises
    ------
    DataError
        If a file cannot be read, or the text is too short.
    InputError
        If the vectors are not as wide as the options say.
    """
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
    return Text(
        corpus=corpus,
        counts=np.bincount(corpus.train, minlength=len(vocabulary)),
        vectors=read_vectors(wanted, vocabulary) if wanted else None,
    )


def filled_in(options: LanguageOptions, text: Text, /) -> LanguageOptions:
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


def take_vectors(network: LanguageNetwork, vectors: WordVectors, /) -> None:
    """Give the words that were found their vectors; the others keep theirs."""
    found = torch.from_numpy(vectors.found)
    with torch.no_grad():
        network.embedding.embedding.weight[found] = torch.from_numpy(vectors.values)[found]


def first_token(tokenizer: Tokenizer, counts: np.ndarray, /) -> int:
    """Return the token that stands for what is before a text: a line end, else the most frequent token."""
    vocabulary = tokenizer.vocabulary
    ends = [token for token in (END, "\n", "Ċ") if token in vocabulary]
    return vocabulary.number(ends[0]) if ends else int(counts.argmax())


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
