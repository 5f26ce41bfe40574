"""`SequenceClassifier`: fit, predict, evaluate, save and load a classifier of texts or sequences of numbers."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import polars

from recurra import Cell
from recurra.data import BatchOptions, LabelledSequences, WordVectors
from recurra.errors import InputError, nearest
from recurra.report import Report
from recurra.tasks.classify.data import (
    PackedBatches,
    SplitSequences,
    filled_in,
    read_pretrained,
    read_sequences,
    read_with_labels,
    split_sequences,
    with_gaps,
)
from recurra.tasks.classify.encoders import Augment, Encoder, ImageEncoder, TextEncoder, fit_encoder
from recurra.tasks.classify.labels_scores import LabelsEvaluation, labels_table
from recurra.tasks.classify.linear import NgramFeatures, SeriesFeatures, best_share, fit_linear, most_terms
from recurra.tasks.classify.model import Answers, ClassifyModel
from recurra.tasks.classify.network import make_network
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.classify.page import classify_report
from recurra.tasks.classify.scores import ClassifyEvaluation, listed, score_table
from recurra.tasks.classify.stream import ClassifyStream
from recurra.tasks.classify.targets import ANSWERS, AnyLabels, target_of
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.tasks.options import warm_started
from recurra.tasks.scores import Listing, ScoreTable, with_empty_rows

__all__ = ["SequenceClassifier"]

_NOTE = (
    "The weights, the vocabulary or scale and the classes come from the training part, the choice of the epoch from "
    "the validation part; the test part was used by neither."
)

_TRIED = 3
"""Sequences of each class on which it is tried, before the training, what comes after it."""


class SequenceClassifier(Estimator[ClassifyOptions, ClassifyModel]):
    """Learns which class, or which labels, a text, a sequence of numbers, a recording or an image has.

    See `recurra.tasks.Estimator` for the verbs.

    Data are a table (a path or a frame) with the columns that the options name, a `.ts` file, arrays in `.npz`, or
    `recurra.data.LabelledSequences`; to `predict`, a list of texts or arrays too.

    Examples
    --------
    >>> import polars
    >>> from recurra.tasks import ClassifyOptions, SequenceClassifier
    >>> reviews = polars.DataFrame({"text": ["good film", "bad film"] * 20, "label": ["yes", "no"] * 20})
    >>> options = ClassifyOptions(text="text", label="label", hidden_size=8, embedding_size=8, epochs=10)
    >>> classifier = SequenceClassifier(options).fit(reviews)
    >>> classifier.predict(["a good one"])["prediction"].to_list()
    ['yes']
    """

    task: ClassVar[str] = "classify"
    options_class = ClassifyOptions
    model_class = ClassifyModel

    @property
    def classes_(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self._trained.classes

    @property
    def encoder_(self) -> Encoder:
        """The vocabulary, or the scale of the channels."""
        return self._trained.encoder

    @property
    def test_predictions_(self) -> polars.DataFrame:
        """What was predicted of the test part: row, truth, prediction, probability."""
        return self._trained.predictions

    def predict(self, data: Any, /) -> polars.DataFrame:
        """Classify sequences.

        Parameters
        ----------
        data
            As for `fit`, with or without labels, which are not read; a `.txt` with a text a line; or a list of texts,
            of paths of recordings or images, or of arrays; samples are from -1 to 1, or whole numbers of 8 to 32 bits.
            A row without a text or numbers has an empty prediction.

        Returns
        -------
        polars.DataFrame
            A row for each sequence: its `row` in the data, its `id` or `text` if it has one, the `prediction`, its
            `probability`, the `probabilities` of all `classes_`, and with attention the weight of each step in
            `attention`, of texts beside their `tokens`. Where a sequence may have several labels, `labels` lists them,
            and the probability is that of exactly these, as if they were independent.

        Raises
        ------
        DataError
            If the data cannot be read, or are not of the kind that the model was fitted on.
        """
        model = self._trained
        sequences = self._sequences(data)
        return with_empty_rows(model.predict(sequences), sequences.dropped, ids=sequences.dropped_ids)

    def predict_proba(self, data: Any, /) -> np.ndarray:
        """Return the probabilities (count, classes) of all `classes_`; see `predict`."""
        model = self._trained
        sequences = self._sequences(data)
        return with_gaps(model.answers(sequences).probabilities, sequences)

    def _sequences(self, data: Any) -> LabelledSequences:
        """Read sequences to be classified."""
        encoder = self._trained.encoder
        columns = encoder.columns if isinstance(encoder, ImageEncoder) else None
        return read_sequences(data, self._trained.options, image_columns=columns)

    def stream(self) -> ClassifyStream:
        """Return what takes blocks of samples, or of steps of numbers, and gives the probabilities of `classes_`.

        Raises
        ------
        InputError
            If the model classifies texts or images, reads backwards too, has self-attention, or needs a whole recording
            to bring it to scale.
        """
        return ClassifyStream(self._trained)

    def evaluate(self, data: Any, /) -> ClassifyEvaluation | LabelsEvaluation:
        """Measure the classifier on other data with labels.

        Raises
        ------
        DataError
            If the data cannot be read, or a label is not one that the model knows.
        """
        model = self._trained
        labelled = read_with_labels(data, model.options, classes=model.classes)
        return model.score(model.answers(labelled), np.asarray(labelled.labels))

    def listing(self, data: Any = None, /) -> Listing:
        """Return predictions; without data, those of the test part."""
        model = self._trained
        if data is None:
            return Listing(frame=model.predictions, extra={"classes": list(model.classes)})
        return listed(self.predict(data), classes=model.classes)

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the scores beside those of the most frequent class."""
        table = labels_table if isinstance(self._trained.target, AnyLabels) else score_table
        return table(scores, options=self.options_)

    def trained_on(self) -> str:
        """Return a sentence: how many sequences trained, chose and tested, and how long it took."""
        return f"{self.metrics_['trained_on']['parts']}: {self._course()}."

    def _prepare(self, sources: Sources, cell: Cell, /, *, earlier: ClassifyModel | None) -> Prepared[ClassifyModel]:
        options = warm_started(self.options, earlier.options) if earlier else self.options
        split = split_sequences(sources, options, classes=earlier.classes if earlier else None)
        encoder = earlier.encoder if earlier else fit_encoder(split.training, options)
        pretrained = None if earlier else read_pretrained(options, encoder)
        options = filled_in(options, pretrained, training=split.training, encoder=encoder)
        if earlier:
            model = ClassifyModel(
                options=options, cell=cell, network=earlier.network, encoder=encoder, target=earlier.target,
                frequent=earlier.frequent,
            )  # fmt: skip
        else:
            model = _new_model(split.training, options, cell, encoder, pretrained)
        split = split.encoded_by(encoder)
        return Prepared(
            model=model,
            learner=model.target.learner(model.network, np.asarray(split.training.labels), options),
            training=_batches(split, "training", options, augment=encoder.augmentation(options), others=_others(model)),
            validation=_batches(split, "validation", options),
            split=split,
        )

    def _few(self, prepared: Prepared[ClassifyModel]) -> SplitSequences:
        """Return some sequences of each class in each part."""
        split: SplitSequences = prepared.split
        places = {name: _of_each_class(part) for name, part in split.by_name().items()}
        parts = {name: part.part(places[name]) for name, part in split.by_name().items()}
        encoded = {name: [split.encoded[name][place] for place in places[name].tolist()] for name in places}
        return dataclasses.replace(split, **parts, encoded=encoded)

    def _measure(self, prepared: Prepared[ClassifyModel]) -> tuple[dict[str, Any], Answers]:
        split: SplitSequences = prepared.split
        model = _with_linear(self._trained, split)
        assert split.test.labels is not None
        chosen = model.answers_of(split.encoded["validation"])
        known = np.asarray(split.validation.labels)
        target = model.target.chosen_by({ANSWERS: chosen.probabilities, **chosen.parts}, known)
        model = dataclasses.replace(model, target=target)
        answers = model.answers_of(split.encoded["test"])
        self._model = model = dataclasses.replace(model, predictions=model.against(split.test, answers))
        validation, tested = split.repeated
        trained_on = {
            "parts": split.description,
            "repeated": {"validation": validation, "test": tested},
            "note": _NOTE,
        }
        measured = {"test": dataclasses.asdict(model.score(answers, split.test.labels)), "trained_on": trained_on}
        if model.ngrams is not None:
            scores = dataclasses.asdict(model.score(chosen, known))
            kept = ("accuracy", "exact", "micro_f1", "loss", "network", "ngrams", "linear")
            parts = {name: scores[name] for name in kept if name in scores}
            measured["ngrams"] = {"share": model.ngrams.share, "penalty": model.ngrams.penalty, "validation": parts}
        return measured, answers

    def _report(self, prepared: Prepared[ClassifyModel], tested: Answers) -> Report:
        return classify_report(self._trained, prepared.split, answers=tested, metrics=self.metrics_)


def _new_model(
    training: LabelledSequences,
    options: ClassifyOptions,
    cell: Cell,
    encoder: Encoder,
    pretrained: WordVectors | None,
) -> ClassifyModel:
    """Return a model with new weights for the classes of the training part."""
    target = target_of(training, options)
    build = functools.partial(make_network, cell, options=options, encoder=encoder, classes=len(target.classes))
    check_fits_memory(build)
    assert training.labels is not None
    return ClassifyModel(
        options=options,
        cell=cell,
        network=build(pretrained=pretrained),
        encoder=encoder,
        target=target,
        frequent=int(target.counts(training.labels).argmax()),
    )


def _with_linear(model: ClassifyModel, split: SplitSequences) -> ClassifyModel:
    """Fit the baseline, and for texts the n-grams that are mixed with the network, with their share."""
    options, classes = model.options, len(model.classes)
    known = {name: split.encoded[name] for name in ("training", "validation")}
    if isinstance(model.encoder, TextEncoder):
        assert options.ngram_size is not None
        features = NgramFeatures.fit(
            known["training"], size=options.ngram_size, tokens=model.encoder.tokens, most=most_terms(classes)
        )
    else:
        features = SeriesFeatures.fit(known["training"], most=model.encoder.baseline_steps)
    labels = {name: np.asarray(part.labels) for name, part in split.by_name().items()}
    training, validation = ((features.matrix(each), labels[name]) for name, each in known.items())
    kind = {"classes": classes, "balanced": options.class_weights == "balanced"}
    linear, ngrams = fit_linear(features, training, validation, **kind), None
    if linear is not None and isinstance(features, NgramFeatures) and options.ngrams:
        ngrams = fit_linear(features, training, validation, **kind, ratios=True)
        assert ngrams is not None
        network = model.answers_of(known["validation"]).probabilities  # of the network alone: nothing is mixed yet
        share = best_share(network, ngrams.of_features(validation[0]), validation[1], mixed=model.target.mixed)
        ngrams = dataclasses.replace(ngrams, share=share)
    return dataclasses.replace(model, linear=linear, ngrams=ngrams)


def _of_each_class(part: LabelledSequences) -> np.ndarray:
    """Return the places (count,) of the first few sequences of each class; where they may have several, of all."""
    assert part.labels is not None
    if part.labels.ndim == 2:
        return np.arange(min(len(part), _TRIED * len(part.classes)))
    order = np.argsort(part.labels, kind="stable")
    labels = part.labels[order]
    # with the classes side by side, a sequence's number within its class is its place less that of the first
    return np.sort(order[np.arange(len(order)) - np.searchsorted(labels, labels) < _TRIED])


def _others(model: ClassifyModel) -> int | None:
    """Return the number of the class of what is none of the others, if there is one."""
    name, classes = model.options.others, model.classes
    if not name:
        return None
    if isinstance(model.encoder, TextEncoder) or isinstance(model.target, AnyLabels):
        raise InputError(f"others = {name!r}: it is for sequences of numbers, or recordings, of one class each")
    if name not in classes:
        raise InputError(f"others = {name!r}: there is no such class{nearest(name, classes)}")
    return classes.index(name)


def _batches(
    split: SplitSequences,
    name: str,
    options: ClassifyOptions,
    *,
    augment: Augment | None = None,
    others: int | None = None,
) -> PackedBatches:
    labels = split.by_name()[name].labels
    assert labels is not None
    chosen = BatchOptions(batch_size=options.batch_size, shuffle=name == "training", seed=options.seed)
    return PackedBatches(split.encoded[name], labels, options=chosen, augment=augment, others=others)
