"""A trained translator: the network with all that it needs to meet a person's texts, and its files."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, final

import numpy as np
import torch
from pydantic import Field

from recurra import Cell
from recurra.data import BatchOptions, packed
from recurra.data.batching import batches
from recurra.data.pairs import TextPairs
from recurra.diagnose import Examined
from recurra.export import ExportedModel
from recurra.nn import Hypothesis, SearchOptions
from recurra.nn.decoding import exported_translator
from recurra.tasks.exporting import layers_named, tables
from recurra.tasks.model import TaskModel, first_sequence
from recurra.tasks.progress import watched
from recurra.tasks.translate.data import MOST_STRETCH, TranslateBatch, TranslateBatches, TranslateVocabulary, with_end
from recurra.tasks.translate.network import TranslateNetwork
from recurra.tasks.translate.options import DecodeOptions, TranslateOptions
from recurra.tasks.translate.units import END, SPECIALS, START, UNKNOWN
from recurra.training.model_folder import PREDICTIONS, Content, Folder, as_json

__all__ = ["TranslateModel", "Translation"]

VOCABULARY = "vocabulary.json"

_TOGETHER = 4096
"""Units of the source times hypotheses that are translated together."""


@final
@dataclass(frozen=True, kw_only=True)
class Translation:
    """A translation of a text.

    Attributes
    ----------
    text
        As it is written.
    log_prob
        Of its units, and of its end where it has come to one and was not cut, in nats; NaN of an empty text, which is
        not translated.
    score
        By which it was chosen.
    units
        Those of the translation.
    weights
        (units, units of the source and its end) where each of them looked.
    """

    text: str
    log_prob: float
    score: float
    units: tuple[str, ...]
    weights: np.ndarray


class _Units(Content):
    kind: Literal["bpe", "unigram", "word", "char"]
    lowercase: bool
    alphabet: str
    content: dict[str, Any]


class _Vocabulary(Content):
    stretch: Annotated[float, Field(gt=0, le=MOST_STRETCH)]
    source: _Units
    target: _Units | None


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class TranslateModel(TaskModel):
    """A trained translator.

    Attributes
    ----------
    options, cell, network
        See `TaskModel`.
    vocabulary
        The units of both sides.
    predictions
        The translations of the test part beside the true ones, as CSV; empty where it was not measured.
    """

    options: TranslateOptions
    network: TranslateNetwork
    vocabulary: TranslateVocabulary
    predictions: bytes = b""

    @property
    def loss_name(self) -> str:
        """What training makes small, with its unit."""
        return "negative log-likelihood (nats a unit)"

    @torch.inference_mode()
    def translated(self, texts: Sequence[str], decoding: DecodeOptions | None = None, /) -> list[list[Translation]]:
        """Return the translations of each text, the best first; that of an empty text is empty."""
        decoding = decoding or DecodeOptions()
        numbers = [self.vocabulary.source.numbers(text) for text in texts]
        filled = [place for place, text in enumerate(texts) if text]
        found: list[list[Translation]] = [[_NOTHING] for _ in texts]
        if not filled:
            return found
        for places, steps in watched(self._together(filled, numbers, decoding), what="batches"):
            sources = packed([with_end(numbers[place]) for place in places])
            options = self._search(decoding, steps=steps)
            generated = self.network.translator.generate(self.network.vectors(sources), options=options, numbers=places)
            for place, hypotheses in zip(places, generated.hypotheses, strict=True):
                found[place] = [self._translation(texts[place], each) for each in hypotheses]
        return found

    @torch.inference_mode()
    def log_probs(self, pairs: TextPairs, /) -> tuple[np.ndarray, np.ndarray]:
        """Return log p of each target given its source, (pairs,), in nats, and how many units it has, its end too."""
        made = self.batches(pairs, BatchOptions(batch_size=256, rows=2 * _TOGETHER, shuffle=False))
        found, counts = np.zeros(len(pairs)), np.zeros(len(pairs), np.int64)
        for batch in made:
            vectors = self.network.vectors(batch.source)
            of_units = self.network.translator.log_probs(vectors, batch.targets, target_lengths=batch.lengths)
            found[list(batch.places)] = of_units.double().sum(1).numpy()
            counts[list(batch.places)] = (batch.lengths - 1).numpy()
        return found, counts

    def batches(self, pairs: TextPairs, options: BatchOptions, /) -> TranslateBatches:
        """Return pairs as the network takes them."""
        sources, targets = (
            [units.numbers(text) for text in side]
            for units, side in ((self.vocabulary.source, pairs.sources), (self.vocabulary.target, pairs.targets))
        )
        return TranslateBatches(sources, targets, options=options)

    def _together(
        self, filled: Sequence[int], numbers: Sequence[np.ndarray], decoding: DecodeOptions
    ) -> list[tuple[list[int], int]]:
        """Return the places of texts that are translated together, and how many steps their translations have at most.

        These are alike in a batch, so that no translation depends on what is beside it.
        """
        lengths = np.array([len(numbers[place]) + 1 for place in filled])
        steps = np.array([self.vocabulary.most_steps(length) for length in lengths.tolist()])
        beam = self._search(decoding, steps=1).beam
        rows = BatchOptions(batch_size=256, rows=max(1, _TOGETHER // beam), shuffle=False)
        found = []
        for most in np.unique(steps).tolist():
            alike = np.flatnonzero(steps == most)
            for chosen in batches(lengths[alike], rows):
                found.append(([filled[place] for place in alike[chosen].tolist()], most))
        return found

    def _search(self, decoding: DecodeOptions, *, steps: int) -> SearchOptions:
        options = self.options
        beam = options.beam if decoding.beam is None else decoding.beam
        if decoding.temperature and decoding.beam is None:
            beam = decoding.best
        penalty = options.length_penalty if decoding.length_penalty is None else decoding.length_penalty
        return SearchOptions(
            start=START, end=END, max_steps=steps, beam=max(beam, decoding.best), best=decoding.best,
            length_penalty=float(penalty),  # a power of whole numbers has no bound, and no tensor can be divided by it
            coverage=options.coverage if decoding.coverage is None else decoding.coverage,
            temperature=decoding.temperature, top_k=decoding.top_k, seed=decoding.seed, seconds=decoding.seconds,
        )  # fmt: skip

    def _translation(self, source: str, found: Hypothesis) -> Translation:
        """Return what was found as text; for an unknown unit stands the unit of the source that it looked at most."""
        assert found.weights is not None
        read, target = self.vocabulary.source.written(source), self.vocabulary.target
        weights = found.weights[:, : len(read) + 1].numpy().copy()
        looked = weights[:, : len(read)].argmax(1).tolist() if read else []
        instead = [read[place] for place in looked]
        text = target.text(found.tokens, instead=instead)
        pieces, shown = target.pieces(found.tokens), self.vocabulary.source.split(source)
        units = [shown[place] if unit == UNKNOWN else piece
                 for unit, piece, place in zip(found.tokens, pieces, looked, strict=False)]  # fmt: skip
        return Translation(
            text=text, log_prob=found.log_prob, score=found.score, units=tuple(units), weights=weights[: len(units)]
        )

    def examined(self, batch: TranslateBatch, /) -> Examined:
        """Return log p of each unit of the first target given those before it; see `TaskModel.examined`."""
        source, steps = first_sequence(batch.source), int(batch.lengths[0])
        wanted = batch.targets[:1, :steps]
        decoded = self.network(TranslateBatch(source, wanted, batch.lengths[:1], batch.places[:1]))
        scores = self.network.translator.head.log_prob(decoded.outputs[0])
        outputs, inputs = self.vocabulary.target.pieces(wanted[0, 1:].tolist()), source.data.tolist()
        values = scores.gather(1, wanted[0, 1:, None])[:, 0]
        return Examined(values, tuple(outputs), tuple(self.vocabulary.source.pieces(inputs)))

    def exported(self) -> ExportedModel:
        """Return the network: units of a text in, log p of the next unit of its translation out; see `TaskModel`.

        The search stays outside.
        """
        network, options, vocabulary = self.network, self.options, self.vocabulary
        translator = network.translator
        made = exported_translator(translator, translator.embedding if network.reading is None else network.reading)
        specials = {"start": START, "end": END, "unknown": UNKNOWN, "units from": len(SPECIALS)}
        asking = f"{options.attention} attention" + (", self-attention" if options.self_attention else "")
        return dataclasses.replace(
            made,
            tables=tables(
                "translate",
                artefact=[
                    "vectors of units", layers_named(translator.encoder), asking,
                    f"decoder: {options.decoder_layers} of {translator.decoder.recurrent.cell.name}", "log-softmax",
                ],
                outside=[
                    "a text becomes the numbers of its units, and the end of a text",
                    "the decoder begins with the start; the next unit is chosen of the others, until the end",
                    "units become a text; for an unknown one stands the unit of the source that it looked at most",
                ],
                inputs={"x": {"kind": "units", **specials, "units": vocabulary.source.described()}},
                output={
                    "kind": "log-probabilities of the next unit", **specials,
                    "units": vocabulary.target.described(), "stretch": vocabulary.stretch,
                },
            ),
        )  # fmt: skip

    def to_files(self) -> dict[str, bytes]:
        """Return the units of both sides, and the translations of the test part."""
        return {VOCABULARY: as_json(self.vocabulary.to_dictionary()), PREDICTIONS: self.predictions}

    @classmethod
    def from_files(cls, folder: Folder, /, *, options: TranslateOptions, cell: Cell) -> Self:
        """Return the model whose files `to_files` wrote; see `TaskModel.from_files`."""
        content = folder.json(VOCABULARY, _Vocabulary)
        vocabulary = TranslateVocabulary.from_dictionary(content.model_dump())
        network = folder.load_network(
            lambda: TranslateNetwork(
                cell, options=options, sources=len(vocabulary.source), targets=len(vocabulary.target),
                joint=vocabulary.is_joint,
            )
        )  # fmt: skip
        return cls(
            options=options, cell=cell, network=network, vocabulary=vocabulary,
            predictions=folder.files.get(PREDICTIONS, b""),
        )  # fmt: skip


_NOTHING = Translation(text="", log_prob=math.nan, score=math.nan, units=(), weights=np.zeros((0, 1), np.float32))
