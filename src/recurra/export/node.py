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
from recurra.export.description import Array, ExportedModel
from recurra.export.lowering import further_name
from recurra.export.program import ModelCode
from recurra.export.sequences import OneByOne, RunSequence
from recurra.locks import cached

__all__ = ["NodeArtefact"]


class NodeArtefact(OneByOne):
    """A class in an ES module, with `run`, `state` and `readers`.

    Parameters
    ----------
    script : Path
    model : ExportedModel
    code : ModelCode
    """

    def __init__(self, script: Path, model: ExportedModel, code: ModelCode) -> None:
        self._node = _node()
        self._script = script.with_suffix(".mjs")  # which every version of Node takes for an ES module
        self._script.write_bytes(script.read_bytes())
        readers = {
            key: self._runner(reader, code.readers[further_name(key)], key) for key, reader in model.readers.items()
        }
        super().__init__(model, self._runner(model, code, ""), readers)

    def _runner(self, model: ExportedModel, code: ModelCode, reader: str) -> RunSequence:
        names = [array.name for step in code.steps for array in step.states]

        def run(inputs: Sequence[Array], states: Sequence[Array] | None) -> tuple[Array, Sequence[Array]]:
            x, *further = inputs
            request = {
                "script": self._script.as_uri(),
                "reader": reader,
                "x": _text(x),
                "inputs": dict(zip(model.inputs, map(_text, further), strict=True)),
                "state": {} if states is None else dict(zip(names, map(_text, states), strict=True)),
            }
            answer = self._node.asked(request)
            return _array(answer["y"]).reshape(-1, model.output_size), [_array(answer["state"][n]) for n in names]

        return run


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
    const request = JSON.parse(line);
    if (known[0] !== request.script) known = [request.script, await (await import(request.script)).default.load()];
    const model = request.reader ? known[1].readers[request.reader] : known[1];
    model.reset();
    model.state = { ...model.state, ...arrays(request.state) };
    const y = model.run(array(request.x, model.Input), arrays(request.inputs));
    answer = { y: text(y), state: texts(model.state) };
  } catch (error) {
    answer = { error: error.stack };
  }
  process.stdout.write(JSON.stringify(answer) + "\\n");
}
"""
