"""Reverse mode on the graph of a step: from the equations to their backward step.

The adjoint of a node is the derivative of the loss by it. It is the sum, over the nodes that use it, of what
the operation table says passes through (Linnainmaa 1970; for recurrent networks Werbos 1990).

What may be observed of a backward pass, the squared norms of the gradients by states and gates, is made of the same
adjoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from recurra.graph.node import (
    Node,
    add,
    broadcast,
    constant,
    leaf,
    mul,
    reduced_to,
    reshape,
    sum_features,
    sum_rows,
    topological,
)
from recurra.graph.ops import OPS
from recurra.graph.rewrite import rewrite, simplify_node
from recurra.graph.step import Step, past_inputs, values_after
from recurra.graph.verify import verify

__all__ = ["OUTPUT", "BackwardStep", "backward_step", "observable", "observed", "pull_back"]

OUTPUT = "output"
"""The name, before its number, of a gradient that comes in from the loss; a state's is the state's own name."""


def pull_back(seeds: Iterable[tuple[Node, Node]]) -> dict[Node, Node]:
    """Return the adjoint of every node under the seeds' nodes; a seed is (node, its incoming adjoint)."""
    # In reverse topological order all uses of a node come before the node itself, so its adjoint is complete when it is
    # passed on: each node is visited once, however many paths lead to it.
    seeds = list(seeds)
    adjoints: dict[Node, Node] = {}

    def accumulate(node: Node, part: Node) -> None:
        adjoints[node] = add(adjoints[node], part) if node in adjoints else part

    for node, seed in seeds:
        accumulate(node, seed)
    for node in reversed(topological(node for node, _ in seeds)):
        if node in adjoints and node.args:
            parts = OPS[node.op].derivative(node, adjoints[node])
            for argument, part in zip(node.args, parts, strict=True):
                if part is not None and argument.op not in ("constant", "size", "noise"):
                    accumulate(argument, _fit(part, argument))
    return adjoints


def _fit(part: Node, argument: Node) -> Node:
    """Sum an adjoint over what its argument was stretched over: features, rows, leading axes."""
    # Broadcasting copies a value, so the derivatives by the copies add up. Features go first: what is added up over the
    # rows is then as small as the argument. Of what has no rows, `sum_rows` adds up the first axis.
    if part.rows:
        part = reduced_to(part, argument.shape or (1,))
        part = part if argument.rows else sum_rows(part, part.shape)
    elif part.shape[-1:] not in ((), (1,)) and argument.shape[-1:] in ((), (1,)):
        part = sum_features(part)
    while len(part.shape) > len(argument.shape):
        part = sum_rows(part, part.shape[1:])
    return part


@dataclass(frozen=True)
class BackwardStep:
    """One step of backpropagation through time, as a graph.

    Attributes
    ----------
    incoming_outputs : tuple of leaves
        The gradient of each output at this step, from the loss.
    incoming_states : tuple of leaves
        The gradient of each state's value after the step, from the steps after it.
    states, inputs, parameters : tuple of nodes
        The gradients of the states before the step, of the inputs and of the parameters, in the step's order. A
        parameter's is this step's share: the whole is the sum over the steps.
    adjoints : mapping from a node of the forward step to its adjoint
    observed : mapping from a name to a node (1,)
        Squared norms of gradients that are wanted too; see `observed`.
    """

    incoming_outputs: tuple[Node, ...]
    incoming_states: tuple[Node, ...]
    states: tuple[Node, ...]
    inputs: tuple[Node, ...]
    parameters: tuple[Node, ...]
    adjoints: Mapping[Node, Node]
    observed: Mapping[str, Node] = field(default_factory=dict)

    @property
    def roots(self) -> tuple[Node, ...]:
        """Everything that the backward step computes."""
        return (*self.states, *self.inputs, *self.parameters, *self.observed.values())


def backward_step(step: Step) -> BackwardStep:
    """Derive the backward step of a step."""
    outputs = [leaf("gradient", f"{OUTPUT} {number}", node.shape) for number, node in enumerate(step.outputs)]
    carries = [leaf("gradient", state.name, state.shape) for state in step.states]
    adjoints = pull_back([*zip(step.outputs, outputs, strict=True), *zip(step.next_states, carries, strict=True)])
    simplified = rewrite(adjoints.values(), simplify_node)
    verify(simplified[adjoint] for adjoint in adjoints.values())

    def of(node: Node) -> Node:
        return simplified[adjoints[node]] if node in adjoints else _zero(node)

    return BackwardStep(
        tuple(outputs),
        tuple(carries),
        states=tuple(map(of, step.states)),
        inputs=tuple(map(of, step.inputs)),
        parameters=tuple(_zero(node) if node.name in step.fixed else of(node) for node in step.parameters),
        adjoints={node: simplified[adjoint] for node, adjoint in adjoints.items()},
    )


def _zero(node: Node) -> Node:
    return broadcast(constant(0.0), node.shape)


def observable(step: Step) -> dict[str, Node]:
    """Return, by name, the values of a step whose gradients say something: the states after it, then what has a name.

    A state that only hands on an older value, as those of a delay do, is none of them, nor is one of past inputs.
    """
    after, past = zip(step.states, values_after(step), strict=True), past_inputs(step)
    found = {leaf.name: node for leaf, node in after if leaf not in past and node.op != "state" and node.rows}
    known = {*found.values(), *step.inputs, *step.states}
    for node, name in step.names.items():
        if node.rows and node not in known:
            found.setdefault(name, node)
    return found


def observed(backward: BackwardStep, values: Mapping[str, Node]) -> BackwardStep:
    """Return the backward step that also computes the squared norm of the loss's gradient by each of these values."""
    adjoints = {name: backward.adjoints[node] for name, node in values.items() if node in backward.adjoints}
    squares = {name: _square(reshape(node, (node.width,))) for name, node in adjoints.items() if node.rows}
    new = rewrite(squares.values(), simplify_node)
    return replace(backward, observed={name: new[node] for name, node in squares.items() if new[node].rows})


def _square(adjoint: Node) -> Node:
    return sum_features(mul(adjoint, adjoint))
