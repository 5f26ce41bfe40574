"""An exported module, run by Node."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.errors import ExportError
from recurra.export.checking import CheckedSequences, RunGradients, RunValues
from recurra.export.description import Array, ExportedModel

__all__ = ["JsArtefact", "JsTrainingArtefact", "gradients_in_node", "run_in_node"]


class JsArtefact:
    """A module in a file.

    Parameters
    ----------
    file : Path
        The .js file.
    model : ExportedModel

    Raises
    ------
    ExportError
        If there is no Node, or it says that the file is no module.
    """

    def __init__(self, file: Path, model: ExportedModel) -> None:
        self.file, self.model = file, model
        # what Node takes a .js file for, is said by the package.json beside it
        file.with_name("package.json").write_text('{"type": "module"}')
        _node("--check", str(file))

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run sequences one after the other; see `recurra.export.checking.Artefact`."""
        return run_in_node([(self, sequences)])[0]

    def job(self, sequences: CheckedSequences) -> dict[str, Any]:
        """Return what the driver is told of one run."""
        steps, batch = sequences.x.shape[:2]
        jobs = []
        for b in range(batch):
            length = steps if sequences.lengths is None else sequences.lengths[b]
            inputs = {
                name: _text(values[b] if name in self.model.per_sequence else values[:length, b])
                for name, values in sequences.inputs.items()
            }
            given = sequences.states
            states = None if given is None else [_text(state[k, b]) for state, k in self._places(given)]
            jobs.append({"x": _text(sequences.x[:length, b]), "inputs": inputs, "states": states})
        return {"file": self.file.resolve().as_uri(), "sequences": jobs}

    def values(self, sequences: CheckedSequences, found: Sequence[Mapping[str, Any]]) -> RunValues:
        """Return the results of what the driver gave for one run."""
        steps, batch = sequences.x.shape[:2]
        y = np.zeros((steps, batch, self.model.output_size), np.float32)
        states = [[np.zeros((len(g), batch, s.size), np.float32) for s in g[0].initial] for g in self.model.groups]
        for b, each in enumerate(found):
            rows = _array(each["y"]).reshape(-1, self.model.output_size)
            y[: len(rows), b] = rows
            for (state, k), text in zip(self._places(states), each["states"], strict=True):
                state[k, b] = _array(text)
        return RunValues(y, states)

    def _places(self, states: Sequence[Sequence[Array]]) -> list[tuple[Array, int]]:
        """Return arrays of states and rows of them in the order of the module: direction by direction."""
        return [(state, k) for group in states for k in range(len(group[0])) for state in group]


class JsTrainingArtefact(JsArtefact):
    """A module that trains, in a file."""

    def job(self, sequences: CheckedSequences, weights: RunValues | None = None) -> dict[str, Any]:
        """Return what the driver is told of one run, and of a backward pass from such weights of the results."""
        given = sequences.states
        return {
            "file": self.file.resolve().as_uri(),
            "batch": sequences.x.shape[1],
            "x": _text(sequences.x),
            "inputs": {name: _text(values) for name, values in sequences.inputs.items()},
            "states": None if given is None else [_text(state[k]) for state, k in self._places(given)],
            "dy": None if weights is None else _text(weights.y),
            "dstates": [] if weights is None else [_text(state[k]) for state, k in self._places(weights.states)],
        }

    def values(self, sequences: CheckedSequences, found: Any) -> RunValues:
        """Return the results of what the driver gave for one run."""
        steps, batch = sequences.x.shape[:2]
        y = _array(found["y"]).reshape(steps, batch, self.model.output_size)
        return RunValues(y, self._states(found["states"], batch))

    def gradients(self, sequences: CheckedSequences, weights: RunValues) -> RunGradients:
        """Run sequences; see `recurra.export.checking.TrainingArtefact`."""
        return self.found_gradients(sequences, _driven([self.job(sequences, weights)])[0])

    def found_gradients(self, sequences: CheckedSequences, found: Any) -> RunGradients:
        """Return the gradients of what the driver gave for one run."""
        shapes = {"x": sequences.x.shape, **{name: values.shape for name, values in sequences.inputs.items()}}
        inputs = {name: _array(found["inputs"][name]).reshape(shape) for name, shape in shapes.items()}
        states = [] if sequences.states is None else self._states(found["dstates"], sequences.x.shape[1])
        return RunGradients({name: _array(text) for name, text in found["parameters"].items()}, inputs, states)

    def _states(self, texts: Sequence[str], batch: int) -> list[list[Array]]:
        states = [[np.zeros((len(g), batch, s.size), np.float32) for s in g[0].initial] for g in self.model.groups]
        for (state, k), text in zip(self._places(states), texts, strict=True):
            state[k] = _array(text).reshape(batch, -1)
        return states


def run_in_node(runs: Sequence[tuple[JsArtefact, CheckedSequences]]) -> list[RunValues]:
    """Run modules on sequences in one process of Node; return the results of each run."""
    found = _driven([artefact.job(sequences) for artefact, sequences in runs])
    return [artefact.values(sequences, each) for (artefact, sequences), each in zip(runs, found, strict=True)]


def gradients_in_node(runs: Sequence[tuple[JsTrainingArtefact, CheckedSequences, RunValues]]) -> list[RunGradients]:
    """Run modules forward and backward in one process of Node; return the gradients of each run."""
    found = _driven([artefact.job(sequences, weights) for artefact, sequences, weights in runs])
    return [
        artefact.found_gradients(sequences, each) for (artefact, sequences, _), each in zip(runs, found, strict=True)
    ]


def _driven(jobs: Sequence[Any]) -> list[Any]:
    return json.loads(_node("--input-type=module", "--eval", _DRIVER, given=json.dumps(jobs)))


def _node(*arguments: str, given: str = "") -> str:
    """Run Node; return what it prints."""
    found = shutil.which("node")
    if found is None:
        raise ExportError("a check of JavaScript needs node on the PATH, and there is none")
    done = subprocess.run([found, *arguments], input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ExportError(f"Node says:\n{done.stderr.strip()}")
    return done.stdout


def _text(values: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(values, np.float32).tobytes()).decode()


def _array(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), np.float32)


_DRIVER = """
import { readFileSync } from "node:fs";

const floats = (text) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
const text = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
const named = (names, texts) => Object.fromEntries(texts.map((each, k) => [names[k], floats(each)]));
const all = (given, change) => Object.fromEntries(Object.entries(given).map(([name, each]) => [name, change(each)]));

function run(model, { x, inputs, states }) {
  model.reset();
  const before = model.state, names = Object.keys(before).filter((name) => before[name] instanceof Float32Array);
  if (states) model.state = { ...before, ...named(names, states) };
  const y = model.run(floats(x), all(inputs, floats)), after = model.state;
  return { y: text(y), states: names.map((name) => text(after[name])) };
}

function train(model, job) {
  const found = run(model, job), names = Object.keys(model.state);
  if (job.dy === null) return found;
  const { parameters, inputs, state } = model.backward(floats(job.dy), { state: named(names, job.dstates) });
  const dstates = names.map((name) => text(state[name]));
  return { ...found, parameters: all(parameters, text), inputs: all(inputs, text), dstates };
}

const results = [];
for (const job of JSON.parse(readFileSync(0, "utf8"))) {
  const Model = (await import(job.file)).default;
  results.push(
    job.sequences ? job.sequences.map((each) => run(new Model(), each)) : train(new Model({ batch: job.batch }), job),
  );
}
process.stdout.write(JSON.stringify(results));
"""
