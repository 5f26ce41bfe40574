"""ONNX as a format of `export`: a recurrent operator where a cell is one, else Scan with the cell's own step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from recurra import __version__
from recurra.backends.evaluator import Evaluator
from recurra.derive.stages import Product, Segment
from recurra.errors import ExportError
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import Array, ExportedDirection, ExportedModel
from recurra.export.exporting import ExportOptions
from recurra.export.onnx_graph import Dimension, GraphWriter, OnnxValue, names_read, onnx_spelling
from recurra.export.onnx_operators import RecurrentOperator, operator_of
from recurra.graph.node import COMPARISONS, Node, topological

__all__ = ["OPSET", "OnnxArtefact", "OnnxFormat"]

OPSET = 17
_IR_VERSION = 8
"""Of the file, that of opset 17: runtimes read files of their own time and older ones."""
_OF_SMALL_NUMBERS = {"div", "log", "sqrt", "pow"}
"""Operations for which 1e-9 is another number than 0."""
_LARGEST = 2_000_000_000
"""Bytes, a little less than what a file of protocol buffers may have."""


class OnnxFormat:
    """One .onnx; see `recurra.export.exporting.ExportFormat`."""

    suffixes = (".onnx",)
    options = frozenset({"weights", "streaming", "lengths"})
    tolerance = 1e-5

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of the file; the test sequences are left out, as the format has no place for them."""
        made = _ModelWriter(model, options).model()
        if made.ByteSize() > _LARGEST:
            raise ExportError(f"{options.name}: {made.ByteSize():,} bytes; one file of ONNX holds 2 GB")
        onnx.checker.check_model(made, full_check=True)
        return {".onnx": made.SerializeToString()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> OnnxArtefact:
        """Return the file as onnxruntime runs it."""
        return OnnxArtefact(file, model, options)


@dataclass
class _ModelWriter:
    """Writes the graph of a model."""

    exported: ExportedModel
    options: ExportOptions
    graph: GraphWriter = field(default_factory=GraphWriter)

    def model(self) -> Any:
        """Return the model as ONNX has it."""
        exported, graph = self.exported, self.graph
        leading: tuple[Dimension, ...] = ("batch",) if self.options.streaming else ("time", "batch")
        outside = leading[::-1] if exported.batch_first and not self.options.streaming else leading
        inputs = [_info("x", (*outside, exported.input_size))]
        x = self._laid_out(graph.value("x", (*outside, exported.input_size)))
        further: dict[str, OnnxValue] = {}
        for name, size in exported.inputs.items():
            shape = ("batch", size) if name in exported.per_sequence else (*outside, size)
            inputs.append(_info(name, shape))
            value = graph.value(name, shape)
            further[name] = value if name in exported.per_sequence else self._laid_out(value)
        if self.options.lengths:
            inputs.append(_info("lengths", ("batch",), TensorProto.INT32))
        names = state_names(exported)
        for group, directions in zip(names, exported.groups, strict=True):
            for place, name in enumerate(group):
                size = directions[0].initial[place].size
                inputs.append(_info(f"{name}_0", (len(directions), "batch", size)))
        if twice := sorted(name for name, count in Counter([*(i.name for i in inputs), "y"]).items() if count > 1):
            raise ExportError(
                f"inputs of the graph: {twice} would be there twice; name the cell's own inputs otherwise"
            )
        run = _Sequences(graph, self.options, x, further)
        y, outputs = self._run(run, names)
        graph.renamed(self._laid_out(y), "y")
        outputs = [_info("y", (*outside, exported.output_size)), *outputs]
        read = set(names_read(graph.nodes))
        constants = [each for each in graph.initializers if each.name in read]
        made = helper.make_graph(graph.nodes, self.options.name, inputs, outputs, constants)
        return helper.make_model(
            made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION, producer_name="recurra",
            producer_version=__version__,
        )  # fmt: skip

    def _laid_out(self, value: OnnxValue) -> OnnxValue:
        """Return a value with time and batch exchanged, if the model has them in the other order."""
        if not self.exported.batch_first or self.options.streaming:
            return value
        shape = (value.shape[1], value.shape[0], value.shape[2])
        return self.graph.apply("Transpose", [value], shape, perm=[1, 0, 2])

    def _run(self, run: _Sequences, names: Sequence[Sequence[str]]) -> tuple[OnnxValue, list[Any]]:
        """Run all layers; return the last output, and what the graph puts out of states."""
        graph, groups = self.graph, self.exported.groups
        finals: list[list[list[OnnxValue]]] = [[[] for _ in group] for group in names]
        number_of = {id(each): (g, k) for g, directions in enumerate(groups) for k, each in enumerate(directions)}
        y = run.x
        for layer in self.exported.layers:
            made = []
            for direction in layer.directions:
                before: list[OnnxValue] = []
                if layer.group is not None:
                    group, place = number_of[id(direction)]
                    at = graph.constant(np.array(place, np.int64))
                    for name, begin in zip(names[group], direction.initial, strict=True):
                        given = graph.value(f"{name}_0", (len(groups[group]), "batch", begin.size))
                        before.append(graph.apply("Gather", [given, at], ("batch", begin.size), axis=0))
                out, after = run.direction(direction, y, before)
                made.append(out)
                if layer.group is not None:
                    for state, into in zip(after, finals[number_of[id(direction)][0]], strict=True):
                        into.append(state)
            y = onnx_spelling(graph)["join"](made, -1)
        outputs = []
        for group, states in zip(names, finals, strict=True):
            for name, each in zip(group, states, strict=True):
                axis = graph.constant(np.array([0], np.int64))
                alone = [graph.apply("Unsqueeze", [state, axis], (1, *state.shape)) for state in each]
                graph.renamed(onnx_spelling(graph)["join"](alone, 0), f"{name}_n")
                outputs.append(_info(f"{name}_n", (len(each), "batch", each[0].shape[-1])))
        return y, outputs


def state_names(model: ExportedModel) -> list[list[str]]:
    """Return, for each recurrent module, the names of its states; a number tells those of several modules apart."""
    groups = model.groups
    return [
        [f"{leaf.name}{f'_{number}' if len(groups) > 1 else ''}" for leaf in directions[0].plan.step.states]
        for number, directions in enumerate(groups)
    ]


def _info(name: str, shape: Sequence[Dimension], kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, list(shape))


class _Sequences:
    """A batch of sequences while its layers are written; its rows are (time, batch, size), for one step (batch, size).

    Parameters
    ----------
    graph : GraphWriter
    options : ExportOptions
    x : OnnxValue
    further : mapping from the name of a further input to its value
    """

    def __init__(
        self, graph: GraphWriter, options: ExportOptions, x: OnnxValue, further: Mapping[str, OnnxValue]
    ) -> None:
        self.graph, self.options, self.x, self.further = graph, options, x, further
        self.spelling = onnx_spelling(graph)
        self._running: OnnxValue | None = None

    def direction(
        self, direction: ExportedDirection, x: OnnxValue, states: Sequence[OnnxValue]
    ) -> tuple[OnnxValue, Sequence[OnnxValue]]:
        """Run a direction; return its output and its last states."""
        operator = None if self.options.streaming else operator_of(direction)
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
        lengths = graph.value("lengths", ("batch",)) if self.options.lengths else None
        arrays = [self.matrix(values, scales) for values, scales in spelled.matrices]
        inputs = [x, *arrays, graph.constant(spelled.biases), lengths, *initial]
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
            given = graph.value("lengths", ("batch",))
            lengths = graph.apply("Cast", [given], ("batch",), to=TensorProto.INT64)
            lengths = graph.apply("Unsqueeze", [lengths, graph.constant(np.array([1], np.int64))], ("batch", 1))
            self._running = graph.apply("Less", [steps, lengths], ("time", "batch", 1))
        return self._running

    def at_every_step(self, value: OnnxValue) -> OnnxValue:
        """Return what is the same for a sequence, (batch, size), as (time, batch, size)."""
        if self.options.streaming:
            return value
        graph = self.graph
        ones = graph.constant(np.array([1, 1], np.int64))
        shape = graph.apply("Concat", [self.number_of_steps(), ones], (3,), axis=0)
        return graph.apply("Expand", [value, shape], ("time", *value.shape))


class _DirectionWriter:
    """One direction of one layer as its own equations."""

    def __init__(
        self, sequences: _Sequences, direction: ExportedDirection, x: OnnxValue, states: Sequence[OnnxValue]
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
        plan, step, evaluator = self.plan, self.step, self._evaluator(self.graph)
        if any(node.op == "batch_mean" for node in topological(step.roots)):
            raise ExportError(
                f"{self.direction.name}: a mean over the batch is no operation of ONNX's recurrent graphs"
            )
        evaluator.run(plan.before, self.rows)
        if not step.states:
            evaluator.run(plan.loop, self.rows)
            evaluator.run(plan.after, self.rows)
            return self._kept(self.rows[step.output]), []
        if self.sequences.options.streaming:
            self.rows.update(zip(step.states, self.states, strict=True))
            evaluator.run(plan.loop, self.rows)
            evaluator.run(plan.after, self.rows)
            return self.rows[step.output], [self.rows[node] for node in step.next_states]
        finals = self._scan()
        evaluator.run(plan.after, self.rows)
        return self._kept(self.rows[step.output]), finals

    def _kept(self, y: OnnxValue) -> OnnxValue:
        """Return an output that is zero after the end of its sequence."""
        if not self.sequences.options.lengths:
            return y
        zero = self.graph.constant(np.zeros((), np.float32))
        return self.graph.apply("Where", [self.sequences.running(), y, zero], y.shape)

    def _scan(self) -> list[OnnxValue]:
        """Write the time loop; what is read after it goes to the rows. Return the last states."""
        plan, step, graph = self.plan, self.step, self.graph
        inside = graph.inside()
        computed = set(plan.loop.nodes)
        reads = [node for node in (*plan.loop.reads, *step.next_states) if node not in computed]
        reads = [node for node in dict.fromkeys(reads) if node not in step.states]
        wanted = [node for node in dict.fromkeys((*plan.after.reads, step.output)) if self._is_of_loop(node, computed)]
        rows = {leaf: inside.value(inside.name("state"), state.shape)
                for leaf, state in zip(step.states, self.states, strict=True)}  # fmt: skip
        rows |= {node: inside.value(inside.name("row"), self.rows[node].shape[1:]) for node in reads}
        running = None
        if self.sequences.options.lengths:
            running = inside.value(inside.name("running"), ("batch", 1))
        self._evaluator(inside).run(plan.loop, rows)
        following = []
        for leaf, node in zip(step.states, step.next_states, strict=True):
            value = rows[node]
            if running is not None:
                value = inside.apply("Where", [running, value, rows[leaf]], value.shape)
            following.append(inside.apply("Identity", [value], rows[leaf].shape))
        outputs = [inside.apply("Identity", [rows[node]], rows[node].shape) for node in wanted]
        infos = [_info(rows[node].name, rows[node].shape, _kind_of(node)) for node in (*step.states, *reads)]
        if running is not None:
            infos.append(_info(running.name, running.shape, TensorProto.BOOL))
        results = zip((*step.states, *wanted), (*following, *outputs), strict=True)
        body = helper.make_graph(
            inside.nodes, f"step_{self.direction.name}", infos,
            [_info(value.name, value.shape, _kind_of(node)) for node, value in results],
        )  # fmt: skip
        scanned = [self.rows[node] for node in reads] + ([self.sequences.running()] if running is not None else [])
        way = int(self.direction.reverse)
        shapes_out = [*(value.shape for value in self.states), *(("time", *value.shape) for value in outputs)]
        results = graph.several(
            "Scan", [*self.states, *scanned], shapes_out, body=body, num_scan_inputs=len(scanned),
            scan_input_directions=[way] * len(scanned), scan_output_directions=[way] * len(outputs),
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
        """Return the running statistics of each step, (time, 1, size)."""
        if self.sequences.options.streaming:
            raise ExportError(
                f"{self.direction.name}: its running statistics are of each step of a sequence, and a graph of one "
                "step does not know which; export all steps, or to C, which counts them"
            )
        graph, last = self.graph, self.graph.constant(np.array(len(values) - 1, np.int64))
        steps = self.sequences.steps()
        if self.direction.reverse:
            one = graph.constant(np.array(1, np.int64))
            end = graph.apply("Sub", [graph.apply("Squeeze", [self.sequences.number_of_steps()], ()), one], ())
            steps = graph.apply("Sub", [end, steps], ("time",))
        places = graph.apply("Min", [steps, last], ("time",))
        rows = graph.apply("Gather", [graph.constant(values), places], ("time", values.shape[1]), axis=0)
        axis = graph.constant(np.array([1], np.int64))
        return graph.apply("Unsqueeze", [rows, axis], ("time", 1, values.shape[1]))


def _kind_of(node: Node) -> int:
    """Return the type of a value's numbers."""
    return TensorProto.BOOL if node.op in COMPARISONS else TensorProto.FLOAT


def _products(segment: Segment) -> list[Product]:
    return [product for stage in segment.stages for product in stage.products]


class OnnxArtefact:
    """A file of ONNX, run by onnxruntime."""

    def __init__(self, file: Path, model: ExportedModel, options: ExportOptions) -> None:
        try:
            import onnxruntime
        except ModuleNotFoundError:
            raise ExportError(
                "a check of ONNX needs onnxruntime, which is not installed: pip install onnxruntime"
            ) from None
        self.model, self.options, self.names = model, options, state_names(model)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        settings.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(file), settings, providers=["CPUExecutionProvider"])

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run a batch of sequences; see `recurra.export.checking.Artefact`."""
        steps, batch = sequences.x.shape[:2]
        states = sequences.states or [
            [np.stack([np.tile(each.initial[place], (batch, 1)) for each in group]) for place, _ in enumerate(names)]
            for group, names in zip(self.model.groups, self.names, strict=True)
        ]
        if self.options.streaming:
            return self._run_steps(sequences, states)
        lengths = sequences.lengths or [steps] * batch
        flip = self.model.batch_first

        def laid_out(value: Array) -> Array:
            return np.ascontiguousarray(value.transpose(1, 0, 2)) if flip else value

        given = {"x": laid_out(sequences.x)}
        given |= {k: v if k in self.model.per_sequence else laid_out(v) for k, v in sequences.inputs.items()}
        if self.options.lengths:
            given["lengths"] = np.array(lengths, np.int32)
        y, after = self._call(given, states)
        return RunValues(laid_out(y), after)

    def _run_steps(self, sequences: CheckedSequences, states: Sequence[Sequence[Array]]) -> RunValues:
        """Run step by step; a sequence that has ended keeps its state and puts out zeros."""
        rows = []
        for t, x in enumerate(sequences.x):
            given = {"x": x}
            given |= {k: v if k in self.model.per_sequence else v[t] for k, v in sequences.inputs.items()}
            y, after = self._call(given, states)
            if sequences.lengths is not None:
                goes_on = np.array(sequences.lengths)[:, None] > t
                y = np.where(goes_on, y, np.float32(0))
                after = [[np.where(goes_on, new, old) for new, old in zip(n, o, strict=True)]
                         for n, o in zip(after, states, strict=True)]  # fmt: skip
            rows.append(y)
            states = after
        return RunValues(np.stack(rows), states)

    def _call(
        self, given: dict[str, Array], states: Sequence[Sequence[Array]]
    ) -> tuple[Array, Sequence[Sequence[Array]]]:
        for names, group in zip(self.names, states, strict=True):
            given |= {f"{name}_0": state for name, state in zip(names, group, strict=True)}
        known = {each.name for each in self._session.get_inputs()}  # what nothing reads may have been taken out
        y, *finals = self._session.run(None, {name: value for name, value in given.items() if name in known})
        left = iter(finals)
        return np.asarray(y), [[np.asarray(next(left)) for _ in names] for names in self.names]
