"""Sentences as batches of numbers: packed, bucketed by length, the characters once for each distinct word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.data import BatchOptions, packed
from recurra.data.batching import Bucketed
from recurra.tasks.tag.vocabulary import TagVocabulary

__all__ = ["TagBatch", "TagBatches"]

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
    >>> from recurra.tasks.tag.batches import TagBatches
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
