"""The torch backend: the forward plan as an eager loop over tensors.

Any device, any dtype; autograd, forward-mode derivatives and `torch.func` go through it as through any torch code.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Result
from recurra.backends.noise import drawn
from recurra.backends.tensors import number_beside
from recurra.derive.backward import observable
from recurra.derive.plan import ForwardPlan, Prelude
from recurra.graph.node import Node, number_of, width_of
from recurra.graph.ops import torch_spelling
from recurra.graph.step import Step

__all__ = ["Noted", "Rows", "TimeLoop", "prelude", "read_later", "run", "scanned", "step_by_step"]

Rows = dict[Node, Tensor]


def prelude(
    expressions: Prelude, parameters: Mapping[Node, Tensor], sizes: Mapping[str, int], *, seed: int | Tensor = 0
) -> dict[Node, Tensor]:
    """Return the values of expressions of parameters alone, and the parameters themselves."""
    like = next(iter(parameters.values()))
    drawn = {noise: _matrix_drawn(noise, sizes, seed, like) for noise in expressions.noises}
    evaluator = Evaluator(torch_spelling(), sizes, number=number_beside(like), known={**parameters, **drawn})
    values = {leaf: evaluator.once(node) for leaf, node in zip(expressions.leaves, expressions.values, strict=True)}
    return {**parameters, **values}


def _matrix_drawn(noise: Node, sizes: Mapping[str, int], seed: int | Tensor, like: Tensor) -> Tensor:
    """Return the draws of a random matrix: its rows are numbered as sequences are."""
    first, *others = (number_of(size, sizes) for size in noise.shape)
    rows, columns = (torch.arange(count, device=like.device) for count in (first, math.prod(others)))
    values = drawn(noise, seed=seed, steps=0, sequences=rows[:, None], features=columns)
    return values.to(like.dtype).reshape(first, *others)


@dataclass(frozen=True)
class Noted:
    """Where the squared norms of gradients go in the backward pass.

    Attributes
    ----------
    squares : mapping from a node to a tensor (sum of batch_sizes, 1)
    begun : called when the first gradient comes
    """

    squares: Mapping[Node, Tensor]
    begun: Callable[[], None]

    @classmethod
    def of(cls, plan: ForwardPlan, call: Call, told: Callable[[Mapping[str, Tensor]], None]) -> Noted:
        """Return where they go for a run; `told` is given the tensors by name, which fill as the pass goes on."""
        count, like = sum(call.batch_sizes), call.states[0]
        by_name = {name: (node, like.new_zeros(count, 1)) for name, node in observable(plan.step).items()}
        first = functools.cache(lambda: told({name: squares for name, (_, squares) in by_name.items()}))
        return cls(dict(by_name.values()), first)

    def note(self, values: Mapping[Node, Tensor], nodes: Collection[Node], at: slice = slice(None)) -> None:
        """Ask for the gradients of those nodes that are noted; the values are some rows of them."""
        for node in self.squares.keys() & nodes:
            if values[node].requires_grad:
                values[node].register_hook(functools.partial(self._keep, self.squares[node][at]))

    def _keep(self, into: Tensor, gradient: Tensor) -> None:
        self.begun()
        into.copy_(gradient.detach().square().sum(-1, keepdim=True))


class TimeLoop(Protocol):
    """What computes the time loop."""

    def __call__(self, plan: ForwardPlan, call: Call, evaluator: Evaluator, rows: Rows, /) -> tuple[Tensor, ...]:
        """Add what is `read_later` to `rows`; return the last states."""
        ...


def run(plan: ForwardPlan, call: Call, *, noted: Noted | None = None, loop: TimeLoop | None = None) -> Result:
    """Run the forward plan; see `recurra.backends.kernel.Kernel.forward`. Derivatives come from torch."""
    step = plan.step
    if noted:  # without this, torch would leave out the gradients of what depends on the first states alone
        call = replace(call, states=[s if s.requires_grad else s.detach().requires_grad_() for s in call.states])
    known = dict(zip(step.parameters, call.parameters, strict=True))
    evaluator = Evaluator(torch_spelling(), call.sizes, number=number_beside(call.states[0]), known=known)
    rows = _input_rows(step, call)
    evaluator.run(plan.before, rows)
    if noted:
        noted.note(rows, rows.keys())
    before = {*rows}
    loop = loop or functools.partial(step_by_step, noted=noted)
    states = loop(plan, call, evaluator, rows)
    joined = rows.keys() - before
    evaluator.run(plan.after, rows)
    if noted:
        noted.note(rows, plan.after.nodes)
    statistics = tuple(rows[node].detach()[call.first_rows] for node in step.statistics)
    # autograd keeps values for its backward pass, and callers their inputs: what is handed out is nobody else's
    outputs = tuple(rows[node] if node in joined else rows[node].clone() for node in step.outputs)
    return Result(outputs, tuple(state.clone() for state in states), statistics=statistics)


def scanned(
    plan: ForwardPlan, parameters: Sequence[Tensor], sizes: Mapping[str, int], inputs: Sequence[Tensor],
    states: Sequence[Tensor], *, reverse: bool,
) -> tuple[Tensor, Sequence[Tensor]]:  # fmt: skip
    """Run the forward plan of evaluation with its time loop as torch's `scan`, one node of a graph for any length.

    Parameters
    ----------
    inputs : tensors (time, batch, size)
    states : tensors (batch, size)

    Returns
    -------
    The output (time, batch, size), and the last states.
    """
    from torch._higher_order_ops.scan import scan

    step, loop = plan.step, plan.loop
    known = dict(zip(step.parameters, parameters, strict=True))
    evaluator = Evaluator(torch_spelling(), sizes, number=number_beside(states[0]), known=known)
    rows: Rows = dict(zip(step.inputs, inputs, strict=True))
    evaluator.run(plan.before, rows)
    wanted, computed = read_later(plan, rows), {*loop.nodes, *step.states}
    read = [node for node in dict.fromkeys((*loop.reads, *step.next_states)) if node not in computed]
    evaluator.prepare(loop)

    def one(carried: Sequence[Tensor], row: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        values = {**dict(zip(step.states, carried, strict=True)), **dict(zip(read, row, strict=True))}
        evaluator.run(loop, values)
        # what comes in may not go out as it is
        return [values[node].clone() for node in step.next_states], [values[node].clone() for node in wanted]

    finals, found = scan(one, list(states), [rows[node] for node in read], reverse=reverse)
    rows.update(zip(wanted, found, strict=True))
    evaluator.run(plan.after, rows)
    return rows[step.output], finals


def _input_rows(step: Step, call: Call) -> Rows:
    """Return the row values of inputs and noises; what is per sequence is repeated for each of its steps."""
    rows = dict(zip(step.inputs, call.inputs, strict=True))
    if not (step.per_sequence or step.noises):
        return rows
    device, dtype = call.states[0].device, call.states[0].dtype
    sequences = torch.cat([torch.arange(size, device=device) for size in call.batch_sizes])
    rows.update((leaf, rows[leaf][sequences]) for leaf in step.inputs if leaf.name in step.per_sequence)
    counts = torch.tensor(call.batch_sizes, device=device)
    steps = torch.arange(len(call.batch_sizes), device=device).repeat_interleave(counts)
    for noise in step.noises:
        features = torch.arange(width_of(noise, call.sizes), device=device)
        values = drawn(noise, seed=call.seed, steps=steps[:, None], sequences=sequences[:, None], features=features)
        rows[noise] = values.to(dtype)
    return rows


class _Running:
    """The states of the sequences that are running; rows come and go as sequences start and end."""

    def __init__(self, initial: Sequence[Tensor], first: int) -> None:
        self.initial = initial
        self.states = [state[:first] for state in initial]
        self.ended: list[list[Tensor]] = []

    def resize(self, count: int) -> None:
        """Let sequences end or start so that the first `count` of them run."""
        running = len(self.states[0])
        if count < running:
            self.ended.append([state[count:] for state in self.states])
            self.states = [state[:count] for state in self.states]
        elif count > running:
            more = [state[running:count] for state in self.initial]
            self.states = [torch.cat(pair) for pair in zip(self.states, more, strict=True)]

    def final(self) -> tuple[Tensor, ...]:
        """Return every sequence's last states."""
        if not self.ended:
            return tuple(self.states)
        return tuple(torch.cat(parts) for parts in zip(self.states, *reversed(self.ended), strict=True))


def read_later(plan: ForwardPlan, rows: Rows) -> list[Node]:
    """Return what the time loop computes and somebody reads after it, where `rows` is known before."""
    elsewhere = rows.keys() | plan.after.nodes
    read = (*plan.step.outputs, *plan.step.statistics, *plan.after.reads)
    return [*dict.fromkeys(node for node in read if node not in elsewhere)]


def step_by_step(
    plan: ForwardPlan, call: Call, evaluator: Evaluator, rows: Rows, /, *, noted: Noted | None = None
) -> tuple[Tensor, ...]:
    """Run the time loop, a step after the other; see `TimeLoop`."""
    step, wanted = plan.step, read_later(plan, rows)
    order = range(len(call.batch_sizes))[:: -1 if call.reverse else 1]
    read = [node for node in plan.loop.reads if node not in step.states]
    pieces = [torch.split(rows[node], list(call.batch_sizes)) for node in read]
    later = [node for node in step.next_states if node in rows]
    following = {node: torch.split(rows[node], list(call.batch_sizes)) for node in later}
    running, begins = _Running(call.states, call.batch_sizes[order[0]]), call.first_rows
    collected: dict[Node, list[Tensor]] = {node: [] for node in wanted}
    for t in order:
        running.resize(call.batch_sizes[t])
        values = dict(zip(step.states, running.states, strict=True))
        values.update((node, piece[t]) for node, piece in zip(read, pieces, strict=True))
        values.update((node, piece[t]) for node, piece in following.items())
        evaluator.run(plan.loop, values)
        if noted:
            noted.note(values, plan.loop.nodes, slice(begins[t], begins[t] + call.batch_sizes[t]))
        running.states = [values[node] for node in step.next_states]
        for node, parts in collected.items():
            parts.append(values[node])
    for node, parts in collected.items():
        rows[node] = torch.cat(parts[:: -1 if call.reverse else 1])
    return running.final()
