"""Search: the likeliest sequences of a decoder, by a beam or one after the other, or sequences drawn from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor

from recurra.arguments import check_fields, check_number
from recurra.errors import InputError
from recurra.nn.checks import check_size

__all__ = ["Generated", "Hypothesis", "SearchOptions", "Stepped", "beam_search"]


class Selectable(Protocol):
    """The state of some sequences, of which some can be taken, in a given order and also twice."""

    def selected(self: _S, index: Tensor) -> _S:
        """Return the state of the sequences with these numbers."""
        ...


_S = TypeVar("_S", bound=Selectable)

_BLOCK = 64
"""Tokens among which the largest is found at once, where a few are chosen of many."""

_MANY = 1 << 16
"""Of all rows together, for which that pays for its calls."""

_LEAST = 1e-9
"""Attention below which a step of the source counts as not looked at: its logarithm stays finite."""


@dataclass(frozen=True)
class SearchOptions:
    """How sequences are searched.

    Attributes
    ----------
    start, end : int
        The token before the first, which is never written where it is another than the end; and the one that ends a
        sequence.
    max_steps : int
        A sequence is cut there.
    beam : int
        How many hypotheses go on together; 1 is greedy.
    length_penalty : float
        The hypothesis with the best log p / length ** length_penalty is taken; 0 compares log p alone.
    coverage : float
        What is added to that: so many times Σ_j log min(Σ_t a_tj, 1), with a_tj the attention of step t to step j of
        the source (Wu et al. 2016, arXiv:1609.08144, equation 14). 0 adds nothing.
    best : int
        How many hypotheses of each sequence are returned, from 1 to `beam`.
    temperature : float
        Above 0, sequences are drawn, as many as `beam` of each source, by p ** (1 / temperature); 0 searches.
    top_k : int, optional
        Draw from so many of the likeliest tokens alone.
    seed : int
        Of the draws: those of a sequence come of it and the sequence's number, whatever is in the batch beside it.
    seconds : float, optional
        After so long the best hypotheses so far are taken, ended or not.
    """

    start: int
    end: int
    max_steps: int = 100
    beam: int = 1
    length_penalty: float = 0.0
    coverage: float = 0.0
    best: int = 1
    temperature: float = 0.0
    top_k: int | None = None
    seed: int = 0
    seconds: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no number of steps or hypotheses."""
        check_fields(self, InputError)
        for name in ("max_steps", "beam", "best"):
            check_size(name, getattr(self, name))
        for name in ("length_penalty", "coverage", "temperature"):
            check_number(name, getattr(self, name), InputError, least=0)
        if self.best > self.beam:
            raise InputError(f"best: got {self.best}, expected {self.beam} at most, as many as there are in the beam")
        if self.top_k is not None:
            check_size("top_k", self.top_k)
        if self.seconds is not None:
            check_number("seconds", self.seconds, InputError, least=0)


@dataclass(frozen=True)
class Hypothesis:
    """A sequence that was found.

    Attributes
    ----------
    tokens : list of int, without the start and the end
    log_prob : float, of the tokens, and of the end where it has come to one
    score : float, by which hypotheses of one source are compared
    ended : bool, whether it came to an end; otherwise it was cut
    weights : tensor (steps, source's steps), where each step looked, that of the end too; None without attention
    """

    tokens: list[int]
    log_prob: float
    score: float
    ended: bool
    weights: Tensor | None = None


@dataclass(frozen=True)
class Generated:
    """What was found.

    Attributes
    ----------
    hypotheses : of each sequence its best ones, the best first

    Examples
    --------
    >>> from recurra.nn import Generated, Hypothesis
    >>> one, other = Hypothesis([5, 6], -1.2, -0.6, ended=True), Hypothesis([5], -1.5, -1.5, ended=False)
    >>> Generated([[one, other]]).tokens
    [[5, 6]]
    """

    hypotheses: list[list[Hypothesis]]

    @property
    def tokens(self) -> list[list[int]]:
        """The tokens of the best hypothesis of each sequence, without the start and the end."""
        return [each[0].tokens for each in self.hypotheses]

    @property
    def log_prob(self) -> Tensor:
        """Log p of each of them (batch,), with its end, where it has come to one."""
        return torch.tensor([each[0].log_prob for each in self.hypotheses], dtype=torch.float64, device="cpu")


class Stepped(NamedTuple):
    """What a step of a decoder gives: log p of the next token (rows, tokens), the state, and where it looked."""

    log_prob: Tensor
    state: Selectable
    weights: Tensor | None = None


@dataclass(frozen=True)
class _Beams:
    """The hypotheses of the sequences that are still searched.

    Attributes
    ----------
    places : tensor (sequences,), the number of each among all
    scores, ended : tensor (sequences, beam), log p, and whether it came to an end
    tokens : tensor (sequences, beam, steps)
    weights : tensor (sequences, beam, steps, source's steps), or None
    """

    places: Tensor
    scores: Tensor
    ended: Tensor
    tokens: Tensor
    weights: Tensor | None

    def kept(self, index: Tensor) -> _Beams:
        """Return the hypotheses of some of the sequences."""
        weights = None if self.weights is None else self.weights[index]
        return _Beams(self.places[index], self.scores[index], self.ended[index], self.tokens[index], weights)


@torch.no_grad()
def beam_search(
    step: Callable[[Tensor, _S, Tensor], Stepped],
    state: _S,
    *,
    batch: int,
    options: SearchOptions,
    numbers: Sequence[int] | None = None,
) -> Generated:
    """Return the best sequences for each of a batch.

    All hypotheses of all sequences take a step together; a sequence whose hypotheses have all ended, or that can find
    nothing better than what has ended, leaves the batch.

    Parameters
    ----------
    step : callable
        From tokens (rows,), a state and the numbers (sequences,) of those that are still searched, to `Stepped`. There
        are `beam` rows of each sequence, which stand together. Its log p is written to, where the start is forbidden.
    state : has `selected`
        Of batch * beam rows.
    numbers : ints (batch,), optional
        The number of each sequence among all that are drawn with a seed; its place in the batch by default.
    """
    found: dict[int, list[Hypothesis]] = {}
    until = None if options.seconds is None else time.monotonic() + options.seconds
    draw = _drawing(options, range(batch) if numbers is None else numbers) if options.temperature else None
    tokens = torch.full((batch * options.beam,), options.start, device="cpu")  # `step` moves them
    beams: _Beams | None = None
    places = torch.arange(batch, device="cpu")
    for number in range(options.max_steps):
        log_prob, after, weights = step(tokens, state, places)
        _forbid_start(log_prob, options)
        beams = _first(log_prob, places, weights, options) if beams is None else beams
        beams, parents = _extended(beams, log_prob, weights, options, draw)
        is_last = number + 1 == options.max_steps or (until is not None and time.monotonic() >= until)
        done = torch.ones(len(beams.places), dtype=torch.bool, device="cpu") if is_last else _done(beams, options)
        for sequence in done.nonzero().flatten().tolist():
            found[int(beams.places[sequence])] = _best(beams, sequence, options)
        if bool(done.all()):
            break
        if bool(done.any()):
            left = (~done).nonzero().flatten()
            beams = beams.kept(left)
            parents = parents.view(-1, options.beam)[left.to(parents.device)].flatten()
        places, tokens = beams.places, beams.tokens[:, :, -1].flatten()
        state = after.selected(parents)  # pyright: ignore[reportAssignmentType]
    return Generated([found[place] for place in range(batch)])


def _first(like: Tensor, places: Tensor, weights: Tensor | None, options: SearchOptions) -> _Beams:
    """Return the hypotheses before any token: in a search all are the same, so only the first counts."""
    shape = len(places), options.beam
    scores = like.new_full(shape, 0.0 if options.temperature else -torch.inf)
    scores[:, 0] = 0
    nothing = torch.empty(*shape, 0, dtype=torch.long, device=like.device)
    looked = None if weights is None else weights.new_empty(*shape, 0, weights.shape[-1])
    return _Beams(places, scores, torch.zeros_like(scores, dtype=torch.bool), nothing, looked)


def _forbid_start(log_prob: Tensor, options: SearchOptions) -> None:
    """Take the start out of log p; what the others have stays the model's, as forced decoding has it."""
    if options.start != options.end and 0 <= options.start < log_prob.shape[1]:
        log_prob[:, options.start] = -torch.inf  # a copy would cost a tenth of the search


Draw = Callable[[Tensor, Tensor], Tensor]
"""Log p (rows, tokens), and the places (sequences,) of those that are still drawn -> a token of each row (rows, 1)."""


def _drawing(options: SearchOptions, numbers: Sequence[int]) -> Draw:
    # a generator for each sequence: its draws are the same alone and among others, also when these have ended
    generators = [np.random.default_rng([options.seed % 2**64, number % 2**64]) for number in numbers]

    def draw(log_prob: Tensor, places: Tensor) -> Tensor:
        scores = log_prob.cpu()
        # less the largest, in double precision: close to 0 a temperature leaves that one alone, and no NaN
        scores = (scores - scores.amax(1, keepdim=True)).double() / options.temperature
        if options.top_k is not None and options.top_k < scores.shape[1]:
            least = scores.topk(options.top_k, dim=1).values[:, -1:]
            scores = scores.masked_fill(scores < least, -torch.inf)
        uniform = np.concatenate([generators[place].random(options.beam) for place in places.tolist()])
        below = scores.softmax(1).cumsum(1)
        wanted = torch.from_numpy(uniform).unsqueeze(1) * below[:, -1:]
        return torch.searchsorted(below, wanted, right=True).clamp(max=scores.shape[1] - 1).to(log_prob.device)

    return draw


def _extended(
    beams: _Beams, log_prob: Tensor, weights: Tensor | None, options: SearchOptions, draw: Draw | None
) -> tuple[_Beams, Tensor]:
    """Return the best hypotheses with one token more, or drawn ones, and the rows that they go on from."""
    count, beam = beams.scores.shape
    vocabulary = log_prob.shape[-1]
    if draw is None:
        # a row's best few tokens are all that can be among the best of its sequence
        few, chosen = _likeliest(log_prob, min(beam, vocabulary))
        width = few.shape[1]
        following, chosen = few.view(count, beam, width), chosen.view(count, beam, width)
        # a hypothesis that has ended stays as it is: by the end token, at no cost
        still = torch.full_like(following[:1, :1], -torch.inf)
        still[..., 0] = 0
        following = torch.where(beams.ended.unsqueeze(2), still, following)
        chosen = torch.where(beams.ended.unsqueeze(2), options.end, chosen)
        scores, place = (beams.scores.unsqueeze(2) + following).flatten(1).topk(beam, dim=1)
        parent, token = place // width, chosen.flatten(1).gather(1, place)
    else:
        token = torch.where(beams.ended, options.end, draw(log_prob, beams.places).view(count, beam))
        gained = log_prob.gather(1, token.flatten().unsqueeze(1)).view(count, beam)
        scores = beams.scores + torch.where(beams.ended, 0.0, gained)
        parent = torch.arange(beam, device=token.device).expand(count, beam)
    kept = beams.tokens.gather(1, parent.unsqueeze(2).expand(-1, -1, beams.tokens.shape[2]))
    ended = beams.ended.gather(1, parent) | (token == options.end)
    rows = parent + torch.arange(count, device=parent.device).unsqueeze(1) * beam
    looked = beams.weights
    if looked is not None and weights is not None:
        now = weights.index_select(0, rows.flatten()).view(count, beam, 1, -1)
        before = looked.flatten(0, 1).index_select(0, rows.flatten()).view(count, beam, *looked.shape[2:])
        looked = torch.cat([before, now], 2)
    tokens = torch.cat([kept, token.unsqueeze(2)], 2)
    return _Beams(beams.places, scores, ended, tokens, looked), rows.flatten()


def _likeliest(log_prob: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the largest of each row (rows, tokens) and their places, (rows, count): as `topk`, in half of its time.

    They are in the blocks with the largest maxima, which are found in one fast look at all.
    """
    blocks, size = log_prob.shape[1] // _BLOCK, _BLOCK
    if blocks < 4 * count or log_prob.numel() < _MANY:
        return log_prob.topk(count, dim=1)
    whole, places = blocks * size, torch.arange(log_prob.shape[1], device=log_prob.device)
    grids = log_prob[:, :whole].unflatten(1, (blocks, size))
    best = grids.amax(2).topk(count, dim=1).indices.unsqueeze(2)
    # what is behind the last whole block comes too
    few = torch.cat([grids.gather(1, best.expand(-1, -1, size)).flatten(1), log_prob[:, whole:]], 1)
    found, chosen = few.topk(count, dim=1)
    among = torch.cat([(best * size + places[:size]).flatten(1), places[whole:].expand(len(log_prob), -1)], 1)
    return found, among.gather(1, chosen)


def _done(beams: _Beams, options: SearchOptions) -> Tensor:
    """Return which sequences have nothing more to find (sequences,)."""
    done = beams.ended.all(1)
    if options.best == 1 and not options.temperature:
        # a live hypothesis only loses, and the longer it becomes, the less what it has lost weighs
        reachable = beams.scores / options.max_steps**options.length_penalty
        live = reachable.masked_fill(beams.ended, -torch.inf).amax(1)
        reached = _scores(beams, options).masked_fill(~beams.ended, -torch.inf).amax(1)
        done = done | (reached >= live)
    return done.cpu()


def _scores(beams: _Beams, options: SearchOptions) -> Tensor:
    """Return what hypotheses are compared by, (sequences, beam)."""
    lengths = (beams.tokens != options.end).sum(2) + beams.ended  # an end counts once, however often it is repeated
    scores = beams.scores / lengths**options.length_penalty
    if options.coverage and beams.weights is not None:
        counts = (beams.tokens != options.end) | (lengths.unsqueeze(2) - 1 == _steps_of(beams.tokens))
        covered = (beams.weights * counts.unsqueeze(3)).sum(2)
        is_there = beams.weights.sum((1, 2), keepdim=True).squeeze(2) > 0  # what is behind the source's end has none
        missed = covered.clamp(_LEAST, 1).log().masked_fill(~is_there, 0).sum(2)
        scores = scores + options.coverage * missed
    return scores


def _steps_of(tokens: Tensor) -> Tensor:
    return torch.arange(tokens.shape[2], device=tokens.device)


def _best(beams: _Beams, sequence: int, options: SearchOptions) -> list[Hypothesis]:
    """Return the best hypotheses of a sequence, the best first."""
    one = beams.kept(torch.tensor([sequence], device="cpu"))
    scores = _scores(one, options)[0]
    found = []
    for place in scores.argsort(descending=True, stable=True)[: options.best].tolist():
        log_prob = float(one.scores[0, place])
        if log_prob == -torch.inf:  # there are fewer sequences than the beam is wide
            continue
        tokens = [token for token in one.tokens[0, place].tolist() if token != options.end]
        ended = bool(one.ended[0, place])
        weights = None if one.weights is None else one.weights[0, place, : len(tokens) + ended].clone()
        found.append(Hypothesis(tokens, log_prob, float(scores[place]), ended, weights))
    return found
