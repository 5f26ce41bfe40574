"""`LinearChainCRF`: a distribution over sequences of tags, with a score for each tag and each pair of neighbours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.checks import check_like, check_named, check_size
from recurra.nn.ragged import Ragged, pack, padded, sum_rows

__all__ = ["AllowedTransitions", "LinearChainCRF", "bio_transitions", "bioes_transitions"]

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


_SAFE_RANGE = 300.0
"""Numbers of the scaled recursion stay within e to the power of ± this: products of two of them are float64's."""

_TINY = 1e-300
"""Divided by instead of zero, where no path is left: the logarithm of the sum is then -inf."""


def log_partition(rows: Tensor, transitions: Tensor, *, ragged: Ragged, mixing: int | None) -> Tensor:
    """Return, for each sequence, the logarithm of the sum of exp(score) over all paths, (batch,).

    Parameters
    ----------
    rows : tensor (rows, tags)
        The score of each tag at each step; -inf only at the ends of sequences, or the slower way is taken.
    transitions : tensor (tags, tags)
        The score of tag j after tag i; -inf where it may not follow.
    mixing : int or None
        `mixing_time(transitions)`.

    Notes
    -----
    The forward-backward recursion with scaling: Rabiner (1989), A Tutorial on Hidden Markov Models, section V.A. A
    step is a product of matrices instead of a logarithm of sums. In float64 it is exact as long as no path that
    counts underflows, and a bound on the scores says whether one could; then logarithms are summed.
    """
    if mixing is not None and _range(rows, transitions) * mixing < _SAFE_RANGE:
        return _LogPartition.apply(rows, transitions, ragged)
    return _by_logarithms(rows, transitions, ragged.batch_sizes.tolist())


def mixing_time(allowed: Tensor) -> int | None:
    """Return the number of steps after which every tag can be reached from every other; None if there is none.

    Then no tag is less likely than another by more than the scores of so many steps make it. `allowed` is (tags,
    tags); a primitive matrix of size n has a positive power below (n - 1)² + 2 (Wielandt, 1950).
    """
    # the least power that is positive: from the highest of 1, 2, 4, ... down, each is taken that still leaves a zero
    powers = [allowed.float()]  # allowed ** 1, 2, 4, ... as zeros and ones; matrices of floats have a fast product
    for _ in range(max(1, (len(allowed) - 1) ** 2 + 1).bit_length()):
        powers.append(_reached(powers[-1], powers[-1]))
    if not bool(powers[-1].all()):
        return None
    # binary search from the largest power down, as digits of a number: a power is added unless everything is reached
    steps, reached = 0, torch.eye(len(allowed), device=allowed.device)  # the most steps that are too few
    for count, power in reversed(list(enumerate(powers))):
        further = _reached(reached, power)
        if not bool(further.all()):
            steps, reached = steps + 2**count, further
    return steps + 1


def _reached(first: Tensor, then: Tensor) -> Tensor:
    return ((first @ then) > 0).to(first.dtype)


def _range(rows: Tensor, transitions: Tensor) -> float:
    """Return by how much one step can part two tags at most: infinity where that is unknown."""
    rows, transitions = rows.detach(), transitions.detach()
    finite = transitions[transitions > -torch.inf]
    lowest = rows.masked_fill(rows == -torch.inf, torch.inf).amin()
    spread = rows.amax() - lowest + finite.max() - finite.min()
    return float(spread) + math.log(len(transitions))


def _offsets(batch_sizes: Sequence[int]) -> list[int]:
    return [0, *accumulate(batch_sizes)]


class _LogPartition(Function):
    """The sum over all paths by scaled forward variables; its gradient is what is expected of the paths."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, transitions: Tensor, ragged: Ragged) -> Tensor:
        # Each row's largest score, and the largest transition, are taken out of the exponentials and added to the
        # logarithms again: what is left lies between 0 and 1, and no product of it overflows.
        highest = rows.amax(1, keepdim=True)
        highest = highest.masked_fill(highest == -torch.inf, 0)
        # what each row and all transitions are lowered by goes into the logarithm again below
        emitted = (rows - highest).double().exp()
        top = transitions.max()
        matrix = (transitions - top).double().exp()
        forward, scales = _forward(emitted, matrix, ragged.batch_sizes.tolist())
        ctx.save_for_backward(emitted, matrix, forward, scales)
        ctx.ragged, ctx.dtype = ragged, rows.dtype
        # log Z of a sequence = the sum over its steps of what each was divided by (Rabiner, equation 103); a transition
        # leads to every step but the first, whose rows are the first `batch`
        logs = (scales.log() + highest).squeeze(1)
        logs[ragged.batch :] += top
        return sum_rows(logs, ragged).to(rows.dtype)

    @staticmethod
    @once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx: Any, gradient: Tensor
    ) -> tuple[Tensor, Tensor, None]:
        emitted, matrix, forward, scales = ctx.saved_tensors
        ragged: Ragged = ctx.ragged
        # The derivative of log Z by a score is the probability of what it scores: a tag at a step (forward * backward),
        # or a pair of tags (forward before, transition, following). Both passes are scaled by the same numbers, so that
        # their product is a probability as it stands.
        following, backward = _backward(emitted / scales, matrix, ragged.batch_sizes.tolist())
        of_rows = gradient.double().index_select(0, ragged.sequence).unsqueeze(1)
        marginals = forward * backward * of_rows
        later = (following * of_rows)[ragged.batch :]
        pairs = forward.index_select(0, ragged.previous).T @ later
        return marginals.to(ctx.dtype), (pairs * matrix).to(ctx.dtype), None


def _forward(emitted: Tensor, matrix: Tensor, batch_sizes: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Return each row's distribution over the tags given the steps so far, and what it was divided by."""
    variables = torch.empty_like(emitted)
    scales = emitted.new_empty(len(emitted), 1)
    known: Tensor | None = None
    for begin, end in pairwise(_offsets(batch_sizes)):
        row, scale = variables[begin:end], scales[begin:end]
        if known is None:
            row.copy_(emitted[begin:end])
        else:
            torch.mm(known[: end - begin], matrix, out=row)  # sequences are sorted: the first ones go on
            row.mul_(emitted[begin:end])
        torch.sum(row, 1, keepdim=True, out=scale)
        known = row.div_(scale.clamp(min=_TINY))
    return variables, scales


def _backward(scaled: Tensor, matrix: Tensor, batch_sizes: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Return what each row's emission and the steps behind it say, (rows, tags), and the latter alone."""
    # the last step of a sequence has nothing behind it: ones, which stay where no later step writes over them
    # ones stay where a sequence ends: nothing comes after, which says nothing of the tags
    backward, following = torch.ones_like(scaled), torch.empty_like(scaled)
    offsets = _offsets(batch_sizes)
    transposed = matrix.T.contiguous()
    for number in reversed(range(len(batch_sizes))):
        begin, end = offsets[number], offsets[number + 1]
        torch.mul(scaled[begin:end], backward[begin:end], out=following[begin:end])
        if number:
            before = offsets[number - 1]
            torch.mm(following[begin:end], transposed, out=backward[before : before + end - begin])
    return following, backward


def _by_logarithms(rows: Tensor, transitions: Tensor, batch_sizes: Sequence[int]) -> Tensor:
    """Return what `log_partition` does, by sums of logarithms: exact for scores of any range."""
    first, *others = rows.split(list(batch_sizes))
    scores, ended = first, []
    for row in others:
        ended.append(scores[len(row) :])
        scores = (scores[: len(row)].unsqueeze(2) + transitions).logsumexp(1) + row
    ended.append(scores)
    # the sequences that ended last are the longest, and stand first in the batch
    return torch.cat(ended[::-1]).logsumexp(1)


@torch.no_grad()
def best_path(rows: Tensor, transitions: Tensor, *, ragged: Ragged) -> tuple[Tensor, Tensor]:
    """Return the tag of each row on its sequence's best path, (rows,), and the scores of the paths, (batch,).

    Viterbi (1967), for all sequences of a batch at once.
    """
    batch_sizes = ragged.batch_sizes.tolist()
    scores, pointers = _best_scores(rows, transitions, batch_sizes)
    tags = torch.empty(len(rows), dtype=torch.long, device=rows.device)
    offsets = _offsets(batch_sizes)
    totals, ends = scores.max(1)
    for number in reversed(range(len(batch_sizes))):
        begin, end = offsets[number], offsets[number + 1]
        going_on = batch_sizes[number + 1] if number + 1 < len(batch_sizes) else 0
        # what ends here begins with its own best last tag; what goes on is told by the step after it
        tags[begin + going_on : end] = ends[going_on : end - begin]
        if going_on:
            chosen = tags[end : end + going_on].unsqueeze(1)
            tags[begin : begin + going_on] = pointers[number].gather(1, chosen).squeeze(1)
    return tags, totals


def _best_scores(rows: Tensor, transitions: Tensor, batch_sizes: Sequence[int]) -> tuple[Tensor, list[Tensor]]:
    """Return the best score of each sequence with each last tag, and for each later step the best tag before."""
    first, *others = rows.split(list(batch_sizes))
    scores, pointers, before = first.clone(), [], transitions.T.contiguous()
    for row in others:
        best, pointer = (scores[: len(row)].unsqueeze(1) + before).max(2)
        scores[: len(row)] = best + row
        pointers.append(pointer)
    return scores, pointers


@dataclass(frozen=True)
class AllowedTransitions:
    """What a sequence of tags may be.

    Attributes
    ----------
    between : bool tensor (tags, tags), whether tag j may follow tag i
    first, last : bool tensor (tags,), whether a sequence may begin, and end, with a tag
    """

    between: Tensor
    first: Tensor
    last: Tensor


@checked(InputError)
def bio_transitions(labels: Sequence[str]) -> AllowedTransitions:
    """Return the rules of BIO (IOB2): an entity begins with ``B-``; ``I-X`` follows ``B-X`` or ``I-X`` alone.

    Parameters
    ----------
    labels : sequence of str
        ``"O"``, ``"B-X"`` or ``"I-X"`` for each tag, in the order of the tags' numbers.

    Raises
    ------
    InputError
        If a label is none of these.

    Examples
    --------
    >>> allowed = bio_transitions(["O", "B-PER", "I-PER"])
    >>> allowed.between[0].tolist(), allowed.first.tolist()
    ([True, True, False], [True, True, False])
    """
    return _transitions(labels, prefixes="BI", follows=_follows_in_bio)


@checked(InputError)
def bioes_transitions(labels: Sequence[str]) -> AllowedTransitions:
    """Return the rules of BIOES: ``B-X`` and ``I-X`` are followed by ``I-X`` or ``E-X``, all others by neither.

    Parameters
    ----------
    labels : sequence of str
        ``"O"``, ``"B-X"``, ``"I-X"``, ``"E-X"`` or ``"S-X"`` for each tag, in the order of the tags' numbers.

    Raises
    ------
    InputError
        If a label is none of these.

    Examples
    --------
    >>> allowed = bioes_transitions(["O", "B-PER", "I-PER", "E-PER", "S-PER"])
    >>> allowed.between[1].tolist(), allowed.last.tolist()
    ([False, False, True, True, False], [True, False, False, True, True])
    """
    return _transitions(labels, prefixes="BIES", follows=_follows_in_bioes)


_Label = tuple[str, str]
"""A prefix and a kind of entity."""

_OUTSIDE: _Label = ("O", "")


def _transitions(
    labels: Sequence[str], *, prefixes: str, follows: Callable[[_Label, _Label], bool]
) -> AllowedTransitions:
    """Return the rules of a scheme; the ends of a sequence are as outside of any entity."""
    parts = [_parsed(label, prefixes) for label in labels]
    between = [[follows(before, after) for after in parts] for before in parts]
    first = [follows(_OUTSIDE, label) for label in parts]
    last = [follows(label, _OUTSIDE) for label in parts]
    # on the CPU whatever the default device is: a layer looks at their values
    return AllowedTransitions(*(torch.tensor(each, device="cpu") for each in (between, first, last)))


def _parsed(label: str, prefixes: str) -> _Label:
    if label == "O":
        return _OUTSIDE
    prefix, dash, kind = label.partition("-")
    if prefix not in tuple(prefixes) or not dash or not kind:
        expected = ", ".join(f"'{each}-X'" for each in prefixes)
        raise InputError(f"labels: got {label!r}, expected 'O' or one of {expected}")
    return prefix, kind


def _follows_in_bio(before: _Label, after: _Label) -> bool:
    return after[0] != "I" or (before[0] in "BI" and before[1] == after[1])


def _follows_in_bioes(before: _Label, after: _Label) -> bool:
    inside_before, inside_after = before[0] in "BI", after[0] in "IE"
    return inside_before == inside_after and (not inside_after or before[1] == after[1])
