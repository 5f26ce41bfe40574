"""Facts that follow from a step: the roles of its parameters, whether it is linear in its state, its cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import TYPE_CHECKING

from recurra.graph.node import Node, Size, depends_on, topological
from recurra.graph.step import Step

if TYPE_CHECKING:
    from recurra.derive.plan import ForwardPlan  # which observes what these facts say

__all__ = ["count", "linear_in_state", "parameter_roles", "past_inputs", "saved_size"]


def parameter_roles(step: Step) -> dict[str, str]:
    """Return what each parameter is: "input matrix", "state matrix", "bias", "diagonal" or "scalar".

    A matrix is on a state if any value that it multiplies depends on one, which a past input does not; a vector is a
    bias if it, or its sum with others, is only added.
    """
    on_state = depends_on(step.roots, set(step.states) - past_inputs(step))
    return {p.name: _role(p, topological(step.roots), on_state) for p in step.parameters}


def _role(parameter: Node, nodes: list[Node], on_state: set[Node]) -> str:
    if parameter.shape == ():
        return "scalar"
    carriers = depends_on([n for n in nodes if not n.rows], [parameter])
    users = [node for node in nodes if node.rows and any(a in carriers for a in node.args)]
    if len(parameter.shape) == 2:
        return "state matrix" if any(node.args[0] in on_state for node in users) else "input matrix"
    sums = all(node.op in ("add", "sub", "neg") for node in (*users, *(carriers - {parameter})))
    return "bias" if sums else "diagonal"


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


def linear_in_state(step: Step) -> bool:
    """Return whether each next state is an affine function of the states, with coefficients from the inputs.

    A state that holds past inputs alone counts as an input.
    """
    degree: dict[Node, float] = dict.fromkeys(past_inputs(step), 0)
    for node in topological(step.next_states):
        degree.setdefault(node, 1 if node.op == "state" else _degree(node, [degree[a] for a in node.args]))
    return all(degree[node] <= 1 for node in step.next_states)


def _degree(node: Node, args: list[float]) -> float:
    """Return the degree in the states of a node from those of its arguments; infinite if it is no polynomial."""
    match node.op:
        case "add" | "sub" | "neg" | "sum" | "broadcast" | "batch_mean":
            return max(args)
        case "mul" | "matmul":
            return sum(args)
        case "div" if args[1] == 0:
            return args[0]
        case "where" if args[0] == 0:
            return max(args)
    return float("inf") if any(args) else 0


def count(shapes: Iterable[tuple[Size, ...]], sizes: Mapping[str, int]) -> int:
    """Return the number of elements of arrays of these shapes."""
    return sum(prod(size if isinstance(size, int) else sizes[size] for size in shape) for shape in shapes)


def saved_size(plan: ForwardPlan, sizes: Mapping[str, int]) -> int:
    """Return the numbers that training keeps for each step of each sequence, states and output included."""
    return count([n.shape for n in dict.fromkeys((*plan.saved, *plan.step.next_states, *plan.step.outputs))], sizes)
