"""The options of a translator, and how it is made to translate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.errors import InputError
from recurra.tasks.options import DATA, NETWORK, TableOptions, check_shares, fraction, shapes_network, share, size
from recurra.training.option_fields import Described, check_options
from recurra.training.options import Optimiser, Rate, Schedule

__all__ = ["DecodeOptions", "TranslateOptions"]

_UNITS = "Units"
_REGULARISATION = "Regularisation"
_DECODING = "Decoding"

MOST_PENALTY = 10
"""Most length penalty: with more, thousands of steps to its power are no float32, and all hypotheses alike."""


@dataclass(frozen=True, kw_only=True)
class TranslateOptions(TableOptions):
    """Which texts become which, in which units, by which network, how it is trained, and how it decodes.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds, or two do not go together.

    Examples
    --------
    >>> from recurra.tasks import TranslateOptions
    >>> TranslateOptions(source="de", target="en", lowercase=True).attention
    'general'
    """

    source: Annotated[
        str | None,
        Described(
            "Column of the texts that are translated, by default the first; or, where DATA is the beginning of two "
            "files' names, the ending of the one that has them, as de.",
            DATA,
        ),
    ] = None
    target: Annotated[
        str | None, Described("Column of their translations, by default the second; or an ending, as --source.", DATA)
    ] = None
    source_file: Annotated[
        str | None, Described("In place of DATA: file with a text a line; needs --target-file.", DATA)
    ] = None
    target_file: Annotated[
        str | None, Described("In place of DATA: file with the translations, a line each.", DATA)
    ] = None
    drop_empty: Annotated[
        bool, Described("Leave out pairs of which a side is empty, rather than refuse them.", DATA)
    ] = False
    longest: Annotated[
        int,
        Described("Pairs with more units on a side do not train.", DATA, minimum=1, maximum=1_000_000),
    ] = 200
    validation_fraction: Annotated[
        float, fraction("Share of the pairs that choose the best weights, unless --validation gives some.", DATA)
    ] = 0.05
    test_fraction: Annotated[
        float, fraction("Share of the pairs that only the test sees, unless --test gives some.", DATA)
    ] = 0.05

    units: Annotated[
        Literal["auto", "bpe", "unigram", "word", "char"],
        Described(
            "What the network reads and writes: parts of words (bpe, unigram), words, characters. auto looks at the "
            "texts: characters where they have no spaces, words where there are few different ones, else bpe.",
            _UNITS,
        ),
    ] = shapes_network("auto")
    source_units: Annotated[
        Literal["auto", "bpe", "unigram", "word", "char"] | None, Described("Units of the source alone.", _UNITS)
    ] = shapes_network(None)
    target_units: Annotated[
        Literal["auto", "bpe", "unigram", "word", "char"] | None, Described("Units of the target alone.", _UNITS)
    ] = shapes_network(None)
    vocabulary_size: Annotated[
        int | None,
        Described(
            "Most units; by default for parts of words about twice the root of the characters, else all.",
            _UNITS,
            minimum=300,
            maximum=1_000_000,
        ),
    ] = shapes_network(None)
    minimum_count: Annotated[
        int | None,
        Described(
            "Units that are rarer in training are unknown ones; by default 2 for words, else 1.",
            _UNITS,
            minimum=1,
            maximum=1_000_000_000,
        ),
    ] = shapes_network(None)
    joint: Annotated[
        bool | None,
        Described(
            "One vocabulary for both sides; by default where their units are of one kind and most characters of the "
            "target are in the source too.",
            _UNITS,
        ),
    ] = shapes_network(None)
    lowercase: Annotated[bool, Described("Put both sides into lower case.", _UNITS)] = shapes_network(False)

    decoder_cell: Annotated[str | None, Described("Cell of the decoder, as --cell; by default the same.", NETWORK)] = (
        shapes_network(None)
    )
    embedding_size: Annotated[int, size("Width of a unit's vector.", NETWORK)] = shapes_network(256)
    decoder_size: Annotated[
        int | None, size("Size of the decoder's state; by default a quarter more than --hidden-size.", NETWORK)
    ] = shapes_network(None)
    decoder_layers: Annotated[int, Described("Recurrent layers of the decoder.", NETWORK, minimum=1, maximum=100)] = (
        shapes_network(2)
    )
    attention: Annotated[
        Literal["additive", "dot", "general", "multihead"],
        Described("How the decoder's state is compared with the encoder's outputs.", NETWORK),
    ] = shapes_network("general")
    heads: Annotated[int, Described("Heads of multihead and of self-attention.", NETWORK, minimum=1, maximum=1024)] = (
        shapes_network(4)
    )
    feeding: Annotated[
        Literal["above", "output", "context", "none"],
        Described(
            "Where the attention goes in the decoder: into the layers above the first; by its output into the next "
            "step (input feeding); before the step (Bahdanau); nowhere.",
            NETWORK,
        ),
    ] = shapes_network("above")
    self_attention: Annotated[bool, Described("Let each output of the encoder look at all others.", NETWORK)] = (
        shapes_network(False)
    )
    tied: Annotated[
        bool, Described("One matrix for the vectors of target units and for the scores of the next.", NETWORK)
    ] = shapes_network(True)

    embedding_dropout: Annotated[float, share("Share of each vector set to zero.", _REGULARISATION)] = 0.3
    unit_dropout: Annotated[float, share("Share of the units whose vectors are zero in a batch.", _REGULARISATION)] = (
        0.0
    )
    weight_drop: Annotated[float, share("Share of the weights on states set to zero in a batch.", _REGULARISATION)] = (
        0.0
    )
    locked_dropout: Annotated[
        bool, Described("One mask for all steps of a text, rather than one a step.", _REGULARISATION)
    ] = False
    label_smoothing: Annotated[float, share("Share of each target that all units get alike.", _REGULARISATION)] = 0.1
    scheduled_sampling: Annotated[
        float,
        share("Share of the units that the decoder reads of its own, by the last epoch; it rises from 0.", "Training"),
    ] = 0.0
    batch_size: Annotated[
        int,
        Described(
            "Most pairs of a batch; 0 takes so many that an epoch has some 250 steps, from 8 to 64.",
            "Training",
            minimum=0,
            maximum=1_000_000,
        ),
    ] = 0
    batch_tokens: Annotated[
        int,
        Described("Most units of a batch, both sides together.", "Training", minimum=1, maximum=100_000_000),
    ] = 4096
    choose_by: Annotated[
        Literal["loss", "bleu", "exact", "error"],
        Described(
            "What chooses the best weights: the loss, or of greedy translations BLEU (needs recurra[translate]), the "
            "share that is exact, or the error rate of words.",
            "Training",
        ),
    ] = "loss"

    beam: Annotated[
        int, Described("Hypotheses that go on together; 1 is greedy.", _DECODING, minimum=1, maximum=1000)
    ] = 5
    length_penalty: Annotated[
        float,
        Described(
            "The best log p / length ** this is taken; more of it takes longer ones.",
            _DECODING,
            minimum=0,
            maximum=MOST_PENALTY,
        ),
    ] = 1.0
    coverage: Annotated[
        float, Described("Weight of what was not looked at (Wu et al. 2016).", _DECODING, minimum=0, maximum=100)
    ] = 0.0

    cell: str = "LSTM"
    hidden_size: int = 256
    dropout: float = 0.3
    epochs: int = 40
    optimiser: Optimiser = "adam"
    weight_decay: float = 0.0
    learning_rate: Rate = 2e-3
    schedule: Schedule = "one_cycle"
    average_decay: float = 0.99
    clip: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_shares(self, of="pairs are")
        if (self.source_file is None) != (self.target_file is None):
            given = "source_file" if self.target_file is None else "target_file"
            raise InputError(f"got {given} alone; expected both source_file and target_file, or neither")
        if self.feeding == "above" and self.decoder_layers < 2:
            raise InputError(
                f"decoder_layers = {self.decoder_layers}: feeding = 'above' needs a layer above the first; expected 2 "
                "or more, or another feeding"
            )
        if self.joint:
            kinds = [each or self.units for each in (self.source_units, self.target_units)]
            if kinds[0] != kinds[1]:
                raise InputError(f"joint = True: the units are {kinds[0]} and {kinds[1]}; expected the same for both")
        self._check_widths()

    @property
    def decoder_width(self) -> int:
        """The size of the decoder's state, where nothing is said one that the attention can take."""
        if self.decoder_size is not None:
            return self.decoder_size
        if self.attention == "dot":
            return 2 * self.hidden_size
        return -(-5 * self.hidden_size // (4 * self.heads)) * self.heads

    def _check_widths(self) -> None:
        """Refuse heads that do not divide what they look at, and a decoder that dot attention cannot compare."""
        both, width = 2 * self.hidden_size, self.decoder_width
        if self.attention == "dot" and width != both:
            raise InputError(f"decoder_size = {width}: attention = 'dot' needs {both}, twice hidden_size")
        for name, used, of in (
            ("self_attention", self.self_attention, both), ("attention", self.attention == "multihead", width)
        ):  # fmt: skip
            if used and of % self.heads:
                raise InputError(f"heads = {self.heads}: {name} has {of} features; expected a divisor of them")


@dataclass(frozen=True, kw_only=True)
class DecodeOptions:
    """How translations are searched or drawn; what is None is as the model's options say.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from recurra.tasks import DecodeOptions
    >>> DecodeOptions(beam=8, best=3).temperature
    0.0
    """

    beam: Annotated[
        int | None,
        Described(
            "Translations that go on together; 1 is greedy. As trained by default.", _DECODING, minimum=1, maximum=1000
        ),
    ] = None
    length_penalty: Annotated[
        float | None,
        Described(
            "The best log p / length ** this is taken. As trained by default.",
            _DECODING,
            minimum=0,
            maximum=MOST_PENALTY,
        ),
    ] = None
    coverage: Annotated[
        float | None,
        Described("Weight of what was not looked at. As trained by default.", _DECODING, minimum=0, maximum=100),
    ] = None
    best: Annotated[
        int, Described("Translations of each text that are told, the best first.", _DECODING, minimum=1, maximum=1000)
    ] = 1
    temperature: Annotated[
        float,
        Described(
            "Above 0: draw translations by p ** (1 / this) rather than search.", _DECODING, minimum=0, maximum=1e6
        ),
    ] = 0.0
    top_k: Annotated[
        int | None,
        Described("Draw from so many of the likeliest units alone.", _DECODING, minimum=1, maximum=1_000_000),
    ] = None
    seed: Annotated[int, Described("Seed of the draws.", _DECODING, minimum=0, maximum=2**63 - 1)] = 0
    seconds: Annotated[
        float | None,
        Described("After so long a batch's best translations so far are taken.", _DECODING, above=0, maximum=1e9),
    ] = None

    def __post_init__(self) -> None:
        check_options(self)
        if self.top_k is not None and not self.temperature:
            raise InputError(f"top_k = {self.top_k}: it is for drawing; expected a temperature above 0 beside it")
