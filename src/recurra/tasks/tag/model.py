"""A trained tagger: the network with all that it needs to meet a person's sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import torch

from recurra.data import BatchOptions
from recurra.tasks.tag.data import TagBatches
from recurra.tasks.tag.network import TagNetwork
from recurra.tasks.tag.vocabulary import TagVocabulary, outside

__all__ = ["TagModel", "Tagged"]

_TOGETHER = BatchOptions(batch_size=256, rows=8192, shuffle=False)
"""How sentences come to be tagged."""


@final
@dataclass(frozen=True, kw_only=True)
class Tagged:
    """A sentence's tags (tokens,), and how probable each is, (tokens,)."""

    tags: tuple[str, ...]
    probabilities: tuple[float, ...]


@final
@dataclass(frozen=True, kw_only=True)
class TagModel:
    """A trained tagger.

    Attributes
    ----------
    network
        The trained network.
    vocabulary
        What it knows.
    """

    network: TagNetwork
    vocabulary: TagVocabulary

    @torch.inference_mode()
    def tagged(self, sentences: Sequence[Sequence[str]], /) -> list[Tagged]:
        """Return the tags of sentences, in the file's scheme; a sentence has at least one token."""
        found: dict[int, Tagged] = {}
        batches = TagBatches(sentences, vocabulary=self.vocabulary, options=_TOGETHER)
        for places, batch in zip(batches.places, batches, strict=True):
            scores = self.network(batch)
            paths, _ = self.network.head.decode(scores)
            marginals = self.network.head.marginals(scores)
            for row, place in enumerate(places.tolist()):
                found[place] = self._sentence(paths[row], marginals[row])
        return [found[place] for place in range(len(sentences))]

    def _sentence(self, path: list[int], marginals: torch.Tensor) -> Tagged:
        chosen = marginals[: len(path)].gather(1, torch.tensor(path).unsqueeze(1)).squeeze(1)
        tags = outside(self.vocabulary.tags.decode(path), self.vocabulary.marks)
        return Tagged(tags=tuple(tags), probabilities=tuple(chosen.tolist()))
