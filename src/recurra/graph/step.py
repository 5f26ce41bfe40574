"""One step of a cell as a graph, and what makes another step of it: returned states, restarts, shifts, delays."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from recurra.graph.compound import Size, named_in, number_of
from recurra.graph.node import (
    Node,
    broadcast,
    constant,
    depends_on,
    leaf,
    pointwise,
    topological,
    where,
)
from recurra.graph.rewrite import rewrite, simplify_node
from recurra.locks import made_once

__all__ = [
    "RESTART", "Delay", "Shift", "Step", "evaluation", "expand_delays", "map_step", "past_inputs", "substitute",
    "values_after", "with_restarts", "with_shifts_in", "with_states_out", "without_noise", "without_terms",
]  # fmt: skip


@dataclass(frozen=True)
class Delay:
    """A further argument that is a state of some steps ago: `lag` 1 is the state's own previous value."""

    state: str
    lag: int


@dataclass(frozen=True, eq=False)
class Step:
    """The traced equations.

    Attributes
    ----------
    inputs : tuple of leaves
        `x`, then the further inputs, in the order of the function's arguments.
    states, next_states : tuple of nodes
        The states before the step, and their values after it.
    outputs : tuple of nodes
        What a layer puts out at every step; first, and mostly alone, the cell's output.
    parameters : tuple of leaves
        In the order of their first use.
    names : mapping from node to the name that the function gave it
    per_sequence : frozenset of str
        Names of further inputs that are the same at every step of a sequence.
    delays : mapping from a further input's name to its `Delay`
        Such an input is a state of some steps before; `expand_delays` makes plain states of them.
    fixed : frozenset of str
        Names of parameters that are not trained: no gradient by them is wanted.
    initial : mapping from a state's name to a number, or None
        What a sequence begins with, where it is not zero; None is a vector that the layer knows.
    """

    inputs: tuple[Node, ...]
    states: tuple[Node, ...]
    next_states: tuple[Node, ...]
    outputs: tuple[Node, ...]
    parameters: tuple[Node, ...]
    names: Mapping[Node, str] = field(default_factory=dict)
    per_sequence: frozenset[str] = frozenset()
    delays: Mapping[str, Delay] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    initial: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def roots(self) -> tuple[Node, ...]:
        """Everything that a step computes."""
        return (*self.next_states, *self.outputs)

    @property
    def output(self) -> Node:
        """The cell's output: the first next state unless the cell says otherwise."""
        return self.outputs[0]

    @made_once
    def noises(self) -> tuple[Node, ...]:
        """The random leaves, in the order of their numbers."""
        found = [node for node in topological(self.roots) if node.op == "noise"]
        return tuple(sorted(found, key=lambda node: node["index"]))

    @made_once
    def statistics(self) -> tuple[Node, ...]:
        """The means over a batch of which evaluation takes running ones, in the order of their names."""
        found = [node for node in topological(self.roots) if node.op == "batch_mean" and node.name]
        return tuple(sorted(found, key=lambda node: node.name))

    def sizes(self) -> dict[str, None]:
        """Return every named size that occurs, in order of first occurrence."""
        return dict.fromkeys(name for size in self.all_sizes() for name in named_in(size))

    def all_sizes(self) -> dict[Size, None]:
        """Return every size that occurs, compound ones and numbers too, in order of first occurrence."""
        leaves = (*self.inputs, *self.states, *self.parameters, *topological(self.roots))
        return dict.fromkeys(size for node in leaves for size in node.shape)

    def check_sizes(self, numbers: Mapping[str, int]) -> None:
        """Raise `ValueError` unless every quotient among the sizes is whole for these numbers."""
        for size in self.all_sizes():
            try:
                number_of(size, numbers)
            except ValueError as error:
                raise ValueError(f"{error}; expected sizes that divide") from None


def substitute(step: Step, new: Mapping[Node, Node]) -> Step:
    """Return the step over new nodes (old -> new for all of its own); parameters no longer used go, names stay."""
    roots = [new[root] for root in step.roots]
    needed, count = set(topological(roots)), len(step.next_states)
    parameters = tuple(parameter for parameter in step.parameters if parameter in needed)
    return replace(
        step,
        next_states=tuple(roots[:count]),
        outputs=tuple(roots[count:]),
        parameters=parameters,
        fixed=step.fixed & {parameter.name for parameter in parameters},
        names={new[node]: name for node, name in step.names.items() if node in new},
    )


def map_step(step: Step, rule: Callable[[Node], Node | None]) -> Step:
    """Return the step rewritten bottom-up by a rule (see `rewrite`)."""
    return substitute(step, rewrite(step.roots, rule))


def with_states_out(step: Step) -> Step:
    """Return the step that also puts out its next states, those that are no output yet."""
    return replace(step, outputs=tuple(dict.fromkeys((*step.outputs, *step.next_states))))


RESTART = leaf("input", "(restart)", (1,))
"""Whether the state begins anew after the step; no argument of a cell can have this name."""


def with_restarts(step: Step) -> Step:
    """Return the step with a further input, `RESTART`, where which the states that go on are the initial ones.

    Those that are vectors are inputs too, one for each sequence, behind it and in the order of the states.
    """
    anew = pointwise("greater", RESTART, constant(0.0))
    begin = {state: _begin(state, step.initial.get(state.name, 0.0)) for state in step.states}
    pairs = zip(step.states, step.next_states, strict=True)
    following = tuple(where(anew, begin[state], after) for state, after in pairs)
    vectors = [node for node in begin.values() if node.op == "input"]
    names = step.per_sequence | {node.name for node in vectors}
    return replace(step, inputs=(*step.inputs, RESTART, *vectors), next_states=following, per_sequence=names)


def _begin(state: Node, value: float | None) -> Node:
    """Return what a state begins with: a number, or an input, whose name no argument of a cell can have."""
    return leaf("input", f"(initial {state.name})", state.shape) if value is None else constant(value)


@dataclass(frozen=True)
class Shift:
    """A state that is an input of the step before: its number among the states, and the input's among the inputs."""

    state: int
    input: int


def with_shifts_in(step: Step) -> tuple[Step, tuple[Shift, ...]]:
    """Return the step in which states that are inputs of the step before are further inputs, and which these are.

    Their values are known before the first step, and so are products with them. They come after the other inputs, in
    the order of the shifts; one of them may be the input of a later one. One state stays a state.
    """
    inputs = list(step.inputs)
    shifts: list[Shift] = []
    new: dict[Node, Node] = {}
    waiting = dict(enumerate(zip(step.states, step.next_states, strict=True)))
    known = {node: number for number, node in enumerate(inputs) if node.name not in step.per_sequence}
    # A state that copies another such state is known too, once that one is an input: the search goes on while it finds.
    while found := [number for number, (_, following) in waiting.items() if following in known]:
        for number in found:
            state, following = waiting.pop(number)
            shifts.append(Shift(number, known[following]))
            known[state], new[state] = len(inputs), leaf("input", state.name, state.shape)
            inputs.append(new[state])
    if not waiting:  # a loop without a state: plans and kernels have no form for it
        return step, ()
    mapped = map_step(step, new.get)
    states = tuple(step.states[number] for number in waiting)
    following = tuple(mapped.next_states[number] for number in waiting)
    return replace(mapped, inputs=tuple(inputs), states=states, next_states=following), tuple(shifts)


def past_inputs(step: Step) -> set[Node]:
    """Return the states that hold past inputs alone: the next value of each depends on no state but such ones."""
    # It grows to a fixed point: a state that holds another one's past input is found in the turn after that one.
    found: set[Node] = set()
    while True:
        on_others = depends_on(step.next_states, set(step.states) - found)
        following = zip(step.states, step.next_states, strict=True)
        more = {state for state, after in following if after not in on_others}
        if more == found:
            return found
        found = more


def values_after(step: Step) -> tuple[Node, ...]:
    """Return the value of each state after the step, before it begins anew where it does."""
    restarts = RESTART in step.inputs
    return tuple(node.args[2] if restarts and node.op == "where" else node for node in step.next_states)


def without_noise(step: Step) -> Step:
    """Return the step with each noise replaced by its mean."""
    return map_step(step, lambda n: broadcast(constant(n["rate"]), n.shape) if n.op == "noise" else None)


def evaluation(step: Step) -> Step:
    """Return the step in evaluation: without noise, and with running statistics as further inputs after the others."""
    running = {node.name: leaf("input", f"({node.name})", node.shape) for node in step.statistics}
    step = map_step(without_noise(step), lambda n: running.get(n.name) if n.op == "batch_mean" else None)
    return replace(step, inputs=(*step.inputs, *running.values()))


def register(state: str, lag: int) -> str:
    """Return the name of the state that holds another state's value of `lag` steps before its previous one."""
    return f"{state}_lag{lag}"


def expand_delays(step: Step) -> Step:
    """Return the step with its delays as plain states: a register of copies that moves on by one at each step."""
    delays = step.delays
    size = {node.name: node.shape for node in step.states}
    deepest: dict[str, int] = {}
    for delay in delays.values():
        deepest[delay.state] = max(deepest.get(delay.state, 1), delay.lag)
    # A lag of 1 is the state itself. A lag of n takes n - 1 further states, each of which becomes the one before it at
    # every step: h_lag1 <- h, h_lag2 <- h_lag1, ...; delays of one state share them, up to the deepest.
    states, following, initial = list(step.states), list(step.next_states), dict(step.initial)
    by_name: dict[str, Node] = {node.name: node for node in step.states}
    for state, lag in deepest.items():
        previous = by_name[state]
        for steps in range(1, lag):
            held = leaf("state", register(state, steps), size[state])
            states.append(held)
            following.append(previous)
            by_name[held.name] = previous = held
            if state in initial:
                initial[held.name] = initial[state]
    source = {name: by_name[d.state if d.lag == 1 else register(d.state, d.lag - 1)] for name, d in delays.items()}
    step = map_step(step, lambda n: source.get(n.name) if n.op == "input" else None)
    return replace(
        step,
        inputs=tuple(node for node in step.inputs if node.name not in delays),
        states=tuple(states),
        next_states=(*step.next_states, *following[len(step.next_states) :]),
        delays={},
        initial=initial,
    )


def without_terms(step: Step, names: Collection[str], /) -> Step:
    """Return the step without parameters of these names, which are only added."""
    return map_step(step, functools.partial(_drop_term, names))


def _drop_term(names: Collection[str], node: Node) -> Node | None:
    """Replace a parameter of these names by zero, and a sum with zero by what is left."""
    if node.op == "parameter" and node.name in names:
        return constant(0.0)
    if node.op not in ("add", "sub", "neg") or not any(a.op == "constant" for a in node.args):
        return None
    left = pointwise(node.op, *node.args)
    left = simplify_node(left) or left
    return broadcast(left, node.shape) if left.rows else left
