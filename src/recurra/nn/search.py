"""Beam search: the best sequences that a model of the next token gives, a whole batch at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import torch
from torch import Tensor

from recurra.arguments import check_fields, check_number
from recurra.errors import InputError
from recurra.nn.checks import check_size

__all__ = ["Generated", "SearchOptions", "beam_search"]


class Selectable(Protocol):
    """The state of some sequences, of which some can be taken, in a given order and also twice."""

    def selected(self: _S, index: Tensor) -> _S:
        """Return the state of the sequences with these numbers."""
        ...


_S = TypeVar("_S", bound=Selectable)


@dataclass(frozen=True)
class SearchOptions:
    """How sequences are searched.

    Attributes
    ----------
    start, end : int
        The token before the first, and the one that ends a sequence.
    max_steps : int
        A sequence is cut there.
    beam : int
        How many hypotheses go on together; 1 is greedy.
    length_penalty : float
        The hypothesis with the best log p / length ** length_penalty is taken; 0 compares log p alone.
    """

    start: int
    end: int
    max_steps: int = 100
    beam: int = 1
    length_penalty: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no number of steps or hypotheses."""
        check_fields(self, InputError)
        check_size("max_steps", self.max_steps)
        check_size("beam", self.beam)
        check_number("length_penalty", self.length_penalty, InputError, least=0)


@dataclass(frozen=True)
class Generated:
    """What was found.

    Attributes
    ----------
    tokens : list of lists of int, without the start and the end
    log_prob : tensor (batch,), of each sequence with its end, where it has come to one
    """

    tokens: list[list[int]]
    log_prob: Tensor


@dataclass(frozen=True)
class _Beams:
    """Hypotheses: log p and whether it ended (batch, beam), its tokens (batch, beam, steps)."""

    scores: Tensor
    ended: Tensor
    tokens: Tensor


@torch.no_grad()
def beam_search(
    step: Callable[[Tensor, _S], tuple[Tensor, _S]], state: _S, *, batch: int, options: SearchOptions
) -> Generated:
    """Return the best sequence for each of a batch.

    Parameters
    ----------
    step : callable
        From tokens (batch * beam,) and a state to log p of the next token (batch * beam, tokens), and the next state.
    state : has `selected`
        Of batch * beam sequences: the hypotheses of one stand together.
    """
    beams, tokens = None, None
    for _ in range(options.max_steps):
        if beams is None:
            tokens = torch.full((batch * options.beam,), options.start)
        else:
            tokens = beams.tokens[:, :, -1].flatten()
        log_prob, state = step(tokens, state)
        beams = _first(log_prob, batch, options) if beams is None else beams
        beams, parents = _extended(beams, log_prob, options.end)
        if bool(beams.ended.all()):
            break
        state = state.selected(parents)
    assert beams is not None
    return _best(beams, options)


def _first(like: Tensor, batch: int, options: SearchOptions) -> _Beams:
    """Return the hypotheses before any token: all are the same, so only the first counts."""
    scores = like.new_full((batch, options.beam), -torch.inf)
    scores[:, 0] = 0
    nothing = torch.empty(batch, options.beam, 0, dtype=torch.long, device=like.device)
    return _Beams(scores, torch.zeros_like(scores, dtype=torch.bool), nothing)


def _extended(beams: _Beams, log_prob: Tensor, end: int) -> tuple[_Beams, Tensor]:
    """Return the best hypotheses with one token more, and the rows that they go on from."""
    batch, beam = beams.scores.shape
    count = log_prob.shape[-1]
    still = log_prob.new_full((count,), -torch.inf)
    still[end] = 0  # a hypothesis that has ended stays as it is
    following = torch.where(beams.ended.unsqueeze(2), still, log_prob.view(batch, beam, count))
    scores, chosen = (beams.scores.unsqueeze(2) + following).flatten(1).topk(beam, dim=1)
    parent, token = chosen // count, chosen % count
    kept = beams.tokens.gather(1, parent.unsqueeze(2).expand(-1, -1, beams.tokens.shape[2]))
    ended = beams.ended.gather(1, parent) | (token == end)
    first = torch.arange(batch, device=parent.device).unsqueeze(1) * beam
    return _Beams(scores, ended, torch.cat([kept, token.unsqueeze(2)], 2)), (parent + first).flatten()


def _best(beams: _Beams, options: SearchOptions) -> Generated:
    lengths = (beams.tokens != options.end).sum(2) + beams.ended
    best = (beams.scores / lengths**options.length_penalty).argmax(1, keepdim=True)
    chosen = beams.tokens.gather(1, best.unsqueeze(2).expand(-1, -1, beams.tokens.shape[2])).squeeze(1)
    tokens = [[token for token in row if token != options.end] for row in chosen.tolist()]
    return Generated(tokens, beams.scores.gather(1, best).squeeze(1))
