"""One step of a cell as a graph, what makes another step of it, what it has to keep to, and its form as plain data.

What is read from data may be anybody's, so that nothing is taken for granted: only the operations that equations have,
and values that they can have, within the limits that a cell's definition has too. No code is stored or run.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from recurra.graph.node import (
    COMPARISONS,
    LEAVES,
    Node,
    Size,
    broadcast,
    constant,
    depends_on,
    leaf,
    make,
    pointwise,
    size_of,
    topological,
    where,
)
from recurra.graph.ops import OPS, verify
from recurra.graph.rewrite import rewrite, simplify_node
from recurra.locks import made_once

__all__ = [
    "RESTART", "Delay", "Shift", "Step", "check_limits", "evaluation", "expand_delays", "map_step", "past_inputs",
    "step_from_data", "step_to_data", "substitute", "values_after", "verify_step", "with_restarts", "with_shifts_in",
    "with_size", "with_states_out", "without_noise", "without_terms",
]  # fmt: skip

LONGEST_NAME, LARGEST_NUMBER = 200, 3e38
"""Characters of a name, and the size of a constant, which is a number in float32 too."""


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
    """

    inputs: tuple[Node, ...]
    states: tuple[Node, ...]
    next_states: tuple[Node, ...]
    outputs: tuple[Node, ...]
    parameters: tuple[Node, ...]
    names: Mapping[Node, str] = field(default_factory=dict)
    per_sequence: frozenset[str] = frozenset()
    delays: Mapping[str, Delay] = field(default_factory=dict)

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
        leaves = (*self.inputs, *self.states, *self.parameters, *topological(self.roots))
        return dict.fromkeys(size for node in leaves for size in node.shape if isinstance(size, str))


def substitute(step: Step, new: Mapping[Node, Node]) -> Step:
    """Return the step over new nodes (old -> new for all of its own); parameters no longer used go, names stay."""
    roots = [new[root] for root in step.roots]
    needed, count = set(topological(roots)), len(step.next_states)
    return replace(
        step,
        next_states=tuple(roots[:count]),
        outputs=tuple(roots[count:]),
        parameters=tuple(parameter for parameter in step.parameters if parameter in needed),
        names={new[node]: name for node, name in step.names.items() if node in new},
    )


def map_step(step: Step, rule: Callable[[Node], Node | None]) -> Step:
    """Return the step rewritten bottom-up by a rule (see `rewrite`)."""
    return substitute(step, rewrite(step.roots, rule))


def with_size(step: Step, old: Size, new: Size) -> Step:
    """Return the step in which one size is another."""
    nodes: dict[Node, Node] = {}
    for node in topological((*step.inputs, *step.states, *step.parameters, *step.roots)):
        if node.op == "size" and node.name == old:
            nodes[node] = size_of(new)
            continue
        shape = tuple(new if size == old else size for size in node.shape)
        args = tuple(nodes[argument] for argument in node.args)
        nodes[node] = make(node.op, args, shape=shape, rows=node.rows, attributes=dict(node.attributes))

    def renewed(some: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(nodes[node] for node in some)

    return replace(
        step, inputs=renewed(step.inputs), states=renewed(step.states), parameters=renewed(step.parameters),
        next_states=renewed(step.next_states), outputs=renewed(step.outputs),
        names={nodes[node]: name for node, name in step.names.items() if node in nodes},
    )  # fmt: skip


def with_states_out(step: Step) -> Step:
    """Return the step that also puts out its next states, those that are no output yet."""
    return replace(step, outputs=tuple(dict.fromkeys((*step.outputs, *step.next_states))))


RESTART = leaf("input", "(restart)", (1,))
"""Whether the state begins anew after the step; no argument of a cell can have this name."""


def with_restarts(step: Step) -> Step:
    """Return the step with a further input, `RESTART`, where which the states that go on are zero."""
    anew = pointwise("greater", RESTART, constant(0.0))
    following = tuple(where(anew, constant(0.0), state) for state in step.next_states)
    return replace(step, inputs=(*step.inputs, RESTART), next_states=following)


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
    while found := [number for number, (_, following) in waiting.items() if following in known]:
        for number in found:
            state, following = waiting.pop(number)
            shifts.append(Shift(number, known[following]))
            known[state], new[state] = len(inputs), leaf("input", state.name, state.shape)
            inputs.append(new[state])
    if not waiting:
        return step, ()
    mapped = map_step(step, new.get)
    states = tuple(step.states[number] for number in waiting)
    following = tuple(mapped.next_states[number] for number in waiting)
    return replace(mapped, inputs=tuple(inputs), states=states, next_states=following), tuple(shifts)


def past_inputs(step: Step) -> set[Node]:
    """Return the states that hold past inputs alone: the next value of each depends on no state but such ones."""
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
    states, following = list(step.states), list(step.next_states)
    by_name: dict[str, Node] = {node.name: node for node in step.states}
    for state, lag in deepest.items():
        previous = by_name[state]
        for steps in range(1, lag):
            held = leaf("state", register(state, steps), size[state])
            states.append(held)
            following.append(previous)
            by_name[held.name] = previous = held
    source = {name: by_name[d.state if d.lag == 1 else register(d.state, d.lag - 1)] for name, d in delays.items()}
    step = map_step(step, lambda n: source.get(n.name) if n.op == "input" else None)
    return replace(
        step,
        inputs=tuple(node for node in step.inputs if node.name not in delays),
        states=tuple(states),
        next_states=(*step.next_states, *following[len(step.next_states) :]),
        delays={},
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


MOST_NODES = 10_000
"""Values of a step, which may unfold a loop of its own; published cells have up to a hundred."""

MOST_STEPS = 1000
"""The longest delay: each step of it is a state of its own."""

LARGEST_SIZE = 1 << 16
"""The largest size that equations may give as a number."""


def check_limits(step: Step) -> None:
    """Raise `ValueError` if a step is larger than anything that is meant: what follows takes time and memory by it."""
    nodes = topological((*step.inputs, *step.states, *step.parameters, *step.roots))
    if len(nodes) > MOST_NODES:
        raise ValueError(f"its equations have {len(nodes)} values, expected {MOST_NODES} at most")
    for name, delay in step.delays.items():
        if delay.lag > MOST_STEPS:
            raise ValueError(f"the delay {name!r} is {delay.lag} steps long, expected {MOST_STEPS} at most")
    large = [size for node in nodes for size in node.shape if isinstance(size, int) and size > LARGEST_SIZE]
    if large:
        raise ValueError(f"a size of {large[0]}, expected {LARGEST_SIZE} at most")


def verify_step(step: Step) -> None:
    """Raise `AssertionError` unless leaves are listed by kind, states are carried on and delays are known."""
    for kind, leaves in (("input", step.inputs), ("state", step.states), ("parameter", step.parameters)):
        wrong = [node for node in leaves if node.op != kind]
        if wrong:
            raise AssertionError(f"{wrong[0]} stands among the {kind}s")
    if not step.inputs:
        raise AssertionError("no input")
    if any(len(node.shape) != 1 for node in (*step.inputs, *step.states)):
        raise AssertionError("an input or a state that is no vector")
    if any(root.op in COMPARISONS for root in step.roots):
        raise AssertionError("a truth value that is carried on or put out")
    if not step.states or len(step.states) != len(step.next_states):
        raise AssertionError(f"{len(step.states)} states and {len(step.next_states)} next states")
    for before, after in zip(step.states, step.next_states, strict=True):
        if before.shape != after.shape or not after.rows:
            raise AssertionError(f"the next value of {before.name} has the shape {after.shape}, not {before.shape}")
    if len(step.output.shape) != 1 or not step.output.rows:
        raise AssertionError(f"the output {step.output} is no value of the step")
    for kind, leaves in (("input", step.inputs), ("state", step.states), ("parameter", step.parameters)):
        named = [node.name for node in leaves]
        if len(set(named)) < len(named):
            raise AssertionError(f"two {kind}s of one name among {named}")
    listed = {*step.inputs, *step.states, *step.parameters}
    unlisted = [n for n in topological(step.roots) if n.op in ("input", "state", "parameter") and n not in listed]
    if unlisted:
        raise AssertionError(f"{unlisted[0]} is used and not listed")
    further, states = {n.name for n in step.inputs[1:]}, {n.name for n in step.states}
    if not (step.per_sequence | step.delays.keys()) <= further:
        raise AssertionError(f"declared inputs {sorted(step.per_sequence | step.delays.keys())} of {sorted(further)}")
    if any(delay.state not in states or delay.lag < 1 for delay in step.delays.values()):
        raise AssertionError(f"the delays {step.delays}")
    verify(step.roots)
    unused = set(step.parameters) - set(topological(step.roots))
    if unused:
        raise AssertionError(f"{min(node.name for node in unused)} is listed and not used")


def step_to_data(step: Step) -> dict[str, Any]:
    """Return a step as lists, numbers and strings, in a fixed order."""
    nodes = topological((*step.inputs, *step.states, *step.parameters, *step.roots))
    number = {node: index for index, node in enumerate(nodes)}

    def numbers(some: Iterable[Node]) -> list[int]:
        return [number[node] for node in some]

    return {
        "nodes": [
            {"op": n.op, "args": numbers(n.args), "shape": list(n.shape), "rows": n.rows, **dict(n.attributes)}
            for n in nodes
        ],
        "inputs": numbers(step.inputs),
        "states": numbers(step.states),
        "next_states": numbers(step.next_states),
        "output": number[step.output],
        "parameters": numbers(step.parameters),
        "names": [[number[node], name] for node, name in step.names.items() if node in number],
        "per_sequence": sorted(step.per_sequence),
        "delays": {name: [delay.state, delay.lag] for name, delay in step.delays.items()},
    }


def step_from_data(data: Mapping[str, Any]) -> Step:
    """Return the step that `step_to_data` wrote; raise `ValueError` if the data are not a valid graph."""
    try:
        if len(data["nodes"]) > MOST_NODES:
            raise ValueError(f"not the graph of a cell: {len(data['nodes'])} values, expected {MOST_NODES} at most")
        nodes: dict[int, Node] = {}
        for index, entry in enumerate(data["nodes"]):
            nodes[index] = _node(index, dict(entry), nodes)
        step = Step(
            inputs=tuple(nodes[i] for i in data["inputs"]),
            states=tuple(nodes[i] for i in data["states"]),
            next_states=tuple(nodes[i] for i in data["next_states"]),
            outputs=(nodes[data["output"]],),
            parameters=tuple(nodes[i] for i in data["parameters"]),
            names={nodes[i]: _name(name) for i, name in data["names"]},
            per_sequence=frozenset(map(_name, data["per_sequence"])),
            delays={_name(name): Delay(_name(state), _whole(lag)) for name, (state, lag) in data["delays"].items()},
        )
        verify_step(step)
    except (LookupError, TypeError, AttributeError, AssertionError) as error:
        raise ValueError(f"not the graph of a cell: {type(error).__name__} {error}") from error
    return step


def _node(index: int, entry: dict[str, Any], nodes: Mapping[int, Node]) -> Node:
    op, args, shape, rows = (entry.pop(key) for key in ("op", "args", "shape", "rows"))
    try:
        if op not in _ATTRIBUTES and op not in _OPERATIONS:
            raise ValueError(f"unknown operation {op!r}")
        if type(rows) is not bool:
            raise ValueError(f"rows is {rows!r}, expected true or false")
        attributes = _attributes(op, entry)
        return make(op, tuple(nodes[i] for i in args), shape=tuple(map(_size, shape)), rows=rows, attributes=attributes)
    except ValueError as error:
        raise ValueError(f"not the graph of a cell: value {index}, {str(op)[:40]!r}: {error}") from None


def _attributes(op: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a node, each checked; an operation has none but the statistics of a batch."""
    expected = _ATTRIBUTES.get(op, {})
    if op == "batch_mean" and not given:
        expected = {}
    if given.keys() != expected.keys():
        raise ValueError(
            f"it has {', '.join(map(repr, given)) or 'nothing'}, expected {', '.join(expected) or 'nothing'}"
        )
    return {name: check(given[name]) for name, check in expected.items()}


def _name(given: Any) -> str:
    if not isinstance(given, str) or len(given) > LONGEST_NAME or not given.isidentifier():
        raise ValueError(f"the name {str(given)[:40]!r}, expected letters, digits and underscores")
    return given


def _size(given: Any) -> str | int:
    return _name(given) if isinstance(given, str) else _whole(given)


def _whole(given: Any) -> int:
    if type(given) is not int or not 0 <= given < 1 << 63:
        raise ValueError(f"{str(given)[:40]}, expected a whole number from 0 on")
    return given


def _few(given: Any) -> int:
    """Return a number of what each takes memory or code of its own: steps with statistics, noises."""
    if _whole(given) > MOST_STEPS:
        raise ValueError(f"{given}, expected {MOST_STEPS} at most")
    return given


def _number(given: Any) -> float:
    """Return a number that is one in float32 too."""
    if type(given) not in (int, float) or not abs(given) <= LARGEST_NUMBER:  # nan is not; isfinite fails on 10**400
        raise ValueError(f"the value (float) {str(given)[:40]}, expected a finite number of up to {LARGEST_NUMBER:g}")
    return float(given)


def _share(given: Any) -> float:
    if not 0 <= _number(given) <= 1:
        raise ValueError(f"the share {given}, expected one between 0 and 1")
    return float(given)


def _per(given: Any) -> str:
    if given not in ("step", "sequence", "call"):
        raise ValueError(f"drawn per {str(given)[:40]!r}, expected step, sequence or call")
    return given


_OPERATIONS = frozenset(OPS) - {"outer", "sum_rows"}
"""What equations are made of: the sums over all rows are the backward pass's alone."""

_ATTRIBUTES: dict[str, dict[str, Callable[[Any], Any]]] = {
    **{op: {"name": _name} for op in LEAVES - {"gradient"}},
    "constant": {"value": _number},
    "noise": {"index": _few, "per": _per, "rate": _share},
    "batch_mean": {"name": _name, "start": _number, "steps": _few, "momentum": _share},
}
