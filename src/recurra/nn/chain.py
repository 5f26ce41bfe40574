"""A linear chain: the logarithm of the sum over all paths, with the closed form of its gradient, and the best path.

Rows are in the packed layout: those of the sequences that go on at a step stand together, so no step is spent on
padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from recurra.nn.ragged import Ragged, sum_rows

__all__ = ["best_path", "log_partition", "mixing_time"]

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
    return float(spread) + torch.tensor(float(len(transitions))).log().item()


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
