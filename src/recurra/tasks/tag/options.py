"""The options of a tagger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.tasks.options import DATA, NETWORK, TaskOptions, check_heads, check_shares, fraction, shapes_network, size
from recurra.training.option_fields import Described
from recurra.training.options import Optimiser, Rate, Schedule

__all__ = ["TagOptions"]

_WORDS = "Words"


@dataclass(frozen=True, kw_only=True)
class TagOptions(TaskOptions):
    """Which tags to learn, from which features of the words, with which network, and how to train it.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from recurra.tasks import TagOptions
    >>> TagOptions(column="UPOS", characters="convolution").head
    'crf'
    """

    column: Annotated[
        str | None,
        Described(
            "Column of the tags: its number, from 1, or from -1 if counted from the last; in CoNLL-U its name. "
            "By default the last one, in CoNLL-U UPOS.",
            DATA,
        ),
    ] = None
    word_column: Annotated[
        str | None, Described("Column of the words, as --column; by default the first, in CoNLL-U FORM.", DATA)
    ] = None
    sentence_column: Annotated[
        str | None,
        Described(
            "Tables and frames, a token a row: column that says of which sentence it is; by default sentence. The "
            "columns of words and tags are then named: by default word and tag.",
            DATA,
        ),
    ] = None
    scheme: Annotated[
        Literal["auto", "strict", "none", "IOB1", "BIO", "BIOES", "BMES", "BILOU"],
        Described(
            "How tags mark entities; none: they mark none. auto: found from the tags, and those that do not "
            "follow it are read as conlleval reads them; strict: they are refused.",
            DATA,
        ),
    ] = shapes_network("auto")
    encoding: Annotated[str, Described("Of the files, such as latin-1.", DATA)] = "utf-8"
    validation_fraction: Annotated[
        float, fraction("Share of the sentences that choose the best weights, unless --validation gives a file.", DATA)
    ] = 0.1
    test_fraction: Annotated[
        float, fraction("Share of the sentences that only the test sees, unless --test gives a file.", DATA)
    ] = 0.1

    word_size: Annotated[int, size("Width of a word's vector; pretrained vectors have their own.", _WORDS)] = (
        shapes_network(100)
    )
    lowercase: Annotated[bool, Described("Whether words that differ in case alone share a vector.", _WORDS)] = (
        shapes_network(True)
    )
    minimum_count: Annotated[
        int,
        Described(
            "Words that are seen less often in training have no vector of their own.",
            _WORDS,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = shapes_network(1)
    unknown_rate: Annotated[
        float,
        Described(
            "a: in training a word that is seen n times is taken for an unknown one with probability a / (a + n).",
            _WORDS,
            minimum=0,
            maximum=1e6,
        ),
    ] = shapes_network(0.25)
    vectors: Annotated[
        str | None, Described("File of pretrained word vectors, in GloVe's or word2vec's text format.", _WORDS)
    ] = shapes_network(None)
    vector_words: Annotated[
        int,
        Described(
            "How many of that file's words, the first ones, are known beside those of the training part.",
            _WORDS,
            minimum=0,
            maximum=100_000_000,
        ),
    ] = shapes_network(50_000)
    tune_vectors: Annotated[bool, Described("Whether training changes pretrained vectors.", _WORDS)] = shapes_network(
        True
    )
    characters: Annotated[
        Literal["recurrent", "convolution", "none"],
        Described("What reads the characters of a word: a recurrent net in both directions, a convolution.", _WORDS),
    ] = shapes_network("recurrent")
    character_size: Annotated[int, size("Width of a character's vector.", _WORDS)] = shapes_network(32)
    character_features: Annotated[
        int,
        Described(
            "Features that the characters of a word give, both directions together; even.",
            _WORDS,
            minimum=2,
            maximum=65_536,
        ),
    ] = shapes_network(64)

    bidirectional: Annotated[bool, Described("Whether a second net reads each sentence backwards.", NETWORK)] = (
        shapes_network(True)
    )
    self_attention: Annotated[
        bool, Described("Let each step look at all others, after the recurrent layers.", NETWORK)
    ] = shapes_network(False)
    heads: Annotated[int, size("self_attention: heads, a divisor of its features.", NETWORK)] = shapes_network(4)
    dropout_of: Annotated[
        Literal["sequence", "token"],
        Described(
            "sequence: the same features at all tokens of a sentence (locked dropout); token: at each its own.", NETWORK
        ),
    ] = shapes_network("sequence")
    head: Annotated[
        Literal["crf", "softmax"],
        Described("crf: the tags of a sentence together, by a linear chain; softmax: each for itself.", NETWORK),
    ] = shapes_network("crf")

    cell: str = "LSTM"
    hidden_size: int = 128
    dropout: float = shapes_network(0.4)
    epochs: int = 40
    patience: int = 6
    optimiser: Optimiser = "adam"
    weight_decay: float = 0.0
    learning_rate: Rate = 5e-3
    schedule: Schedule = "plateau"
    cut_after: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        check_shares(self, of="sentences are")
        check_heads(self)
        if self.character_features % 2:
            raise InputError(
                f"character_features = {self.character_features}: expected an even number, for two directions"
            )
