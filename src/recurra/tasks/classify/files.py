"""What a model folder holds of a classifier beside what every task has, and back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import polars
import safetensors.numpy
from pydantic import Field

from recurra.errors import ModelFolderError
from recurra.tasks.classify.data import Encoder, NumberEncoder, TextEncoder, restored_encoder
from recurra.tasks.classify.linear import LinearClassifier, NgramFeatures, SeriesFeatures
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.model_files import PREDICTIONS, Content, Folder, as_json

__all__ = ["Known", "classify_files", "no_predictions", "restored_classifier"]

CLASSES = "classes.json"
LINEAR, LINEAR_WEIGHTS = "linear.json", "linear.safetensors"

_PREDICTED = {"truth": polars.String, "prediction": polars.String, "probability": polars.Float64}


class _Classes(Content):
    classes: Annotated[list[str], Field(min_length=2)]
    most_frequent: str


class _Linear(Content):
    kind: Literal["ngrams", "series"]
    size: int = 0
    tokens: int = 0
    steps: int = 0
    channels: int = 0
    penalty: float
    ngram_penalty: float | None = None
    ngram_share: Annotated[float, Field(ge=0, le=1)] | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a classifier knows of its data; see `ClassifyModel`.

    Attributes
    ----------
    encoder, classes, frequent, linear, ngrams
        As there.
    predictions
        Of the test part: row, truth, prediction, probability.
    """

    encoder: Encoder
    classes: tuple[str, ...]
    frequent: int
    predictions: polars.DataFrame
    linear: LinearClassifier | None
    ngrams: LinearClassifier | None


def no_predictions() -> polars.DataFrame:
    """Return the predictions of a model that has none of a test part."""
    return polars.DataFrame(schema={"row": polars.Int64, **_PREDICTED})


def classify_files(known: Known, /) -> dict[str, bytes]:
    """Return the classes, the vocabulary or the scale, and the predictions of the test part."""
    classes = {"classes": list(known.classes), "most_frequent": known.classes[known.frequent]}
    return {
        CLASSES: as_json(classes),
        known.encoder.file: known.encoder.to_json().encode(),
        PREDICTIONS: known.predictions.write_csv().encode(),
        **({} if known.linear is None else _linear_files(known.linear, known.ngrams)),
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
    encoder = restored_encoder(folder.files[file].decode(), file=file, longest=options.longest)
    linear, ngrams = None, None
    if LINEAR in folder.files:
        linear, ngrams = _restored_linear(folder, inputs=encoder.inputs, classes=len(classes))
    return Known(
        encoder=encoder,
        classes=classes,
        frequent=classes.index(name),
        predictions=_predictions(folder),
        linear=linear,
        ngrams=ngrams,
    )


def _linear_files(linear: LinearClassifier, ngrams: LinearClassifier | None) -> dict[str, bytes]:
    """Return the linear classifiers: their sizes as JSON, their n-grams and weights as safetensors."""
    features, arrays = linear.features, {"weights": linear.weights, "bias": linear.bias}
    if isinstance(features, NgramFeatures):
        sizes: dict[str, Any] = {"kind": "ngrams", "size": features.size, "tokens": features.tokens}
        arrays |= {"terms": features.terms, "idf": features.idf}
    else:
        sizes = {"kind": "series", "steps": features.steps, "channels": features.channels}
    sizes["penalty"] = linear.penalty
    if ngrams is not None:
        sizes |= {"ngram_penalty": ngrams.penalty, "ngram_share": ngrams.share}
        arrays |= {"ngram_weights": ngrams.weights, "ngram_bias": ngrams.bias}
    return {LINEAR: as_json(sizes), LINEAR_WEIGHTS: safetensors.numpy.save(arrays)}


def _restored_linear(folder: Folder, *, inputs: int, classes: int) -> tuple[LinearClassifier, LinearClassifier | None]:
    """Return what `_linear_files` wrote.

    Raises
    ------
    ValueError
        If sizes and arrays do not go together, or a value is not finite.
    """
    sizes, arrays = folder.json(LINEAR, _Linear), safetensors.numpy.load(folder.files[LINEAR_WEIGHTS])
    features, count = _restored_features(sizes, arrays, inputs=inputs)
    columns = 1 if classes == 2 else classes
    for prefix in ("",) if sizes.ngram_share is None else ("", "ngram_"):
        weights, bias = arrays[f"{prefix}weights"], arrays[f"{prefix}bias"]
        for name, array, shape in (("weights", weights, (count, columns)), ("bias", bias, (columns,))):
            is_right = array.dtype == np.float32 and array.shape == shape and bool(np.isfinite(array).all())
            _check(is_right, f"{prefix}{name}")
    linear = LinearClassifier(features=features, weights=arrays["weights"], bias=arrays["bias"], penalty=sizes.penalty)
    if sizes.ngram_share is None or sizes.ngram_penalty is None:
        return linear, None
    ngrams = LinearClassifier(
        features=features, weights=arrays["ngram_weights"], bias=arrays["ngram_bias"],
        penalty=sizes.ngram_penalty, is_ratio=True, share=sizes.ngram_share,
    )  # fmt: skip
    return linear, ngrams


def _restored_features(
    sizes: _Linear, arrays: Mapping[str, np.ndarray], *, inputs: int
) -> tuple[NgramFeatures | SeriesFeatures, int]:
    """Return the features that a linear classifier sees, and how many there are."""
    if sizes.kind == "ngrams":
        size, tokens, terms, idf = sizes.size, sizes.tokens, arrays["terms"], arrays["idf"]
        _check(1 <= size <= 8 and tokens in (inputs, inputs + 1), "size and tokens")
        is_ascending = terms.ndim == 1 and len(terms) > 0 and bool((np.diff(terms) > 0).all())
        _check(terms.dtype == np.int64 and is_ascending, "terms")
        _check(idf.dtype == np.float32 and idf.shape == terms.shape and bool(np.isfinite(idf).all()), "idf")
        return NgramFeatures(size=size, tokens=tokens, terms=terms, idf=idf), len(terms)
    steps, channels = sizes.steps, sizes.channels
    _check(1 <= steps <= 32 and channels == inputs, "kind, steps and channels")
    return SeriesFeatures(steps=steps, channels=channels), steps * channels


def _check(is_right: bool, what: str) -> None:
    if not is_right:
        raise ValueError(f"{LINEAR} and {LINEAR_WEIGHTS}: wrong {what}")


def _predictions(folder: Folder) -> polars.DataFrame:
    """Return the predictions of the test part; a lean model has none."""
    if PREDICTIONS not in folder.files:
        return no_predictions()
    try:
        found = polars.read_csv(io.BytesIO(folder.files[PREDICTIONS]), schema_overrides=_PREDICTED)
    except (polars.exceptions.PolarsError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelFolderError(f"{folder.path} is damaged: {PREDICTIONS}: {reason}") from None
    missing = [name for name in _PREDICTED if name not in found.columns]
    if missing:
        raise ModelFolderError(f"{folder.path} is damaged: {PREDICTIONS} has no column {missing[0]!r}")
    return found
