"""Bare objects as a format of `export`: what a C compiler would make of the C format, without one."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

from recurra.export.c import CWriter, reader_name
from recurra.export.c_artefact import CArtefact
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import ExportedModel
from recurra.export.formats import ExportOptions
from recurra.export.ir import IRWriter
from recurra.export.lowering import lowered
from recurra.export.processors import emitted, here, processor_of

__all__ = ["LinkedObject", "ObjectFormat"]


class ObjectFormat:
    """One .o and one .h; see `recurra.export.formats.ExportFormat`."""

    suffixes = (".o", ".h")
    options = frozenset({"weights", "target"})
    tolerance = 1e-6
    has_attention = False

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix."""
        processor = processor_of(options.target)
        code = lowered(model)
        writer = IRWriter(processor.shape())
        for key, reader in code.readers.items():
            writer.write(reader, reader_name(options.name, key))
        writer.write(code, options.name)
        if code.classes:
            writer.write_texts(code.classes, f"{options.name}_classes")
        content = emitted(writer.text(), processor)
        return {".o": content, ".h": CWriter(code, options.name, options.file, model.title).header_of(content).encode()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> CArtefact:
        """Return the object, linked into this process by LLVM."""
        return CArtefact(LinkedObject(file.read_bytes()), options.name, model, lowered(model))


class LinkedObject:
    """An object for this machine in memory, with its functions as attributes, as those of a `ctypes.CDLL`."""

    def __init__(self, content: bytes) -> None:
        processor = here()
        # an execution engine wants a module, and gets its functions from the object beside it
        empty = llvm.parse_assembly("")
        empty.triple = processor.triple
        self._engine = llvm.create_mcjit_compiler(empty, processor.generator())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(content))
        self._engine.finalize_object()

    def __getattr__(self, name: str) -> Any:
        return ctypes.CFUNCTYPE(None)(self._engine.get_function_address(name))
