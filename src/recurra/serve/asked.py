"""What clients have asked of sessions, and has not been answered yet: a message of one, or a step of each of many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from recurra.serve.messages import Message
from recurra.serve.models import Notes, Turn
from recurra.serve.storage import NEVER

__all__ = ["Asked", "AskedMessage", "AskedRows", "Session", "Tell"]

Tell = Callable[[dict[str, Any]], None]


@final
class Session:
    """A session as this process knows it; `row` is its row of the model's state matrix, `key` names it in storages."""

    __slots__ = ("id", "is_loaded", "key", "model", "notes", "queue", "row", "stored", "used", "version")

    def __init__(self, model: str, id: str) -> None:
        self.model, self.id, self.key = model, id, f"{model}/{id}"
        self.row, self.is_loaded = -1, False
        self.notes: Notes = {}
        self.version, self.stored = 0, NEVER
        self.used = time.monotonic()
        self.queue: list[Asked] = []  # the first of them is being run; a deque would be half of a session's memory


class Asked:
    """Something that is asked of sessions, and is run once it is the first in the queue of each.

    Attributes
    ----------
    model
        The name of the model.
    sessions
        Of whom it is asked, each once.
    future
        What the client waits for.
    blocked
        In the queues of how many sessions another is before it.
    again
        How often it was run again because another worker had used a session meanwhile.
    """

    __slots__ = ("again", "blocked", "future", "model", "sessions")

    def __init__(self, model: str, sessions: Sequence[Session]) -> None:
        self.model, self.sessions = model, sessions
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.blocked, self.again = 0, 0


@final
class AskedMessage(Asked):
    """A message of one session, or something that is done with it.

    Parameters
    ----------
    session
        Of whom.
    message, call
        The message; or what is done.
    tell
        What gets the pieces of the answer that are known before its end.
    opens
        Whether the session is new, and in no storage.
    """

    __slots__ = ("call", "error", "is_told", "message", "next", "opens", "result", "session", "tell", "turn")

    def __init__(
        self,
        session: Session,
        *,
        message: Message | None = None,
        call: Callable[[], Any] | None = None,
        tell: Tell | None = None,
        opens: bool = False,
    ) -> None:
        super().__init__(session.model, (session,))
        self.session, self.message, self.call, self.tell, self.opens = session, message, call, tell, opens
        self.turn: Turn | None = None
        self.next: tuple[np.ndarray, ...] | None = None
        self.error: Exception | None = None
        self.result: Any = None
        self.is_told = False


@final
class AskedRows(Asked):
    """A step of each of many sessions.

    Parameters
    ----------
    sessions
        Of whom.
    new
        Whether each is new, and in no storage.
    at
        (count,) how many messages each has to have seen; below zero if that is all the same.
    arrays
        (count, size) each: x and the further inputs.
    size
        Of the output.

    Attributes
    ----------
    left
        The places of those that have not been run.
    going
        The places of those that go a step in this tick.
    versions
        (count,) how many messages each has seen afterwards; where it is refused, the HTTP status below zero.
    outputs
        (count, size)
    """

    __slots__ = ("arrays", "at", "going", "left", "new", "outputs", "versions")

    def __init__(
        self, model: str, sessions: Sequence[Session], *, new: Sequence[bool], at: Sequence[int],
        arrays: Sequence[np.ndarray], size: int,
    ) -> None:  # fmt: skip
        super().__init__(model, sessions)
        self.new, self.at, self.arrays = new, at, arrays
        self.left, self.going = list(range(len(sessions))), list[int]()
        self.versions = np.zeros(len(sessions), dtype=np.int64)
        self.outputs = np.zeros((len(sessions), size), dtype=np.float32)

    def refuse(self, place: int, status: int) -> None:
        """Say that a session is refused."""
        self.versions[place] = -status
