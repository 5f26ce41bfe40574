"""The options of a transcriber."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from recurra.tasks.options import DATA, NETWORK, check_shares, fraction, shapes_network, share, size
from recurra.tasks.sound_options import SoundOptions
from recurra.training.option_fields import Described
from recurra.training.options import Rate

__all__ = ["TranscribeOptions"]

_TEXT = "Text"
_FRONT = "Convolutions in front of the recurrent layers"
_SEARCH = "Search"


@dataclass(frozen=True, kw_only=True)
class TranscribeOptions(SoundOptions):
    """What to transcribe, by which network, and how to train it.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from recurra.tasks import TranscribeOptions
    >>> TranscribeOptions(audio="path", text="transcript", level="word").beam
    16
    """

    audio: Annotated[
        str,
        Described(
            "Column of the paths, relative to the table: sounds, pictures of lines, or arrays (.npy) of steps and "
            "channels.",
            DATA,
        ),
    ] = "path"
    text: Annotated[str, Described("Column of the texts.", DATA)] = "text"
    group: Annotated[
        str | None, Described("Column of what stays in one part, such as the speaker or the writer.", DATA)
    ] = None
    part: Annotated[str | None, Described("Column that says of each row: train, validation or test.", DATA)] = None
    validation_fraction: Annotated[
        float, fraction("Share of the training data that chooses the best weights, where none are given.", DATA)
    ] = 0.1
    test_fraction: Annotated[
        float, fraction("Share of the training data that only the test sees, where none are given.", DATA)
    ] = 0.1
    missing: Annotated[
        Literal["refuse", "drop"],
        Described(
            "What becomes of rows without a path or a text, and of recordings that are missing, broken, silent, too "
            "long, or too short for their text: drop counts them.",
            DATA,
        ),
    ] = "refuse"
    height: Annotated[
        int, Described("Rows of pixels to which pictures of lines are brought.", DATA, minimum=4, maximum=256)
    ] = shapes_network(32)

    level: Annotated[Literal["char", "word"], Described("What a label is.", _TEXT)] = shapes_network("char")
    lowercase: Annotated[bool, Described("Whether texts are put into lower case.", _TEXT)] = shapes_network(False)

    bidirectional: Annotated[
        bool, Described("Whether recordings are read backwards too; forwards alone they can be streamed.", NETWORK)
    ] = shapes_network(True)
    input_dropout: Annotated[float, share("Share of the input's features dropped for a whole recording.", NETWORK)] = (
        0.0
    )
    picture_convolutions: Annotated[
        int | None,
        Described(
            "Convolutions over the pixels of pictures of lines, each of which halves their height; by default 3.",
            _FRONT, minimum=0, maximum=8,
        ),
    ] = shapes_network(None)  # fmt: skip
    picture_features: Annotated[
        int, size("Features of a pixel after the first of them; after each further one twice as many.", _FRONT)
    ] = shapes_network(16)
    convolutions: Annotated[
        int | None,
        Described("Convolutions over time; by default 1, behind those over pixels 0.", _FRONT, minimum=0, maximum=20),
    ] = shapes_network(None)
    convolution_features: Annotated[int, size("Features of each.", _FRONT)] = shapes_network(128)
    convolution_size: Annotated[int, size("Steps that each sees.", _FRONT)] = shapes_network(11)
    convolution_stride: Annotated[int, size("Steps that each makes one of.", _FRONT)] = shapes_network(2)

    beam: Annotated[
        int, Described("Texts that the search keeps at each step; 1 takes the likeliest path.", _SEARCH, minimum=1,
                       maximum=1000)
    ] = 16  # fmt: skip
    ngram: Annotated[
        int,
        Described(
            "Labels of the longest n-gram of the training texts, which the search hears; 0 for none.", _SEARCH,
            minimum=0, maximum=10,
        ),
    ] = 5  # fmt: skip
    ngram_weight: Annotated[
        float | None,
        Described(
            "How much the n-grams count; by default what is best for the validation part.", _SEARCH, minimum=0,
            maximum=10,
        ),
    ] = None  # fmt: skip
    choose_by: Annotated[
        Literal["loss", "character_error", "word_error"],
        Described("Measure of the validation part that chooses the best weights.", "Loss"),
    ] = "character_error"

    cell: str = "LSTM"
    hidden_size: int = 128
    layers: int = 2
    dropout: float = 0.3
    epochs: int = 60
    patience: int = 30  # at first CTC gives blanks alone, for many validations
    batch_size: int = 16
    learning_rate: Rate = 2e-3
    weight_decay: float = 0.01
    average_decay: float = 0.99

    def __post_init__(self) -> None:
        super().__post_init__()
        check_shares(self, of="recordings are")
