"""Models as a server runs them: what a session of each kind keeps, how a message becomes steps, and what is answered.

Where a model reads its input once, in one direction, a session is a row of the state matrix of one `recurra.nn.Stream`.
Where it does not (both directions, attention over all steps, a forecast of a window), a session keeps what was read,
and each message reads it again.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, final

import numpy as np
import polars
import torch
from pydantic import BaseModel
from torch import Tensor, nn

from recurra import cell, maximum
from recurra.errors import DataError, InputError
from recurra.nn import Recurrent, Sequential, Stream
from recurra.serve.frames import FrameLayout
from recurra.serve.messages import (
    ClassifyBody,
    ForecastBody,
    ForecastMessage,
    LanguageBody,
    LanguageMessage,
    LayerBody,
    LayerMessage,
    NumbersBody,
    NumbersMessage,
    Refusal,
    TagBody,
    TagMessage,
    TextMessage,
    TranslateBody,
)
from recurra.tasks.language.generation import (
    Detokeniser,
    never_written,
    next_token,
    prompt_tokens,
    score_function,
)
from recurra.tasks.language.options import GenerateOptions
from recurra.tasks.registry import load_model
from recurra.tasks.translate.options import DecodeOptions

__all__ = ["ServedModel", "Turn", "served"]

Notes = Mapping[str, Any]


class Turn(ABC):
    """What a message asks of a session: inputs of steps, one after the other, and an answer at the end.

    Attributes
    ----------
    notes
        What the session keeps beside its row, afterwards.
    pieces
        What may be told before the end; whoever tells it empties it.
    steps
        How many steps it takes at most; or how many the session has kept.
    work
        What is done before there is an answer, which takes long and touches no state; None where there is nothing.
    """

    notes: Notes
    pieces: list[dict[str, Any]]
    steps: int
    work: Callable[[], None] | None = None

    @abstractmethod
    def inputs(self) -> tuple[np.ndarray, ...] | None:
        """Return what the next step reads: x (features,), then the further inputs; None at the end."""

    @abstractmethod
    def take(self, output: np.ndarray, /) -> None:
        """Take the output (features,) of the step."""

    @abstractmethod
    def answer(self) -> dict[str, Any]:
        """Return the answer, at the end."""


class ServedModel(ABC):
    """A model that a server runs.

    Attributes
    ----------
    name, task
        Its name in addresses; "layer", or the task.
    answer_name
        What the rows of an answer to a table are called.
    message_kind, body_kind
        What a message of its streams is, and a body of `/predict`.
    network
        What it runs.
    stream
        The stream whose rows are its sessions; None where a session keeps what was read.
    digest, shape
        (32 bytes) of its numbers, and of what a state looks like.
    """

    task: ClassVar[str]
    answer_name: ClassVar[str] = "predictions"
    message_kind: type[BaseModel]
    body_kind: type[BaseModel]

    def __init__(self, name: str, network: nn.Module, streamed: nn.Module | None, *, folder: Path | None) -> None:
        self.name, self.network, self.folder = name, network, folder
        self.stream = None if streamed is None else Stream(streamed, batch=1)
        self._streamed = streamed
        self.digest = _digest(self.task, repr(network), network.state_dict())
        looks = "" if self.stream is None else repr([(each.shape[1], str(each.dtype)) for each in self.stream.matrices])
        self.shape = _digest(self.task, self.message_kind.__name__, looks, {})

    @abstractmethod
    def turn(self, message: Any, notes: Notes, /) -> Turn:
        """Return what a message asks of a session with these notes, which stay as they are.

        Raises
        ------
        InputError, DataError, Refusal
            If it does not fit the model.
        """

    @abstractmethod
    def predict(self, body: Any, /) -> dict[str, Any]:
        """Return what the model says of whole sequences."""

    def predict_frame(self, frame: polars.DataFrame, /) -> polars.DataFrame:
        """Return what the model says of a table, as `recurra predict` would."""
        raise Refusal(415, "no_tables", f"{self.name} is a {self.task} model, which reads JSON alone")

    def finished(self, outputs: np.ndarray, /) -> np.ndarray:
        """Return what is made of the outputs (count, features) of a step of many sessions."""
        return outputs

    def frame_layout(self) -> FrameLayout:
        """Return what a row of a frame is.

        Raises
        ------
        Refusal
            If a step is not numbers alone, or there is no state to step.
        """
        raise Refusal(415, "no_frames", f"{self.name}: only models that step by numbers take frames; use /stream")

    def frame_arrays(self, x: np.ndarray, /) -> list[np.ndarray]:
        """Return what steps (count, inputs) of frames are to the stream: x, then the further inputs."""
        raise AssertionError("it takes no frames")

    def _frames_described(self) -> dict[str, Any] | None:
        try:
            return self.frame_layout().described()
        except Refusal:
            return None

    def described(self) -> dict[str, Any]:
        """Return what `/v1/models` says of it."""
        return {
            "name": self.name,
            "task": self.task,
            "digest": self.digest.hex(),
            "sessions": "state" if self.stream is not None else "reads again",
            "frames": self._frames_described(),
            "message": self.message_kind.model_json_schema(),
            "body": self.body_kind.model_json_schema(),
        }


def _digest(*parts: str | Mapping[str, Tensor]) -> bytes:
    found = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            found.update(part.encode() + b"\0")
            continue
        for name, value in sorted(part.items()):
            plain = value.detach().cpu().contiguous()
            found.update(f"{name} {tuple(plain.shape)} {plain.dtype}".encode())
            found.update(plain.reshape(-1).view(torch.uint8).numpy().tobytes())
    return found.digest()


class _Steps(Turn):
    """Steps whose inputs are known: rows of arrays (steps, size); each output is told as a model says."""

    def __init__(self, arrays: Sequence[np.ndarray], tell: Any, *, one: bool = False) -> None:
        self.notes, self.pieces, self.steps = {}, [], len(arrays[0])
        self._rows = zip(*arrays, strict=True)
        self._tell, self._one, self._told = tell, one, list[Any]()

    def inputs(self) -> tuple[np.ndarray, ...] | None:
        return next(self._rows, None)

    def take(self, output: np.ndarray) -> None:
        self._told.append(self._tell(len(self._told), output))
        if not self._one:
            self.pieces.append({"step": len(self._told) - 1, **self._told[-1]})

    def answer(self) -> dict[str, Any]:
        return self._told[0] if self._one else {"steps": self._told}


class _Again(Turn):
    """A message for which all that the session has kept is read again."""

    def __init__(self, read: Callable[[], dict[str, Any]], notes: Notes, *, kept: int) -> None:
        self.notes, self.pieces, self.steps = notes, [], kept
        self._read, self._answer = read, dict[str, Any]()
        self.work = self._do

    def _do(self) -> None:
        self._answer = self._read()

    def inputs(self) -> None:
        return None

    def take(self, output: np.ndarray) -> None:
        raise AssertionError("a session without a row has no steps")

    def answer(self) -> dict[str, Any]:
        return self._answer


def _matrix(rows: Any, *, name: str, width: int, dtype: np.dtype[Any] | type = np.float32) -> np.ndarray:
    """Return rows of numbers as an array (count, width); `InputError` where one is of another width or not finite."""
    for number, row in enumerate(rows):
        if len(row) != width:
            raise InputError(f"{name}: step {number + 1} has {len(row)} numbers, expected {width}")
    with np.errstate(over="ignore"):
        found = np.array(rows, dtype=dtype).reshape(len(rows), width)
    if not np.isfinite(found).all():
        step, feature = np.argwhere(~np.isfinite(found))[0].tolist()
        raise InputError(f"{name}: step {step + 1}, number {feature + 1} is not finite, or too large for the model")
    return found


def _output_size(stream: Stream) -> int:
    """Return the number of features of a stream's output."""
    nothing = np.zeros((0, stream.widths[0]), dtype=stream.matrices[0].dtype)
    further = {name: np.zeros((0, size), dtype=nothing.dtype) for name, size in stream.further.items()}
    return stream.step_many(nothing, [], **further).shape[1]


def _steps_of(x: Any) -> tuple[list[list[float]], bool]:
    """Return steps, and whether one was given by itself."""
    one = not x or not isinstance(x[0], list)
    return ([x] if one else x), one


@final
class ServedLayer(ServedModel):
    """A layer, or a `recurra.nn.Sequential`: numbers in, numbers out."""

    task = "layer"
    message_kind, body_kind = LayerMessage, LayerBody

    def __init__(self, name: str, module: nn.Module, /) -> None:
        super().__init__(name, module, module, folder=None)
        assert self.stream is not None
        self._dtype = self.stream.matrices[0].dtype

    def turn(self, message: LayerMessage, notes: Notes, /) -> Turn:
        """See `ServedModel`."""
        assert self.stream is not None
        (width, *_), further = self.stream.widths, self.stream.further
        rows, one = _steps_of(message.x)
        if message.inputs.keys() != further.keys():
            raise InputError(f"inputs: got {sorted(message.inputs)}; the layer takes {sorted(further)} beside x")
        arrays = [_matrix(rows, name="x", width=width, dtype=self._dtype)]
        for key, size in further.items():
            arrays.append(_matrix(message.inputs[key], name=key, width=size, dtype=self._dtype))
            if len(arrays[-1]) != len(rows):
                raise InputError(f"{key}: got {len(arrays[-1])} steps, x has {len(rows)}")
        return _Steps(arrays, lambda _, output: {"y": output.tolist()}, one=one)

    def frame_layout(self) -> FrameLayout:
        """See `ServedModel`."""
        assert self.stream is not None
        return FrameLayout(sum(self.stream.widths), _output_size(self.stream))

    def frame_arrays(self, x: np.ndarray, /) -> list[np.ndarray]:
        """See `ServedModel`."""
        assert self.stream is not None
        ends = np.cumsum(self.stream.widths)[:-1]
        return [np.ascontiguousarray(each, dtype=self._dtype) for each in np.split(x, ends, axis=1)]

    def predict(self, body: LayerBody, /) -> dict[str, Any]:
        """See `ServedModel`."""
        assert self.stream is not None
        assert self._streamed is not None
        if self.stream.further:
            raise InputError(f"{self.name} reads {sorted(self.stream.further)} beside x; a stream takes them")
        (width, *_), stream = self.stream.widths, Stream(self._streamed)
        found = []
        for number, rows in enumerate(body.x):
            stream.reset()
            found.append(stream.run(_matrix(rows, name=f"x[{number}]", width=width, dtype=self._dtype)).tolist())
        return {"y": found}


@cell(sizes={"average": "input_size", "count": 1})
def RunningMean(p, x, average, count):
    """Return the mean of all steps so far."""
    count = count + 1
    average = average + (x - average) / count
    return average, count


@cell(sizes={"largest": "input_size"}, initial={"largest": -3e38})
def RunningMax(p, x, largest):
    """Return the largest of all steps so far."""
    return maximum(largest, x)


@final
class ServedClassifier(ServedModel):
    """A classifier: the class of what was read so far, after each token or step."""

    task = "classify"

    def __init__(self, name: str, fitted: Any, /, *, folder: Path | None = None) -> None:
        self.fitted, model = fitted, fitted.model_
        self._is_text = hasattr(model.encoder, "tokenizer")
        self._target = model.target
        self.message_kind = TextMessage if self._is_text else NumbersMessage
        self.body_kind = ClassifyBody if self._is_text else NumbersBody
        super().__init__(name, model.network, _running_classifier(model), folder=folder)
        self._vectors = model.network.reader.embedding.embedding.weight.detach().numpy() if self._is_text else None

    def turn(self, message: Any, notes: Notes, /) -> Turn:
        """See `ServedModel`."""
        if self.stream is None:
            return self._again(message, notes)
        model = self.fitted.model_
        if not self._is_text:
            rows, one = _steps_of(message.x)
            x = _matrix(rows, name="x", width=model.encoder.inputs, dtype=np.float64)
            return _Steps([model.encoder.channels.apply(x).astype(np.float32)], self._told, one=one)
        tokens = model.encoder.tokenizer.split(message.text)
        assert self._vectors is not None
        vectors = self._vectors[model.encoder.tokenizer.encode(message.text)]
        return _Steps([vectors], lambda number, output: {"token": tokens[number], **self._told(number, output)})

    def frame_layout(self) -> FrameLayout:
        """See `ServedModel`."""
        if self.stream is None or self._is_text:
            return super().frame_layout()
        return FrameLayout(self._channels, len(self.fitted.classes_))

    def frame_arrays(self, x: np.ndarray, /) -> list[np.ndarray]:
        """See `ServedModel`."""
        return [self.fitted.model_.encoder.channels.apply(x.astype(np.float64)).astype(np.float32)]

    def finished(self, outputs: np.ndarray, /) -> np.ndarray:
        """Return the probabilities (count, classes) of scores."""
        return self._target.probabilities(outputs)

    def _told(self, _: int, output: np.ndarray) -> dict[str, Any]:
        columns = self._target.columns(output[np.newaxis])
        return self._answer({name: each[0] for name, each in columns.items()})

    def _answer(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return what a row of predictions says, with the labels where there may be several."""
        shares = dict(zip(self.fitted.classes_, row["probabilities"] or (), strict=False))
        told = {"class": row["prediction"], "probability": float(row["probability"]), "probabilities": shares}
        return told | ({"labels": row["labels"]} if "labels" in row else {})

    def _again(self, message: Any, notes: Notes) -> Turn:
        if self._is_text:
            text = notes.get("text", "") + message.text
            kept, count = {"text": text}, len(self.fitted.model_.encoder.tokenizer.split(text))
            given: list[Any] = [text]
        else:
            rows, _ = _steps_of(message.x)
            x = [*notes.get("x", ()), *_matrix(rows, name="x", width=self._channels, dtype=np.float64).tolist()]
            given, kept, count = [np.array(x)], {"x": x}, len(x)

        def read() -> dict[str, Any]:
            if not count:  # nothing was said yet, or anew
                return {"class": None, "probability": None, "probabilities": {}}
            return self._answer(self.fitted.predict(given).row(0, named=True))

        return _Again(read, kept, kept=count)

    @property
    def _channels(self) -> int:
        return self.fitted.model_.encoder.raw_inputs

    def predict(self, body: Any, /) -> dict[str, Any]:
        """See `ServedModel`."""
        if self._is_text:
            return {"predictions": self.fitted.predict(body.texts).to_dicts()}
        width = self._channels
        x = [_matrix(rows, name=f"x[{k}]", width=width, dtype=np.float64) for k, rows in enumerate(body.x)]
        return {"predictions": self.fitted.predict(x).to_dicts()}

    def predict_frame(self, frame: polars.DataFrame, /) -> polars.DataFrame:
        """See `ServedModel`."""
        return self.fitted.predict(frame)


def _running_classifier(model: Any) -> Sequential | None:
    """Return what gives a classifier's scores after each step; None where it has to see all steps at once."""
    network, options = model.network, model.options
    pooling = {"last": (), "mean": (RunningMean,), "max": (RunningMax,)}.get(options.pooling)
    is_mixed = model.ngrams is not None and model.ngrams.share > 0  # with n-grams of all tokens
    sees_all = options.bidirectional or network.front is not None or network.self_attention is not None
    if sees_all or pooling is None or is_mixed or not model.encoder.reads_steps:
        return None
    width = network.recurrent.output_features
    return Sequential(network.recurrent, *(Recurrent(each, width, width) for each in pooling), network.head)


@final
class ServedTagger(ServedModel):
    """A tagger: the tags of the sentence so far, as tokens arrive; a later token may change those of earlier ones."""

    task = "tag"
    message_kind, body_kind = TagMessage, TagBody

    def __init__(self, name: str, fitted: Any, /, *, folder: Path | None = None) -> None:
        self.fitted = fitted
        super().__init__(name, fitted.network_, None, folder=folder)

    def turn(self, message: TagMessage, notes: Notes, /) -> Turn:
        """See `ServedModel`."""
        new = [*(message.tokens or ()), *(message.text or "").split()]
        tokens = [*notes.get("tokens", ()), *new]
        if not all(tokens):
            raise InputError("tokens: got an empty one")

        def read() -> dict[str, Any]:
            tags = self.fitted.predict([tokens])[0] if tokens else []
            return {"tokens": tokens, "tags": tags, "end": message.end}

        return _Again(read, {} if message.end else {"tokens": tokens}, kept=len(tokens))

    def predict(self, body: TagBody, /) -> dict[str, Any]:
        """See `ServedModel`."""
        return {"tags": self.fitted.predict(body.sentences)}


class _Writing(Turn):
    """Reads a text, and writes what follows it."""

    def __init__(self, model: ServedLanguage, message: LanguageMessage, notes: Notes) -> None:
        given = prompt_tokens(model.text, message.text)
        last = notes.get("last")
        tokens = ([] if last is None else [last]) + given
        self.notes, self.pieces = {"last": tokens[-1]} if tokens else {}, []
        self._model, self._wanted = model, message.generate
        self._left = 0 if self._wanted is None else self._wanted.length
        self._read = tokens[:-1]
        if self._left:
            self._read = tokens or [model.text.first]
            # as if one writer had gone on: spaces depend on the token before
            self._text = Detokeniser(model.text.tokenizer, after=tokens)
            assert self._wanted is not None
            self._options = GenerateOptions(
                temperature=self._wanted.temperature, top_k=self._wanted.top_k, top_p=self._wanted.top_p
            )
            self._random = np.random.default_rng(self._wanted.seed)
        self.steps = len(self._read) + self._left
        self._place, self._written, self._count = 0, list[str](), len(given)

    def inputs(self) -> tuple[np.ndarray, ...] | None:
        if self._place < len(self._read):
            return (self._model.vectors[self._read[self._place]],)
        return None

    def take(self, output: np.ndarray) -> None:
        self._place += 1
        if self._place < len(self._read) or not self._left:
            return
        scores = self._model.scores(output[None])[0]
        scores[self._model.never] = -np.inf
        token = next_token(scores, options=self._options, random=self._random)
        self._left -= 1
        self.notes = {"last": token}  # written, and not yet read
        if self._left:
            self._read.append(token)
        self._tell(self._text.text_of(token))
        if not self._left:
            self._tell(self._text.rest())

    def _tell(self, piece: str) -> None:
        if piece:
            self._written.append(piece)
            self.pieces.append({"text": piece})

    def answer(self) -> dict[str, Any]:
        return {"read": self._count, "text": "".join(self._written)}


@final
class ServedLanguage(ServedModel):
    """A language model: reads text, and writes what follows, token by token."""

    task = "language"
    message_kind, body_kind = LanguageMessage, LanguageBody

    def __init__(self, name: str, fitted: Any, /, *, folder: Path | None = None) -> None:
        self.fitted, self.text = fitted, fitted.model_
        super().__init__(name, self.text.network, self.text.network.recurrence(), folder=folder)
        self.vectors = self.text.network.embedding.embedding.weight.detach().numpy()
        self.scores, self.never = score_function(self.text.network), never_written(self.text)
        self.shape = _digest(self.shape.hex(), repr(self.vectors.shape))  # a token of a session is one of so many

    def turn(self, message: LanguageMessage, notes: Notes, /) -> Turn:
        """See `ServedModel`."""
        return _Writing(self, message, notes)

    def predict(self, body: LanguageBody, /) -> dict[str, Any]:
        """See `ServedModel`."""
        options = GenerateOptions(**body.model_dump(exclude={"prompt"}))
        return {"text": "".join(self.fitted.generate(body.prompt, options))}


@final
class ServedForecast(ServedModel):
    """A forecast: what comes next, after each rows that have come; a session keeps the last window of each series."""

    task, answer_name = "forecast", "forecast"
    message_kind, body_kind = ForecastMessage, ForecastBody

    def __init__(self, name: str, fitted: Any, /, *, folder: Path | None = None) -> None:
        self.fitted = fitted
        super().__init__(name, fitted.network_, None, folder=folder)

    def turn(self, message: ForecastMessage, notes: Notes, /) -> Turn:
        """See `ServedModel`."""
        options = self.fitted.options_
        known, window = notes.get("rows", []), options.window
        columns = set(known[0]) if known else set(message.rows[0])
        for number, row in enumerate(message.rows):
            if row.keys() != columns:
                raise InputError(f"rows: row {number + 1} has {sorted(row)}, expected {sorted(columns)}")
        rows = [*known, *message.rows]
        series: dict[Any, list[dict[str, Any]]] = {}
        for row in rows:
            series.setdefault(row.get(options.id) if options.id else None, []).append(row)
        rows = [row for each in series.values() for row in each[-window:]]

        def read() -> dict[str, Any]:
            try:
                return {"forecast": self.fitted.predict(polars.DataFrame(rows, infer_schema_length=None)).to_dicts()}
            except DataError as error:
                if len(rows) >= window or "expected at least" not in str(error):
                    raise
                return {"forecast": None, "waiting": str(error)}  # for a window

        return _Again(read, {"rows": rows}, kept=len(rows))

    def predict(self, body: ForecastBody, /) -> dict[str, Any]:
        """See `ServedModel`."""
        data = None if body.rows is None else polars.DataFrame(body.rows, infer_schema_length=None)
        return {"forecast": self.fitted.predict(data, horizon=body.horizon).to_dicts()}

    def predict_frame(self, frame: polars.DataFrame, /) -> polars.DataFrame:
        """See `ServedModel`."""
        return self.fitted.predict(frame)


@final
class ServedTranslator(ServedModel):
    """A translator: the translation of the text so far, which a session keeps."""

    task = "translate"
    message_kind, body_kind = TextMessage, TranslateBody

    def __init__(self, name: str, fitted: Any, /, *, folder: Path | None = None) -> None:
        self.fitted = fitted
        super().__init__(name, fitted.network_, None, folder=folder)

    def turn(self, message: TextMessage, notes: Notes, /) -> Turn:
        """See `ServedModel`."""
        source = notes.get("text", "") + message.text

        def read() -> dict[str, Any]:
            return {"source": source, "text": self.fitted.predict([source])[0]}

        return _Again(read, {"text": source}, kept=len(source))

    def predict(self, body: TranslateBody, /) -> dict[str, Any]:
        """See `ServedModel`."""
        found = self.fitted.translations(body.texts, DecodeOptions(beam=body.beam, best=body.best))
        told = [[{"text": each.text, "log_prob": each.log_prob} for each in several] for several in found]
        return {"translations": [[_finite(each) for each in several] for several in told]}


def _finite(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a translation; JSON has no NaN, which an empty text's log p is."""
    return told if np.isfinite(told["log_prob"]) else {**told, "log_prob": None}


_KINDS = {
    kind.task: kind for kind in (ServedClassifier, ServedForecast, ServedLanguage, ServedTagger, ServedTranslator)
}


def served(name: str, model: Path | str | nn.Module, /) -> ServedModel:
    """Return a model as a server runs it, given its folder, or a layer that can stream.

    Raises
    ------
    ModelFolderError
        If the folder is missing, damaged, from a newer version, or of a task that is not served.
    InputError
        If a layer cannot run step by step.
    """
    if isinstance(model, nn.Module):
        return ServedLayer(name, model)
    fitted = load_model(Path(model))
    if fitted.task not in _KINDS:
        raise InputError(f"{model} is a model for {fitted.task}, which is not served; expected {', '.join(_KINDS)}")
    fitted.network_.eval()
    return _KINDS[fitted.task](name, fitted, folder=Path(model))
