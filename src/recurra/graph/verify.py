"""Verification: a graph keeps to the table of operations, and a step to what layers and kernels take for granted.

It runs between passes and on what is read from a file; the limits are those of what is meant to be a cell.
"""

from __future__ import annotations

from collections.abc import Iterable

from recurra.graph.compound import product_of
from recurra.graph.node import COMPARISONS, LEAVES, Node, Shape, broadcast_shapes, shape_of_sum, topological
from recurra.graph.ops import OPS
from recurra.graph.step import Step

__all__ = [
    "LARGEST_NUMBER", "LONGEST_NAME", "MOST_AXES", "MOST_NODES", "MOST_STEPS", "NOISES", "check_limits", "verify",
    "verify_step",
]  # fmt: skip

LONGEST_NAME, LARGEST_NUMBER = 200, 3e38
"""Characters of a name, and the size of a constant, which is a number in float32 too."""

MOST_NODES = 10_000
"""Values of a step, which may unfold a loop of its own; published cells have up to a hundred."""

MOST_STEPS = 1000
"""The longest delay: each step of it is a state of its own."""

MOST_AXES = 4
"""Of a value of the step or a parameter: heads, rows and columns, and one to spare."""

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


def verify(roots: Iterable[Node]) -> None:
    """Raise `AssertionError` with the node if a graph breaks the contract of the table."""
    for node in topological(roots):
        problem = _problem(node)
        if problem:
            raise AssertionError(f"{node}: {problem}")


def _problem(node: Node) -> str:
    if node.op in LEAVES:
        return _leaf_problem(node)
    if node.op not in OPS:
        return "an operation that is not in the table"
    if len(node.args) != OPS[node.op].arity:
        return f"{len(node.args)} arguments where the table says {OPS[node.op].arity}"
    if any(a.op in COMPARISONS for a in node.args[0 if node.op != "where" else 1 :]):
        return "a truth value used as a number"
    if node.op == "where" and node.args[0].op not in COMPARISONS:
        return "a number used as a truth value"
    if node.rows != (node.op not in ("outer", "sum_rows") and any(a.rows for a in node.args)):
        return f"rows is {node.rows} where its arguments say otherwise"
    try:
        expected = _shape(node)
    except ValueError as error:
        return str(error)
    if len(expected) > MOST_AXES + 1:
        return f"{len(expected)} axes, expected {MOST_AXES} at most"
    return "" if node.shape == expected else f"shape {node.shape} where its arguments give {expected}"


_LEAF_ATTRIBUTES: dict[str, dict[str, type]] = {
    "constant": {"value": float},
    "noise": {"index": int, "per": str, "rate": float},
}
NOISES = ("uniform", "normal")
"""The kinds of noise beside zeros and ones, which have none."""
_NAMED: dict[str, type] = {"name": str}


def _leaf_problem(node: Node) -> str:
    if node.args:
        return "a leaf with arguments"
    found, expected = dict(node.attributes), _LEAF_ATTRIBUTES.get(node.op, _NAMED)
    if node.op == "noise" and found.pop("kind", "uniform") not in NOISES:
        return f"a noise of the kind {node['kind']!r}, expected one of {NOISES}"
    if found.keys() != expected.keys() or not all(isinstance(found[name], expected[name]) for name in expected):
        kinds = ", ".join(f"{name} ({kind.__name__})" for name, kind in expected.items())
        return f"attributes {found}, expected {kinds}"
    if not all(isinstance(size, str) or (type(size) is int and size > 0) for size in node.shape):
        return f"shape {node.shape}: a size is a name or a whole number from 1 on"
    if len(node.shape) > MOST_AXES or (node.op in ("constant", "size") and node.shape):
        return f"shape {node.shape} of a {node.op}"
    row_wise = node.op in ("input", "state") or (node.op == "noise" and node["per"] != "call")
    return "" if node.op == "gradient" or node.rows == row_wise else f"rows is {node.rows} for a leaf of this kind"


def _shape(node: Node) -> Shape:
    shapes = [argument.shape for argument in node.args]
    match node.op:
        case "matmul":
            if not shapes[0] or len(shapes[1]) != 2 or shapes[0][-1] != shapes[1][0] or node.args[1].rows:
                raise ValueError(f"a product of {shapes[0]} and {shapes[1]}")
            if node.rows and len(shapes[0]) != 1:
                raise ValueError(f"a product of rows of shape {shapes[0]}, expected vectors")
            return (*shapes[0][:-1], shapes[1][-1])
        case "transpose":
            if len(shapes[0]) != 2 or node.args[0].rows:
                raise ValueError(f"a transpose of {shapes[0]}")
            return shapes[0][::-1]
        case "sum":
            return shape_of_sum(shapes[0], dict(node.attributes).get("axis", -1))
        case "max" | "min":
            return shape_of_sum(shapes[0], -1)
        case "reshape":
            if product_of(shapes[0]) != node.width:
                raise ValueError(f"{shapes[0]} in the shape {node.shape}")
            return node.shape
        case "outer":
            return (*shapes[0], *shapes[1])
        case "broadcast":
            return broadcast_shapes(shapes[0], node.shape)
        case "sum_rows":
            return shapes[0][len(shapes[0]) - len(node.shape) :]
        case _:
            shape: Shape = ()
            for other in shapes:
                shape = broadcast_shapes(shape, other)
            return shape


def verify_step(step: Step) -> None:
    """Raise `AssertionError` unless leaves are listed by kind, states are carried on and delays are known."""
    for kind, leaves in (("input", step.inputs), ("state", step.states), ("parameter", step.parameters)):
        wrong = [node for node in leaves if node.op != kind]
        if wrong:
            raise AssertionError(f"{wrong[0]} stands among the {kind}s")
    if not step.inputs:
        raise AssertionError("no input")
    vectors = [node for node in step.inputs if node.name not in step.delays]
    if any(len(node.shape) != 1 for node in vectors) or not all(node.shape for node in step.states):
        raise AssertionError("an input that is no vector, or a state that is a number")
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
    if not step.fixed <= {node.name for node in step.parameters}:
        raise AssertionError(f"the fixed arrays {sorted(step.fixed)} among the parameters")
    if any(delay.state not in states or delay.lag < 1 for delay in step.delays.values()):
        raise AssertionError(f"the delays {step.delays}")
    verify(step.roots)
    unused = set(step.parameters) - set(topological(step.roots))
    if unused:
        raise AssertionError(f"{min(node.name for node in unused)} is listed and not used")
