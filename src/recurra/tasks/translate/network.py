"""The network of a translator (an encoder in both directions, a decoder with attention), and its learner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, final

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra import Cell
from recurra.nn import (
    AttentionDecoder,
    Decoded,
    EmbeddingDropout,
    EncoderDecoder,
    LockedDropout,
    Recurrent,
    SelfAttention,
    Softmax,
    TiedLinear,
)
from recurra.nn.dropout import dropout
from recurra.nn.softmax_heads import linear_cross_entropy
from recurra.tasks.cell_choice import known_cell
from recurra.tasks.translate.data import TranslateBatch
from recurra.tasks.translate.options import TranslateOptions
from recurra.training.learner import Learner, Monitor, Sum
from recurra.transforms import weight_drop

__all__ = ["Judge", "TranslateLearner", "TranslateNetwork"]

_RANGE = 0.1
"""Vectors of units are drawn evenly from minus this to this."""


@final
class _RowDropout(nn.Dropout):
    """Dropout of single numbers of packed rows, or of a tensor."""

    def forward(self, sequences: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not isinstance(sequences, PackedSequence):
            return dropout(sequences, self.p, self.training)
        return sequences._replace(data=dropout(sequences.data, self.p, self.training))


@final
class TranslateNetwork(nn.Module):
    """Says how likely each unit of the target is to come next, given the source and those before it.

        m = recurrent net over the vectors of the source, both directions; with self-attention upon them if wanted
        o = recurrent net over the vectors of the target so far, which asks m by attention
        p = softmax(W o)

    Bahdanau, Cho & Bengio (2015), arXiv:1409.0473; Luong, Pham & Manning (2015), arXiv:1508.04025. See
    `recurra.nn.AttentionDecoder` for where the attention goes. The matrix W is that of the target's vectors where they
    are tied, and of the source's too where the vocabulary is joint: Press & Wolf (2017), arXiv:1608.05859.

    Parameters
    ----------
    cell
        The recurrent cell; the decoder's too, unless the options name another.
    options
        Sizes, attention, ties, dropout.
    sources, targets
        How many units there are of each side, specials included.
    joint
        Whether they are the same.
    """

    def __init__(self, cell: Cell, /, *, options: TranslateOptions, sources: int, targets: int, joint: bool) -> None:
        super().__init__()
        self._options = options
        writing = _vectors(targets, options)
        self.reading = None if joint else _vectors(sources, options)  # joint ones are the decoder's
        other = cell if options.decoder_cell is None else known_cell(options.decoder_cell)
        encoder = Recurrent(
            _dropping(cell, options), options.embedding_size, options.hidden_size, num_layers=options.layers,
            dropout=options.dropout if options.layers > 1 else 0.0, bidirectional=True,
        )  # fmt: skip
        width = options.decoder_width
        decoder = AttentionDecoder(
            _dropping(other, options), options.embedding_size, width, memory_size=encoder.output_features,
            attention=options.attention, heads=options.heads if options.attention == "multihead" else None,
            feeding=options.feeding, num_layers=options.decoder_layers,
            dropout=options.dropout if options.decoder_layers > 1 else 0.0,
        )  # fmt: skip
        scores = TiedLinear(writing.embedding, features=width) if options.tied else nn.Linear(width, targets)
        between: list[nn.Module] = [_dropout(options.dropout, options)]
        if options.self_attention:
            features = encoder.output_features
            between.append(SelfAttention(features, heads=options.heads, dropout=options.dropout))
        self.translator = EncoderDecoder(
            encoder, decoder, embedding=writing, head=Softmax(scores, label_smoothing=options.label_smoothing),
            between=nn.Sequential(*between),
        )  # fmt: skip
        self.vector_dropout = _dropout(options.embedding_dropout, options)
        self.output_dropout = _dropout(options.dropout, options)

    def vectors(self, source: PackedSequence) -> PackedSequence:
        """Return the vectors of the source's units."""
        reading = self.translator.embedding if self.reading is None else self.reading
        return self.vector_dropout(reading(source))

    def forward(self, batch: TranslateBatch, *, own: float = 0.0) -> Decoded:
        """Run the decoder over the targets; its outputs go through dropout in training.

        Parameters
        ----------
        batch
            Pairs.
        own
            Share of the units that the decoder reads of those that it finds likeliest itself, given the true ones
            before: scheduled sampling (Bengio et al. 2015) in two passes, as Duckworth et al. (2019),
            arXiv:1906.04331, have it.
        """
        memory, state = self.translator.encode(self.vectors(batch.source))
        inputs = batch.targets[:, :-1]

        def run(inputs: Tensor) -> Decoded:
            vectors = self.vector_dropout(self.translator.embedding(inputs))
            return self.translator.decoder(vectors, memory, state=state)

        if own:
            with torch.no_grad():
                outputs = run(inputs).outputs[:, :-1]
                likeliest = self.translator.head.log_prob(outputs.flatten(0, 1)).argmax(1).view(outputs.shape[:2])
            chosen = torch.rand(likeliest.shape, device=likeliest.device) < own
            inputs = torch.cat([inputs[:, :1], torch.where(chosen, likeliest, inputs[:, 1:])], 1)
        decoded = run(inputs)
        return Decoded(self.output_dropout(decoded.outputs), decoded.state, decoded.weights)

    def loss(self, batch: TranslateBatch, *, own: float = 0.0) -> tuple[Tensor, int]:
        """Return the mean of -log p of the targets' units, in nats, and how many these are."""
        outputs = self(batch, own=own).outputs
        steps = batch.targets.shape[1] - 1
        counts = torch.arange(steps, device=outputs.device) < (batch.lengths - 1).unsqueeze(1)
        wanted = batch.targets[:, 1:][counts]
        return self._cross_entropy(outputs[counts], wanted), len(wanted)

    def _cross_entropy(self, outputs: Tensor, wanted: Tensor) -> Tensor:
        """Return the head's loss, without holding all scores and their gradient twice."""
        head = self.translator.head
        assert isinstance(head, Softmax)
        scores, smoothing = head.scores, head.label_smoothing if self.training else 0.0
        assert isinstance(scores, TiedLinear | nn.Linear)
        rows = scores.projected(outputs) if isinstance(scores, TiedLinear) else outputs
        return linear_cross_entropy(rows, scores.weight, bias=scores.bias, targets=wanted, label_smoothing=smoothing)


def _vectors(count: int, options: TranslateOptions) -> EmbeddingDropout:
    vectors = nn.Embedding(count, options.embedding_size)
    nn.init.uniform_(vectors.weight, -_RANGE, _RANGE)
    return EmbeddingDropout(vectors, options.unit_dropout)


def _dropping(cell: Cell, options: TranslateOptions) -> Cell:
    return weight_drop(cell, options.weight_drop) if options.weight_drop else cell


def _dropout(share: float, options: TranslateOptions) -> nn.Module:
    return LockedDropout(share, batch_first=True) if options.locked_dropout else _RowDropout(share)


Judge = Callable[[TranslateBatch], Mapping[str, Sum]]
"""What is measured of the translations of a batch, as sums."""


@final
class TranslateLearner(Learner):
    """Learns from pairs; the loss chooses the weights, or a score of translations.

    Parameters
    ----------
    network
        Trained in place.
    options
        How much the decoder reads of its own, and what chooses the weights.
    judge
        Translates a batch of the validation part and sums what is measured; None where the loss chooses.
    summed
        Makes the score of those sums.
    """

    network: TranslateNetwork

    def __init__(
        self,
        network: TranslateNetwork,
        /,
        *,
        options: TranslateOptions,
        judge: Judge | None = None,
        summed: Callable[[Mapping[str, Sum]], float] | None = None,
    ) -> None:
        super().__init__(network)
        self._options, self._judge, self._summed = options, judge, summed
        self.monitor = Monitor(options.choose_by, larger_is_better=options.choose_by in ("bleu", "exact"))

    def loss(self, batch: TranslateBatch, /) -> Tensor:
        """Return the loss of a batch, nats a unit; with label smoothing in training."""
        return self.network.loss(batch, own=self._own())[0]

    def measure(self, batch: TranslateBatch, /) -> Mapping[str, Sum]:
        """Return the loss, and what the score is made of."""
        loss, count = self.network.loss(batch)
        return {"loss": Sum(loss * count, count), **(self._judge(batch) if self._judge else {})}

    def summarise(self, sums: Mapping[str, Sum], /) -> dict[str, float]:
        """Return the loss a unit, and the score."""
        means = super().summarise({"loss": sums["loss"]})
        if self._summed is None:
            return means
        return {**means, self._options.choose_by: self._summed(sums)}

    def losses_by_step(self, batch: TranslateBatch, /) -> Tensor:
        """Return the mean loss (steps,) at each step of the targets."""
        outputs = self.network(batch).outputs
        head, wanted = self.network.translator.head, batch.targets[:, 1:]
        found = []
        for step in range(wanted.shape[1]):
            counts = batch.lengths - 1 > step
            found.append(head.loss(outputs[counts, step], wanted[counts, step]))
        return torch.stack(found)

    def _own(self) -> float:
        """Return the share of its own units that the decoder reads: none at first, all that is wanted at the end."""
        if not (self.training and self._options.scheduled_sampling):
            return 0.0
        return self._options.scheduled_sampling * min(1.0, self.epoch / max(1, self._options.epochs - 1))
