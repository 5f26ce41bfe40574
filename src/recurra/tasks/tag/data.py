"""Sentences: what is read of a person's files, how it is split, and the batches that a network takes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.data import (
    BatchOptions,
    ConllColumns,
    TableFormat,
    TaggedSentences,
    TokenColumns,
    packed,
    plain_sentences,
    read_conll,
    sentences_of,
    split_at_random,
    table_sentences,
)
from recurra.data.batching import Bucketed
from recurra.data.files import decoded, file_bytes
from recurra.data.sentences import DEFAULT, Segmentation, is_token_table, line_cells, tag_place, usual_segmentation
from recurra.errors import DataError, InputError
from recurra.tasks.model import Sources
from recurra.tasks.tag.options import TagOptions
from recurra.tasks.tag.vocabulary import TagVocabulary

__all__ = [
    "Layout", "SplitSentences", "TagBatch", "TagBatches", "some_of", "split_sentences", "tagged_source",
    "untagged_source",
]  # fmt: skip

_PLACE = re.compile("-?[0-9]{1,9}")


@final
@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the file looks that a tagger was trained on.

    Attributes
    ----------
    width
        Its number of columns.
    universal
        Whether it is CoNLL-U.
    split
        Where its tokens end.
    """

    width: int
    universal: bool
    split: Segmentation = "space"

    @classmethod
    def of(cls, sentences: TaggedSentences, /) -> Self:
        """Return the layout of the file that sentences are from."""
        return cls(width=sentences.width, universal=sentences.universal, split=usual_segmentation(sentences.words))


@final
@dataclass(frozen=True, kw_only=True)
class SplitSentences:
    """The sentences of each part, and how they were chosen, in a sentence."""

    training: TaggedSentences
    validation: TaggedSentences
    test: TaggedSentences
    description: str


def tagged_source(data: Any, options: TagOptions, /) -> TaggedSentences:
    """Read sentences with their tags.

    Parameters
    ----------
    data
        A column file, a table or a frame with a token a row, what `read_conll` returns, or sentences as lists of pairs
        (word, tag).
    options
        Which columns hold what.

    Raises
    ------
    DataError
        If they cannot be read, or have no tags.
    """
    if is_token_table(data):
        data = table_sentences(data, columns=_named_columns(options), format=TableFormat(encoding=options.encoding))
    elif isinstance(data, (str, Path)):
        data = read_conll(data, columns=_columns(options), encoding=options.encoding)
    elif not isinstance(data, TaggedSentences):
        _check_no_columns(options)
        data = _from_pairs(data)
    if data.tags is None:
        raise DataError(f"{data.source} has no column of tags; expected a word and its tag a line")
    return data


def untagged_source(
    data: Any, options: TagOptions, /, *, layout: Layout, is_tag: Callable[[str], bool]
) -> TaggedSentences:
    """Read sentences to be tagged; tags that are there already are not looked at.

    Parameters
    ----------
    data
        A column file; a table or a frame with a token a row; a plain text, that is a `.txt` whose lines do not look
        like those of training; what `read_conll` returns; or sentences as lists of words.
    options, layout, is_tag
        The columns and the look of the file that the model was trained on; whether a text is a tag as those there.

    Raises
    ------
    DataError
        If they cannot be read.
    """
    if data is None:
        raise InputError("a tagger predicts the tags of sentences: expected a file with them, got none")
    if isinstance(data, TaggedSentences):
        return data
    if is_token_table(data):
        columns = dataclasses.replace(_named_columns(options), tag=None)
        return table_sentences(data, columns=columns, format=TableFormat(encoding=options.encoding))
    if not isinstance(data, (str, Path)):
        return sentences_of(data)
    path = Path(data)
    is_text = path.suffix == ".txt"
    if is_text and not _has_columns(path, options, layout=layout, is_tag=is_tag):
        return plain_sentences(path, encoding=options.encoding, universal=layout.universal, segmentation=layout.split)
    columns = dataclasses.replace(_columns(options), tag=None, universal=(is_text and layout.universal) or None)
    found = read_conll(path, columns=columns, encoding=options.encoding)
    if not found.universal and found.width < layout.width:
        return found
    place = tag_place(_columns(options), width=found.width, universal=found.universal, source=found.source)
    return dataclasses.replace(found, tag_column=place)


def split_sentences(sources: Sources, options: TagOptions, /) -> SplitSentences:
    """Read the parts; what is not given is drawn from the training data."""
    training = tagged_source(sources.training, options)
    given = {
        name: tagged_source(part, options)
        for name, part in (("validation", sources.validation), ("test", sources.test))
        if part is not None
    }
    drawn = split_at_random(
        len(training),
        seed=options.seed,
        validation_fraction=0 if "validation" in given else options.validation_fraction,
        test_fraction=0 if "test" in given else options.test_fraction,
    )
    for name, places in (("validation", drawn.validation), ("test", drawn.test)):
        if name not in given and not len(places):
            raise DataError(
                f"{training.source} has {len(training)} sentences, too few to take some for {name}; expected more, "
                f"or a file for {name}"
            )
    parts = {name: given.get(name) or some_of(training, getattr(drawn, name)) for name in ("validation", "test")}
    return SplitSentences(
        training=some_of(training, drawn.train),
        **parts,
        description=_description(len(drawn.train), parts, given, options.seed),
    )


def some_of(sentences: TaggedSentences, places: np.ndarray, /) -> TaggedSentences:
    """Return the sentences at places (count,), from 0."""
    chosen: list[int] = places.tolist()
    if chosen == list(range(len(sentences))):
        return sentences
    tags = None if sentences.tags is None else tuple(sentences.tags[place] for place in chosen)
    return dataclasses.replace(
        sentences,
        words=tuple(sentences.words[place] for place in chosen),
        rows=tuple(sentences.rows[place] for place in chosen),
        tags=tags,
    )


def _check_no_columns(options: TagOptions) -> None:
    """Refuse options that name columns where there are none: they would be passed over in silence."""
    for name in ("column", "word_column", "sentence_column"):
        given = getattr(options, name)
        if given is not None:
            raise InputError(f"{name} = {given!r}: sentences as lists of pairs have no columns; expected no {name}")


def _columns(options: TagOptions) -> ConllColumns:
    return ConllColumns(
        word=DEFAULT if options.word_column is None else _column(options.word_column),
        tag=DEFAULT if options.column is None else _column(options.column),
    )


def _named_columns(options: TagOptions) -> TokenColumns:
    given = {"sentence": options.sentence_column, "word": options.word_column, "tag": options.column}
    return TokenColumns(**{what: name for what, name in given.items() if name is not None})


def _column(text: str) -> int | str:
    return int(text) if _PLACE.fullmatch(text) else text


def _from_pairs(sentences: Sequence[Sequence[tuple[str, str]]]) -> TaggedSentences:
    try:
        words = [[word for word, _ in sentence] for sentence in sentences]
        tags = [[tag for _, tag in sentence] for sentence in sentences]
    except (TypeError, ValueError):
        raise DataError(
            f"the data are {type(sentences).__name__}; expected a file, or a list of sentences, each a list of "
            f"pairs (word, tag)"
        ) from None
    return sentences_of(words, tags=tags)


def _has_columns(path: Path, options: TagOptions, *, layout: Layout, is_tag: Callable[[str], bool]) -> bool:
    """Say whether each line of a text has as many columns as in training, between tabs or with a tag in its place."""
    text = decoded(file_bytes(path, expected="a text"), path, encoding=options.encoding)
    lines = [line for line in text.splitlines() if line.strip() and not (layout.universal and line.startswith("#"))]
    cells = [line_cells(line) for line in lines]
    if not cells or any(len(row) != layout.width for row in cells):
        return False
    place = tag_place(_columns(options), width=layout.width, universal=layout.universal, source=str(path))
    return all("\t" in line for line in lines) or all(is_tag(row[place or 0]) for row in cells)


def _description(training: int, parts: dict[str, TaggedSentences], given: dict[str, TaggedSentences], seed: int) -> str:
    """Return how many sentences each part has and where they are from: "90 sentences train, ..."."""
    words = {"validation": "validate", "test": "test"}
    texts = [f"{training:,} sentences train"]
    for name, part in parts.items():
        where = f"from {Path(part.source).name}" if name in given else f"drawn with seed {seed}"
        texts.append(f"{len(part):,} {words[name]} ({where})")
    return ", ".join(texts)


_LONGEST = 200
"""Characters of a word that are read: of a longer one, such as base64 on a line of its own, both ends."""


@final
@dataclass(frozen=True)
class TagBatch:
    """Sentences as a network takes them.

    Attributes
    ----------
    words
        The tokens' numbers among the words: rows (tokens,).
    characters
        The characters' numbers of each distinct word of the batch: rows (characters,).
    forms
        (tokens,), of each row of `words` which of those words it is.
    tags
        (tokens,), of each row its tag's number; None where they are not known.
    """

    words: PackedSequence
    characters: PackedSequence
    forms: Tensor
    tags: Tensor | None


@final
class TagBatches(Bucketed):
    """The batches of an epoch, in an order that a seed and the epoch give.

    Parameters
    ----------
    sentences
        The words of each.
    vocabulary
        Their numbers.
    tags
        (tokens,) of each sentence the numbers of its tags; None where they are not known.
    options
        How sentences come in batches.

    Examples
    --------
    >>> from recurra.data import BatchOptions
    >>> from recurra.data import Vocabulary
    >>> from recurra.tasks.tag.data import TagBatches
    >>> from recurra.tasks.tag.vocabulary import TagVocabulary
    >>> letters = Vocabulary(("<unk>", "a", "b"), "<unk>")
    >>> known = TagVocabulary(
    ...     words=letters, trained=3, characters=letters, tags=Vocabulary(("X", "Y")), usual=(0, 0, 1),
    ...     scheme="none", lowercase=True,
    ... )
    >>> batch, = TagBatches([["a", "b", "a"], ["ba"]], vocabulary=known, options=BatchOptions())
    >>> batch.words.data.tolist(), batch.forms.tolist(), batch.characters.batch_sizes.tolist()
    ([1, 0, 2, 1], [0, 2, 1, 0], [3, 1])
    """

    def __init__(
        self,
        sentences: Sequence[Sequence[str]],
        /,
        *,
        vocabulary: TagVocabulary,
        options: BatchOptions,
        tags: Sequence[np.ndarray] | None = None,
    ) -> None:
        super().__init__(np.array([len(sentence) for sentence in sentences], np.int64), options)
        forms = list(dict.fromkeys(form for sentence in sentences for form in sentence))
        numbers = {form: number for number, form in enumerate(forms)}
        self._words = vocabulary.words.encode(vocabulary.word(form) for form in forms)
        self._characters = [vocabulary.characters.encode(_ends(form)) for form in forms]
        self._sentences = [np.array([numbers[form] for form in sentence], np.int64) for sentence in sentences]
        self._tags = tags

    def __iter__(self) -> Iterator[TagBatch]:
        return map(self._batch, self.places)

    def _batch(self, places: np.ndarray) -> TagBatch:
        chosen: list[int] = places.tolist()
        # words and tags are packed side by side, so that both have the same order
        rows = packed([self._rows(place) for place in chosen])
        forms = rows.data[:, 0].numpy()
        distinct, inverse = np.unique(forms, return_inverse=True)
        return TagBatch(
            rows._replace(data=torch.from_numpy(self._words[forms])),
            packed([self._characters[form] for form in distinct.tolist()]),
            torch.from_numpy(inverse),
            None if self._tags is None else rows.data[:, 1].contiguous(),
        )

    def _rows(self, place: int) -> np.ndarray:
        """Return (tokens, 1), the forms of a sentence, with the tags where they are known (tokens, 2)."""
        columns = [self._sentences[place], *([] if self._tags is None else [self._tags[place]])]
        return np.stack(columns, 1)


def _ends(form: str) -> str:
    return form if len(form) <= _LONGEST else form[: _LONGEST // 2] + form[-_LONGEST // 2 :]
