"""ONNX of a model that reads a sequence and writes another: a graph of the encoder, and one of a step of the decoder.

Who runs them searches: takes the likeliest token, keeps the best hypotheses, draws. What the encoder puts out is what
the decoder is given, and what a step puts out of states is what the next one is given.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from recurra.export.description import ExportedDecoder, ExportedLayer, ExportedModel
from recurra.export.onnx_attention import attended, behind_end, linear
from recurra.export.onnx_graph import GraphWriter, OnnxValue, onnx_spelling
from recurra.export.onnx_sequences import Sequences

__all__ = ["decoder_file", "encoder_file"]

_FED = "fed"
"""The state that is the output of the step before."""


def encoder_file(model: ExportedModel, name: str) -> bytes:
    """Return the graph that makes of sequences the keys and the values that are asked, and the decoder's first states.

    Its inputs are `x` (batch, time), of features (batch, time, size), and `lengths` (batch,) of int32.
    """
    decoder = model.decoder
    assert decoder is not None
    graph = GraphWriter()
    if model.tokens is not None:
        given = graph.input("x", ("batch", "time"), TensorProto.INT64)
        x = graph.apply("Transpose", [given], ("time", "batch"), perm=[1, 0])
    else:
        given = graph.input("x", ("batch", "time", model.input_size))
        x = graph.apply("Transpose", [given], ("time", "batch", model.input_size), perm=[1, 0, 2])
    run = Sequences(graph, x, {}, lengths=graph.input("lengths", ("batch",), TensorProto.INT32))
    y, finals = x, list[Sequence[Sequence[OnnxValue]]]()
    for layer in model.layers:
        begun = [[run.begun(each) for each in direction.initial] for direction in layer.directions]
        y, after = run.layer(layer, y, begun)
        finals += [after] if layer.group is not None else []
    memory = graph.apply("Transpose", [y], ("batch", "time", model.output_size), perm=[1, 0, 2])
    outputs = [
        graph.output(linear(graph, decoder.attention, part, memory), title)
        for part, title in (("k", "keys"), ("v", "values"))
    ]
    for title, state in zip(decoder.states, _first_states(run, decoder, finals), strict=True):
        outputs.append(graph.output(state, f"{title}_0"))
    if decoder.feeding == "output":
        outputs.append(graph.output(run.begun(np.zeros(decoder.combine.shape[1], np.float32)), f"{_FED}_0"))
    return graph.model(f"{name}_encoder", outputs)


def _first_states(
    run: Sequences, decoder: ExportedDecoder, finals: Sequence[Sequence[Sequence[OnnxValue]]]
) -> list[OnnxValue]:
    """Return the first states of the decoder, (layers, batch, size) each, given the encoder's last ones."""
    graph, layers = run.graph, len(decoder.recurrent)
    if not decoder.bridges:
        directions = [direction for layer in finals for direction in layer]
        return [_stacked(graph, [states[place] for states in directions]) for place in range(len(decoder.states))]
    summary, found = run.spelling["join"]([states[0] for states in finals[-1]], -1), []
    for bridge, size in zip(decoder.bridges, decoder.states.values(), strict=True):
        row = run.spelling["tanh"](summary @ graph.constant(bridge)).reshape(("batch", layers, size))
        found.append(graph.apply("Transpose", [row], (layers, "batch", size), perm=[1, 0, 2]))
    return found


def decoder_file(model: ExportedModel, name: str) -> bytes:
    """Return the graph of a step: after tokens `x` (batch,) log p of the next ones, `y`, and where it looked.

    Beside tokens it is given what the encoder puts out, and the lengths of its sequences; of one sequence, there may be
    any number of tokens, each with its states.
    """
    decoder = model.decoder
    assert decoder is not None
    graph, attention, feeding = GraphWriter(), decoder.attention, decoder.feeding
    x = graph.input("x", ("batch",), TensorProto.INT64)
    keys, values = (
        graph.input(title, ("sources", "time", attention.size(part, model.output_size)))
        for part, title in (("k", "keys"), ("v", "values"))
    )
    lengths = graph.input("lengths", ("sources",), TensorProto.INT32)
    states = [graph.input(f"{title}_0", (len(decoder.recurrent), "batch", size))
              for title, size in decoder.states.items()]  # fmt: skip
    run = Sequences(graph, x, {}, is_one_step=True)
    join, hidden = run.spelling["join"], behind_end(graph, lengths, keys)

    def before(layer: int) -> list[OnnxValue]:
        at = graph.constant(np.array(layer, np.int64))
        return [graph.apply("Gather", [state, at], state.shape[1:], axis=0) for state in states]

    def ask(query: OnnxValue) -> tuple[OnnxValue, OnnxValue]:
        axis = graph.constant(np.array([1], np.int64))
        wide = graph.apply("Unsqueeze", [query, axis], ("batch", 1, query.shape[-1]))
        found, weights = attended(graph, attention, wide, keys, values, hidden)
        return tuple(graph.apply("Squeeze", [each, axis], ("batch", each.shape[-1])) for each in (found, weights))  # pyright: ignore[reportReturnType]

    def through(layers: Sequence[ExportedLayer], row: OnnxValue) -> OnnxValue:
        for layer in layers:
            row, _ = run.layer(layer, row, [[] for _ in layer.directions])
        return row

    row, finals, found = through(decoder.embedding, x), list[Sequence[OnnxValue]](), None
    if feeding == "context":
        found = ask(before(len(decoder.recurrent) - 1)[0])
        row = join([row, found[0]], -1)
    elif feeding == "output":
        row = join([row, graph.input(f"{_FED}_0", ("batch", decoder.combine.shape[1]))], -1)
    for number, layer in enumerate(decoder.recurrent):
        if number == len(decoder.below):
            found = ask(row)
            row = join([row, found[0]], -1)
        row, (after,) = run.layer(layer, row, [before(number)])
        finals.append(after)
    context, weights = found or ask(row)
    output = run.spelling["tanh"](join([context, row], -1) @ graph.constant(decoder.combine))
    outputs = [graph.output(through(decoder.head, output), "y"), graph.output(weights, "weights")]
    for place, title in enumerate(decoder.states):
        outputs.append(graph.output(_stacked(graph, [after[place] for after in finals]), f"{title}_n"))
    if feeding == "output":
        outputs.append(graph.output(output, f"{_FED}_n"))
    return graph.model(f"{name}_decoder", outputs)


def _stacked(graph: GraphWriter, states: Sequence[OnnxValue]) -> OnnxValue:
    """Return states of several layers, (batch, size) each, as (layers, batch, size)."""
    axis = graph.constant(np.array([0], np.int64))
    alone = [graph.apply("Unsqueeze", [state, axis], (1, *state.shape)) for state in states]
    return onnx_spelling(graph)["join"](alone, 0)
