"""A trained classifier: the network with all that it needs to meet a person's data again, and its files."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import numpy as np
import polars
import safetensors.numpy
import torch
from pydantic import Field
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, unpack_sequence

from recurra import Cell
from recurra.data import BatchOptions, LabelledSequences, batches, packed
from recurra.data.vocabulary import UNKNOWN
from recurra.diagnose import Examined
from recurra.errors import ModelFolderError
from recurra.export import ExportedModel
from recurra.nn.exporting import exported_layers
from recurra.tasks.classify.encoders import ENCODERS, Encoder, NumberEncoder, TextEncoder
from recurra.tasks.classify.labels_scores import LabelsEvaluation
from recurra.tasks.classify.linear import LinearClassifier, NgramFeatures, SeriesFeatures
from recurra.tasks.classify.network import Batch, ClassifyNetwork, make_network
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.classify.scores import ClassifyEvaluation, network_name
from recurra.tasks.classify.targets import ClassifyTarget, OneClass, restored_target
from recurra.tasks.exporting import Answering, front_named, layers_named, tables
from recurra.tasks.model import TaskModel, first_sequence
from recurra.tasks.progress import watched
from recurra.training.model_folder import PREDICTIONS, Content, Folder, as_json

__all__ = ["Answers", "ClassifyModel"]

CLASSES = "classes.json"
LINEAR, LINEAR_WEIGHTS = "linear.json", "linear.safetensors"

_PREDICTED = {"truth": polars.String, "prediction": polars.String, "probability": polars.Float64}

_AT_ONCE = BatchOptions(batch_size=256, rows=65_536, shuffle=False)
"""What is classified at once: so many sequences, and of these so many steps."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What a classifier says of sequences.

    Attributes
    ----------
    target
        What is said of probabilities.
    probabilities
        (count, classes) float64.
    attention
        The weight of each step of each sequence (steps,) float32, adding up to 1; None without attention.
    linear
        The probabilities of the baseline; None without.
    network, ngrams
        The probabilities of the network alone and the n-grams alone, where the answers mix them.
    """

    target: ClassifyTarget
    probabilities: np.ndarray
    attention: list[np.ndarray] | None
    network: np.ndarray | None = None
    linear: np.ndarray | None = None
    ngrams: np.ndarray | None = None

    @cached_property
    def predicted(self) -> np.ndarray:
        """The numbers of the likeliest classes, (count,), or which labels are given, (count, classes) bool."""
        return self.target.predicted(self.probabilities)

    @cached_property
    def confidence(self) -> np.ndarray:
        """Their probabilities, (count,)."""
        return self.target.confidence(self.probabilities)

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """The probabilities of the parts that there are, by name."""
        named = {"linear": self.linear, "ngrams": self.ngrams, "network": self.network}
        return {name: each for name, each in named.items() if each is not None}


class _Classes(Content):
    classes: Annotated[list[str], Field(min_length=2)]
    most_frequent: str
    separator: Annotated[str, Field(min_length=1)] | None = None
    thresholds: dict[str, list[Annotated[float, Field(ge=0, le=1)]]] | None = None


class _Linear(Content):
    kind: Literal["ngrams", "series"]
    size: int = 0
    tokens: int = 0
    steps: int = 0
    channels: int = 0
    penalty: float
    ngram_penalty: float | None = None
    ngram_share: Annotated[float, Field(ge=0, le=1)] | None = None


def _no_predictions() -> polars.DataFrame:
    """Return the predictions of a model that has none of a test part."""
    return polars.DataFrame(schema={"row": polars.Int64, **_PREDICTED})


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassifyModel(TaskModel):
    """A trained classifier.

    Attributes
    ----------
    options, cell, network
        See `TaskModel`.
    encoder
        The vocabulary, or the scale of the channels.
    target
        The classes, and whether one of them is said of a sequence or any number.
    frequent
        The number of the class that is most frequent in the training part.
    linear
        The linear classifier that is the baseline; None where there is none.
    ngrams
        Another on the same features, of which the answers have its share; None where there is none.
    predictions
        Of the test part: row, truth, prediction, probability; none where it was not measured.
    """

    options: ClassifyOptions
    network: ClassifyNetwork
    encoder: Encoder
    target: ClassifyTarget
    frequent: int
    linear: LinearClassifier | None = None
    ngrams: LinearClassifier | None = None
    predictions: polars.DataFrame = field(default_factory=_no_predictions)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.target.classes

    @property
    def loss_name(self) -> str:
        """What training makes small, with its unit."""
        return "cross-entropy (nats)"

    def answers(self, data: LabelledSequences, /) -> Answers:
        """Classify sequences."""
        return self.answers_of(self.encoder.encode(data))

    def answers_of(self, sequences: Sequence[np.ndarray], /) -> Answers:
        """Classify sequences that have been encoded; those of like lengths at once, the network in evaluation."""
        lengths = np.array([len(sequence) for sequence in sequences])
        scores = np.empty((len(sequences), len(self.classes)))
        weights_of: list[np.ndarray] = [np.empty(0)] * len(sequences)
        self.network.eval()
        with torch.inference_mode():
            for places in watched(batches(lengths, _AT_ONCE), what="batches"):
                found, weights = self.network(packed([sequences[place] for place in places.tolist()]))
                scores[places] = found.double().numpy()
                if weights is not None:
                    for place, row in zip(places.tolist(), weights.numpy(), strict=True):
                        weights_of[place] = self._by_step(row, int(lengths[place]))
        has_weights = self.options.pooling == "attention"
        target, found, attention = self.target, self.target.probabilities(scores), weights_of if has_weights else None
        if self.linear is None:
            return Answers(target, found, attention)
        features = self.linear.features.matrix(sequences)
        linear = self.linear.of_features(features)
        if self.ngrams is None or not self.ngrams.share:
            return Answers(target, found, attention, linear=linear)
        ngrams = self.ngrams.of_features(features)
        both = target.mixed(found, ngrams, share=self.ngrams.share)
        return Answers(target, both, attention, network=found, linear=linear, ngrams=ngrams)

    def predict(self, data: LabelledSequences, /) -> polars.DataFrame:
        """Return a row for each sequence; see `SequenceClassifier.predict`."""
        answers = self.answers(data)
        columns: dict[str, Any] = {"row": data.rows}
        if data.ids is not None:
            columns["id"] = data.ids
        if data.channels is None:
            columns["text"] = list(data.sequences)
        columns |= self.target.columns(answers.probabilities)
        if answers.attention is not None:
            if isinstance(self.encoder, TextEncoder):
                columns["tokens"] = [self.encoder.split(str(text)) for text in data.sequences]
            columns["attention"] = [weights.tolist() for weights in answers.attention]
        return polars.DataFrame(columns)

    def against(self, data: LabelledSequences, answers: Answers, /) -> polars.DataFrame:
        """Return a row for each of labelled sequences: its row in the data, truth, prediction and probability."""
        assert data.labels is not None
        return polars.DataFrame(
            {
                "row": data.rows,
                "truth": self.target.names(data.labels),
                "prediction": self.target.names(answers.predicted),
                "probability": polars.Series(answers.confidence).round_sig_figs(6),
            }
        )

    def score(self, answers: Answers, labels: np.ndarray, /) -> ClassifyEvaluation | LabelsEvaluation:
        """Score answers to sequences whose labels are known, as `LabelledSequences` has them."""
        named = {
            "linear": "" if self.linear is None else self.linear.name,
            "ngrams": "" if self.ngrams is None else self.ngrams.name,
            "network": network_name(self.options),
        }
        parts = {part: (named[part], each) for part, each in answers.parts.items()}
        return self.target.score(answers.probabilities, labels, frequent=self.frequent, parts=parts)

    def examined(self, batch: Batch, /) -> Examined:
        """Return the score of each class for the first sequence; see `TaskModel.examined`."""
        sequence = first_sequence(batch[0])
        scores, names = self.network(sequence)[0][0], tuple[str, ...]()
        if isinstance(self.encoder, TextEncoder) and self.network.front is None:
            tokenizer, known = self.encoder.tokenizer, self.encoder.inputs
            numbers = sequence.data.tolist()
            names = tuple(tokenizer.decode([each]) if each < known else UNKNOWN for each in numbers)
        return Examined(scores, self.classes, names)

    def exported(self) -> ExportedModel:
        """Return the network: tokens or channels in, the probabilities of the classes out; see `TaskModel.exported`.

        Where the answers mix in n-grams, these are in the tables.
        """
        network, encoder = self.network, self.encoder
        reading = encoder.exported(network.reader)
        between = [network.standardise, network.front, network.recurrent, network.self_attention, network.pooling]
        artefact = [
            *reading.artefact, *front_named(network), layers_named(network.recurrent),
            f"pooling: {network.pooling.kind}", "scores of classes", type(self.target.activation).__name__.lower(),
        ]  # fmt: skip
        outside = [*reading.outside]
        if encoder.longest is not None:
            outside.append(f"a sequence is cut off after {encoder.longest} steps")
        output: dict[str, Any] = {"kind": "probabilities", "classes": [*self.classes], **self.target.to_dictionary()}
        if self.ngrams is not None and self.ngrams.share:
            assert isinstance(self.ngrams.features, NgramFeatures)
            outside.append(
                "the model's own answers mix in a linear classifier of n-grams: (1 - share) of the artefact's "
                "probabilities and share of its own"
            )
            output["ngrams"] = self.ngrams.described()
        return ExportedModel(
            exported_layers(
                [*reading.layers, *(each for each in between if each is not None), network.head, self.target.activation]
            ),
            Answering(network, _probabilities(encoder, self.target)),
            batch_first=True,
            keeps_state=False,
            classes=self.classes,
            tables=tables(
                "classify", artefact=artefact, outside=outside, output=output,
                inputs={"x": {"longest": encoder.longest, **reading.given}},
            ),
            samples=reading.samples,
        )  # fmt: skip

    def to_files(self) -> dict[str, bytes]:
        """Return the classes, the vocabulary or the scale, the linear classifiers, and the predictions."""
        classes = {
            "classes": list(self.classes), "most_frequent": self.classes[self.frequent], **self.target.to_dictionary()
        }  # fmt: skip
        return {
            CLASSES: as_json(classes),
            self.encoder.file: self.encoder.to_json().encode(),
            PREDICTIONS: self.predictions.write_csv().encode(),
            **({} if self.linear is None else _linear_files(self.linear, self.ngrams)),
        }

    @classmethod
    def from_files(cls, folder: Folder, /, *, options: ClassifyOptions, cell: Cell) -> Self:
        """Return the model whose files `to_files` wrote; see `TaskModel.from_files`."""
        content = folder.json(CLASSES, _Classes)
        classes = tuple(content.classes)
        name = content.most_frequent
        if len(set(classes)) < len(classes) or name not in classes:
            raise ModelFolderError(
                f"{folder.path} is damaged: {CLASSES}: a class is there twice, or the most frequent never"
            )
        kind = next((kind for kind in ENCODERS.values() if kind.file in folder.files), NumberEncoder)
        encoder = kind.restored(folder.files[kind.file].decode(), longest=options.longest)
        target = restored_target(classes, content.separator, content.thresholds)
        linear, ngrams = None, None
        if LINEAR in folder.files:
            linear, ngrams = _restored_linear(folder, inputs=encoder.inputs, target=target)
        return cls(
            options=options,
            cell=cell,
            predictions=_predictions(folder),
            network=folder.load_network(
                lambda: make_network(cell, options=options, encoder=encoder, classes=len(classes))
            ),
            encoder=encoder,
            target=target,
            frequent=classes.index(name),
            linear=linear,
            ngrams=ngrams,
        )

    def _by_step(self, weights: np.ndarray, steps: int) -> np.ndarray:
        """Return the weights (steps,) of a sequence from those behind the convolutions, which see fewer steps."""
        if self.network.front is None:
            return weights[:steps].copy()
        seen = int(self.network.front.lengths(torch.tensor([steps])))
        factor = -(-steps // seen)  # each step behind the convolutions stands for so many before them
        spread = np.repeat(weights[:seen], factor)[:steps]
        spread = np.pad(spread, (0, steps - len(spread)))
        return spread / spread.sum()


def _probabilities(encoder: Encoder, target: ClassifyTarget) -> Callable[[ClassifyNetwork, PackedSequence], Tensor]:
    """Return what gives probabilities (batch, classes) of packed sequences in the data's own unit."""

    def answer(network: ClassifyNetwork, given: PackedSequence) -> Tensor:
        sequences = [encoder.read(each.numpy()) for each in unpack_sequence(given)]
        return target.activation(network(packed(sequences))[0])

    return answer


def _linear_files(linear: LinearClassifier, ngrams: LinearClassifier | None) -> dict[str, bytes]:
    """Return the linear classifiers: their sizes as JSON, their n-grams and weights as safetensors."""
    features, arrays = linear.features, {"weights": linear.weights, "bias": linear.bias}
    if isinstance(features, NgramFeatures):
        sizes: dict[str, Any] = {"kind": "ngrams", "size": features.size, "tokens": features.tokens}
        arrays |= {"terms": features.terms, "idf": features.idf}
    else:
        sizes = {"kind": "series", "steps": features.steps, "channels": features.channels}
    sizes["penalty"] = linear.penalty
    if ngrams is not None:
        sizes |= {"ngram_penalty": ngrams.penalty, "ngram_share": ngrams.share}
        arrays |= {"ngram_weights": ngrams.weights, "ngram_bias": ngrams.bias}
    return {LINEAR: as_json(sizes), LINEAR_WEIGHTS: safetensors.numpy.save(arrays)}


def _restored_linear(
    folder: Folder, *, inputs: int, target: ClassifyTarget
) -> tuple[LinearClassifier, LinearClassifier | None]:
    """Return what `_linear_files` wrote.

    Raises
    ------
    ValueError
        If sizes and arrays do not go together, or a value is not finite.
    """
    sizes, arrays = folder.json(LINEAR, _Linear), safetensors.numpy.load(folder.files[LINEAR_WEIGHTS])
    features, count = _restored_features(sizes, arrays, inputs=inputs)
    is_independent, classes = not isinstance(target, OneClass), len(target.classes)
    columns = 1 if classes == 2 and not is_independent else classes
    for prefix in ("",) if sizes.ngram_share is None else ("", "ngram_"):
        weights, bias = arrays[f"{prefix}weights"], arrays[f"{prefix}bias"]
        for name, array, shape in (("weights", weights, (count, columns)), ("bias", bias, (columns,))):
            is_right = array.dtype == np.float32 and array.shape == shape and bool(np.isfinite(array).all())
            _check(is_right, f"{prefix}{name}")
    linear = LinearClassifier(
        features=features, weights=arrays["weights"], bias=arrays["bias"], penalty=sizes.penalty,
        is_independent=is_independent,
    )  # fmt: skip
    if sizes.ngram_share is None or sizes.ngram_penalty is None:
        return linear, None
    ngrams = LinearClassifier(
        features=features, weights=arrays["ngram_weights"], bias=arrays["ngram_bias"],
        penalty=sizes.ngram_penalty, is_ratio=True, share=sizes.ngram_share, is_independent=is_independent,
    )  # fmt: skip
    return linear, ngrams


def _restored_features(
    sizes: _Linear, arrays: Mapping[str, np.ndarray], *, inputs: int
) -> tuple[NgramFeatures | SeriesFeatures, int]:
    """Return the features that a linear classifier sees, and how many there are."""
    if sizes.kind == "ngrams":
        size, tokens, terms, idf = sizes.size, sizes.tokens, arrays["terms"], arrays["idf"]
        _check(1 <= size <= 8 and tokens in (inputs, inputs + 1), "size and tokens")
        is_ascending = terms.ndim == 1 and len(terms) > 0 and bool((np.diff(terms) > 0).all())
        _check(terms.dtype == np.int64 and is_ascending, "terms")
        _check(idf.dtype == np.float32 and idf.shape == terms.shape and bool(np.isfinite(idf).all()), "idf")
        return NgramFeatures(size=size, tokens=tokens, terms=terms, idf=idf), len(terms)
    steps, channels = sizes.steps, sizes.channels
    _check(1 <= steps <= 1024 and channels == inputs, "kind, steps and channels")
    return SeriesFeatures(steps=steps, channels=channels), steps * channels


def _check(is_right: bool, what: str) -> None:
    if not is_right:
        raise ValueError(f"{LINEAR} and {LINEAR_WEIGHTS}: wrong {what}")


def _predictions(folder: Folder) -> polars.DataFrame:
    """Return the predictions of the test part; a lean model has none."""
    if PREDICTIONS not in folder.files:
        return _no_predictions()
    try:
        found = polars.read_csv(io.BytesIO(folder.files[PREDICTIONS]), schema_overrides=_PREDICTED)
    except (polars.exceptions.PolarsError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelFolderError(f"{folder.path} is damaged: {PREDICTIONS}: {reason}") from None
    missing = [name for name in _PREDICTED if name not in found.columns]
    if missing:
        raise ModelFolderError(f"{folder.path} is damaged: {PREDICTIONS} has no column {missing[0]!r}")
    return found
