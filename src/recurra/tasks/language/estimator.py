"""`LanguageModel`: fit, predict, evaluate, generate, save and load a model of a text."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars

from recurra import Cell
from recurra.arguments import kind_of, path_argument
from recurra.characters import readable
from recurra.data import Tokenizer, read_text_stream
from recurra.data.corpus import CountedPieces, encoded_text
from recurra.errors import DataError, InputError
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.language.data import SplitText, filled_in, split_text
from recurra.tasks.language.generation import generated
from recurra.tasks.language.model import TextModel
from recurra.tasks.language.network import LanguageLearner, LanguageNetwork
from recurra.tasks.language.options import GenerateOptions, LanguageOptions
from recurra.tasks.language.page import language_report
from recurra.tasks.language.scores import LanguageScores, score_table
from recurra.tasks.model import Prepared, Sources
from recurra.tasks.options import warm_started
from recurra.tasks.scores import Listing, ScoreTable

__all__ = ["LanguageModel"]

_NOTE = (
    "The weights and the vocabulary come from the training part, the choice of the epoch from the validation part; the "
    "test part was used by neither."
)
_FILE = "the path of a text file (surprise takes a text)"

_TRIED = 200
"""Tokens on which it is tried, before the training, what comes after it."""

_SAMPLE = {"char": 200, "word": 50, "bpe": 70}
"""Tokens that are written at each validation, by level."""


class LanguageModel(Estimator[LanguageOptions, TextModel]):
    """Learns how likely each token of a text is to come next; see `recurra.tasks.Estimator` for the verbs.

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
    model_class = TextModel

    @property
    def tokenizer_(self) -> Tokenizer:
        """Text to numbers of tokens and back, fitted to the training part."""
        return self._trained.tokenizer

    @property
    def counts_(self) -> np.ndarray:
        """(tokens,) how often each token is in the training part."""
        return self._trained.counts

    @property
    def samples_(self) -> list[tuple[int, str]]:
        """The step of each validation, and what the network wrote then."""
        return list(self._trained.samples)

    def predict(self, data: str | Path, /) -> polars.DataFrame:
        """Say how much each token of a text file surprises the model; see `surprise`."""
        model = self._trained
        path = path_argument(data, name="predict", expected=_FILE)
        return _surprise(model, read_text_stream(path, encoding=model.options.encoding))

    def surprise(self, text: str, /) -> polars.DataFrame:
        """Say how much each token of a text surprises the model, given those before it.

        Returns
        -------
        polars.DataFrame
            (tokens, 3): the token; its surprise in bits, -log2 p; its probability p.
        """
        model = self._trained
        return _surprise(model, [kind_of(text, str, name="surprise", expected="a text")])

    def evaluate(self, data: str | Path, /) -> LanguageScores:
        """Measure the surprise of another text file.

        Raises
        ------
        DataError
            If it cannot be read or holds no token.
        """
        model = self._trained
        path = path_argument(data, name="evaluate", expected=_FILE)
        pieces = CountedPieces(read_text_stream(path, encoding=model.options.encoding))
        numbers = encoded_text(pieces, model.tokenizer)
        if not len(numbers):
            raise DataError(f"{data} holds no token")
        return model.scores(numbers, characters=pieces.characters)

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
        model = self._trained
        prompt = kind_of(prompt, str, name="prompt", expected="a text")
        options = GenerateOptions() if options is None else options
        kind_of(
            options, GenerateOptions, name="options", expected="GenerateOptions, such as GenerateOptions(length=100)"
        )
        return generated(model, prompt=prompt, options=options)

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
        parts = self.metrics_["trained_on"]
        tokens = {name: parts[name]["tokens"] for name in ("training", "validation")}
        return (
            f"Trained on {tokens['training']:,} tokens, {len(self.tokenizer_.vocabulary):,} of them different; stopped "
            f"by {tokens['validation']:,}: {self._course()}."
        )

    def _prepare(self, sources: Sources, cell: Cell, /, *, earlier: TextModel | None) -> Prepared[TextModel]:
        options = warm_started(self.options, earlier.options) if earlier else self.options
        text = split_text(sources, options, tokenizer=earlier.tokenizer if earlier else None)
        options = filled_in(options, text)
        build = functools.partial(LanguageNetwork, cell, options=options, tokens=text.tokens)
        check_fits_memory(build)
        network = build()
        if earlier:
            network.load_state_dict(earlier.network.state_dict())
        elif text.vectors is not None:
            network.take_vectors(text.vectors)
        model = TextModel(
            options=options, cell=cell, network=network, tokenizer=text.corpus.tokenizer, counts=text.counts
        )
        learner = LanguageLearner(
            network, options=options, write=lambda network: self._sample(dataclasses.replace(model, network=network))
        )
        return Prepared(
            # the learner's list, which grows with each validation
            model=dataclasses.replace(model, samples=learner.samples),
            learner=learner,
            training=text.training(options),
            validation=text.validation(options),
            split=text,
        )

    def _few(self, prepared: Prepared[TextModel]) -> SplitText:
        corpus = prepared.split.corpus
        few = dataclasses.replace(corpus, test=corpus.test[:_TRIED])
        return dataclasses.replace(prepared.split, corpus=few)

    def _after_training(self, prepared: Prepared[TextModel], *, has_page: bool) -> None:
        """Write a text, too, as at each validation."""
        super()._after_training(prepared, has_page=has_page)
        self._sample(prepared.model)

    def _measure(self, prepared: Prepared[TextModel]) -> tuple[dict[str, Any], None]:
        text: SplitText = prepared.split
        corpus = text.corpus
        parts = (corpus.train, corpus.validation, corpus.test)
        counted = zip(("training", "validation", "test"), parts, corpus.characters, strict=True)
        trained_on: dict[str, Any] = {
            name: {"tokens": len(tokens), "characters": characters} for name, tokens, characters in counted
        }
        if text.vectors is not None:
            trained_on["words_with_vectors"] = int(text.vectors.found.sum())
        trained_on |= {"parts": corpus.description, "note": _NOTE}
        scores = self._trained.scores(corpus.test, characters=corpus.characters[2])
        return {"test": dataclasses.asdict(scores), "trained_on": trained_on}, None

    def _report(self, prepared: Prepared[TextModel], tested: None) -> Report:
        training = self._data.get("training")
        name = readable(Path(training).name) if training else "several texts"
        return language_report(self._trained, prepared.split, metrics=self.metrics_, name=name)

    @staticmethod
    def _sample(model: TextModel, /) -> str:
        """Return what a model writes at a validation."""
        options = GenerateOptions(length=_SAMPLE[model.options.level], temperature=0.8)
        return "".join(generated(model, prompt="", options=options))


def _surprise(model: TextModel, pieces: Iterable[str]) -> polars.DataFrame:
    read = [(model.tokenizer.split(piece), model.tokenizer.encode(piece)) for piece in pieces]
    tokens = [token for split, _ in read for token in split]
    nats = model.surprises(np.concatenate([numbers for _, numbers in read])).astype(np.float64)
    return polars.DataFrame({"token": tokens, "bits": nats / math.log(2), "probability": np.exp(-nats)})
