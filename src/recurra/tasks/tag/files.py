"""What a model folder holds of a tagger beside what every task has, and back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated, final

from pydantic import Field

from recurra.data.sentences import Segmentation
from recurra.data.tags import Written
from recurra.errors import ModelFolderError
from recurra.tasks.model_files import LARGEST_SIZE, PREDICTIONS, Content, Folder, as_json
from recurra.tasks.tag.data import Layout
from recurra.tasks.tag.vocabulary import AnyScheme, TagVocabulary

__all__ = ["Known", "restored_tagger", "tagger_files"]

VOCABULARY = "vocabulary.json"


@final
@dataclass(frozen=True, kw_only=True)
class Known:
    """What a tagger has beside its weights.

    Attributes
    ----------
    vocabulary
        Words, characters, tags.
    layout
        How the file of the training part looked.
    word_size
        The width of a word's vector.
    predictions
        The tags of the test part beside the true ones, as CSV.
    """

    vocabulary: TagVocabulary
    layout: Layout
    word_size: int
    predictions: bytes


def tagger_files(known: Known, /) -> dict[str, bytes]:
    """Return the vocabulary, and the tags of the test part."""
    content = {
        "layout": dataclasses.asdict(known.layout),
        "word_size": known.word_size,
        **known.vocabulary.to_dictionary(),
    }
    return {VOCABULARY: as_json(content), PREDICTIONS: known.predictions}


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


def restored_tagger(folder: Folder, /) -> Known:
    """Return what `tagger_files` wrote.

    Raises
    ------
    ModelFolderError
        If a file is something else, or its parts do not fit together.
    """
    content = folder.json(VOCABULARY, _Vocabulary)
    words, tags = len(content.words.tokens), len(content.tags.tokens)
    if not content.trained == len(content.usual) <= words or not all(0 <= usual < tags for usual in content.usual):
        raise ModelFolderError(f"{folder.path} is damaged: {VOCABULARY}: usual tags of {words} words and {tags} tags")
    if content.words.unknown is None or content.characters.unknown is None:
        raise ModelFolderError(f"{folder.path} is damaged: {VOCABULARY}: no token for unknown words or characters")
    return Known(
        vocabulary=TagVocabulary.from_dictionary(content.model_dump()),
        layout=Layout(**content.layout.model_dump()),
        word_size=content.word_size,
        predictions=folder.files.get(PREDICTIONS, b""),
    )
