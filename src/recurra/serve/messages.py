"""What clients say to each kind of model: the messages of a stream and the bodies of `/predict`, and their checks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = [
    "ClassifyBody", "ForecastBody", "ForecastMessage", "LanguageBody", "LanguageMessage", "LayerBody", "LayerMessage",
    "Message", "NumbersBody", "NumbersMessage", "Refusal", "TagBody", "TagMessage", "TextMessage", "TranslateBody",
    "Writing", "parsed",
]  # fmt: skip

Row = list[float]
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A whole number that a table holds; a larger one is read as a float."""
Value = float | Whole | str | None


class Refusal(Exception):  # noqa: N818 -- an answer, and no fault of the server
    """A request that is not done: an HTTP status, a word that says why for programs, and a sentence for people."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.code, self.reason = status, code, reason


class Message(BaseModel):
    """What every message of a stream may have."""

    model_config = ConfigDict(strict=True, extra="forbid")
    reset: Annotated[bool, Field(description="Begin anew before the message.")] = False
    at: Annotated[
        int | None,
        Field(
            ge=0,
            description="How many messages the session has seen; refused otherwise, so a retry never counts twice.",
        ),
    ] = None


class LayerMessage(Message):
    """Steps of a layer: (features) of one, or (steps, features)."""

    x: Annotated[list[Row] | Row, Field(description="A step, or a list of steps.")]
    inputs: Annotated[
        dict[str, list[Row]],
        Field(default_factory=dict, description="Further inputs of the cell by name, (steps, size) each."),
    ]


class NumbersMessage(Message):
    """Steps of a sequence of numbers: (channels) of one, or (steps, channels)."""

    x: Annotated[list[Row] | Row, Field(description="A step, or a list of steps, in the units of the training data.")]


class TextMessage(Message):
    """More of a text."""

    text: str


class TagMessage(Message):
    """More tokens of a sentence."""

    tokens: Annotated[list[str] | None, Field(description="The tokens that follow.")] = None
    text: Annotated[str | None, Field(description="In place of tokens: a text, cut at spaces.")] = None
    end: Annotated[bool, Field(description="Whether the sentence ends here: the next token begins another.")] = False


class Writing(BaseModel):
    """How a text is to go on."""

    model_config = ConfigDict(strict=True, extra="forbid")
    length: Annotated[int, Field(ge=1, description="Most tokens to write.")] = 100
    temperature: Annotated[float, Field(ge=0)] = 1.0
    top_k: Annotated[int | None, Field(ge=1)] = None
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0


class LanguageMessage(Message):
    """Text that the model reads, and whether it then writes."""

    text: str = ""
    generate: Writing | None = None


class ForecastMessage(Message):
    """Rows that have come, as in the table that the model was fitted on."""

    rows: Annotated[list[dict[str, Value]], Field(min_length=1)]


class LayerBody(BaseModel):
    """Whole sequences of a layer: (steps, features) each."""

    model_config = ConfigDict(strict=True, extra="forbid")
    x: Annotated[list[list[Row]], Field(min_length=1)]


class ClassifyBody(BaseModel):
    """Texts to classify."""

    model_config = ConfigDict(strict=True, extra="forbid")
    texts: Annotated[list[str], Field(min_length=1)]


class NumbersBody(BaseModel):
    """Sequences of numbers to classify: (steps, channels) each."""

    model_config = ConfigDict(strict=True, extra="forbid")
    x: Annotated[list[list[Row]], Field(min_length=1)]


class TagBody(BaseModel):
    """Sentences to tag, as lists of tokens."""

    model_config = ConfigDict(strict=True, extra="forbid")
    sentences: Annotated[list[Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]


class TranslateBody(BaseModel):
    """Texts to translate, and how they are searched."""

    model_config = ConfigDict(strict=True, extra="forbid")
    texts: Annotated[list[str], Field(min_length=1)]
    beam: Annotated[int | None, Field(ge=1, le=1000)] = None
    best: Annotated[int, Field(ge=1, le=1000, description="Translations of each text.")] = 1


class LanguageBody(Writing):
    """A text to go on from."""

    prompt: str = ""
    stop: Annotated[str | None, Field(min_length=1, description="Stop before this text.")] = None


class ForecastBody(BaseModel):
    """Newer rows to go on from, or none: then after the series that the model was fitted on."""

    model_config = ConfigDict(strict=True, extra="forbid")
    rows: list[dict[str, Value]] | None = None
    horizon: Annotated[int | None, Field(ge=1)] = None


_SHOWN = 3
Kind = Literal["body", "message"]


def parsed(kind: type[BaseModel], content: bytes | str, /) -> Any:
    """Return a message of a kind.

    Raises
    ------
    Refusal
        400 if it is no JSON, 422 if it says something else than the kind does.
    """
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise Refusal(400, "not_json", found[0]["msg"])
    said = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in found[:_SHOWN])
    raise Refusal(422, "invalid", said)
