"""WebAssembly as a format of `export`: a module, and an ES module in JavaScript that loads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llvmlite import ir

from recurra import __version__
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import ExportedModel
from recurra.export.formats import ExportOptions
from recurra.export.ir import IRWriter, state_offsets
from recurra.export.ir_numbers import POINTER, WORD
from recurra.export.ir_steps import ALIGNMENT
from recurra.export.js_format import DECLARATIONS
from recurra.export.listening_page import listening_page
from recurra.export.lowering import further_name, lowered
from recurra.export.node import NodeArtefact
from recurra.export.processors import Processor, emitted
from recurra.export.program import CodeArray, ModelCode
from recurra.export.typescript import wasm_declarations
from recurra.export.wasm_link import PAGE, module_of
from recurra.export.wasm_script import wasm_script

__all__ = ["WasmFormat"]

WASM = Processor("wasm32-unknown-unknown", "generic", "+simd128", lanes=4, panel=32)


class WasmFormat:
    """One .wasm, one .js with its declarations, and maybe a page; see `recurra.export.formats.ExportFormat`."""

    suffixes = (".wasm", ".js")
    options = frozenset({"page", "weights"})
    tolerance = 1e-6
    has_attention = False

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix."""
        code, memory = lowered(model), LinearMemory()
        writer = IRWriter(WASM.shape(), lambda module: memory)
        for key, reader in code.readers.items():
            writer.write(reader, key)
        writer.write(code, "model")
        content = emitted(writer.text(), WASM)
        facts = _facts(model, code, "model", memory)
        facts["readers"] = {
            name: _facts(reader, code.readers[further_name(name)], further_name(name), memory)
            for name, reader in model.readers.items()
        }
        networks = [facts, *facts["readers"].values()]
        heap = memory.place(0)
        exports = [name for each in networks for name in each["functions"].values()]
        module = module_of(content, exports=exports, data=memory.data, pages=-(-heap // PAGE))
        title = f"{model.title}, exported by recurra {__version__}"
        script = wasm_script(options.file, title, {**facts, "heap": heap})
        files = {".wasm": module, ".js": script.encode(), DECLARATIONS: wasm_declarations(code, model.title).encode()}
        return files | ({".html": listening_page(model, script, module).encode()} if options.page else {})

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> NodeArtefact:
        """Return the module, loaded in Node."""
        return NodeArtefact(file.with_suffix(".js"), model, lowered(model))


class LinearMemory:
    """Constants and scratch at addresses that are known: a module has its memory for itself.

    Attributes
    ----------
    data : list of pairs of an address and bytes
        What is there at the beginning.
    """

    def __init__(self) -> None:
        self.data: list[tuple[int, bytes]] = []
        self._end = ALIGNMENT  # not 0: that is nowhere

    def place(self, size: int) -> int:
        """Return the address of so many bytes more."""
        address, self._end = self._end, -(-(self._end + size) // ALIGNMENT) * ALIGNMENT
        return address

    def constant(self, name: str, content: bytes) -> Any:
        """Return a pointer to bytes that never change."""
        address = self.place(len(content))
        self.data.append((address, content))
        return ir.Constant(WORD, address).inttoptr(POINTER)

    def scratch(self, builder: ir.IRBuilder, array: CodeArray) -> Any:
        """Return a pointer to floats of one step."""
        return ir.Constant(WORD, self.place(4 * array.size)).inttoptr(POINTER)


def _facts(model: ExportedModel, code: ModelCode, name: str, memory: LinearMemory) -> dict[str, Any]:
    """Return what the script has to know of a model, with places for its state and for a step's inputs and output."""
    offsets = state_offsets(code)
    state = memory.place(4 * sum(array.size for array in offsets))
    functions = {each: f"{name}_{each}" for each in ("reset", "run", *(["step"] if code.is_causal else []))}
    states = [
        {"name": array.name, "size": array.size, "at": state + 4 * offset, "counts": array.values is None}
        for array, offset in offsets.items()
    ]
    inputs = [
        {"name": key, "size": array.size, "at": memory.place(4 * array.size), "once": key in model.per_sequence}
        for key, array in zip(("x", *model.inputs), code.inputs, strict=True)
    ]
    size = code.layers[-1].output_size
    unfolded = 0 if model.unfolds_at is None else model.output_steps(1)
    frames = [[each.size, each.stride, each.padding] for each in (layer.frame for layer in code.layers) if each]
    return {
        "functions": functions, "tokens": code.inputs[0].is_whole, "inputs": inputs,
        "output": {"size": size, "at": memory.place(4 * size)}, "states": states, "state": state,
        "work": code.work_size, "added": code.added_steps, "frames": frames, "pooled": code.is_pooled,
        "unfolded": unfolded,
        "classes": list(code.classes),
    }  # fmt: skip
