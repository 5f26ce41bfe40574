"""`SequenceTagger`: fit, predict, evaluate, save and load a tagger of tokens."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from recurra import Cell
from recurra.data import BatchOptions, Marks, TaggedSentences, read_vectors
from recurra.data.vocabulary import first_words
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.tasks.options import warm_started
from recurra.tasks.scores import Listing, ScoreTable, listing_of_test_part
from recurra.tasks.tag.data import (
    Layout,
    SplitSentences,
    TagVocabulary,
    fit_vocabulary,
    lax_tags,
    marks_of,
    some_of,
    split_sentences,
    tagged_source,
    unmarked_note,
    untagged_source,
)
from recurra.tasks.tag.model import Tagged, TagModel
from recurra.tasks.tag.network import TagLearner, TagNetwork
from recurra.tasks.tag.options import TagOptions
from recurra.tasks.tag.page import tag_report
from recurra.tasks.tag.scores import TagEvaluation, evaluate_tags, listed, predictions, score_table

__all__ = ["SequenceTagger"]

_TRIED = 8
"""Sentences on which it is tried, before the training, what comes after it."""


class SequenceTagger(Estimator[TagOptions, TagModel]):
    """Learns to tag the tokens of sentences; see `recurra.tasks.Estimator` for the verbs.

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
    model_class = TagModel

    @property
    def vocabulary_(self) -> TagVocabulary:
        """The words, the characters and the tags."""
        return self._trained.vocabulary

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
        return [list(each.tags) for each in self._trained.tagged(self._untagged(data).words)]

    def evaluate(self, data: Any, /) -> TagEvaluation:
        """Measure the tags of sentences whose tags are known: a CoNLL file, or lists of pairs (word, tag).

        Beside the model stands what each word's most frequent tag gives.

        Raises
        ------
        DataError
            If the data cannot be read, have no tags, or a tag is not one that the model knows.
        """
        model = self._trained
        sentences = tagged_source(data, model.options)
        found = [each.tags for each in model.tagged(sentences.words)]
        return evaluate_tags(sentences, found, vocabulary=model.vocabulary)

    def listing(self, data: Any = None, /) -> Listing:
        """Return the tags of sentences as rows with their probabilities, and as the CoNLL file that they are from.

        Without data, those of the test part beside the true ones.
        """
        if data is None:
            return listing_of_test_part(self._trained.predictions)
        sentences = self._untagged(data)
        return listed(sentences, self._trained.tagged(sentences.words))

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the accuracy of tokens, or of entities precision, recall and F1."""
        return score_table(scores)

    def trained_on(self) -> str:
        """Return a sentence: how many sentences trained, and how long it took."""
        return f"{self.metrics_['trained_on']}; {self._course()}."

    def _prepare(self, sources: Sources, cell: Cell, /, *, earlier: TagModel | None) -> Prepared[TagModel]:
        options = warm_started(self.options, earlier.options) if earlier else self.options
        split = split_sentences(sources, options)
        marks = earlier.vocabulary.marks if earlier else marks_of(split.training, options.scheme)
        split = _with_notes(split, marks, scheme=self.options.scheme)
        options = dataclasses.replace(options, scheme="none" if marks is None else marks.scheme)
        if earlier:
            model = dataclasses.replace(earlier, options=options, predictions=b"")
        else:
            model = _new_model(split, options, cell, marks)
        return Prepared(
            model=model,
            learner=TagLearner(
                model.network, labels=model.vocabulary.tags.tokens, has_entities=model.vocabulary.scheme != "none"
            ),
            training=model.batches(split.training, BatchOptions(batch_size=options.batch_size, seed=options.seed)),
            validation=model.batches(split.validation, BatchOptions(batch_size=256, rows=8192, shuffle=False)),
            split=split,
        )

    def _few(self, prepared: Prepared[TagModel]) -> SplitSentences:
        test = prepared.split.test
        return dataclasses.replace(prepared.split, test=some_of(test, np.arange(min(_TRIED, len(test)))))

    def _measure(self, prepared: Prepared[TagModel]) -> tuple[dict[str, Any], list[Tagged]]:
        split: SplitSentences = prepared.split
        model = self._trained
        model.network.eval()
        found = model.tagged(split.test.words)
        self._model = dataclasses.replace(model, predictions=predictions(split.test, found))
        scores = evaluate_tags(split.test, [each.tags for each in found], vocabulary=model.vocabulary)
        return {"test": dataclasses.asdict(scores), "trained_on": split.description}, found

    def _report(self, prepared: Prepared[TagModel], tested: list[Tagged]) -> Report:
        found = [each.tags for each in tested]
        return tag_report(self._trained, prepared.split, found=found, metrics=self.metrics_)

    def _untagged(self, data: Any) -> TaggedSentences:
        model = self._trained
        return untagged_source(data, model.options, layout=model.layout, is_tag=model.vocabulary.is_tag)


def _new_model(split: SplitSentences, options: TagOptions, cell: Cell, marks: Marks | None) -> TagModel:
    """Return a model with new weights for the sentences of the training part."""
    further = () if options.vectors is None else first_words(options.vectors, most=options.vector_words)
    vocabulary, counts = fit_vocabulary(
        split.training,
        split.validation,
        marks=marks,
        lowercase=options.lowercase,
        minimum_count=options.minimum_count,
        further_words=further,
    )
    vectors = None if options.vectors is None else read_vectors(options.vectors, vocabulary.words)
    word_size = options.word_size if vectors is None else vectors.values.shape[1]
    build = functools.partial(TagNetwork, cell, options=options, vocabulary=vocabulary, word_size=word_size)
    check_fits_memory(build)
    network = build()
    network.learn_words(counts, rate=options.unknown_rate)
    if vectors is not None:
        network.take_vectors(vectors)
    layout = Layout.of(split.training)
    return TagModel(options=options, cell=cell, network=network, vocabulary=vocabulary, layout=layout)


def _with_notes(split: SplitSentences, marks: Marks | None, *, scheme: str) -> SplitSentences:
    """Return the parts with what is to be said of their tags; `DataError` if some break a scheme that is strict."""
    parts = (split.training, split.validation, split.test)
    notes = [lax_tags(part, marks, strict=scheme == "strict") for part in parts]
    notes.append(unmarked_note(split.training, scheme) if marks is None else "")
    return dataclasses.replace(split, description="; ".join([split.description, *filter(None, notes)]))
