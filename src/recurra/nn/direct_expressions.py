"""Direct expressions: what a plan reads that is made of a cell's parameters row by row, as foreign calls.

Weights less their mean, normalised or dropped ones are such; see `recurra.derive.expressions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.direct import DirectPasses
from recurra.backends.kernel import Call, compiled_kernel_of
from recurra.backends.parameters import as_they_are
from recurra.derive.expressions import row_expressions
from recurra.derive.plan import Plans
from recurra.graph.node import number_of
from recurra.nn.stack import Direction
from recurra.spec import Cell

__all__ = ["DirectExpressions"]

_address = torch.Tensor.data_ptr


@dataclass(frozen=True)
class _Group:
    """Values of as many rows, by one call.

    Attributes
    ----------
    passes : DirectPasses
    given : tuple of int
        The numbers of the tensors that are read, parameters of the expressions before matrices.
    parameters : int
        How many of them are parameters.
    values : for each value its number among what the plan reads
    outputs : for each value a tensor like it; nobody reads its numbers
    tape : tensor like what the backward pass reads beside
    """

    passes: DirectPasses
    given: tuple[int, ...]
    parameters: int
    values: tuple[int, ...]
    outputs: tuple[Tensor, ...]
    tape: Tensor


class DirectExpressions:
    """What one direction's plan reads: its parameters' tensors, and expressions of them.

    Parameters
    ----------
    read : for each parameter of the plan the number of the tensor, or None where it is an expression
    groups : what computes the expressions
    """

    def __init__(self, read: Sequence[int | None], groups: Sequence[_Group]) -> None:
        self._read, self._groups = read, groups
        self._values = [number for group in groups for number in group.values]
        self.saved = len(self._values) + len(groups)
        """How many tensors the backward pass reads beside the parameters."""

    @classmethod
    def of(
        cls, cell: Cell, plans: Plans, direction: Direction, *, backend: str, like: Tensor, is_taped: bool
    ) -> DirectExpressions | None:
        """Return the expressions of a direction's plan; None if they take more than a foreign call for each size."""
        every = row_expressions(plans.forward.prelude)
        if every is None or direction.parameters.parts is not as_they_are(len(cell.step.parameters)):
            return None
        place = {leaf: number for number, leaf in enumerate(cell.step.parameters)}
        read = plans.forward.step.parameters
        groups = []
        for each in every:
            rows = number_of(each.rows, direction.sizes)
            own = [direction.parameters[place[leaf]] for leaf in each.parameters]
            call = Call(direction.sizes, own, (), (like,), (rows,))
            passes = compiled_kernel_of(each.plans, backend).direct(call, is_taped=is_taped)
            if passes is None or not all(passes.flows):
                return None
            given = tuple(place[leaf] for leaf in (*each.parameters, *each.matrices))
            values = tuple(read.index(leaf) for leaf in each.values)
            shapes = [[number_of(size, direction.sizes) for size in leaf.shape] for leaf in each.values]
            outputs = tuple(map(like.new_empty, shapes))
            groups.append(_Group(passes, given, len(own), values, outputs, like.new_empty(passes.tape)))
        return cls([place.get(leaf) for leaf in read], groups)

    def forward(self, tensors: Sequence[Tensor], seed: int, *, is_taped: bool) -> tuple[list[Tensor], list[Tensor]]:
        """Return what the plan reads, and what the backward pass reads beside the tensors."""
        values, arrays = [], []
        for group in self._groups:
            made = [*map(torch.empty_like, group.outputs)]
            arrays += [torch.empty_like(group.tape)] if is_taped else []
            addresses = (tensors[k].data_ptr() for k in group.given)
            group.passes.forward(*addresses, seed, *map(_address, made), *map(_address, arrays[-1:]))
            values += made
        return self.read(tensors, values), [*values, *arrays]

    def read(self, tensors: Sequence[Tensor], saved: Sequence[Tensor]) -> list[Tensor]:
        """Return what the plan reads, given what `forward` made."""
        values = dict(zip(self._values, saved, strict=False))
        return [values[k] if number is None else tensors[number] for k, number in enumerate(self._read)]

    def wanted(self, wanted: Sequence[bool]) -> list[bool]:
        """Return of what the plan reads gradients are wanted, if they are wanted of these tensors."""
        found = [number is not None and wanted[number] for number in self._read]
        for group in self._groups:
            if any(wanted[k] for k in group.given):
                for value in group.values:
                    found[value] = True
        return found

    def backward(
        self,
        tensors: Sequence[Tensor],
        saved: Sequence[Tensor],
        gradients: Sequence[Tensor | None],
        seed: int,
        wanted: Sequence[bool],
    ) -> list[Tensor | None]:
        """Return the gradients of the tensors from those of what the plan reads; None where nothing reads one."""
        found: dict[int, Tensor] = {
            number: gradient
            for number, gradient in zip(self._read, gradients, strict=True)
            if number is not None and gradient is not None
        }
        read = self.read(tensors, saved)
        for group, array in zip(self._groups, saved[len(self._values) :], strict=True):
            is_wanted = tuple(wanted[k] for k in group.given)
            if not any(is_wanted):
                continue
            new = {k: torch.empty_like(tensors[k]) for k, each in zip(group.given, is_wanted, strict=True) if each}
            into = [new[k].data_ptr() if k in new else 0 for k in group.given]
            above = [gradients[value] for value in group.values]
            run = group.passes.backward(is_wanted[: group.parameters], is_wanted[group.parameters :])
            run(
                *(tensors[k].data_ptr() for k in group.given), *(read[value].data_ptr() for value in group.values),
                array.data_ptr(), *(0 if each is None else each.data_ptr() for each in above), seed,
                *into[group.parameters :], *into[: group.parameters],
            )  # fmt: skip
            for k, gradient in new.items():
                found[k] = found[k].add_(gradient) if k in found else gradient
        return [found.get(k) if is_wanted else None for k, is_wanted in enumerate(wanted)]
