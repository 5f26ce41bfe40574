"""`SequenceTagger`: fit, predict, evaluate, save and load a tagger of tokens."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

import torch

from recurra import Cell
from recurra.data import BatchOptions, Marks, TaggedSentences, read_vectors
from recurra.data.vocabulary import first_words
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.model_files import Folder
from recurra.tasks.outcome import Listing, ScoreTable
from recurra.tasks.prepared import Prepared, Sources
from recurra.tasks.tag.data import Layout, SplitSentences, TagBatches, split_sentences, tagged_source, untagged_source
from recurra.tasks.tag.files import Known, restored_tagger, tagger_files
from recurra.tasks.tag.model import Tagged, TagModel
from recurra.tasks.tag.network import Counts, TagLearner, TagNetwork
from recurra.tasks.tag.options import TagOptions
from recurra.tasks.tag.page import tag_report
from recurra.tasks.tag.scores import TagEvaluation, evaluate_tags, listed, predictions, score_table
from recurra.tasks.tag.vocabulary import (
    TagVocabulary,
    allowed_transitions,
    fit_vocabulary,
    lax_tags,
    marks_of,
    unmarked_note,
)
from recurra.tasks.task_options import warm_started

__all__ = ["SequenceTagger"]

_TRIED = 8
"""Sentences on which it is tried, before the training, what comes after it."""


class SequenceTagger(Estimator[TagOptions]):
    """Learns to tag the tokens of sentences; see `recurra.tasks.Estimator` for the verbs.

    Attributes
    ----------
    vocabulary_
        The words, the characters and the tags.

    Examples
    --------
    >>> from recurra.tasks import SequenceTagger, TagOptions
    >>> sentence = [("the", "DET"), ("cat", "NOUN"), ("sleeps", "VERB")]
    >>> tagger = SequenceTagger(TagOptions(epochs=8, hidden_size=16, learning_rate=0.02)).fit([sentence] * 20)
    >>> tagger.predict([["the", "cat"], ["cat"]])
    [['DET', 'NOUN'], ['NOUN']]
    """

    task: ClassVar[str] = "tag"
    options_class = TagOptions

    vocabulary_: TagVocabulary
    _layout: Layout
    _word_size: int
    _predictions: bytes

    def predict(self, data: Any, /) -> list[list[str]]:
        """Return the tags of each sentence, a tag a token.

        Parameters
        ----------
        data
            Sentences as lists of words; a CoNLL file, whose tags are not looked at; or a plain text (`.txt`) with a
            sentence a line and spaces between tokens.

        Raises
        ------
        DataError
            If the data cannot be read, or hold no sentence.
        """
        return [list(each.tags) for each in self._tagged(self._untagged(data))]

    def evaluate(self, data: Any, /) -> TagEvaluation:
        """Measure the tags of sentences whose tags are known: a CoNLL file, or lists of pairs (word, tag).

        Beside the model stands what each word's most frequent tag gives.

        Raises
        ------
        DataError
            If the data cannot be read, have no tags, or a tag is not one that the model knows.
        """
        self._check_fitted()
        sentences = tagged_source(data, self.options_)
        return self._evaluation(sentences, self._tagged(sentences))

    def listing(self, data: Any = None, /) -> Listing:
        """Return the tags of sentences as rows with their probabilities, and as the CoNLL file that they are from."""
        sentences = self._untagged(data)
        return listed(sentences, self._tagged(sentences))

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the accuracy of tokens, or of entities precision, recall and F1."""
        return score_table(scores)

    def trained_on(self) -> str:
        """Return a sentence: how many sentences trained, and how long it took."""
        training = self.metrics_["training"]
        return (
            f"{self.metrics_['trained_on']}; best epoch {training['best_epoch']} of {training['epochs']}, "
            f"{training['seconds']:.1f} s, {self.metrics_['parameters']:,} parameters."
        )

    def _prepare(self, sources: Sources, cell: Cell, *, go_on: bool) -> Prepared[TagOptions]:
        options = warm_started(self.options, self.options_) if go_on else self.options
        split = split_sentences(sources, options)
        marks = self.vocabulary_.marks if go_on else marks_of(split.training, options.scheme)
        split = _with_notes(split, marks, scheme=self.options.scheme)
        options = dataclasses.replace(options, scheme="none" if marks is None else marks.scheme)
        if not go_on:
            self._layout = Layout.of(split.training)
        network = cast(TagNetwork, self.network_) if go_on else self._new_network(split, options, cell, marks)
        training = self._batches(split.training, BatchOptions(batch_size=options.batch_size, seed=options.seed))
        validation = self._batches(split.validation, BatchOptions(batch_size=256, rows=8192, shuffle=False))
        return Prepared(
            options=options,
            learner=TagLearner(
                network, labels=self.vocabulary_.tags.tokens, has_entities=self.vocabulary_.scheme != "none"
            ),
            training=training,
            validation=validation,
            split=split,
        )

    def _few(self, prepared: Prepared[TagOptions]) -> Prepared[TagOptions]:
        split: SplitSentences = prepared.split
        test = split.test
        few = dataclasses.replace(
            test,
            words=test.words[:_TRIED],
            tags=None if test.tags is None else test.tags[:_TRIED],
            rows=test.rows[:_TRIED],
        )
        return dataclasses.replace(prepared, split=dataclasses.replace(split, test=few))

    def _unmeasured(self) -> None:
        self._predictions = b""

    def _measure(self, prepared: Prepared[TagOptions]) -> tuple[dict[str, Any], list[Tagged]]:
        split: SplitSentences = prepared.split
        self.network_.eval()
        found = self._tagged(split.test)
        self._predictions = predictions(split.test, found)
        scores = dataclasses.asdict(self._evaluation(split.test, found))
        return {"test": scores, "trained_on": split.description}, found

    def _report(self, prepared: Prepared[TagOptions], tested: list[Tagged]) -> Report:
        split: SplitSentences = prepared.split
        return tag_report(
            split,
            [each.tags for each in tested],
            options=self.options_,
            vocabulary=self.vocabulary_,
            metrics=self.metrics_,
            history=self.history_of_training_,
            trained_on=self.trained_on(),
            monitor=prepared.learner.monitor,
        )

    def _files(self) -> dict[str, bytes]:
        known = Known(
            vocabulary=self.vocabulary_,
            layout=self._layout,
            word_size=self._word_size,
            predictions=self._predictions,
        )
        return tagger_files(known)

    def _restore(self, folder: Folder) -> Callable[[], torch.nn.Module]:
        known = restored_tagger(folder)
        self.vocabulary_, self._layout, self._word_size = known.vocabulary, known.layout, known.word_size
        self._predictions = known.predictions
        return lambda: self._network(self.options_, self.cell_)

    def _new_network(self, split: SplitSentences, options: TagOptions, cell: Cell, marks: Marks | None) -> TagNetwork:
        further = () if options.vectors is None else first_words(options.vectors, most=options.vector_words)
        self.vocabulary_, counts = fit_vocabulary(
            split.training,
            split.validation,
            marks=marks,
            lowercase=options.lowercase,
            minimum_count=options.minimum_count,
            further_words=further,
        )
        vectors = None if options.vectors is None else read_vectors(options.vectors, self.vocabulary_.words)
        self._word_size = options.word_size if vectors is None else vectors.values.shape[1]
        check_fits_memory(lambda: self._network(options, cell))
        network = self._network(options, cell)
        network.learn_words(counts, rate=options.unknown_rate)
        if vectors is not None:
            network.take_vectors(vectors)
        return network

    def _network(self, options: TagOptions, cell: Cell) -> TagNetwork:
        known = self.vocabulary_
        return TagNetwork(
            cell,
            options=options,
            counts=Counts(
                words=len(known.words),
                characters=len(known.characters),
                tags=len(known.tags),
                word_size=self._word_size,
            ),
            constraints=allowed_transitions(known.tags.tokens, known.marks),
        )

    def _batches(self, sentences: TaggedSentences, options: BatchOptions) -> TagBatches:
        tags = self.vocabulary_.tag_numbers(sentences)
        return TagBatches(sentences.words, vocabulary=self.vocabulary_, tags=tags, options=options)

    def _untagged(self, data: Any) -> TaggedSentences:
        self._check_fitted()
        return untagged_source(data, self.options_, layout=self._layout, is_tag=self.vocabulary_.is_tag)

    def _tagged(self, sentences: TaggedSentences) -> list[Tagged]:
        model = TagModel(network=cast(TagNetwork, self.network_), vocabulary=self.vocabulary_)
        return model.tagged(sentences.words)

    def _evaluation(self, sentences: TaggedSentences, found: list[Tagged]) -> TagEvaluation:
        return evaluate_tags(sentences, [each.tags for each in found], vocabulary=self.vocabulary_)


def _with_notes(split: SplitSentences, marks: Marks | None, *, scheme: str) -> SplitSentences:
    """Return the parts with what is to be said of their tags; `DataError` if some break a scheme that is strict."""
    parts = (split.training, split.validation, split.test)
    notes = [lax_tags(part, marks, strict=scheme == "strict") for part in parts]
    notes.append(unmarked_note(split.training, scheme) if marks is None else "")
    return dataclasses.replace(split, description="; ".join([split.description, *filter(None, notes)]))
