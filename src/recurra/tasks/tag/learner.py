"""What a tagger learns, and what is measured of it while it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast, final

import torch
from torch import Tensor

from recurra.data import Span, spans
from recurra.tasks.tag.batches import TagBatch
from recurra.tasks.tag.network import TagNetwork
from recurra.training.learner import Learner, Monitor, Sum

__all__ = ["TagLearner"]

Numbers = Sequence[Sequence[int]]


@final
class TagLearner(Learner):
    """Learns tags; the accuracy of the tokens chooses the weights, or the F1 of the entities.

    Parameters
    ----------
    network
        Trained in place.
    labels
        The tags, by number.
    has_entities
        Whether they mark entities.
    """

    def __init__(self, network: TagNetwork, /, *, labels: Sequence[str], has_entities: bool) -> None:
        super().__init__(network)
        self._labels, self._has_entities = tuple(labels), has_entities
        self.monitor = Monitor("f1" if has_entities else "accuracy", larger_is_better=True)

    def loss(self, batch: TagBatch, /) -> Tensor:
        """Return the loss of a batch, nats a token."""
        network = cast(TagNetwork, self.network)
        return network.loss(network(batch), batch)

    def measure(self, batch: TagBatch, /) -> Mapping[str, Sum]:
        """Return the loss, the tokens that are right, and of entities those that are right and those of either."""
        network, true = cast(TagNetwork, self.network), _true(batch)
        scores = network(batch)
        found, _ = network.head.decode(scores)
        tokens = len(batch.forms)
        right = sum(one == other for pair in zip(found, true, strict=True) for one, other in zip(*pair, strict=True))
        sums = {"loss": Sum(network.loss(scores, batch) * tokens, tokens), "accuracy": Sum(right, tokens)}
        return sums | (self._entity_sums(found, true) if self._has_entities else {})

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the loss a token, the accuracy, and F1: twice the entities that are right, over those of either."""
        means = super().summarise({name: sums[name] for name in ("loss", "accuracy")})
        if not self._has_entities:
            return means
        right, either = float(sums["right"].total), float(sums["either"].total)
        return {**means, "f1": 2 * right / either if either else 0.0}

    def _entity_sums(self, found: Numbers, true: Numbers) -> dict[str, Sum]:
        pairs = [(self._entities(one), self._entities(other)) for one, other in zip(found, true, strict=True)]
        return {
            "right": Sum(sum(len(one & other) for one, other in pairs), 1),
            "either": Sum(sum(len(one) + len(other) for one, other in pairs), 1),
        }

    def _entities(self, tags: Sequence[int]) -> set[Span]:
        return set(spans([self._labels[tag] for tag in tags]))


def _true(batch: TagBatch) -> list[list[int]]:
    """Return the numbers of the tags of each sentence."""
    assert batch.tags is not None, "the tags of a batch have to be known to measure it"
    tags = batch.words._replace(data=batch.tags)
    padded, lengths = torch.nn.utils.rnn.pad_packed_sequence(tags, batch_first=True)
    return [row[:length] for row, length in zip(padded.tolist(), lengths.tolist(), strict=True)]
