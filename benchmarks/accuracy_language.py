"""Language models on real text: Penn Treebank by words, tiny shakespeare by characters."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recurra.tasks import LanguageModel, LanguageOptions
from recurra.training.option_fields import as_dictionary

ZAREMBA_SMALL = LanguageOptions(
    level="word", words="space", minimum_count=1, hidden_size=200, layers=2, embedding_size=200, tied=False,
    dropout=0.0, bptt=20, batch_size=20, initial_range=0.1, optimiser="sgd", weight_decay=0.0, learning_rate=20.0,
    clip=0.25, schedule="step", cut=0.5, cut_after=4, epochs=13, patience=13,
)  # fmt: skip
"""Zaremba, Sutskever & Vinyals (2014), arXiv:1409.2329, section 4.1, the small model.

Its loss is the sum over the 20 steps, ours the mean: so a rate of 1 and a norm of 5 are 20 and 0.25 here.
"""

WITHIN_AN_HOUR = LanguageOptions(
    level="word", words="space", minimum_count=1, hidden_size=600, layers=2, embedding_size=300, tied=True,
    bptt=35, varying_bptt=True, batch_size=20, dropout=0.4, input_dropout=0.25, hidden_dropout=0.2, token_dropout=0.05,
    weight_drop=0.1, activation_penalty=1.0, change_penalty=1.0, optimiser="sgd", weight_decay=1.2e-6,
    learning_rate=20.0, clip=0.25, schedule="cosine", epochs=16, patience=16, minutes=60.0,
)  # fmt: skip
"""After AWD-LSTM (Merity, Keskar & Socher 2018), with fewer units, layers and less dropped, so that an hour is enough.

The rate falls along a cosine over the epochs that an hour has room for, in place of averaged weights, which gain most
after hundreds of epochs.
"""

SHAKESPEARE = LanguageOptions(
    level="char", hidden_size=384, layers=2, dropout=0.4, hidden_dropout=0.25, bptt=100, batch_size=32,
    optimiser="adam", weight_decay=0.0, average_decay=0.998, learning_rate=2e-3, schedule="cosine", clip=1.0, epochs=15,
    patience=15, minutes=20.0,
)  # fmt: skip


def _ptb(data: Path, options: LanguageOptions) -> dict[str, Any]:
    folder = data / "ptb"
    parts = {name: folder / f"ptb.{short}.txt" for name, short in (("validation", "valid"), ("test", "test"))}
    return _fitted(folder / "ptb.train.txt", options, parts)


def _shakespeare(data: Path, options: LanguageOptions) -> dict[str, Any]:
    """The last tenth is the test part, and the first twentieth chooses: in between is what comes before the test."""
    text = (data / "tinyshakespeare" / "input.txt").read_text(encoding="utf-8")
    ends = {"validation": len(text) // 20, "training": len(text) * 9 // 10, "test": len(text)}
    with tempfile.TemporaryDirectory() as folder:
        parts, begin = {name: Path(folder) / f"{name}.txt" for name in ends}, 0
        for name, end in ends.items():
            parts[name].write_text(text[begin:end], encoding="utf-8")
            begin = end
        return _fitted(parts.pop("training"), options, parts)


def _fitted(text: Path, options: LanguageOptions, parts: Mapping[str, Path]) -> dict[str, Any]:
    start = time.perf_counter()
    model = LanguageModel(options).fit(text, **parts, progress=True)
    seconds = time.perf_counter() - start
    test, training = model.metrics_["test"]["model"], model.metrics_["training"]
    return {
        "scores": {
            "perplexity": test["perplexity"],
            "nats": test["nats_per_token"],
            "validation perplexity": training["validation"]["perplexity"],
        },
        "seconds": round(seconds, 1),
        "epochs": training["epochs"],
        "best epoch": training["best_epoch"],
        "parameters": model.metrics_["parameters"],
        "options": as_dictionary(model.options_),
        "sample": model.samples_[-1][1],
    }


def _limited(options: LanguageOptions, seed: int, minutes: float | None) -> LanguageOptions:
    return dataclasses.replace(options, seed=seed, minutes=options.minutes if minutes is None else minutes)


RUNS = {
    "ptb-small": lambda data, seed, minutes: _ptb(data, _limited(ZAREMBA_SMALL, seed, minutes)),
    "ptb-60": lambda data, seed, minutes: _ptb(data, _limited(WITHIN_AN_HOUR, seed, minutes)),
    "shakespeare": lambda data, seed, minutes: _shakespeare(data, _limited(SHAKESPEARE, seed, minutes)),
}
