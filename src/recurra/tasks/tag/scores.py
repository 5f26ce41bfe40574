"""How good tags are: the accuracy of tokens and of unknown words, the F1 of entities; scores and tags as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import polars

from recurra.data import Marks, TaggedSentences, spans, with_tags
from recurra.errors import DataError
from recurra.report.numbers import MISSING
from recurra.tasks.scores import Listing, ScoreTable
from recurra.tasks.tag.data import TagVocabulary
from recurra.tasks.tag.model import Tagged

__all__ = [
    "Accuracy", "EntityScores", "TagEvaluation", "TagScores", "evaluate_tags", "listed", "predictions", "score_table",
    "score_tags", "share_text",
]  # fmt: skip


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


_ACCURACIES = {"tokens": "tokens", "unknown_words": "unknown words", "sentences": "whole sentences"}
_ENTITIES = "An entity is found if its type, its first and its last token are right. "


def score_table(evaluation: Mapping[str, Any], /) -> ScoreTable:
    """Return a `TagEvaluation`, as a dictionary, as a table."""
    model, usual = evaluation["model"], evaluation["usual_tag"]
    has_entities = model["entities"] is not None
    accuracies = [
        (name, f"{model[key]['count']:,}", share_text(model[key]["share"]), share_text(usual[key]["share"]))
        for key, name in _ACCURACIES.items()
    ]
    return ScoreTable(
        title=f"{model['sentences']['count']:,} sentences, {model['tokens']['count']:,} tokens",
        columns=("right", "of", "model", "most frequent tag"),
        rows=(*(_entity_rows(model, usual) if has_entities else ()), *accuracies),
        caption=f"{_ENTITIES * has_entities}Unknown words are those that training has not seen. The last column is "
        "what each word's most frequent tag in training gives.",
    )


def listed(sentences: TaggedSentences, found: Sequence[Tagged], /) -> Listing:
    """Return the tags of sentences as rows, and as the file that they are from."""
    content = with_tags(sentences, [each.tags for each in found])
    return Listing(frame=_frame(sentences, found), text=content.decode(sentences.encoding))


def predictions(sentences: TaggedSentences, found: Sequence[Tagged], /) -> bytes:
    """Return the tags of sentences beside the true ones as CSV."""
    true = [tag for tags in sentences.tags or () for tag in tags]
    lines = [line for rows in sentences.rows for line in rows]
    frame = _frame(sentences, found)
    frame = frame.insert_column(1, polars.Series("line", lines)).insert_column(4, polars.Series("truth", true))
    return frame.write_csv().encode()


def share_text(share: float | None, /) -> str:
    """Return a share as a percentage with two decimals: taggers differ in them."""
    return MISSING if share is None else f"{100 * share:.2f} %"


def _frame(sentences: TaggedSentences, found: Sequence[Tagged]) -> polars.DataFrame:
    numbered = [
        (number, place) for number, words in enumerate(sentences.words, 1) for place in range(1, len(words) + 1)
    ]
    return polars.DataFrame(
        {
            "sentence": [number for number, _ in numbered],
            "token": [place for _, place in numbered],
            "word": [word for words in sentences.words for word in words],
            "tag": [tag for each in found for tag in each.tags],
            "probability": [round(one, 4) for each in found for one in each.probabilities],
        }
    )


def _entity_rows(model: Mapping[str, Any], usual: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    ours, theirs = model["entities"], usual["entities"]
    yield "entities, F1", f"{ours['there']:,}", share_text(ours["f1"]), share_text(theirs["f1"])
    for kind, scores in model["entity_types"].items():
        other = usual["entity_types"].get(kind)
        yield (
            f"of them {kind}",
            f"{scores['there']:,}",
            share_text(scores["f1"]),
            share_text(other["f1"] if other else 0.0),
        )
