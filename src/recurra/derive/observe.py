"""What can be observed of a backward pass: at each step the squared norm of the gradient by each state and gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from recurra.derive.backward import BackwardStep
from recurra.derive.facts import past_inputs
from recurra.graph.build import mul, sum_features
from recurra.graph.node import Node, rewrite
from recurra.graph.simplify import simplify_node
from recurra.graph.step import Step, values_after

__all__ = ["observable", "observed"]


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
    squares = {name: sum_features(mul(adjoint, adjoint)) for name, adjoint in adjoints.items() if adjoint.rows}
    new = rewrite(squares.values(), simplify_node)
    return replace(backward, observed={name: new[node] for name, node in squares.items() if new[node].rows})
