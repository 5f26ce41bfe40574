"""The options of a classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.data import ImageFormat
from recurra.errors import InputError
from recurra.tasks.options import DATA, NETWORK, check_heads, check_shares, fraction, shapes_network, share, size
from recurra.tasks.sound_options import SoundOptions
from recurra.training.option_fields import Described
from recurra.training.options import Rate

__all__ = ["ALONE", "SEQUENCES", "ClassifyOptions"]

ALONE = "."
"""What the options audio and image say without a column: the data are a folder, or a file of many."""

SEQUENCES = ("text", "values", "audio", "image")
"""The options that say where the sequences are; one of them for a table."""

_TEXT, _IMAGES = "Text", "Images"
_FRONT = "Convolutions in front of the recurrent layers, for long sequences of numbers"


@dataclass(frozen=True, kw_only=True)
class ClassifyOptions(SoundOptions):
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

    text: Annotated[str | None, Described("Column of texts, one a row.", DATA)] = None
    values: Annotated[
        str | None,
        Described(
            "Columns of numbers, one a channel, separated by commas: with --id a step a row, else a list a row.", DATA
        ),
    ] = None
    audio: Annotated[
        str | None,
        Described(
            "Column of the paths of recordings, relative to the table; without a column, the data are a folder.",
            DATA, alone=ALONE,
        ),
    ] = None  # fmt: skip
    image: Annotated[
        str | None,
        Described(
            "Column of the paths of images (PNG, JPEG), relative to the table; without a column, the data are a "
            "folder, or arrays (.npz) that are images.",
            DATA, alone=ALONE,
        ),
    ] = None  # fmt: skip
    id: Annotated[
        str | None, Described("Column that says which sequence a row belongs to; its rows are in order.", DATA)
    ] = None
    label: Annotated[str | None, Described("Column of labels.", DATA)] = None
    labels_separator: Annotated[
        str | None,
        Described(
            "What stands between the labels of a row, such as ;, where it may have several, or none; lists of labels "
            "need it too.",
            DATA,
        ),
    ] = None
    group: Annotated[
        str | None,
        Described(
            "Column of what stays in one part, such as a speaker, a patient or an author; of a folder a regular "
            "expression that finds it in the names of the files.",
            DATA,
        ),
    ] = None
    part: Annotated[str | None, Described("Column that says of each row: train, validation or test.", DATA)] = None
    validation_fraction: Annotated[
        float,
        fraction("Share of each class in the training data that chooses the best weights, where none are given.", DATA),
    ] = 0.1
    test_fraction: Annotated[
        float,
        fraction("Share of each class in the training data that only the test sees, where none are given.", DATA),
    ] = 0.1
    missing: Annotated[
        Literal["refuse", "drop"],
        Described("What becomes of a table's rows without text, numbers or label: drop counts them.", DATA),
    ] = "refuse"
    longest: Annotated[
        int | None,
        Described(
            "Steps after which a sequence is cut off; by default none is.", DATA, minimum=1, maximum=1_000_000_000
        ),
    ] = shapes_network(None)
    scale: Annotated[
        Literal["standard", "robust", "min-max", "none"],
        Described("How the channels are brought to one scale, fitted on the training part.", DATA),
    ] = shapes_network("standard")

    noise: Annotated[
        float,
        Described(
            "Spread of the noise that is added to scaled channels in training, which has more examples so.",
            DATA,
            minimum=0,
            maximum=1e6,
        ),
    ] = 0.0

    scan: Annotated[
        Literal["rows", "pixels"], Described("What a step of an image is: a row of pixels, or a pixel.", _IMAGES)
    ] = shapes_network("rows")
    side: Annotated[
        int | None,
        Described(
            "Rows and columns of pixels to which pictures are brought; by default all have to have as many columns.",
            _IMAGES, minimum=1, maximum=4096,
        ),
    ] = shapes_network(None)  # fmt: skip
    colour: Annotated[
        Literal["grey", "colour", "alpha"] | None,
        Described(
            "Colours to which pictures are brought, alpha with transparency; by default all have to have those of the "
            "first.",
            _IMAGES,
        ),
    ] = shapes_network(None)

    level: Annotated[Literal["word", "char", "bpe"], Described("What a token is.", _TEXT)] = shapes_network("word")
    words: Annotated[
        Literal["punctuation", "space"],
        Described("Where words end; with punctuation each Han character is a word.", _TEXT),
    ] = shapes_network("punctuation")
    lowercase: Annotated[bool, Described("Whether texts are put into lower case.", _TEXT)] = shapes_network(True)
    normalise: Annotated[
        Literal["NFKC", "NFC", "none"],
        Described("Unicode normal form of texts; words alone, not characters or byte pairs.", _TEXT),
    ] = "NFKC"
    minimum_count: Annotated[
        int,
        Described(
            "Times that a token has to be in the training part to be known.", _TEXT, minimum=1, maximum=1_000_000_000
        ),
    ] = shapes_network(1)
    maximum_size: Annotated[
        int | None,
        Described("Most tokens in the vocabulary, the frequent ones.", _TEXT, minimum=2, maximum=100_000_000),
    ] = shapes_network(None)
    embedding_size: Annotated[int, size("Size of a token's vector; pretrained ones have their own.", _TEXT)] = (
        shapes_network(128)
    )
    vectors: Annotated[
        str | None, Described("File of pretrained word vectors in GloVe's or word2vec's text format.", _TEXT)
    ] = shapes_network(None)
    freeze_vectors: Annotated[bool, Described("Whether pretrained vectors stay as they are.", _TEXT)] = False
    word_dropout: Annotated[float, share("Share of the tokens that become unknown in training.", _TEXT)] = 0.3
    embedding_dropout: Annotated[float, share("Share of the vocabulary that is zero in each batch.", _TEXT)] = 0.0

    ngrams: Annotated[
        bool,
        Described(
            "Whether logistic regression on n-grams (TF-IDF times log-count ratios) is mixed with the "
            "network; its share is chosen on the validation part.",
            _TEXT,
        ),
    ] = True
    ngram_size: Annotated[
        int | None,
        Described(
            "Tokens of the longest n-gram; by default 3 where most tokens are single characters, else 2.",
            _TEXT,
            minimum=1,
            maximum=8,
        ),
    ] = shapes_network(None)

    self_attention: Annotated[
        bool, Described("Let each step look at all others, after the recurrent layers.", NETWORK)
    ] = shapes_network(False)
    heads: Annotated[int, size("self_attention: heads, a divisor of its features.", NETWORK)] = shapes_network(4)
    pooling: Annotated[
        Literal["last", "mean", "max", "attention"],
        Described("How the outputs of all steps become one vector.", NETWORK),
    ] = shapes_network("attention")
    input_dropout: Annotated[
        float | None,
        share("Share of the input's features dropped for a whole sequence; by default 0.3 for texts, else 0.", NETWORK),
    ] = None
    recurrent_dropout: Annotated[float, share("Share of the state dropped for a whole sequence.", NETWORK)] = 0.0
    memory: Annotated[
        int | None,
        Described(
            "Steps that gates remember to begin with, each unit its share of them (chrono initialisation).",
            NETWORK,
            minimum=3,
            maximum=1_000_000_000,
        ),
    ] = None
    forget_gate: Annotated[
        str | None, Described("memory: bias of the gate on the old state, b_f of LSTM, b_z of GRU.", NETWORK)
    ] = None
    input_gate: Annotated[str | None, Described("memory: bias of the gate on what is new, b_i of LSTM.", NETWORK)] = (
        None
    )
    convolutions: Annotated[
        int | None, Described("How many; by default 2 for recordings, else 0.", _FRONT, minimum=0, maximum=20)
    ] = shapes_network(None)
    convolve_bands: Annotated[
        bool | None,
        Described(
            "Whether they go over the bands as over time, with the same weights at each; by default for bands of "
            "recordings.",
            _FRONT,
        ),
    ] = shapes_network(None)
    convolution_features: Annotated[
        int | None,
        size("Features of each, at each band where they go over those; by default 16 there, else 32.", _FRONT),
    ] = shapes_network(None)
    convolution_size: Annotated[int, size("Steps that each sees.", _FRONT)] = shapes_network(5)
    convolution_stride: Annotated[int, size("Steps that each makes one of.", _FRONT)] = shapes_network(2)

    others: Annotated[
        str | None,
        Described(
            "Class of what is none of the other classes: in training 15 % of the sequences are cut, joined to a part "
            "of one of another class, and become it; by default _unknown_ of recordings, empty for none.",
            DATA,
        ),
    ] = None
    class_weights: Annotated[
        Literal["none", "balanced"], Described("Whether errors count by class as if all were equally frequent.", "Loss")
    ] = "none"
    label_smoothing: Annotated[float, share("Share of a label spread over all classes.", "Loss")] = 0.0
    choose_by: Annotated[
        Literal["loss", "accuracy", "macro_f1"],
        Described("Measure of the validation part that chooses the best weights.", "Loss"),
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
        check_heads(self)
        if len(self.sequences) > 1:
            both = " and ".join(f"{name} = {said!r}" for name, said in self.sequences.items())
            raise InputError(f"{both}: expected one of them")
        if self.labels_separator == "":
            raise InputError("labels_separator = '': expected what stands between labels, such as ;")
        if self.memory is not None and self.forget_gate is None and self.input_gate is None:
            raise InputError(f"memory = {self.memory}: expected forget_gate or input_gate too, whose biases it sets")
        if self.id is not None and self.values is None:
            raise InputError(f"id = {self.id!r}: expected values too, the columns of numbers")

    @property
    def sequences(self) -> dict[str, str]:
        """The options that say where the sequences are, of `SEQUENCES`, and what they say."""
        return {name: said for name in SEQUENCES if (said := getattr(self, name)) is not None}

    @property
    def has_images(self) -> bool:
        """Whether arrays are images."""
        return self.image is not None or self.colour is not None

    def image_format(self) -> ImageFormat:
        """Return how images are read."""
        return ImageFormat(colour=self.colour, side=self.side)

    @property
    def channels(self) -> tuple[str, ...]:
        """The columns of numbers."""
        return tuple(name.strip() for name in self.values.split(",")) if self.values else ()
