"""A step as plain data and back: what a model folder holds of a person's own cell. No code is stored or run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from recurra.graph.node import LEAVES, Node, make, topological
from recurra.graph.ops import OPS
from recurra.graph.step import Delay, Step
from recurra.graph.verify import verify_step

__all__ = ["step_from_data", "step_to_data"]


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
        nodes: dict[int, Node] = {}
        for index, entry in enumerate(data["nodes"]):
            nodes[index] = _node(dict(entry), nodes)
        step = Step(
            inputs=tuple(nodes[i] for i in data["inputs"]),
            states=tuple(nodes[i] for i in data["states"]),
            next_states=tuple(nodes[i] for i in data["next_states"]),
            outputs=(nodes[data["output"]],),
            parameters=tuple(nodes[i] for i in data["parameters"]),
            names={nodes[i]: str(name) for i, name in data["names"]},
            per_sequence=frozenset(data["per_sequence"]),
            delays={name: Delay(str(state), int(lag)) for name, (state, lag) in data["delays"].items()},
        )
        verify_step(step)
    except (KeyError, TypeError, AttributeError, AssertionError) as error:
        raise ValueError(f"not the graph of a cell: {type(error).__name__} {error}") from error
    return step


def _node(entry: dict[str, Any], nodes: Mapping[int, Node]) -> Node:
    op, args, shape, rows = (entry.pop(key) for key in ("op", "args", "shape", "rows"))
    if op not in LEAVES and op not in OPS:
        raise ValueError(f"not the graph of a cell: unknown operation {op!r}")
    return make(op, tuple(nodes[i] for i in args), shape=tuple(shape), rows=bool(rows), attributes=entry)
