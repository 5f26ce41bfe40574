"""The network of a transcriber (convolutions, recurrent layers, a linear map to labels), and its learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, final

import torch
from torch import Tensor, nn
from torch.nn.functional import ctc_loss
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from recurra import Cell
from recurra.nn import ConvolutionalFront, LockedDropout, PictureFront, Recurrent, Standardise, ctc_greedy
from recurra.tasks.edit_distance import edit_distance
from recurra.tasks.transcribe.data import Alphabet
from recurra.tasks.transcribe.options import TranscribeOptions
from recurra.training.learner import Learner, Monitor, Sum

__all__ = ["Batch", "TranscribeLearner", "TranscribeNetwork"]


class TranscribeNetwork(nn.Module):
    """Gives the scores of the labels at each step for packed sequences.

    Parameters
    ----------
    cell
        The recurrent cell.
    options
        Sizes, directions, dropouts, convolutions, with what was open filled in.
    inputs
        The width of a step.
    labels
        How many labels there are, the blank counted.
    """

    def __init__(self, cell: Cell, /, *, options: TranscribeOptions, inputs: int, labels: int) -> None:
        super().__init__()
        self.standardise = None
        if options.standardise in ("recording", "running"):
            self.standardise = Standardise(options.standardise)
        self.input_dropout = LockedDropout(options.input_dropout)
        self.pixels = None
        if options.picture_convolutions:
            counts = range(options.picture_convolutions)
            self.pixels = PictureFront(inputs, [options.picture_features << number for number in counts])
            inputs = self.pixels.output_features
        self.front = None
        if options.convolutions:
            widths = [inputs, *[options.convolution_features] * options.convolutions]
            self.front = ConvolutionalFront(
                widths, kernel_size=options.convolution_size, stride=options.convolution_stride
            )
        self.recurrent = Recurrent(
            cell, self.front.output_features if self.front else inputs, options.hidden_size,
            num_layers=options.layers, bidirectional=options.bidirectional,
            dropout=options.dropout if options.layers > 1 else 0.0,
        )  # fmt: skip
        self.dropout = nn.Dropout(options.dropout)
        self.head = nn.Linear(self.recurrent.output_features, labels)

    def forward(self, sequences: PackedSequence) -> PackedSequence:
        """Return the scores of the labels at each step after the convolutions."""
        if self.standardise is not None:
            sequences = cast(PackedSequence, self.standardise(sequences))
        sequences = self.input_dropout(sequences)
        if self.pixels is not None:
            sequences = self.pixels(sequences)
        if self.front is not None:
            sequences = cast(PackedSequence, self.front(sequences))
        outputs, _ = self.recurrent(sequences)
        return outputs._replace(data=self.head(self.dropout(outputs.data)))

    def steps(self, count: int, /) -> int:
        """Return how many steps it gives of so many."""
        lengths = torch.tensor([count])
        for front in (self.pixels, self.front):
            lengths = lengths if front is None else front.lengths(lengths)
        return int(lengths)

    @property
    def stride(self) -> int:
        """Steps that it makes one of."""
        pixels = 1 if self.pixels is None else self.pixels.stride
        return pixels * (1 if self.front is None else self.front.stride ** len(self.front.convolutions))


Batch = tuple[PackedSequence, Tensor, Tensor]
"""Packed features, the labels of all (total,), and how many each has (batch,)."""


@final
class TranscribeLearner(Learner):
    """Learns labels from packed features by the CTC loss.

    Parameters
    ----------
    network
        Trained in place.
    options
        Which measure chooses the weights.
    alphabet
        The labels.
    """

    network: TranscribeNetwork

    def __init__(self, network: TranscribeNetwork, /, *, options: TranscribeOptions, alphabet: Alphabet) -> None:
        super().__init__(network)
        self.monitor = Monitor(options.choose_by)
        self._alphabet = alphabet

    def loss(self, batch: Batch, /) -> Tensor:
        """Return the CTC loss, in nats a label."""
        scores, lengths, total = self._scores(batch)
        return self._total(scores, lengths, batch) / max(1, total)

    def measure(self, batch: Batch, /) -> Mapping[str, Sum]:
        """Return the loss, and the errors of the likeliest paths in characters and words."""
        scores, lengths, total = self._scores(batch)
        sums = {"loss": Sum(self._total(scores, lengths, batch), max(1, total))}
        truths = [each.tolist() for each in batch[1].split(batch[2].tolist())]
        errors, words, characters = {"character_error": 0, "word_error": 0}, 0, 0
        for row, steps, labels in zip(scores.detach().transpose(0, 1).numpy(), lengths.tolist(), truths, strict=True):
            found, truth = self._alphabet.decode(ctc_greedy(row[:steps])), self._alphabet.decode(labels)
            errors["character_error"] += edit_distance(found, truth)
            errors["word_error"] += edit_distance(found.split(), truth.split())
            words, characters = words + len(truth.split()), characters + len(truth)
        counts = {"character_error": characters, "word_error": words}
        return {**sums, **{name: Sum(float(errors[name]), max(1, counts[name])) for name in errors}}

    def _scores(self, batch: Batch) -> tuple[Tensor, Tensor, int]:
        """Return log-probabilities (steps, batch, labels), the steps of each (batch,), and the number of labels."""
        padded, lengths = pad_packed_sequence(self.network(batch[0]))
        return padded.log_softmax(-1), lengths, int(batch[2].sum())

    def _total(self, scores: Tensor, lengths: Tensor, batch: Batch) -> Tensor:
        # a recording that was made faster may have become too short for its text: it counts nothing
        return ctc_loss(scores, batch[1], lengths, batch[2], reduction="sum", zero_infinity=True)
