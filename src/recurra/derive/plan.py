"""The plans: what a kernel is made from.

A forward plan says what is computed once, before, in and after the time loop, and what is kept for the backward
pass. A backward plan says the same of the derived backward pass, and which products give the weights' gradients.
Before a step is split, it is brought into one form: what is made of parameters alone is computed beforehand, and sums
are reordered so that as much as possible of them leaves the loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from recurra.derive.backward import BackwardStep, backward_step, observable, observed
from recurra.derive.stages import Segment, segments
from recurra.derive.sums import gather_sums
from recurra.derive.width import matrices_of, narrow_parts, stretched
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, depends_on, leaf, topological, with_args
from recurra.graph.ops import OPS
from recurra.graph.printing import EquationNames, told_apart
from recurra.graph.rewrite import simplify_node
from recurra.graph.step import Step, evaluation, map_step, substitute, with_restarts, with_shifts_in, with_states_out
from recurra.graph.verify import verify
from recurra.locks import made_once

__all__ = [
    "EVALUATION", "TRAINING", "BackwardPlan", "ForwardPlan", "Plans", "Prelude", "Variant", "WeightGradient", "derive",
    "normalise",
]  # fmt: skip


@dataclass(frozen=True)
class Prelude:
    """What is computed from parameters alone, once per call.

    Attributes
    ----------
    leaves : tuple of parameter leaves
        They stand in the step for `values`.
    values : tuple of nodes
        The expressions, over the cell's own parameters.
    """

    leaves: tuple[Node, ...]
    values: tuple[Node, ...]

    @made_once
    def noises(self) -> tuple[Node, ...]:
        """The random matrices: they are drawn once per call."""
        return tuple(node for node in topological(self.values) if node.op == "noise")


@dataclass(frozen=True)
class ForwardPlan:
    """The forward pass.

    Attributes
    ----------
    prelude : Prelude
        Expressions of parameters alone, evaluated once per call, outside of the kernel.
    step : Step
        The equations, over the prelude's values.
    names : EquationNames
        Those of the cell's equations: what is called alike is told apart, also where one of them is no longer computed.
    before, loop, after : Segment
        For all steps at once; step by step; for all steps at once.
    saved : tuple of nodes
        What training keeps for the backward plan beside inputs, states and output.
    """

    prelude: Prelude
    step: Step
    names: EquationNames
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
    matrices : tuple of states
        Those that are much wider than all else, and that nothing but the loop reads: a backend may keep them at some
        steps only.
    again : Segment
        What gives their next values, from them and what is saved: a loop over the steps in their own order.
    """

    step: BackwardStep
    before: Segment
    loop: Segment
    after: Segment
    weight_gradients: tuple[WeightGradient, ...]
    row_sums: tuple[Node, ...]
    matrices: tuple[Node, ...]
    again: Segment


@dataclass(frozen=True)
class Plans:
    """Both plans of a step, in one variant.

    `kernels` is for what backends make of them, by the backend's name.
    """

    forward: ForwardPlan
    backward: BackwardPlan
    kernels: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @made_once
    def has_axes(self) -> bool:
        """Whether a row of any value has several axes, such as a matrix state."""
        roots = (*self.forward.step.roots, *self.backward.step.roots)
        return any(node.rows and len(node.shape) > 1 for node in topological(roots))


class Variant(NamedTuple):
    """Which plans of a step are meant.

    Attributes
    ----------
    training : bool
        Whether noise is drawn, and statistics of a batch are taken; otherwise noise is replaced by its mean, and
        running statistics are further inputs, the last ones.
    return_states : bool
        Whether every state at every step is put out too.
    restarts : bool
        Whether a last further input, (rows, 1), says after which steps the states are zero.
    observed : bool
        Whether the backward pass also gives the norms of the loss's gradients by states and gates.
    shifted : bool
        Whether the states of `Cell.shifts` are further inputs, after the others: whoever runs the plans shifts the
        rows.

    It is a tuple, as a layer makes one at each run and looks its plans up by it.

    Examples
    --------
    >>> from recurra import Variant
    >>> from recurra.cells import LSTM
    >>> [len(LSTM.plans(Variant(return_states=every)).forward.step.outputs) for every in (False, True)]
    [1, 2]
    """

    training: bool = True
    return_states: bool = False
    restarts: bool = False
    observed: bool = False
    shifted: bool = False


TRAINING, EVALUATION = Variant(), Variant(training=False)

_OVER_OTHERS = REDUCTIONS | SCANS | {"matmul", "batch_mean"}
"""What needs more than its own feature of its own row."""

_TOO_DEAR = 2
"""Dear operations one upon the other that are not done again."""


def derive(step: Step, variant: Variant = TRAINING) -> Plans:
    """Return the plans of a cell's step."""
    step = with_shifts_in(step)[0] if variant.shifted else step
    step = with_states_out(step) if variant.return_states else step
    step = with_restarts(step) if variant.restarts else step
    names = told_apart(step)
    written = replace(step, names=names.values)
    prelude, core = normalise(written if variant.training else evaluation(written))
    names = names._replace(values=core.names)
    core = replace(core, names={node: name.partition("'")[0] for node, name in core.names.items()})
    backward = backward_step(core)
    backward = _gathered(observed(backward, observable(core)) if variant.observed else backward, core)
    at_hand = {*core.inputs, *core.states, *core.outputs}  # a caller has these anyway, so they cost no memory
    saved = _choose_saved(backward, core, at_hand)
    matrices = matrices_of(core, at_hand | set(saved))
    at_hand |= set(saved)
    forward = _forward_plan(prelude, core, names, saved, matrices)
    return Plans(forward, _backward_plan(backward, core, at_hand, matrices))


def normalise(step: Step) -> tuple[Prelude, Step]:
    """Return the parameter expressions, and the step over their values, simplified and with its sums gathered."""
    prelude, step = split_parameters(map_step(step, simplify_node))
    step = substitute(step, gather_sums(step.roots, depends_on(step.roots, step.states)))
    verify(step.roots)
    return prelude, step


def split_parameters(step: Step) -> tuple[Prelude, Step]:
    """Replace each largest expression of parameters alone by a parameter of its own."""
    given = depends_on(step.roots, step.parameters)
    used = dict.fromkeys(top for node in topological(step.roots) if node.rows for top in _tops(node))
    tops = [top for top in used if top in given]  # what is made of numbers alone needs no parameter
    leaves = {top: leaf("parameter", f"expression {number}", top.shape) for number, top in enumerate(tops, start=1)}
    fixed = step.fixed | {made.name for top, made in leaves.items() if _read(top) <= step.fixed}
    new: dict[Node, Node] = {}  # an expression that is a part of another one stands in it as it is
    for node in topological(step.roots):
        new[node] = leaves.get(node) or with_args(node, tuple(new[argument] for argument in node.args))
    step = substitute(step, new)
    step = replace(step, parameters=(*step.parameters, *leaves.values()), fixed=fixed)
    return Prelude(tuple(leaves.values()), tuple(tops)), step


def _read(expression: Node) -> set[str]:
    """Return the names of the parameters in an expression."""
    return {node.name for node in topological([expression]) if node.op == "parameter"}


def _tops(node: Node) -> Iterator[Node]:
    """Yield the expressions of parameters alone that a node uses.

    A comparison of them stays, as it is no number, and so does another shape of one, for which nothing is computed.
    """
    for argument in node.args:
        if argument.op in COMPARISONS | {"reshape"} and not argument.rows:
            yield from _tops(argument)
        elif argument.args and not argument.rows:
            yield argument


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
    not upon another dear value that is computed again, or a long chain of them would be. Of what is stretched, such as
    an outer product, the narrower values are kept. A truth value is no number, and is never kept: what it compares is.
    """
    forward = [node for node in topological(core.roots) if node.rows and node.args]
    inside = set(forward)
    read = topological(backward.roots, stop=lambda node: node in inside and node.op not in COMPARISONS)
    needed = {node for node in read if node in inside and node.op not in COMPARISONS}
    wide = stretched(forward)
    saved: dict[Node, None] = {}
    depth: dict[Node, int] = {}  # dear operations from what is kept; a product is one too many
    for node in forward:  # arguments first, so that each one's depth is known
        if node in at_hand:
            continue
        own = _TOO_DEAR if node.op in _OVER_OTHERS else not OPS[node.op].cheap
        depth[node] = own + max((depth.get(argument, 0) for argument in node.args), default=0)
        if depth[node] >= _TOO_DEAR and node in needed:
            kept = narrow_parts(node, wide) if node in wide else [node]
            saved.update(dict.fromkeys(each for each in kept if depth.get(each)))
            depth.update(dict.fromkeys(kept, 0))
            depth[node] = own if node in wide else 0
    return tuple(saved)


def _forward_plan(
    prelude: Prelude, core: Step, names: EquationNames, saved: tuple[Node, ...], matrices: tuple[Node, ...]
) -> ForwardPlan:
    results = (*core.outputs, *core.statistics, *saved)
    parts = segments(core.next_states, results, sources=core.states, given=_is_leaf, matrices=matrices)
    return ForwardPlan(prelude, core, names, parts.before, parts.loop, parts.after, saved)


def _backward_plan(backward: BackwardStep, core: Step, at_hand: set[Node], matrices: tuple[Node, ...]) -> BackwardPlan:
    def given(node: Node) -> bool:
        return _is_leaf(node) or node in at_hand

    sums = [n for n in topological(backward.parameters) if n.op in ("outer", "sum_rows") and n.args[0].rows]
    results = [node for node in backward.inputs if node.rows] + [a for node in sums for a in node.args]
    results += backward.observed.values()
    parts = segments(backward.states, results, sources=backward.incoming_states, given=given, matrices=matrices)
    following = [n for state, n in zip(core.states, core.next_states, strict=True) if state in matrices]
    again = segments(following, (), sources=matrices, given=given).loop
    return BackwardPlan(
        backward, parts.before, parts.loop, parts.after,
        weight_gradients=_weight_gradients(n for n in sums if n.op == "outer"),
        row_sums=tuple(n for n in sums if n.op == "sum_rows"), matrices=matrices, again=again,
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
