"""What was exported for JavaScript, run in Node."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.errors import ExportError
from recurra.export.checking import CheckedSequences, RunGradients, RunValues
from recurra.export.description import Array, ExportedModel
from recurra.export.lowering import further_name
from recurra.export.program import ModelCode
from recurra.export.sequences import OneByOne, RunSequence
from recurra.locks import cached

__all__ = ["NodeArtefact", "NodeTrainingArtefact"]


class NodeArtefact(OneByOne):
    """A class in an ES module, with `run`, `state` and, for inputs beside `x`, `readers`.

    Parameters
    ----------
    script : Path
    model : ExportedModel
    code : ModelCode
    """

    def __init__(self, script: Path, model: ExportedModel, code: ModelCode) -> None:
        self._module = _Module(script)
        readers = {
            key: self._runner(reader, code.readers[further_name(key)], key) for key, reader in model.readers.items()
        }
        super().__init__(model, self._runner(model, code, ""), readers)

    def _runner(self, model: ExportedModel, code: ModelCode, reader: str) -> RunSequence:
        names = _state_names(code)

        def run(inputs: Sequence[Array], states: Sequence[Array] | None) -> tuple[Array, Sequence[Array]]:
            given = dict(zip(names, states or (), strict=states is not None))
            answer = self._module.asked(
                inputs[0], dict(zip(model.inputs, inputs[1:], strict=True)), given, reader=reader
            )
            return _array(answer["y"]).reshape(-1, model.output_size), [_array(answer["state"][n]) for n in names]

        return run


class NodeTrainingArtefact:
    """A class in an ES module that also has `backward`, and runs the sequences of a batch together.

    Parameters
    ----------
    script : Path
    model : ExportedModel
    code : ModelCode
    """

    def __init__(self, script: Path, model: ExportedModel, code: ModelCode) -> None:
        self._module, self.model, self._names = _Module(script), model, _state_names(code)

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run sequences; see `recurra.export.checking.Artefact`."""
        steps, batch = sequences.x.shape[:2]
        answer = self._asked(sequences)
        y = _array(answer["y"]).reshape(steps, batch, self.model.output_size)
        return RunValues(y, self._states(answer["state"], batch))

    def gradients(self, sequences: CheckedSequences, weights: RunValues) -> RunGradients:
        """Run sequences; see `recurra.export.checking.TrainingArtefact`."""
        answer = self._asked(sequences, dy=_text(weights.y), dstate=_texts(self._named(weights.states)))
        shapes = {"x": sequences.x.shape, **{name: values.shape for name, values in sequences.inputs.items()}}
        inputs = {name: _array(answer["inputs"][name]).reshape(shape) for name, shape in shapes.items()}
        states = [] if sequences.states is None else self._states(answer["dstate"], sequences.x.shape[1])
        return RunGradients({name: _array(text) for name, text in answer["parameters"].items()}, inputs, states)

    def _asked(self, sequences: CheckedSequences, **more: Any) -> dict[str, Any]:
        given = {} if sequences.states is None else self._named(sequences.states)
        return self._module.asked(sequences.x, sequences.inputs, given, batch=sequences.x.shape[1], **more)

    def _named(self, states: Sequence[Sequence[Array]]) -> dict[str, Array]:
        return dict(zip(self._names, _by_direction(states), strict=True))

    def _states(self, texts: Mapping[str, str], batch: int) -> list[list[Array]]:
        states = [[np.zeros((len(g), batch, s.size), np.float32) for s in g[0].initial] for g in self.model.groups]
        for into, name in zip(_by_direction(states), self._names, strict=True):
            into[:] = _array(texts[name]).reshape(into.shape)
        return states


def _state_names(code: ModelCode) -> list[str]:
    return [array.name for step in code.steps for array in step.states]


def _by_direction(states: Sequence[Sequence[Array]]) -> list[Array]:
    """Return views of states, each (batch, size), as a module has them: direction by direction."""
    return [state[k] for group in states for k in range(len(group[0])) for state in group]


class _Module:
    """An ES module in a file, under a name that every version of Node takes for one."""

    def __init__(self, script: Path) -> None:
        self._node, self._script = _node(), script.resolve().with_suffix(".mjs")
        self._script.write_bytes(script.read_bytes())

    def asked(
        self, x: Array, inputs: Mapping[str, Array], state: Mapping[str, Array], *, reader: str = "", batch: int = 0,
        **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Return what a run gives, from a state if there is one, with a backward pass for `dy` and `dstate`."""
        told = {"script": self._script.as_uri(), "reader": reader, "batch": batch, "x": _text(x)}
        return self._node.asked({**told, "inputs": _texts(inputs), "state": _texts(state), **more})


def _texts(arrays: Mapping[str, Array]) -> dict[str, str]:
    return {name: _text(array) for name, array in arrays.items()}


def _text(array: Array) -> str:
    """Return numbers of four bytes, float32 or int32, in base64."""
    return base64.b64encode(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def _array(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), "<f4")


class _Node:
    """A process of Node that answers requests, a line each, until this process ends."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            raise ExportError("a check of what runs in JavaScript needs node on the PATH, and there is none")
        self._told = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        self._process = subprocess.Popen(
            [node, "--input-type=module", "--eval", _ANSWERING], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._told, text=True,
        )  # fmt: skip
        weakref.finalize(self, _end, self._process, self._told)

    def asked(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a request; raise `ExportError` with what Node says instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self._process.stdout.readline()
        if not answer:
            _node.cache_clear()  # pyright: ignore[reportFunctionMemberAccess]  # the next check has another process
            self._told.seek(0)
            raise ExportError(f"Node ended: {self._told.read().decode(errors='replace')}")
        values = json.loads(answer)
        if "error" in values:
            raise ExportError(f"Node: {values['error']}")
        return values


def _end(process: subprocess.Popen[str], told: Any) -> None:
    process.communicate()
    told.close()


@cached()
def _node() -> _Node:
    return _Node()


_ANSWERING = """
import { createInterface } from "node:readline";
const array = (text, Kind = Float32Array) => new Kind(Uint8Array.from(Buffer.from(text, "base64")).buffer);
const text = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
const texts = (values) => Object.fromEntries(Object.entries(values).map(([name, each]) => [name, text(each)]));
const arrays = (values) => Object.fromEntries(Object.entries(values).map(([name, each]) => [name, array(each)]));
let known = [];
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { script, reader, batch, x, inputs, state, dy, dstate } = JSON.parse(line), key = `${script} ${batch}`;
    if (known[0] !== key) {
      const Model = (await import(script)).default;
      known = [key, Model.load ? await Model.load() : new Model(batch ? { batch } : undefined)];
    }
    const model = reader ? known[1].readers[reader] : known[1];
    model.reset();
    if (Object.keys(state).length) model.state = { ...model.state, ...arrays(state) };
    const y = model.run(array(x, model.Input), arrays(inputs));
    answer = { y: text(y), state: texts(model.state) };
    if (dy) {
      const found = model.backward(array(dy), { state: arrays(dstate) });
      const { parameters, inputs: dinputs, state: before } = found;
      answer = { ...answer, parameters: texts(parameters), inputs: texts(dinputs), dstate: texts(before) };
    }
  } catch (error) {
    answer = { error: error.stack };
  }
  process.stdout.write(JSON.stringify(answer) + "\\n");
}
"""
