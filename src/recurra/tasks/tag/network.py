"""The network that tags: words and their characters, a recurrent net in both directions, a CRF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra import Cell
from recurra.data import WordVectors
from recurra.nn import AllowedTransitions, LinearChainCRF, LockedDropout, Recurrent
from recurra.tasks.tag.batches import TagBatch
from recurra.tasks.tag.characters import ConvolvedCharacters, ReadCharacters
from recurra.tasks.tag.independent import IndependentTags
from recurra.tasks.tag.options import TagOptions

__all__ = ["Counts", "TagNetwork"]

_UNKNOWN = 0
"""The number of the word that stands for unknown ones."""


@final
@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many words, characters and tags there are, and the width of a word's vector."""

    words: int
    characters: int
    tags: int
    word_size: int


@final
class TagNetwork(torch.nn.Module):
    """Gives each token of a sentence a score for each tag, and sentences their tags.

        token      = [vector of the word; features of its characters]
        h_1 ... h_T = recurrent net over the tokens, both directions
        scores_t   = W h_t + b, and a linear-chain CRF over them

    Huang, Xu & Yu (2015), arXiv:1508.01991; with characters Lample et al. (2016), arXiv:1603.01360. In training, words
    are taken for unknown ones now and then, the rarer the more often: Kiperwasser & Goldberg (2016), section 4.

    Parameters
    ----------
    cell
        The recurrent cell.
    options
        Sizes, dropout, what reads the characters, the head.
    counts
        How many words, characters and tags there are.
    constraints
        Which tag may follow which.
    """

    unknown_share: Tensor

    def __init__(
        self, cell: Cell, /, *, options: TagOptions, counts: Counts, constraints: AllowedTransitions | None = None
    ) -> None:
        super().__init__()
        self.words = torch.nn.Embedding(counts.words, counts.word_size)
        self.words.weight.requires_grad_(options.vectors is None or options.tune_vectors)
        self.register_buffer("unknown_share", torch.zeros(counts.words))
        self.characters = _characters(cell, options, counts.characters)
        features = counts.word_size + (0 if self.characters is None else self.characters.output_features)
        self.recurrent = Recurrent(
            cell,
            features,
            options.hidden_size,
            num_layers=options.layers,
            dropout=options.dropout if options.layers > 1 else 0.0,
            bidirectional=options.bidirectional,
        )
        locked = options.dropout_of == "sequence"
        self.dropout = LockedDropout(options.dropout) if locked else _TokenDropout(options.dropout)
        self.scores = torch.nn.Linear(self.recurrent.output_features, counts.tags)
        head = LinearChainCRF if options.head == "crf" else IndependentTags
        self.head = head(counts.tags, constraints=constraints)

    def forward(self, batch: TagBatch) -> PackedSequence:
        """Return the scores, rows (tokens, tags)."""
        features = [self.words(self._seen(batch.words.data))]
        if self.characters is not None:
            features.append(self.characters(batch.characters).index_select(0, batch.forms))
        tokens = self.dropout(batch.words._replace(data=torch.cat(features, 1)))
        outputs, _ = self.recurrent(tokens)
        outputs = self.dropout(outputs)
        return outputs._replace(data=self.scores(outputs.data))

    def loss(self, scores: PackedSequence, batch: TagBatch, /) -> Tensor:
        """Return -log p of a batch's tags for each token, a scalar."""
        assert batch.tags is not None, "the tags of a batch have to be known for its loss"
        tags = batch.words._replace(data=batch.tags)
        return self.head.negative_log_likelihood(scores, tags, reduction="token_mean")

    def learn_words(self, counts: np.ndarray, /, *, rate: float) -> None:
        """Say how often (words,) training has each word; see `TagOptions.unknown_rate` for the rate."""
        share = torch.from_numpy(rate / (rate + counts)) if rate else torch.zeros(len(counts))
        self.unknown_share.copy_(share)

    def take_vectors(self, vectors: WordVectors, /) -> None:
        """Take pretrained vectors; words that have none are drawn with the same spread."""
        found = torch.from_numpy(vectors.found)
        with torch.no_grad():
            if vectors.found.any():
                self.words.weight.mul_(float(vectors.values[vectors.found].std()))
            self.words.weight[found] = torch.from_numpy(vectors.values)[found]

    def _seen(self, words: Tensor) -> Tensor:
        if not self.training:
            return words
        forgotten = torch.rand(len(words), device=words.device) < self.unknown_share[words]
        return words.masked_fill(forgotten, _UNKNOWN)


@final
class _TokenDropout(torch.nn.Module):
    """Dropout of single numbers of packed rows."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, sequences: PackedSequence) -> PackedSequence:
        """Return the sequences with numbers dropped, in training."""
        return sequences._replace(data=torch.nn.functional.dropout(sequences.data, self.p, self.training))


def _characters(cell: Cell, options: TagOptions, count: int) -> ReadCharacters | ConvolvedCharacters | None:
    size, features = options.character_size, options.character_features
    if options.characters == "recurrent":
        return ReadCharacters(cell, characters=count, size=size, features=features)
    if options.characters == "convolution":
        return ConvolvedCharacters(characters=count, size=size, features=features)
    return None
