"""Exported functions with C's calling convention, called from Python: those of a C file, compiled for this machine."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recurra.errors import ExportError
from recurra.export.c import reader_name
from recurra.export.description import Array, ExportedModel
from recurra.export.lowering import further_name
from recurra.export.program import ModelCode
from recurra.export.sequences import OneByOne

__all__ = ["FLAGS", "CArtefact", "c_compiler", "compiled"]

FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-O3", "-ffp-contract=off")
"""What a check compiles with: no warning is let through, and nothing is taken from a library."""


def c_compiler() -> str:
    """Return the path of a C compiler; raise `ExportError` if there is none."""
    found = next(filter(None, map(shutil.which, ("gcc", "clang", "cc"))), None)
    if found is None:
        raise ExportError("a check of C needs gcc, clang or cc on the PATH, and there is none")
    return found


def compiled(source: Path, *, compiler: str | None = None, flags: Sequence[str] = FLAGS) -> ctypes.CDLL:
    """Return a C file, with its header beside it, as a library; raise `ExportError` if the compiler says anything."""
    library = source.with_suffix(".so")
    command = [compiler or c_compiler(), *flags, "-shared", "-fPIC", str(source), "-o", str(library)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ExportError(f"{source.name} does not compile:\n{done.stderr}")
    return ctypes.CDLL(str(library))


class CArtefact(OneByOne):
    """Functions as the header of C declares them, with those of the models that make inputs beside `x`.

    Parameters
    ----------
    library : ctypes.CDLL, or another object with functions as its attributes
    name : str
        What their names begin with.
    model : ExportedModel
    code : ModelCode
    """

    def __init__(self, library: Any, name: str, model: ExportedModel, code: ModelCode) -> None:
        readers = {
            key: _LoadedModel(library, reader_name(name, further_name(key)), reader, code.readers[further_name(key)])
            for key, reader in model.readers.items()
        }
        runs = {key: reader.run for key, reader in readers.items()}
        super().__init__(model, _LoadedModel(library, name, model, code).run, runs)


class _LoadedModel:
    """One of the models of a library, which runs one sequence at a time."""

    def __init__(self, library: Any, name: str, model: ExportedModel, code: ModelCode) -> None:
        self.model, self._library, self._name, self._code = model, library, name, code
        self._sizes = [array.size for step in code.steps for array in step.states]
        self._words = max(1, sum(self._sizes) + sum(step.age is not None for step in code.steps))

    def run(self, inputs: Sequence[Array], given: Sequence[Array] | None = None) -> tuple[Array, list[Array]]:
        """Return the output rows, and the last states as they lie in the state; `given` are the first ones."""
        state, steps = np.zeros(self._words, np.float32), len(inputs[0])
        self._call("reset", state)
        pieces = self._pieces(state)
        for piece, first in zip(pieces, given or pieces, strict=True):
            piece[:] = first
        output = np.zeros((self.model.output_steps(steps), self.model.output_size), np.float32)
        size = self._code.work_size * (steps + self._code.added_steps)
        length = [steps] if self.model.unfolds_at is None else []
        self._call("run", state, *inputs, output, *length, *([np.zeros(size, np.float32)] if size else []))
        return output, pieces

    def _pieces(self, state: Array) -> list[Array]:
        ends = np.cumsum(self._sizes).tolist()
        return [state[end - size : end] for end, size in zip(ends, self._sizes, strict=True)]

    def _call(self, function: str, *arguments: Array | int) -> None:
        converted: list[Any] = [
            ctypes.c_size_t(each) if isinstance(each, int) else each.ctypes.data_as(ctypes.c_void_p)
            for each in arguments
        ]
        getattr(self._library, f"{self._name}_{function}")(*converted)
