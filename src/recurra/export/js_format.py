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

__all__ = ["JsFormat"]


class JsFormat:
    """One ES module; see `recurra.export.formats.ExportFormat`."""

    suffixes = (".js",)
    options = frozenset({"training", "weights"})
    tolerance = 1e-5

    def files(
        self, model: ExportedModel, options: ExportOptions, test: tuple[CheckedSequences, RunValues]
    ) -> Mapping[str, bytes]:
        """Return the bytes of each file by its suffix."""
        if options.training:
            source = JsTrainingWriter(training_code(model), options.name, model.title).source()
        else:
            source = JsWriter(lowered(model), options.name, model.title).source()
        return {".js": source.encode()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> Artefact:
        """Return the file, loaded in Node."""
        kind = NodeTrainingArtefact if options.training else NodeArtefact
        return kind(file, model, lowered(model))
