"""Data that a small classifier learns at once, and the options of one."""

from __future__ import annotations

import numpy as np
import polars

from recurra.tasks import ClassifyOptions

TEXTS = ClassifyOptions(
    text="text", label="label", hidden_size=4, embedding_size=6, epochs=3, learning_rate=0.02, word_dropout=0.0
)
NUMBERS = ClassifyOptions(values="x,y", id="walk", label="kind", hidden_size=4, epochs=2)

_SUBJECTS = ("film", "plot", "cast", "script", "ending")
_WORDS = {"good": ("great", "fine", "moving"), "bad": ("dull", "poor", "flat")}


def reviews(count: int = 120, *, seed: int = 0) -> polars.DataFrame:
    """Return texts of 3 to 8 words, which one of them decides."""
    random = np.random.default_rng(seed)
    labels = [("good", "bad")[int(number)] for number in random.integers(0, 2, count)]
    texts = [
        " ".join([*random.choice(_SUBJECTS, random.integers(2, 8)), str(random.choice(_WORDS[label]))])
        for label in labels
    ]
    return polars.DataFrame({"text": texts, "label": labels})


def walks(count: int = 60, *, seed: int = 0) -> polars.DataFrame:
    """Return sequences of two channels and 2 to 9 steps in the long layout; the kind is the sign of the first."""
    random = np.random.default_rng(seed)
    frames = []
    for walk in range(count):
        steps, kind = int(random.integers(2, 10)), ("up", "down")[walk % 2]
        x = random.normal(3.0 if kind == "up" else -3.0, 1.0, steps)
        frames.append(polars.DataFrame({"walk": f"w{walk}", "x": x, "y": random.normal(size=steps), "kind": kind}))
    return polars.concat(frames)
