"""A trained tagger: the network with all that it needs to meet a person's sentences, and its files."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self, final

import torch
from pydantic import Field
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence

from recurra import Cell
from recurra.data import BatchOptions, TaggedSentences
from recurra.data.sentences import Segmentation
from recurra.data.tags import Written
from recurra.diagnose import Examined
from recurra.errors import ModelFolderError
from recurra.export import ExportedModel
from recurra.export.description import ExportedEmbedding, ExportedInput, ExportedLayer
from recurra.nn import LinearChainCRF
from recurra.nn.exported_parts import array
from recurra.nn.exporting import exported_layers
from recurra.tasks.exporting import Answering, layers_named, tables
from recurra.tasks.model import TaskModel, first_sequence
from recurra.tasks.progress import watched
from recurra.tasks.tag.data import LONGEST, AnyScheme, Layout, TagBatch, TagBatches, TagVocabulary, outside
from recurra.tasks.tag.network import ConvolvedCharacters, ReadCharacters, TagNetwork
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

    def examined(self, batch: TagBatch, /) -> Examined:
        """Return the score of the best tag of each word of the first sentence; see `TaskModel.examined`."""
        rows = first_sequence(batch.words._replace(data=torch.arange(len(batch.words.data))))
        words = rows._replace(data=batch.words.data[rows.data])
        scores = self.network(TagBatch(words, batch.characters, batch.forms[rows.data], None)).data.max(1)
        tags = self.vocabulary.tags.decode(scores.indices.tolist())
        return Examined(scores.values, tuple(tags), tuple(self.vocabulary.words.decode(words.data.tolist())))

    @property
    def reader(self) -> torch.nn.Module:
        """The layers that read words, not those that read the letters of one."""
        return self.network.recurrent

    def exported(self) -> ExportedModel:
        """Return the network: words and their letters in, the number of each one's tag out; see `TaskModel.exported`.

        Tags are those of the best sequence, as `tagged` has them; how probable each is stays in Python.
        """
        network, known = self.network, self.vocabulary
        letters = {} if network.characters is None else {_LETTERS: _reader(network.characters)}
        words = ExportedEmbedding("words", array(network.words.weight))
        beside = [ExportedInput(name, reader.output_size) for name, reader in letters.items()]
        chain = network.head if isinstance(network.head, LinearChainCRF) else network.head.chain
        attention = [] if network.self_attention is None else [network.self_attention]
        words_of = {"kind": "tokens", "lowercase": known.lowercase, "vocabulary": known.words.to_dictionary()}
        letters_of = {"kind": "tokens of each word", "longest": LONGEST, "vocabulary": known.characters.to_dictionary()}
        return ExportedModel(
            exported_layers(
                [ExportedLayer((words, *beside), None), network.recurrent, *attention, network.scores, chain]
            ),
            Answering(network, _numbers_of_tags),
            batch_first=True,
            keeps_state=False,
            puts_out_classes=True,
            classes=known.tags.tokens,
            readers=letters,
            tables=tables(
                "tag",
                artefact=[
                    "vectors of words", *([f"features of letters: {self.options.characters}"] if letters else []),
                    layers_named(network.recurrent), "scores of tags", "the best sequence of tags (Viterbi)",
                ],
                outside=[
                    "a sentence becomes words, and these the numbers of words and letters",
                    "of a longer word than `longest` letters the first half of as many are read, and the last half",
                    *(["tags mark entities in BIOES; the data had them in `scheme`"] if known.marks else []),
                ],
                inputs={"x": words_of, **({_LETTERS: letters_of} if letters else {})},
                output={
                    "kind": "number of the tag", "classes": [*known.tags.tokens], "scheme": known.scheme,
                    "written": known.written,
                },
            ),
        )  # fmt: skip

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


_LETTERS = "letters"
"""The input of an exported tagger that a word's letters become."""


def _reader(module: ReadCharacters | ConvolvedCharacters) -> ExportedModel:
    """Return what makes features of a word's letters."""
    read = module.recurrent if isinstance(module, ReadCharacters) else module.convolution
    answering = Answering(module, lambda reader, given: reader(given))
    layers = exported_layers([module.embedding, read, module.pooling])
    return ExportedModel(layers, answering, batch_first=True, keeps_state=False)


def _numbers_of_tags(
    network: TagNetwork, words: PackedSequence, *, letters: tuple[PackedSequence, PackedSequence] | None = None
) -> PackedSequence:
    """Return the numbers of the tags of packed words (tokens,), each with its own letters (tokens, most)."""
    forms, characters = torch.arange(len(words.data)), words
    if letters is not None:
        tokens, lengths = (part.data for part in letters)
        characters = pack_padded_sequence(tokens, lengths, batch_first=True, enforce_sorted=False)
    paths, _ = network.head.decode(network(TagBatch(words, characters, forms, None)))
    return pack_sequence([torch.tensor(path)[:, None].to(torch.float32) for path in paths])
