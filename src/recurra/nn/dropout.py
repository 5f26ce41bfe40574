"""Dropout whose mask belongs to a sequence or to a word, and not to a number: `LockedDropout`, `EmbeddingDropout`."""

from __future__ import annotations

from typing import overload

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_share
from recurra.nn.ragged import Ragged

__all__ = ["EmbeddingDropout", "LockedDropout"]


_CHANCES = 1 << 16


def dropout(values: Tensor, p: float, training: bool) -> Tensor:
    """Return values of which a share `p` is zero in training, and the others divided by the share that is kept.

    As `torch.nn.functional.dropout`, whose draws on a CPU are 25 ns each, a tenth of a translator's training step. Here
    four come of one whole number of 64 bits, so that `p` is rounded to 1 / 65,536.
    """
    dropped = round(p * _CHANCES)
    if not training or values.device.type != "cpu" or dropped in (0, _CHANCES):
        return functional.dropout(values, p, training)
    bits = torch.empty(-(-values.numel() // 4), dtype=torch.int64, device=values.device).random_(-(1 << 63), None)
    kept = bits.view(torch.int16)[: values.numel()].view(values.shape) >= dropped - _CHANCES // 2
    return values * kept.to(values.dtype).mul_(_CHANCES / (_CHANCES - dropped))


class LockedDropout(nn.Module):
    """Dropout with one mask for a whole sequence: variational dropout of the inputs and outputs of a recurrent layer.

    Gal & Ghahramani (2016), A Theoretically Grounded Application of Dropout in Recurrent Neural Networks. Each
    sequence has a mask of its own; what is kept is divided by the share that is kept.

    Parameters
    ----------
    p : float from 0 to 1
        The share of features that is dropped, in training alone.
    batch_first : bool
        Whether a padded batch is (batch, time, features) rather than (time, batch, features).

    Raises
    ------
    InputError
        If `p` is no share, or the input neither a tensor of three axes nor packed rows of features.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import LockedDropout
    >>> dropped = LockedDropout(0.5)(torch.ones(7, 2, 4))
    >>> bool((dropped == dropped[0]).all())
    True
    """

    @checked(InputError)
    def __init__(self, p: float, *, batch_first: bool = False) -> None:
        super().__init__()
        check_share("p", p)
        self.p, self.batch_first = p, batch_first

    @overload
    def forward(self, sequences: PackedSequence) -> PackedSequence: ...
    @overload
    def forward(self, sequences: Tensor) -> Tensor: ...
    def forward(self, sequences: Tensor | PackedSequence) -> Tensor | PackedSequence:
        """Return sequences, (time, batch, features), (batch, time, features) or packed, with features dropped."""
        rows = sequences.data if isinstance(sequences, PackedSequence) else sequences
        if rows.dim() != (2 if isinstance(sequences, PackedSequence) else 3):
            raise InputError(f"input: got shape {tuple(rows.shape)}, expected (time, batch, features) or packed")
        if not (self.training and self.p):
            return sequences
        if isinstance(sequences, PackedSequence):
            mask = self._mask(rows, int(sequences.batch_sizes[0]), rows.shape[1])
            return sequences._replace(data=rows * mask.index_select(0, Ragged.of(sequences).sequence))
        batch, features = rows.shape[0 if self.batch_first else 1], rows.shape[2]
        return rows * self._mask(rows, batch, features).unsqueeze(1 if self.batch_first else 0)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{self.p}" + (", batch_first=True" if self.batch_first else "")

    def _mask(self, like: Tensor, *shape: int) -> Tensor:
        return functional.dropout(torch.ones(shape, dtype=like.dtype, device=like.device), self.p)


class EmbeddingDropout(nn.Module):
    """An embedding that forgets whole words in training: each word that is dropped is zero wherever it stands.

    Gal & Ghahramani (2016); Merity, Keskar & Socher (2018), section 4.3. One mask for the vocabulary at each call;
    the vectors of the words that are kept are divided by the share that is kept.

    Parameters
    ----------
    embedding : nn.Embedding
    p : float from 0 to 1
        The share of words that is dropped, in training alone.

    Raises
    ------
    InputError
        If `p` is no share.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import EmbeddingDropout
    >>> vectors = EmbeddingDropout(torch.nn.Embedding(10, 4), 0.5)(torch.tensor([[3, 7, 3]]))
    >>> bool((vectors[0, 0] == vectors[0, 2]).all())
    True
    """

    @checked(InputError)
    def __init__(self, embedding: nn.Embedding, p: float) -> None:
        super().__init__()
        check_share("p", p)
        self.embedding, self.p = embedding, p

    @overload
    def forward(self, words: PackedSequence) -> PackedSequence: ...
    @overload
    def forward(self, words: Tensor) -> Tensor: ...
    def forward(self, words: Tensor | PackedSequence) -> Tensor | PackedSequence:
        """Return the vectors of words, a tensor (...) or packed: (..., embedding_dim)."""
        if isinstance(words, PackedSequence):
            return words._replace(data=self._vectors(words.data))
        return self._vectors(words)

    def extra_repr(self) -> str:
        """Return the share."""
        return f"p={self.p}"

    def _vectors(self, words: Tensor) -> Tensor:
        vectors = self.embedding(words)
        if not (self.training and self.p):
            return vectors
        ones = torch.ones(self.embedding.num_embeddings, dtype=vectors.dtype, device=vectors.device)
        return vectors * functional.dropout(ones, self.p)[words].unsqueeze(-1)
