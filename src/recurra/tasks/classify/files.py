"""What a model folder holds of a classifier beside what every task has, and back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Annotated

import polars
from pydantic import Field

from recurra.errors import ModelFolderError
from recurra.tasks.classify.encoder import Encoder, NumberEncoder, TextEncoder, restored_encoder
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.model_files import Content, Folder, as_json

__all__ = ["Known", "classify_files", "restored_classifier"]

CLASSES, PREDICTIONS = "classes.json", "predictions.csv"

_PREDICTED = {"truth": polars.String, "prediction": polars.String, "probability": polars.Float64}


class _Classes(Content):
    classes: Annotated[list[str], Field(min_length=2)]
    most_frequent: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a classifier knows of its data; see `ClassifyModel`.

    Attributes
    ----------
    encoder, classes, frequent
        As there.
    predictions
        Of the test part: row, truth, prediction, probability.
    """

    encoder: Encoder
    classes: tuple[str, ...]
    frequent: int
    predictions: polars.DataFrame


def classify_files(known: Known, /) -> dict[str, bytes]:
    """Return the classes, the vocabulary or the scale, and the predictions of the test part."""
    classes = {"classes": list(known.classes), "most_frequent": known.classes[known.frequent]}
    return {
        CLASSES: as_json(classes),
        known.encoder.file: known.encoder.to_json().encode(),
        PREDICTIONS: known.predictions.write_csv().encode(),
    }


def restored_classifier(folder: Folder, options: ClassifyOptions, /) -> Known:
    """Return what `classify_files` wrote."""
    content = folder.json(CLASSES, _Classes)
    classes = tuple(content.classes)
    name = content.most_frequent
    if len(set(classes)) < len(classes) or name not in classes:
        raise ModelFolderError(
            f"{folder.path} is damaged: {CLASSES}: a class is there twice, or the most frequent never"
        )
    file = TextEncoder.file if TextEncoder.file in folder.files else NumberEncoder.file
    return Known(
        encoder=restored_encoder(folder.files[file].decode(), file=file, longest=options.longest),
        classes=classes,
        frequent=classes.index(name),
        predictions=_predictions(folder),
    )


def _predictions(folder: Folder) -> polars.DataFrame:
    """Return the predictions of the test part; a lean model has none."""
    if PREDICTIONS not in folder.files:
        return polars.DataFrame(schema={"row": polars.Int64, **_PREDICTED})
    try:
        found = polars.read_csv(io.BytesIO(folder.files[PREDICTIONS]), schema_overrides=_PREDICTED)
    except (polars.exceptions.PolarsError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelFolderError(f"{folder.path} is damaged: {PREDICTIONS}: {reason}") from None
    missing = [name for name in _PREDICTED if name not in found.columns]
    if missing:
        raise ModelFolderError(f"{folder.path} is damaged: {PREDICTIONS} has no column {missing[0]!r}")
    return found
