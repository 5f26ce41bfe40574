"""Attention in ONNX."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from recurra.export.description import ExportedAttention
from recurra.export.onnx_graph import Dimension, GraphWriter, OnnxValue, onnx_spelling

__all__ = ["attended", "behind_end", "linear"]

_NEVER = np.finfo(np.float32).min
"""The score of what is not there: its share is zero."""


def linear(graph: GraphWriter, attention: ExportedAttention, part: str, rows: OnnxValue) -> OnnxValue:
    """Return rows as queries, ``"q"``, as keys, ``"k"``, as values, ``"v"``, or what was found as it goes on, ``"o"``.

    Parameters
    ----------
    rows : (..., features)
    """
    if (matrix := attention.arrays.get(f"W_{part}")) is not None:
        rows = rows @ graph.constant(matrix)
    if (bias := attention.arrays.get(f"b_{part}")) is not None:
        rows = graph.apply("Add", [rows, graph.constant(bias)], rows.shape)
    return rows


def behind_end(graph: GraphWriter, lengths: OnnxValue, rows: OnnxValue) -> OnnxValue:
    """Return which steps of rows (sequences, time, features) are behind the end of theirs, (sequences, time)."""
    zero, one = (graph.constant(np.array(value, np.int64)) for value in (0, 1))
    count = graph.apply("Squeeze", [graph.apply("Shape", [rows], (1,), start=1, end=2)], ())
    steps = graph.apply("Range", [zero, count, one], (rows.shape[1],))
    wide = graph.apply("Cast", [lengths], lengths.shape, to=TensorProto.INT64)
    return graph.apply("GreaterOrEqual", [steps, _with_axis(wide, 1)], (*lengths.shape, rows.shape[1]))


def attended(
    graph: GraphWriter, attention: ExportedAttention, query: OnnxValue, keys: OnnxValue, values: OnnxValue,
    hidden: OnnxValue | None,
) -> tuple[OnnxValue, OnnxValue]:  # fmt: skip
    """Return what queries find, and the shares of the rows that they looked at.

    Parameters
    ----------
    query : (batch, queries, size)
    keys, values : (batch, time, size) each, or of one sequence, which all queries ask
    hidden : (batch, time), optional
        Which rows are not there.

    Returns
    -------
    (batch, queries, size), and (batch, queries, time), of several heads their mean
    """
    (batch, queries, _), time, heads = query.shape, keys.shape[1], attention.heads
    query = linear(graph, attention, "q", query)
    spelling = onnx_spelling(graph)
    if "v" in attention.arrays:
        both = spelling["tanh"](spelling["add"](_with_axis(query, 2), _with_axis(keys, 1)))
        scores = both @ graph.constant(attention.arrays["v"][:, np.newaxis])  # (batch, queries, time, 1)
        scores = graph.apply("Transpose", [scores], (batch, 1, queries, time), perm=[0, 3, 1, 2])
    else:
        # queries are scaled rather than scores, of which there are more
        query = spelling["mul"](query, graph.constant(np.array(attention.scale, np.float32)))
        mine, theirs = _heads(query, heads, (0, 2, 1, 3)), _heads(keys, heads, (0, 2, 3, 1))
        scores = graph.apply("MatMul", [mine, theirs], (batch, heads, queries, time))
    if hidden is not None:
        nowhere = _with_axis(_with_axis(hidden, 1), 1)
        scores = graph.apply("Where", [nowhere, graph.constant(np.array(_NEVER)), scores], scores.shape)
    weights = graph.apply("Softmax", [scores], scores.shape, axis=-1)
    size, parts = int(values.shape[-1]), _heads(values, heads, (0, 2, 1, 3))
    found = graph.apply("MatMul", [weights, parts], (batch, heads, queries, size // heads))
    found = graph.apply("Transpose", [found], (batch, queries, heads, size // heads), perm=[0, 2, 1, 3])
    context = linear(graph, attention, "o", found.reshape((batch, queries, size)))
    mean = graph.apply("ReduceMean", [weights], (batch, queries, time), axes=[1], keepdims=0)
    return context, mean


def _with_axis(value: OnnxValue, place: int) -> OnnxValue:
    """Return a value with an axis of 1 more."""
    axis = value.graph.constant(np.array([place], np.int64))
    return value.graph.apply("Unsqueeze", [value, axis], (*value.shape[:place], 1, *value.shape[place:]))


def _heads(rows: OnnxValue, heads: int, order: tuple[int, ...]) -> OnnxValue:
    """Return rows (sequences, steps, size) as parts (sequences, steps, heads, size / heads), axes in another order."""
    parts: tuple[Dimension, ...] = (*rows.shape[:-1], heads, int(rows.shape[-1]) // heads)
    return rows.graph.apply("Transpose", [rows.reshape(parts)], [parts[axis] for axis in order], perm=list(order))
