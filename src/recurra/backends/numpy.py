"""The NumPy backend: it executes the plans, forward and derived backward. Slow, plain, and the reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call, Gradients, Result, Wanted
from recurra.backends.noise import drawn
from recurra.backends.parameters import Parameters
from recurra.derive.plan import BackwardPlan, ForwardPlan, Plans
from recurra.graph.node import Node, number_of, width_of
from recurra.graph.ops import numpy_spelling
from recurra.graph.step import Step

__all__ = ["NumpyKernel", "compile"]

Array = np.ndarray[Any, Any]
Rows = dict[Node, Array]
"""Values of all rows of all steps, in the packed layout."""


def compile(plans: Plans) -> NumpyKernel:
    """Return a kernel that executes these plans."""
    return NumpyKernel(plans)


@dataclass(frozen=True)
class Tape:
    """What the forward pass keeps: row values, and the values that are computed once."""

    rows: Mapping[Node, Array]
    known: Mapping[Node, Array]
    arrays: tuple[Array, ...] = ()  # all of it lives as long as the tape

    def having(self, arrays: Sequence[Array]) -> Tape:
        """Return the tape itself."""
        return self


_silent = np.errstate(all="ignore")
"""NaN and infinity travel without warnings, as they do in torch."""


class NumpyKernel:
    """Executes a pair of plans on NumPy arrays."""

    def __init__(self, plans: Plans) -> None:
        self.plans = plans

    @_silent
    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan; see `recurra.backends.kernel.Kernel`."""
        plan, step, call = self.plans.forward, self.plans.forward.step, _of_arrays(call)
        evaluator = _evaluator(call, dict(zip(step.parameters, call.parameters, strict=True)))
        rows = _input_rows(step, call)
        evaluator.run(plan.before, rows)
        states = _forward_loop(plan, call, evaluator, rows)
        evaluator.run(plan.after, rows)
        kept = {*step.inputs, *step.states, *step.next_states, *step.outputs, *step.noises, *plan.saved}
        known = Tape({n: rows[n] for n in rows if n in kept}, evaluator.known) if tape else None
        statistics = tuple(rows[node][call.first_rows] for node in step.statistics)
        outputs = tuple(rows[node].copy() for node in step.outputs)  # the tape's rows and the caller's stay theirs
        return Result(outputs, states, known, statistics)

    @_silent
    def backward(
        self, call: Call, tape: Tape, *, outputs: Sequence[Array], states: Sequence[Array], wanted: Wanted | None = None
    ) -> Gradients:
        """Run the backward plan; see `recurra.backends.kernel.Kernel`."""
        plan, given, call = self.plans.backward, Parameters.of(call.parameters), _of_arrays(call)
        evaluator = _evaluator(call, tape.known)
        rows: Rows = {**tape.rows, **dict(zip(plan.step.incoming_outputs, _arrays(outputs), strict=True))}
        evaluator.run(plan.before, rows)
        carried = _backward_loop(plan, call, evaluator, rows, _arrays(states))
        evaluator.run(plan.after, rows)
        _accumulate(plan, evaluator, rows)
        pairs = zip(self.plans.forward.step.inputs, plan.step.inputs, call.inputs, strict=True)
        values = zip(plan.step.parameters, call.parameters, strict=True)
        parameters = [np.broadcast_to(evaluator.once(node), value.shape) for node, value in values]
        step = self.plans.forward.step
        return Gradients(
            tuple(given.gathered(parameters, lambda parts: parts[0] if len(parts) == 1 else np.concatenate(parts))),
            tuple(_input_gradient(leaf, node, value, rows, call, step) for leaf, node, value in pairs),
            carried,
            tuple(rows[node] for node in plan.step.observed.values()),
        )


def _arrays(values: Sequence[Any]) -> list[Array]:
    """Return arrays; a torch tensor lends its memory."""
    return [value if isinstance(value, np.ndarray) else value.detach().numpy() for value in values]


def _of_arrays(call: Call) -> Call:
    parameters, inputs, states = map(_arrays, ([*call.parameters], call.inputs, call.states))
    return replace(call, parameters=parameters, inputs=inputs, states=states)


def _evaluator(call: Call, known: Mapping[Node, Array]) -> Evaluator:
    return Evaluator(numpy_spelling(), call.sizes, number=call.states[0].dtype.type, known=known)


def _steps(call: Call, *, backwards: bool = False) -> Iterator[slice]:
    """Yield the rows of each step, in the order of the recurrence (or against it)."""
    ends = np.cumsum(call.batch_sizes)
    slices = [slice(end - size, end) for end, size in zip(ends.tolist(), call.batch_sizes, strict=True)]
    yield from reversed(slices) if call.reverse != backwards else slices


def _sequence_of_row(call: Call) -> Array:
    """Return, for every row, the number of its sequence."""
    return np.concatenate([np.arange(size) for size in call.batch_sizes])


def _input_rows(step: Step, call: Call) -> Rows:
    """Return the row values of inputs and noises; what is per sequence is repeated for each of its steps."""
    sequences = _sequence_of_row(call)
    rows = {
        leaf: value[sequences] if leaf.name in step.per_sequence else value
        for leaf, value in zip(step.inputs, call.inputs, strict=True)
    }
    steps = np.repeat(np.arange(len(call.batch_sizes)), call.batch_sizes)
    for noise in step.noises:
        features = np.arange(width_of(noise, call.sizes))
        values = drawn(noise, seed=call.seed, steps=steps[:, None], sequences=sequences[:, None], features=features)
        rows[noise] = values.astype(call.states[0].dtype)
    return rows


def _forward_loop(plan: ForwardPlan, call: Call, evaluator: Evaluator, rows: Rows) -> tuple[Array, ...]:
    """Run the time loop; add the states before each step and what the loop writes to `rows`; return the last states."""
    states = [state.copy() for state in call.states]
    stored = _Stored((*plan.step.states, *plan.loop.writes), len(rows[plan.step.inputs[0]]))
    for at in _steps(call):
        count = at.stop - at.start
        step = {leaf: state[:count].copy() for leaf, state in zip(plan.step.states, states, strict=True)}
        step.update((node, rows[node][at]) for node in plan.loop.reads if node not in step)
        evaluator.run(plan.loop, step)
        for state, following in zip(states, plan.step.next_states, strict=True):
            state[:count] = step[following] if following in step else rows[following][at]
        stored.put(at, step)
    rows.update(stored.made)
    return tuple(states)


def _backward_loop(
    plan: BackwardPlan, call: Call, evaluator: Evaluator, rows: Rows, states: Sequence[Array]
) -> tuple[Array, ...]:
    """Run the time loop against its order; add what it writes to `rows`; return the initial states' gradients."""
    carried = [gradient.copy() for gradient in states]
    leaves = plan.step.incoming_states
    stored = _Stored((*leaves, *plan.loop.writes), len(rows[plan.step.incoming_outputs[0]]))
    for at in _steps(call, backwards=True):
        count = at.stop - at.start
        step = {leaf: gradient[:count].copy() for leaf, gradient in zip(leaves, carried, strict=True)}
        step.update((node, rows[node][at]) for node in plan.loop.reads if node not in step)
        evaluator.run(plan.loop, step)
        for gradient, node in zip(carried, plan.step.states, strict=True):
            gradient[:count] = _at(node, step, rows, at, evaluator)
        stored.put(at, step)
    rows.update(stored.made)
    return tuple(carried)


def _at(node: Node, step: Rows, rows: Rows, at: slice, evaluator: Evaluator) -> Array:
    """Return the value of a node at one step, wherever it was computed."""
    if node in step:
        return step[node]
    return rows[node][at] if node in rows else evaluator.once(node)


class _Stored:
    """Collects the values of chosen nodes at each step into arrays of all rows."""

    def __init__(self, nodes: Iterable[Node], count: int) -> None:
        self.nodes, self.count = tuple(dict.fromkeys(nodes)), count
        self.made: Rows = {}

    def put(self, at: slice, step: Mapping[Node, Array]) -> None:
        for node in self.nodes:
            value = step[node]
            if node not in self.made:
                self.made[node] = np.full((self.count, value.shape[1]), np.nan, value.dtype)
            self.made[node][at] = value


def _accumulate(plan: BackwardPlan, evaluator: Evaluator, rows: Rows) -> None:
    """Compute the sums over all rows of all steps, each weight gradient as one product."""
    for gradient in plan.weight_gradients:
        together = rows[gradient.operand].T @ np.concatenate([rows[delta] for delta in gradient.deltas], axis=1)
        widths = np.cumsum([rows[delta].shape[1] for delta in gradient.deltas])
        evaluator.known.update(zip(gradient.results, np.split(together, widths[:-1], axis=1), strict=True))
    for node in plan.row_sums:
        shape = [number_of(size, evaluator.sizes) for size in node.shape or (1,)]
        evaluator.known[node] = rows[node.args[0]].sum(axis=0).reshape(shape)


def _input_gradient(leaf: Node, node: Node, given: Array, rows: Rows, call: Call, step: Step) -> Array:
    """Return the gradient of an input; that of a per-sequence input is summed over the sequence's steps."""
    if node not in rows:
        return np.zeros_like(given)
    if leaf.name not in step.per_sequence:
        return rows[node]
    total = np.zeros_like(given)
    np.add.at(total, _sequence_of_row(call), rows[node])
    return total
