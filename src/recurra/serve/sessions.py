"""Sessions: a state each, the rows of one state matrix; at each tick those that have input go one step together.

The event loop queues what clients ask; one thread does it, and is the only one that touches states and the storage. So
a tick is a batch of whatever came while the tick before it ran.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, final

import numpy as np

from recurra.errors import RecurraError, StorageError
from recurra.serve.blobs import StateError, StateValue
from recurra.serve.messages import Message, Refusal
from recurra.serve.metrics import ServerMetrics
from recurra.serve.models import Notes, ServedModel, Turn
from recurra.serve.options import ServeOptions
from recurra.serve.storage import NEVER, SessionStorage, Stored

__all__ = ["SessionPool"]

_TOGETHER = 1024
"""Sessions that are looked at in a tick."""

_AGAIN = 8
"""Times that a message is run again because other workers have used its session meanwhile."""

_SPARE = 64
"""Rows that are made free at once."""

_STOP_SECONDS = 5.0

Tell = Callable[[dict[str, Any]], None]


@final
class Session:
    """A session as this process knows it; `row` is its row of the model's state matrix."""

    __slots__ = ("id", "is_loaded", "model", "notes", "queue", "row", "stored", "used", "version")

    def __init__(self, model: str, id: str) -> None:
        self.model, self.id = model, id
        self.row, self.is_loaded = -1, False
        self.notes: Notes = {}
        self.version, self.stored = 0, NEVER
        self.used = time.monotonic()
        self.queue: deque[_Waiting] = deque()

    @property
    def key(self) -> str:
        """Its key in the storage."""
        return f"{self.model}/{self.id}"


@final
class _Waiting:
    """What a client has asked: a message, or something that is done with the session."""

    __slots__ = (
        "again", "call", "error", "future", "is_told", "message", "next", "opens", "result", "session", "tell", "turn",
    )  # fmt: skip

    def __init__(
        self, session: Session, future: asyncio.Future[Any], message: Message | None, call: Callable[[], Any] | None,
        tell: Tell | None, opens: bool,
    ) -> None:  # fmt: skip
        self.opens = opens  # the session is new, and in no storage
        self.session, self.future, self.message, self.call, self.tell = session, future, message, call, tell
        self.turn: Turn | None = None
        self.next: tuple[np.ndarray, ...] | None = None
        self.error: Exception | None = None
        self.result: Any = None
        self.again, self.is_told = 0, False


@final
class SessionPool:
    """The sessions of some models.

    Parameters
    ----------
    models
        By name.
    storage
        Where states are kept; it belongs to the pool from now on.
    key
        What signs states.
    options, metrics
        The limits; and what counts.
    """

    def __init__(
        self, models: Mapping[str, ServedModel], storage: SessionStorage, *, key: bytes, options: ServeOptions,
        metrics: ServerMetrics,
    ) -> None:  # fmt: skip
        self.models, self.storage, self.options, self.metrics = dict(models), storage, options, metrics
        self._key = key
        self._sessions: dict[tuple[str, str], Session] = {}
        self._ready: dict[_Waiting, None] = {}
        self._pending, self._count, self._is_stopping = 0, 0, False
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recurra-ticks")
        self._tasks: list[asyncio.Task[None]] = []
        # row 0 of a stream is never stepped: it is where sessions begin
        self._free: dict[str, list[int]] = {name: [] for name in self.models}
        self.on_trouble: Callable[[str, Exception], None] = lambda what, error: None
        metrics.gauge("sessions_in_memory", "Sessions whose state is in memory.", self._loaded_count)
        metrics.gauge("messages_waiting", "Messages that wait or are being run.", lambda: self._pending)

    def _loaded_count(self) -> int:
        return sum(each.is_loaded for each in list(self._sessions.values()))

    # what clients ask: on the event loop -------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to run."""
        self._count = await self.in_thread(self.storage.count)
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._keep_house())]

    async def stop(self) -> None:
        """Finish what has been asked, store all states, and leave the storage."""
        self._is_stopping = True
        until = time.monotonic() + _STOP_SECONDS
        while self._ready and time.monotonic() < until:
            await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self.in_thread(lambda: self._store(list(self._sessions.values())))
        except StorageError as error:
            self.on_trouble("states could not be stored at the stop", error)
        await self.in_thread(self.storage.close)
        self._thread.shutdown()

    async def check(self) -> None:
        """Raise `Refusal` unless it takes messages: the storage answers, and it does not stop."""
        if self._is_stopping:
            raise Refusal(503, "stopping", "the server stops; ask another one")
        self._count = await self.in_thread(self.storage.count)

    async def in_thread(self, call: Callable[[], Any], /) -> Any:
        """Return what a function returns that is run in the thread which states belong to."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def model(self, name: str, /) -> ServedModel:
        """Return a model; `Refusal` if there is none."""
        if name not in self.models:
            raise Refusal(404, "unknown_model", f"there is no model {name!r}; expected {', '.join(self.models)}")
        return self.models[name]

    async def open(self, name: str, /, value: bytes | None = None) -> str:
        """Begin a session, or one that goes on from a state; return its name."""
        self.model(name)
        if self._count >= self.options.sessions:
            raise Refusal(429, "sessions", f"there are {self._count} sessions already, as many as there may be")
        session = Session(name, secrets.token_urlsafe(18))
        self._sessions[name, session.id] = session
        given = None if value is None else self._value(name, value)
        try:
            await self._asked(session, call=lambda: self._begin(session, given), opens=True)
        except BaseException:
            self._sessions.pop((name, session.id), None)
            raise
        self._count += 1
        self.metrics.count("sessions_opened")
        return session.id

    async def ask(self, name: str, id: str, message: Message, /, *, tell: Tell | None = None) -> dict[str, Any]:
        """Run a message of a session, and return the answer; `tell` gets what is known before."""
        begun = time.perf_counter()
        found = await self._asked(self._session(name, id), message=message, tell=tell)
        self.metrics.observe("message_seconds", time.perf_counter() - begun)
        return found

    async def state(self, name: str, id: str, /) -> bytes:
        """Return a session's state as a signed value."""
        session = self._session(name, id)
        return await self._asked(session, call=lambda: self._values([session])[0].signed(self._key))

    async def set_state(self, name: str, id: str, value: bytes, /) -> None:
        """Let a session go on from a state."""
        session, given = self._session(name, id), self._value(name, value)
        await self._asked(session, call=lambda: self._set(session, given))

    async def seen(self, name: str, id: str, /) -> int:
        """Return how many messages a session has seen; `Refusal` if there is none."""
        session = self._session(name, id)
        return await self._asked(session, call=lambda: session.version)

    async def delete(self, name: str, id: str, /) -> None:
        """Forget a session."""
        session = self._session(name, id)

        def forget() -> None:
            self.storage.delete(session.key)
            self._unload(session)

        await self._asked(session, call=forget)
        self._count -= 1

    async def replace(self, model: ServedModel, /) -> None:
        """Take a model in the place of one of the same name; its sessions go on.

        Raises
        ------
        Refusal
            If a state of it looks different.
        """
        await self.in_thread(lambda: self._replace(model))

    def _session(self, name: str, id: str) -> Session:
        self.model(name)
        found = self._sessions.get((name, id))
        if found is None:
            found = self._sessions[name, id] = Session(name, id)  # its state is in the storage, or nowhere
        return found

    def _value(self, name: str, given: bytes) -> StateValue:
        """Return a state that a client gives."""
        try:
            value = StateValue.read(given, self._key)
        except StateError as error:
            raise Refusal(422, "bad_state", str(error)) from None
        model = self.model(name)
        if value.model != model.digest or value.shape != model.shape:
            of, is_now = value.model.hex()[:12], model.digest.hex()[:12]
            raise Refusal(409, "foreign_state", f"the state is of the model {of}, and {name} is {is_now}")
        return value

    async def _asked(
        self, session: Session, *, message: Message | None = None, call: Callable[[], Any] | None = None,
        tell: Tell | None = None, opens: bool = False,
    ) -> Any:  # fmt: skip
        if self._is_stopping:
            raise Refusal(503, "stopping", "the server stops; ask another one")
        if len(session.queue) >= self.options.queue:
            raise Refusal(429, "queue", f"{len(session.queue)} messages of this session wait already; await answers")
        if self._pending >= self.options.pending:
            raise Refusal(429, "busy", f"{self._pending} messages wait already; try later")
        waiting = _Waiting(session, asyncio.get_running_loop().create_future(), message, call, tell, opens)
        session.queue.append(waiting)
        self._pending += 1
        if len(session.queue) == 1:
            self._ready[waiting] = None
            self._wake.set()
        return await waiting.future

    async def _run(self) -> None:
        while True:
            if not self._ready:
                self._wake.clear()
                await self._wake.wait()
            batch = list(islice(self._ready, _TOGETHER))
            try:
                finished = await self.in_thread(lambda batch=batch: self._tick(batch))
            except Exception as error:  # a fault of the server; whoever has asked is told
                self.on_trouble("a tick failed", error)
                for each in batch:
                    each.error = error
                if self.options.durable:  # they go on from what is stored
                    await self.in_thread(lambda batch=batch: [self._unload(each.session) for each in batch])
                finished = batch
            for each in batch:
                del self._ready[each]
                if each.tell is not None and each.turn is not None and each.error is None:
                    for piece in each.turn.pieces:
                        each.tell(piece)
                    each.is_told |= bool(each.turn.pieces)
                    each.turn.pieces.clear()
            done = set(finished)
            for each in batch:
                if each in done:
                    self._finish(each)
                else:
                    self._ready[each] = None  # behind the others

    def _finish(self, waiting: _Waiting) -> None:
        self._pending -= 1
        queue = waiting.session.queue
        queue.popleft()
        if queue:
            self._ready[queue[0]] = None
        elif not waiting.session.is_loaded:
            self._sessions.pop((waiting.session.model, waiting.session.id), None)
        if waiting.future.done():
            return  # the client has gone
        if waiting.error is not None:
            waiting.future.set_exception(waiting.error)
        else:
            waiting.future.set_result(waiting.result)

    async def _keep_house(self) -> None:
        pause = min(5.0, self.options.idle / 2, self.options.expire / 2)
        while True:
            await asyncio.sleep(pause)
            try:
                self._count = await self.in_thread(self._rest)
            except StorageError as error:
                self.metrics.count("storage_errors")
                self.on_trouble("the storage does not answer", error)
            for key, session in list(self._sessions.items()):
                if not session.is_loaded and not session.queue:
                    del self._sessions[key]

    # what is done: in the thread ---------------------------------------------------------------------------------

    def _tick(self, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """Go one step with each; return those that are finished."""
        finished: list[_Waiting] = []
        going: dict[str, list[_Waiting]] = {}
        for each in batch:
            if each.turn is not None:
                going.setdefault(each.session.model, []).append(each)
                continue
            try:
                if self._begun(each):
                    going.setdefault(each.session.model, []).append(each)
                else:
                    finished.append(each)
            except Exception as error:
                each.error = self._said(error)
                finished.append(each)
        for name, some in going.items():
            finished += self._step(self.models[name], some)
        return self._acknowledged(finished)

    def _begun(self, waiting: _Waiting) -> bool:
        """Load a session and begin its message; return whether there are steps to go, or an answer to be stored."""
        session, message = waiting.session, waiting.message
        if waiting.call is not None:
            if not waiting.opens:
                self._load(session)
            waiting.result = waiting.call()
            return False
        self._load(session)
        assert message is not None
        if message.at is not None and message.at != session.version:
            raise Refusal(409, "at", f"the session has seen {session.version} messages, and not {message.at}")
        model = self.models[session.model]
        turn = model.turn(message, {} if message.reset else session.notes)
        if turn.steps > self.options.steps:
            raise Refusal(413, "steps", f"the message makes {turn.steps} steps; expected at most {self.options.steps}")
        if message.reset and model.stream is not None:
            model.stream.copy_rows([0], [session.row])
        waiting.turn, waiting.next = turn, turn.inputs()
        return True

    def _step(self, model: ServedModel, going: Sequence[_Waiting]) -> list[_Waiting]:
        """Go one step of a model with each that has one; return those that are at their end."""
        active = [(each, each.next) for each in going if each.next is not None]
        if active:
            stream = model.stream
            assert stream is not None
            x, *further = (np.stack(each) for each in zip(*(inputs for _, inputs in active), strict=True))
            rows = np.array([each.session.row for each, _ in active])
            outputs = model.finished(stream.step_many(x, rows, **dict(zip(stream.further, further, strict=True))))
            for (each, _), output in zip(active, outputs, strict=True):
                assert each.turn is not None
                each.turn.take(output)
                each.next = each.turn.inputs()
            self.metrics.count("ticks")
            self.metrics.count("steps", len(active))
            self.metrics.observe("tick_rows", len(active))
        finished = [each for each in going if each.next is None]
        for each in finished:
            assert each.turn is not None
            session = each.session
            session.notes = each.turn.notes
            session.version += 1
            session.used = time.monotonic()
            each.result = {**each.turn.answer(), "version": session.version}
        return finished

    def _acknowledged(self, finished: Sequence[_Waiting]) -> list[_Waiting]:
        """Store the states of those that are finished, if that comes before the answer; return those to be answered."""
        if not self.options.durable:
            return list(finished)
        written = {each.session: each for each in finished if each.error is None and self._is_dirty(each.session)}
        try:
            refused = self._store(written)
        except StorageError as error:
            self.metrics.count("storage_errors")
            self.on_trouble("the storage does not answer", error)
            for session, each in written.items():
                each.error = Refusal(503, "storage", f"{error}; the session is as it was before the message")
                self._unload(session)  # to what is stored
            return list(finished)
        again = set[_Waiting]()
        for session in refused:
            each = written[session]
            self._unload(session)
            self.metrics.count("conflicts")
            if each.message is None or each.is_told or each.again >= _AGAIN:
                each.error = Refusal(409, "conflict", "another worker has used the session meanwhile; ask again")
            else:  # nobody has been told anything: it is run again, from the state that the other worker has left
                each.turn, each.result, each.again = None, None, each.again + 1
                again.add(each)
        return [each for each in finished if each not in again]

    def _said(self, error: Exception) -> Exception:
        """Return an error as a client is told it."""
        if isinstance(error, StorageError):
            self.metrics.count("storage_errors")
            return Refusal(503, "storage", str(error))
        return Refusal(422, "invalid", str(error)) if isinstance(error, RecurraError) else error

    # states ------------------------------------------------------------------------------------------------------

    def _begin(self, session: Session, value: StateValue | None) -> None:
        self._place(session)
        session.is_loaded = True
        if value is not None:
            self._put(session, value)

    def _set(self, session: Session, value: StateValue) -> None:
        self._put(session, value)
        session.version += 1

    def _is_dirty(self, session: Session) -> bool:
        return session.is_loaded and session.stored != session.version

    def _load(self, session: Session) -> None:
        """Bring a session's state into memory, if it is not there."""
        session.used = time.monotonic()
        if session.is_loaded:
            return
        found = self.storage.get(session.key)
        if found is None:
            raise Refusal(404, "unknown_session", f"{session.model} has no session {session.id!r}, or it has expired")
        try:
            value = StateValue.read(found[1], self._key)
        except StateError as error:
            raise Refusal(409, "foreign_state", f"the stored session cannot be read: {error}") from None
        if value.shape != self.models[session.model].shape:
            raise Refusal(409, "foreign_state", f"the stored session is of another model than {session.model} is now")
        self._place(session)
        session.version = session.stored = found[0]
        session.is_loaded = True
        self._put(session, value)
        self.metrics.count("sessions_loaded")

    def _place(self, session: Session) -> None:
        """Give a session a row, at the beginning of a sequence."""
        stream = self.models[session.model].stream
        if stream is None:
            return
        free = self._free[session.model]
        if not free:
            most = self.options.resident + 1
            if stream.batch < most:
                free += reversed(stream.add_rows(min(max(stream.batch, _SPARE), most - stream.batch)))
            else:
                self._evict(session.model)
        session.row = free.pop()
        stream.copy_rows([0], [session.row])

    def _evict(self, name: str) -> None:
        """Let the states that were not used for longest leave memory."""
        idle = [each for each in list(self._sessions.values()) if each.model == name and each.row >= 0]
        idle = sorted((each for each in idle if not each.queue), key=lambda each: each.used)[:_SPARE]
        if not idle:
            raise Refusal(503, "rows", f"all {self.options.resident} states in memory are in use; try later")
        self._leave(idle)

    def _leave(self, sessions: Sequence[Session]) -> None:
        self._store(sessions)
        for each in sessions:
            self._unload(each)
        self.metrics.count("sessions_evicted", len(sessions))

    def _unload(self, session: Session) -> None:
        if session.row >= 0:
            self._free[session.model].append(session.row)
        session.row, session.is_loaded = -1, False

    def _put(self, session: Session, value: StateValue) -> None:
        session.notes = value.notes
        stream = self.models[session.model].stream
        if stream is None:
            return
        numbers = np.frombuffer(value.row, dtype=stream.matrices[0].dtype.newbyteorder("<"))
        begin = 0
        for matrix in stream.matrices:
            matrix[session.row] = numbers[begin : begin + matrix.shape[1]]
            begin += matrix.shape[1]

    def _values(self, sessions: Sequence[Session]) -> list[StateValue]:
        """Return the states of sessions that are in memory."""
        rows: dict[Session, bytes] = {}
        for name in {each.model for each in sessions}:
            stream, some = self.models[name].stream, [each for each in sessions if each.model == name]
            if stream is not None:
                chosen = [each.row for each in some]
                joined = np.concatenate([matrix[chosen] for matrix in stream.matrices], 1)
                joined = joined.astype(joined.dtype.newbyteorder("<"), copy=False)
                rows |= {each: row.tobytes() for each, row in zip(some, joined, strict=True)}
        models = self.models
        return [
            StateValue(model.digest, model.shape, each.version, each.notes, rows.get(each, b""))
            for each, model in ((each, models[each.model]) for each in sessions)
        ]

    def _store(self, sessions: Iterable[Session]) -> list[Session]:
        """Store states that are not stored yet; return the sessions that another worker has used meanwhile."""
        dirty = [each for each in sessions if self._is_dirty(each)]
        if not dirty:
            return []
        values = self._values(dirty)
        records = [
            Stored(each.key, each.version, each.stored, value.signed(self._key))
            for each, value in zip(dirty, values, strict=True)
        ]
        refused = self.storage.put(records)
        for each in dirty:
            if each.key not in refused:
                each.stored = each.version
        return [each for each in dirty if each.key in refused]

    def _rest(self) -> int:
        """Let idle states leave memory, and forget sessions that have expired; return how many there are."""
        until = time.monotonic() - self.options.idle
        idle = [each for each in list(self._sessions.values()) if each.is_loaded and each.used < until]
        self._leave([each for each in idle if not each.queue])
        if not self.options.durable:  # lest what is stored expires, and what a crash loses is little
            self._store(each for each in list(self._sessions.values()) if not each.queue)
        self.storage.expire(self.options.expire)
        return self.storage.count()

    def _replace(self, model: ServedModel) -> None:
        old = self.models[model.name]
        if model.shape != old.shape or model.task != old.task:
            raise Refusal(409, "other_shape", f"the new model of {model.name} has states of another shape; start anew")
        if model.stream is not None and old.stream is not None:
            if old.stream.batch > 1:
                model.stream.add_rows(old.stream.batch - 1)
            for into, matrix in zip(model.stream.matrices, old.stream.matrices, strict=True):
                into[1:] = matrix[1:]  # row 0 is where sessions of the new model begin
        self.models[model.name] = model
