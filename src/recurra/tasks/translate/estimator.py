"""`Translator`: fit, predict, evaluate, save and load a translator of texts."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars
import torch

from recurra import Cell
from recurra.arguments import kind_of
from recurra.data import BatchOptions
from recurra.data.pairs import PairColumns, TextPairs, read_texts, two_files
from recurra.errors import DataError, InputError
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.tasks.options import warm_started
from recurra.tasks.scores import Listing, ScoreTable, listing_of_test_part
from recurra.tasks.translate.data import (
    SplitPairs,
    TranslateBatch,
    TranslateVocabulary,
    pairs_of,
    split_pairs,
)
from recurra.tasks.translate.memory import similar_translations
from recurra.tasks.translate.model import TranslateModel, Translation
from recurra.tasks.translate.network import Judge, TranslateLearner, TranslateNetwork
from recurra.tasks.translate.options import DecodeOptions, TranslateOptions
from recurra.tasks.translate.page import translate_report
from recurra.tasks.translate.scores import (
    BleuSums,
    PairScores,
    TranslateScores,
    nearest_edits,
    score_table,
    score_texts,
    words_of,
)
from recurra.tasks.translate.units import TextUnits
from recurra.training.learner import Sum

__all__ = ["Translator"]

_TRIED = 4
"""Pairs on which it is tried, before the training, what comes after it."""

_GREEDY = DecodeOptions(beam=1)
_STEPS, _SMALLEST, _LARGEST = 250, 8, 64
"""Steps that an epoch should have, about, and the sizes of a batch between which that is chosen."""

_MOST = 1 << 10
"""Sentences of a batch of the validation part."""


class Translator(Estimator[TranslateOptions, TranslateModel]):
    """Learns to make texts of texts: translations, sounds of spellings, inflections; see `recurra.tasks.Estimator`.

    Examples
    --------
    >>> from recurra.tasks import TranslateOptions, Translator
    >>> pairs = [(f"{n}", " ".join(["zero", "one", "two"][int(digit)] for digit in f"{n}")) for n in (0, 1, 2, 10, 12)]
    >>> options = TranslateOptions(hidden_size=8, epochs=1, test_fraction=0.2, validation_fraction=0.2)
    >>> translator = Translator(options).fit(pairs * 8)
    >>> len(translator.predict(["1", "20"]))
    2
    """

    task: ClassVar[str] = "translate"
    options_class = TranslateOptions
    model_class = TranslateModel

    @property
    def vocabulary_(self) -> TranslateVocabulary:
        """The units of both sides."""
        return self._trained.vocabulary

    @property
    def fitted_on(self) -> str | None:
        """The file that the model was fitted on, None where its options name two; `InputError` if it is not there."""
        options, name = self.options_, self._data.get("training")
        files = [each for each in (options.source_file, options.target_file) if each is not None]
        if files and all(Path(each).is_file() for each in files):
            return None
        if name is not None:
            with contextlib.suppress(DataError):
                if two_files(name, PairColumns(source=options.source, target=options.target)) is not None:
                    return name
        return super().fitted_on

    def options_for(self, data: Any, /) -> TranslateOptions:
        """Return the options without the two files where there are other data."""
        options = self.options_
        return options if data is None else dataclasses.replace(options, source_file=None, target_file=None)

    def predict(self, data: Any, /, decoding: DecodeOptions | None = None) -> list[str]:
        """Return a translation of each text.

        Parameters
        ----------
        data
            Texts; a file with a text a line; or a table with the column of sources. An empty one stays empty.
        decoding
            How to search; as the model's options say by default.

        Raises
        ------
        DataError
            If the data cannot be read, hold no text, or the model knows no character of one.
        """
        return [each[0].text for each in self.translations(data, decoding)]

    def translations(self, data: Any, /, decoding: DecodeOptions | None = None) -> list[list[Translation]]:
        """Return of each text its best translations, with log p and where they looked; see `predict`."""
        return self._translated(data, decoding)[1]

    def log_prob(self, data: Any, /) -> np.ndarray:
        """Return log p (pairs,) of the target of each pair given its source, in nats: forced decoding.

        Parameters
        ----------
        data
            Pairs, as for `fit`.
        """
        return self._trained.log_probs(pairs_of(data, self.options_))[0]

    def evaluate(self, data: Any, /) -> TranslateScores:
        """Measure the translations of pairs, in the form of those that the model was fitted on.

        Raises
        ------
        DataError
            If the data cannot be read, or the model knows no character of a source.
        """
        model = self._trained
        pairs = pairs_of(data, model.options)
        model.vocabulary.check_known(pairs.sources, name=pairs.name, rows=pairs.rows)
        return _scores(model, pairs, [each[0] for each in model.translated(pairs.sources)], memory=None)

    def listing(self, data: Any = None, /, decoding: DecodeOptions | None = None) -> Listing:
        """Return the translations as rows with log p and where each unit looked, and as a text a line.

        Without data, those of the test part as they were measured.
        """
        if data is None and decoding is None:
            return listing_of_test_part(self._trained.predictions)
        texts, found = self._translated(data, decoding)
        rows = [(number, text, rank, each) for number, (text, several) in enumerate(zip(texts, found, strict=True), 1)
                for rank, each in enumerate(several, 1)]  # fmt: skip
        frame = polars.DataFrame(
            {
                "text": [number for number, *_ in rows],
                "rank": [rank for _, _, rank, _ in rows],
                "source": [text for _, text, _, _ in rows],
                "translation": [each.text for *_, each in rows],
                "log_prob": [None if math.isnan(each.log_prob) else round(each.log_prob, 4) for *_, each in rows],
                "units": [list(each.units) for *_, each in rows],
                "attention": [np.round(each.weights, 4).tolist() for *_, each in rows],
            },
            schema_overrides={"units": polars.List(polars.String), "log_prob": polars.Float64},
        )
        lines = [" ".join(each.text.splitlines()) for *_, each in rows]
        return Listing(frame=frame, text="".join(f"{line}\n" for line in lines))

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return BLEU, chrF, what is exact, and the errors of words and characters."""
        return score_table(scores)

    def trained_on(self) -> str:
        """Return a sentence: how many pairs trained, and how long it took."""
        return f"{self.metrics_['trained_on']}; {self._course()}."

    def _translated(self, data: Any, decoding: DecodeOptions | None) -> tuple[list[str], list[list[Translation]]]:
        """Return the texts, and the translations of each."""
        model, options = self._trained, self.options_
        if data is None:
            raise InputError("a translator translates texts: expected a file with a text a line, got none")
        if decoding is not None:
            expected = "DecodeOptions, such as DecodeOptions(beam=8, best=3)"
            kind_of(decoding, DecodeOptions, name="decoding", expected=expected)
        texts = read_texts(data, column_name=options.source, format=options.table_format())
        model.vocabulary.check_known(texts, name=_named(data))
        return texts, model.translated(texts, decoding)

    def _prepare(self, sources: Sources, cell: Cell, /, *, earlier: TranslateModel | None) -> Prepared[TranslateModel]:
        options = warm_started(self.options, earlier.options) if earlier else self.options
        split = split_pairs(sources, options)
        source, target = split.training.columns or (options.source, options.target)
        options = dataclasses.replace(  # other tables are read by the columns of this one, wherever these stand there
            options, source=source, target=target,
            batch_size=options.batch_size or _usual_batch(len(split.training)),
        )  # fmt: skip
        if earlier:
            model = dataclasses.replace(earlier, options=options, predictions=b"")
            model.vocabulary.check_writing(split.training)
        else:
            model = _new_model(split, options, cell)
        for part in (split.validation, split.test):
            model.vocabulary.check_known(part.sources, name=part.name, rows=part.rows)
        split = _without_long(split, model.vocabulary, longest=options.longest)
        judge, summed = _judged(model, split.validation)
        return Prepared(
            model=model,
            learner=TranslateLearner(model.network, options=options, judge=judge, summed=summed),
            training=model.batches(
                split.training,
                BatchOptions(batch_size=options.batch_size, rows=options.batch_tokens, seed=options.seed),
            ),
            validation=model.batches(
                split.validation, BatchOptions(batch_size=_MOST, rows=2 * options.batch_tokens, shuffle=False)
            ),
            split=split,
            note=_note(model.vocabulary, None if self.options.source else split.training.columns),
        )

    def _few(self, prepared: Prepared[TranslateModel]) -> SplitPairs:
        split: SplitPairs = prepared.split
        few = split.test.chosen(range(min(_TRIED, len(split.test))))
        return dataclasses.replace(split, test=few, training=split.training.chosen(range(min(99, len(split.training)))))

    def _measure(self, prepared: Prepared[TranslateModel]) -> tuple[dict[str, Any], list[Translation]]:
        split: SplitPairs = prepared.split
        model = self._trained
        model.network.eval()
        # what the weights of a training of no step write may have no end
        found = [each[0] for each in model.translated(split.test.sources)]
        self._model = dataclasses.replace(model, predictions=_predictions(split.test, found))
        memory = similar_translations(split.training, split.test.sources)
        scores = _scores(model, split.test, found, memory=memory)
        return {"test": dataclasses.asdict(scores), "trained_on": split.description}, found

    def _report(self, prepared: Prepared[TranslateModel], tested: list[Translation]) -> Report:
        return translate_report(self._trained, prepared.split, found=tested, metrics=self.metrics_)


def _usual_batch(pairs: int) -> int:
    """Return how many pairs a batch has, where nobody said: small data need small batches, for enough steps."""
    return max(_SMALLEST, min(pairs // _STEPS, _LARGEST))


def _named(data: Any) -> str:
    """Return what messages call texts."""
    return str(data) if isinstance(data, str | Path) else "the texts"


def _new_model(split: SplitPairs, options: TranslateOptions, cell: Cell) -> TranslateModel:
    """Return a model with new weights for the pairs of the training part; it knows which units it has."""
    vocabulary = TranslateVocabulary.fit(split.training, options)
    options = dataclasses.replace(
        options,
        source_units=vocabulary.source.kind,
        target_units=vocabulary.target.kind,
        joint=vocabulary.is_joint,
    )
    build = functools.partial(
        TranslateNetwork, cell, options=options, sources=len(vocabulary.source), targets=len(vocabulary.target),
        joint=vocabulary.is_joint,
    )  # fmt: skip
    check_fits_memory(build)
    return TranslateModel(options=options, cell=cell, network=build(), vocabulary=vocabulary)


def _note(vocabulary: TranslateVocabulary, columns: tuple[str, str] | None) -> str:
    """Say which units there are, and of which columns where nobody named them: a first pair may stand for a header."""
    source, target = map(_counted, (vocabulary.source, vocabulary.target))
    units = f"Units: {source} of both sides." if vocabulary.is_joint else f"Units: {source} to {target}."
    return f'From the column "{columns[0]}" to the column "{columns[1]}".\n{units}' if columns else units


def _counted(units: TextUnits) -> str:
    count = f"{len(units):,}"
    return {
        "bpe": f"{count} parts of words",
        "unigram": f"{count} parts of words (unigram)",
        "word": f"{count} words",
        "char": f"{count} characters",
    }[units.kind]


def _without_long(split: SplitPairs, vocabulary: TranslateVocabulary, *, longest: int) -> SplitPairs:
    """Return the parts without those pairs of training that are too long; `DataError` if none is left."""
    training = split.training
    kept = [
        place for place, (source, target) in enumerate(zip(training.sources, training.targets, strict=True))
        # a unit is a character at least
        if max(len(source), len(target)) <= longest
        or max(len(vocabulary.source.numbers(source)), len(vocabulary.target.numbers(target))) <= longest
    ]  # fmt: skip
    left_out = len(training) - len(kept)
    if not left_out:
        return split
    if not kept:
        raise DataError(
            f"longest = {longest}: all pairs of {training.name} have more units on a side; expected shorter ones, or "
            "more"
        )
    said = f"; {left_out:,} that are longer than {longest} units do not train"
    return dataclasses.replace(split, training=training.chosen(kept), left_out=said)


def _judged(
    model: TranslateModel, validation: TextPairs
) -> tuple[Judge | None, Callable[[Mapping[str, Sum]], float] | None]:
    """Return what translates a batch of the validation part and sums what the weights are chosen by, and the score."""
    options = model.options
    if options.choose_by == "loss":
        return None, None
    lowercase = options.lowercase

    true_of: dict[str, list[str]] = {}
    first_places: dict[str, int] = {}
    for place, (source, target) in enumerate(zip(validation.sources, validation.targets, strict=True)):
        true_of.setdefault(source, []).append(target.lower() if lowercase else target)
        first_places.setdefault(source, place)

    def translated(places: Sequence[int]) -> list[str]:
        return [each[0].text for each in model.translated([validation.sources[place] for place in places], _GREEDY)]

    if options.choose_by == "bleu":
        sums = BleuSums(validation.targets, lowercase=lowercase)
        targets = validation.targets
        return lambda batch: sums.of(translated(batch.places), [targets[place] for place in batch.places]), sums.score

    def judged(batch: TranslateBatch) -> list[tuple[str, list[str]]]:
        """Return translations with the true ones of their sources, each source where its first pair is."""
        places = [place for place in batch.places if first_places[validation.sources[place]] == place]
        return [
            (text, true_of[validation.sources[place]]) for place, text in zip(places, translated(places), strict=True)
        ]

    def exact(batch: TranslateBatch) -> dict[str, Sum]:
        pairs = judged(batch)
        return {"right": Sum(sum(text in true for text, true in pairs), len(pairs))}

    def error(batch: TranslateBatch) -> dict[str, Sum]:
        pairs = [nearest_edits(words_of(text), [words_of(each) for each in true]) for text, true in judged(batch)]
        return {"edits": Sum(sum(edits for edits, _ in pairs), sum(length for _, length in pairs))}

    judge, name = (exact, "right") if options.choose_by == "exact" else (error, "edits")
    return judge, lambda sums: float(sums[name].total) / max(1, sums[name].weight)


def _scores(
    model: TranslateModel, pairs: TextPairs, found: Sequence[Translation], *, memory: Sequence[str] | None
) -> TranslateScores:
    lowercase = model.options.lowercase
    of_memory: PairScores | None = None if memory is None else score_texts(pairs, memory, lowercase=lowercase)
    with torch.inference_mode():
        log_prob, counts = model.log_probs(pairs)
    nats = -float(log_prob.sum()) / float(counts.sum())
    return TranslateScores(
        pairs=len(pairs),
        sources=len(set(pairs.sources)),
        model=score_texts(pairs, [each.text for each in found], lowercase=lowercase),
        memory=of_memory,
        perplexity=math.exp(min(nats, 700.0)),
    )


def _predictions(pairs: TextPairs, found: Sequence[Translation]) -> bytes:
    """Return the translations of pairs beside the true ones as CSV."""
    frame = polars.DataFrame(
        {
            "row": pairs.rows,
            "source": pairs.sources,
            "target": pairs.targets,
            "translation": [each.text for each in found],
            "log_prob": [round(each.log_prob, 4) for each in found],
        }
    )
    return frame.write_csv().encode()
