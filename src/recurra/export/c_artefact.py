"""An exported C file, compiled for this machine and called from Python."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.errors import ExportError
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import Array, ExportedModel
from recurra.export.program import ModelCode

__all__ = ["FLAGS", "CArtefact", "c_compiler"]

FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-O3", "-ffp-contract=off")
"""What a check compiles with: no warning is let through, and nothing is taken from a library."""


def c_compiler() -> str:
    """Return the path of a C compiler; raise `ExportError` if there is none."""
    found = next(filter(None, map(shutil.which, ("gcc", "clang", "cc"))), None)
    if found is None:
        raise ExportError("a check of C needs gcc, clang or cc on the PATH, and there is none")
    return found


class CArtefact:
    """A C file as a shared library.

    Parameters
    ----------
    source : Path
        The .c file, with its header beside it.
    name : str
        What its names begin with.
    model : ExportedModel
    code : ModelCode
    compiler, flags : what it is compiled with

    Raises
    ------
    ExportError
        If the compiler says anything.
    """

    def __init__(
        self, source: Path, name: str, model: ExportedModel, code: ModelCode, *, compiler: str | None = None,
        flags: Sequence[str] = FLAGS,
    ) -> None:  # fmt: skip
        self.model, self.code, self.name = model, code, name
        library = source.with_suffix(".so")
        command = [compiler or c_compiler(), *flags, "-shared", "-fPIC", str(source), "-o", str(library)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ExportError(f"{source.name} does not compile:\n{done.stderr}")
        self._library = ctypes.CDLL(str(library))
        self._sizes = [array.size for step in code.steps for array in step.states]
        self._words = max(1, sum(self._sizes) + sum(step.age is not None for step in code.steps))

    def run(self, sequences: CheckedSequences) -> RunValues:
        """Run sequences one after the other; see `recurra.export.checking.Artefact`."""
        steps, batch = sequences.x.shape[:2]
        y = np.zeros((steps, batch, self.model.output_size), np.float32)
        states = [[np.zeros((len(g), batch, s.size), np.float32) for s in g[0].initial] for g in self.model.groups]
        for b in range(batch):
            length = steps if sequences.lengths is None else sequences.lengths[b]
            state = np.zeros(self._words, np.float32)
            self._call("reset", state)
            pieces = self._pieces(state)
            if sequences.states is not None:
                for piece, given in zip(pieces, _of_sequence(sequences.states, b), strict=True):
                    piece[:] = given
            inputs = [np.ascontiguousarray(sequences.x[:length, b])]
            for name, values in sequences.inputs.items():
                row = values[b] if name in self.model.per_sequence else values[:length, b]
                inputs.append(np.ascontiguousarray(row))
            output = np.zeros((length, self.model.output_size), np.float32)
            work = [np.zeros(max(1, self.code.work_size * length), np.float32)] if self.code.work_size else []
            self._call("run", state, *inputs, output, length, *work)
            y[:length, b] = output
            for piece, into in zip(pieces, _of_sequence(states, b), strict=True):
                into[:] = piece
        return RunValues(y, states)

    def _pieces(self, state: Array) -> list[Array]:
        ends = np.cumsum(self._sizes).tolist()
        return [state[end - size : end] for end, size in zip(ends, self._sizes, strict=True)]

    def _call(self, function: str, *arguments: Array | int) -> None:
        converted: list[Any] = [
            ctypes.c_size_t(each) if isinstance(each, int) else each.ctypes.data_as(ctypes.c_void_p)
            for each in arguments
        ]
        getattr(self._library, f"{self.name}_{function}")(*converted)


def _of_sequence(states: Sequence[Sequence[Array]], b: int) -> list[Array]:
    """Return views of the states of one sequence as they lie in a state: direction by direction."""
    return [state[k, b] for group in states for k in range(len(group[0])) for state in group]
