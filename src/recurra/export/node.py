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
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import Array, ExportedModel
from recurra.export.program import ModelCode
from recurra.locks import cached

__all__ = ["NodeArtefact"]


class NodeArtefact:
    """A class in an ES module, with `run` and `state`.

    Parameters
    ----------
    script : Path
    model : ExportedModel
    code : ModelCode
    """

    def __init__(self, script: Path, model: ExportedModel, code: ModelCode) -> None:
        self.model, self._node = model, _node()
        self._states = [array.name for step in code.steps for array in step.states]
        self._script = script.with_suffix(".mjs")  # which every version of Node takes for an ES module
        self._script.write_bytes(script.read_bytes())

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run sequences one after the other; see `recurra.export.checking.Artefact`."""
        steps, batch = sequences.x.shape[:2]
        y = np.zeros((steps, batch, self.model.output_size), np.float32)
        finals = [[np.zeros((len(g), batch, s.size), np.float32) for s in g[0].initial] for g in self.model.groups]
        for b in range(batch):
            length = steps if sequences.lengths is None else sequences.lengths[b]
            inputs = {
                name: _text(values[b] if name in self.model.per_sequence else values[:length, b])
                for name, values in sequences.inputs.items()
            }
            given = sequences.states
            state = {} if given is None else dict(zip(self._states, map(_text, _of_sequence(given, b)), strict=True))
            x = _text(sequences.x[:length, b])
            answer = self._node.asked({"script": self._script.as_uri(), "x": x, "inputs": inputs, "state": state})
            y[:length, b] = _array(answer["y"]).reshape(length, -1)
            for name, into in zip(self._states, _of_sequence(finals, b), strict=True):
                into[:] = _array(answer["state"][name])
        return RunValues(y, finals)


def _of_sequence(states: Sequence[Sequence[Array]], b: int) -> list[Array]:
    """Return views of the states of one sequence, direction by direction."""
    return [state[k, b] for group in states for k in range(len(group[0])) for state in group]


def _text(array: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


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
const array = (text) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
const text = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
const texts = (values) => Object.fromEntries(Object.entries(values).map(([name, each]) => [name, text(each)]));
const arrays = (values) => Object.fromEntries(Object.entries(values).map(([name, each]) => [name, array(each)]));
let known = [];
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const request = JSON.parse(line);
    if (known[0] !== request.script) known = [request.script, await (await import(request.script)).default.load()];
    const model = known[1];
    model.reset();
    model.state = { ...model.state, ...arrays(request.state) };
    const y = model.run(array(request.x), arrays(request.inputs));
    answer = { y: text(y), state: texts(model.state) };
  } catch (error) {
    answer = { error: error.stack };
  }
  process.stdout.write(JSON.stringify(answer) + "\\n");
}
"""
