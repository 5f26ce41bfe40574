"""An exported file of ONNX, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.errors import ExportError
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import Array, ExportedModel
from recurra.export.formats import ExportOptions

__all__ = ["DECODER", "ENCODER", "OnnxArtefact", "OnnxPair", "state_names"]

ENCODER, DECODER = ".encoder.onnx", ".decoder.onnx"
"""Suffixes of the files of a model that reads a sequence and writes another."""


def state_names(model: ExportedModel) -> list[list[str]]:
    """Return, for each recurrent module, the names of its states; a number tells those of several modules apart."""
    groups = model.groups
    return [
        [f"{leaf.name}{f'_{number}' if len(groups) > 1 else ''}" for leaf in directions[0].plan.step.states]
        for number, directions in enumerate(groups)
    ]


def _session(file: Path) -> Any:
    """Return a file as onnxruntime runs it."""
    try:
        import onnxruntime
    except ModuleNotFoundError:
        raise ExportError(
            "a check of ONNX needs onnxruntime, which is not installed: pip install onnxruntime"
        ) from None
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), settings, providers=["CPUExecutionProvider"])


class OnnxPair:
    """The files of an encoder and of a decoder's step, run by onnxruntime over known tokens."""

    def __init__(self, file: Path, model: ExportedModel) -> None:
        self.model = model
        self._encoder, self._decoder = _session(file), _session(file.with_name(file.name.replace(ENCODER, DECODER)))

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run a batch of sequences; see `recurra.export.checking.Artefact`."""
        decoder, (steps, batch) = self.model.decoder, sequences.x.shape[:2]
        assert decoder is not None
        x = sequences.x.swapaxes(0, 1)
        x = x[..., 0].astype(np.int64) if self.model.tokens is not None else np.ascontiguousarray(x)
        lengths = np.array(sequences.lengths or [steps] * batch, np.int32)
        names = [each.name for each in self._encoder.get_outputs()]
        given = dict(zip(names, self._encoder.run(None, {"x": x, "lengths": lengths}), strict=True))
        given["lengths"], rows = lengths, list[Array]()
        for token in decoder.known_tokens(steps):
            y, _, *states = self._decoder.run(None, {"x": np.full(batch, token), **given})
            given |= dict(zip(names[2:], states, strict=True))
            rows.append(y)
        is_there = np.arange(steps)[:, None, None] < lengths[:, None]
        return RunValues(np.where(is_there, np.stack(rows), np.float32(0)), [])


class OnnxArtefact:
    """A file of ONNX, run by onnxruntime."""

    def __init__(self, file: Path, model: ExportedModel, options: ExportOptions) -> None:
        self.model, self.options, self._session = model, options, _session(file)
        self.names = state_names(model) if model.keeps_state or options.streaming else []

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run a batch of sequences; see `recurra.export.checking.Artefact`."""
        steps, batch = sequences.x.shape[:2]
        states = sequences.states or [
            [np.stack([np.tile(each.initial[place], (batch, 1)) for each in group]) for place, _ in enumerate(names)]
            for group, names in zip(self.model.groups, self.names, strict=bool(self.names))
        ]
        if self.options.streaming:
            return self._run_steps(sequences, states)
        lengths = sequences.lengths or [steps] * batch
        flip = self.model.batch_first

        def laid_out(value: Array) -> Array:
            return np.ascontiguousarray(value.swapaxes(0, 1)) if flip else value

        x = self._x(sequences.x)
        given = {"x": laid_out(x) if self.model.unfolds_at is None else x}
        given |= {k: v if k in self.model.per_sequence else laid_out(v) for k, v in sequences.inputs.items()}
        for name, (tokens, counts) in sequences.read.items():
            given |= {name: laid_out(tokens.astype(np.int64)), f"{name}_lengths": laid_out(counts.astype(np.int32))}
        if self.options.lengths:
            given["lengths"] = np.array(lengths, np.int32)
        y, after = self._call(given, states)
        if self.model.puts_out_classes:
            y = y[..., None].astype(np.float32)
        return RunValues(y[None] if self.model.is_pooled else laid_out(y), after if self.model.keeps_state else [])

    def _x(self, rows: Array) -> Array:
        """Return rows as the graph takes them: tokens without features, one row without time."""
        if self.model.unfolds_at is not None:
            return rows[0]
        return rows[..., 0].astype(np.int64) if self.model.tokens is not None else rows

    def _run_steps(self, sequences: CheckedSequences, states: Sequence[Sequence[Array]]) -> RunValues:
        """Run step by step; a sequence that has ended keeps its state, and puts out zeros, or what it put out last."""
        rows: list[Array] = []
        for t, x in enumerate(self._x(sequences.x)):
            given = {"x": x}
            given |= {k: v if k in self.model.per_sequence else v[t] for k, v in sequences.inputs.items()}
            y, after = self._call(given, states)
            if sequences.lengths is not None:
                goes_on = np.array(sequences.lengths)[:, None] > t
                y = np.where(goes_on, y, rows[-1] if rows and self.model.is_pooled else np.float32(0))
                after = [[np.where(goes_on, new, old) for new, old in zip(n, o, strict=True)]
                         for n, o in zip(after, states, strict=True)]  # fmt: skip
            rows.append(y)
            states = after
        found = rows[-1:] if self.model.is_pooled else rows
        return RunValues(np.stack(found), states if self.model.keeps_state else [])

    def _call(
        self, given: dict[str, Array], states: Sequence[Sequence[Array]]
    ) -> tuple[Array, Sequence[Sequence[Array]]]:
        for names, group in zip(self.names, states, strict=bool(self.names)):
            given |= {f"{name}_0": state for name, state in zip(names, group, strict=True)}
        known = {each.name for each in self._session.get_inputs()}  # what nothing reads may have been taken out
        y, *finals = self._session.run(None, {name: value for name, value in given.items() if name in known})
        left = iter(finals)
        return np.asarray(y), [[np.asarray(next(left)) for _ in names] for names in self.names]
