"""A batch of sequences in ONNX: its layers, each direction by a recurrent operator, or by Scan with its equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from onnx import TensorProto, helper

from recurra.backends.evaluator import Evaluator
from recurra.derive.stages import Product, Segment
from recurra.errors import ExportError
from recurra.export.description import (
    Array,
    ExportedArrangement,
    ExportedDirection,
    ExportedEmbedding,
    ExportedInput,
    ExportedLayer,
    ExportedSelfAttention,
    Framing,
    Unfolding,
)
from recurra.export.onnx_attention import attended, behind_end, linear
from recurra.export.onnx_graph import Dimension, GraphWriter, OnnxValue, info, onnx_spelling
from recurra.export.onnx_operators import RecurrentOperator, operator_of
from recurra.graph.node import COMPARISONS, Node, topological

__all__ = ["Sequences"]

_OF_SMALL_NUMBERS = {"div", "log", "sqrt", "pow"}
"""Operations for which 1e-9 is another number than 0."""


class Sequences:
    """A batch of sequences while its layers are written; its rows are (time, batch, size), for one step (batch, size).

    Parameters
    ----------
    graph : GraphWriter
    x : OnnxValue
        Of tokens without size.
    further : mapping from the name of a further input to its value
    lengths : OnnxValue, optional
        Of the sequences, (batch,) int32.
    is_one_step : bool
    is_row : bool
        Whether there is one row, (batch, size), which becomes a sequence later.
    """

    def __init__(
        self, graph: GraphWriter, x: OnnxValue, further: Mapping[str, OnnxValue], *,
        lengths: OnnxValue | None = None, is_one_step: bool = False, is_row: bool = False,
    ) -> None:  # fmt: skip
        self.graph, self.x, self.further, self.lengths = graph, x, further, lengths
        self.is_one_step, self.is_row = is_one_step, is_row
        self.spelling = onnx_spelling(graph)
        self.is_pooled = False
        self._running: OnnxValue | None = None

    def layer(
        self, layer: ExportedLayer, x: OnnxValue, states: Sequence[Sequence[OnnxValue]]
    ) -> tuple[OnnxValue, list[Sequence[OnnxValue]]]:
        """Run a layer, given the first states of each direction; return its output, and the last states of each."""
        if layer.of_last is not None:
            x = self.x = self._steps_of(x, layer.of_last)
        if layer.frame is not None:
            x = self._framed(layer.frame, x)
        outputs, finals, left = [], [], iter(states)
        for part in layer.parts:
            if isinstance(part, ExportedEmbedding):
                outputs.append(self._embedded(part, x))
            elif isinstance(part, ExportedInput):
                outputs.append(self.further[part.name])
            elif isinstance(part, ExportedArrangement):
                outputs.append(self._arranged(part, x))
            elif isinstance(part, ExportedSelfAttention):
                outputs.append(self._asked(part, x))
            else:
                read = self._part(x, part.begin, part.input_size)
                if layer.is_pooled:
                    after = _DirectionWriter(self, part, read, next(left)).last_states()
                    outputs.append(after[0])
                else:
                    output, after = self.direction(part, read, next(left))
                    outputs.append(output)
                finals.append(after)
        self.is_pooled |= layer.is_pooled
        y = self.spelling["join"](outputs, -1)
        return self._unfolded(layer.unfolding, y) if layer.unfolding else y, finals

    def _arranged(self, part: ExportedArrangement, x: OnnxValue) -> OnnxValue:
        """Return a row in another order: constants stand behind what it reads, and all is picked by its place."""
        sources, constants = part.sources(), part.constants
        own = np.unique(constants[sources < 0])
        places = np.where(sources < 0, part.input_size + np.searchsorted(own, constants), sources)
        everything = self.spelling["join"]([x, self.begun(own)], -1)
        return self.graph.apply(
            "Gather", [everything, self.graph.constant(places)], ("batch", part.output_size), axis=1
        )

    def _asked(self, part: ExportedSelfAttention, x: OnnxValue) -> OnnxValue:
        """Return each step and what it finds in all steps of its sequence."""
        graph, attention = self.graph, part.attention
        rows = graph.apply("Transpose", [x], ("batch", "time", part.input_size), perm=[1, 0, 2])
        keys, values = (linear(graph, attention, name, rows) for name in "kv")
        hidden = None if self.lengths is None else behind_end(graph, self.lengths, rows)
        found, _ = attended(graph, attention, rows, keys, values, hidden)
        return self.spelling["add"](x, graph.apply("Transpose", [found], x.shape, perm=[1, 0, 2]))

    def _unfolded(self, unfolding: Unfolding, row: OnnxValue) -> OnnxValue:
        """Return the sequence that a row becomes, and keep the rest."""

        def rows(begin: int, size: int) -> OnnxValue:
            shape = self.graph.constant(np.array([-1, unfolding.steps, size], np.int64))
            part = self._part(row, begin, begin + unfolding.steps * size)
            wide = self.graph.apply("Reshape", [part, shape], ("batch", "time", size))
            return self.graph.apply("Transpose", [wide], ("time", "batch", size), perm=[1, 0, 2])

        made = {name: rows(unfolding.places[name], size) for name, size in unfolding.beside.items()}
        for name, size in unfolding.kept.items():
            begin = unfolding.places[name]
            made[name] = self._part(row, begin, begin + size)
        self.further, self.is_row = {**self.further, **made}, False
        self.x = rows(0, unfolding.size)
        return self.x

    def _steps_of(self, x: OnnxValue, last: int) -> OnnxValue:
        """Return the last steps of a sequence."""
        numbers = [self.graph.constant(np.array([value], np.int64)) for value in (-last, np.iinfo(np.int64).max, 0)]
        return self.graph.apply("Slice", [x, *numbers], x.shape)

    def _embedded(self, part: ExportedEmbedding, tokens: OnnxValue) -> OnnxValue:
        shape = (*tokens.shape, part.output_size)
        return self.graph.apply("Gather", [self.graph.constant(part.vectors), tokens], shape, axis=0)

    def _part(self, x: OnnxValue, begin: int, end: int) -> OnnxValue:
        """Return some of the features."""
        if (begin, end) == (0, x.shape[-1]):
            return x
        numbers = [self.graph.constant(np.array([value], np.int64)) for value in (begin, end, -1)]
        return self.graph.apply("Slice", [x, *numbers], (*x.shape[:-1], end - begin))

    def _framed(self, frame: Framing, x: OnnxValue) -> OnnxValue:
        """Return the rows that each step of a convolution reads, side by side; from here on there are so many steps."""
        graph, size = self.graph, x.shape[-1]

        def whole(*values: int) -> OnnxValue:
            return graph.constant(np.array(values, np.int64))

        padded = graph.apply("Pad", [self.kept(x), whole(frame.padding, 0, 0, frame.padding, 0, 0)], x.shape)
        rows, framed = [], "framed_time"
        for k in range(frame.size):
            end = k + 1 - frame.size or np.iinfo(np.int64).max  # counted from the end
            rows.append(graph.apply(
                "Slice", [padded, whole(k), whole(end), whole(0), whole(frame.stride)], (framed, "batch", size)
            ))  # fmt: skip
        if self.lengths is not None:
            wide = graph.apply("Cast", [self.lengths], ("batch",), to=TensorProto.INT64)
            added = whole(2 * frame.padding - frame.size + frame.stride)
            room = graph.apply("Max", [graph.apply("Add", [wide, added], ("batch",)), whole(0)], ("batch",))
            steps = graph.apply("Div", [room, whole(frame.stride)], ("batch",))
            self.lengths = graph.apply("Cast", [steps], ("batch",), to=TensorProto.INT32)
        self.x, self._running = rows[0], None
        return self.spelling["join"](rows, -1)

    def kept(self, y: OnnxValue) -> OnnxValue:
        """Return rows that are zero after the end of their sequence."""
        if self.lengths is None or self.is_pooled:
            return y
        zero = self.graph.constant(np.zeros((), np.float32))
        return self.graph.apply("Where", [self.running(), y, zero], y.shape)

    def begun(self, values: Array) -> OnnxValue:
        """Return what a state begins with, (size,), for each sequence."""
        place = 0 if self.is_one_step or self.is_row else 1
        batch = self.graph.apply("Shape", [self.x], (1,), start=place, end=place + 1)
        size = self.graph.constant(np.array([len(values)], np.int64))
        shape = self.graph.apply("Concat", [batch, size], (2,), axis=0)
        return self.graph.apply("Expand", [self.graph.constant(values), shape], ("batch", len(values)))

    def direction(
        self, direction: ExportedDirection, x: OnnxValue, states: Sequence[OnnxValue]
    ) -> tuple[OnnxValue, Sequence[OnnxValue]]:
        """Run a direction; return its output and its last states."""
        operator = None if self.is_one_step else operator_of(direction)
        if operator is not None:
            return self._by_operator(operator, direction, x, states)
        return _DirectionWriter(self, direction, x, states).run()

    def _by_operator(
        self, operator: RecurrentOperator, direction: ExportedDirection, x: OnnxValue, states: Sequence[OnnxValue]
    ) -> tuple[OnnxValue, Sequence[OnnxValue]]:
        graph, spelled = self.graph, operator.spelled(direction)
        size = direction.initial[0].size
        axis = graph.constant(np.array([0], np.int64))
        initial = [graph.apply("Unsqueeze", [state, axis], (1, "batch", size)) for state in states]
        arrays = [self.matrix(values, scales) for values, scales in spelled.matrices]
        inputs = [x, *arrays, graph.constant(spelled.biases), self.lengths, *initial]
        if spelled.peepholes is not None:
            inputs.append(graph.constant(spelled.peepholes))
        shapes: list[tuple[Dimension, ...]] = [("time", 1, "batch", size), *[(1, "batch", size)] * len(states)]
        way = "reverse" if direction.reverse else "forward"
        y, *finals = graph.several(
            operator.kind, inputs, shapes, hidden_size=size, direction=way, **operator.attributes
        )
        middle = graph.constant(np.array([1], np.int64))
        out = graph.apply("Squeeze", [y, middle], ("time", "batch", size))
        return out, [graph.apply("Squeeze", [final, axis], ("batch", size)) for final in finals]

    def matrix(self, values: Array, scales: Array | None, *, axis: int = 1) -> OnnxValue:
        """Return a constant; of int8 with a scale for each place along an axis."""
        if scales is None:
            return self.graph.constant(values.astype(np.float32))
        # not by DequantizeLinear, of which onnxruntime may make a product of rounded inputs, too
        wide = self.graph.apply("Cast", [self.graph.constant(values)], values.shape, to=TensorProto.FLOAT)
        along = scales.astype(np.float32).reshape([-1 if k == axis else 1 for k in range(values.ndim)])
        return self.graph.apply("Mul", [wide, self.graph.constant(along)], values.shape)

    def number_of_steps(self) -> OnnxValue:
        """Return how many steps there are, (1,)."""
        return self.graph.apply("Shape", [self.x], (1,), start=0, end=1)

    def steps(self) -> OnnxValue:
        """Return the number of each step, (time,)."""
        graph = self.graph
        zero, one = (graph.constant(np.array(value, np.int64)) for value in (0, 1))
        count = graph.apply("Squeeze", [self.number_of_steps()], ())
        return graph.apply("Range", [zero, count, one], ("time",))

    def running(self) -> OnnxValue:
        """Return which steps a sequence has, (time, batch, 1)."""
        if self._running is None:
            graph = self.graph
            axes = graph.constant(np.array([1, 2], np.int64))
            steps = graph.apply("Unsqueeze", [self.steps(), axes], ("time", 1, 1))
            assert self.lengths is not None
            lengths = graph.apply("Cast", [self.lengths], ("batch",), to=TensorProto.INT64)
            lengths = graph.apply("Unsqueeze", [lengths, graph.constant(np.array([1], np.int64))], ("batch", 1))
            self._running = graph.apply("Less", [steps, lengths], ("time", "batch", 1))
        return self._running

    def at_every_step(self, value: OnnxValue) -> OnnxValue:
        """Return what is the same for a sequence, (batch, size), as (time, batch, size)."""
        if self.is_one_step or self.is_row:
            return value
        graph = self.graph
        ones = graph.constant(np.array([1, 1], np.int64))
        shape = graph.apply("Concat", [self.number_of_steps(), ones], (3,), axis=0)
        return graph.apply("Expand", [value, shape], ("time", *value.shape))


class _DirectionWriter:
    """One direction of one layer as its own equations."""

    def __init__(
        self, sequences: Sequences, direction: ExportedDirection, x: OnnxValue, states: Sequence[OnnxValue]
    ) -> None:
        self.sequences, self.direction, self.states = sequences, direction, states
        self.plan, self.step, self.graph = direction.plan, direction.plan.step, sequences.graph
        self.known = {node: self._constant(node) for node in self.step.parameters}
        self.blocks = dict(self._blocks())
        self.rows: dict[Node, OnnxValue] = {}
        for leaf in self.step.inputs:
            if leaf is self.step.inputs[0]:
                self.rows[leaf] = x
            elif leaf in direction.tables:
                self.rows[leaf] = self._table(direction.tables[leaf])
            else:
                value = sequences.further[leaf.name]
                is_once = leaf.name in self.step.per_sequence
                self.rows[leaf] = sequences.at_every_step(value) if is_once else value

    def run(self) -> tuple[OnnxValue, Sequence[OnnxValue]]:
        """Write all of it; return the output and the last states."""
        plan, step = self.plan, self.step
        finals = self._written(list(dict.fromkeys((*plan.after.reads, step.output))))
        self._evaluator(self.graph).run(plan.after, self.rows)
        output = self.rows[step.output]
        return output if self.sequences.is_one_step else self.sequences.kept(output), finals

    def last_states(self) -> Sequence[OnnxValue]:
        """Write it up to the last states; return these."""
        return self._written([])

    def _written(self, wanted: Sequence[Node]) -> Sequence[OnnxValue]:
        """Write what is before and in the time loop; what is wanted of it goes to the rows. Return the last states."""
        plan, step, evaluator = self.plan, self.step, self._evaluator(self.graph)
        if any(node.op == "batch_mean" for node in topological(step.roots)):
            raise ExportError(
                f"{self.direction.name}: a mean over the batch is no operation of ONNX's recurrent graphs"
            )
        evaluator.run(plan.before, self.rows)
        if step.states and not self.sequences.is_one_step:
            return self._scan(wanted)
        self.rows.update(zip(step.states, self.states, strict=True))
        evaluator.run(plan.loop, self.rows)
        return [self.rows[node] for node in step.next_states]

    def _scan(self, wanted: Sequence[Node]) -> list[OnnxValue]:
        """Write the time loop; what is wanted of it goes to the rows. Return the last states."""
        plan, step, graph = self.plan, self.step, self.graph
        inside = graph.inside()
        computed = set(plan.loop.nodes)
        reads = [node for node in (*plan.loop.reads, *step.next_states) if node not in computed]
        reads = [node for node in dict.fromkeys(reads) if node not in step.states]
        wanted = [node for node in wanted if self._is_of_loop(node, computed)]
        rows = {leaf: inside.value(inside.name("state"), state.shape)
                for leaf, state in zip(step.states, self.states, strict=True)}  # fmt: skip
        rows |= {node: inside.value(inside.name("row"), self.rows[node].shape[1:]) for node in reads}
        running = None
        if self.sequences.lengths is not None:
            running = inside.value(inside.name("running"), ("batch", 1))
        self._evaluator(inside).run(plan.loop, rows)
        following = []
        for leaf, node in zip(step.states, step.next_states, strict=True):
            value = rows[node]
            if running is not None:
                value = inside.apply("Where", [running, value, rows[leaf]], value.shape)
            following.append(inside.apply("Identity", [value], rows[leaf].shape))
        outputs = [inside.apply("Identity", [rows[node]], rows[node].shape) for node in wanted]
        infos = [info(rows[node].name, rows[node].shape, _kind_of(node)) for node in (*step.states, *reads)]
        if running is not None:
            infos.append(info(running.name, running.shape, TensorProto.BOOL))
        results = zip((*step.states, *wanted), (*following, *outputs), strict=True)
        body = helper.make_graph(
            inside.nodes, f"step_{self.direction.name}", infos,
            [info(value.name, value.shape, _kind_of(node)) for node, value in results],
        )  # fmt: skip
        scanned = [self.rows[node] for node in reads] + ([self.sequences.running()] if running is not None else [])
        way = int(self.direction.reverse)
        shapes_out = [*(value.shape for value in self.states), *(("time", *value.shape) for value in outputs)]
        results = graph.several(
            "Scan", [*self.states, *scanned], shapes_out, body=body, num_scan_inputs=len(scanned),
            scan_input_directions=[way] * len(scanned),
            **({"scan_output_directions": [way] * len(outputs)} if outputs else {}),
        )  # fmt: skip
        self.rows.update(zip(wanted, results[len(self.states) :], strict=True))
        return results[: len(self.states)]

    def _is_of_loop(self, node: Node, computed: set[Node]) -> bool:
        return node in computed or node in self.step.states

    # values without rows -----------------------------------------------------------------------------------------

    def _evaluator(self, graph: GraphWriter) -> Evaluator:
        evaluator = Evaluator(
            onnx_spelling(graph, keeps_tails=self._brings_tails_out()), self.direction.sizes,
            number=lambda value: graph.constant(np.array(value, np.float32)),
            known={node: graph.here(value) for node, value in self.known.items()},
        )  # fmt: skip
        evaluator.blocks.update({product: graph.here(value) for product, value in self.blocks.items()})
        return evaluator

    def _brings_tails_out(self) -> bool:
        """Return whether very small numbers may count, because something is divided by them."""
        return any(node.op in _OF_SMALL_NUMBERS for node in topological(self.step.roots) if node.rows)

    def _constant(self, node: Node) -> OnnxValue:
        values, scales = self.direction.arrays[node], self.direction.scales.get(node)
        return self.sequences.matrix(values, scales)

    def _blocks(self) -> list[tuple[Product, OnnxValue]]:
        """Return the matrix of each product, put together here rather than when the graph runs."""
        found, join = [], self.sequences.spelling["join"]
        for product in (p for each in (self.plan.before, self.plan.loop, self.plan.after) for p in _products(each)):
            lines = [self._line(line) for line in product.weights]
            if any(scales is not None for _, scales in lines):
                found.append((product, join([self.sequences.matrix(*line) for line in lines], 0)))
            else:
                found.append((product, self.graph.constant(np.concatenate([values for values, _ in lines]))))
        return found

    def _line(self, weights: Sequence[Node]) -> tuple[Array, Array | None]:
        """Return matrices side by side; with scales, if all are of int8."""
        arrays, scales = self.direction.arrays, self.direction.scales
        if all(weight in scales for weight in weights):
            return np.concatenate([arrays[w] for w in weights], 1), np.concatenate([scales[w] for w in weights])
        return np.concatenate([arrays[w] * scales.get(w, np.float32(1)) for w in weights], 1), None

    def _table(self, values: Array) -> OnnxValue:
        """Return the running statistics of each step, (time, 1 or batch, size)."""
        if self.sequences.is_one_step:
            raise ExportError(
                f"{self.direction.name}: its running statistics are of each step of a sequence, and a graph of one "
                "step does not know which; export all steps, or to C, which counts them"
            )
        graph, size = self.graph, values.shape[1]
        last = graph.constant(np.array(len(values) - 1, np.int64))
        axis = graph.constant(np.array([1], np.int64))
        steps, shape = graph.apply("Unsqueeze", [self.sequences.steps(), axis], ("time", 1)), ("time", 1)
        if self.direction.reverse:  # from the end of each sequence
            lengths, one = self.sequences.lengths, graph.constant(np.array(1, np.int64))
            if lengths is None:
                end = self.sequences.number_of_steps()
            else:
                end, shape = graph.apply("Cast", [lengths], ("batch",), to=TensorProto.INT64), ("time", "batch")
            ahead = graph.apply("Sub", [graph.apply("Sub", [end, one], end.shape), steps], shape)
            steps = graph.apply("Max", [ahead, graph.constant(np.array(0, np.int64))], shape)
        places = graph.apply("Min", [steps, last], shape)
        return graph.apply("Gather", [graph.constant(values), places], (*shape, size), axis=0)


def _kind_of(node: Node) -> int:
    """Return the type of a value's numbers."""
    return TensorProto.BOOL if node.op in COMPARISONS else TensorProto.FLOAT


def _products(segment: Segment) -> list[Product]:
    return [product for stage in segment.stages for product in stage.products]
