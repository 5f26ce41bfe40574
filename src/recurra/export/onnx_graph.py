"""ONNX graphs: values with names and shapes, the operation table spelled in ONNX's operators.

A value has the few manners of an array that `recurra.backends.evaluator` needs, so that the evaluator's way through a
segment writes the segment's nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

from recurra import __version__
from recurra.errors import ExportError
from recurra.graph.ops import Spelling

__all__ = ["Dimension", "GraphWriter", "OnnxValue", "info", "onnx_spelling"]

Dimension = int | str
"""A number, or the name of a dimension that is known when the graph runs."""

_OPSET = 17
_IR_VERSION = 8
"""Of the file, that of opset 17: runtimes read files of their own time and older ones."""
_LARGEST = 2_000_000_000
"""Bytes, a little less than what a file of protocol buffers may have."""


@dataclass(frozen=True, eq=False)
class OnnxValue:
    """A value of a graph.

    Attributes
    ----------
    graph : GraphWriter
        That its nodes are written to.
    name : str
    shape : tuple of numbers and names of dimensions
    """

    graph: GraphWriter
    name: str
    shape: tuple[Dimension, ...]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def reshape(self, shape: Sequence[Dimension]) -> OnnxValue:
        """Return the same numbers in another shape; dimensions with names stay where they are."""
        shape = tuple(shape)
        if shape == self.shape:
            return self
        for place, size in enumerate(shape):
            assert not isinstance(size, str) or self.shape[place] == size, f"{self.shape} as {shape}"
        sizes = [0 if isinstance(size, str) else size for size in shape]
        return self.graph.apply("Reshape", [self, self.graph.constant(np.array(sizes, np.int64))], shape)

    def __matmul__(self, other: OnnxValue) -> OnnxValue:
        """Return the product with a matrix."""
        return self.graph.apply("MatMul", [self, other], (*self.shape[:-1], other.shape[-1]))


@dataclass
class GraphWriter:
    """A graph while it is written; a graph inside of another one reads the outer one's values.

    Attributes
    ----------
    nodes : list of onnx.NodeProto
    initializers : list of onnx.TensorProto
    counter : list of one int
        How many names were given, over all graphs of a model.
    inputs : list of onnx.ValueInfoProto
    """

    nodes: list[NodeProto] = field(default_factory=list)
    initializers: list[TensorProto] = field(default_factory=list)
    counter: list[int] = field(default_factory=lambda: [0])
    inputs: list[ValueInfoProto] = field(default_factory=list)

    def inside(self) -> GraphWriter:
        """Return a graph inside of this one; its constants are this one's."""
        return GraphWriter(initializers=self.initializers, counter=self.counter)

    def name(self, kind: str) -> str:
        """Return a name that nothing has."""
        self.counter[0] += 1
        return f"{kind.lower()}_{self.counter[0]}"

    def input(self, name: str, shape: Sequence[Dimension], kind: int = TensorProto.FLOAT) -> OnnxValue:
        """Return a new input of the graph."""
        self.inputs.append(info(name, shape, kind))
        return self.value(name, shape)

    def value(self, name: str, shape: Sequence[Dimension]) -> OnnxValue:
        """Return a value that has a name already: an input of the graph."""
        return OnnxValue(self, name, tuple(shape))

    def here(self, value: OnnxValue) -> OnnxValue:
        """Return a value of the graph around, for nodes in this one."""
        return OnnxValue(self, value.name, value.shape)

    def constant(self, array: np.ndarray[Any, Any]) -> OnnxValue:
        """Return an array as a value."""
        name = self.name("constant")
        self.initializers.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return OnnxValue(self, name, array.shape)

    def apply(
        self, kind: str, inputs: Sequence[OnnxValue | None], shape: Sequence[Dimension], **attributes: Any
    ) -> OnnxValue:
        """Write a node with one output; return that."""
        return self.several(kind, inputs, [shape], **attributes)[0]

    def several(
        self, kind: str, inputs: Sequence[OnnxValue | None], shapes: Sequence[Sequence[Dimension]], **attributes: Any
    ) -> list[OnnxValue]:
        """Write a node with several outputs; return them."""
        names = [self.name(kind) for _ in shapes]
        given = ["" if value is None else value.name for value in inputs]
        self.nodes.append(helper.make_node(kind, given, names, **attributes))
        return [OnnxValue(self, name, tuple(shape)) for name, shape in zip(names, shapes, strict=True)]

    def output(self, value: OnnxValue, name: str, kind: int = TensorProto.FLOAT) -> ValueInfoProto:
        """Give a value the name that others outside know it by; return what the graph says of it."""
        self.nodes.append(helper.make_node("Identity", [value.name], [name]))
        return info(name, value.shape, kind)

    def model(self, name: str, outputs: Sequence[ValueInfoProto]) -> bytes:
        """Return the file of the graph, once it is checked, without the constants that nobody reads.

        Raises
        ------
        ExportError
            If it is larger than a file of ONNX may be.
        """
        read = set(_names_read(self.nodes))
        constants = [each for each in self.initializers if each.name in read]
        made = helper.make_graph(self.nodes, name, self.inputs, outputs, constants)
        model = helper.make_model(
            made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION, producer_name="recurra",
            producer_version=__version__,
        )  # fmt: skip
        if model.ByteSize() > _LARGEST:
            raise ExportError(f"{name}: {model.ByteSize():,} bytes; one file of ONNX holds 2 GB")
        checker.check_model(model, full_check=True)
        return model.SerializeToString()


def info(name: str, shape: Sequence[Dimension], kind: int = TensorProto.FLOAT) -> ValueInfoProto:
    """Return what a graph says of one of its inputs or outputs."""
    return helper.make_tensor_value_info(name, kind, list(shape))


def _names_read(nodes: Iterable[NodeProto]) -> Iterator[str]:
    """Yield the names that nodes read, those of the graphs inside of them too."""
    for node in nodes:
        yield from node.input
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _names_read(attribute.g.node)


def onnx_spelling(graph: GraphWriter, *, keeps_tails: bool = False) -> Spelling:
    """Return the table in ONNX's operators, opset 17; what it makes are nodes of a graph.

    `keeps_tails` says whether a small sigmoid keeps its digits: that of onnxruntime ends at 1.5e-8.
    """

    def plain(kind: str) -> Any:
        return lambda *values: graph.apply(kind, values, _together(values))

    def number(value: float) -> OnnxValue:
        return graph.constant(np.array(value, np.float32))

    def along(kind: str, a: OnnxValue, axis: int = -1) -> OnnxValue:
        shape = tuple(1 if k == a.ndim + axis else size for k, size in enumerate(a.shape))
        if kind == "ReduceSum":  # its axes are an input since opset 13, those of the others since opset 18
            return graph.apply(kind, [a, graph.constant(np.array([axis], np.int64))], shape, keepdims=1)
        return graph.apply(kind, [a], shape, axes=[axis], keepdims=1)

    def scan(a: OnnxValue, reverse: int) -> OnnxValue:
        return graph.apply("CumSum", [a, graph.constant(np.array(a.ndim - 1, np.int64))], a.shape, reverse=reverse)

    def unless_nan(a: OnnxValue, value: OnnxValue) -> OnnxValue:
        return graph.apply("Where", [graph.apply("IsNaN", [a], a.shape), a, value], a.shape)

    def heaviside(a: OnnxValue) -> OnnxValue:
        above = graph.apply("Greater", [a, number(0.0)], a.shape)
        return unless_nan(a, graph.apply("Cast", [above], a.shape, to=TensorProto.FLOAT))

    def sigmoid(a: OnnxValue) -> OnnxValue:
        if not keeps_tails:
            return graph.apply("Sigmoid", [a], a.shape)
        power = graph.apply("Exp", [graph.apply("Neg", [a], a.shape)], a.shape)
        return graph.apply("Reciprocal", [graph.apply("Add", [power, number(1.0)], a.shape)], a.shape)

    def softplus(a: OnnxValue) -> OnnxValue:  # ONNX's own, log(exp(a) + 1), may overflow
        small = graph.apply("Exp", [graph.apply("Neg", [graph.apply("Abs", [a], a.shape)], a.shape)], a.shape)
        tail = graph.apply("Log", [graph.apply("Add", [small, number(1.0)], a.shape)], a.shape)
        return graph.apply("Add", [graph.apply("Relu", [a], a.shape), tail], a.shape)

    def mod(a: OnnxValue, b: OnnxValue) -> OnnxValue:
        shape = _together((a, b))
        whole = graph.apply("Floor", [graph.apply("Div", [a, b], shape)], shape)
        return graph.apply("Sub", [a, graph.apply("Mul", [b, whole], shape)], shape)

    def stretch(a: OnnxValue, widths: Sequence[int], leading: int) -> OnnxValue:
        shape = (*a.shape[:leading], *widths)
        if shape == a.shape:
            return a
        # a size of 1 leaves a dimension as it is, known or not
        sizes = np.array([*(1 for _ in range(leading)), *widths], np.int64)
        return graph.apply("Expand", [a, graph.constant(sizes)], shape)

    def join(parts: Sequence[OnnxValue], axis: int) -> OnnxValue:
        if len(parts) == 1:
            return parts[0]
        first, place = parts[0], axis % parts[0].ndim
        total = sum(int(part.shape[place]) for part in parts)
        shape = tuple(total if k == place else size for k, size in enumerate(first.shape))
        return graph.apply("Concat", parts, shape, axis=place)

    def split(a: OnnxValue, widths: Sequence[int]) -> Sequence[OnnxValue]:
        if len(widths) == 1:
            return (a,)
        sizes = graph.constant(np.array(widths, np.int64))
        return graph.several("Split", [a, sizes], [(*a.shape[:-1], width) for width in widths], axis=-1)

    return {
        "add": plain("Add"), "sub": plain("Sub"), "mul": plain("Mul"), "div": plain("Div"), "neg": plain("Neg"),
        "sigmoid": sigmoid, "tanh": plain("Tanh"), "relu": plain("Relu"), "exp": plain("Exp"),
        "log": plain("Log"), "sqrt": plain("Sqrt"), "softplus": softplus, "sin": plain("Sin"), "cos": plain("Cos"),
        "erf": plain("Erf"), "abs": plain("Abs"), "sign": lambda a: unless_nan(a, plain("Sign")(a)),
        "floor": plain("Floor"), "mod": mod, "pow": plain("Pow"), "maximum": plain("Max"), "minimum": plain("Min"),
        "less": plain("Less"), "less_equal": plain("LessOrEqual"), "greater": plain("Greater"),
        "greater_equal": plain("GreaterOrEqual"), "where": plain("Where"),
        "sum": lambda a, axis=-1: along("ReduceSum", a, axis), "max": lambda a: along("ReduceMax", a),
        "min": lambda a: along("ReduceMin", a), "cumsum": lambda a: scan(a, 0), "reverse_cumsum": lambda a: scan(a, 1),
        "stop_gradient": lambda a: a, "heaviside": heaviside, "surrogate": lambda a, b: a,
        "transpose": lambda a: graph.apply("Transpose", [a], a.shape[::-1]),
        "stretch": stretch, "join": join, "split": split,
    }  # fmt: skip


def _together(values: Sequence[OnnxValue]) -> tuple[Dimension, ...]:
    """Return the common shape of values that are aligned at the last axis, where a size of 1 stretches."""
    rank = max(value.ndim for value in values)
    padded = [(1,) * (rank - value.ndim) + value.shape for value in values]
    return tuple(next((size for size in sizes if size != 1), 1) for sizes in zip(*padded, strict=True))
