"""`SequenceClassifier`: fit, predict, evaluate, save and load a classifier of texts or sequences of numbers."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import polars
import torch

from recurra import Cell
from recurra.data import BatchOptions, LabelledSequences, WordVectors
from recurra.report import Report
from recurra.tasks.classify.data import (
    Encoder,
    PackedBatches,
    SplitSequences,
    fit_encoder,
    read_sequences,
    read_with_labels,
    split_sequences,
    with_dropped,
    with_gaps,
)
from recurra.tasks.classify.files import Known, classify_files, no_predictions, restored_classifier
from recurra.tasks.classify.linear import LinearClassifier, NgramFeatures, best_share, fit_linear
from recurra.tasks.classify.model import Answers, ClassifyModel
from recurra.tasks.classify.network import (
    Classification,
    ClassifyNetwork,
    balanced_weights,
    build_network,
    filled_in,
    linear_features,
    read_pretrained,
)
from recurra.tasks.classify.options import ClassifyOptions
from recurra.tasks.classify.page import classify_report
from recurra.tasks.classify.scores import Evaluation, listed, score_table
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.model_files import Folder
from recurra.tasks.outcome import Listing, ScoreTable
from recurra.tasks.prepared import Prepared, Sources
from recurra.tasks.task_options import warm_started

__all__ = ["SequenceClassifier"]

_NOTE = (
    "The weights, the vocabulary or scale and the classes come from the training part, the choice of the epoch from "
    "the validation part; the test part was used by neither."
)

_TRIED = 3
"""Sequences of each class on which it is tried, before the training, what comes after it."""


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What the measures and the page need: the data, the encoded parts, and how long all sequences are."""

    split: SplitSequences
    encoded: Mapping[str, Sequence[np.ndarray]]
    lengths: np.ndarray


class SequenceClassifier(Estimator[ClassifyOptions]):
    """Learns which class a text or a sequence of numbers is of; see `recurra.tasks.Estimator` for the verbs.

    Data are a table (a path or a frame) with the columns that the options name, a `.ts` file, arrays in `.npz`, or
    `recurra.data.LabelledSequences`; to `predict`, a list of texts or arrays too.

    Attributes
    ----------
    classes_
        The names of the classes.
    encoder_
        The vocabulary, or the scale of the channels.
    test_predictions_
        What was predicted of the test part: row, truth, prediction, probability.

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

    classes_: tuple[str, ...]
    encoder_: Encoder
    test_predictions_: polars.DataFrame
    _frequent: int
    _linear: LinearClassifier | None
    _ngrams: LinearClassifier | None

    def predict(self, data: Any, /) -> polars.DataFrame:
        """Classify sequences.

        Parameters
        ----------
        data
            As for `fit`, with or without labels, which are not read; a `.txt` with a text a line; or a list of texts or
            of arrays. A row without a text or numbers has an empty prediction.

        Returns
        -------
        polars.DataFrame
            A row for each sequence: its `row` in the data, its `id` or `text` if it has one, the `prediction`, its
            `probability`, the `probabilities` of all `classes_`, and with attention the weight of each step in
            `attention`, of texts beside their `tokens`.

        Raises
        ------
        DataError
            If the data cannot be read, or are not of the kind that the model was fitted on.
        """
        model = self._model()
        sequences = read_sequences(data, self.options_)
        return with_dropped(model.predict(sequences), sequences)

    def predict_proba(self, data: Any, /) -> np.ndarray:
        """Return the probabilities (count, classes) of all `classes_`; see `predict`."""
        model = self._model()
        sequences = read_sequences(data, self.options_)
        return with_gaps(model.answers(sequences).probabilities, sequences)

    def evaluate(self, data: Any, /) -> Evaluation:
        """Measure the classifier on other data with labels.

        Raises
        ------
        DataError
            If the data cannot be read, or a label is not one that the model knows.
        """
        model = self._model()
        return model.evaluate(read_with_labels(data, self.options_, classes=self.classes_))

    def listing(self, data: Any = None, /) -> Listing:
        """Return predictions; without data, those of the test part."""
        self._check_fitted()
        if data is None:
            return Listing(frame=self.test_predictions_, extra={"classes": list(self.classes_)})
        return listed(self.predict(data), classes=self.classes_)

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the scores beside those of the most frequent class."""
        return score_table(scores, options=self.options_)

    def trained_on(self) -> str:
        """Return a sentence: how many sequences trained, chose and tested, and how long it took."""
        training = self.metrics_["training"]
        return (
            f"{self.metrics_['trained_on']['parts']}: best epoch {training['best_epoch']} of {training['epochs']}, "
            f"{training['seconds']:.1f} s, {self.metrics_['parameters']:,} parameters."
        )

    def _prepare(self, sources: Sources, cell: Cell, *, go_on: bool) -> Prepared[ClassifyOptions]:
        options = warm_started(self.options, self.options_) if go_on else self.options
        split = split_sequences(
            sources.training, options, validation=sources.validation, test=sources.test,
            classes=self.classes_ if go_on else None,
        )  # fmt: skip
        if not go_on:
            self._know(split.training, options)
        pretrained = None if go_on else read_pretrained(options, self.encoder_)
        options = filled_in(options, pretrained, training=split.training, encoder=self.encoder_)
        network = self.network_ if go_on else self._new_network(cell, options, pretrained)
        encoded = {name: self.encoder_.encode(part) for name, part in split.by_name().items()}
        return Prepared(
            options=options,
            learner=_learner(network, split.training, options),
            training=_batches(encoded["training"], split.training, options, shuffle=True),
            validation=_batches(encoded["validation"], split.validation, options, shuffle=False),
            split=_Task(
                split=split,
                encoded=encoded,
                lengths=np.array([len(each) for part in encoded.values() for each in part]),
            ),
        )

    def _know(self, training: LabelledSequences, options: ClassifyOptions) -> None:
        """Take the classes, the encoder and the most frequent class from the training part."""
        assert training.labels is not None
        self.classes_, self.encoder_ = training.classes, fit_encoder(training, options)
        self._frequent = int(np.bincount(training.labels, minlength=len(training.classes)).argmax())

    def _new_network(self, cell: Cell, options: ClassifyOptions, pretrained: WordVectors | None) -> ClassifyNetwork:
        build = functools.partial(
            build_network, cell, options=options, encoder=self.encoder_, classes=len(self.classes_)
        )
        check_fits_memory(build)
        return build(pretrained=pretrained)

    def _few(self, prepared: Prepared[ClassifyOptions]) -> Prepared[ClassifyOptions]:
        """Return some sequences of each class in each part."""
        task: _Task = prepared.split
        places = {name: _of_each_class(part) for name, part in task.split.by_name().items()}
        parts = {name: part.part(places[name]) for name, part in task.split.by_name().items()}
        encoded = {name: [task.encoded[name][place] for place in places[name].tolist()] for name in places}
        few = dataclasses.replace(task, split=dataclasses.replace(task.split, **parts), encoded=encoded)
        return dataclasses.replace(prepared, split=few)

    def _unmeasured(self) -> None:
        self.test_predictions_, self._linear, self._ngrams = no_predictions(), None, None

    def _measure(self, prepared: Prepared[ClassifyOptions]) -> tuple[dict[str, Any], Answers]:
        task: _Task = prepared.split
        self._fit_linear(task, prepared.options)
        test, model = task.split.test, self._model()
        assert test.labels is not None
        answers = model.answers_of(task.encoded["test"])
        self.test_predictions_ = model.against(test, answers)
        validation, tested = task.split.repeated
        trained_on = {
            "parts": task.split.description,
            "repeated": {"validation": validation, "test": tested},
            "note": _NOTE,
        }
        measured = {"test": dataclasses.asdict(model.score(answers, test.labels)), "trained_on": trained_on}
        if self._ngrams is not None:
            chosen = model.answers_of(task.encoded["validation"])
            scores = dataclasses.asdict(model.score(chosen, np.asarray(task.split.validation.labels)))
            parts = {name: scores[name] for name in ("accuracy", "loss", "network", "ngrams", "linear")}
            measured["ngrams"] = {"share": self._ngrams.share, "penalty": self._ngrams.penalty, "validation": parts}
        return measured, answers

    def _fit_linear(self, task: _Task, options: ClassifyOptions) -> None:
        """Fit the baseline, and for texts the n-grams that are mixed with the network, with their share."""
        self._linear = self._ngrams = None
        known = {name: task.encoded[name] for name in ("training", "validation")}
        features = linear_features(known["training"], self.encoder_, options, classes=len(self.classes_))
        labels = {name: np.asarray(part.labels) for name, part in task.split.by_name().items()}
        training, validation = ((features.matrix(each), labels[name]) for name, each in known.items())
        kind = {"classes": len(self.classes_), "balanced": options.class_weights == "balanced"}
        linear = fit_linear(features, training, validation, **kind)
        if linear is not None and isinstance(features, NgramFeatures) and options.ngrams:
            ngrams = fit_linear(features, training, validation, **kind, ratios=True)
            assert ngrams is not None
            network = self._model().answers_of(known["validation"]).probabilities
            share = best_share(network, ngrams.of_features(validation[0]), validation[1])
            self._ngrams = dataclasses.replace(ngrams, share=share)
        self._linear = linear

    def _report(self, prepared: Prepared[ClassifyOptions], tested: Answers) -> Report:
        task: _Task = prepared.split
        return classify_report(
            self._model(), task.split, tested, metrics=self.metrics_,
            history=self.history_of_training_, lengths=task.lengths, trained_on=self.trained_on(),
        )  # fmt: skip

    def _files(self) -> dict[str, bytes]:
        return classify_files(
            Known(
                encoder=self.encoder_,
                classes=self.classes_,
                frequent=self._frequent,
                predictions=self.test_predictions_,
                linear=self._linear,
                ngrams=self._ngrams,
            )
        )

    def _restore(self, folder: Folder) -> Callable[[], torch.nn.Module]:
        known = restored_classifier(folder, self.options_)
        self.encoder_, self.classes_, self._frequent = known.encoder, known.classes, known.frequent
        self.test_predictions_ = known.predictions
        self._linear, self._ngrams = known.linear, known.ngrams
        return lambda: build_network(
            self.cell_, options=self.options_, encoder=known.encoder, classes=len(known.classes)
        )

    def _model(self) -> ClassifyModel:
        self._check_fitted()
        assert isinstance(self.network_, ClassifyNetwork)
        return ClassifyModel(
            options=self.options_,
            network=self.network_,
            encoder=self.encoder_,
            classes=self.classes_,
            frequent=self._frequent,
            linear=self._linear,
            ngrams=self._ngrams,
        )


def _of_each_class(part: LabelledSequences) -> np.ndarray:
    """Return the places (count,) of the first few sequences of each class."""
    assert part.labels is not None
    order = np.argsort(part.labels, kind="stable")
    labels = part.labels[order]
    return np.sort(order[np.arange(len(order)) - np.searchsorted(labels, labels) < _TRIED])


def _learner(network: torch.nn.Module, training: LabelledSequences, options: ClassifyOptions) -> Classification:
    assert isinstance(network, ClassifyNetwork)
    weights = None
    if options.class_weights == "balanced":
        weights = balanced_weights(torch.from_numpy(training.labels), classes=len(training.classes))
    return Classification(network, options=options, class_weights=weights)


def _batches(
    encoded: Sequence[np.ndarray], part: LabelledSequences, options: ClassifyOptions, *, shuffle: bool
) -> PackedBatches:
    assert part.labels is not None
    chosen = BatchOptions(batch_size=options.batch_size, shuffle=shuffle, seed=options.seed)
    return PackedBatches(encoded, part.labels, options=chosen)
