"""What the transforms share: a cell's step rebuilt by a rule, and a new cell made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from recurra.errors import CellError
from recurra.graph.node import Node, constant, div, make, mul, topological, with_args
from recurra.graph.step import Step, substitute
from recurra.spec import Cell

__all__ = ["check_names", "check_rate", "dropped", "noise", "product_nodes", "rebuilt", "transformed"]

Rule = Callable[[Node, Node], Node]
"""(the node as it was, the node over its new arguments) -> what stands for it."""


def rebuilt(
    step: Step, rule: Rule, parameters: Sequence[Node] = (), *, read_as: Callable[[Node, Node], Node] | None = None
) -> Step:
    """Return the step with every node replaced by a rule, and further parameters.

    `read_as` says what other nodes read in the place of one: (the node as it was, what stands for it) -> that.
    """
    new: dict[Node, Node] = {}
    read: dict[Node, Node] = {}
    for node in topological(step.roots):
        new[node] = rule(node, with_args(node, tuple(read[argument] for argument in node.args)))
        read[node] = read_as(node, new[node]) if read_as else new[node]
    return substitute(replace(step, parameters=(*step.parameters, *parameters)), new)


def transformed(
    cell: Cell,
    step: Step,
    prefix: str,
    doc: str,
    *,
    init: Mapping[str, float] | None = None,
    names: Mapping[Node, str] | None = None,
) -> Cell:
    """Return the cell of a new step, whose name and docstring say what was done; `names` are those of new values."""
    step = replace(step, names=_in_order(step, names or {}))
    kept = {node.name for node in step.parameters}
    schemes = {name: scheme for name, scheme in cell.init.items() if name in kept}
    fixed = {name: given for name, given in cell.fixed.items() if name in kept}
    return Cell(
        f"{prefix}{cell.name}",
        f"{doc}\n\n{cell.doc}",
        step,
        {**schemes, **(init or {})},
        fixed=fixed,
        initial=cell.initial,
    )


def _in_order(step: Step, new: Mapping[Node, str]) -> dict[Node, str]:
    """Return the names with new ones before what needs them."""
    found: dict[Node, str] = {}
    for named in (*step.names, *step.roots):
        found |= {node: new[node] for node in topological([named]) if node in new}
        found |= {node: name for node, name in step.names.items() if node is named}
    return found


def product_nodes(step: Step) -> list[Node]:
    """Return the products of values with matrices."""
    return [node for node in topological(step.roots) if node.op == "matmul" and node.rows]


def noise(step: Step, shape: tuple[str | int, ...], rate: float, per: str, *, number: int = 0) -> Node:
    """Return a new source of zeros and ones for a step; `number` tells apart those that are made together."""
    index = max((node["index"] for node in step.noises), default=-1) + 1 + number
    attributes = {"rate": float(rate), "per": per, "index": index}
    return make("noise", (), shape=shape, rows=per != "call", attributes=attributes)


def dropped(value: Node, mask: Node, rate: float) -> Node:
    """Return a value of which a mask leaves a share of 1 - rate, as large in the mean as it was."""
    return mul(value, div(mask, constant(1 - rate)))


def check_rate(transform: str, rate: object) -> float:
    """Return a rate as a number; raise `CellError` unless it is one from 0 to below 1."""
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0 <= rate < 1:
        raise CellError(f"{transform}: got a rate of {rate!r}, expected a number from 0 to below 1")
    return float(rate)


def check_names(transform: str, cell: Cell, names: Iterable[str], known: Iterable[str]) -> None:
    """Raise `CellError` unless all names are known."""
    known = list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CellError(f"{transform}: {cell.name} has no {unknown}; expected some of {known}")
