"""The options of a language model, and those of the texts that it writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.tasks.options import DATA, NETWORK, TaskOptions, check_shares, fraction, shapes_network, share, size
from recurra.training.option_fields import Between, Described, check_options
from recurra.training.options import Rate

__all__ = ["GenerateOptions", "LanguageOptions"]

_REGULARISATION = "Regularisation"
_WRITING = "Text"


@dataclass(frozen=True, kw_only=True)
class LanguageOptions(TaskOptions):
    """What a token is, which network says how likely each is to come next, and how it is trained.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two do not go together.

    Examples
    --------
    >>> from recurra.tasks import LanguageOptions
    >>> LanguageOptions(level="word", hidden_size=200, layers=2, bptt=20).level
    'word'
    """

    level: Annotated[
        Literal["char", "word", "bpe"],
        Described("What a token is: a character, a word, or a part of a word (byte pairs).", DATA),
    ] = shapes_network("char")
    words: Annotated[
        Literal["punctuation", "space"],
        Described("Where words end: at spaces and punctuation, or at spaces alone with <eos> for line ends.", DATA),
    ] = shapes_network("punctuation")
    lowercase: Annotated[bool, Described("Put the text into lower case first.", DATA)] = shapes_network(False)
    minimum_count: Annotated[
        int | None,
        Described(
            "Rarer tokens are <unk>; for bpe: rarer pairs are not joined. By default 2 for words and 3 for "
            "the characters of alphabets over 256, so that training meets some that are <unk>, else 1.",
            DATA,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = shapes_network(None)
    vocabulary_size: Annotated[
        int | None,
        Described(
            "Most tokens, the most frequent ones; by default all, for bpe 8192.", DATA, minimum=2, maximum=100_000_000
        ),
    ] = shapes_network(None)
    encoding: Annotated[str, Described("Encoding of the text, as Python names it.", DATA)] = "utf-8-sig"
    validation_fraction: Annotated[float, fraction("Share of the text that chooses when to stop.", DATA)] = 0.05
    test_fraction: Annotated[float, fraction("Share of the text, its end, that only the test sees.", DATA)] = 0.05

    embedding_size: Annotated[
        int | None,
        size("Size of a token's vector; by default the hidden size where weights are tied, else at most 64.", NETWORK),
    ] = shapes_network(None)
    tied: Annotated[
        bool | None,
        Described(
            "One matrix for vectors and scores; the last layer is as wide as a vector. By default for words and "
            "byte pairs.",
            NETWORK,
        ),
    ] = shapes_network(None)
    adaptive_softmax: Annotated[
        bool, Described("Spend less on rare tokens, which stand in clusters; not tied.", NETWORK)
    ] = shapes_network(False)
    vectors: Annotated[
        str | None, Described("Text file of vectors to begin with (GloVe's or word2vec's format).", NETWORK)
    ] = shapes_network(None)
    initial_range: Annotated[
        float | None,
        Described("Draw all weights evenly from -x to x; by default each by its role.", NETWORK, above=0, maximum=1e6),
    ] = None

    input_dropout: Annotated[float, share("Share of each vector set to zero.", _REGULARISATION)] = 0.0
    hidden_dropout: Annotated[float, share("Share of what goes from layer to layer set to zero.", _REGULARISATION)] = (
        0.0
    )
    token_dropout: Annotated[
        float, share("Share of the tokens whose vectors are zero in a batch.", _REGULARISATION)
    ] = 0.0
    weight_drop: Annotated[float, share("Share of the weights on states set to zero in a batch.", _REGULARISATION)] = (
        0.0
    )
    locked_dropout: Annotated[
        bool, Described("One mask for all steps of a batch, rather than one a step.", _REGULARISATION)
    ] = True
    activation_penalty: Annotated[
        float, Described("Factor of the mean square of the outputs (AR).", _REGULARISATION, minimum=0, maximum=1e6)
    ] = 0.0
    change_penalty: Annotated[
        float,
        Described(
            "Factor of the mean square of the outputs' change from step to step (TAR).",
            _REGULARISATION,
            minimum=0,
            maximum=1e6,
        ),
    ] = 0.0

    bptt: Annotated[
        int,
        Described(
            "Steps of backpropagation through time; the state goes on. 0 takes 64, and for words so many that an "
            "epoch has some 1,000 steps, from 16 to 64.",
            "Training",
            minimum=0,
            maximum=1_000_000,
        ),
    ] = 0
    varying_bptt: Annotated[
        bool, Described("Vary the steps from batch to batch, and the rate with them.", "Training")
    ] = False

    batch_size: Annotated[
        int,
        Described(
            "Columns of the text that are read side by side; 0 takes so many that an epoch has some 250 "
            "steps, from 4 to 32.",
            "Training",
            minimum=0,
            maximum=1_000_000,
        ),
    ] = 0

    learning_rate: Annotated[
        Rate,
        Described(
            "Step size, or auto: found by a sweep before training; 0 takes 0.003, for words in fewer than 32 "
            "columns less by the root of their number over 32.",
            "Learning rate",
            minimum=0,
            maximum=1e6,
            space=Between(6e-4, 1.5e-2),
        ),
    ] = 0.0

    cell: str = "LSTM"
    hidden_size: int = 256
    layers: int = 2
    epochs: int = 50
    patience: int = 4
    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        check_shares(self, of="text is")
        if self.adaptive_softmax and self.tied:
            raise InputError("adaptive_softmax = True: its weights cannot be tied; expected tied = False")
        if self.level != "word" and self.vectors:
            raise InputError(f"vectors = {self.vectors!r}: expected level = 'word', got {self.level!r}")

    @property
    def unit(self) -> str:
        """What a token is called."""
        return {"char": "character", "word": "word", "bpe": "token"}[self.level]


@dataclass(frozen=True, kw_only=True)
class GenerateOptions:
    """How a text is written.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two do not go together.

    Examples
    --------
    >>> from recurra.tasks import GenerateOptions
    >>> GenerateOptions(length=100, temperature=0.8, top_k=20).top_p
    1.0
    """

    length: Annotated[int, Described("Most tokens to write.", _WRITING, minimum=1, maximum=1_000_000_000_000)] = 400
    temperature: Annotated[
        float,
        Described(
            "Below 1 likelier tokens are favoured, above 1 less; 0 takes the likeliest.",
            _WRITING,
            minimum=0,
            maximum=1e6,
        ),
    ] = 1.0
    top_k: Annotated[
        int | None,
        Described("Draw from so many of the likeliest tokens alone.", _WRITING, minimum=1, maximum=100_000_000),
    ] = None
    top_p: Annotated[
        float,
        Described(
            "Draw from the fewest likely tokens that together have this probability.", _WRITING, above=0, maximum=1
        ),
    ] = 1.0
    beam: Annotated[
        int | None,
        Described(
            "Search for a likely text with so many going on together, rather than draw.",
            _WRITING,
            minimum=1,
            maximum=1000,
        ),
    ] = None
    stop: Annotated[str | None, Described("Stop before this text.", _WRITING)] = None
    seed: Annotated[int, Described("Seed of the draws.", _WRITING, minimum=0, maximum=2**63 - 1)] = 0

    def __post_init__(self) -> None:
        check_options(self)
        if self.stop == "":
            raise InputError("stop = '': expected a text, or None")
        draws = [name for name, default in _DRAWING.items() if getattr(self, name) != default]
        if self.beam is not None and draws:
            raise InputError(f"beam = {self.beam}: a search draws nothing; expected no {draws[0]} beside it")


_DRAWING = {"temperature": 1.0, "top_k": None, "top_p": 1.0}
