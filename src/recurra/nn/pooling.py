"""`Pooling`: one vector for a whole sequence, over the rows that there are and no others."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_size
from recurra.nn.ragged import Ragged, max_rows, pack, padded, softmax_rows, sum_rows

__all__ = ["Pooling", "PoolingKind"]

PoolingKind = Literal["last", "mean", "max", "attention"]


class Pooling(nn.Module):
    """The outputs of a recurrent layer as one vector for each sequence.

    - ``"last"``: the output that has read the whole sequence. The backward half's is at the first step.
    - ``"mean"``, ``"max"``: over the steps, for each feature.
    - ``"attention"``: the mean weighted by a softmax over the steps of u · tanh(W h_t + b), with a learned u: Yang et
      al. (2016), Hierarchical Attention Networks for Document Classification, equations 5 to 7.

    Parameters
    ----------
    kind : ``"last"``, ``"mean"``, ``"max"`` or ``"attention"``
    features : int
        The width of the outputs, both directions side by side.
    bidirectional : bool
        Whether the second half of the features is of a backward direction; it matters to ``"last"`` alone.
    attention_size : int, optional
        The width of W h_t + b, `features` by default; for ``"attention"`` alone.

    Raises
    ------
    InputError
        If an option, the width of the input or the lengths do not fit, or a sequence has no steps.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import GRU, Pooling
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.randn(7, 3), torch.randn(4, 3)])
    >>> output, _ = GRU(3, 8, bidirectional=True)(packed)
    >>> pooled, weights = Pooling("attention", 16)(output)
    >>> pooled.shape, weights.shape
    (torch.Size([2, 16]), torch.Size([2, 7]))
    """

    @checked(InputError)
    def __init__(
        self,
        kind: PoolingKind,
        features: int,
        *,
        bidirectional: bool = False,
        attention_size: int | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        check_size("features", features)
        if attention_size is not None and kind != "attention":
            raise InputError(f"attention_size: got {attention_size!r}; pooling by {kind!r} has no attention")
        if bidirectional and features % 2:
            raise InputError(f"features: got {features}, expected an even number, as both directions lie side by side")
        self.kind, self.features, self.bidirectional = kind, features, bidirectional
        if kind == "attention":
            width = features if attention_size is None else attention_size
            check_size("attention_size", width)
            self.hidden = nn.Linear(features, width, device=device, dtype=dtype)
            self.query = nn.Linear(width, 1, bias=False, device=device, dtype=dtype)

    def forward(
        self, sequences: Tensor | PackedSequence, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Pool a batch.

        Parameters
        ----------
        sequences : PackedSequence, or tensor (batch, time, features)
            A packed batch is never padded.
        lengths : tensor (batch,), optional
            Of a padded batch; all are full without.

        Returns
        -------
        pooled : tensor (batch, features), in the order of the batch before it was packed
        weights : tensor (batch, time) for ``"attention"``, 0 behind the end of a sequence; otherwise None
        """
        packed = pack(sequences, lengths)
        rows, ragged = packed.data, Ragged.of(packed)
        if rows.dim() != 2 or rows.shape[1] != self.features:
            raise InputError(f"input: got rows of shape {tuple(rows.shape[1:])}, expected ({self.features},)")
        if self.kind == "attention":
            return self._attend(rows, ragged)
        pooled = {"last": self._last, "mean": _mean, "max": max_rows}[self.kind](rows, ragged)
        return ragged.restore(pooled), None

    def scores(self, rows: Tensor, /) -> Tensor:
        """Return what the softmax of ``"attention"`` is over, (rows,), of outputs (rows, features)."""
        return self.query(self.hidden(rows).tanh()).squeeze(1)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{self.kind!r}, {self.features}" + (", bidirectional=True" if self.bidirectional else "")

    def _last(self, rows: Tensor, ragged: Ragged) -> Tensor:
        if not self.bidirectional:
            return rows.index_select(0, ragged.last)
        half = self.features // 2
        return torch.cat([rows[:, :half].index_select(0, ragged.last), rows[: ragged.batch, half:]], 1)

    def _attend(self, rows: Tensor, ragged: Ragged) -> tuple[Tensor, Tensor]:
        weights = softmax_rows(self.scores(rows), ragged)
        pooled = sum_rows(weights.unsqueeze(1) * rows, ragged)
        return ragged.restore(pooled), padded(weights, ragged)


def _mean(rows: Tensor, ragged: Ragged) -> Tensor:
    return sum_rows(rows, ragged) / ragged.lengths.unsqueeze(1)
