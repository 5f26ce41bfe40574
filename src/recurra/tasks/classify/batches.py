"""Labelled sequences in packed batches of like lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.data import BatchOptions, packed
from recurra.data.batching import Bucketed

__all__ = ["PackedBatches"]


@final
class PackedBatches(Bucketed):
    """Batches (sequences, labels): a PackedSequence, and (batch,) int64.

    Parameters
    ----------
    sequences
        (steps,) or (steps, channels) each, of any lengths from 1 on.
    labels
        (count,) int64.
    options
        How they come in batches.

    Examples
    --------
    >>> import numpy
    >>> from recurra.data import BatchOptions
    >>> from recurra.tasks.classify.batches import PackedBatches
    >>> sequences, labels = [numpy.array([1, 2, 3]), numpy.array([4])], numpy.array([0, 1])
    >>> [(batch.batch_sizes.tolist(), labels.tolist()) for batch, labels in
    ...  PackedBatches(sequences, labels, options=BatchOptions(shuffle=False))]
    [([2, 1, 1], [0, 1])]
    """

    def __init__(self, sequences: Sequence[np.ndarray], labels: np.ndarray, /, *, options: BatchOptions) -> None:
        super().__init__(np.array([len(sequence) for sequence in sequences]), options)
        self._sequences, self._labels = sequences, torch.from_numpy(labels)

    def __iter__(self) -> Iterator[tuple[PackedSequence, Tensor]]:
        for places in self.places:
            yield packed([self._sequences[place] for place in places.tolist()]), self._labels[places]
