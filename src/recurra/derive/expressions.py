"""Expressions of parameters as steps over the rows of matrices, so that a kernel computes them and their derivatives.

What a plan's prelude computes, such as weights less their mean, is mostly made of each row of some matrices by itself:
it is a cell without a state that runs one step over as many sequences as the matrices have rows. Expressions of vectors
and numbers are such a step over one row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recurra.derive.plan import Plans, Prelude, derive
from recurra.graph.node import REDUCTIONS, Node, Size, leaf, make, topological
from recurra.graph.step import Step
from recurra.locks import cached

__all__ = ["RowExpressions", "row_expressions"]

_OF_OTHER_ROWS = frozenset({"matmul", "transpose", "outer", "sum_rows", "batch_mean"})
"""Operations whose rows are made of others than the same one of their arguments."""


@dataclass(frozen=True)
class RowExpressions:
    """Values of a prelude that are matrices of as many rows, or vectors and numbers, which are one row.

    Attributes
    ----------
    plans : Plans
        Of a step without states: its inputs are the matrices, its outputs the values.
    rows : size
    values : tuple of leaves
        Those of the prelude that stand for the values, in the order of the outputs.
    matrices, parameters : tuple of leaves
        The cell's parameters that are the inputs, and those that are the step's own.
    """

    plans: Plans
    rows: Size
    values: tuple[Node, ...]
    matrices: tuple[Node, ...]
    parameters: tuple[Node, ...]


@cached(maxsize=64)
def row_expressions(prelude: Prelude) -> tuple[RowExpressions, ...] | None:
    """Return what computes all values of a prelude; None if one of them is not made row by row."""
    by_rows: dict[Size, list[tuple[Node, Node]]] = {}
    for stands_for_it, value in zip(prelude.leaves, prelude.values, strict=True):
        if len(value.shape) > 2 or (len(value.shape) == 2 and value.shape[0] == 1):
            return None
        by_rows.setdefault(value.shape[0] if len(value.shape) == 2 else 1, []).append((stands_for_it, value))
    found = [_of_one_row(pairs) if rows == 1 else _of_rows(rows, pairs) for rows, pairs in by_rows.items()]
    return None if None in found else tuple(each for each in found if each is not None)


def _of_one_row(pairs: Iterable[tuple[Node, Node]]) -> RowExpressions | None:
    leaves, values = zip(*pairs, strict=True)
    nodes = topological(values)
    if any(node.op in _OF_OTHER_ROWS or node.op == "noise" or len(node.shape) > 1 for node in nodes):
        return None
    new: dict[Node, Node] = {}
    for node in nodes:
        args = tuple(new[argument] for argument in node.args)
        if node.op == "parameter":
            new[node] = leaf("input", node.name, node.shape or (1,))
        elif any(argument.rows for argument in args):
            new[node] = make(node.op, args, shape=node.shape or (1,), rows=True, attributes=dict(node.attributes))
        else:
            new[node] = node
    given = tuple(node for node in nodes if node.op == "parameter")
    outputs = tuple(new[value] for value in values)
    step = Step(tuple(new[each] for each in given), (), (), outputs, ())
    return RowExpressions(derive(step), 1, leaves, given, ())


def _of_rows(rows: Size, pairs: Iterable[tuple[Node, Node]]) -> RowExpressions | None:
    leaves, values = zip(*pairs, strict=True)
    nodes = topological(values)
    if any(node.op in _OF_OTHER_ROWS or (len(node.shape) == 2 and node.shape[0] != rows) for node in nodes):
        return None
    new: dict[Node, Node] = {}
    for node in nodes:
        made = _row_wise(node, tuple(new[argument] for argument in node.args))
        if made is None:
            return None
        new[node] = made
    matrices = [node for node in nodes if node.op == "parameter" and len(node.shape) == 2]
    parameters = [node for node in nodes if node.op == "parameter" and len(node.shape) != 2]
    outputs = tuple(new[value] for value in values)
    step = Step(tuple(new[each] for each in matrices), (), (), outputs, tuple(parameters))
    plans = derive(step)
    if plans.forward.prelude.values:  # of parameters that are no matrices
        return None
    read = plans.forward.step.parameters
    return RowExpressions(plans, rows, leaves, tuple(matrices), tuple(each for each in parameters if each in read))


def _row_wise(node: Node, args: tuple[Node, ...]) -> Node | None:
    """Return what stands for a node in a step over its rows; None if nothing does."""
    if len(node.shape) != 2:
        return node
    features = node.shape[1:]
    if node.op == "parameter":
        return leaf("input", node.name, features)
    if node.op == "noise":  # the rows of a random matrix are numbered as sequences are
        return make("noise", shape=features, rows=True, attributes={**dict(node.attributes), "per": "sequence"})
    if not any(argument.rows for argument in args):
        return None
    if node.op in REDUCTIONS and (node.attributes or not args[0].rows):  # along the rows, or of none
        return None
    return make(node.op, args, shape=features, rows=True, attributes=dict(node.attributes))
