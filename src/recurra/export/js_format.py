"""JavaScript as a format of `export`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from recurra.export.checking import Artefact, CheckedSequences, RunValues
from recurra.export.description import ExportedModel
from recurra.export.formats import ExportOptions
from recurra.export.js import JsWriter
from recurra.export.js_training import JsTrainingWriter
from recurra.export.lowering import lowered
from recurra.export.node import NodeArtefact, NodeTrainingArtefact
from recurra.export.training import training_code
from recurra.export.typescript import js_declarations, training_declarations

__all__ = ["DECLARATIONS", "JsFormat"]

DECLARATIONS = ".d.ts"
"""The suffix of the file that says to TypeScript what is in a module."""


class JsFormat:
    """One ES module, and its declarations; see `recurra.export.formats.ExportFormat`."""

    suffixes = (".js",)
    options = frozenset({"training", "weights"})
    tolerance = 1e-5
    has_attention = False

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix."""
        if options.training:
            code = training_code(model)
            source = JsTrainingWriter(code, options.name, model.title).source()
            declared = training_declarations(code, options.name, model.title)
        else:
            code = lowered(model)
            source = JsWriter(code, options.name, model.title).source()
            declared = js_declarations(code, options.name, model.title)
        return {".js": source.encode(), DECLARATIONS: declared.encode()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> Artefact:
        """Return the file, loaded in Node."""
        kind = NodeTrainingArtefact if options.training else NodeArtefact
        return kind(file, model, lowered(model))
