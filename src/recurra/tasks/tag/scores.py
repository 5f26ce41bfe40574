"""What a tagger says to people: its scores as a table, its tags as a listing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars

from recurra.data import TaggedSentences, with_tags
from recurra.report.numbers import MISSING
from recurra.tasks.outcome import Listing, ScoreTable
from recurra.tasks.tag.model import Tagged

_ACCURACIES = {"tokens": "tokens", "unknown_words": "unknown words", "sentences": "whole sentences"}
_ENTITIES = "An entity is found if its type, its first and its last token are right. "

__all__ = ["listed", "predictions", "score_table", "share_text"]


def score_table(evaluation: Mapping[str, Any], /) -> ScoreTable:
    """Return a `TagEvaluation`, as a dictionary, as a table."""
    model, usual = evaluation["model"], evaluation["usual_tag"]
    has_entities = model["entities"] is not None
    return ScoreTable(
        title=f"{model['sentences']['count']:,} sentences, {model['tokens']['count']:,} tokens",
        columns=("right", "of", "model", "most frequent tag"),
        rows=tuple(_entity_rows(model, usual) if has_entities else ()) + tuple(_accuracy_rows(model, usual)),
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


def _accuracy_rows(model: Mapping[str, Any], usual: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for key, name in _ACCURACIES.items():
        yield name, f"{model[key]['count']:,}", share_text(model[key]["share"]), share_text(usual[key]["share"])
