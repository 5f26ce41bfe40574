"""One run of a program: its memory, the calls of its functions, and what torch computes over all rows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recurra.backends.buffer_pool import take
from recurra.backends.evaluator import Evaluator
from recurra.backends.llvm.call_table import SCRIPT
from recurra.backends.llvm.calls import Calls, FunctionCall
from recurra.backends.llvm.memory_plan import view_of
from recurra.backends.llvm.weight_gradients import WeightGradients
from recurra.backends.noise import drawn
from recurra.backends.parameters import Parameters
from recurra.backends.tensors import in_rows, joined, tensor_of
from recurra.derive.stages import Product
from recurra.graph.node import Node, number_of, width_of

__all__ = ["Memory", "Run"]

_NARROW = 128
"""Columns of an operand."""

Memory = dict[Hashable, Tensor]


class Run:
    """One run of a program.

    Parameters
    ----------
    memory : the pieces of memory that exist already, by the names that places give them
    evaluator : makes what computes what is computed once
    """

    def __init__(self, calls: Calls, memory: Memory, evaluator: Callable[[], Evaluator], *, seed: int) -> None:
        assert calls.code is not None
        self.calls, self.code = calls, calls.code
        self.memory_plan, self.program = calls.memory_plan, calls.program
        self.memory, self.seed, self._evaluator = memory, seed, evaluator

    @functools.cached_property
    def evaluator(self) -> Evaluator:
        """What computes what is computed once; many runs need nothing of it."""
        return self._evaluator()

    def execute(self, initial: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Run everything; return the carried values of each sequence after its last step."""
        calls, program = self.calls, self.program
        finals = self._allocate(initial[0])
        for carried, state in zip(program.carried, initial, strict=True):
            self.memory["initial", carried.leaf] = state
        for noise in program.drawn:
            self.rows(noise).copy_(self._drawn(noise))
        numbers = np.empty_like(calls.table.array)
        address = self.complete(numbers)
        if calls.script is not None:
            self.code.run(SCRIPT, address + 8 * calls.script, 1)
        else:
            self._each(calls.calls, address)
        for stage, following in zip(program.after, calls.after, strict=True):
            for product in stage.products:
                self._product(product)
            self._each(following, address)
        return finals

    def complete(self, numbers: np.ndarray) -> int:
        """Write the table of arguments with the addresses of the memory to an array; return where that is."""
        table, address = self.calls.table, numbers.ctypes.data
        addresses = np.array([*self._addresses(address), 0], dtype=np.int64)
        np.add(table.array, addresses[table.sources], out=numbers)
        return address

    def _each(self, calls: Sequence[FunctionCall], address: int) -> None:
        for call in calls:
            self.code.run(call.name, address + 8 * call.start, call.threads)

    def _allocate(self, like: Tensor) -> tuple[Tensor, ...]:
        """Make the memory that is missing; return that of the last carried values."""
        memory_plan, memory = self.memory_plan, self.memory
        for piece in (memory_plan.kept, memory_plan.work, memory_plan.totals):
            memory[piece.name] = take((piece.length,), like.dtype)
        for name, shape in memory_plan.alone:
            memory[name] = take(shape, like.dtype)
        return tuple([memory["final", carried.leaf] for carried in self.program.carried])

    def release(self, kept: Collection[Hashable] = ()) -> None:
        """Give back the memory of arrays, when nothing reads it any more but what is in pieces that are kept."""
        for piece in (self.memory_plan.kept, self.memory_plan.work):
            if piece.name not in kept:
                self.memory.pop(piece.name)

    def _addresses(self, arguments: int) -> list[int]:
        """Return the addresses that complete the arguments, which have one themselves."""
        found, memory = [], self.memory
        for name in self.calls.table.names:
            if name in ("seed", "arguments"):
                found.append(self.seed if name == "seed" else arguments)
                continue
            if name not in memory:
                assert isinstance(name, tuple)
                memory[name] = self._once(*name)
            found.append(memory[name].data_ptr())
        return found

    def _once(self, kind: str, node: Any) -> Tensor:
        """Return the value of a node that is computed once."""
        assert kind == "once"
        return self.evaluator.once(node).contiguous()

    def _drawn(self, noise: Node) -> Tensor:
        """Return the draws of a noise for all rows."""
        memory_plan = self.memory_plan
        places = {
            "steps": memory_plan.steps[:, None], "sequences": memory_plan.sequences[:, None],
            "features": np.arange(width_of(noise, memory_plan.sizes)),
        }  # fmt: skip
        return torch.from_numpy(drawn(noise, seed=self.seed, **places))

    @property
    def sequences(self) -> Tensor:
        """The sequence of each row."""
        return torch.from_numpy(self.memory_plan.sequences)

    def rows(self, node: Node) -> Tensor:
        """Return the rows of all steps of a node."""
        place = self.memory_plan.places[node]
        return view_of(self.memory[place.memory], place, rows=self.memory_plan.rows_at(place))

    def side(self, nodes: tuple[Node, ...]) -> list[Tensor]:
        """Return the rows of nodes, those that lie side by side as one."""
        memory, rows = self.memory, self.memory_plan.rows_at
        return [view_of(memory[place.memory], place, rows=rows(place)) for place in self.memory_plan.neighbours(nodes)]

    # over all rows -----------------------------------------------------------------------------------------------

    def _product(self, product: Product) -> None:
        """Compute [results] = [operands] @ [weights] with torch."""
        left, blocks = self.side(product.operands), [self._block(line) for line in product.weights]
        if len(left) == 1:
            blocks = [joined(blocks, 0)]
        else:
            left = [self.rows(operand) for operand in product.operands]
        (into,) = self.side(product.results)
        torch.mm(left[0], blocks[0], out=into)
        for operand, block in zip(left[1:], blocks[1:], strict=True):
            into.addmm_(operand, block)

    def _block(self, line: Sequence[Node]) -> Tensor:
        """Return weights side by side."""
        return joined([self.evaluator.once(weight) for weight in line], 1)

    # weight gradients --------------------------------------------------------------------------------------------

    def weight_gradients(
        self, sums: WeightGradients, parameters: Parameters, wanted: Sequence[bool]
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of the tensors, None for one that is not wanted; computed with torch."""
        found: dict[int, Tensor] = {}
        for each in sums.transposed:
            if wanted[each.tensor]:
                found[each.tensor] = self._transposed(each.operand, each.deltas)
        for group in sums.matrices:
            if any(wanted[tensor] for tensor in group.tensors):
                found.update(zip(group.tensors, self._side_by_side(group.operand, group.deltas), strict=True))
        vectors = [each for each in sums.vectors if any(wanted[tensor] for tensor in each.tensors)]
        for each, total in zip(vectors, self._summed([each.deltas for each in vectors]), strict=True):
            for tensor in each.tensors:
                shape = parameters.tensors[tensor].shape
                found[tensor] = total if total.shape == shape else total.reshape(shape)
        for each in sums.summed:
            if wanted[each.tensor]:
                pairs = zip(each.operands, each.deltas, strict=True)
                found[each.tensor] = functools.reduce(torch.add, (self._outer(left, (right,)) for left, right in pairs))
        for tensor in sums.zero:
            if wanted[tensor]:
                found[tensor] = torch.zeros_like(in_rows(parameters.tensors[tensor]))
        if any(wanted[tensor] for tensor in sums.rest):
            every = parameters.gathered(self._gradients(sums, parameters), _upon_each_other)
            found.update((tensor, every[tensor]) for tensor in sums.rest)
        return tuple(found[number] if is_wanted else None for number, is_wanted in enumerate(wanted))

    def _gradients(self, sums: WeightGradients, parameters: Parameters) -> list[Tensor]:
        """Return the gradient of every parameter, each computed for itself."""
        known: dict[Node, Tensor] = {}
        for gradient in sums.plan.weight_gradients:
            known.update(zip(gradient.results, self._side_by_side(gradient.operand, gradient.deltas), strict=True))
        totals = self._summed([node.args for node in sums.plan.row_sums])
        known |= {node: self._shaped(node, total) for node, total in zip(sums.plan.row_sums, totals, strict=True)}
        given = [*map(tensor_of, parameters)]
        known |= dict(zip(sums.leaves, given, strict=True))
        evaluator = self.evaluator
        evaluator = Evaluator(evaluator.spelling, evaluator.sizes, number=evaluator.number, known=known)
        nodes = zip(sums.plan.step.parameters, given, strict=True)
        return [evaluator.once(node).expand(value.shape) for node, value in nodes]

    def _shaped(self, node: Node, total: Tensor) -> Tensor:
        """Return the sum of rows, which lie flat, in the shape of a node."""
        return total.reshape([number_of(size, self.memory_plan.sizes) for size in node.shape or (1,)])

    def _side_by_side(self, operand: Node, deltas: tuple[Node, ...]) -> Sequence[Tensor]:
        """Return operand.T @ delta for each delta."""
        return _split(self._outer(operand, deltas), [self.memory_plan.places[delta].width for delta in deltas])

    def _transposed(self, operand: Node, deltas: tuple[Node, ...]) -> Tensor:
        """Return deltas.T @ operand, the deltas upon each other.

        Of a narrow operand, torch.mm is up to a third faster the other way round. Of others that is lost again: what it
        gives would lie transposed, and be copied.
        """
        rows = self.rows(operand)
        if rows.shape[1] < _NARROW:
            return self._outer(operand, deltas).T
        products = [torch.mm(side.T, rows) for side in self.side(deltas)]
        return products[0] if len(products) == 1 else torch.cat(products)

    def _outer(self, operand: Node, deltas: tuple[Node, ...]) -> Tensor:
        """Return operand.T @ deltas side by side."""
        left = self.rows(operand).T
        products = [torch.mm(left, right) for right in self.side(deltas)]
        return products[0] if len(products) == 1 else torch.cat(products, 1)

    def _summed(self, groups: Sequence[tuple[Node, ...]]) -> Sequence[Tensor]:
        """Return for each group of deltas their sums over all rows, one after the other; all as one sum if possible."""
        places, deltas = self.memory_plan.places, tuple([delta for group in groups for delta in group])
        sums = [rows.sum(0) for rows in self.side(deltas)]
        widths = [sum([places[delta].width for delta in group]) for group in groups]
        if [len(each) for each in sums] == widths:
            return sums
        return _split(sums[0] if len(sums) == 1 else torch.cat(sums), widths)


def _split(joined: Tensor, widths: list[int]) -> Sequence[Tensor]:
    """Return parts of a tensor, side by side in its last axis, that may be written to like tensors of their own."""
    return torch.unsafe_split_with_sizes(joined, widths, -1) if len(widths) > 1 else (joined,)


def _upon_each_other(parts: Sequence[Tensor]) -> Tensor:
    return joined(parts, 0)
