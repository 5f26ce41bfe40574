"""`Attention`: what of a memory matters to a query, as the mean of its states weighted by how well they match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_like, check_size, shape_or_kind
from recurra.nn.ragged import Ragged, check_lengths, is_padding, padded

__all__ = ["Attention", "AttentionKind", "Memory", "SelfAttention"]

AttentionKind = Literal["additive", "dot", "scaled_dot", "general", "multihead"]


@dataclass(frozen=True)
class Memory:
    """States to attend to, prepared once for any number of queries; `Attention.prepare` makes it.

    Attributes
    ----------
    values : tensor (batch, time, key_size), 0 where padded
    keys : tensor (batch, time, size), what queries are compared with
    padding : bool tensor (batch, time), True where padded; None where nothing is
    """

    values: Tensor
    keys: Tensor
    padding: Tensor | None

    def selected(self, index: Tensor) -> Memory:
        """Return the memory of some of the sequences, by their numbers."""
        padding = None if self.padding is None else self.padding.index_select(0, index)
        return Memory(self.values.index_select(0, index), self.keys.index_select(0, index), padding)


class Attention(nn.Module):
    """Attention of queries over the states of a sequence: a = softmax(score(q, k_t)), context = Σ_t a_t k_t.

    ============== ================================ ===================================================================
    kind           score(q, k)                      source
    ============== ================================ ===================================================================
    ``additive``   v · tanh(W q + U k)              Bahdanau, Cho & Bengio (2015), appendix A.1.2
    ``dot``        q · k                            Luong, Pham & Manning (2015), equation 8
    ``general``    q · W k                          the same
    ``scaled_dot`` q · k / √size                    Vaswani et al. (2017), equation 1
    ``multihead``  the last one, after projections  Vaswani et al. (2017), section 3.2.2; `torch.nn.MultiheadAttention`
    ============== ================================ ===================================================================

    Parameters
    ----------
    kind : str, as above
    query_size, key_size : int
        The widths of a query and of a state; ``"dot"`` and ``"scaled_dot"`` need them equal.
    attention_size : int, optional
        The width of W q + U k, `query_size` by default; for ``"additive"`` alone.
    heads : int, optional
        How many, a divisor of `query_size`; for ``"multihead"``, and needed there.

    Attributes
    ----------
    context_size : int
        The width of a context: `key_size`, but `query_size` for ``"multihead"``.

    Raises
    ------
    InputError
        If an option or a shape does not fit, or a sequence has no steps.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import Attention
    >>> states, lengths = torch.randn(2, 7, 8), torch.tensor([7, 4])
    >>> context, weights = Attention("additive", 5, 8)(torch.randn(2, 5), states, lengths)
    >>> context.shape, weights.shape, weights[1, 4:].tolist()
    (torch.Size([2, 8]), torch.Size([2, 7]), [0.0, 0.0, 0.0])
    """

    @checked(InputError)
    def __init__(
        self,
        kind: AttentionKind,
        query_size: int,
        key_size: int,
        *,
        attention_size: int | None = None,
        heads: int | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.kind, self.query_size, self.key_size = kind, query_size, key_size
        self._check_options(attention_size, heads)
        self.context_size = query_size if kind == "multihead" else key_size
        like = {"device": device, "dtype": dtype}
        if kind == "additive":
            width = query_size if attention_size is None else attention_size
            self.project_query = nn.Linear(query_size, width, bias=False, **like)
            self.project_keys = nn.Linear(key_size, width, bias=False, **like)
            self.score = nn.Linear(width, 1, bias=False, **like)
        elif kind == "general":
            self.project_keys = nn.Linear(key_size, query_size, bias=False, **like)
        elif heads is not None:
            self.heads = nn.MultiheadAttention(
                query_size, heads, kdim=key_size, vdim=key_size, batch_first=True, **like
            )

    def _check_options(self, attention_size: int | None, heads: int | None) -> None:
        check_size("query_size", self.query_size)
        check_size("key_size", self.key_size)
        if self.kind in ("dot", "scaled_dot") and self.query_size != self.key_size:
            raise InputError(
                f"query_size={self.query_size}, key_size={self.key_size}: {self.kind!r} needs them equal; 'general' "
                "and 'additive' do not"
            )
        if attention_size is not None:
            _belongs("attention_size", attention_size, self.kind, "additive")
        if heads is not None or self.kind == "multihead":
            _belongs("heads", heads, self.kind, "multihead")
            if self.query_size % int(heads or 1):
                raise InputError(f"heads: got {heads}, expected a divisor of query_size={self.query_size}")

    def forward(
        self, query: Tensor, memory: Tensor | PackedSequence, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend.

        Parameters
        ----------
        query : tensor (batch, query_size), or (batch, queries, query_size)
        memory : tensor (batch, time, key_size) or PackedSequence
        lengths : tensor (batch,), optional
            Of a padded memory; all are full without. What stands behind the end of a sequence is never read.

        Returns
        -------
        context : tensor (batch, context_size), or (batch, queries, context_size)
        weights : tensor (batch, time), or (batch, queries, time)
            They sum to 1 and are 0 behind the end of a sequence; of several heads, their mean.
        """
        return self.attend(query, self.prepare(memory, lengths))

    def prepare(self, memory: Tensor | PackedSequence, lengths: Tensor | None = None) -> Memory:
        """Return a memory for any number of calls of `attend`: masked, and its keys projected."""
        values, padding = _values(memory, lengths, self.key_size)
        keys = self.project_keys(values) if self.kind in ("additive", "general") else values
        return Memory(values, keys, padding)

    def attend(self, query: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Attend to a prepared memory; see `forward`."""
        self._check_query(query, memory)
        if query.dim() == 2:
            context, weights = self.attend(query.unsqueeze(1), memory)
            return context.squeeze(1), weights.squeeze(1)
        if self.kind == "multihead":
            return self.heads(query, memory.keys, memory.values, key_padding_mask=memory.padding)
        scores = self._scores(query, memory.keys)
        if memory.padding is not None:
            scores = scores.masked_fill(memory.padding.unsqueeze(1), -torch.inf)
        weights = scores.softmax(-1)
        return weights @ memory.values, weights

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{self.kind!r}, {self.query_size}, {self.key_size}"

    def _scores(self, query: Tensor, keys: Tensor) -> Tensor:
        """Return how well each query (batch, queries, query_size) matches each key, (batch, queries, time)."""
        if self.kind == "additive":
            both = self.project_query(query).unsqueeze(2) + keys.unsqueeze(1)
            return self.score(both.tanh()).squeeze(-1)
        if self.kind == "scaled_dot":
            query = query * self.key_size**-0.5
        return query @ keys.transpose(1, 2)

    def _check_query(self, query: object, memory: Memory) -> None:
        batch = len(memory.values)
        if not isinstance(query, Tensor) or query.dim() not in (2, 3) or query.shape[-1] != self.query_size:
            raise InputError(f"query: got {shape_or_kind(query)}, expected (batch, [queries,] {self.query_size})")
        if len(query) != batch:
            raise InputError(f"query: got a batch of {len(query)}, the memory has {batch} sequences")
        check_like(query, name="query", like=memory.values)


class SelfAttention(nn.Module):
    """Lets each step of a sequence look at all others: norm(x + multihead(x, x, x)), Vaswani et al. (2017), section 3.

    Parameters
    ----------
    features : int
        The width of a step.
    heads : int
        A divisor of it.
    dropout : float from 0 to 1
        Share of the attention weights and of what was found that is dropped in training.

    Raises
    ------
    InputError
        If the heads do not divide the features, or the input is not packed rows of that width.

    Examples
    --------
    >>> import torch
    >>> from torch.nn.utils.rnn import pack_sequence
    >>> from recurra.nn import SelfAttention
    >>> packed = pack_sequence([torch.randn(7, 8), torch.randn(4, 8)])
    >>> SelfAttention(8, heads=2)(packed).data.shape
    torch.Size([11, 8])
    """

    @checked(InputError)
    def __init__(self, features: int, *, heads: int = 4, dropout: float = 0.0) -> None:
        super().__init__()
        check_size("features", features)
        check_size("heads", heads)
        if features % heads:
            raise InputError(f"heads: got {heads}, expected a divisor of features={features}")
        self.attention = nn.MultiheadAttention(features, heads, dropout=dropout, batch_first=True)
        self.dropout, self.norm = nn.Dropout(dropout), nn.LayerNorm(features)
        self.features = features

    def forward(self, sequences: PackedSequence) -> PackedSequence:
        """Return sequences of the same lengths, in which each step has looked at all of its sequence."""
        return self._looked(sequences, need_weights=False)[0]

    def weights(self, sequences: PackedSequence) -> Tensor:
        """Return how much each step (down) looks at each (across), (batch, time, time); of the heads the mean."""
        found = self._looked(sequences, need_weights=True)[1]
        assert found is not None
        return found

    def _looked(self, sequences: PackedSequence, *, need_weights: bool) -> tuple[PackedSequence, Tensor | None]:
        if not isinstance(sequences, PackedSequence) or sequences.data.shape[1:] != (self.features,):
            raise InputError(f"input: got {shape_or_kind(sequences)}, expected packed rows of {self.features} features")
        ragged = Ragged.of(sequences)
        values = padded(sequences.data, ragged)
        hidden = is_padding(ragged.restore(ragged.lengths), steps=ragged.steps, device=values.device)
        found, weights = self.attention(values, values, values, key_padding_mask=hidden, need_weights=need_weights)
        sequence = ragged.sequence if sequences.sorted_indices is None else sequences.sorted_indices[ragged.sequence]
        rows = found[sequence, ragged.step]
        return sequences._replace(data=self.norm(sequences.data + self.dropout(rows))), weights


def _values(memory: object, lengths: Tensor | None, size: int) -> tuple[Tensor, Tensor | None]:
    """Return a memory padded with zeros, and where; raise `InputError` unless it is one of this width."""
    if isinstance(memory, PackedSequence):
        if lengths is not None:
            raise InputError("lengths: a PackedSequence has its own; leave them out")
        ragged = Ragged.of(memory)
        values = padded(memory.data, ragged)
        _check_values(values, size)
        return values, is_padding(ragged.restore(ragged.lengths), steps=ragged.steps, device=values.device)
    values = _check_values(memory, size)
    checked = check_lengths(lengths, batch=values.shape[0], steps=values.shape[1])
    padding = is_padding(checked, steps=values.shape[1], device=values.device)
    return values if padding is None else values.masked_fill(padding.unsqueeze(-1), 0), padding


def _check_values(memory: object, size: int) -> Tensor:
    if not isinstance(memory, Tensor) or memory.dim() != 3 or memory.shape[-1] != size or not memory.shape[1]:
        raise InputError(
            f"memory: got {shape_or_kind(memory)}, expected (batch, time, {size}) of at least one step, or packed"
        )
    return memory


def _belongs(name: str, value: object, kind: str, owner: str) -> None:
    """Raise `InputError` unless an option is a size, and given to the kind of attention that has it."""
    if kind != owner:
        raise InputError(f"{name}: got {value!r}; attention of kind {kind!r} has none, {owner!r} has")
    check_size(name, value)
