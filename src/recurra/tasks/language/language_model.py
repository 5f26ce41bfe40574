"""`LanguageModel`: fit, predict, evaluate, generate, save and load a model of a text."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars
import torch

from recurra import Cell
from recurra.data import Tokenizer, read_text_stream
from recurra.data.corpus import Counted, encoded_text
from recurra.errors import DataError, InputError
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.language.data import Text, filled_in, first_token, split_text
from recurra.tasks.language.files import Known, language_files, restored_language
from recurra.tasks.language.generation import generated
from recurra.tasks.language.network import LanguageLearner, LanguageNetwork
from recurra.tasks.language.options import GenerateOptions, LanguageOptions
from recurra.tasks.language.page import language_report
from recurra.tasks.language.scores import LanguageScores, score_table, scored, surprises, unigram_surprises
from recurra.tasks.model_files import Folder
from recurra.tasks.outcome import Listing, ScoreTable
from recurra.tasks.prepared import Prepared, Sources
from recurra.tasks.task_options import warm_started

__all__ = ["LanguageModel"]

_NOTE = (
    "The weights and the vocabulary come from the training part, the choice of the epoch from the validation part; the "
    "test part was used by neither."
)
_TRIED = 200
"""Tokens on which it is tried, before the training, what comes after it."""

_SAMPLE = {"char": 200, "word": 50, "bpe": 70}
"""Tokens that are written at each validation, by level."""


class LanguageModel(Estimator[LanguageOptions]):
    """Learns how likely each token of a text is to come next; see `recurra.tasks.Estimator` for the verbs.

    Attributes
    ----------
    tokenizer_
        Text to numbers of tokens and back, fitted to the training part.
    counts_
        (tokens,) how often each token is in the training part.
    samples_
        The step of each validation, and what the network wrote then.

    Examples
    --------
    >>> from recurra.tasks import GenerateOptions, LanguageModel, LanguageOptions
    >>> options = LanguageOptions(hidden_size=16, layers=1, epochs=1)
    >>> model = LanguageModel(options).fit("examples/shakespeare.txt")
    >>> len("".join(model.generate("First Citizen:", GenerateOptions(length=20))))
    20
    """

    task: ClassVar[str] = "language"
    options_class = LanguageOptions

    tokenizer_: Tokenizer
    counts_: np.ndarray
    samples_: list[tuple[int, str]]

    def predict(self, data: str | Path, /) -> polars.DataFrame:
        """Say how much each token of a text file surprises the model; see `surprise`."""
        self._check_fitted()
        return self._surprise(read_text_stream(data, encoding=self.options_.encoding))

    def surprise(self, text: str, /) -> polars.DataFrame:
        """Say how much each token of a text surprises the model, given those before it.

        Returns
        -------
        polars.DataFrame
            (tokens, 3): the token; its surprise in bits, -log2 p; its probability p.
        """
        self._check_fitted()
        return self._surprise([text])

    def evaluate(self, data: str | Path, /) -> LanguageScores:
        """Measure the surprise of another text file.

        Raises
        ------
        DataError
            If it cannot be read or holds no token.
        """
        numbers, characters = self._encoded(data)
        return self._scores(numbers, characters=characters)

    def generate(self, prompt: str = "", options: GenerateOptions | None = None, /) -> Iterator[str]:
        """Write a text that goes on from a prompt: yield it piece by piece as it is made.

        Parameters
        ----------
        prompt
            What is read first; without it, the text begins as after a line end.
        options
            How.

        Yields
        ------
        str
            What follows the prompt. `"".join(...)` is the whole of it.
        """
        self._check_fitted()
        return generated(self._network(), self._known(), prompt=prompt, options=options or GenerateOptions())

    def listing(self, data: str | Path | None = None, /) -> Listing:
        """Return the surprise of each token of a text file."""
        if data is None:
            raise InputError("a language model says how much a text surprises it: expected a text file; "
                             "recurra generate writes a text")  # fmt: skip
        frame = self.predict(data).with_columns(polars.col("bits", "probability").round_sig_figs(6))
        return Listing(frame=frame)

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the surprise beside that of the frequencies alone."""
        return score_table(scores, options=self.options_)

    def trained_on(self) -> str:
        """Return a sentence: which text trained, and how long it took."""
        parts, training = self.metrics_["trained_on"], self.metrics_["training"]
        tokens = {name: parts[name]["tokens"] for name in ("training", "validation")}
        return (
            f"Trained on {tokens['training']:,} tokens, {len(self.tokenizer_.vocabulary):,} of them different; stopped "
            f"by {tokens['validation']:,}: best epoch {training['best_epoch']} of {training['epochs']}, "
            f"{training['seconds']:.1f} s, {self.metrics_['parameters']:,} parameters."
        )

    def _prepare(self, sources: Sources, cell: Cell, *, go_on: bool) -> Prepared[LanguageOptions]:
        options = warm_started(self.options, self.options_) if go_on else self.options
        text = split_text(sources, options, tokenizer=self.tokenizer_ if go_on else None)
        options = filled_in(options, text)
        check_fits_memory(lambda: LanguageNetwork(cell, options=options, tokens=text.tokens))
        network = LanguageNetwork(cell, options=options, tokens=text.tokens)
        if go_on:
            network.load_state_dict(self.network_.state_dict())
        elif text.vectors is not None:
            network.take_vectors(text.vectors)
        self.tokenizer_, self.counts_, self.samples_ = text.corpus.tokenizer, text.counts, []
        learner = LanguageLearner(network, options=options, write=functools.partial(self._sample, level=options.level))
        self.samples_ = learner.samples
        return Prepared(
            options=options,
            learner=learner,
            training=text.training(options),
            validation=text.validation(options),
            split=text,
        )

    def _few(self, prepared: Prepared[LanguageOptions]) -> Prepared[LanguageOptions]:
        text: Text = prepared.split
        few = dataclasses.replace(text.corpus, test=text.corpus.test[:_TRIED])
        return dataclasses.replace(prepared, split=dataclasses.replace(text, corpus=few))

    def _after_training(self, prepared: Prepared[LanguageOptions], *, has_page: bool) -> None:
        """Write a text, too, as at each validation."""
        super()._after_training(prepared, has_page=has_page)
        self._sample(self._network(), level=prepared.options.level)

    def _unmeasured(self) -> None:
        """Do nothing: of its test part a language model keeps the scores alone."""

    def _measure(self, prepared: Prepared[LanguageOptions]) -> tuple[dict[str, Any], None]:
        text: Text = prepared.split
        corpus = text.corpus
        parts = (corpus.train, corpus.validation, corpus.test)
        counted = zip(("training", "validation", "test"), parts, corpus.characters, strict=True)
        trained_on: dict[str, Any] = {
            name: {"tokens": len(tokens), "characters": characters} for name, tokens, characters in counted
        }
        if text.vectors is not None:
            trained_on["words_with_vectors"] = int(text.vectors.found.sum())
        trained_on |= {"parts": corpus.description, "note": _NOTE}
        scores = dataclasses.asdict(self._scores(corpus.test, characters=corpus.characters[2]))
        return {"test": scores, "trained_on": trained_on}, None

    def _report(self, prepared: Prepared[LanguageOptions], tested: None) -> Report:
        return language_report(
            self._network(), self._known(), prepared.split, options=self.options_, metrics=self.metrics_,
            history=self.history_of_training_, trained_on=self.trained_on(), name=self._name(),
        )  # fmt: skip

    def _files(self) -> dict[str, bytes]:
        return language_files(self._known())

    def _restore(self, folder: Folder) -> Callable[[], torch.nn.Module]:
        known = restored_language(folder)
        self.tokenizer_, self.counts_, self.samples_ = known.tokenizer, known.counts, list(known.samples)
        tokens = len(known.tokenizer.vocabulary)
        return lambda: LanguageNetwork(self.cell_, options=self.options_, tokens=tokens)

    def _known(self) -> Known:
        return Known(tokenizer=self.tokenizer_, counts=self.counts_, samples=tuple(self.samples_))

    def _network(self) -> LanguageNetwork:
        self._check_fitted()
        assert isinstance(self.network_, LanguageNetwork)
        return self.network_

    def _name(self) -> str:
        training = self._data.get("training")
        return Path(training).name if training else "several texts"

    def _sample(self, network: LanguageNetwork, *, level: str) -> str:
        options = GenerateOptions(length=_SAMPLE[level], temperature=0.8)
        return "".join(generated(network, self._known(), prompt="", options=options))

    def _encoded(self, data: str | Path) -> tuple[np.ndarray, int]:
        """Return the numbers of a file's tokens, and its characters."""
        self._check_fitted()
        pieces = Counted(read_text_stream(data, encoding=self.options_.encoding))
        numbers = encoded_text(pieces, self.tokenizer_)
        if not len(numbers):
            raise DataError(f"{data} holds no token")
        return numbers, pieces.characters

    def _nats(self, numbers: np.ndarray) -> np.ndarray:
        return surprises(self._network(), numbers, first=first_token(self.tokenizer_, self.counts_))

    def _surprise(self, pieces: Iterable[str]) -> polars.DataFrame:
        read = [(self.tokenizer_.split(piece), self.tokenizer_.encode(piece)) for piece in pieces]
        tokens = [token for split, _ in read for token in split]
        nats = self._nats(np.concatenate([numbers for _, numbers in read])).astype(np.float64)
        return polars.DataFrame({"token": tokens, "bits": nats / math.log(2), "probability": np.exp(-nats)})

    def _scores(self, numbers: np.ndarray, *, characters: int) -> LanguageScores:
        vocabulary = self.tokenizer_.vocabulary
        unknown = vocabulary.numbers[vocabulary.unknown] if vocabulary.unknown is not None else -1
        return LanguageScores(
            tokens=len(numbers),
            characters=characters,
            unknown_share=float((numbers == unknown).mean()),
            model=scored(self._nats(numbers), characters=characters),
            unigram=scored(unigram_surprises(self.counts_)[numbers], characters=characters),
        )
