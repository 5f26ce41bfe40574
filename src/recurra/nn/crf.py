"""`LinearChainCRF`: a distribution over sequences of tags, with a score for each tag and each pair of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.chain import best_path, log_partition, mixing_time
from recurra.nn.checks import check_like, check_size
from recurra.nn.named import check_named
from recurra.nn.ragged import Ragged, pack, padded, sum_rows
from recurra.nn.transitions import AllowedTransitions

__all__ = ["LinearChainCRF", "Reduction"]

Reduction = Literal["mean", "sum", "token_mean", "none"]


class LinearChainCRF(nn.Module):
    """A linear-chain conditional random field: log p(y|x) = Σ_t (e_t[y_t] + A[y_{t-1}, y_t]) + a[y_1] + b[y_T] - log Z.

    Lafferty, McCallum & Pereira (2001); over a recurrent network: Huang, Xu & Yu (2015), arXiv:1508.01991. Sums over
    all sequences of tags are exact, and nothing is computed for padding.

    Parameters
    ----------
    tags : int
        How many there are.
    constraints : AllowedTransitions, optional
        What a sequence may be, such as `bio_transitions` gives: any other has probability 0 and is never decoded.

    Attributes
    ----------
    transitions : (tags, tags)
        A[i, j], the score of tag j after tag i.
    start, end : (tags,)
        The scores a and b of a first and of a last tag.

    Raises
    ------
    InputError
        If shapes do not fit, a tag is unknown or forbidden where it stands, or no sequence of a length is allowed.

    Examples
    --------
    >>> import torch
    >>> from recurra.nn import LinearChainCRF, bio_transitions
    >>> crf = LinearChainCRF(3, constraints=bio_transitions(["O", "B-PER", "I-PER"]))
    >>> emissions, lengths = torch.zeros(2, 4, 3), torch.tensor([4, 2])
    >>> tags = torch.tensor([[0, 1, 2, 0], [1, 2, -1, -1]])
    >>> loss = crf.negative_log_likelihood(emissions, tags, lengths)
    >>> loss.backward()
    >>> paths, scores = crf.decode(emissions, lengths)
    >>> [len(path) for path in paths], crf.marginals(emissions, lengths).shape
    ([4, 2], torch.Size([2, 4, 3]))
    """

    allowed: Tensor
    allowed_first: Tensor
    allowed_last: Tensor

    @checked(InputError)
    def __init__(
        self,
        tags: int,
        *,
        constraints: AllowedTransitions | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        check_size("tags", tags)
        self.tags = tags
        self.transitions = nn.Parameter(torch.empty(tags, tags, device=device, dtype=dtype))
        self.start = nn.Parameter(torch.empty(tags, device=device, dtype=dtype))
        self.end = nn.Parameter(torch.empty(tags, device=device, dtype=dtype))
        self._set_constraints(constraints)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all scores anew, uniform from -0.1 to 0.1."""
        for scores in self.parameters():
            nn.init.uniform_(scores, -0.1, 0.1)

    def negative_log_likelihood(
        self,
        emissions: Tensor | PackedSequence,
        tags: Tensor | PackedSequence,
        lengths: Tensor | None = None,
        *,
        reduction: Reduction = "mean",
    ) -> Tensor:
        """Return -log p(tags | emissions).

        Parameters
        ----------
        emissions : tensor (batch, time, tags) or PackedSequence
        tags : whole numbers, tensor (batch, time) or PackedSequence
        lengths : tensor (batch,), optional
            Of a padded batch; all are full without. What stands behind the end of a sequence is never read.
        reduction : str
            ``"mean"`` over the sequences, ``"token_mean"`` over the steps, ``"sum"``, or ``"none"`` for (batch,).
        """
        check_named("reduction", reduction, known=get_args(Reduction))
        batch = self._arranged(emissions, lengths)
        gold = self._gold(tags, lengths, batch)
        losses = self._log_partition(batch) - self._score(batch, gold)
        if reduction == "none":
            return batch.ragged.restore(losses)
        over = {"mean": batch.ragged.batch, "token_mean": len(batch.rows), "sum": 1}
        return losses.sum() / over[reduction]

    def decode(
        self, emissions: Tensor | PackedSequence, lengths: Tensor | None = None
    ) -> tuple[list[list[int]], Tensor]:
        """Return the best sequences of tags, and their scores (batch,): log p is the score minus log Z."""
        batch = self._arranged(emissions, lengths)
        found, scores = best_path(batch.rows, batch.transitions, ragged=batch.ragged)
        self._check_possible(scores, batch)
        ragged = batch.ragged
        steps = ragged.restore(ragged.lengths).tolist()
        paths = padded(found, ragged).tolist()
        return [path[:length] for path, length in zip(paths, steps, strict=True)], ragged.restore(scores)

    def marginals(self, emissions: Tensor | PackedSequence, lengths: Tensor | None = None) -> Tensor:
        """Return p(y_t = tag | emissions), (batch, time, tags), 0 behind the end of a sequence; without a gradient.

        They are the gradient of log Z with respect to the emissions.
        """
        batch = self._arranged(emissions, lengths)
        with torch.inference_mode(False), torch.enable_grad():
            rows = batch.rows.detach().clone().requires_grad_()
            fixed = _Batch(rows, batch.transitions.detach().clone(), batch.ragged, batch.mixing)
            (found,) = torch.autograd.grad(self._log_partition(fixed).sum(), rows)
        return padded(found, batch.ragged)

    def log_partition(self, emissions: Tensor | PackedSequence, lengths: Tensor | None = None) -> Tensor:
        """Return log Z of each sequence, (batch,)."""
        batch = self._arranged(emissions, lengths)
        return batch.ragged.restore(self._log_partition(batch))

    def extra_repr(self) -> str:
        """Return the options."""
        return f"{self.tags}" + ("" if self._is_free else ", constraints=...")

    def _set_constraints(self, constraints: AllowedTransitions | None) -> None:
        everything = torch.ones(self.tags, self.tags, dtype=torch.bool, device="cpu")
        given = constraints or AllowedTransitions(everything, everything[0], everything[0])
        names = ("allowed", "allowed_first", "allowed_last")
        for name, value in zip(names, (given.between, given.first, given.last), strict=True):
            shape = (self.tags,) * (2 if name == "allowed" else 1)
            if tuple(value.shape) != shape or value.dtype != torch.bool:
                raise InputError(f"constraints: got {value.dtype} {tuple(value.shape)}, expected torch.bool {shape}")
            self.register_buffer(name, value.clone().to(self.transitions.device), persistent=False)
        self._mixing = mixing_time(given.between)
        self._is_free = bool(given.between.all())

    def _arranged(self, emissions: Tensor | PackedSequence, lengths: Tensor | None) -> _Batch:
        """Return the rows with the scores of the ends added, and the transitions, -inf where forbidden."""
        packed = pack(emissions, lengths, name="emissions")
        rows, ragged = packed.data, Ragged.of(packed)
        if rows.dim() != 2 or rows.shape[1] != self.tags:
            raise InputError(f"emissions: got rows of shape {tuple(rows.shape[1:])}, expected ({self.tags},)")
        check_like(rows, name="emissions", like=self.transitions)
        rows = rows.to(self.transitions.dtype)  # autocast may have made less of them
        mixing = self._mixing if bool(rows.detach().amin() > -torch.inf) else None
        first = self.start.masked_fill(~self.allowed_first, -torch.inf)
        last = self.end.masked_fill(~self.allowed_last, -torch.inf)
        rows = rows.index_add(0, ragged.first, first.expand(ragged.batch, -1))
        rows = rows.index_add(0, ragged.last, last.expand(ragged.batch, -1))
        return _Batch(rows, self.transitions.masked_fill(~self.allowed, -torch.inf), ragged, mixing)

    def _log_partition(self, batch: _Batch) -> Tensor:
        found = log_partition(batch.rows, batch.transitions, ragged=batch.ragged, mixing=batch.mixing)
        self._check_possible(found, batch)
        return found

    def _score(self, batch: _Batch, gold: Tensor) -> Tensor:
        """Return the score of the given tags, (batch,) in the order of the rows."""
        scores = batch.rows.gather(1, gold.unsqueeze(1)).squeeze(1)
        pairs = batch.transitions[gold[batch.ragged.previous], gold[batch.ragged.batch :]]
        scores = torch.cat([scores[: batch.ragged.batch], scores[batch.ragged.batch :] + pairs])
        self._check_allowed(scores, gold, batch)
        return sum_rows(scores, batch.ragged)

    def _gold(self, tags: Tensor | PackedSequence, lengths: Tensor | None, batch: _Batch) -> Tensor:
        """Return the given tags as rows; raise `InputError` unless they are tags of sequences of these lengths."""
        packed = pack(tags, lengths, name="tags")
        if not torch.equal(packed.batch_sizes, batch.ragged.batch_sizes) or packed.data.dim() != 1:
            raise InputError("tags: their sequences have other lengths than those of the emissions")
        wrong = ((packed.data < 0) | (packed.data >= self.tags)).nonzero().flatten()
        if len(wrong):
            where = batch.place(int(wrong[0]))
            raise InputError(f"tags: {where} has tag {int(packed.data[wrong[0]])}, expected 0 to {self.tags - 1}")
        return packed.data.long()

    def _check_allowed(self, scores: Tensor, gold: Tensor, batch: _Batch) -> None:
        wrong = (scores == -torch.inf).nonzero().flatten()
        if len(wrong):
            row = int(wrong[0])
            raise InputError(f"tags: {batch.place(row)} has tag {int(gold[row])}, which the constraints forbid there")

    def _check_possible(self, totals: Tensor, batch: _Batch) -> None:
        wrong = (totals == -torch.inf).nonzero().flatten()
        if len(wrong):
            steps = int(batch.ragged.lengths[wrong[0]])
            raise InputError(f"constraints: they allow no sequence of {steps} tags with these emissions")


@dataclass(frozen=True)
class _Batch:
    """Scores of tags (rows, tags), with those of the ends, of pairs (tags, tags), and where the rows belong.

    `mixing` is the `mixing_time` of the transitions, None also where an emission of -inf leaves tags out.
    """

    rows: Tensor
    transitions: Tensor
    ragged: Ragged
    mixing: int | None

    def place(self, row: int) -> str:
        """Return a row's sequence and step in the caller's order, as words."""
        sequence = int(self.ragged.sequence[row])
        if self.ragged.unsorted is not None:
            sequence = int((self.ragged.unsorted == sequence).nonzero())
        return f"sequence {sequence}, step {int(self.ragged.step[row])}"
