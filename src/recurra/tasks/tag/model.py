"""A trained tagger: the network with all that it needs to meet a person's sentences, and its files."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self, final

import torch
from pydantic import Field

from recurra import Cell
from recurra.data import BatchOptions, TaggedSentences
from recurra.data.sentences import Segmentation
from recurra.data.tags import Written
from recurra.errors import ModelFolderError
from recurra.tasks.model import TaskModel
from recurra.tasks.progress import watched
from recurra.tasks.tag.data import AnyScheme, Layout, TagBatches, TagVocabulary, outside
from recurra.tasks.tag.network import TagNetwork
from recurra.tasks.tag.options import TagOptions
from recurra.training.model_folder import LARGEST_SIZE, PREDICTIONS, Content, Folder, as_json

__all__ = ["TagModel", "Tagged"]

VOCABULARY = "vocabulary.json"

_TOGETHER = BatchOptions(batch_size=256, rows=8192, shuffle=False)
"""How sentences come to be tagged."""


@final
@dataclass(frozen=True, kw_only=True)
class Tagged:
    """A sentence's tags (tokens,), and how probable each is, (tokens,)."""

    tags: tuple[str, ...]
    probabilities: tuple[float, ...]


class _Layout(Content):
    width: Annotated[int, Field(ge=1, le=10_000)]
    universal: bool
    split: Segmentation = "space"


class _Tokens(Content):
    unknown: str | None
    tokens: Annotated[list[str], Field(min_length=1)]


class _Vocabulary(Content):
    layout: _Layout
    word_size: Annotated[int, Field(ge=1, le=LARGEST_SIZE)]
    scheme: AnyScheme
    written: Written = "B-PER"
    lowercase: bool
    trained: Annotated[int, Field(ge=1)]
    usual: list[int]
    words: _Tokens
    characters: _Tokens
    tags: _Tokens


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class TagModel(TaskModel):
    """A trained tagger.

    Attributes
    ----------
    options, cell, network
        See `TaskModel`.
    vocabulary
        Words, characters, tags.
    layout
        How the file of the training part looked.
    predictions
        The tags of the test part beside the true ones, as CSV; empty where it was not measured.
    """

    options: TagOptions
    network: TagNetwork
    vocabulary: TagVocabulary
    layout: Layout
    predictions: bytes = b""

    @property
    def loss_name(self) -> str:
        """What training makes small, with its unit."""
        return "negative log-likelihood (nats a token)"

    @torch.inference_mode()
    def tagged(self, sentences: Sequence[Sequence[str]], /) -> list[Tagged]:
        """Return the tags of sentences, in the file's scheme; a sentence has at least one token."""
        found: dict[int, Tagged] = {}
        batches = TagBatches(sentences, vocabulary=self.vocabulary, options=_TOGETHER)
        for places, batch in zip(watched(batches.places, what="batches"), batches, strict=True):
            scores = self.network(batch)
            paths, _ = self.network.head.decode(scores)
            marginals = self.network.head.marginals(scores)
            for row, place in enumerate(places.tolist()):
                path = paths[row]
                chosen = marginals[row, : len(path)].gather(1, torch.tensor(path).unsqueeze(1)).squeeze(1)
                tags = outside(self.vocabulary.tags.decode(path), self.vocabulary.marks)
                found[place] = Tagged(tags=tuple(tags), probabilities=tuple(chosen.tolist()))
        return [found[place] for place in range(len(sentences))]

    def batches(self, sentences: TaggedSentences, options: BatchOptions, /) -> TagBatches:
        """Return sentences with their tags as the network takes them."""
        tags = self.vocabulary.tag_numbers(sentences)
        return TagBatches(sentences.words, vocabulary=self.vocabulary, tags=tags, options=options)

    def to_files(self) -> dict[str, bytes]:
        """Return the vocabulary, and the tags of the test part."""
        content = {
            "layout": dataclasses.asdict(self.layout),
            "word_size": self.network.words.embedding_dim,
            **self.vocabulary.to_dictionary(),
        }
        return {VOCABULARY: as_json(content), PREDICTIONS: self.predictions}

    @classmethod
    def from_files(cls, folder: Folder, /, *, options: TagOptions, cell: Cell) -> Self:
        """Return the model whose files `to_files` wrote; see `TaskModel.from_files`."""
        content = folder.json(VOCABULARY, _Vocabulary)
        words, tags = len(content.words.tokens), len(content.tags.tokens)
        if not content.trained == len(content.usual) <= words or not all(0 <= usual < tags for usual in content.usual):
            raise ModelFolderError(
                f"{folder.path} is damaged: {VOCABULARY}: usual tags of {words} words and {tags} tags"
            )
        if content.words.unknown is None or content.characters.unknown is None:
            raise ModelFolderError(f"{folder.path} is damaged: {VOCABULARY}: no token for unknown words or characters")
        vocabulary = TagVocabulary.from_dictionary(content.model_dump())
        network = folder.load_network(
            lambda: TagNetwork(cell, options=options, vocabulary=vocabulary, word_size=content.word_size)
        )
        return cls(
            options=options,
            cell=cell,
            network=network,
            vocabulary=vocabulary,
            layout=Layout(**content.layout.model_dump()),
            predictions=folder.files.get(PREDICTIONS, b""),
        )
