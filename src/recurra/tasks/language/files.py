"""What a model folder holds of a language model beside what every task has, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import ConfigDict, Field, RootModel

from recurra.data import Tokenizer, tokenizer_from_json
from recurra.errors import ModelFolderError
from recurra.tasks.model_files import Content, Folder, as_json

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


class _Counts(RootModel[list[Annotated[int, Field(ge=0, lt=2**53)]]]):
    """How often each token was counted."""

    model_config = ConfigDict(strict=True)


class _Sample(Content):
    step: Annotated[int, Field(ge=0)]
    text: str


class _Samples(RootModel[list[_Sample]]):
    """What was written during training."""

    model_config = ConfigDict(strict=True)


def restored_language(folder: Folder, /) -> Known:
    """Return what `language_files` wrote.

    Raises
    ------
    ModelFolderError
        If a file is something else, or the counts are not those of the vocabulary.
    """
    tokenizer, counts = tokenizer_from_json(folder.files[VOCABULARY].decode()), folder.json(COUNTS, _Counts).root
    if len(counts) != len(tokenizer.vocabulary):
        raise ModelFolderError(
            f"{folder.path} does not fit together: {len(counts)} counts of {len(tokenizer.vocabulary)} tokens"
        )
    samples = folder.json(SAMPLES, _Samples).root
    return Known(
        tokenizer=tokenizer,
        counts=np.array(counts, np.int64),
        samples=tuple((each.step, each.text) for each in samples),
    )
