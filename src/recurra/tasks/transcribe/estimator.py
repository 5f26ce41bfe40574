"""`Transcriber`: fit, predict, stream, evaluate, save and load a transcriber of recordings."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import polars

from recurra import Cell
from recurra.data import BatchOptions
from recurra.errors import InputError
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.tasks.options import warm_started
from recurra.tasks.scores import Listing, ScoreTable, listing_of_test_part, with_empty_rows
from recurra.tasks.sound_options import with_sound_defaults
from recurra.tasks.transcribe.data import (
    Alphabet,
    Features,
    SplitRecordings,
    TranscribeBatches,
    check_known,
    read_transcribed,
    read_untranscribed,
    split_recordings,
)
from recurra.tasks.transcribe.model import TextSearch, TranscribeModel, Transcript
from recurra.tasks.transcribe.network import TranscribeLearner, TranscribeNetwork
from recurra.tasks.transcribe.ngram import NgramPrior
from recurra.tasks.transcribe.options import TranscribeOptions
from recurra.tasks.transcribe.page import transcribe_report
from recurra.tasks.transcribe.scores import TranscribeEvaluation, evaluate_texts, listed, score_table
from recurra.tasks.transcribe.stream import TranscribeStream
from recurra.training.averaging import bounded_decay

__all__ = ["Transcriber"]

_TRIED = 2
"""TranscribeData on which it is tried, before the training, what comes after it."""

_SEARCHED = 60
"""TranscribeData of the validation part that choose how much n-grams count, at most."""

_PICTURE_CONVOLUTIONS = 3
"""Convolutions over the pixels of lines where nobody said."""

_WEIGHTS, _BONUSES = (0.3, 0.6, 1.0), (0.0, 1.0)
"""What is tried: how much n-grams count, and what each label adds."""


class Transcriber(Estimator[TranscribeOptions, TranscribeModel]):
    """Learns to write down what recordings hold; see `recurra.tasks.Estimator` for the verbs.

    Data are a table (a path or a frame) of paths and texts, or pairs of an array (steps, channels) and a text.

    Examples
    --------
    >>> import numpy
    >>> from recurra.tasks import Transcriber, TranscribeOptions
    >>> frames = {letter: numpy.eye(3)[[0, number, number, 0]] for number, letter in enumerate("ab", 1)}
    >>> texts = ["ab", "ba", "aab", "b", "a", "bab"] * 5
    >>> pairs = [(numpy.concatenate([frames[letter] for letter in text]), text) for text in texts]
    >>> sizes = {"hidden_size": 16, "layers": 1, "convolutions": 0}
    >>> options = TranscribeOptions(**sizes, epochs=40, batch_size=4, learning_rate=0.02, dropout=0.0)
    >>> Transcriber(options).fit(pairs).predict([pairs[2][0]])["text"].to_list()
    ['aab']
    """

    task: ClassVar[str] = "transcribe"
    options_class = TranscribeOptions
    model_class = TranscribeModel

    @property
    def alphabet_(self) -> Alphabet:
        """The labels."""
        return self._trained.alphabet

    def predict(self, data: Any, /) -> polars.DataFrame:
        """Transcribe recordings.

        Parameters
        ----------
        data
            As for `fit`, with or without texts, which are not read; a file or a folder of files; or a list of arrays
            (steps, channels), of sound (samples,) from -1 to 1 or whole numbers of 8 to 32 bits, or of paths.

        Returns
        -------
        polars.DataFrame
            A row for each recording: its `row` and `id`, the `text`, its `confidence` (the probability that CTC gives
            it, for one label in the geometric mean), and the `words` with the seconds where each begins and ends: of
            pictures the columns of pixels, once they have their height, and of arrays the steps. A recording that
            cannot be read has an empty row.

        Raises
        ------
        DataError
            If none of the data can be read, or they are not of the kind that the model was fitted on.
        """
        model = self._trained
        recordings = read_untranscribed(data, model.options, features=model.features)
        return with_empty_rows(model.predict(recordings), recordings.dropped, ids=recordings.dropped_ids)

    def stream(self) -> TranscribeStream:
        """Return what takes blocks of samples, or of frames, and gives the text as it becomes certain.

        Raises
        ------
        InputError
            If the model reads backwards too, or needs a whole recording to bring it to scale.
        """
        return TranscribeStream(self._trained)

    def evaluate(self, data: Any, /) -> TranscribeEvaluation:
        """Measure the transcripts of recordings whose texts are known.

        Raises
        ------
        DataError
            If the data cannot be read, or a text has a label that the model does not know.
        """
        model = self._trained
        recordings = read_transcribed(data, model.options)
        check_known(recordings, model.alphabet)
        found = model.transcripts(model.features.of(recordings), of=recordings)
        return model.score(found, recordings.texts or ())

    def listing(self, data: Any = None, /) -> Listing:
        """Return the transcripts of recordings; without data, those of the test part."""
        model = self._trained
        if data is None:
            return listing_of_test_part(model.predictions)
        return listed(self.predict(data))

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the errors of words, characters and texts."""
        return score_table(scores)

    def trained_on(self) -> str:
        """Return a sentence: how many recordings trained, and how long it took."""
        return f"{self.metrics_['trained_on']}: {self._course()}."

    def _prepare(
        self, sources: Sources, cell: Cell, /, *, earlier: TranscribeModel | None
    ) -> Prepared[TranscribeModel]:
        options = warm_started(self.options, earlier.options) if earlier else self.options
        split = split_recordings(sources, options)
        if earlier:
            features, alphabet = earlier.features, earlier.alphabet
            features.check(split.training)
            check_known(split.training, alphabet, learnt="the earlier model's training part")
        else:
            features = Features.fit(split.training, options)
            alphabet = Alphabet.fit(split.training.texts or (), level=options.level)
        for name, part in (("validation", split.validation), ("test", split.test)):
            if name in sources.apart or split.training.flags is not None:
                check_known(part, alphabet)
        options = _filled_in(options, split, features)
        if earlier:
            network = earlier.network
        else:
            build = functools.partial(
                TranscribeNetwork, cell, options=options, inputs=features.width, labels=alphabet.labels
            )
            check_fits_memory(build)
            network = build()
        split = split.with_features(features, alphabet, network.steps, options)
        model = TranscribeModel(
            options=options, cell=cell, network=network, features=features, alphabet=alphabet,
            search=TextSearch(beam=options.beam),
        )  # fmt: skip
        training = BatchOptions(batch_size=options.batch_size, seed=options.seed)
        return Prepared(
            model=model,
            learner=TranscribeLearner(network, options=options, alphabet=alphabet),
            training=_batches(split, "training", model, training),
            validation=_batches(split, "validation", model, BatchOptions(batch_size=64, rows=32_768, shuffle=False)),
            split=split,
        )

    def _few(self, prepared: Prepared[TranscribeModel]) -> SplitRecordings:
        """Return some recordings of each part."""
        split: SplitRecordings = prepared.split
        places = {name: np.arange(min(_TRIED, len(part))) for name, part in split.by_name().items()}
        parts = {name: part.part(places[name]) for name, part in split.by_name().items()}
        made = {name: [split.features[name][place] for place in each.tolist()] for name, each in places.items()}
        return dataclasses.replace(split, **parts, features=made)

    def _measure(self, prepared: Prepared[TranscribeModel]) -> tuple[dict[str, Any], list[Transcript]]:
        split: SplitRecordings = prepared.split
        model, chosen = _with_ngrams(self._trained, split)
        found = model.transcripts(split.features["test"], of=split.test)
        truths = split.test.texts or ()
        rows = {"row": split.test.rows, "id": split.test.ids, "truth": truths, "text": [each.text for each in found]}
        self._model = dataclasses.replace(model, predictions=polars.DataFrame(rows).write_csv().encode())
        scores = dataclasses.asdict(model.score(found, truths))
        return {"test": scores, "trained_on": split.description, "search": chosen}, found

    def _report(self, prepared: Prepared[TranscribeModel], tested: list[Transcript]) -> Report:
        return transcribe_report(self._trained, prepared.split, found=tested, metrics=self.metrics_)


def _filled_in(options: TranscribeOptions, split: SplitRecordings, features: Features) -> TranscribeOptions:
    """Return the options with what was left open."""
    steps = -(-len(split.training) // options.batch_size)
    options = with_sound_defaults(
        options, rate=split.training.rate, streams=not options.bidirectional, shift=0.0, bands=features.is_bands
    )
    pixels = options.picture_convolutions
    if pixels and features.kind != "picture":
        raise InputError(f"picture_convolutions = {pixels}: {split.training.source} holds no pictures of lines")
    pixels = (_PICTURE_CONVOLUTIONS if features.kind == "picture" else 0) if pixels is None else pixels
    convolutions = (0 if pixels else 1) if options.convolutions is None else options.convolutions
    options = dataclasses.replace(options, picture_convolutions=pixels, convolutions=convolutions)
    # a moving average over more than half an epoch would lag behind the first epochs
    return dataclasses.replace(options, average_decay=bounded_decay(options.average_decay, steps=steps / 2))


def _batches(split: SplitRecordings, name: str, model: TranscribeModel, options: BatchOptions) -> TranscribeBatches:
    texts = split.by_name()[name].texts or ()
    labels = [model.alphabet.encode(text) for text in texts]
    augment = model.features.augmentation(model.options) if name == "training" else None
    return TranscribeBatches(split.features[name], labels, options=options, augment=augment)


def _with_ngrams(model: TranscribeModel, split: SplitRecordings) -> tuple[TranscribeModel, dict[str, float]]:
    """Return the model with the n-grams of the training texts, counting as is best for the validation part."""
    options = model.options
    if options.beam == 1 or not options.ngram:
        return model, {}
    encoded = [model.alphabet.encode(text) for text in split.training.texts or ()]
    prior = NgramPrior.fit(encoded, size=options.ngram, labels=model.alphabet.labels)
    few = split.features["validation"][:_SEARCHED]
    truths = (split.validation.texts or ())[: len(few)]
    values = model.log_probabilities(few)
    plain = TextSearch(beam=options.beam)
    weights = _WEIGHTS if options.ngram_weight is None else (options.ngram_weight,)
    searches = [
        TextSearch(beam=options.beam, prior=prior, weight=weight, bonus=bonus)
        for weight in weights
        for bonus in _BONUSES
    ]
    if options.ngram_weight is None:
        searches = [plain, *searches]
    errors = [_error(model, search, values, truths) for search in searches]
    best = searches[int(np.argmin(errors))]
    chosen = {"ngram_weight": best.weight, "label_bonus": best.bonus, "validation_error": float(min(errors))}
    return dataclasses.replace(model, search=best), chosen


def _error(model: TranscribeModel, search: TextSearch, values: Sequence[np.ndarray], truths: Sequence[str]) -> float:
    """Return the error rate of a search, in words where those choose the weights, else in characters."""
    found = [model.alphabet.decode(search.labels(each)) for each in values]
    scores = evaluate_texts(found, truths, likeliest_path=found)
    return scores.words.rate if model.options.choose_by == "word_error" else scores.characters.rate
