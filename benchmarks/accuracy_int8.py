"""`python -m benchmarks.accuracy_int8 --data FOLDER`: what int8 and bfloat16 cost the accuracy of the tasks' models.

A classifier, a tagger and a language model are trained once; the same test part is then measured with the recurrent
layers' weights in float32, int8 and bfloat16 (`estimator.quantised`), as `recurra evaluate --weights` does.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from benchmarks.accuracy_classify import SST2
from benchmarks.accuracy_language import SHAKESPEARE
from benchmarks.alternate import write
from recurra.tasks import LanguageModel, SequenceClassifier, SequenceTagger, TagOptions

WEIGHTS = ("float32", "int8", "bfloat16")

Fitted = tuple[Any, Path, Callable[[Mapping[str, Any]], float]]
"""A model, its test part, and what counts of what `evaluate` says."""


def _classifier(data: Path, minutes: float, scratch: Path) -> Fitted:
    train, dev, test = (data / "sst2" / f"{part}.tsv" for part in ("train", "dev", "test"))
    options = dataclasses.replace(SST2, minutes=minutes)
    return SequenceClassifier(options).fit(train, validation=dev, test=test), test, lambda found: found["accuracy"]


def _tagger(data: Path, minutes: float, scratch: Path) -> Fitted:
    train, dev, test = (data / "ud_english_ewt" / f"en_ewt-ud-{part}.conllu" for part in ("train", "dev", "test"))
    tagger = SequenceTagger(TagOptions(column="UPOS", minutes=minutes)).fit(train, validation=dev, test=test)
    return tagger, test, lambda found: found["model"]["tokens"]["share"]


def _language(data: Path, minutes: float, scratch: Path) -> Fitted:
    text = (data / "tinyshakespeare" / "input.txt").read_text(encoding="utf-8")
    ends = {"validation": len(text) // 20, "training": len(text) * 9 // 10, "test": len(text)}
    parts, begin = {name: scratch / f"{name}.txt" for name in ends}, 0
    for name, end in ends.items():
        parts[name].write_text(text[begin:end], encoding="utf-8")
        begin = end
    model = LanguageModel(dataclasses.replace(SHAKESPEARE, minutes=minutes))
    model.fit(parts["training"], validation=parts["validation"], test=parts["test"])
    return model, parts["test"], lambda found: found["model"]["perplexity"]


MODELS = {"sst2, accuracy": _classifier, "ud_english_ewt, accuracy": _tagger, "tinyshakespeare, perplexity": _language}


def main() -> None:
    """Train, measure, print; write the raw numbers unless it is a trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real data")
    parser.add_argument("--minutes", type=float, default=10.0, help="of training, for each model")
    parser.add_argument("--trial", action="store_true", help="write nothing down")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    points = []
    for name, fit in MODELS.items():
        with tempfile.TemporaryDirectory() as scratch:
            model, test, score = fit(given.data, given.minutes, Path(scratch))
            for weights in WEIGHTS:
                measured = model if weights == "float32" else model.quantised(weights)
                value = score(dataclasses.asdict(measured.evaluate(test)))
                points.append({"name": name, "weights": weights, "minutes": given.minutes, "score": value})
                sys.stdout.write(f"{name}, {weights}: {value:.4f}\n")
    if not given.trial:
        write("accuracy_int8", "python -m benchmarks.accuracy_int8", points)


if __name__ == "__main__":
    main()
