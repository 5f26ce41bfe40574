"""Weight gradients: sums over all rows of all steps, those of one tensor as one product where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recurra.backends.parameters import Part
from recurra.derive.plan import BackwardPlan, Plans
from recurra.graph.node import Node

__all__ = ["WeightGradients", "weight_gradients_of"]


@dataclass(frozen=True)
class TransposedGradient:
    """A tensor of transposed matrices on one operand, upon each other: its gradient is deltas.T @ operand."""

    tensor: int
    operand: Node
    deltas: tuple[Node, ...]


@dataclass(frozen=True)
class MatrixGradients:
    """Tensors that are a matrix on one operand each: their gradients side by side are operand.T @ deltas."""

    tensors: tuple[int, ...]
    operand: Node
    deltas: tuple[Node, ...]


@dataclass(frozen=True)
class VectorGradients:
    """Tensors of vectors whose gradients are one: the sum of deltas."""

    tensors: tuple[int, ...]
    deltas: tuple[Node, ...]


@dataclass(frozen=True)
class SummedGradient:
    """A tensor of a matrix on several operands: its gradient is the sum of operand.T @ delta."""

    tensor: int
    operands: tuple[Node, ...]
    deltas: tuple[Node, ...]


@dataclass(frozen=True)
class WeightGradients:
    """How the gradient of each tensor is computed.

    Those of `zero` are zeros, as of what is fixed; `rest` are those whose parameters need more than a sum.
    """

    plan: BackwardPlan
    leaves: tuple[Node, ...]
    transposed: tuple[TransposedGradient, ...]
    matrices: tuple[MatrixGradients, ...]
    vectors: tuple[VectorGradients, ...]
    summed: tuple[SummedGradient, ...]
    zero: tuple[int, ...]
    rest: tuple[int, ...]

    @property
    def together(self) -> list[tuple[Node, ...]]:
        """Deltas that are wanted side by side."""
        return [each.deltas for each in (*self.transposed, *self.matrices, *self.vectors)]

    @property
    def tensors(self) -> tuple[int, ...]:
        """The numbers of the tensors."""
        several = (t for each in (*self.matrices, *self.vectors) for t in each.tensors)
        alone = (each.tensor for each in (*self.transposed, *self.summed))
        return (*alone, *several, *self.zero, *self.rest)

    def of(self, wanted: Sequence[bool], /) -> WeightGradients:
        """Return how those of some tensors are computed; `wanted` says of which."""
        some = [tensor for tensor, is_wanted in enumerate(wanted) if is_wanted]
        if len(some) == len(wanted):
            return self
        matrices = (
            replace(each, tensors=tuple(t for t, _ in kept), deltas=tuple(delta for _, delta in kept))
            for each in self.matrices
            if (kept := [pair for pair in zip(each.tensors, each.deltas, strict=True) if pair[0] in some])
        )
        vectors = (replace(each, tensors=tuple(t for t in each.tensors if t in some)) for each in self.vectors)
        return replace(
            self, transposed=tuple(each for each in self.transposed if each.tensor in some), matrices=tuple(matrices),
            vectors=tuple(each for each in vectors if each.tensors),
            summed=tuple(each for each in self.summed if each.tensor in some),
            zero=tuple(t for t in self.zero if t in some), rest=tuple(t for t in self.rest if t in some),
        )  # fmt: skip


def weight_gradients_of(plans: Plans, parts: Sequence[Part], tensors: int) -> WeightGradients:
    """Return how the gradients of tensors are computed, given where the parameters stand in them."""
    plan, leaves = plans.backward, plans.forward.step.parameters
    outer = {
        result: (gradient.operand, delta)
        for gradient in plan.weight_gradients
        for result, delta in zip(gradient.results, gradient.deltas, strict=True)
    }
    transposed: list[TransposedGradient] = []
    summed: list[SummedGradient] = []
    zero: list[int] = []
    rest: list[int] = []
    vectors: dict[tuple[Node, ...], list[int]] = {}
    lines: dict[Node, list[tuple[int, Node]]] = {}
    for tensor in range(tensors):
        mine = {part.number: (part, k) for k, part in enumerate(parts) if tensor in part.tensors}
        places = [mine[number][0] for number in range(len(mine))]
        nodes = [_unshaped(plan.step.parameters[mine[number][1]]) for number in range(len(mine))]
        operands = {outer[node][0] for node in nodes if node in outer}
        # torch's layers keep the gates' matrices on each other in one tensor, transposed: one product gives them all.
        # A matrix that is a tensor of its own shares its product with the others on the same operand. What is none of
        # these, such as a weight that is read twice, is left to the general way.
        if all(node in outer for node in nodes) and len(operands) == 1:
            (operand,), deltas = operands, tuple(outer[node][1] for node in nodes)
            if all(part.is_transposed for part in places):
                transposed.append(TransposedGradient(tensor, operand, deltas))
                continue
            if len(places) == 1:
                lines.setdefault(operand, []).append((tensor, deltas[0]))
                continue
        if all(node in plan.row_sums for node in nodes):
            vectors.setdefault(tuple(node.args[0] for node in nodes), []).append(tensor)
            continue
        terms = _terms(nodes[0]) if len(nodes) == 1 and not places[0].is_transposed else ()
        if terms and all(term in outer for term in terms):
            operands, deltas = zip(*(outer[term] for term in terms), strict=True)
            summed.append(SummedGradient(tensor, operands, deltas))
        elif all(_is_zero(node) for node in nodes):
            zero.append(tensor)
        else:
            rest.append(tensor)
    flat = (
        MatrixGradients(tuple(t for t, _ in line), operand, tuple(d for _, d in line))
        for operand, line in lines.items()
    )
    sums = (VectorGradients(tuple(same), deltas) for deltas, same in vectors.items())
    return WeightGradients(
        plan, leaves, tuple(transposed), tuple(flat), tuple(sums), tuple(summed), tuple(zero), tuple(rest)
    )


def _unshaped(node: Node) -> Node:
    """Return what has the numbers of a gradient in their order, whatever its shape."""
    while node.op == "reshape" or (
        node.op == "sum_rows" and node.args[0].width == node.width and not node.args[0].rows
    ):
        node = node.args[0]
    return node


def _terms(node: Node) -> list[Node]:
    return [term for argument in node.args for term in _terms(argument)] if node.op == "add" else [node]


def _is_zero(node: Node) -> bool:
    node = node.args[0] if node.op == "broadcast" else node
    return node.op == "constant" and node["value"] == 0
