"""Parts of speech in the English Web Treebank: the universal tags of sentences from weblogs, mails and reviews."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

from benchmarks.accuracy import Run
from recurra.tasks import SequenceTagger, TagOptions
from recurra.training.option_fields import as_dictionary


def _universal(options: TagOptions) -> Run:
    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        train, dev, test = (data / "ud_english_ewt" / f"en_ewt-ud-{part}.conllu" for part in ("train", "dev", "test"))
        chosen = dataclasses.replace(options, seed=seed, minutes=minutes or options.minutes)
        start = time.perf_counter()
        tagger = SequenceTagger(chosen).fit(train, validation=dev, test=test, progress=True)
        return _outcome(tagger, time.perf_counter() - start)

    return run


def _outcome(tagger: SequenceTagger, seconds: float) -> dict[str, Any]:
    test, course = tagger.metrics_["test"], tagger.metrics_["training"]
    return {
        "scores": {
            "accuracy": test["model"]["tokens"]["share"],
            "accuracy of unknown words": test["model"]["unknown_words"]["share"],
            "accuracy of each word's most frequent tag": test["usual_tag"]["tokens"]["share"],
            "validation accuracy": course["validation"]["accuracy"],
        },
        "seconds": round(seconds, 1),
        "epochs": course["epochs"],
        "best epoch": course["best_epoch"],
        "parameters": tagger.metrics_["parameters"],
        "options": as_dictionary(tagger.options_),
    }


RUNS: dict[str, Run] = {
    "ud_english_ewt": _universal(TagOptions(column="UPOS", schedule="cosine", epochs=12, patience=12))
}
