"""Classifiers on SST-2, ChnSentiCorp, MR, three sets of the UCR and UEA archives, and MNIST read pixel by pixel."""

from __future__ import annotations

import dataclasses
import gzip
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars

from benchmarks.accuracy import Run
from recurra.data import LabelledSequences
from recurra.tasks import ClassifyOptions, SequenceClassifier
from recurra.training.option_fields import as_dictionary

_DIGITS = tuple("0123456789")


def _fitted(
    options: ClassifyOptions, seed: int, minutes: float | None, *, training: Any, test: Any, validation: Any = None
) -> dict[str, Any]:
    chosen = dataclasses.replace(options, seed=seed, minutes=minutes)
    start = time.perf_counter()
    classifier = SequenceClassifier(chosen).fit(training, validation=validation, test=test, progress=True)
    seconds = time.perf_counter() - start
    scores, course = classifier.metrics_["test"], classifier.metrics_["training"]
    parts = {name: scores[name] for name in ("network", "ngrams", "linear") if scores[name] is not None}
    return {
        "scores": {
            "accuracy": scores["accuracy"],
            "macro F1": scores["macro_f1"],
            "validation accuracy": course["validation"]["accuracy"],
            **{f"{name} alone": part["accuracy"] for name, part in parts.items()},
        },
        "seconds": round(seconds, 1),
        "epochs": course["epochs"],
        "best epoch": course["best_epoch"],
        "parameters": classifier.metrics_["parameters"],
        "options": as_dictionary(classifier.options_),
    }


def _parts(folder: str, options: ClassifyOptions) -> Run:
    """Return the run on `train.tsv`, `dev.tsv` and `test.tsv`."""

    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        train, dev, test = (data / folder / f"{part}.tsv" for part in ("train", "dev", "test"))
        return _fitted(options, seed, minutes, training=train, validation=dev, test=test)

    return run


def _polarity(options: ClassifyOptions) -> Run:
    """Return the run on MR: a random tenth of each class tests, another chooses, by the seed."""

    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        texts = {
            label: (data / "mr" / f"rt-polarity.{label}").read_text(encoding="utf-8").splitlines()
            for label in ("neg", "pos")
        }
        frame = polars.DataFrame(
            {
                "text": [text for each in texts.values() for text in each],
                "label": [label for label, each in texts.items() for _ in each],
            }
        )
        return _fitted(options, seed, minutes, training=frame, test=None)

    return run


def _archive(name: str, options: ClassifyOptions) -> Run:
    """Return the run on a set of the archives; some of its training series choose the weights."""

    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        train, test = (data / "ucr" / f"{name}_{part}.ts" for part in ("TRAIN", "TEST"))
        return _fitted(options, seed, minutes, training=train, test=test)

    return run


def _pixels(options: ClassifyOptions) -> Run:
    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        train, test = (digits(data / "mnist", part) for part in ("train", "t10k"))
        return _fitted(options, seed, minutes, training=train, test=test)

    return run


def digits(folder: Path, part: str) -> LabelledSequences:
    """Read MNIST's images as sequences of 784 pixels from 0 to 1, a channel each."""
    images = _idx(folder / f"{part}-images-idx3-ubyte.gz", header=16).reshape(-1, 784, 1)
    labels = _idx(folder / f"{part}-labels-idx1-ubyte.gz", header=8).astype(np.int64)
    return LabelledSequences(
        sequences=list(images.astype(np.float32) / 255),
        labels=labels,
        classes=_DIGITS,
        source=f"MNIST {part}",
        rows=np.arange(1, len(labels) + 1),
    )


def _idx(path: Path, *, header: int) -> np.ndarray:
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


SST2 = ClassifyOptions(
    ngrams=False, average_decay=0.0,
    text="1", label="2", header=False, words="space", hidden_size=64, embedding_size=100, dropout=0.5,
    input_dropout=0.5, word_dropout=0.1, learning_rate=1e-3, epochs=10, patience=4, choose_by="accuracy",
)  # fmt: skip
CHNSENTICORP = ClassifyOptions(
    ngrams=False, average_decay=0.0,
    text="text_a", label="label", level="char", hidden_size=100, embedding_size=128, dropout=0.5, input_dropout=0.3,
    word_dropout=0.1, learning_rate=1e-3, epochs=10, patience=3, choose_by="accuracy",
)  # fmt: skip
VOWELS = ClassifyOptions(average_decay=0.0, epochs=100, patience=30)
HEARTBEATS = ClassifyOptions(
    average_decay=0.0, epochs=300, patience=100, learning_rate=5e-3, batch_size=16, noise=0.2, validation_fraction=0.2
)
POWER = ClassifyOptions(
    average_decay=0.0,
    cell="GRU", convolutions=1, convolution_size=3, convolution_stride=1, noise=0.2, epochs=300, patience=100,
    learning_rate=5e-3, batch_size=16, validation_fraction=0.2,
)  # fmt: skip
PIXELS = ClassifyOptions(
    average_decay=0.0,
    bidirectional=False, pooling="last", dropout=0.0, batch_size=128, epochs=7, patience=7, validation_fraction=0.05,
    schedule="one_cycle", learning_rate=5e-3, weight_decay=0.0, choose_by="accuracy", memory=100, forget_gate="b_f",
    input_gate="b_i", hidden_size=130,
)  # fmt: skip

RUNS = {
    "sst2": _parts("sst2", SST2),
    "chnsenticorp": _parts("chnsenticorp", CHNSENTICORP),
    "sst2-defaults": _parts("sst2", ClassifyOptions(text="1", label="2", header=False)),
    "chnsenticorp-defaults": _parts("chnsenticorp", ClassifyOptions(text="text_a", label="label")),
    "mr-defaults": _polarity(ClassifyOptions(text="text", label="label")),
    "japanese-vowels": _archive("JapaneseVowels", VOWELS),
    "ecg200": _archive("ECG200", HEARTBEATS),
    "italy-power": _archive("ItalyPowerDemand", POWER),
    "mnist-lstm": _pixels(PIXELS),
    "mnist-gru": _pixels(
        dataclasses.replace(PIXELS, cell="GRU", hidden_size=150, forget_gate="b_z", input_gate=None, epochs=4)
    ),
}
