"""JavaScript as a format of `export`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from recurra.errors import ExportError
from recurra.export.checking import CheckedSequences, RunValues
from recurra.export.description import ExportedModel
from recurra.export.exporting import ExportOptions
from recurra.export.js import JsWriter
from recurra.export.js_artefact import JsArtefact, JsTrainingArtefact
from recurra.export.js_training import JsTrainingWriter
from recurra.export.lowering import lowered
from recurra.export.training import training_code

__all__ = ["JsFormat"]


class JsFormat:
    """One ES module; see `recurra.export.exporting.ExportFormat`."""

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
            source = JsWriter(lowered(_of_steps(model)), options.name, model.title).source()
        return {".js": source.encode()}

    def load(self, file: Path, model: ExportedModel, options: ExportOptions) -> JsArtefact:
        """Return the file, to be run by Node."""
        return JsTrainingArtefact(file, model) if options.training else JsArtefact(file, model)


def _of_steps(model: ExportedModel) -> ExportedModel:
    """Return the model if it is one of steps with states; raise `ExportError` if it is not."""
    others = ("frame", "is_pooled", "unfolding", "of_last")
    found = [name for layer in model.layers for name in others if getattr(layer, name)]
    if found or model.readers or not model.keeps_state:
        raise ExportError(
            f"{model.title}: JavaScript runs layers of steps that keep a state, and this model reads or gives whole "
            "sequences; to='wasm', 'c' and 'onnx' have it"
        )
    return model
