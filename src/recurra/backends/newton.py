"""Newton's method in place of the time loop: all steps at once, for any cell. Experimental, and never taken by itself.

The states solve s[t] = F(s[t - 1], t) for all t. From a guess of all states, one evaluation of F for all steps and its
Jacobians leave an affine recurrence, whose solution is the next guess: 2 log2 T products in a row in place of T steps.
After k turns the first k states are exact, so that T turns always are; a few are enough where states forget. Lim et al.
(2024), arXiv:2309.12252 (DEER); Danieli et al. (2025), arXiv:2510.21450 (ParaRNN).

The gradient of the states is an affine recurrence whatever the cell is, with the same Jacobians transposed: one solve.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import Function, once_differentiable

from recurra.backends import torch as eager
from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Result
from recurra.derive.plan import ForwardPlan
from recurra.graph.node import REDUCTIONS, SCANS, width_of

__all__ = ["Solution", "blocks_of", "most_turns", "run", "solve"]

TOLERANCES = {torch.float64: 1e-10, torch.float32: 1e-5}
"""How far the states of two turns may be apart at the end, as a share of 1 and the largest state."""

Told = Callable[[str], None]


def run(plan: ForwardPlan, call: Call, *, told: Told) -> Result:
    """Run the forward plan; see `recurra.backends.kernel.Kernel.forward`. Derivatives come from torch, once.

    Where the method does not do, the steps go one by one, and `told` is given the reason.
    """
    return eager.run(plan, call, loop=functools.partial(_loop, told=told))


def _loop(plan: ForwardPlan, call: Call, evaluator: Evaluator, rows: eager.Rows, *, told: Told) -> tuple[Tensor, ...]:
    """Compute what the time loop computes; add what is read later to `rows`; return the last states."""
    reason = _obstacle(plan, call)
    steps = _Steps(plan, call, evaluator, rows)
    # the evaluator keeps what it makes of parameters alone, so that its first values are autograd's
    found = None if reason else solve(steps, steps.following(steps.before(steps.initial[steps.sequence])).detach())
    if found is None:
        told(
            "recurra runs the steps one by one where backend='newton' was asked for: "
            + (reason or f"its {most_turns(steps.count)} turns for {steps.count} steps are not enough")
        )
        return eager.step_by_step(plan, call, evaluator, rows)
    states = steps.differentiable(found.states) if torch.is_grad_enabled() else found.states
    values = steps.values(steps.before(states))
    evaluator.run(plan.loop, values)
    rows.update((node, values[node]) for node in eager.read_later(plan, rows))
    return steps.states_of(states[steps.last])


def _obstacle(plan: ForwardPlan, call: Call) -> str:
    """Return why all steps cannot be computed at once, or nothing."""
    if call.states[0].dtype not in TOLERANCES:
        return f"it solves in float32 and float64, not in {call.states[0].dtype}"
    if any(node.op == "batch_mean" for node in plan.loop.nodes):
        return "the cell takes means over the sequences of a step"
    return ""


@dataclass(frozen=True)
class Solution:
    """What Newton's method found.

    Attributes
    ----------
    states : tensor (rows, size of all states)
        Those after each row's step.
    turns : int
        How often F and its Jacobians were computed.
    """

    states: Tensor
    turns: int


def most_turns(count: int, /) -> int:
    """Return after how many turns for so many steps the method gives up: they wait no less than the steps do."""
    in_a_row = 1 + 2 * math.ceil(math.log2(max(2, count)))  # operations that wait: F, and `_scan`'s tree, down and up
    return max(4, count // in_a_row)


@torch.no_grad()
def solve(steps: _Steps, states: Tensor) -> Solution | None:
    """Return the states of all steps, from a guess; nothing if `most_turns` are not enough."""
    tolerance = TOLERANCES[states.dtype]
    for turn in range(1, most_turns(steps.count) + 1):
        before = steps.before(states)
        now, slopes = steps.along(before)
        # s[t] = F(b[t]) + J[t] (s[t - 1] - b[t]), where b are the guesses before each row
        rest = steps.blocked(now) - (slopes @ steps.blocked(before).unsqueeze(-1)).squeeze(-1)
        better = steps.flat(steps.affine(slopes, rest))
        apart = (better - states).abs().amax()
        states = better
        if not torch.isfinite(apart):
            return None
        if apart <= tolerance * (1 + states.abs().amax()):
            return Solution(states, turn)
    return None


class _Steps:
    """The steps of a call, all at once: rows are (sequence, step) as they are packed.

    Where no feature of a state reads another, a Jacobian is a block for each feature, as wide as there are states; else
    it is one block. Blocked values are (rows, blocks, width of a block).
    """

    def __init__(self, plan: ForwardPlan, call: Call, evaluator: Evaluator, rows: eager.Rows) -> None:
        self._plan, self._evaluator, self._rows = plan, evaluator, rows
        self._read = [node for node in plan.loop.reads if node not in plan.step.states]
        self._widths = [width_of(leaf, call.sizes) for leaf in plan.step.states]
        _, self._block = blocks_of(plan, call.sizes)
        self.initial = torch.cat([*call.states], -1)
        self.count = len(call.batch_sizes)
        device = self.initial.device
        sizes = torch.tensor([*call.batch_sizes], device=device)
        first = torch.tensor(call.first_rows, device=device)
        self.sequence = sequence = torch.cat([torch.arange(size, device=device) for size in call.batch_sizes])
        step = torch.arange(self.count, device=device).repeat_interleave(sizes)
        self._sequences = len(call.states[0])
        lengths = (sizes > torch.arange(self._sequences, device=device).unsqueeze(1)).sum(1)
        if call.reverse:
            turn, neighbour = lengths[sequence] - 1 - step, step + 1
            self.last = torch.arange(self._sequences, device=device)
        else:
            turn, neighbour = step, step - 1
            self.last = first[lengths - 1] + torch.arange(self._sequences, device=device)
        self._is_first = turn == 0
        neighbour = first[neighbour.clamp(0, self.count - 1)] + sequence
        self._previous = torch.where(self._is_first, sequence, self._sequences + neighbour)
        self.places = turn * self._sequences + sequence
        """Of each row in a table of (turns, sequences), in which every sequence begins at the first turn."""

    def before(self, states: Tensor) -> Tensor:
        """Return the states before each row's step, from those after it."""
        return torch.cat([self.initial, states])[self._previous]

    def values(self, before: Tensor) -> eager.Rows:
        """Return what the time loop reads, for all rows."""
        states = zip(self._plan.step.states, self.states_of(before), strict=True)
        return {**{node: self._rows[node] for node in self._read}, **dict(states)}

    def states_of(self, joined: Tensor) -> tuple[Tensor, ...]:
        """Return each state by itself."""
        return tuple(joined.split(self._widths, -1))

    def following(self, before: Tensor) -> Tensor:
        """Return the states after each row's step: F."""
        values = self.values(before)
        self._evaluator.run(self._plan.loop, values)
        found = (values[node] if node in values else self._rows[node] for node in self._plan.step.next_states)
        return torch.cat([*found], -1)

    def along(self, before: Tensor) -> tuple[Tensor, Tensor]:
        """Return F and its Jacobians, (rows, blocks, width, width); those by initial states, which are known, are 0."""
        count, width = len(before), self._block
        with torch.enable_grad():
            before = before.detach().requires_grad_()
            following = self.following(before)
        if not following.requires_grad:  # it reads no state
            return following, following.new_zeros(count, following.shape[1] // width, width, width)
        unit = torch.eye(width, dtype=before.dtype, device=before.device)[:, None, :, None]
        results = unit.expand(width, count, width, before.shape[1] // width).reshape(width, *before.shape)
        (found,) = torch.autograd.grad(following, before, results, is_grads_batched=True, materialize_grads=True)
        slopes = found.reshape(width, count, width, -1).permute(1, 3, 0, 2)
        return following.detach(), slopes.masked_fill(self._is_first[:, None, None, None], 0.0)

    def blocked(self, values: Tensor) -> Tensor:
        """Return values (rows, size of all states) by blocks."""
        return values.unflatten(1, (self._block, -1)).transpose(1, 2)

    def flat(self, values: Tensor) -> Tensor:
        """Return blocked values as (rows, size of all states)."""
        return values.transpose(1, 2).flatten(1)

    def affine(self, slopes: Tensor, rest: Tensor, *, backwards: bool = False) -> Tensor:
        """Return what solves v[t] = slopes[t] v[t - 1] + rest[t]; backwards v[t] = slopes[t + 1]ᵀ v[t + 1] + rest[t].

        All are blocked; before the first turn, and after the last one, v is 0.
        """
        factors, terms = self._table(slopes), self._table(rest)
        if backwards:
            factors = torch.cat([factors[1:], torch.zeros_like(factors[:1])]).mT
            factors, terms = factors.flip(0), terms.flip(0)
        solved = _scan(factors, terms.unsqueeze(-1)).squeeze(-1)
        return (solved.flip(0) if backwards else solved).flatten(0, 1)[self.places]

    def _table(self, rows: Tensor) -> Tensor:
        """Return rows as (turns, sequences, ...); where a sequence has ended there are zeros."""
        table = rows.new_zeros(self.count * self._sequences, *rows.shape[1:])
        return table.index_copy(0, self.places, rows).unflatten(0, (self.count, self._sequences))

    def differentiable(self, states: Tensor) -> Tensor:
        """Return the solved states as what they are to autograd: functions of all that F reads."""
        before = self.before(states)
        following = self.following(before)
        if not following.requires_grad:
            return following
        found = _Solved.apply(following, self.along(before)[1], self)
        assert isinstance(found, Tensor)
        return found


def blocks_of(plan: ForwardPlan, sizes: Mapping[str, int], /) -> tuple[int, int]:
    """Return how many blocks a Jacobian has, and how wide one is."""
    widths = [width_of(leaf, sizes) for leaf in plan.step.states]
    apart = {*REDUCTIONS, *SCANS, "matmul", "reshape", "broadcast"}
    no_feature_reads_another = (
        len({leaf.shape for leaf in plan.step.states}) == 1
        and not any(stage.products for stage in plan.loop.stages)
        and not any(node.op in apart and node.rows for node in plan.loop.nodes)
    )
    return (widths[0], len(widths)) if no_feature_reads_another else (1, sum(widths))


def _scan(factors: Tensor, terms: Tensor) -> Tensor:
    """Return v[t] = factors[t] v[t - 1] + terms[t], along the first axis, from 0: pairs are joined in a tree."""
    count = len(terms)
    if count == 1:
        return terms
    first, second = slice(0, count - count % 2, 2), slice(1, count, 2)
    joined = _scan(factors[second] @ factors[first], factors[second] @ terms[first] + terms[second])
    solved = torch.empty_like(terms)
    solved[0], solved[second] = terms[0], joined
    solved[2::2] = factors[2::2] @ joined[: (count - 1) // 2] + terms[2::2]
    return solved


class _Solved(Function):
    """The states that solve s = F(s), as a function of F's values: its gradient solves the transposed recurrence."""

    @staticmethod
    def forward(ctx: Any, following: Tensor, slopes: Tensor, steps: _Steps) -> Tensor:
        ctx.save_for_backward(slopes)
        ctx.steps = steps
        return following.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # pyright: ignore
        (gradient,), (slopes,) = gradients, ctx.saved_tensors
        return ctx.steps.flat(ctx.steps.affine(slopes, ctx.steps.blocked(gradient), backwards=True)), None, None
