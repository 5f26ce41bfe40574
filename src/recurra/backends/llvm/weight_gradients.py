"""Weight gradients: sums over all rows of all steps, those of one tensor as one product where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.evaluator import Evaluator
from recurra.backends.llvm.run import Run
from recurra.backends.parameters import Parameters, Part
from recurra.backends.tensors import joined
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
class WeightGradients:
    """How the gradient of each tensor is computed; `rest` are those whose parameters need more than a sum."""

    plan: BackwardPlan
    leaves: tuple[Node, ...]
    transposed: tuple[TransposedGradient, ...]
    matrices: tuple[MatrixGradients, ...]
    vectors: tuple[VectorGradients, ...]
    rest: tuple[int, ...]

    @property
    def together(self) -> list[tuple[Node, ...]]:
        """Deltas that are wanted side by side."""
        return [each.deltas for each in (*self.transposed, *self.matrices, *self.vectors)]

    def compute(self, run: Run, parameters: Parameters, wanted: Sequence[bool]) -> tuple[Tensor | None, ...]:
        """Return the gradients of the tensors, None for one that is not wanted."""
        found: dict[int, Tensor] = {}
        for each in self.transposed:
            if wanted[each.tensor]:
                found[each.tensor] = _products(run, each.operand, each.deltas).T
        for group in self.matrices:
            if any(wanted[tensor] for tensor in group.tensors):
                found.update(zip(group.tensors, _side_by_side(run, group.operand, group.deltas), strict=True))
        vectors = [each for each in self.vectors if any(wanted[tensor] for tensor in each.tensors)]
        for each, total in zip(vectors, _summed(run, [each.deltas for each in vectors]), strict=True):
            for tensor in each.tensors:
                shape = parameters.tensors[tensor].shape
                found[tensor] = total if total.shape == shape else total.reshape(shape)
        if any(wanted[tensor] for tensor in self.rest):
            every = parameters.gathered(self._values(run, parameters), _upon_each_other)
            found.update((tensor, every[tensor]) for tensor in self.rest)
        return tuple(found[number] if is_wanted else None for number, is_wanted in enumerate(wanted))

    def _values(self, run: Run, parameters: Parameters) -> list[Tensor]:
        """Return the gradient of every parameter, each computed for itself."""
        known: dict[Node, Tensor] = {}
        for gradient in self.plan.weight_gradients:
            known.update(zip(gradient.results, _side_by_side(run, gradient.operand, gradient.deltas), strict=True))
        sums = _summed(run, [node.args for node in self.plan.row_sums])
        known |= dict(zip(self.plan.row_sums, sums, strict=True))
        given = [*parameters]
        known |= dict(zip(self.leaves, given, strict=True))
        evaluator = run.evaluator
        evaluator = Evaluator(evaluator.spelling, evaluator.sizes, number=evaluator.number, known=known)
        nodes = zip(self.plan.step.parameters, given, strict=True)
        return [evaluator.once(node).expand(value.shape) for node, value in nodes]


def weight_gradients_of(plans: Plans, parts: Sequence[Part], tensors: int) -> WeightGradients:
    """Return how the gradients of tensors are computed, given where the parameters stand in them."""
    plan, leaves = plans.backward, plans.forward.step.parameters
    outer = {
        result: (gradient.operand, delta)
        for gradient in plan.weight_gradients
        for result, delta in zip(gradient.results, gradient.deltas, strict=True)
    }
    transposed: list[TransposedGradient] = []
    rest: list[int] = []
    vectors: dict[tuple[Node, ...], list[int]] = {}
    lines: dict[Node, list[tuple[int, Node]]] = {}
    for tensor in range(tensors):
        mine = {part.number: (part, k) for k, part in enumerate(parts) if tensor in part.tensors}
        places = [mine[number][0] for number in range(len(mine))]
        nodes = [plan.step.parameters[mine[number][1]] for number in range(len(mine))]
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
        rest.append(tensor)
    flat = (
        MatrixGradients(tuple(t for t, _ in line), operand, tuple(d for _, d in line))
        for operand, line in lines.items()
    )
    sums = (VectorGradients(tuple(same), deltas) for deltas, same in vectors.items())
    return WeightGradients(plan, leaves, tuple(transposed), tuple(flat), tuple(sums), tuple(rest))


def _side_by_side(run: Run, operand: Node, deltas: tuple[Node, ...]) -> Sequence[Tensor]:
    """Return operand.T @ delta for each delta."""
    return _split(_products(run, operand, deltas), [run.memory_plan.places[delta].width for delta in deltas])


def _products(run: Run, operand: Node, deltas: tuple[Node, ...]) -> Tensor:
    """Return operand.T @ deltas side by side: torch.mm is up to a third faster this way round."""
    left = run.rows(operand).T
    products = [torch.mm(left, right) for right in run.side(deltas)]
    return products[0] if len(products) == 1 else torch.cat(products, 1)


def _summed(run: Run, groups: Sequence[tuple[Node, ...]]) -> Sequence[Tensor]:
    """Return for each group of deltas their sums over all rows, one after the other; all as one sum where it can be."""
    places, deltas = run.memory_plan.places, tuple([delta for group in groups for delta in group])
    sums = [rows.sum(0) for rows in run.side(deltas)]
    widths = [sum([places[delta].width for delta in group]) for group in groups]
    if [len(each) for each in sums] == widths:
        return sums
    return _split(sums[0] if len(sums) == 1 else torch.cat(sums), widths)


def _split(joined: Tensor, widths: list[int]) -> Sequence[Tensor]:
    """Return parts of a tensor, side by side in its last axis, that may be written to like tensors of their own."""
    return torch.unsafe_split_with_sizes(joined, widths, -1) if len(widths) > 1 else (joined,)


def _upon_each_other(parts: Sequence[Tensor]) -> Tensor:
    return joined(parts, 0)
