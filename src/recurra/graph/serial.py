"""A step as plain data, to be stored as JSON, and back.

What is read may be anybody's, so that nothing is taken for granted: only the operations that equations have, and values
that they can have, within the limits that a cell's definition has too. No code is stored or run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from recurra.graph.compound import read_size
from recurra.graph.node import LEAVES, Node, make, topological
from recurra.graph.ops import OPS
from recurra.graph.step import Delay, Step
from recurra.graph.verify import LARGEST_NUMBER, LONGEST_NAME, MOST_AXES, MOST_NODES, MOST_STEPS, NOISES, verify_step

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
        **({"fixed": sorted(step.fixed)} if step.fixed else {}),
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
            fixed=frozenset(map(_name, data.get("fixed", ()))),
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
    if op in ("batch_mean", "sum") and not given:
        expected = {}
    if op == "noise" and "kind" in given:
        expected = {**expected, "kind": _kind}
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
    if not isinstance(given, str):
        return _whole(given)
    if len(given) > LONGEST_NAME or read_size(given) != given:
        raise ValueError(f"the size {given[:40]!r}, expected a name, or a product or quotient as recurra writes it")
    return given


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


def _kind(given: Any) -> str:
    if given not in NOISES:
        raise ValueError(f"a noise of the kind {str(given)[:40]!r}, expected {' or '.join(NOISES)}")
    return given


def _per(given: Any) -> str:
    if given not in ("step", "sequence", "call"):
        raise ValueError(f"drawn per {str(given)[:40]!r}, expected step, sequence or call")
    return given


def _axis(given: Any) -> int:
    if type(given) is not int or not -MOST_AXES <= given < -1:
        raise ValueError(f"the axis {str(given)[:40]}, expected one from {-MOST_AXES} to -2; the last is not said")
    return given


_OPERATIONS = frozenset(OPS) - {"outer", "sum_rows"}
"""What equations are made of: the sums over all rows are the backward pass's alone."""

_ATTRIBUTES: dict[str, dict[str, Callable[[Any], Any]]] = {
    **{op: {"name": _name} for op in LEAVES - {"gradient"}},
    "constant": {"value": _number},
    "size": {"name": _size},
    "noise": {"index": _few, "per": _per, "rate": _share},
    "sum": {"axis": _axis},
    "batch_mean": {"name": _name, "start": _number, "steps": _few, "momentum": _share},
}
