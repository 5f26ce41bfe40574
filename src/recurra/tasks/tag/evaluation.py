"""How good tags are: the accuracy of tokens, known and unknown words, and the F1 of entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from recurra.data import Marks, TaggedSentences, spans
from recurra.errors import DataError
from recurra.tasks.tag.vocabulary import TagVocabulary

__all__ = ["Accuracy", "EntityScores", "TagEvaluation", "TagScores", "evaluate_tags", "score_tags"]


@final
@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How many there are, and the share of them that is right; None if there are none."""

    count: int
    share: float | None


@final
@dataclass(frozen=True, kw_only=True)
class EntityScores:
    """Entities found exactly: their type, first and last token.

    Attributes
    ----------
    precision, recall, f1
        The share of those found that are there, of those there that are found, and the harmonic mean of both; 0 where
        there are none.
    there, found
        How many there are, and how many were found, right or wrong.
    """

    precision: float
    recall: float
    f1: float
    there: int
    found: int


@final
@dataclass(frozen=True, kw_only=True)
class TagScores:
    """The scores on sentences whose tags are known.

    Attributes
    ----------
    sentences
        The sentences, and the share that has no error.
    tokens
        The tokens, and the share with the right tag.
    unknown_words
        The same of those that training has not seen.
    entities, entity_types
        Of all entities together (micro average), and of each type; None where tags mark none. The definition is that
        of conlleval (Tjong Kim Sang & Buchholz, 2000) and of seqeval (Nakayama, 2018).
    """

    sentences: Accuracy
    tokens: Accuracy
    unknown_words: Accuracy
    entities: EntityScores | None
    entity_types: dict[str, EntityScores] | None


@final
@dataclass(frozen=True, kw_only=True)
class TagEvaluation:
    """The scores of the model, and of giving each word the tag that it has most often in training."""

    model: TagScores
    usual_tag: TagScores


def evaluate_tags(
    sentences: TaggedSentences, found: Sequence[Sequence[str]], /, *, vocabulary: TagVocabulary
) -> TagEvaluation:
    """Compare tags that were found, (tokens,) of each sentence, with the true ones; see `score_tags` for errors."""
    usual = [vocabulary.usual_tags(words) for words in sentences.words]
    about: dict[str, Any] = {"is_known": vocabulary.is_known, "marks": vocabulary.marks}
    return TagEvaluation(model=score_tags(sentences, found, **about), usual_tag=score_tags(sentences, usual, **about))


def score_tags(
    sentences: TaggedSentences,
    found: Sequence[Sequence[str]],
    /,
    *,
    is_known: Callable[[str], bool],
    marks: Marks | None,
) -> TagScores:
    """Compare tags that were found with those of sentences.

    Parameters
    ----------
    sentences
        With their tags.
    found
        (tokens,) of each sentence.
    is_known
        Whether training has seen a word.
    marks
        How tags mark entities; None where they mark none.

    Raises
    ------
    DataError
        If the sentences have no tags.
    """
    if sentences.tags is None:
        raise DataError(f"{sentences.source} has no tags to compare with")
    rights = [
        [one == other for one, other in zip(*pair, strict=True)] for pair in zip(found, sentences.tags, strict=True)
    ]
    known = {word: is_known(word) for word in {word for words in sentences.words for word in words}}
    unknown = [
        right
        for words, row in zip(sentences.words, rights, strict=True)
        for word, right in zip(words, row, strict=True)
        if not known[word]
    ]
    entities = None if marks is None else _entity_scores(found, sentences.tags, marks)
    return TagScores(
        sentences=_accuracy(map(all, rights)),
        tokens=_accuracy(right for row in rights for right in row),
        unknown_words=_accuracy(unknown),
        entities=None if entities is None else entities.pop(""),
        entity_types=entities,
    )


def _accuracy(rights: Iterable[bool]) -> Accuracy:
    counts = Counter(rights)
    total = counts.total()
    return Accuracy(count=total, share=counts[True] / total if total else None)


def _entity_scores(
    found: Sequence[Sequence[str]], true: Sequence[Sequence[str]], marks: Marks
) -> dict[str, EntityScores]:
    """Return the scores of each type in order, and those of all entities under an empty name."""
    counts: dict[str, Counter[str]] = {"": Counter()}
    for one, other in zip(found, true, strict=True):
        ours, theirs = set(spans(one, marks=marks)), set(spans(other, marks=marks))
        for name, entities in (("found", ours), ("there", theirs), ("both", ours & theirs)):
            for entity in entities:
                counts.setdefault(entity.type, Counter())[name] += 1
                counts[""][name] += 1
    return {kind: _scores(counts[kind]) for kind in sorted(counts)}


def _scores(counts: Counter[str]) -> EntityScores:
    both, found, there = (counts[name] for name in ("both", "found", "there"))
    return EntityScores(
        precision=both / found if found else 0.0,
        recall=both / there if there else 0.0,
        f1=2 * both / (found + there) if found + there else 0.0,
        there=there,
        found=found,
    )
