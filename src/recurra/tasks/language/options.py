"""The options of a language model, and those of the texts that it writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.tasks.options import NETWORK, TaskOptions, check_shares, shapes_network
from recurra.training.option_fields import Between, Described, check_options
from recurra.training.options import Rate

__all__ = ["GenerateOptions", "LanguageOptions"]

_DATA = "Data"
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
        Described(help="What a token is: a character, a word, or a part of a word (byte pairs).", panel=_DATA),
    ] = shapes_network("char")
    words: Annotated[
        Literal["punctuation", "space"],
        Described(
            help="Where words end: at spaces and punctuation, or at spaces alone with <eos> for line ends.",
            panel=_DATA,
        ),
    ] = shapes_network("punctuation")
    lowercase: Annotated[bool, Described(help="Put the text into lower case first.", panel=_DATA)] = shapes_network(
        False
    )
    minimum_count: Annotated[
        int | None,
        Described(
            help="Rarer tokens are <unk>; for bpe: rarer pairs are not joined. By default 2 for words and 3 for "
            "the characters of alphabets over 256, so that training meets some that are <unk>, else 1.",
            panel=_DATA,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = shapes_network(None)
    vocabulary_size: Annotated[
        int | None,
        Described(
            help="Most tokens, the most frequent ones; by default all, for bpe 8192.",
            panel=_DATA,
            minimum=2,
            maximum=100_000_000,
        ),
    ] = shapes_network(None)
    encoding: Annotated[str, Described(help="Encoding of the text, as Python names it.", panel=_DATA)] = "utf-8-sig"
    validation_fraction: Annotated[
        float,
        Described(help="Share of the text that chooses when to stop.", panel=_DATA, above=0, below=1),
    ] = 0.05
    test_fraction: Annotated[
        float,
        Described(help="Share of the text, its end, that only the test sees.", panel=_DATA, above=0, below=1),
    ] = 0.05

    embedding_size: Annotated[
        int | None,
        Described(
            help="Size of a token's vector; by default the hidden size where weights are tied, else at most 64.",
            panel=NETWORK,
            minimum=1,
            maximum=65_536,
        ),
    ] = shapes_network(None)
    tied: Annotated[
        bool | None,
        Described(
            help="One matrix for vectors and scores; the last layer is as wide as a vector. By default for words and "
            "byte pairs.",
            panel=NETWORK,
        ),
    ] = shapes_network(None)
    adaptive_softmax: Annotated[
        bool, Described(help="Spend less on rare tokens, which stand in clusters; not tied.", panel=NETWORK)
    ] = shapes_network(False)
    vectors: Annotated[
        str | None,
        Described(help="Text file of vectors to begin with (GloVe's or word2vec's format).", panel=NETWORK),
    ] = shapes_network(None)
    initial_range: Annotated[
        float | None,
        Described(
            help="Draw all weights evenly from -x to x; by default each by its role.",
            panel=NETWORK,
            above=0,
            maximum=1e6,
        ),
    ] = None

    input_dropout: Annotated[
        float,
        Described(help="Share of each vector set to zero.", panel=_REGULARISATION, minimum=0, below=1),
    ] = 0.0
    hidden_dropout: Annotated[
        float,
        Described(
            help="Share of what goes from layer to layer set to zero.", panel=_REGULARISATION, minimum=0, below=1
        ),
    ] = 0.0
    token_dropout: Annotated[
        float,
        Described(
            help="Share of the tokens whose vectors are zero in a batch.", panel=_REGULARISATION, minimum=0, below=1
        ),
    ] = 0.0
    weight_drop: Annotated[
        float,
        Described(
            help="Share of the weights on states set to zero in a batch.", panel=_REGULARISATION, minimum=0, below=1
        ),
    ] = 0.0
    locked_dropout: Annotated[
        bool, Described(help="One mask for all steps of a batch, rather than one a step.", panel=_REGULARISATION)
    ] = True
    activation_penalty: Annotated[
        float,
        Described(help="Factor of the mean square of the outputs (AR).", panel=_REGULARISATION, minimum=0, maximum=1e6),
    ] = 0.0
    change_penalty: Annotated[
        float,
        Described(
            help="Factor of the mean square of the outputs' change from step to step (TAR).",
            panel=_REGULARISATION,
            minimum=0,
            maximum=1e6,
        ),
    ] = 0.0

    bptt: Annotated[
        int,
        Described(
            help="Steps of backpropagation through time; the state goes on. 0 takes 64, and for words so many that an "
            "epoch has some 1,000 steps, from 16 to 64.",
            panel="Training",
            minimum=0,
            maximum=1_000_000,
        ),
    ] = 0
    varying_bptt: Annotated[
        bool, Described(help="Vary the steps from batch to batch, and the rate with them.", panel="Training")
    ] = False

    batch_size: Annotated[
        int,
        Described(
            help="Columns of the text that are read side by side; 0 takes so many that an epoch has some 250 "
            "steps, from 4 to 32.",
            panel="Training",
            minimum=0,
            maximum=1_000_000,
        ),
    ] = 0

    learning_rate: Annotated[
        Rate,
        Described(
            help="Step size, or auto: found by a sweep before training; 0 takes 0.003, for words in fewer than 32 "
            "columns less by the root of their number over 32.",
            panel="Learning rate",
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

    length: Annotated[
        int, Described(help="Most tokens to write.", panel=_WRITING, minimum=1, maximum=1_000_000_000_000)
    ] = 400
    temperature: Annotated[
        float,
        Described(
            help="Below 1 likelier tokens are favoured, above 1 less; 0 takes the likeliest.",
            panel=_WRITING,
            minimum=0,
            maximum=1e6,
        ),
    ] = 1.0
    top_k: Annotated[
        int | None,
        Described(
            help="Draw from so many of the likeliest tokens alone.", panel=_WRITING, minimum=1, maximum=100_000_000
        ),
    ] = None
    top_p: Annotated[
        float,
        Described(
            help="Draw from the fewest likely tokens that together have this probability.",
            panel=_WRITING,
            above=0,
            maximum=1,
        ),
    ] = 1.0
    beam: Annotated[
        int | None,
        Described(
            help="Search for a likely text with so many going on together, rather than draw.",
            panel=_WRITING,
            minimum=1,
            maximum=1000,
        ),
    ] = None
    stop: Annotated[str | None, Described(help="Stop before this text.", panel=_WRITING)] = None
    seed: Annotated[int, Described(help="Seed of the draws.", panel=_WRITING, minimum=0, maximum=2**63 - 1)] = 0

    def __post_init__(self) -> None:
        check_options(self)
        if self.stop == "":
            raise InputError("stop = '': expected a text, or None")
        draws = [name for name, default in _DRAWING.items() if getattr(self, name) != default]
        if self.beam is not None and draws:
            raise InputError(f"beam = {self.beam}: a search draws nothing; expected no {draws[0]} beside it")


_DRAWING = {"temperature": 1.0, "top_k": None, "top_p": 1.0}
