"""From plans to the imperative program: memory is named, products and loops of a schedule become statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from recurra.derive.schedule import Schedule, fused, schedule
from recurra.derive.stages import segments
from recurra.errors import ExportError
from recurra.export.description import (
    ExportedArrangement,
    ExportedDirection,
    ExportedEmbedding,
    ExportedInput,
    ExportedModel,
    ExportedPart,
)
from recurra.export.program import (
    CodeArray,
    Copy,
    Fill,
    LayerCode,
    Load,
    Location,
    Loop,
    MatrixProduct,
    ModelCode,
    ProductTerm,
    Statement,
    StepCode,
    Store,
    TableRow,
    plain,
)
from recurra.export.statements import StatementMaker
from recurra.graph.node import Node, topological

__all__ = ["further_name", "lowered", "whole_step"]


def lowered(model: ExportedModel, *, prefix: str = "") -> ModelCode:
    """Return a model as a program; raise `ExportError` if it has an operation that no program of one row has.

    Names of what is not the caller's begin with `prefix`, which tells the models apart that stand in one file.
    """
    layers = tuple(
        LayerCode(
            tuple(_lowered_part(part, prefix, layer.reads_tokens) for part in layer.parts),
            layer.input_size,
            layer.frame,
            layer.is_pooled,
            layer.unfolding,
            layer.of_last,
        )
        for layer in model.layers
    )
    x = CodeArray("x", model.input_size, "input", is_whole=model.tokens is not None)
    further = (CodeArray(further_name(name), size, "input") for name, size in model.inputs.items())
    readers = {further_name(name): lowered(each, prefix=f"{plain(name)}_") for name, each in model.readers.items()}
    once = frozenset(map(further_name, {*model.per_sequence, *model.kept}))
    return ModelCode(layers, (x, *further), once, model.classes, readers)


def further_name(name: str) -> str:
    """Return how an input beside `x` is called in code, where nothing else begins so."""
    return f"x_{plain(name)}"


def _lowered_part(part: ExportedPart, prefix: str, reads_tokens: bool) -> StepCode:
    """Return the step of a part of a layer."""
    if isinstance(part, ExportedDirection):
        return _lowered(replace(part, name=prefix + part.name) if prefix else part)
    output = CodeArray("y", part.output_size, "output")
    if isinstance(part, ExportedArrangement):
        return _arranged(part, prefix + part.name, output)
    x = CodeArray("x", 1, "input", is_whole=reads_tokens)
    if isinstance(part, ExportedInput):
        given = CodeArray(further_name(part.name), part.output_size, "input")
        copied = Copy(Location(output), Location(given), part.output_size)
        return _stateless(f"given_{plain(part.name)}", (x, given), output, (), copied)
    assert isinstance(part, ExportedEmbedding)
    name = prefix + part.name
    table = CodeArray(f"{name}_0", part.vectors.size, "constant", part.vectors.ravel())
    return _stateless(name, (x,), output, (table,), TableRow(Location(output), table, len(part.vectors), x))


def _arranged(part: ExportedArrangement, name: str, output: CodeArray) -> StepCode:
    """Return the step that copies the constants of an arrangement, and each piece over them."""
    x = CodeArray("x", part.input_size, "input")
    constants = CodeArray(f"{name}_0", part.output_size, "constant", part.constants)
    loops = (
        Loop(piece.shape, (Load(Location(x, piece.source), piece.source_strides),
                           Store(Location(output, piece.target), piece.target_strides, 0)))
        for piece in part.pieces
    )  # fmt: skip
    begun = Copy(Location(output), Location(constants), output.size)
    return _stateless(name, (x,), output, (constants,), begun, *loops)


def _stateless(
    name: str, inputs: tuple[CodeArray, ...], output: CodeArray, constants: tuple[CodeArray, ...],
    *statements: Statement,
) -> StepCode:  # fmt: skip
    """Return a step of some statements."""
    return StepCode(name, inputs, output, (), (), constants, None, statements, False)


def _lowered(direction: ExportedDirection) -> StepCode:
    """Return the step of a direction; next states are written where the states lie if nobody reads these later."""
    states = range(len(direction.plan.step.states))
    first = _Lowering(direction, in_place=states)
    late = {number for number in states if _is_read_late(first.statements, first.states[number])}
    return (_Lowering(direction, in_place=set(states) - late) if late else first).code()


def whole_step(direction: ExportedDirection) -> Schedule:
    """Return the products and loops of one whole step of a direction: there is nothing before or after a loop."""
    step = direction.plan.step
    for node in topological(step.roots):
        if node.op == "batch_mean":
            raise ExportError(
                f"{direction.name}: a mean over the batch is of several sequences, and the code runs one; evaluation "
                "of recurra.transforms.batch_norm has running means in its place"
            )
    whole = segments(step.roots, (), sources=[*step.inputs, *step.states], given=lambda node: not node.args).loop
    return schedule(fused(whole, {*step.roots}), [step.output], step.next_states)


class _Lowering(StatementMaker):
    """The statements of one step while they are made.

    Parameters
    ----------
    direction : ExportedDirection
    in_place : the numbers of the states whose next values are written over them at once
    """

    def __init__(self, direction: ExportedDirection, *, in_place: Collection[int]) -> None:
        super().__init__(direction.sizes, dict(_as_computed_with(direction)))
        self.direction, self.step = direction, direction.plan.step
        self.schedule = whole_step(direction)
        self.constants: list[CodeArray] = []
        self._parameters: dict[Node, CodeArray] = {}
        names = ["x", *(further_name(leaf.name) for leaf in self.step.inputs[1:])]
        self.inputs = [
            CodeArray(name, self.width(leaf), "input") for name, leaf in zip(names, self.step.inputs, strict=True)
        ]
        self.states = [
            CodeArray(f"{plain(leaf.name)}_{direction.name}", self.width(leaf), "state", values)
            for leaf, values in zip(self.step.states, direction.initial, strict=True)
        ]
        self.output = CodeArray("y", self.width(self.step.output), "output")
        leaves = zip((*self.step.inputs, *self.step.states), (*self.inputs, *self.states), strict=True)
        self.where |= {leaf: Location(array) for leaf, array in leaves}
        self.age = CodeArray(f"age_{direction.name}", 1, "state", is_whole=True) if direction.tables else None
        self._read_tables()
        self._place_results(in_place)
        self.run(self.schedule)
        self.statements += self._late

    def code(self) -> StepCode:
        """Return the step."""
        given = [array for array in self.inputs if array.kind == "input"]
        return StepCode(
            self.direction.name, tuple(given), self.output, tuple(self.states), tuple(self.scratch),
            tuple(self.constants), self.age, tuple(self.statements), self.direction.reverse, self.direction.begin,
        )  # fmt: skip

    # memory ------------------------------------------------------------------------------------------------------

    def _constant(self, values: np.ndarray[Any, Any]) -> CodeArray:
        array = CodeArray(f"{self.direction.name}_{len(self.constants)}", values.size, "constant", values.ravel())
        self.constants.append(array)
        return array

    def _read_tables(self) -> None:
        """Take the step's row of each table of running statistics."""
        for node, values in self.direction.tables.items():
            place = self.step.inputs.index(node)
            location = self.temporary(self.width(node))
            self.inputs[place], self.where[node] = location.array, location
            assert self.age is not None
            self.statements.append(TableRow(location, self._constant(values), len(values), self.age))

    def _place_results(self, in_place: Collection[int]) -> None:
        """Say where each value that is stored goes; the first place is where others read it."""
        made = self.place_local(self.schedule)
        output = self.step.output
        self.targets.setdefault(output, []).append(Location(self.output))
        if output not in self.where and output not in made:
            self.where[output] = Location(self.output)
        self._late: list[Statement] = []
        for number, (state, following) in enumerate(zip(self.states, self.step.next_states, strict=True)):
            location = Location(state)
            if number not in in_place:
                location = self.temporary(state.size)
                self._late.append(Copy(Location(state), location, state.size))
            self.targets.setdefault(following, []).append(location)

    def start(self, nodes: Sequence[Node | None], widths: Sequence[int]) -> CodeArray:
        """Return what sums begin with, side by side."""
        parts = [
            np.zeros(width) if node is None else self.value(node).ravel()
            for node, width in zip(nodes, widths, strict=True)
        ]
        return self._constant(np.concatenate(parts).astype(np.float32))

    def term(self, operand: Node, line: Sequence[Node]) -> ProductTerm:
        """Return a value times matrices that lie side by side."""
        scales = self.direction.scales
        if all(weight in scales for weight in line):
            weights = np.concatenate([self.direction.arrays[weight] for weight in line], axis=1)
            together = self._constant(np.concatenate([scales[weight] for weight in line]))
            return ProductTerm(self.where[operand], len(weights), self._constant(weights), together)
        weights = np.concatenate([self.value(weight) for weight in line], axis=1).astype(np.float32)
        return ProductTerm(self.where[operand], len(weights), self._constant(weights))

    def parameter(self, node: Node) -> CodeArray:
        """Return the memory of a parameter that is read feature by feature."""
        if node not in self._parameters:
            self._parameters[node] = self._constant(self.value(node))
        return self._parameters[node]


def _as_computed_with(direction: ExportedDirection) -> Iterator[tuple[Node, np.ndarray[Any, Any]]]:
    """Yield the parameters in float32."""
    for node, values in direction.arrays.items():
        yield node, values * direction.scales[node] if node in direction.scales else values


def _is_read_late(statements: Sequence[Statement], state: CodeArray) -> bool:
    """Return whether a state is read after its next value is written over it."""
    is_written = False
    for statement in statements:
        reads, writes = _accesses(statement, state)
        if (is_written and reads) or (writes and isinstance(statement, Fill)):
            return True
        # in one loop each turn reads before it writes; so it may, where no other turn reads what it writes
        if reads and writes and (set(reads) != set(writes) or not _meets_each_once(statement, writes[0])):
            return True
        is_written |= bool(writes)
    return False


def _meets_each_once(statement: Statement, strides: tuple[int, ...]) -> bool:
    return isinstance(statement, Loop) and all(
        stride or size == 1 for stride, size in zip(strides, statement.shape, strict=True)
    )


def _accesses(statement: Statement, array: CodeArray) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """Return the strides with which a statement reads an array, and with which it writes it."""
    match statement:
        case Loop():
            loads = [i.strides for i in statement.instructions if isinstance(i, Load) and i.source.array is array]
            stores = [i.strides for i in statement.instructions if isinstance(i, Store) and i.target.array is array]
            return loads, stores
        case MatrixProduct():
            return [() for term in statement.terms if term.operand.array is array], []
        case Copy():
            return [()] * (statement.source.array is array), [()] * (statement.target.array is array)
        case Fill() | TableRow():
            return [], [()] * (statement.target.array is array)
