"""A client of the server: of the standard library, of `websockets` for conversations, and of NumPy for frames."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Client", "Refused"]


class Refused(RuntimeError):  # noqa: N818 -- what the server has said
    """The server refused: its status, a word for programs, and a sentence for people."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(f"{status} {code}: {reason}")
        self.status, self.code, self.reason = status, code, reason


class Client:
    """Talks to a server of `recurra serve` about one model.

    Parameters
    ----------
    url
        Of the server: ``"http://127.0.0.1:8321"``.
    model
        The model's name.
    token
        The server's, if it has one.
    timeout
        Seconds to wait for an answer.

    Raises
    ------
    Refused
        If the server refuses; so does every method.
    """

    def __init__(self, url: str, model: str, *, token: str | None = None, timeout: float = 30.0) -> None:
        self._url, self._timeout = url.rstrip("/"), timeout
        self._model = f"/v1/models/{quote(model, safe='')}"
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def predict(self, **body: Any) -> dict[str, Any]:
        """Return what the model says of whole sequences: `predict(texts=["..."])`, `predict(x=[[[0.1]]])`."""
        return self._json("POST", "/predict", body)

    def open(self, state: bytes | None = None) -> str:
        """Begin a session, or one that goes on from a state; return its name."""
        return json.loads(self._ask("POST", "/sessions", state or b"", "application/octet-stream"))["session"]

    def step(self, session: str, **message: Any) -> dict[str, Any]:
        """Send a message to a session: `step(session, text="...")`, `step(session, x=[0.1, 0.2])`."""
        return self._json("POST", f"/sessions/{quote(session)}/step", message)

    def events(self, session: str | None = None, **message: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Send a message, and yield what it gives as it comes: "session", each "step", "done" (or "error")."""
        where = "/stream" if session is None else f"/stream?session={quote(session)}"
        with self._sent("POST", where, json.dumps(message).encode(), "application/json") as answer:
            name = ""
            for line in answer:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield name, json.loads(value)

    def state(self, session: str) -> bytes:
        """Return a session's state, which `open` and `set_state` of any server with the model and the key take."""
        return self._ask("GET", f"/sessions/{quote(session)}/state")

    def set_state(self, session: str, state: bytes) -> None:
        """Let a session go on from a state."""
        self._ask("PUT", f"/sessions/{quote(session)}/state", state, "application/octet-stream")

    def fork(self, session: str) -> str:
        """Begin another session in the same state; return its name."""
        return self._json("POST", f"/sessions/{quote(session)}/fork", {})["session"]

    def delete(self, session: str) -> None:
        """Forget a session."""
        self._ask("DELETE", f"/sessions/{quote(session)}")

    def connect(self, session: str | None = None) -> Conversation:
        """Return a WebSocket to a session, a new one by default; use it in a `with`."""
        where = self._url.replace("http", "ws", 1) + f"{self._model}/stream"
        return Conversation(where if session is None else f"{where}?session={quote(session)}", self._headers)

    def frames(self) -> Frames:
        """Return a WebSocket for steps of many sessions at once; use it in a `with`."""
        return Frames(self._url.replace("http", "ws", 1) + f"{self._model}/frames", self._headers)

    def _json(self, method: str, path: str, value: Any) -> dict[str, Any]:
        return json.loads(self._ask(method, path, json.dumps(value).encode(), "application/json"))

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        with self._sent(method, path, body, kind) as answer:
            return answer.read()

    def _sent(self, method: str, path: str, body: bytes | None, kind: str) -> Any:
        headers = self._headers | ({"Content-Type": kind} if kind else {})
        try:
            return urlopen(
                Request(self._url + self._model + path, data=body, headers=headers, method=method),
                timeout=self._timeout,
            )
        except HTTPError as error:
            raise _refused(error.code, error.read()) from None


class _Connection:
    """A WebSocket, as long as a `with` lasts."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url, self._headers = url, headers

    def __enter__(self) -> Self:
        """Connect."""
        from websockets.sync.client import connect

        self._opened = connect(self._url, additional_headers=self._headers, max_size=None, compression=None)
        self._socket = self._opened.__enter__()
        self._begin(self._received())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; the sessions stay."""
        self._opened.__exit__(kind, error, trace)

    def _begin(self, said: dict[str, Any]) -> None:
        raise NotImplementedError

    def _received(self) -> Any:
        found = self._socket.recv()
        if isinstance(found, bytes):
            return found
        said = json.loads(found)
        if "error" in said:
            raise Refused(**said["error"])
        return said


class Conversation(_Connection):
    """A WebSocket to a session, of which `session` is the name: a message each way.

    Examples
    --------
    ::

        with Client("http://127.0.0.1:8321", "critic").connect() as talk:
            print(talk.send(text="a fine film"))
    """

    session: str

    def _begin(self, said: dict[str, Any]) -> None:
        self.session = said["session"]

    def send(self, **message: Any) -> dict[str, Any]:
        """Send a message, and return the answer to it."""
        *_, (_, answer) = self.pieces(**message)
        return answer

    def pieces(self, **message: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Send a message; yield ("piece", ...) as the model writes, and ("done", the answer)."""
        self._socket.send(json.dumps(message))
        while "piece" in (answer := self._received()):
            yield "piece", answer["piece"]
        yield "done", answer


class Frames(_Connection):
    """A WebSocket for steps of many sessions at once.

    Examples
    --------
    ::

        with Client("http://127.0.0.1:8321", "gru").frames() as frames:
            names, versions, y = frames.step([b""] * 100, np.zeros((100, 3)))  # an empty name begins a session
            names, versions, y = frames.step(names, np.ones((100, 3)), at=versions)
    """

    def _begin(self, said: dict[str, Any]) -> None:
        from recurra.serve.frames import FrameLayout

        self.layout = FrameLayout(said["frame"]["inputs"], said["frame"]["outputs"])

    def step(
        self, names: Sequence[bytes], x: np.ndarray, at: np.ndarray | int = -1
    ) -> tuple[list[bytes], np.ndarray, np.ndarray]:
        """Go a step with each of some sessions.

        Parameters
        ----------
        names
            Of the sessions, each once; an empty one begins a session.
        x
            (count, inputs)
        at
            (count,) how many messages each has to have seen; below zero if that is all the same.

        Returns
        -------
        names, versions, y
            The names; (count,) how many messages each has seen now, or the HTTP status below zero where it is
            refused; (count, outputs).
        """
        self._socket.send(self.layout.rows(names, x, at))
        found = self.layout.read_answer(self._received())
        return found["session"].tolist(), found["version"], found["y"]


def _refused(status: int, content: bytes) -> Refused:
    try:
        return Refused(**json.loads(content)["error"])
    except (ValueError, KeyError, TypeError):
        return Refused(status, "http", content.decode(errors="replace")[:500])
