"""Translation: German to English and English to Chinese sentences, and the sounds of English spellings.

Measured as others do: multi30k by lower-cased sacreBLEU of what a beam of 5 finds for its test part of 2016; Tatoeba by
sacreBLEU's rules for Chinese; cmudict without stress on a tenth of its words, of whose several sounds the nearest
counts. The minutes are those of two cores, and on one twice as many.
"""

from __future__ import annotations

import dataclasses
import random
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from benchmarks.accuracy import Run
from recurra.tasks import TranslateOptions, Translator
from recurra.training.option_fields import as_dictionary

Pairs = list[tuple[str, str]]
Parts = tuple[Any, Any, Any]
Score = Callable[[Mapping[str, float]], dict[str, float]]


def _multi30k(data: Path) -> Parts:
    folder = data / "multi30k"
    return folder / "train", folder / "val", folder / "test_2016_flickr"


def _tatoeba(data: Path) -> Parts:
    """Return the sentences as they are written; those of other parts are known by the letters of their cut ones."""
    folder = data / "tatoeba_en_zh"
    parts: dict[str, str] = {}
    for part in ("dev", "test"):
        for line in (folder / f"cmn.{part}.tokenized.tsv").read_text(encoding="utf-8").splitlines():
            parts[_letters(line)] = part
    found: dict[str, Pairs] = {"train": [], "dev": [], "test": []}
    for line in (folder / "cmn.txt").read_text(encoding="utf-8").splitlines():
        english, chinese = line.split("\t")[:2]
        found[parts.get(_letters(f"{english}\t{chinese}"), "train")].append((english, chinese))
    held_out = {english for part in ("dev", "test") for english, _ in found[part]}
    training = [pair for pair in found["train"] if pair[0] not in held_out]
    return training, found["dev"], found["test"]


def _letters(line: str) -> str:
    return re.sub(r"\W", "", line).lower()


def _cmudict(data: Path, *, seed: int = 0) -> Parts:
    """Return the spellings and sounds of the words, a tenth of them for the test and a twentieth for validation."""
    sounds: dict[str, list[str]] = {}
    for line in (data / "cmudict" / "cmudict.dict").read_text(encoding="utf-8").splitlines():
        word, _, phones = line.partition("#")[0].strip().partition(" ")
        plain = re.sub(r"\(\d+\)$", "", word)
        spelt = re.sub(r"\d", "", phones)
        if spelt not in sounds.setdefault(plain, []):
            sounds[plain].append(spelt)
    words = sorted(sounds)
    random.Random(seed).shuffle(words)
    cuts = (len(words) // 10, len(words) // 10 + len(words) // 20)
    test, validation, training = words[: cuts[0]], words[cuts[0] : cuts[1]], words[cuts[1] :]
    return tuple([(word, each) for word in part for each in sounds[word]] for part in (training, validation, test))  # pyright: ignore[reportReturnType]


def _of_sentences(scores: Mapping[str, float]) -> dict[str, float]:
    return {name: scores[name] for name in ("bleu", "chrf")}


def _of_sounds(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the share of the words that are not exactly one of their pronunciations, and the errors of phones."""
    return {"WER": 1 - scores["exact"], "PER": scores["word_error"]}


def _measured(parts: Callable[[Path], Parts], options: TranslateOptions, score: Score) -> Run:
    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        training, validation, test = parts(data)
        of_two_cores = options.minutes and options.minutes * 2 / torch.get_num_threads()
        chosen = dataclasses.replace(options, seed=seed, minutes=minutes or of_two_cores)
        start = time.perf_counter()
        translator = Translator(chosen).fit(training, validation=validation, test=test, progress=True)
        seconds = time.perf_counter() - start
        begun = time.perf_counter()
        scores = dataclasses.asdict(translator.evaluate(test))["model"]
        decoding = time.perf_counter() - begun
        course, memory = translator.metrics_["training"], translator.metrics_["test"]["memory"]
        return {
            "model": translator,
            "scores": {
                **score(scores),
                **{f"{name} of the most similar source": value for name, value in score(memory).items()},
                **{f"validation {name}": value for name, value in course["validation"].items()},
                "seconds of evaluation": round(decoding, 1),
            },
            "signature": scores["bleu_signature"],
            "seconds": round(seconds, 1),
            "epochs": course["epochs"],
            "best epoch": course["best_epoch"],
            "parameters": translator.metrics_["parameters"],
            "options": as_dictionary(translator.options_),
        }

    return run


_GERMAN = TranslateOptions(
    source="de", target="en", lowercase=True, choose_by="bleu", epochs=24, patience=24, dropout=0.4,
    embedding_dropout=0.3, average_decay=0.999, minutes=60,
)  # fmt: skip

RUNS: dict[str, Run] = {
    "multi30k": _measured(_multi30k, _GERMAN, _of_sentences),
    "multi30k_half_an_hour": _measured(
        _multi30k, dataclasses.replace(_GERMAN, dropout=0.3, embedding_dropout=0.2, minutes=30), _of_sentences
    ),
    "tatoeba_en_zh": _measured(
        _tatoeba,
        TranslateOptions(choose_by="bleu", epochs=20, patience=20, dropout=0.4, learning_rate=0.004, minutes=15),
        _of_sentences,
    ),
    "cmudict": _measured(
        _cmudict,
        TranslateOptions(
            choose_by="error", epochs=16, patience=16, dropout=0.2, embedding_dropout=0.1, embedding_size=128,
            hidden_size=192, batch_size=128, minutes=20,
        ),
        _of_sounds,
    ),
}  # fmt: skip
