"""A trained transcriber: the network with all that it needs to meet a person's recordings again, and its files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, final

import numpy as np
import polars
import safetensors.numpy
import torch
from pydantic import Field
from torch.nn.functional import ctc_loss
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence, unpack_sequence

from recurra import Cell
from recurra.data import BatchOptions, ChannelScale, batches, packed
from recurra.diagnose import Examined
from recurra.errors import InputError, ModelFolderError
from recurra.export import ExportedModel
from recurra.nn import ctc_align, ctc_beam, ctc_greedy
from recurra.nn.exported_parts import scaling
from recurra.nn.exporting import exported_layers
from recurra.tasks.exporting import Answering, front_named, layers_named, tables, typical
from recurra.tasks.model import TaskModel, first_sequence
from recurra.tasks.progress import watched
from recurra.tasks.sound import SoundFeatures
from recurra.tasks.transcribe.data import Alphabet, Features, Kind, TranscribeData
from recurra.tasks.transcribe.network import Batch, TranscribeNetwork
from recurra.tasks.transcribe.ngram import NgramPrior
from recurra.tasks.transcribe.options import TranscribeOptions
from recurra.tasks.transcribe.scores import TranscribeEvaluation, evaluate_texts
from recurra.training.model_folder import PREDICTIONS, Content, Folder, as_json

__all__ = ["TextSearch", "TranscribeModel", "Transcript", "Word"]

ALPHABET, SCALER, NGRAMS = "alphabet.json", "scaler.json", "ngrams.safetensors"

_AT_ONCE = BatchOptions(batch_size=64, rows=65_536, shuffle=False)
"""What the network reads at once: so many recordings, and of these so many steps."""


@final
@dataclass(frozen=True, kw_only=True)
class Word:
    """A word, when it begins and ends, and how sure the model is of a label of it.

    Times are seconds of sound, columns of a picture, steps of an array.
    """

    text: str
    begin: float
    end: float
    confidence: float


@final
@dataclass(frozen=True, kw_only=True)
class Transcript:
    """What the model hears in a recording.

    Attributes
    ----------
    text
        The text that the search found.
    likeliest_path
        That of the likeliest path, without a search.
    confidence
        The probability that CTC gives the text, as the geometric mean of its labels: long texts are not less sure.
    words
        Where each word is, by forced alignment.
    """

    text: str
    likeliest_path: str
    confidence: float
    words: tuple[Word, ...]


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class TextSearch:
    """How texts are searched for.

    Attributes
    ----------
    beam
        Texts that are kept at each step; 1 takes the likeliest path.
    prior
        The n-grams of the training texts; None where they do not count.
    weight, bonus
        How much n-grams count, and what each label adds.
    """

    beam: int
    prior: NgramPrior | None = None
    weight: float = 0.0
    bonus: float = 0.0

    def labels(self, log_probabilities: np.ndarray, /) -> list[int]:
        """Return the labels of log-probabilities (steps, labels)."""
        if self.beam == 1:
            return ctc_greedy(log_probabilities)
        found = ctc_beam(
            log_probabilities, beam=self.beam, prior=self.prior, weight=self.weight, bonus=self.bonus
        )  # fmt: skip
        return list(found[0].labels)


class _Alphabet(Content):
    level: Literal["char", "word"]
    tokens: Annotated[list[str], Field(min_length=1)]
    kind: Kind
    ngram_size: Annotated[int, Field(ge=1, le=10)] | None = None
    ngram_weight: Annotated[float, Field(ge=0, le=10)] = 0.0
    label_bonus: Annotated[float, Field(ge=-100, le=100)] = 0.0


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class TranscribeModel(TaskModel):
    """A trained transcriber.

    Attributes
    ----------
    options, cell, network
        See `TaskModel`.
    features, alphabet, search
        What goes into the network, what comes out, and how texts are found in it.
    predictions
        The transcripts of the test part beside the true texts, as CSV; empty where it was not measured.
    """

    options: TranscribeOptions
    network: TranscribeNetwork
    features: Features
    alphabet: Alphabet
    search: TextSearch
    predictions: bytes = b""

    @property
    def loss_name(self) -> str:
        """What training makes small, with its unit."""
        return "CTC loss (nats a label)"

    def time(self, step: int, /) -> float:
        """Return when a step of the labels begins, in seconds; of what is no sound the step of the recording."""
        sound, own = self.features.sound, step * self.network.stride
        return float(own) if sound is None else own * sound.module.step / sound.rate

    @torch.inference_mode()
    def log_probabilities(self, features: Sequence[np.ndarray], /) -> list[np.ndarray]:
        """Return the log-probabilities (fewer steps, labels) of features (steps, channels)."""
        found: list[np.ndarray] = [np.empty(0)] * len(features)
        self.network.eval()
        for places in watched(batches(np.array([len(each) for each in features]), _AT_ONCE), what="batches"):
            scores = self.network(packed([features[place] for place in places.tolist()]))
            padded, lengths = pad_packed_sequence(scores, batch_first=True)
            for place, row, steps in zip(places.tolist(), padded.log_softmax(-1), lengths.tolist(), strict=True):
                found[place] = row[:steps].numpy()
        return found

    def transcripts(self, features: Sequence[np.ndarray], /, *, of: TranscribeData) -> list[Transcript]:
        """Return the transcripts of features (steps, channels), which are those of recordings."""
        ends = [len(each) / (of.rate or 1) for each in of.sequences]
        found = watched(self.log_probabilities(features), what="recordings")
        return [self.transcript(each, end=end) for each, end in zip(found, ends, strict=True)]

    def transcript(self, log_probabilities: np.ndarray, /, *, end: float = math.inf) -> Transcript:
        """Return the transcript of log-probabilities (steps, labels); `end` is when the recording ends."""
        labels = self.search.labels(log_probabilities)
        likeliest = self.alphabet.decode(ctc_greedy(log_probabilities))
        return Transcript(
            text=self.alphabet.decode(labels),
            likeliest_path=likeliest,
            confidence=_confidence(log_probabilities, labels),
            words=tuple(self._words(log_probabilities, labels, end=end)),
        )

    def predict(self, recordings: TranscribeData, /) -> polars.DataFrame:
        """Return a row for each recording; see `Transcriber.predict`."""
        found = self.transcripts(self.features.of(recordings), of=recordings)
        schema = {"text": polars.String, "begin": polars.Float64, "end": polars.Float64, "confidence": polars.Float64}
        words = [
            [{name: getattr(word, name) for name in schema} for word in each.words] for each in found
        ]  # fmt: skip
        return polars.DataFrame(
            {
                "row": recordings.rows,
                "id": recordings.ids,
                "text": [each.text for each in found],
                "confidence": [each.confidence for each in found],
                "words": polars.Series(words, dtype=polars.List(polars.Struct(schema))),
            }
        )

    def score(self, transcripts: Sequence[Transcript], truths: Sequence[str], /) -> TranscribeEvaluation:
        """Score transcripts of which the truth is known."""
        plain = [each.likeliest_path for each in transcripts]
        return evaluate_texts([each.text for each in transcripts], truths, likeliest_path=plain)

    def examined(self, batch: Batch, /) -> Examined:
        """Return the score of each label of the likeliest path where it begins; see `TaskModel.examined`."""
        scores, labels = self.network(first_sequence(batch[0])).data.max(1)
        begins = (labels != 0) & (labels != torch.cat([labels.new_zeros(1), labels[:-1]]))
        begins = begins if begins.any() else ~begins  # nothing is heard: all steps
        names = ("(none)", *self.alphabet.tokens)
        return Examined(scores[begins], tuple(names[each] for each in labels[begins].tolist()))

    def exported(self) -> ExportedModel:
        """Return the network: samples or frames in, the log-probabilities of labels out; see `TaskModel.exported`.

        The search stays outside.
        """
        network, features = self.network, self.features
        if network.pixels is not None:
            raise InputError("export: the model reads pictures of lines; no format has its convolutions over pixels")
        channels = features.channels
        layers: list[Any] = [scaling(channels.level, channels.spread)]
        artefact = ["channels are brought to a common scale"]
        given: dict[str, Any] = {"kind": features.kind}
        if features.sound is not None:
            layers, artefact = [features.sound.module, *layers], ["samples become energies in bands", *artefact]
            samples, given["rate"] = typical(np.zeros(1), np.full(1, 0.1)), features.sound.rate
        else:
            samples, given["channels"] = typical(channels.level, channels.spread), features.width
        layers += [each for each in (network.standardise, network.front) if each is not None]
        artefact += front_named(network)
        return ExportedModel(
            exported_layers([*layers, network.recurrent, network.head, torch.nn.LogSoftmax(-1)]),
            Answering(network, self._answer),
            batch_first=True,
            keeps_state=False,
            classes=("", *self.alphabet.tokens),
            tables=tables(
                "transcribe",
                artefact=[*artefact, layers_named(network.recurrent), "scores of labels", "log-softmax"],
                outside=["the labels of the likeliest path: repeats are one, and the first label is none"],
                inputs={"x": given},
                output={
                    "kind": "log-probabilities",
                    "level": self.alphabet.level,
                    "labels": ["", *self.alphabet.tokens],
                },
            ),
            samples={"x": samples},
        )

    def to_files(self) -> dict[str, bytes]:
        """Return the labels, the features' scale, the n-grams, and the transcripts of the test part."""
        prior = self.search.prior
        content: dict[str, Any] = {
            "level": self.alphabet.level, "tokens": list(self.alphabet.tokens), "kind": self.features.kind,
            "ngram_size": None if prior is None else prior.size, "ngram_weight": self.search.weight,
            "label_bonus": self.search.bonus,
        }  # fmt: skip
        sound = self.features.sound
        scale = (SCALER, self.features.channels.to_json()) if sound is None else (sound.file, sound.to_json())
        return {
            ALPHABET: as_json(content),
            scale[0]: scale[1].encode(),
            PREDICTIONS: self.predictions,
            **({} if prior is None else {NGRAMS: safetensors.numpy.save({"counts": prior.counts})}),
        }

    @classmethod
    def from_files(cls, folder: Folder, /, *, options: TranscribeOptions, cell: Cell) -> Self:
        """Return the model whose files `to_files` wrote; see `TaskModel.from_files`."""
        content = folder.json(ALPHABET, _Alphabet)
        alphabet = Alphabet(tuple(content.tokens), content.level)
        if len(set(content.tokens)) < len(content.tokens):
            raise ModelFolderError(f"{folder.path} is damaged: {ALPHABET}: a label is there twice")
        if content.kind == "sound":
            sound = SoundFeatures.from_json(folder.files[SoundFeatures.file].decode())
            features = Features(kind="sound", channels=sound.channels, sound=sound)
        else:
            features = Features(kind=content.kind, channels=ChannelScale.from_json(folder.files[SCALER].decode()))
        prior = None
        if content.ngram_size is not None:
            prior = _restored_prior(folder.files[NGRAMS], size=content.ngram_size, labels=alphabet.labels)
        return cls(
            options=options,
            cell=cell,
            network=folder.load_network(
                lambda: TranscribeNetwork(cell, options=options, inputs=features.width, labels=alphabet.labels)
            ),
            features=features,
            alphabet=alphabet,
            search=TextSearch(
                beam=options.beam, prior=prior, weight=content.ngram_weight, bonus=content.label_bonus
            ),
            predictions=folder.files.get(PREDICTIONS, b""),
        )  # fmt: skip

    def _answer(self, network: TranscribeNetwork, given: PackedSequence) -> PackedSequence:
        """Return the log-probabilities of packed recordings in the data's own unit."""
        sequences = [each.numpy() for each in unpack_sequence(given)]
        sound, channels = self.features.sound, self.features.channels
        made = [sound.of(each) if sound else channels.apply(each).astype(np.float32) for each in sequences]
        scores = network(packed(made))
        return scores._replace(data=scores.data.log_softmax(-1))

    def _words(self, log_probabilities: np.ndarray, labels: Sequence[int], *, end: float) -> list[Word]:
        """Return where each word is, by forced alignment: the last step may go beyond the end of the recording."""
        places = ctc_align(log_probabilities, labels)
        found: list[Word] = []
        current: list[int] = []

        def finish() -> None:
            if current:
                begin, stop = places[current[0]][0], places[current[-1]][1]
                sure = [
                    log_probabilities[slice(*places[number]), labels[number]].max() for number in current
                ]  # fmt: skip
                found.append(
                    Word(
                        text=self.alphabet.decode([labels[number] for number in current]),
                        begin=min(self.time(begin), end),
                        end=min(self.time(stop), end),
                        confidence=float(np.exp(np.mean(sure))),
                    )
                )
                current.clear()

        for number, label in enumerate(labels):
            is_space = self.alphabet.tokens[label - 1] == " "
            if is_space or self.alphabet.level == "word":
                finish()
            if not is_space:
                current.append(number)
        finish()
        return found


def _confidence(log_probabilities: np.ndarray, labels: Sequence[int]) -> float:
    """Return the probability of labels, over all paths that give them: for one of them, in the geometric mean."""
    if not labels:
        return float(np.exp(log_probabilities[:, 0].sum()))
    values = torch.from_numpy(np.ascontiguousarray(log_probabilities, np.float32)).unsqueeze(1)
    targets, steps = torch.tensor([list(labels)], dtype=torch.int64), torch.tensor([len(values)])
    loss = ctc_loss(values, targets, steps, torch.tensor([len(labels)]), reduction="sum")
    return float(torch.exp(-loss / len(labels)))


def _restored_prior(content: bytes, *, size: int, labels: int) -> NgramPrior:
    """Return the n-grams of a file; `ValueError` if it holds others."""
    counts = safetensors.numpy.load(content)["counts"]
    if counts.dtype != np.int64 or counts.ndim != 2 or counts.shape[1] != size + 1 or not len(counts):
        raise ValueError(f"{NGRAMS}: counts {counts.dtype} {counts.shape}; expected int64 (n-grams, {size + 1})")
    if not ((counts[:, :-1] >= -1) & (counts[:, :-1] < labels)).all() or not (counts[:, -2] >= 0).all():
        raise ValueError(f"{NGRAMS}: a label that there is not")
    if not (counts[:, -1] > 0).all():
        raise ValueError(f"{NGRAMS}: a count below 1")
    return NgramPrior(size, labels, counts)
