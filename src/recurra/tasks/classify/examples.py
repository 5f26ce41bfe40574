"""Sequences of the test part as the report shows them: the surest errors and hits, and the least sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recurra.data import LabelledSequences
from recurra.report import (
    Block,
    Passage,
    Text,
    Token,
    TokenText,
    attention_passage,
    attention_picture,
    attention_text,
    percent,
)
from recurra.tasks.classify.encoder import TextEncoder
from recurra.tasks.classify.model import Answers, ClassifyModel

__all__ = ["chosen_examples", "example_blocks"]

_TEXTS, _PICTURES = 4, 2
"""How many of each kind are shown."""

_TOKENS = 150
"""Tokens of a text that are shown."""


def example_blocks(model: ClassifyModel, test: LabelledSequences, answers: Answers, /) -> list[Block]:
    """Return examples: texts with the attention to each token, or pictures of sequences with that to each step."""
    assert test.labels is not None
    if isinstance(model.encoder, TextEncoder):
        places = chosen_examples(answers, test.labels, most=_TEXTS)
        passages = [_passage(model.encoder, model.classes, test, answers, place) for place in places]
        joined_by = " " if model.options.level == "word" else ""
        return [_text(passages, joined_by=joined_by, has_attention=answers.attention is not None)]
    if answers.attention is None:
        return [Text("With pooling by attention, this section shows where the model looked.")]
    places = chosen_examples(answers, test.labels, most=_PICTURES)
    return [_picture(model.classes, test, answers, place) for place in places]


def chosen_examples(answers: Answers, labels: np.ndarray, /, *, most: int) -> list[int]:
    """Return the places of the surest errors, the least sure of all, and the surest hits, each once.

    Examples
    --------
    >>> import numpy
    >>> from recurra.tasks.classify.examples import chosen_examples
    >>> from recurra.tasks.classify.model import Answers
    >>> answers = Answers(numpy.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), None)
    >>> chosen_examples(answers, numpy.array([0, 0, 0]), most=1)
    [1, 2, 0]
    """
    is_right, sure = answers.predicted == labels, np.argsort(-answers.confidence, kind="stable")
    wrong, right = sure[~is_right[sure]], sure[is_right[sure]]
    return list(dict.fromkeys([*wrong[:most].tolist(), *sure[::-1][:most].tolist(), *right[:most].tolist()]))


def _passage(
    encoder: TextEncoder, classes: Sequence[str], test: LabelledSequences, answers: Answers, place: int
) -> Passage:
    assert test.labels is not None
    tokens = encoder.split(str(test.sequences[place]))
    predicted, truth = classes[int(answers.predicted[place])], classes[int(test.labels[place])]
    confidence = float(answers.confidence[place])
    weights = np.zeros(len(tokens)) if answers.attention is None else answers.attention[place]
    passage = attention_passage(tokens, weights, predicted=predicted, truth=truth, confidence=confidence)
    shown = passage.tokens[:_TOKENS]
    if len(tokens) > _TOKENS:
        shown = (*shown, Token(f"… {len(tokens) - _TOKENS:,} more"))
    return Passage(tokens=shown, heading=passage.heading, is_wrong=passage.is_wrong)


def _text(passages: Sequence[Passage], *, joined_by: str, has_attention: bool) -> TokenText:
    if has_attention:
        return attention_text(passages, joined_by=joined_by)
    return TokenText(
        title="Errors and hits",
        caption="First the errors of which the model was surest, then what it was least sure of, then its surest hits.",
        passages=tuple(passages),
        joined_by=joined_by,
    )


def _picture(classes: Sequence[str], test: LabelledSequences, answers: Answers, place: int) -> Block:
    assert test.labels is not None
    assert answers.attention is not None
    sequence, weights = test.sequences[place], answers.attention[place]
    assert not isinstance(sequence, str)
    predicted, truth = classes[int(answers.predicted[place])], classes[int(test.labels[place])]
    said = f"{predicted}, {percent(float(answers.confidence[place]))} sure"
    title = f"Row {test.rows[place]}: {said}" + (f"; in truth {truth}" if truth != predicted else "")
    return attention_picture(sequence[: len(weights), 0], weights, title=title)
