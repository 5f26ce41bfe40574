"""What a model folder holds of a classifier beside what every task has, and back."""

from __future__ import annotations

import io
from dataclasses import dataclass

import polars

from recurra.tasks.classify.encoder import Encoder, NumberEncoder, TextEncoder, restored_encoder
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.model_files import Folder, as_json

__all__ = ["Known", "classify_files", "restored_classifier"]

CLASSES, PREDICTIONS = "classes.json", "predictions.csv"


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
    content = folder.json(CLASSES)
    classes = tuple(content["classes"])
    file = TextEncoder.file if TextEncoder.file in folder.files else NumberEncoder.file
    return Known(
        encoder=restored_encoder(folder.files[file].decode(), file=file, longest=options.longest),
        classes=classes,
        frequent=classes.index(content["most_frequent"]),
        predictions=polars.read_csv(
            io.BytesIO(folder.files[PREDICTIONS]),
            schema_overrides={"truth": polars.String, "prediction": polars.String},
        ),
    )
