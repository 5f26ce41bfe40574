"""Sentences: read and split, the vocabulary of words, characters and tags, and the batches that a network takes."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.data import (
    BatchOptions,
    ConllColumns,
    Marks,
    TableFormat,
    TaggedSentences,
    TokenColumns,
    Vocabulary,
    converted_tags,
    find_marks,
    most_frequent,
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
from recurra.data.tags import Scheme, Written, misplaced
from recurra.data.vocabulary import UNKNOWN
from recurra.errors import DataError, InputError
from recurra.tasks.model import Sources
from recurra.tasks.tag.options import TagOptions

__all__ = [
    "LONGEST", "AnyScheme", "Layout", "SplitSentences", "TagBatch", "TagBatches", "TagVocabulary", "fit_vocabulary",
    "inside", "lax_tags", "marks_of", "outside", "some_of", "split_sentences", "tagged_source", "unmarked_note",
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
    given = {name: tagged_source(part, options) for name, part in sources.apart.items()}
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
    known = {
        name: f"from {Path(part.source).name}" if name in given else f"drawn with seed {seed}"
        for name, part in parts.items()
    }
    validating = len(parts["validation"])
    if "test" not in parts:
        return f"{training:,} sentences train, {validating:,} validate ({known['validation']})"
    return (
        f"{training:,} sentences train, {validating:,} validate ({known['validation']}), "
        f"{len(parts['test']):,} test ({known['test']})"
    )


_RARE = 2
"""Characters that are seen less often in training are unknown ones, so that those are learnt about too."""

_VOCABULARIES = ("words", "characters", "tags")

AnyScheme = Literal["none"] | Scheme
"""A scheme of entities, or none: then tags are what they are."""


@final
@dataclass(frozen=True, kw_only=True)
class TagVocabulary:
    """The words, characters and tags of a model.

    Attributes
    ----------
    words
        Their vectors' numbers; unknown ones share one. Those of the training part come first.
    trained
        How many of them are in the training part.
    characters
        As words.
    tags
        As the network has them: entities in BIOES.
    scheme
        As the file has them.
    lowercase
        Whether words are in lower case.
    usual
        (trained,) of each word of the training part the number of its most frequent tag there; first, for unknown
        ones, that of all words.
    written
        How the file puts letter and type of an entity's tag together.
    """

    words: Vocabulary
    trained: int
    characters: Vocabulary
    tags: Vocabulary
    scheme: AnyScheme
    lowercase: bool
    usual: tuple[int, ...]
    written: Written = "B-PER"

    @property
    def marks(self) -> Marks | None:
        """How the file's tags mark entities; None where they mark none."""
        return None if self.scheme == "none" else Marks(self.scheme, self.written)

    def word(self, form: str, /) -> str:
        """Return a word as `words` has it."""
        return form.lower() if self.lowercase else form

    def is_known(self, form: str, /) -> bool:
        """Say whether training has seen a word."""
        return 0 < self.words.number(self.word(form)) < self.trained

    def usual_tags(self, forms: Sequence[str], /) -> list[str]:
        """Return of each word (tokens,) of a sentence the tag that it has most often in training, in the file's scheme.

        What a tagger has to be better than.
        """
        numbers = self.words.encode(map(self.word, forms)).tolist()
        tags = self.tags.decode([self.usual[number if number < self.trained else 0] for number in numbers])
        return outside(tags, self.marks)

    def is_tag(self, text: str, /) -> bool:
        """Say whether a text is a tag, of an entity in whatever scheme."""
        marks = self.marks
        if marks is None:
            return text in self.tags
        types = {tag.partition("-")[2] for tag in self.tags.tokens}
        return text == "O" or marks.parts(text)[1] in types or text.partition("-")[2] in types - {""}

    def tag_numbers(self, sentences: TaggedSentences, /) -> list[np.ndarray]:
        """Return the numbers of the tags of each sentence, (tokens,).

        Raises
        ------
        DataError
            If a tag is not known; the message says the line.
        """
        found = []
        for tags, rows in zip(sentences.tags or (), sentences.rows, strict=True):
            try:
                found.append(self.tags.encode(inside(tags, self.marks)))
            except DataError:
                raise self._unknown_tag(tags, rows, sentences.source) from None
        return found

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        plain = {name: getattr(self, name) for name in ("scheme", "written", "lowercase", "trained")}
        parts = {name: getattr(self, name).to_dictionary() for name in _VOCABULARIES}
        return {**plain, "usual": list(self.usual), **parts}

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return what `to_dictionary` described."""
        return cls(
            scheme=content["scheme"],
            written=content.get("written", "B-PER"),
            lowercase=content["lowercase"],
            trained=content["trained"],
            usual=tuple(content["usual"]),
            **{name: Vocabulary.from_dictionary(content[name]) for name in _VOCABULARIES},
        )

    def _unknown_tag(self, tags: Sequence[str], rows: Sequence[int], source: str) -> DataError:
        place = next(place for place, tag in enumerate(inside(tags, self.marks)) if tag not in self.tags)
        return DataError(
            f"{source}, line {rows[place]}: the model has no tag {tags[place]!r}, only the {len(self.tags)} that it "
            f"was first trained on"
        )


def fit_vocabulary(
    training: TaggedSentences,
    validation: TaggedSentences,
    /,
    *,
    marks: Marks | None,
    lowercase: bool,
    minimum_count: int,
    further_words: Iterable[str] = (),
) -> tuple[TagVocabulary, np.ndarray]:
    """Return the vocabulary of the training part, and how often it has each word, (words,).

    Tags are those of the validation part too, so that its loss is that of all its sentences. `further_words` have
    vectors, and are not in the training part.

    Raises
    ------
    DataError
        If there are fewer than two tags.
    """
    forms = Counter(form for sentence in training.words for form in sentence)
    counts: Counter[str] = Counter()
    for form, count in forms.items():
        counts[form.lower() if lowercase else form] += count
    known = most_frequent(counts, specials=(UNKNOWN,), minimum_count=_possible(counts, minimum_count))
    further = dict.fromkeys(word for word in further_words if word not in known)
    tags = _tags((training, validation), marks)
    vocabulary = TagVocabulary(
        words=Vocabulary((*known.tokens, *further), UNKNOWN),
        trained=len(known),
        characters=_characters(forms),
        tags=tags,
        usual=_usual(training, known, tags, lowercase=lowercase, marks=marks),
        scheme="none" if marks is None else marks.scheme,
        written="B-PER" if marks is None else marks.written,
        lowercase=lowercase,
    )
    return vocabulary, np.array([counts[word] for word in vocabulary.words.tokens])


def _usual(
    training: TaggedSentences, words: Vocabulary, tags: Vocabulary, /, *, lowercase: bool, marks: Marks | None
) -> tuple[int, ...]:
    """Return the number of each word's most frequent tag; of equally frequent ones the one that is so of all words."""
    counts = np.zeros((len(words), len(tags)), np.int64)
    for forms, given in zip(training.words, training.tags or (), strict=True):
        numbers = words.encode(form.lower() if lowercase else form for form in forms)
        np.add.at(counts, (numbers, tags.encode(inside(given, marks))), 1)
    counts[0] = counts.sum(0)
    # sorted by a word's own counts; where these are equal by those of all words: the last key of lexsort is the first
    return tuple(np.lexsort((-counts[0] * np.ones_like(counts), -counts), axis=1)[:, 0].tolist())


def _possible(counts: Mapping[str, int], minimum: int) -> int:
    """Return the minimum, or the largest count where that is less: a vocabulary is never empty."""
    return min(minimum, max(counts.values()))


def _characters(forms: Mapping[str, int]) -> Vocabulary:
    counts: Counter[str] = Counter()
    for form, count in forms.items():
        for character in form:
            counts[character] += count
    return most_frequent(counts, specials=(UNKNOWN,), minimum_count=_possible(counts, _RARE))


def _tags(parts: Iterable[TaggedSentences], marks: Marks | None) -> Vocabulary:
    """Return the tags by how often they are there; among those of entities is always `O`."""
    sources = list(parts)
    counts = Counter(tag for part in sources for tags in part.tags or () for tag in inside(tags, marks))
    if len(counts) < 2:
        raise DataError(
            f"{sources[0].source}: all tokens have the tag {next(iter(counts))!r}; expected at least two tags"
        )
    outside_all = () if marks is None else ("O",)
    return most_frequent(counts, specials=outside_all)


_INSIDE = Marks("BIOES")
"""What the network learns, whatever the file has: entities are found better so (Ratinov & Roth, 2009)."""


def marks_of(sentences: TaggedSentences, scheme: str, /) -> Marks | None:
    """Return how the tags mark entities, in the scheme that is wanted or, for "auto" and "strict", the one found.

    None where tags mark none, or with "none" are not looked at.
    """
    if scheme == "none":
        return None
    found = find_marks(sentences.tags or ())
    if scheme in ("auto", "strict"):
        return found
    return Marks(scheme, found.written if found else "B-PER")  # pyright: ignore[reportArgumentType]


def lax_tags(sentences: TaggedSentences, marks: Marks | None, /, *, strict: bool = False) -> str:
    """Return a sentence on the tags that do not follow the scheme: how many, and where; "" if all do.

    Raises
    ------
    DataError
        If some do not and `strict` is wanted; the message says the line of the first.
    """
    if marks is None:
        return ""
    count, first = 0, ""
    for tags, rows in zip(sentences.tags or (), sentences.rows, strict=False):
        for place, reason in misplaced(tags, marks):
            first = first or f"line {rows[place]}: {reason}"
            count += 1
    if count and strict:
        others = f"; {count - 1:,} more do not follow {marks.scheme}" if count > 1 else ""
        advice = "; without --scheme strict they are read as they can be"
        raise DataError(f"{sentences.source}, {first}{others}{advice}")
    if not count:
        return ""
    does, are = ("tag does", "is") if count == 1 else ("tags do", "are")
    how = f"{does} not follow {marks.scheme} and {are} read as conlleval reads them"
    return f"{count:,} {how} ({sentences.source}, {first})"


def unmarked_note(sentences: TaggedSentences, scheme: str, /) -> str:
    """Return a sentence where tags look like those of entities, with `O` among them, but are in no known scheme."""
    tags = {tag for each in sentences.tags or () for tag in each}
    if scheme != "auto" or "O" not in tags or len(tags) < 2:
        return ""
    shown = ", ".join(sorted(tags - {"O"})[:3])
    return f"the tags ({shown}, ...) are in no known scheme of entities: each is learnt and measured for itself"


def inside(tags: Sequence[str], marks: Marks | None, /) -> list[str]:
    """Return the tags (tokens,) of a sentence as the network learns them."""
    return list(tags) if marks is None else converted_tags(tags, to=_INSIDE, marks=marks)


def outside(tags: Sequence[str], marks: Marks | None, /) -> list[str]:
    """Return the network's tags (tokens,) of a sentence as the file has them."""
    return list(tags) if marks is None else converted_tags(tags, to=marks)


LONGEST = 200
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
    >>> from recurra.data import BatchOptions, Vocabulary
    >>> from recurra.tasks.tag.data import TagBatches, TagVocabulary
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
        columns = [self._sentences, *([] if self._tags is None else [self._tags])]
        rows = packed([np.stack([column[place] for column in columns], 1) for place in chosen])
        forms = rows.data[:, 0].numpy()
        distinct, inverse = np.unique(forms, return_inverse=True)
        return TagBatch(
            rows._replace(data=torch.from_numpy(self._words[forms])),
            packed([self._characters[form] for form in distinct.tolist()]),
            torch.from_numpy(inverse),
            None if self._tags is None else rows.data[:, 1].contiguous(),
        )


def _ends(form: str) -> str:
    return form if len(form) <= LONGEST else form[: LONGEST // 2] + form[-LONGEST // 2 :]
