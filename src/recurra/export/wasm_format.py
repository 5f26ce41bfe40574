"""WebAssembly as a format of `export`: a module, and an ES module in JavaScript that loads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llvmlite import ir

from recurra import __version__
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import ExportedModel
from recurra.export.exporting import ExportOptions
from recurra.export.ir import ALIGNMENT, IRWriter, state_offsets
from recurra.export.ir_numbers import POINTER, WORD
from recurra.export.lowering import lowered
from recurra.export.machine import Machine, emitted
from recurra.export.node import NodeArtefact
from recurra.export.program import CodeArray, ModelCode
from recurra.export.wasm_link import PAGE, module_of
from recurra.export.wasm_script import wasm_script

__all__ = ["WasmFormat"]

WASM = Machine("wasm32-unknown-unknown", "generic", "+simd128", lanes=4, panel=32)


class WasmFormat:
    """One .wasm and one .js; see `recurra.export.exporting.ExportFormat`."""

    suffixes = (".wasm", ".js")
    options = frozenset({"weights"})
    tolerance = 1e-6

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix."""
        code = lowered(model)
        memory = LinearMemory(_scratch_size(code))
        text = IRWriter(code, "", WASM.shape(), lambda module: memory).text()
        content = emitted(text, WASM)
        data, places = bytes(memory.data), _Places(code, memory.end)
        names = ["reset", "run", *(["step"] if code.is_causal else [])]
        module = module_of(
            content, exports={name: name for name in names}, address=memory.first, data=data,
            pages=-(-places.end // PAGE),
        )  # fmt: skip
        title = f"{model.title}, exported by recurra {__version__}"
        script = wasm_script(options.file, title, places.facts(model))
        return {".wasm": module, ".js": script.encode()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> NodeArtefact:
        """Return the module, loaded in Node."""
        return NodeArtefact(file.with_suffix(".js"), model, lowered(model))


class LinearMemory:
    """Constants and scratch at addresses that are known: a module has its memory for itself.

    Parameters
    ----------
    scratch : int
        How many bytes of scratch there are; constants lie behind it.
    """

    def __init__(self, scratch: int) -> None:
        self._next = ALIGNMENT  # not 0: that is nowhere
        self.first = _aligned(self._next + scratch)
        self.data = bytearray()

    @property
    def end(self) -> int:
        """The first address behind all of it."""
        return _aligned(self.first + len(self.data))

    def constant(self, name: str, content: bytes) -> Any:
        """Return a pointer to bytes that never change."""
        address = self.end
        self.data += bytes(address - self.first - len(self.data)) + content
        return _pointer(address)

    def scratch(self, builder: ir.IRBuilder, array: CodeArray) -> Any:
        """Return a pointer to floats of one step."""
        address = self._next
        self._next = _aligned(address + 4 * array.size)
        assert self._next <= self.first
        return _pointer(address)


def _pointer(address: int) -> Any:
    return ir.Constant(WORD, address).inttoptr(POINTER)


def _aligned(address: int) -> int:
    return -(-address // ALIGNMENT) * ALIGNMENT


def _scratch_size(code: ModelCode) -> int:
    """Return how many bytes of scratch all steps have, and the rows between layers."""
    sizes = [array.size for step in code.steps for array in step.scratch]
    return sum(_aligned(4 * size) for size in [*sizes, *(layer.output_size for layer in code.layers[:-1])])


class _Places:
    """Where the state lies, and a step's inputs and output; behind them is what a run is given."""

    def __init__(self, code: ModelCode, begin: int) -> None:
        self.code = code
        offsets = state_offsets(code)
        self.state = begin
        self._next = _aligned(begin + 4 * sum(array.size for array in offsets))
        self.states = [
            {"name": array.name, "size": array.size, "at": begin + 4 * offset, "counts": array.values is None}
            for array, offset in offsets.items()
        ]
        self.inputs = [self._place(array.size) for array in code.inputs]
        self.output = self._place(code.layers[-1].output_size)
        self.end = self._next

    def _place(self, size: int) -> int:
        address = self._next
        self._next = _aligned(address + 4 * size)
        return address

    def facts(self, model: ExportedModel) -> dict[str, Any]:
        """Return what the script has to know."""
        inputs = [
            {"name": name, "size": array.size, "at": at, "once": name in model.per_sequence}
            for name, array, at in zip(("x", *model.inputs), self.code.inputs, self.inputs, strict=True)
        ]
        return {
            "inputs": inputs,
            "output": {"size": self.code.layers[-1].output_size, "at": self.output},
            "states": self.states,
            "state": self.state,
            "work": self.code.work_size,
            "heap": self.end,
        }
