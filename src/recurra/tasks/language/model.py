"""A trained language model: the network with all that it needs to read and write texts, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

import numpy as np
from pydantic import ConfigDict, Field, RootModel
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

from recurra import Cell
from recurra.data import Tokenizer, tokenizer_from_json
from recurra.data.vocabulary import END
from recurra.diagnose import Examined
from recurra.errors import ModelFolderError
from recurra.export import ExportedModel
from recurra.nn import CarriedState
from recurra.nn.exporting import exported_layers
from recurra.tasks.exporting import layers_named, tables
from recurra.tasks.language.network import Batch, LanguageNetwork
from recurra.tasks.language.options import LanguageOptions
from recurra.tasks.language.scores import LanguageScores, scored, surprises, unigram_surprises
from recurra.tasks.model import TaskModel
from recurra.training.model_folder import Content, Folder, as_json

__all__ = ["TextModel"]

VOCABULARY, COUNTS, SAMPLES = "vocabulary.json", "counts.json", "samples.json"


_EXAMINED = 64
"""Tokens of a text of which it is looked at what the next depends on."""


class _Counts(RootModel[list[Annotated[int, Field(ge=0, lt=2**53)]]]):
    """How often each token was counted."""

    model_config = ConfigDict(strict=True)


class _Sample(Content):
    step: Annotated[int, Field(ge=0)]
    text: str


class _Samples(RootModel[list[_Sample]]):
    """What was written during training."""

    model_config = ConfigDict(strict=True)


class _Reading(nn.Module):
    """A network as a check of an export calls it, (batch, time) or packed, with and without states."""

    def __init__(self, network: LanguageNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor | PackedSequence, states: Sequence[Any] | None = None) -> tuple[Tensor, Any]:
        carried = None if states is None else tuple(map(CarriedState, states))
        if isinstance(tokens, Tensor):
            found, after = self.network(tokens.T, carried)
            return found.transpose(0, 1), after
        # the network reads batches of one length, so each sequence is read by itself
        padded, lengths = pad_packed_sequence(tokens)
        pieces = []
        for place, length in enumerate(lengths.tolist()):
            own = None if carried is None else tuple(each.sequences([place]) for each in carried)
            pieces.append(self.network(padded[:length, place, None], own))
        after = tuple(CarriedState.batched(parts) for parts in zip(*(each for _, each in pieces), strict=True))
        return pack_sequence([found[:, 0] for found, _ in pieces]), after  # pyright: ignore[reportReturnType]

    def _get_name(self) -> str:
        return self.network._get_name()


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

    def examined(self, batch: Batch, /) -> Examined:
        """Return log p of the token that is likeliest to follow each of the first text's; see `TaskModel.examined`."""
        tokens = batch[0][:_EXAMINED, :1]
        found = self.network(tokens)[0][:, 0].max(1)
        following, read = (tuple(self.tokenizer.decode([each]) for each in side.flatten().tolist())
                           for side in (found.indices, tokens))  # fmt: skip
        return Examined(found.values, following, read)

    def exported(self) -> ExportedModel:
        """Return the network: tokens in, log p of each token to come next out; see `TaskModel.exported`."""
        network, recurrent = self.network, self.network.recurrence()
        assert self.options.embedding_size is not None
        given = {"kind": "tokens", "tokenizer": self.tokenizer.to_dictionary(), "first": self.first}
        return ExportedModel(
            exported_layers([network.embedding, recurrent, network.head]),
            _Reading(network),
            batch_first=True,
            tables=tables(
                "language",
                artefact=["vectors of tokens", *map(layers_named, recurrent), "log softmax"],
                outside=[
                    "a text becomes the numbers of its tokens; before its first token stands the number `first`",
                    "a token is drawn from the probabilities, exp of the output",
                ],
                inputs={"x": given},
                output={
                    "kind": "log probabilities",
                    "of": "the token that comes next, by its number",
                },
            ),
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
