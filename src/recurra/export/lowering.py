"""From plans to the imperative program: memory is named, products and loops of a schedule become statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from recurra.backends.evaluator import Evaluator
from recurra.derive.schedule import FusedLoop, Schedule, StartedProduct, fused, schedule
from recurra.derive.stages import Product, segments
from recurra.errors import ExportError
from recurra.export.description import (
    ExportedArrangement,
    ExportedDirection,
    ExportedInput,
    ExportedModel,
    ExportedPart,
)
from recurra.export.program import (
    Apply,
    CodeArray,
    Copy,
    Fill,
    Instruction,
    LayerCode,
    Literal,
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
)
from recurra.graph.compound import Size, number_of, product_of
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, Shape, topological
from recurra.graph.ops import numpy_spelling

__all__ = ["further_name", "lowered", "whole_step"]

_NEUTRAL = {"sum": 0.0, "max": -np.inf, "min": np.inf}
_JOINED = {"sum": "add", "max": "maximum", "min": "minimum"}
_PASSED_THROUGH = {"broadcast", "stop_gradient", "surrogate"}
"""What has the value of its first argument."""


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
    readers = {further_name(name): lowered(each, prefix=f"{_plain(name)}_") for name, each in model.readers.items()}
    once = frozenset(map(further_name, {*model.per_sequence, *model.kept}))
    return ModelCode(layers, (x, *further), once, model.classes, readers)


def further_name(name: str) -> str:
    """Return how an input beside `x` is called in code, where nothing else begins so."""
    return f"x_{_plain(name)}"


def _plain(name: str) -> str:
    """Return a name in the letters that all languages have; Python's may have others."""
    plain = (letter if letter.isascii() else f"u{ord(letter):x}" for letter in name)
    return "".join(letter if letter.isalnum() else "_" for letter in "".join(plain))


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
        return _stateless(f"given_{_plain(part.name)}", (x, given), output, (), copied)
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


@dataclass(frozen=True)
class _View:
    """Where a loop is among the features of a value of a shape: along each axis a stride for each of its indices."""

    shape: Shape
    axes: tuple[tuple[int, ...], ...]


class _Lowering:
    """The statements of one step while they are made.

    Parameters
    ----------
    direction : ExportedDirection
    in_place : the numbers of the states whose next values are written over them at once
    """

    def __init__(self, direction: ExportedDirection, *, in_place: Collection[int]) -> None:
        self.direction, self.step = direction, direction.plan.step
        self.schedule = whole_step(direction)
        self.constants: list[CodeArray] = []
        self.scratch: list[CodeArray] = []
        self.statements: list[Statement] = []
        self._parameters: dict[Node, CodeArray] = {}
        self._evaluator = Evaluator(
            numpy_spelling(), direction.sizes, number=np.float32, known=dict(_as_computed_with(direction))
        )
        names = ["x", *(further_name(leaf.name) for leaf in self.step.inputs[1:])]
        self.inputs = [
            CodeArray(name, self._width(leaf), "input") for name, leaf in zip(names, self.step.inputs, strict=True)
        ]
        self.states = [
            CodeArray(f"{_plain(leaf.name)}_{direction.name}", self._width(leaf), "state", values)
            for leaf, values in zip(self.step.states, direction.initial, strict=True)
        ]
        self.output = CodeArray("y", self._width(self.step.output), "output")
        leaves = zip((*self.step.inputs, *self.step.states), (*self.inputs, *self.states), strict=True)
        self.where = {leaf: Location(array) for leaf, array in leaves}
        self.age = CodeArray(f"age_{direction.name}", 1, "state", is_whole=True) if direction.tables else None
        self._read_tables()
        self.targets = self._targets(in_place)
        for stage in self.schedule.stages:
            for product in stage.products:
                self._product(product)
            for group in stage.groups:
                self._loop(group)
        self.statements += self._late

    def code(self) -> StepCode:
        """Return the step."""
        given = [array for array in self.inputs if array.kind == "input"]
        return StepCode(
            self.direction.name, tuple(given), self.output, tuple(self.states), tuple(self.scratch),
            tuple(self.constants), self.age, tuple(self.statements), self.direction.reverse, self.direction.begin,
        )  # fmt: skip

    # memory ------------------------------------------------------------------------------------------------------

    def _width(self, node: Node) -> int:
        return self.direction.width(node)

    def _number(self, size: Size) -> int:
        return number_of(size, self.direction.sizes)

    def _temporary(self, size: int) -> Location:
        array = CodeArray(f"t{len(self.scratch)}", size, "scratch")
        self.scratch.append(array)
        return Location(array)

    def _constant(self, values: np.ndarray[Any, Any]) -> CodeArray:
        array = CodeArray(f"{self.direction.name}_{len(self.constants)}", values.size, "constant", values.ravel())
        self.constants.append(array)
        return array

    def _read_tables(self) -> None:
        """Take the step's row of each table of running statistics."""
        for node, values in self.direction.tables.items():
            place = self.step.inputs.index(node)
            location = self._temporary(self._width(node))
            self.inputs[place], self.where[node] = location.array, location
            assert self.age is not None
            self.statements.append(TableRow(location, self._constant(values), len(values), self.age))

    def _targets(self, in_place: Collection[int]) -> dict[Node, list[Location]]:
        """Return where each value that is stored goes; the first place is where others read it."""
        targets: dict[Node, list[Location]] = {}
        stages = self.schedule.stages
        self._made = made = {result for stage in stages for product in stage.products for result in product.results}
        for node in self.schedule.local:
            if node not in made:  # those of products lie side by side
                self.where[node] = self._temporary(self._width(node))
                targets[node] = [self.where[node]]
        output = self.step.output
        targets.setdefault(output, []).append(Location(self.output))
        if output not in self.where and output not in made:
            self.where[output] = Location(self.output)
        self._late: list[Statement] = []
        for number, (state, following) in enumerate(zip(self.states, self.step.next_states, strict=True)):
            location = Location(state)
            if number not in in_place:
                location = self._temporary(state.size)
                self._late.append(Copy(Location(state), location, state.size))
            targets.setdefault(following, []).append(location)
        return targets

    # products ----------------------------------------------------------------------------------------------------

    def _product(self, product: Product) -> None:
        """Multiply; the results lie side by side."""
        widths = [self._width(result) for result in product.results]
        target = self._temporary(sum(widths))
        for node, end, width in zip(product.results, np.cumsum(widths).tolist(), widths, strict=True):
            self.where[node] = Location(target.array, end - width)
        starts = product.start if isinstance(product, StartedProduct) else (None,) * len(widths)
        start = None
        if any(node is not None for node in starts):
            parts = [np.zeros(w) if n is None else self._value(n).ravel() for n, w in zip(starts, widths, strict=True)]
            start = self._constant(np.concatenate(parts).astype(np.float32))
        terms = tuple(self._term(*pair) for pair in zip(product.operands, product.weights, strict=True))
        self.statements.append(MatrixProduct(target, sum(widths), start, terms))

    def _term(self, operand: Node, line: Sequence[Node]) -> ProductTerm:
        scales = self.direction.scales
        if all(weight in scales for weight in line):
            weights = np.concatenate([self.direction.arrays[weight] for weight in line], axis=1)
            together = self._constant(np.concatenate([scales[weight] for weight in line]))
            return ProductTerm(self.where[operand], len(weights), self._constant(weights), together)
        weights = np.concatenate([self._value(weight) for weight in line], axis=1).astype(np.float32)
        return ProductTerm(self.where[operand], len(weights), self._constant(weights))

    def _value(self, node: Node) -> np.ndarray[Any, Any]:
        """Return the value of what is made of parameters and numbers."""
        return np.asarray(self._evaluator.once(node), dtype=np.float32)

    # loops -------------------------------------------------------------------------------------------------------

    def _loop(self, group: FusedLoop) -> None:
        """Store the values of a group by one nest of loops."""
        body = _LoopBody(self, group)
        if group.is_scan:
            self._scan(group, body)
            return
        sums = [node for node in group.stores if node.op in REDUCTIONS]
        for node in sums:
            for target in self.targets[node]:
                self.statements.append(Fill(target, self._width(node), _NEUTRAL[node.op]))
        # all that is computed stands before what is stored, so that a state is read before it is written over
        values = {node: body.of(node if node not in sums else node.args[0], body.view) for node in group.stores}
        for node, value in values.items():
            joined = _JOINED[node.op] if node in sums else ""
            strides = body.offset(body.view, node.shape)
            body.instructions += [Store(target, strides, value, joined) for target in self.targets[node]]
        shape = tuple(self._number(size) for size in group.shape)
        self.statements.append(Loop(shape, tuple(body.instructions)))

    def _scan(self, group: FusedLoop, body: _LoopBody) -> None:
        """Store sums up to each feature, or from it on: a total goes on from turn to turn."""
        for node in group.stores:
            total, at = self._temporary(1), body.offset(body.view, node.shape)
            self.statements.append(Fill(total, 1, 0.0))
            added = body.of(node.args[0], body.view)
            stay = (0,) * len(group.shape)
            before = body.add(Load(total, stay))
            value = body.add(Apply("add", (before, added)))
            body.instructions.append(Store(total, stay, value))
            body.instructions += [Store(target, at, value) for target in self.targets[node]]
        shape = tuple(self._number(size) for size in group.shape)
        is_reversed = group.stores[0].op == "reverse_cumsum"
        self.statements.append(Loop(shape, tuple(body.instructions), is_scan=True, is_reversed=is_reversed))

    def is_stored(self, node: Node, group: FusedLoop) -> bool:
        """Return whether a loop reads a value from memory rather than computing it."""
        is_given = not node.args or node in self._made or node.op in REDUCTIONS | SCANS
        return node in self.where and (is_given or node not in group.stores)

    def parameter(self, node: Node) -> CodeArray:
        """Return the memory of a parameter that is read feature by feature."""
        if node not in self._parameters:
            self._parameters[node] = self._constant(self._value(node))
        return self._parameters[node]

    def folded(self, node: Node) -> float | None:
        """Return the number that a node without rows is, if it is made of numbers alone."""
        if node.rows or node.op in COMPARISONS or any(each.op == "parameter" for each in topological([node])):
            return None
        value = self._value(node)
        return float(value.ravel()[0]) if value.size == 1 else None


class _LoopBody:
    """The instructions of one loop while they are made."""

    def __init__(self, lowering: _Lowering, group: FusedLoop) -> None:
        self.lowering, self.group = lowering, group
        self.instructions: list[Instruction] = []
        self._known: dict[tuple[Node, _View], int] = {}
        count = len(group.shape)
        self.view = _View(group.shape, tuple(tuple(int(k == axis) for k in range(count)) for axis in range(count)))

    def add(self, instruction: Instruction) -> int:
        """Add an instruction; return its place."""
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def of(self, node: Node, view: _View) -> int:
        """Return the place of the instruction that has a node's value, where a view of the node is at."""
        known = self._known.get((node, view))
        if known is None:
            known = self._known[node, view] = self._find(node, view)
        return known

    def _find(self, node: Node, view: _View) -> int:
        lowering = self.lowering
        number = lowering.folded(node)
        if number is not None:
            return self.add(Literal(number))
        if node.op == "parameter":
            return self.add(Load(Location(lowering.parameter(node)), self.offset(view, node.shape)))
        if node.rows and lowering.is_stored(node, self.group):
            return self.add(Load(lowering.where[node], self.offset(view, node.shape)))
        if node.op == "reshape":
            return self.of(node.args[0], self._seen_as(view, node.shape))
        if node.op in _PASSED_THROUGH:
            return self.of(node.args[0], view)
        return self.add(Apply(node.op, tuple(self.of(argument, view) for argument in node.args)))

    def offset(self, view: _View, shape: Shape) -> tuple[int, ...]:
        """Return the strides with which a value of a shape is met in a view.

        A value that is as wide as all axes together is met feature by feature; of any other the shape says along
        which axes it is stretched.
        """
        none = (0,) * len(self.group.shape)
        if product_of(shape) == 1:
            return none
        if product_of(shape) == product_of(view.shape):
            shape = view.shape
        strides = none
        for k, size in enumerate(shape):
            axis = len(view.shape) - len(shape) + k
            if size == 1 and view.shape[axis] != 1:
                continue
            number = self.lowering._number(size)
            strides = tuple(number * a + b for a, b in zip(strides, view.axes[axis], strict=True))
        return strides

    def _seen_as(self, view: _View, shape: Shape) -> _View:
        """Return the view of the flat row of a value, given the shape that it is seen in here."""
        if len(view.shape) == 1 and product_of(shape) == view.shape[0]:
            return view
        return _View((product_of(shape),), (self.offset(view, shape),))


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
