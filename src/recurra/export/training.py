"""Training as a program: both plans of each direction, for the rows of a batch, and the parameters that they read.

Statements that are made of plans are of one row, as those of a step are; a format carries them out for the rows at
hand: some of all rows of all steps before and after the time loop, those of one step in it. Values without rows,
parameters and expressions of them, are computed once: before the forward pass, and gradients of them after the backward
pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from recurra.derive.backward import pull_back
from recurra.derive.plan import BackwardPlan, ForwardPlan
from recurra.derive.schedule import fused, schedule
from recurra.derive.stages import Segment
from recurra.errors import ExportError
from recurra.export.description import ExportedDirection, ExportedModel, TrainedDirection
from recurra.export.lowering import further_name
from recurra.export.program import (
    Apply,
    CodeArray,
    Copy,
    Fill,
    Instruction,
    Literal,
    Load,
    Location,
    Loop,
    ProductTerm,
    Statement,
    Store,
    plain,
)
from recurra.export.statements import JOINED, NEUTRAL, PASSED_THROUGH, StatementMaker
from recurra.graph.node import COMPARISONS, Node, add, leaf, topological

__all__ = [
    "OuterSum",
    "TrainedParameter",
    "TrainedState",
    "TrainingCode",
    "TrainingLayer",
    "TrainingPass",
    "TrainingStep",
    "training_code",
]  # fmt: skip


@dataclass(frozen=True)
class OuterSum:
    """target (rows, width) += the outer product of two values, over the rows at hand."""

    target: CodeArray
    operand: Location
    rows: int
    delta: Location
    width: int


@dataclass(frozen=True)
class TrainingPass:
    """The statements of a plan: for all rows of all steps, step by step, for all rows again."""

    before: tuple[Statement | OuterSum, ...]
    loop: tuple[Statement | OuterSum, ...]
    after: tuple[Statement | OuterSum, ...]


@dataclass(frozen=True, eq=False)
class TrainedState:
    """A state, or its gradient, before each step and after it: two views of one memory, a step apart.

    Attributes
    ----------
    name : str
        Of the state, with its direction's.
    before, after, gradient_before, gradient_after : CodeArray
        What comes before a step of its sequence lies before it in memory, unless the direction is reversed.
    values : what a sequence begins with
    learnt : CodeArray or None
        The parameter that a sequence begins with instead.
    """

    name: str
    before: CodeArray
    after: CodeArray
    gradient_before: CodeArray
    gradient_after: CodeArray
    values: np.ndarray[tuple[int], np.dtype[np.float32]]
    learnt: TrainedParameter | None


@dataclass(frozen=True, eq=False)
class TrainedParameter:
    """A parameter, with its gradient unless it is fixed."""

    name: str
    array: CodeArray
    gradient: CodeArray | None


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """One direction of one layer in training.

    Arrays are of these kinds: ``"input"`` and ``"output"`` rows of all steps that belong to the layer, ``"state"``
    those that are carried, ``"kept"`` other rows of all steps, ``"scratch"`` the rows at hand, ``"parameter"``,
    ``"whole"`` and ``"total"`` what has no rows, the last one sums over all of them in double precision.

    Attributes
    ----------
    name : str
    inputs, input_gradients : tuple of CodeArray
        `x`, then the further inputs.
    output, output_gradient : CodeArray
    states : tuple of TrainedState
    parameters : tuple of TrainedParameter
    kept, scratch, wholes : tuple of CodeArray
    forward, backward : TrainingPass
    prepared, finished : tuple of statements without rows: before the forward, and after the backward pass
    reverse : bool
    """

    name: str
    inputs: tuple[CodeArray, ...]
    input_gradients: tuple[CodeArray, ...]
    output: CodeArray
    output_gradient: CodeArray
    states: tuple[TrainedState, ...]
    parameters: tuple[TrainedParameter, ...]
    kept: tuple[CodeArray, ...]
    scratch: tuple[CodeArray, ...]
    wholes: tuple[CodeArray, ...]
    forward: TrainingPass
    backward: TrainingPass
    prepared: tuple[Statement, ...]
    finished: tuple[Statement, ...]
    reverse: bool


@dataclass(frozen=True, eq=False)
class TrainingLayer:
    """One layer: its directions read the same input, and their outputs lie side by side."""

    steps: tuple[TrainingStep, ...]
    input_size: int
    output_size: int


@dataclass(frozen=True, eq=False)
class TrainingCode:
    """Layers, each of which reads the output of the one before; `inputs` as those of `ModelCode`."""

    layers: tuple[TrainingLayer, ...]
    inputs: tuple[CodeArray, ...]
    per_sequence: frozenset[str]


def training_code(model: ExportedModel) -> TrainingCode:
    """Return a model's training as a program; raise `ExportError` if evaluation's plans are not what is trained."""
    layers = []
    for layer in model.layers:
        if layer.directions != layer.parts or layer.frame or layer.is_pooled or layer.unfolding or layer.of_last:
            raise ExportError(
                f"{model.title}: training cannot be exported of {layer.parts[0].name}, and of whole models that read "
                "tokens, or pool, or forecast; of recurrent layers and the heads behind them it can"
            )
        steps = tuple(_TrainingMaker(each, _trained(each)).step() for each in layer.directions)
        layers.append(TrainingLayer(steps, layer.input_size, layer.output_size))
    further = (CodeArray(further_name(name), size, "input") for name, size in model.inputs.items())
    inputs = (CodeArray("x", model.input_size, "input"), *further)
    return TrainingCode(tuple(layers), inputs, frozenset(map(further_name, model.per_sequence)))


def _trained(direction: ExportedDirection) -> TrainedDirection:
    if isinstance(direction.trained, str):
        raise ExportError(f"{direction.name}: training cannot be exported: {direction.trained}")
    return direction.trained


class _TrainingMaker(StatementMaker):
    """The statements of one direction while they are made."""

    def __init__(self, direction: ExportedDirection, trained: TrainedDirection) -> None:
        super().__init__(direction.sizes, {})
        self.direction, self.trained = direction, trained
        self.forward, self.backward = direction.plan, trained.plan
        self.kept: list[CodeArray] = []
        self.wholes: list[CodeArray] = []
        self.prepared: list[Statement] = []
        self.finished: list[Statement] = []
        self._once = self.prepared  # where statements without rows go
        self._known: dict[Node, CodeArray] = {}
        self._packed: dict[tuple[Node | None, ...], CodeArray] = {}
        self.parameters = self._parameters()
        step = self.forward.step
        names = ["x", *(further_name(each.name) for each in step.inputs[1:])]
        widths = [self.width(each) for each in step.inputs]
        self.inputs = [CodeArray(name, width, "input") for name, width in zip(names, widths, strict=True)]
        self.input_gradients = [
            CodeArray(f"d{name}", width, "input") for name, width in zip(names, widths, strict=True)
        ]
        self.output = CodeArray("y", self.width(step.output), "output")
        self.output_gradient = CodeArray("dy", self.output.size, "output")
        self.states = [self._state(each, begin) for each, begin in zip(step.states, direction.initial, strict=True)]

    def step(self) -> TrainingStep:
        """Return the direction's training."""
        forward = self._forward()
        backward = self._backward()
        self._once = self.finished
        self._finish()
        return TrainingStep(
            self.direction.name, tuple(self.inputs), tuple(self.input_gradients), self.output, self.output_gradient,
            tuple(self.states), tuple(self.parameters.values()), tuple(self.kept), tuple(self.scratch),
            tuple(self.wholes), forward, backward, tuple(self.prepared), tuple(self.finished), self.direction.reverse,
        )  # fmt: skip

    # memory ------------------------------------------------------------------------------------------------------

    def _parameters(self) -> dict[Node | str, TrainedParameter]:
        """Return the cell's parameters, and the states' that are learnt by name."""
        made: dict[Node | str, TrainedParameter] = {}
        for node, values in self.trained.parameters.items():
            made[node] = self._parameter(node.name, values, is_fixed=node.name in self.trained.fixed)
            self._known[node] = made[node].array
        for state, values in zip(self.forward.step.states, self.direction.initial, strict=True):
            name, _ = self.trained.learnt.get(state.name, ("", None))
            if name and name not in made:
                made[name] = self._parameter(name, values, is_fixed=False)
        return made

    def _parameter(self, name: str, values: np.ndarray, *, is_fixed: bool) -> TrainedParameter:
        name = f"{plain(name)}_{self.direction.name}"
        array = CodeArray(f"p_{name}", values.size, "parameter", values.ravel())
        gradient = None if is_fixed else CodeArray(f"g_{name}", values.size, "parameter")
        return TrainedParameter(name, array, gradient)

    def _state(self, state: Node, values: np.ndarray) -> TrainedState:
        name, size = plain(state.name), self.width(state)
        before, after, dbefore, dafter = (
            CodeArray(f"{kind}_{name}", size, "state") for kind in ("before", "after", "dbefore", "dafter")
        )
        learnt = self.parameters.get(self.trained.learnt.get(state.name, ("", None))[0])
        return TrainedState(f"{name}_{self.direction.name}", before, after, dbefore, dafter, values, learnt)

    def _kept(self, node: Node) -> Location:
        array = CodeArray(f"k{len(self.kept)}", self.width(node), "kept")
        self.kept.append(array)
        return Location(array)

    # passes ------------------------------------------------------------------------------------------------------

    def _forward(self) -> TrainingPass:
        plan, step = self.forward, self.forward.step
        self.where |= {node: Location(array) for node, array in zip(step.inputs, self.inputs, strict=True)}
        self.where |= {node: Location(each.before) for node, each in zip(step.states, self.states, strict=True)}
        wanted: list[tuple[Node, CodeArray]] = [(step.output, self.output)]
        carried = [(node, each.after) for node, each in zip(step.next_states, self.states, strict=True)]
        made = self._pass(plan, wanted, carried)
        # what the backward plan may read: all else it computes again
        at_hand = {*step.inputs, *step.states, step.output, *plan.saved}
        self.where = {node: place for node, place in self.where.items() if node in at_hand}
        return made

    def _backward(self) -> TrainingPass:
        plan, step = self.backward, self.backward.step
        gradients = [Location(self.output_gradient), *(Location(each.gradient_after) for each in self.states)]
        self.where |= dict(zip((*step.incoming_outputs, *step.incoming_states), gradients, strict=True))
        wanted = list(zip(step.inputs, self.input_gradients, strict=True))
        carried = [(node, each.gradient_before) for node, each in zip(step.states, self.states, strict=True)]
        made = self._pass(plan, wanted, carried)
        sums: list[Statement | OuterSum] = []
        for group in plan.weight_gradients:
            for node, delta in zip(group.results, group.deltas, strict=True):
                rows, width = self.width(group.operand), self.width(delta)
                operand, delta_at = self.where[group.operand], self.where[delta]
                sums.append(OuterSum(self._total(node, rows * width), operand, rows, delta_at, width))
        for node in plan.row_sums:
            value = self.where[node.args[0]]
            width = self.width(node.args[0])
            total = Store(Location(self._total(node, width)), (1,), 0, "add")
            sums.append(Loop((width,), (Load(value, (1,)), total)))
        return TrainingPass(made.before, made.loop, (*made.after, *sums))

    def _total(self, node: Node, size: int) -> CodeArray:
        array = self._whole(size, "total")
        self._known[node] = array
        return array

    def _pass(
        self,
        plan: ForwardPlan | BackwardPlan,
        wanted: Sequence[tuple[Node, CodeArray]],
        carried: Sequence[tuple[Node, CodeArray]],
    ) -> TrainingPass:
        """Return the statements of a plan's three segments, which put values where they are wanted."""
        self.targets, self.given, self.statements = {}, set(self.where), []
        for node, array in (*wanted, *carried):
            if node.rows:
                self.targets.setdefault(node, []).append(Location(array))
        following = [node for node, _ in carried if node.rows]
        computed = {node for each in (plan.before, plan.loop, plan.after) for node in each.nodes}
        passed = dict.fromkeys(node for node, _ in wanted if node.rows and node not in computed)
        read = {*plan.loop.reads, *plan.after.reads, *plan.before.writes, *plan.loop.writes, *plan.after.writes}
        before = self._segment(plan.before, {*read, *following}, plan.before.writes)
        self.statements = [self._same_in_all(node, array) for node, array in carried if not node.rows]
        loop = self._segment(plan.loop, {*read, *following}, plan.loop.writes, following)
        self.statements = [self._same_in_all(node, array) for node, array in wanted if not node.rows]
        after = self._segment(plan.after, read, (*plan.after.writes, *passed))
        return TrainingPass(before, loop, after)

    def _segment(
        self, segment: Segment, needed: set[Node], written: Iterable[Node], carried: Sequence[Node] = ()
    ) -> tuple[Statement | OuterSum, ...]:
        written = tuple(
            dict.fromkeys(node for node in written if node.op not in COMPARISONS)
        )  # made where they are used
        found = schedule(fused(segment, needed), written, carried)
        here = set(segment.nodes)
        self.given -= here  # what another segment computed too is computed anew
        made = self.place_local(found)
        for node in written:
            # of what is computed here: the result of a product lies beside others first
            if node in here and (node in made or node not in self.where):
                places = self.targets.setdefault(node, [])
                if not places:
                    places.append(self._kept(node))
                if node not in made:
                    self.where[node] = places[0]
        self.run(found)
        for node in written:
            if node in made:
                self.where[node] = self.targets[node][0]
        self.given |= here
        # what was kept for the rows at hand is gone for the next segment, which may compute it anew
        self.where = {node: place for node, place in self.where.items() if place.array.kind != "scratch"}
        self.targets = {n: [p for p in places if p.array.kind != "scratch"] for n, places in self.targets.items()}
        return tuple(self.statements)

    def _same_in_all(self, node: Node, array: CodeArray) -> Loop:
        """Store what has no rows in each row."""
        number = self.folded(node)
        width = self.width(node)
        source = Load(Location(self.parameter(node)), (int(width > 1),)) if number is None else Literal(number)
        return Loop((array.size,), (source, Store(Location(array), (1,), 0)))

    # what has no rows --------------------------------------------------------------------------------------------

    def is_in_memory(self, node: Node) -> bool:
        """Return whether a node without rows is read from memory: all but truth values are."""
        return node.op not in COMPARISONS

    def folded(self, node: Node) -> float | None:
        """Return the number that a node without rows is, if it is made of numbers alone."""
        if node in self._known or any(each.rows for each in topological([node])):
            return None
        return super().folded(node)

    def parameter(self, node: Node) -> CodeArray:
        """Return the memory of what has no rows, and see to it that it is computed."""
        if node not in self._known:
            self._known[node] = self._computed(node)
        return self._known[node]

    def term(self, operand: Node, line: Sequence[Node]) -> ProductTerm:
        """Return a value times matrices that lie side by side."""
        rows = self.number(line[0].shape[0])
        return ProductTerm(self.where[operand], rows, self._side_by_side(line, rows, list(map(self._columns, line))))

    def start(self, nodes: Sequence[Node | None], widths: Sequence[int]) -> CodeArray:
        """Return what sums begin with, side by side."""
        return self._side_by_side(nodes, 1, widths)

    def _columns(self, weight: Node) -> int:
        return self.number(weight.shape[1])

    def _side_by_side(self, nodes: Sequence[Node | None], rows: int, widths: Sequence[int]) -> CodeArray:
        """Return matrices of as many rows side by side, computed before the forward pass."""
        key = tuple(nodes)
        if key not in self._packed:
            together, at = sum(widths), 0
            packed = self._packed[key] = self._whole(rows * together, "whole")
            for node, width in zip(nodes, widths, strict=True):
                strides = (together, 1)
                source: Instruction = Literal(0.0)
                if node is not None and node.op == "transpose":
                    source = Load(Location(self.parameter(node.args[0])), (1, rows))
                elif node is not None:
                    source = Load(Location(self.parameter(node)), (width, 1))
                self._once.append(Loop((rows, width), (source, Store(Location(packed, at), strides, 0))))
                at += width
        return self._packed[key]

    def _whole(self, size: int, kind: str) -> CodeArray:
        array = CodeArray(f"w{len(self.wholes)}", size, kind)
        self.wholes.append(array)
        return array

    def _dimensions(self, node: Node) -> tuple[int, ...]:
        return tuple(map(self.number, node.shape)) or (1,)

    def _computed(self, node: Node) -> CodeArray:
        """Compute what is made of parameters and numbers alone, or of gradients of parameters."""
        expressions = self.forward.prelude
        if node in expressions.leaves:
            return self.parameter(expressions.values[expressions.leaves.index(node)])
        shape = self._dimensions(node)
        argument = node.args[0] if node.args else node
        if node.op == "reshape" or (node.op in PASSED_THROUGH and self._dimensions(argument) == shape):
            return self.parameter(argument)
        inside = self._dimensions(argument)
        made = self._whole(int(np.prod(shape)), "whole")
        target, along = Location(made), _row_major(shape)
        match node.op:
            case "transpose":
                load = Load(Location(self.parameter(argument)), _row_major(inside)[::-1])
                self._once.append(Loop(shape, (load, Store(target, along, 0))))
            case "sum" | "max" | "min" | "sum_rows":
                kind = "sum" if node.op == "sum_rows" else node.op
                load = Load(Location(self.parameter(argument)), _row_major(inside))
                strides = (0, *along) if node.op == "sum_rows" else _stretched(shape, len(inside))
                strides = strides[-len(inside) :]
                self._once += [
                    Fill(target, made.size, NEUTRAL[kind]),
                    Loop(inside, (load, Store(target, strides, 0, JOINED[kind]))),
                ]
            case "matmul":
                self._multiply(node, made)
            case "cumsum" | "reverse_cumsum" | "noise" | "outer" | "batch_mean":
                raise ExportError(f"{self.direction.name}: training cannot be exported: {node.op} of parameters alone")
            case _:
                instructions: list[Instruction] = []
                value = self._elementwise(node, len(shape), instructions)
                self._once.append(Loop(shape, (*instructions, Store(target, along, value))))
        return made

    def _multiply(self, node: Node, made: CodeArray) -> None:
        """Multiply two matrices that have no rows of a batch."""
        first, second = node.args
        *outer, inner = self._dimensions(first)
        rows, columns = int(np.prod(outer)), self._columns(second)
        loads = [
            Load(Location(self.parameter(first)), (inner, 1, 0)),
            Load(Location(self.parameter(second)), (0, columns, 1)),
        ]
        total = Store(Location(made), (columns, 0, 1), 2, "add")
        self._once += [
            Fill(Location(made), made.size, 0.0),
            Loop((rows, inner, columns), (*loads, Apply("mul", (0, 1)), total)),
        ]

    def _elementwise(self, node: Node, rank: int, instructions: list[Instruction]) -> int:
        """Add the instructions of an elementwise node; return the place of its value."""
        arguments = []
        for each in node.args or (node,):
            number = self.folded(each)
            if number is not None:
                instructions.append(Literal(number))
            elif each.op in COMPARISONS:
                self._elementwise(each, rank, instructions)
            else:
                strides = _stretched(self._dimensions(each), rank)
                instructions.append(Load(Location(self.parameter(each)), strides))
            arguments.append(len(instructions) - 1)
        if node.op in PASSED_THROUGH or not node.args:
            return arguments[0]
        instructions.append(Apply(node.op, tuple(arguments)))
        return len(instructions) - 1

    def _finish(self) -> None:
        """Compute the gradients of all parameters from those of what stands for their expressions."""
        plan, prelude = self.backward, self.forward.prelude
        direct = dict(zip(self.forward.step.parameters, plan.step.parameters, strict=True))
        seeds = []
        for stands_for_it, value in zip(prelude.leaves, prelude.values, strict=True):
            if stands_for_it in direct:
                seed = leaf("parameter", f"(gradient of {stands_for_it.name})", stands_for_it.shape)
                self._known[seed] = self.parameter(direct[stands_for_it])
                seeds.append((value, seed))
        adjoints = pull_back(seeds)
        for node, parameter in self.parameters.items():
            if parameter.gradient is None or isinstance(node, str):
                continue
            parts = [each for each in (direct.get(node), adjoints.get(node)) if each is not None]
            if parts:
                together = add(*parts) if len(parts) == 2 else parts[0]
                found = Location(self.parameter(together))
                self._once.append(Copy(Location(parameter.gradient), found, parameter.gradient.size))


def _row_major(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the strides of an array that lies row by row."""
    return tuple(int(np.prod(shape[axis + 1 :])) for axis in range(len(shape)))


def _stretched(shape: Sequence[int], rank: int) -> tuple[int, ...]:
    """Return the strides of an array in a nest of so many loops, aligned at the last; an axis that is 1 wide stays."""
    strides = tuple(0 if size == 1 else stride for size, stride in zip(shape, _row_major(shape), strict=True))
    return (0,) * (rank - len(shape)) + strides
