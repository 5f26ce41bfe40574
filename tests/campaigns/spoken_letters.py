"""Frames that spell texts, to be transcribed: each letter is two steps of a channel of its own, then a step of none."""

from __future__ import annotations

from pathlib import Path

import numpy as np

TEXTS = ("ab", "ba", "a b", "bab", "b", "abba", "a a", "bb a")


def frames_of(text: str, *, random: np.random.Generator | None = None) -> np.ndarray:
    """Return (steps, 3) float32: the channels of a, b and the space."""
    rows = [row for letter in text for row in [np.eye(3)["ab ".index(letter)]] * 2 + [np.zeros(3)]]
    found = np.array([np.zeros(3), *rows])
    if random is not None:
        found = found + 0.05 * random.standard_normal(found.shape)
    return found.astype(np.float32)


def pairs(count: int) -> list[tuple[np.ndarray, str]]:
    """Return frames and texts."""
    random = np.random.default_rng(0)
    return [(frames_of(text, random=random), text) for text in (TEXTS[n % len(TEXTS)] for n in range(count))]


def write_letters(folder: Path, *, count: int = 40, name: str = "letters.csv") -> Path:
    """Write arrays and the table of their paths, texts and speakers; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["path,text,speaker"]
    for number, (frames, text) in enumerate(pairs(count)):
        np.save(folder / f"{number}.npy", frames)
        lines.append(f"{number}.npy,{text},s{number % 5}")
    table = folder / name
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table
