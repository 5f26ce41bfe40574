"""ONNX as a format of `export`: the graph of a model, with its inputs and outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto

from recurra.errors import ExportError
from recurra.export.checking import Artefact, CheckedSequences, RunValues
from recurra.export.description import Array, ExportedDirection, ExportedModel
from recurra.export.formats import ExportOptions
from recurra.export.onnx_artefact import DECODER, ENCODER, OnnxArtefact, OnnxPair, state_names
from recurra.export.onnx_decoder import decoder_file, encoder_file
from recurra.export.onnx_graph import Dimension, GraphWriter, OnnxValue, onnx_spelling
from recurra.export.onnx_sequences import Sequences

__all__ = ["OnnxFormat"]


class OnnxFormat:
    """One .onnx, or one of an encoder and one of a decoder's step; see `recurra.export.formats.ExportFormat`."""

    suffixes = (".onnx",)
    options = frozenset({"weights", "streaming", "lengths"})
    tolerance = 1e-5
    has_attention = True

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of the file; the test sequences are left out, as the format has no place for them."""
        if model.decoder is not None:
            if options.streaming:
                raise ExportError("streaming: a source is read as a whole; what is written, goes step by step anyway")
            return {ENCODER: encoder_file(model, options.name), DECODER: decoder_file(model, options.name)}
        return {".onnx": _ModelWriter(model, options).file()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> Artefact:
        """Return the file as onnxruntime runs it."""
        return OnnxArtefact(file, model, options) if model.decoder is None else OnnxPair(file, model)


@dataclass
class _ModelWriter:
    """Writes the graph of a model."""

    exported: ExportedModel
    options: ExportOptions
    graph: GraphWriter = field(default_factory=GraphWriter)

    def file(self) -> bytes:
        """Return the bytes of the file."""
        exported, graph, options = self.exported, self.graph, self.options
        if options.streaming and not exported.is_causal:
            raise ExportError(
                "streaming: the model reads sequences backwards, or several steps at once, and cannot run step by step"
            )
        is_row = exported.unfolds_at is not None
        if is_row and options.lengths:
            raise ExportError("lengths: the model reads one row, whose length is its own; expected no lengths")
        if is_row:
            x = graph.input("x", ("batch", exported.input_size))
        else:
            x = self._given("x", exported.input_size, is_whole=exported.tokens is not None)
        further: dict[str, OnnxValue] = {}
        for name, size in exported.inputs.items():
            if name in exported.readers:
                further[name] = self._read(name, exported.readers[name])
            elif name in exported.per_sequence:
                further[name] = graph.input(name, ("batch", size))
            else:
                further[name] = self._given(name, size)
        lengths = graph.input("lengths", ("batch",), TensorProto.INT32) if options.lengths else None
        names = state_names(exported)
        keeps_state = exported.keeps_state or options.streaming
        if keeps_state:
            for group, directions in zip(names, exported.groups, strict=True):
                for name, begin in zip(group, directions[0].initial, strict=True):
                    graph.input(f"{name}_0", (len(directions), "batch", begin.size))
        if twice := sorted(
            name for name, count in Counter([*(i.name for i in graph.inputs), "y"]).items() if count > 1
        ):
            raise ExportError(
                f"inputs of the graph: {twice} would be there twice; name the cell's own inputs otherwise"
            )
        run = Sequences(graph, x, further, lengths=lengths, is_one_step=options.streaming, is_row=is_row)
        y, outputs = self._run(run, names if keeps_state else None)
        outputs = [self._put_out(run.kept(y) if exported.puts_out_classes else y), *outputs]
        return graph.model(options.name, outputs)

    # inputs and outputs ------------------------------------------------------------------------------------------

    @property
    def _leading(self) -> tuple[Dimension, ...]:
        """The dimensions of sequences as the caller has them, before the features."""
        if self.options.streaming:
            return ("batch",)
        return ("batch", "time") if self.exported.batch_first else ("time", "batch")

    def _given(self, name: str, size: int, *, is_whole: bool = False) -> OnnxValue:
        """Return an input with rows for all steps, (time, batch, size), tokens (time, batch)."""
        if is_whole:
            return self._laid_out(self.graph.input(name, self._leading, TensorProto.INT64))
        return self._laid_out(self.graph.input(name, (*self._leading, size)))

    def _laid_out(self, value: OnnxValue) -> OnnxValue:
        """Return a value with time and batch exchanged, if the model has them in the other order."""
        if not self.exported.batch_first or self.options.streaming:
            return value
        first, second, *rest = value.shape
        places = [1, 0, *range(2, value.ndim)]
        return self.graph.apply("Transpose", [value], (second, first, *rest), perm=places)

    def _read(self, name: str, reader: ExportedModel) -> OnnxValue:
        """Return what a model makes of the tokens of each step, (time, batch, size)."""
        graph, most, count = self.graph, f"{name}_time", f"{name}_count"
        tokens = self._laid_out(graph.input(name, (*self._leading, most), TensorProto.INT64))
        given = self._laid_out(graph.input(f"{name}_lengths", self._leading, TensorProto.INT32))
        size, rest = (graph.constant(np.array([value], np.int64)) for value in (reader.output_size, -1))
        flat = graph.apply("Flatten", [tokens], (count, most), axis=tokens.ndim - 1)
        x = graph.apply("Transpose", [flat], (most, count), perm=[1, 0])
        lengths = graph.apply("Reshape", [given, rest], (count,))
        y: OnnxValue = x
        run = Sequences(graph, x, {}, lengths=lengths)
        for layer in reader.layers:
            y, _ = run.layer(layer, y, [[run.begun(each) for each in d.initial] for d in layer.directions])
        shape = graph.apply("Concat", [graph.apply("Shape", [given], (given.ndim,)), size], (given.ndim + 1,), axis=0)
        return graph.apply("Reshape", [y, shape], (*given.shape, reader.output_size))

    def _put_out(self, y: OnnxValue) -> Any:
        """Let the graph put out a value; return what it says of it."""
        exported, graph = self.exported, self.graph
        leading = ("batch",) if exported.is_pooled else self._leading
        if any(layer.frame or layer.unfolding for layer in exported.layers):
            leading = tuple("output_time" if each == "time" else each for each in leading)
        y = y if exported.is_pooled else self._laid_out(y)
        if not exported.puts_out_classes:
            return graph.output(graph.value(y.name, (*leading, exported.output_size)), "y")
        axis = graph.constant(np.array([-1], np.int64))
        whole = graph.apply("Cast", [graph.apply("Squeeze", [y, axis], leading)], leading, to=TensorProto.INT64)
        return graph.output(whole, "y", TensorProto.INT64)

    # layers ------------------------------------------------------------------------------------------------------

    def _run(self, run: Sequences, names: Sequence[Sequence[str]] | None) -> tuple[OnnxValue, list[Any]]:
        """Run all layers; return the last output, and what the graph puts out of states, if these have names."""
        graph, groups = self.graph, self.exported.groups
        number_of = {id(each): (g, k) for g, directions in enumerate(groups) for k, each in enumerate(directions)}
        finals: list[list[list[OnnxValue]]] = [[[] for _ in group[0].initial] for group in groups]
        y = run.x
        for layer in self.exported.layers:
            before: list[list[OnnxValue]] = []
            for direction in layer.directions:
                if names is None or layer.group is None:
                    before.append([run.begun(begin) for begin in direction.initial])
                    continue
                group, place = number_of[id(direction)]
                at = graph.constant(np.array(place, np.int64))
                before.append([
                    graph.apply("Gather", [self._first(names[group][k], groups[group], begin), at],
                                ("batch", begin.size), axis=0)
                    for k, begin in enumerate(direction.initial)
                ])  # fmt: skip
            y, after = run.layer(layer, y, before)
            for direction, last in zip(layer.directions, after, strict=True):
                if layer.group is not None:
                    for state, into in zip(last, finals[number_of[id(direction)][0]], strict=True):
                        into.append(state)
        return y, [] if names is None else list(self._last_states(names, finals))

    def _first(self, name: str, group: Sequence[ExportedDirection], begin: Array) -> OnnxValue:
        return self.graph.value(f"{name}_0", (len(group), "batch", begin.size))

    def _last_states(
        self, names: Sequence[Sequence[str]], finals: Sequence[Sequence[list[OnnxValue]]]
    ) -> Iterator[Any]:
        graph = self.graph
        for group, states in zip(names, finals, strict=True):
            for name, each in zip(group, states, strict=True):
                axis = graph.constant(np.array([0], np.int64))
                alone = [graph.apply("Unsqueeze", [state, axis], (1, *state.shape)) for state in each]
                joined = onnx_spelling(graph)["join"](alone, 0)
                yield graph.output(graph.value(joined.name, (len(each), "batch", each[0].shape[-1])), f"{name}_n")
