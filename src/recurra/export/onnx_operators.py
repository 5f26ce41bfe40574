"""Which cells are ONNX's LSTM, GRU or RNN: those whose equations are the operator's, whatever their names are."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra import cells
from recurra.derive.plan import EVALUATION
from recurra.export.description import Array, ExportedDirection
from recurra.graph.node import Node
from recurra.graph.step import Step
from recurra.spec import Cell

__all__ = ["RecurrentOperator", "SpelledOperator", "operator_of"]

Bound = Mapping[Node, Node]
"""Leaf of a pattern -> leaf of a step."""


@dataclass(frozen=True)
class Gates:
    """An operator, the cell with its equations, and where that cell's parameters go.

    Attributes
    ----------
    kind : str
    cell : Cell
    gates : for each gate, in the operator's order, the parameters for input, state, bias, and a bias of the state's own
    peepholes : for each gate that sees the cell state its vector
    attributes : mapping
    """

    kind: str
    cell: Cell
    gates: Sequence[tuple[str, str, str, str]]
    peepholes: Sequence[str] = ()
    attributes: Mapping[str, Any] = ()  # pyright: ignore[reportAssignmentType]


def _gates(letters: str) -> list[tuple[str, str, str, str]]:
    return [(f"W_x{letter}", f"W_h{letter}", f"b_{letter}", "") for letter in letters]


_RNN = [("W_x", "W_h", "b", "")]

_OPERATORS = (
    Gates("LSTM", cells.LSTM, _gates("iofc")),
    Gates("LSTM", cells.PeepholeLSTM, _gates("iofc"), ("w_ci", "w_co", "w_cf")),
    Gates("GRU", cells.GRU, [*_gates("zr"), ("W_xn", "W_hn", "b_n", "b_hn")], attributes={"linear_before_reset": 1}),
    Gates("GRU", cells.OriginalGRU, _gates("zrn"), attributes={"linear_before_reset": 0}),
    Gates("RNN", cells.Elman, _RNN, attributes={"activations": ["Tanh"]}),
    Gates("RNN", cells.ElmanReLU, _RNN, attributes={"activations": ["Relu"]}),
)


@dataclass(frozen=True, eq=False)
class SpelledOperator:
    """The constants of an operator: W and R as (values, scales or None), biases and peepholes."""

    matrices: tuple[tuple[Array, Array | None], tuple[Array, Array | None]]
    biases: Array
    peepholes: Array | None


@dataclass(frozen=True, eq=False)
class RecurrentOperator:
    """An operator that computes a direction, and which of its parameters stand where."""

    gates: Gates
    parameters: Mapping[str, Node]

    @property
    def kind(self) -> str:
        """The operator's name."""
        return self.gates.kind

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The operator's attributes beside direction and size."""
        return dict(self.gates.attributes)

    def spelled(self, direction: ExportedDirection) -> SpelledOperator:
        """Return the constants as the operator has them: (1, gates * hidden_size, inputs), gate after gate."""
        size, gates = direction.initial[0].size, self.gates.gates

        def vector(name: str) -> Array:
            node = self.parameters.get(name)
            return np.zeros(size, np.float32) if node is None else direction.arrays[node]

        matrices = tuple(self._stacked(direction, [gate[k] for gate in gates]) for k in (0, 1))
        biases = [vector(gate[2]) for gate in gates] + [vector(gate[3]) for gate in gates]
        peepholes = [vector(name) for name in self.gates.peepholes]
        return SpelledOperator(
            matrices,  # pyright: ignore[reportArgumentType]
            np.concatenate(biases)[None], np.concatenate(peepholes)[None] if peepholes else None,
        )  # fmt: skip

    def _stacked(self, direction: ExportedDirection, names: Sequence[str]) -> tuple[Array, Array | None]:
        nodes = [self.parameters[name] for name in names]
        if all(node in direction.scales for node in nodes):
            values = np.concatenate([direction.arrays[node].T for node in nodes])[None]
            return values, np.concatenate([direction.scales[node] for node in nodes])
        parts = [direction.arrays[node] * direction.scales.get(node, np.float32(1)) for node in nodes]
        return np.concatenate([part.T for part in parts])[None], None


def operator_of(direction: ExportedDirection) -> RecurrentOperator | None:
    """Return the operator that a direction is; None if it is none."""
    step = direction.plan.step
    for gates in _OPERATORS:
        for pattern in _patterns(gates.cell):
            bound = next(_matched(pattern, step), None)
            if bound is not None:
                return RecurrentOperator(gates, {leaf.name: bound[leaf] for leaf in pattern.parameters})
    return None


@functools.cache
def _patterns(cell: Cell) -> tuple[Step, ...]:
    """Return the steps of a cell with and without biases, as plans have them."""
    return tuple(each.plans(EVALUATION).forward.step for each in (cell, cell.without_biases()))


def _matched(pattern: Step, step: Step) -> Iterator[Bound]:
    """Yield what each leaf of a pattern is in a step with the same equations."""
    if len(pattern.inputs) != len(step.inputs) or len(pattern.states) != len(step.states):
        return
    if len(pattern.parameters) != len(step.parameters) or len(pattern.roots) != len(step.roots):
        return
    leaves = dict(zip((*pattern.inputs, *pattern.states), (*step.inputs, *step.states), strict=True))
    yield from _all_same(pattern.roots, step.roots, leaves)


def _all_same(patterns: Sequence[Node], nodes: Sequence[Node], bound: Bound) -> Iterator[Bound]:
    """Yield the ways in which nodes are what patterns say, pair by pair, given what leaves are already."""
    if not patterns:
        yield bound
        return
    for found in _same(patterns[0], nodes[0], bound):
        yield from _all_same(patterns[1:], nodes[1:], found)


def _same(pattern: Node, node: Node, bound: Bound) -> Iterator[Bound]:
    if pattern in bound:
        if bound[pattern] is node:
            yield bound
        return
    if pattern.op == "parameter":
        if node.op == "parameter" and len(node.shape) == len(pattern.shape) and node not in bound.values():
            yield {**bound, pattern: node}
        return
    if pattern.op == "constant":
        if node is pattern:
            yield bound
        return
    if pattern.op == node.op == "add":
        terms, others = _terms(pattern), _terms(node)
        if len(terms) == len(others):
            yield from _in_any_order(terms, others, bound)
    elif pattern.op == node.op and len(pattern.args) == len(node.args) and pattern.attributes == node.attributes:
        yield from _all_same(pattern.args, node.args, bound)
        if pattern.op == "mul":
            yield from _all_same(pattern.args, node.args[::-1], bound)


def _terms(node: Node) -> list[Node]:
    """Return the terms of a sum of sums."""
    return [term for argument in node.args for term in _terms(argument)] if node.op == "add" else [node]


def _in_any_order(patterns: Sequence[Node], nodes: Sequence[Node], bound: Bound) -> Iterator[Bound]:
    if not patterns:
        yield bound
        return
    for place, node in enumerate(nodes):
        for found in _same(patterns[0], node, bound):
            yield from _in_any_order(patterns[1:], [*nodes[:place], *nodes[place + 1 :]], found)
