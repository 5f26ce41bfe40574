"""What a model folder holds of a language model beside what every task has, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recurra.data.tokenizer import Tokenizer
from recurra.data.tokens import tokenizer_from_json
from recurra.tasks.model_files import Folder, as_json

__all__ = ["Known", "language_files", "restored_language"]

VOCABULARY, COUNTS, SAMPLES = "vocabulary.json", "counts.json", "samples.json"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a language model knows of its text.

    Attributes
    ----------
    tokenizer
        Fitted to the training part.
    counts
        (tokens,) int64, how often each token is in the training part.
    samples
        The step of each validation, and what the network wrote then.
    """

    tokenizer: Tokenizer
    counts: np.ndarray
    samples: tuple[tuple[int, str], ...] = ()


def language_files(known: Known, /) -> dict[str, bytes]:
    """Return the vocabulary, how often each token was counted, and what was written during training."""
    samples = [{"step": step, "text": text} for step, text in known.samples]
    return {
        VOCABULARY: f"{known.tokenizer.to_json()}\n".encode(),
        COUNTS: f"{known.counts.tolist()}\n".encode(),
        SAMPLES: as_json(samples),
    }


def restored_language(folder: Folder, /) -> Known:
    """Return what `language_files` wrote."""
    return Known(
        tokenizer=tokenizer_from_json(folder.files[VOCABULARY].decode()),
        counts=np.array(folder.json(COUNTS), np.int64),
        samples=tuple((int(each["step"]), str(each["text"])) for each in folder.json(SAMPLES)),
    )
