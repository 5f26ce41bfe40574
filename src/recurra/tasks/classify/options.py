"""The options of a classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.tasks.options import NETWORK, TableOptions, check_shares, shapes_network
from recurra.training.option_fields import Described
from recurra.training.options import Rate

__all__ = ["ClassifyOptions"]

_DATA = "Data"
_TEXT = "Text"
_FRONT = "Convolutions in front of the recurrent layers, for long sequences of numbers"


@dataclass(frozen=True, kw_only=True)
class ClassifyOptions(TableOptions):
    """What to classify, by which network, and how to train it.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two options do not go together.

    Examples
    --------
    >>> from recurra.tasks import ClassifyOptions
    >>> ClassifyOptions(text="review", label="stars", level="char").pooling
    'attention'
    """

    text: Annotated[str | None, Described(help="Column of texts, one a row.", panel=_DATA)] = None
    values: Annotated[
        str | None,
        Described(
            help="Columns of numbers, one a channel, separated by commas: with --id a step a row, else a list a row.",
            panel=_DATA,
        ),
    ] = None
    id: Annotated[
        str | None,
        Described(help="Column that says which sequence a row belongs to; its rows are in order.", panel=_DATA),
    ] = None
    label: Annotated[str | None, Described(help="Column of labels.", panel=_DATA)] = None
    part: Annotated[
        str | None, Described(help="Column that says of each row: train, validation or test.", panel=_DATA)
    ] = None
    validation_fraction: Annotated[
        float,
        Described(
            help="Share of each class in the training data that chooses the best weights, where none are given.",
            panel=_DATA,
            above=0,
            below=1,
        ),
    ] = 0.1
    test_fraction: Annotated[
        float,
        Described(
            help="Share of each class in the training data that only the test sees, where none are given.",
            panel=_DATA,
            above=0,
            below=1,
        ),
    ] = 0.1
    missing: Annotated[
        Literal["refuse", "drop"],
        Described(help="What becomes of a table's rows without text, numbers or label: drop counts them.", panel=_DATA),
    ] = "refuse"
    longest: Annotated[
        int | None,
        Described(
            help="Steps after which a sequence is cut off; by default none is.",
            panel=_DATA,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = shapes_network(None)
    scale: Annotated[
        Literal["standard", "robust", "min-max", "none"],
        Described(help="How the channels are brought to one scale, fitted on the training part.", panel=_DATA),
    ] = shapes_network("standard")

    noise: Annotated[
        float,
        Described(
            help="Spread of the noise that is added to scaled channels in training, which has more examples so.",
            panel=_DATA,
            minimum=0,
            maximum=1e6,
        ),
    ] = 0.0

    level: Annotated[Literal["word", "char", "bpe"], Described(help="What a token is.", panel=_TEXT)] = shapes_network(
        "word"
    )
    words: Annotated[
        Literal["punctuation", "space"],
        Described(help="Where words end; with punctuation each Han character is a word.", panel=_TEXT),
    ] = shapes_network("punctuation")
    lowercase: Annotated[bool, Described(help="Whether texts are put into lower case.", panel=_TEXT)] = shapes_network(
        True
    )
    normalise: Annotated[
        Literal["NFKC", "NFC", "none"],
        Described(help="Unicode normal form of texts; words alone, not characters or byte pairs.", panel=_TEXT),
    ] = "NFKC"
    minimum_count: Annotated[
        int,
        Described(
            help="Times that a token has to be in the training part to be known.",
            panel=_TEXT,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = shapes_network(1)
    maximum_size: Annotated[
        int | None,
        Described(
            help="Most tokens in the vocabulary, the frequent ones.", panel=_TEXT, minimum=2, maximum=100_000_000
        ),
    ] = shapes_network(None)
    embedding_size: Annotated[
        int,
        Described(
            help="Size of a token's vector; pretrained ones have their own.", panel=_TEXT, minimum=1, maximum=65_536
        ),
    ] = shapes_network(128)
    vectors: Annotated[
        str | None,
        Described(help="File of pretrained word vectors in GloVe's or word2vec's text format.", panel=_TEXT),
    ] = shapes_network(None)
    freeze_vectors: Annotated[bool, Described(help="Whether pretrained vectors stay as they are.", panel=_TEXT)] = False
    word_dropout: Annotated[
        float, Described(help="Share of the tokens that become unknown in training.", panel=_TEXT, minimum=0, below=1)
    ] = 0.3
    embedding_dropout: Annotated[
        float,
        Described(help="Share of the vocabulary that is zero in each batch.", panel=_TEXT, minimum=0, below=1),
    ] = 0.0

    ngrams: Annotated[
        bool,
        Described(
            help="Whether logistic regression on n-grams (TF-IDF times log-count ratios) is mixed with the "
            "network; its share is chosen on the validation part.",
            panel=_TEXT,
        ),
    ] = True
    ngram_size: Annotated[
        int | None,
        Described(
            help="Tokens of the longest n-gram; by default 3 where most tokens are single characters, else 2.",
            panel=_TEXT,
            minimum=1,
            maximum=8,
        ),
    ] = shapes_network(None)

    bidirectional: Annotated[bool, Described(help="Whether sequences are read backwards too.", panel=NETWORK)] = (
        shapes_network(True)
    )
    pooling: Annotated[
        Literal["last", "mean", "max", "attention"],
        Described(help="How the outputs of all steps become one vector.", panel=NETWORK),
    ] = shapes_network("attention")
    input_dropout: Annotated[
        float | None,
        Described(
            help="Share of the input's features dropped for a whole sequence; by default 0.3 for texts, else 0.",
            panel=NETWORK,
            minimum=0,
            below=1,
        ),
    ] = None
    recurrent_dropout: Annotated[
        float,
        Described(help="Share of the state dropped for a whole sequence.", panel=NETWORK, minimum=0, below=1),
    ] = 0.0
    memory: Annotated[
        int | None,
        Described(
            help="Steps that gates remember to begin with, each unit its share of them (chrono initialisation).",
            panel=NETWORK,
            minimum=3,
            maximum=1_000_000_000,
        ),
    ] = None
    forget_gate: Annotated[
        str | None,
        Described(help="memory: bias of the gate on the old state, b_f of LSTM, b_z of GRU.", panel=NETWORK),
    ] = None
    input_gate: Annotated[
        str | None, Described(help="memory: bias of the gate on what is new, b_i of LSTM.", panel=NETWORK)
    ] = None
    convolutions: Annotated[int, Described(help="How many.", panel=_FRONT, minimum=0, maximum=20)] = shapes_network(0)
    convolution_features: Annotated[
        int, Described(help="Features of each.", panel=_FRONT, minimum=1, maximum=65_536)
    ] = shapes_network(32)
    convolution_size: Annotated[
        int, Described(help="Steps that each sees.", panel=_FRONT, minimum=1, maximum=65_536)
    ] = shapes_network(5)
    convolution_stride: Annotated[
        int, Described(help="Steps that each makes one of.", panel=_FRONT, minimum=1, maximum=65_536)
    ] = shapes_network(2)

    class_weights: Annotated[
        Literal["none", "balanced"],
        Described(help="Whether errors count by class as if all were equally frequent.", panel="Loss"),
    ] = "none"
    label_smoothing: Annotated[
        float, Described(help="Share of a label spread over all classes.", panel="Loss", minimum=0, below=1)
    ] = 0.0
    choose_by: Annotated[
        Literal["loss", "accuracy", "macro_f1"],
        Described(help="Measure of the validation part that chooses the best weights.", panel="Loss"),
    ] = "loss"

    cell: str = "LSTM"
    hidden_size: int = 64
    dropout: float = 0.3
    epochs: int = 50
    patience: int = 8
    batch_size: int = 32
    learning_rate: Rate = 2e-3
    weight_decay: float = 0.01
    average_decay: float = 0.99

    def __post_init__(self) -> None:
        super().__post_init__()
        check_shares(self, of="sequences are")
        if self.text is not None and self.values is not None:
            raise InputError(f"text = {self.text!r} and values = {self.values!r}: expected one of them")
        if self.memory is not None and self.forget_gate is None and self.input_gate is None:
            raise InputError(f"memory = {self.memory}: expected forget_gate or input_gate too, whose biases it sets")
        if self.id is not None and self.values is None:
            raise InputError(f"id = {self.id!r}: expected values too, the columns of numbers")

    @property
    def channels(self) -> tuple[str, ...]:
        """The columns of numbers."""
        return tuple(name.strip() for name in self.values.split(",")) if self.values else ()
