"""What a tagger knows: words, characters and tags at their numbers, and how the tags mark entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, final

import numpy as np

from recurra.data import Marks, TaggedSentences, Vocabulary, converted_tags, find_marks, most_frequent
from recurra.data.tags import Scheme, Written, misplaced
from recurra.data.vocabulary import UNKNOWN
from recurra.errors import DataError

__all__ = ["AnyScheme", "TagVocabulary", "fit_vocabulary", "inside", "lax_tags", "marks_of", "outside", "unmarked_note"]

_RARE = 2
"""Characters that are seen less often in training are unknown ones, so that those are learnt about too."""

_VOCABULARIES = ("words", "characters", "tags")


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
        parts = {name: getattr(self, name).to_dictionary() for name in _VOCABULARIES}
        return {
            "scheme": self.scheme,
            "written": self.written,
            "lowercase": self.lowercase,
            "trained": self.trained,
            "usual": list(self.usual),
            **parts,
        }

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


AnyScheme = Literal["none"] | Scheme
"""A scheme of entities, or none: then tags are what they are."""

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
        raise DataError(f"{sentences.source}, {first}{others} (without --scheme strict they are read as they can be)")
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
