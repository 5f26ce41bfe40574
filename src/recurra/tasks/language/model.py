"""A trained language model: the network with all that it needs to read and write texts, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
from pydantic import ConfigDict, Field, RootModel

from recurra import Cell
from recurra.data import Tokenizer, tokenizer_from_json
from recurra.data.vocabulary import END
from recurra.errors import ModelFolderError
from recurra.tasks.language.network import LanguageNetwork
from recurra.tasks.language.options import LanguageOptions
from recurra.tasks.language.scores import LanguageScores, scored, surprises, unigram_surprises
from recurra.tasks.model import TaskModel
from recurra.training.model_folder import Content, Folder, as_json

__all__ = ["TextModel"]

VOCABULARY, COUNTS, SAMPLES = "vocabulary.json", "counts.json", "samples.json"


class _Counts(RootModel[list[Annotated[int, Field(ge=0, lt=2**53)]]]):
    """How often each token was counted."""

    model_config = ConfigDict(strict=True)


class _Sample(Content):
    step: Annotated[int, Field(ge=0)]
    text: str


class _Samples(RootModel[list[_Sample]]):
    """What was written during training."""

    model_config = ConfigDict(strict=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class TextModel(TaskModel):
    """A trained language model.

    Attributes
    ----------
    options, cell, network
        See `TaskModel`.
    tokenizer
        Fitted to the training part.
    counts
        (tokens,) int64, how often each token is in the training part.
    samples
        The step of each validation, and what the network wrote then.
    """

    options: LanguageOptions
    network: LanguageNetwork
    tokenizer: Tokenizer
    counts: np.ndarray
    samples: Sequence[tuple[int, str]] = ()

    @property
    def loss_name(self) -> str:
        """What training makes small, with its unit."""
        return f"nats a {self.options.unit}"

    @property
    def unknown(self) -> int | None:
        """The token that stands for unknown ones; None where there are none."""
        vocabulary = self.tokenizer.vocabulary
        return None if vocabulary.unknown is None else vocabulary.numbers[vocabulary.unknown]

    @property
    def first(self) -> int:
        """The token that stands for what is before a text: a line end, else the most frequent token."""
        vocabulary = self.tokenizer.vocabulary
        ends = [token for token in (END, "\n", "Ċ") if token in vocabulary]
        return vocabulary.number(ends[0]) if ends else int(self.counts.argmax())

    def surprises(self, numbers: np.ndarray, /) -> np.ndarray:
        """Return the surprise (count,) float32 in nats of each token of a text, given those before it."""
        return surprises(self.network, numbers, first=self.first)

    def scores(self, numbers: np.ndarray, /, *, characters: int) -> LanguageScores:
        """Return the scores of the tokens (count,) of a text of so many characters."""
        unknown = -1 if self.unknown is None else self.unknown
        return LanguageScores(
            tokens=len(numbers),
            characters=characters,
            unknown_share=float((numbers == unknown).mean()),
            model=scored(self.surprises(numbers), characters=characters),
            unigram=scored(unigram_surprises(self.counts)[numbers], characters=characters),
        )

    def to_files(self) -> dict[str, bytes]:
        """Return the vocabulary, how often each token was counted, and what was written during training."""
        samples = [{"step": step, "text": text} for step, text in self.samples]
        return {
            VOCABULARY: f"{self.tokenizer.to_json()}\n".encode(),
            COUNTS: f"{self.counts.tolist()}\n".encode(),
            SAMPLES: as_json(samples),
        }

    @classmethod
    def from_files(cls, folder: Folder, /, *, options: LanguageOptions, cell: Cell) -> Self:
        """Return the model whose files `to_files` wrote; see `TaskModel.from_files`."""
        tokenizer, counts = tokenizer_from_json(folder.files[VOCABULARY].decode()), folder.json(COUNTS, _Counts).root
        tokens = len(tokenizer.vocabulary)
        if len(counts) != tokens:
            raise ModelFolderError(f"{folder.path} does not fit together: {len(counts)} counts of {tokens} tokens")
        samples = folder.json(SAMPLES, _Samples).root
        return cls(
            options=options,
            cell=cell,
            network=folder.load_network(lambda: LanguageNetwork(cell, options=options, tokens=tokens)),
            tokenizer=tokenizer,
            counts=np.array(counts, np.int64),
            samples=tuple((each.step, each.text) for each in samples),
        )
