"""The plans: what a kernel is made from.

A forward plan says what is computed once, before, in and after the time loop, and what is kept for the backward
pass. A backward plan says the same of the derived backward pass, and which products give the weights' gradients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from recurra.derive.backward import BackwardStep, backward_step
from recurra.derive.normalise import Prelude, gather_sums, normalise
from recurra.derive.observe import observable, observed
from recurra.derive.stages import Segment, segments
from recurra.graph.build import COMPARISONS, REDUCTIONS
from recurra.graph.node import Node, depends_on, topological
from recurra.graph.ops import OPS
from recurra.graph.step import Step, evaluation

__all__ = ["BackwardPlan", "ForwardPlan", "Plans", "WeightGradient", "derive"]


@dataclass(frozen=True)
class ForwardPlan:
    """The forward pass.

    Attributes
    ----------
    prelude : Prelude
        Expressions of parameters alone, evaluated once per call, outside of the kernel.
    step : Step
        The equations, over the prelude's values.
    before, loop, after : Segment
        For all steps at once; step by step; for all steps at once.
    saved : tuple of nodes
        What training keeps for the backward plan beside inputs, states and output.
    """

    prelude: Prelude
    step: Step
    before: Segment
    loop: Segment
    after: Segment
    saved: tuple[Node, ...]


@dataclass(frozen=True)
class WeightGradient:
    """Gradients of matrices on one operand: one product over all rows of all steps.

    [results[0] results[1] ...] = operand.T @ [deltas[0] deltas[1] ...]
    """

    operand: Node
    deltas: tuple[Node, ...]
    results: tuple[Node, ...]


@dataclass(frozen=True)
class BackwardPlan:
    """The backward pass, derived.

    Attributes
    ----------
    step : BackwardStep
    before, loop, after : Segment
        The loop runs over the steps in reverse.
    weight_gradients : tuple of WeightGradient
    row_sums : tuple of nodes
        Sums over all rows of all steps: gradients of vectors and scalars.
    """

    step: BackwardStep
    before: Segment
    loop: Segment
    after: Segment
    weight_gradients: tuple[WeightGradient, ...]
    row_sums: tuple[Node, ...]


@dataclass(frozen=True)
class Plans:
    """Both plans of a step, in one mode (training draws noise, evaluation replaces it by its mean).

    `kernels` is for what backends make of them, by the backend's name.
    """

    forward: ForwardPlan
    backward: BackwardPlan
    kernels: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


_OVER_OTHERS = REDUCTIONS | {"matmul", "batch_mean"}  # what needs more than its own feature of its own row
_TOO_DEAR = 2  # dear operations one upon the other that are not done again


def derive(step: Step, *, training: bool = True, is_observed: bool = False) -> Plans:
    """Return the plans of a cell's step; an observed backward plan has norms of gradients among its results."""
    prelude, core = normalise(step if training else evaluation(step))
    backward = backward_step(core)
    backward = _gathered(observed(backward, observable(core)) if is_observed else backward, core)
    at_hand = {*core.inputs, *core.states, *core.outputs}
    saved = _choose_saved(backward, core, at_hand)
    return Plans(_forward_plan(prelude, core, saved), _backward_plan(backward, at_hand | set(saved)))


def _gathered(backward: BackwardStep, core: Step) -> BackwardStep:
    """Reorder the sums of the backward step; the forward values in it stay the nodes that they are."""
    forward = topological(core.roots)
    new = gather_sums(backward.roots, depends_on(backward.roots, backward.incoming_states), keep=set(forward))
    return replace(
        backward,
        states=tuple(new[n] for n in backward.states),
        inputs=tuple(new[n] for n in backward.inputs),
        parameters=tuple(new[n] for n in backward.parameters),
        adjoints={node: new.get(adjoint, adjoint) for node, adjoint in backward.adjoints.items()},
        observed={name: new[node] for name, node in backward.observed.items()},
    )


def _choose_saved(backward: BackwardStep, core: Step, at_hand: set[Node]) -> tuple[Node, ...]:
    """Return the forward values to keep: what the backward step reads and only a product, a reduction or a mean gives.

    What follows elementwise from kept values is computed again: to write and to read it costs as much as a tanh. But
    not upon another dear value that is computed again, or a long chain of them would be. A truth value is no number,
    and is never kept: what it compares is.
    """
    forward = [node for node in topological(core.roots) if node.rows and node.args]
    inside = set(forward)
    read = topological(backward.roots, stop=lambda node: node in inside and node.op not in COMPARISONS)
    needed = {node for node in read if node in inside and node.op not in COMPARISONS}
    saved: dict[Node, None] = {}
    depth: dict[Node, int] = {}  # dear operations from what is kept; a product is one too many
    for node in forward:
        if node in at_hand:
            continue
        own = _TOO_DEAR if node.op in _OVER_OTHERS else not OPS[node.op].cheap
        depth[node] = own + max((depth.get(argument, 0) for argument in node.args), default=0)
        if depth[node] >= _TOO_DEAR and node in needed:
            saved[node] = None
            depth[node] = 0
    return tuple(saved)


def _forward_plan(prelude: Prelude, core: Step, saved: tuple[Node, ...]) -> ForwardPlan:
    results = (*core.outputs, *core.statistics, *saved)
    parts = segments(core.next_states, results, sources=core.states, given=_is_leaf)
    return ForwardPlan(prelude, core, parts.before, parts.loop, parts.after, saved)


def _backward_plan(backward: BackwardStep, at_hand: set[Node]) -> BackwardPlan:
    sums = [n for n in topological(backward.parameters) if n.op in ("outer", "sum_rows") and n.args[0].rows]
    results = [node for node in backward.inputs if node.rows] + [a for node in sums for a in node.args]
    results += backward.observed.values()
    parts = segments(
        backward.states, results, sources=backward.incoming_states, given=lambda n: _is_leaf(n) or n in at_hand
    )
    return BackwardPlan(
        backward, parts.before, parts.loop, parts.after,
        weight_gradients=_weight_gradients(n for n in sums if n.op == "outer"),
        row_sums=tuple(n for n in sums if n.op == "sum_rows"),
    )  # fmt: skip


def _is_leaf(node: Node) -> bool:
    return not node.args


def _weight_gradients(outers: Iterable[Node]) -> tuple[WeightGradient, ...]:
    groups: dict[Node, list[Node]] = {}
    for node in outers:
        groups.setdefault(node.args[0], []).append(node)
    return tuple(
        WeightGradient(operand, tuple(n.args[1] for n in results), tuple(results))
        for operand, results in groups.items()
    )
