"""The network that tags (words and their characters, a recurrent net in both directions, a CRF), and its learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence

from recurra import Cell
from recurra.data import Span, WordVectors, spans
from recurra.nn import (
    AllowedTransitions,
    ConvolutionalFront,
    LinearChainCRF,
    LockedDropout,
    Pooling,
    Recurrent,
    SelfAttention,
    bioes_transitions,
)
from recurra.tasks.tag.data import TagBatch, TagVocabulary
from recurra.tasks.tag.options import TagOptions
from recurra.training.learner import Learner, Monitor, Sum

__all__ = ["ConvolvedCharacters", "IndependentTags", "ReadCharacters", "TagLearner", "TagNetwork"]

_KERNEL = 3
"""Characters that a convolution sees at once (Ma & Hovy, 2016)."""


@final
class ReadCharacters(torch.nn.Module):
    """A recurrent net in both directions; the features are its last outputs: Ling et al. (2015), Lample et al. (2016).

    Parameters
    ----------
    cell
        The recurrent cell.
    characters, size, features
        How many characters there are, the width of a character's vector, and of a word's features, which is even.
    """

    def __init__(self, cell: Cell, /, *, characters: int, size: int, features: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, size)
        self.recurrent = Recurrent(cell, size, features // 2, bidirectional=True)
        self.pooling = Pooling("last", self.recurrent.output_features, bidirectional=True)
        self.output_features = self.recurrent.output_features

    def forward(self, words: PackedSequence) -> Tensor:
        """Return the features (words, features) of the characters' numbers of words, packed."""
        outputs, _ = self.recurrent(words._replace(data=self.embedding(words.data)))
        return self.pooling(outputs)[0]


@final
class ConvolvedCharacters(torch.nn.Module):
    """A convolution and the maximum over the characters: Ma & Hovy (2016). Parameters are those of `ReadCharacters`."""

    def __init__(self, *, characters: int, size: int, features: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, size)
        self.convolution = ConvolutionalFront([size, features], kernel_size=_KERNEL)
        self.pooling = Pooling("max", features)
        self.output_features = features

    def forward(self, words: PackedSequence) -> Tensor:
        """Return the features (words, features) of the characters' numbers of words, packed."""
        vectors = words._replace(data=self.embedding(words.data))
        return self.pooling(self.convolution(vectors))[0]


@final
class IndependentTags(torch.nn.Module):
    """Each token's tag for itself, with the methods of `recurra.nn.LinearChainCRF`.

    What is decoded is the likeliest sequence among those that the constraints allow.

    Parameters
    ----------
    tags
        How many there are.
    constraints
        What a sequence may be; everything by default.
    """

    def __init__(self, tags: int, *, constraints: AllowedTransitions | None = None) -> None:
        super().__init__()
        self._chain = LinearChainCRF(tags, constraints=constraints)
        # transitions of zero that are not learnt: the chain only forbids what the constraints do
        for scores in self._chain.parameters():
            torch.nn.init.zeros_(scores).requires_grad_(False)

    @property
    def chain(self) -> LinearChainCRF:
        """What decodes: a chain whose transitions are zero, or forbidden."""
        return self._chain

    def negative_log_likelihood(
        self, emissions: PackedSequence, tags: PackedSequence, *, reduction: Literal["token_mean", "sum"]
    ) -> Tensor:
        """Return -log p(tags | emissions), a scalar: over the tokens, or their sum."""
        over = "mean" if reduction == "token_mean" else "sum"
        return functional.cross_entropy(emissions.data, tags.data, reduction=over)

    def decode(self, emissions: PackedSequence) -> tuple[list[list[int]], Tensor]:
        """Return the best sequences of tags, and their log p (batch,)."""
        return self._chain.decode(emissions._replace(data=emissions.data.log_softmax(1)))

    def marginals(self, emissions: PackedSequence) -> Tensor:
        """Return p(y_t = tag | emissions), (batch, time, tags), 0 behind the end of a sentence."""
        probabilities = emissions._replace(data=emissions.data.detach().softmax(1))
        return torch.nn.utils.rnn.pad_packed_sequence(probabilities, batch_first=True)[0]


_UNKNOWN = 0
"""The number of the word that stands for unknown ones."""


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
    vocabulary
        The words, characters and tags, and how these mark entities.
    word_size
        The width of a word's vector; pretrained ones have their own.
    """

    unknown_share: Tensor

    def __init__(self, cell: Cell, /, *, options: TagOptions, vocabulary: TagVocabulary, word_size: int) -> None:
        super().__init__()
        words, tags = len(vocabulary.words), len(vocabulary.tags)
        self.words = torch.nn.Embedding(words, word_size)
        self.words.weight.requires_grad_(options.vectors is None or options.tune_vectors)
        self.register_buffer("unknown_share", torch.zeros(words))
        self.characters = _characters(cell, options, len(vocabulary.characters))
        features = word_size + (0 if self.characters is None else self.characters.output_features)
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
        self.self_attention = None
        if options.self_attention:
            features = self.recurrent.output_features
            self.self_attention = SelfAttention(features, heads=options.heads, dropout=options.dropout)
        self.scores = torch.nn.Linear(self.recurrent.output_features, tags)
        head = LinearChainCRF if options.head == "crf" else IndependentTags
        # in BIOES not every tag may follow every other; tags that mark no entities are free
        constraints = None if vocabulary.marks is None else bioes_transitions(vocabulary.tags.tokens)
        self.head = head(tags, constraints=constraints)

    def forward(self, batch: TagBatch) -> PackedSequence:
        """Return the scores, rows (tokens, tags)."""
        features = [self.words(self._seen(batch.words.data))]
        if self.characters is not None:
            # each distinct word was read once; here every token gets the features of its word
            features.append(self.characters(batch.characters).index_select(0, batch.forms))
        tokens = self.dropout(batch.words._replace(data=torch.cat(features, 1)))
        outputs, _ = self.recurrent(tokens)
        outputs = self.dropout(outputs)
        if self.self_attention is not None:
            outputs = self.self_attention(outputs)
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
            # drawn with spread 1: times that of the vectors, those of the other words are as long
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


Numbers = Sequence[Sequence[int]]


@final
class TagLearner(Learner):
    """Learns tags; the accuracy of the tokens chooses the weights, or the F1 of the entities.

    Parameters
    ----------
    network
        Trained in place.
    labels
        The tags, by number.
    has_entities
        Whether they mark entities.
    """

    network: TagNetwork

    def __init__(self, network: TagNetwork, /, *, labels: Sequence[str], has_entities: bool) -> None:
        super().__init__(network)
        self._labels, self._has_entities = tuple(labels), has_entities
        self.monitor = Monitor("f1" if has_entities else "accuracy", larger_is_better=True)

    def loss(self, batch: TagBatch, /) -> Tensor:
        """Return the loss of a batch, nats a token."""
        return self.network.loss(self.network(batch), batch)

    def measure(self, batch: TagBatch, /) -> Mapping[str, Sum]:
        """Return the loss, the tokens that are right, and of entities those that are right and those of either."""
        true, scores = _true(batch), self.network(batch)
        found, _ = self.network.head.decode(scores)
        tokens = len(batch.forms)
        right = sum(one == other for pair in zip(found, true, strict=True) for one, other in zip(*pair, strict=True))
        sums = {"loss": Sum(self.network.loss(scores, batch) * tokens, tokens), "accuracy": Sum(right, tokens)}
        return sums | (self._entity_sums(found, true) if self._has_entities else {})

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the loss a token, the accuracy, and F1: twice the entities that are right, over those of either."""
        means = super().summarise({name: sums[name] for name in ("loss", "accuracy")})
        if not self._has_entities:
            return means
        right, either = float(sums["right"].total), float(sums["either"].total)
        return {**means, "f1": 2 * right / either if either else 0.0}

    def _entity_sums(self, found: Numbers, true: Numbers) -> dict[str, Sum]:
        pairs = [(self._entities(one), self._entities(other)) for one, other in zip(found, true, strict=True)]
        return {
            "right": Sum(sum(len(one & other) for one, other in pairs), 1),
            "either": Sum(sum(len(one) + len(other) for one, other in pairs), 1),
        }

    def _entities(self, tags: Sequence[int]) -> set[Span]:
        return set(spans([self._labels[tag] for tag in tags]))


def _true(batch: TagBatch) -> list[list[int]]:
    """Return the numbers of the tags of each sentence."""
    assert batch.tags is not None, "the tags of a batch have to be known to measure it"
    tags = batch.words._replace(data=batch.tags)
    padded, lengths = torch.nn.utils.rnn.pad_packed_sequence(tags, batch_first=True)
    return [row[:length] for row, length in zip(padded.tolist(), lengths.tolist(), strict=True)]
