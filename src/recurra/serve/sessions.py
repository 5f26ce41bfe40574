"""Sessions: a state each, the rows of one state matrix; at each tick those that have input go one step together.

The event loop queues what clients ask; one thread does it, and is the only one that touches states and the storage. So
a tick is a batch of whatever came while the tick before it ran.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, final

import numpy as np

from recurra.errors import RecurraError, StorageError
from recurra.serve.asked import Asked, AskedMessage, AskedRows, Session, Tell
from recurra.serve.blobs import StateError, StateValue
from recurra.serve.messages import Message, Refusal
from recurra.serve.metrics import ServerMetrics
from recurra.serve.models import ServedModel
from recurra.serve.options import ServeOptions
from recurra.serve.storage import SessionStorage, Stored

__all__ = ["SessionPool"]

_TOGETHER = 1024
"""Sessions that are looked at in a tick."""

_AGAIN = 8
"""Times that a message is run again because other workers have used its session meanwhile."""

_SPARE = 64
"""Rows that are made free at once."""

_LITTLE, _PORTIONS = 16, 200
"""States that are stored between two ticks at least, and in how many portions all of them are at most."""

_STOP_SECONDS = 5.0


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
        self._stored_key = key if storage.is_shared else None
        self._sessions: dict[tuple[str, str], Session] = {}
        self._ready: dict[Asked, None] = {}
        self._pending, self._count, self.is_stopping = 0, 0, False
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recurra-ticks")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="recurra-reader")
        self._tasks: list[asyncio.Task[None]] = []
        self._works = set[asyncio.Task[None]]()
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
        self.is_stopping = True
        until = time.monotonic() + _STOP_SECONDS
        while self._pending and time.monotonic() < until:
            await asyncio.sleep(0.01)
        for task in (*self._tasks, *self._works):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._works, return_exceptions=True)
        try:
            await self.in_thread(lambda: self._store(list(self._sessions.values())))
        except StorageError as error:
            self.on_trouble("states could not be stored at the stop", error)
        await self.in_thread(self.storage.close)
        self._thread.shutdown()
        self._reader.shutdown(wait=False, cancel_futures=True)

    async def check(self) -> None:
        """Raise `Refusal` unless it takes messages: the storage answers, and it does not stop."""
        if self.is_stopping:
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
            await self._asked(AskedMessage(session, call=lambda: self._begin(session, given), opens=True))
        except BaseException:
            self._sessions.pop((name, session.id), None)
            raise
        self._count += 1
        self.metrics.count("sessions_opened")
        return session.id

    async def ask(self, name: str, id: str, message: Message, /, *, tell: Tell | None = None) -> dict[str, Any]:
        """Run a message of a session, and return the answer; `tell` gets what is known before."""
        begun = time.perf_counter()
        found = await self._asked(AskedMessage(self._session(name, id), message=message, tell=tell))
        self.metrics.observe("message_seconds", time.perf_counter() - begun)
        return found

    async def ask_rows(
        self, name: str, ids: Sequence[str], x: np.ndarray, at: Sequence[int], /
    ) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Go a step with each of many sessions; what is refused is refused for that session alone.

        Parameters
        ----------
        name
            The model.
        ids
            The sessions, each once; an empty name begins one.
        x
            (count, inputs) as in a frame of the model.
        at
            How many messages each has to have seen; below zero if that is all the same.

        Returns
        -------
        ids, versions, outputs
            The sessions; (count,) how many messages each has seen now, or the HTTP status below zero where it is
            refused; (count, outputs).

        Raises
        ------
        Refusal
            If the model takes no frames.
        """
        begun = time.perf_counter()
        model = self.model(name)
        size = model.frame_layout().outputs
        versions = np.zeros(len(ids), dtype=np.int64)
        versions[~np.isfinite(x).all(1)] = -422
        if self._pending + len(ids) > self.options.pending:
            versions[:] = -429
        names, sessions, new = list(ids), list[Session](), list[bool]()
        room = self.options.sessions - self._count
        for place in np.flatnonzero(versions == 0).tolist():
            if is_new := not ids[place]:
                names[place] = secrets.token_urlsafe(18)
                room -= 1
            session = self._sessions.get((name, names[place])) or self._session(name, names[place])
            if len(session.queue) >= self.options.queue or (is_new and room < 0):
                versions[place] = -429
            else:
                sessions.append(session)
                new.append(is_new)
        taken = np.flatnonzero(versions == 0)
        outputs = np.zeros((len(ids), size), dtype=np.float32)
        if taken.size:
            arrays = model.frame_arrays(x[taken])
            asked = AskedRows(
                name, sessions, new=new, at=[at[place] for place in taken.tolist()], arrays=arrays, size=size
            )
            await self._asked(asked)
            versions[taken], outputs[taken] = asked.versions, asked.outputs
            opened = int(np.count_nonzero((asked.versions > 0) & np.array(new)))
            self._count += opened
            self.metrics.count("sessions_opened", opened)
        self.metrics.observe("message_seconds", time.perf_counter() - begun)
        return names, versions, outputs

    async def state(self, name: str, id: str, /) -> bytes:
        """Return a session's state as a signed value."""
        session = self._session(name, id)
        return await self._asked(AskedMessage(session, call=lambda: self._blobs([session], self._key)[0]))

    async def set_state(self, name: str, id: str, value: bytes, /) -> None:
        """Let a session go on from a state."""
        session, given = self._session(name, id), self._value(name, value)
        await self._asked(AskedMessage(session, call=lambda: self._set(session, given)))

    async def seen(self, name: str, id: str, /) -> int:
        """Return how many messages a session has seen; `Refusal` if there is none."""
        session = self._session(name, id)
        return await self._asked(AskedMessage(session, call=lambda: session.version))

    async def delete(self, name: str, id: str, /) -> None:
        """Forget a session."""
        session = self._session(name, id)

        def forget() -> None:
            self.storage.delete(session.key)
            self._unload(session)

        await self._asked(AskedMessage(session, call=forget))
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

    async def _asked(self, asked: Asked) -> Any:
        if self.is_stopping:
            raise Refusal(503, "stopping", "the server stops; ask another one")
        if isinstance(asked, AskedMessage):
            if (waiting := len(asked.session.queue)) >= self.options.queue:
                raise Refusal(429, "queue", f"{waiting} messages of this session wait already; await answers")
            if self._pending >= self.options.pending:
                raise Refusal(429, "busy", f"{self._pending} messages wait already; try later")
        for session in asked.sessions:
            asked.blocked += bool(session.queue)
            session.queue.append(asked)
        self._pending += len(asked.sessions)
        if not asked.blocked:
            self._go_on(asked)
        return await asked.future

    def _go_on(self, asked: Asked) -> None:
        """Let something be looked at in the next tick."""
        self._ready[asked] = None
        self._wake.set()

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
                    self._fail(each, error)
                if self.options.durable:  # they go on from what is stored
                    all_of = [session for each in batch for session in each.sessions]
                    await self.in_thread(lambda all_of=all_of: [self._unload(each) for each in all_of])
                finished = batch
            done = set(finished)
            for each in batch:
                del self._ready[each]
                if isinstance(each, AskedMessage):
                    _tell(each)
                if each in done:
                    self._finish(each)
                elif isinstance(each, AskedMessage) and each.turn is not None and each.turn.work is not None:
                    task = asyncio.create_task(self._work(each))
                    self._works.add(task)
                    task.add_done_callback(self._works.discard)
                else:
                    self._ready[each] = None  # behind the others

    async def _work(self, asked: AskedMessage) -> None:
        """Do what takes long outside of the ticks, so that other sessions go on meanwhile."""
        assert asked.turn is not None
        assert asked.turn.work is not None
        try:
            await asyncio.get_running_loop().run_in_executor(self._reader, asked.turn.work)
        except Exception as error:
            asked.error = self._said(error)
        asked.turn.work = None
        self._go_on(asked)

    def _fail(self, asked: Asked, error: Exception) -> None:
        if isinstance(asked, AskedMessage):
            asked.error = error
        elif isinstance(asked, AskedRows):
            for place in (*asked.left, *asked.going):
                asked.refuse(place, 500)

    def _finish(self, asked: Asked) -> None:
        self._pending -= len(asked.sessions)
        for session in asked.sessions:
            del session.queue[0]
            if session.queue:
                following = session.queue[0]
                following.blocked -= 1
                if not following.blocked:
                    self._ready[following] = None
            elif not session.is_loaded:
                self._sessions.pop((session.model, session.id), None)
        if asked.future.done():
            return  # the client has gone
        if isinstance(asked, AskedMessage):
            if asked.error is not None:
                asked.future.set_exception(asked.error)
            else:
                asked.future.set_result(asked.result)
        else:
            asked.future.set_result(None)

    async def _keep_house(self) -> None:
        pause = min(5.0, self.options.idle / 2, self.options.expire / 2)
        while True:
            try:
                if self.options.durable:
                    await asyncio.sleep(pause)
                else:  # lest what is stored expires, and what a crash loses is little
                    await self._store_little_by_little(pause)
                self._count = await self.in_thread(self._rest)
            except StorageError as error:
                self.metrics.count("storage_errors")
                self.on_trouble("the storage does not answer", error)
            for key, session in list(self._sessions.items()):
                if not session.is_loaded and not session.queue:
                    del self._sessions[key]

    async def _store_little_by_little(self, seconds: float) -> None:
        """Store the states that are not stored yet, within so many seconds: no step waits for many of them."""
        dirty = [each for each in list(self._sessions.values()) if self._is_dirty(each)]
        count = max(_LITTLE, len(dirty) // _PORTIONS)
        portions = [dirty[begin : begin + count] for begin in range(0, len(dirty), count)]
        for portion in portions:
            await self.in_thread(lambda portion=portion: self._store(each for each in portion if not each.queue))
            await asyncio.sleep(seconds / len(portions))
        if not portions:
            await asyncio.sleep(seconds)

    # what is done: in the thread ---------------------------------------------------------------------------------

    def _tick(self, batch: Sequence[Asked]) -> list[Asked]:
        """Go one step with each; return those that are finished."""
        finished: list[Asked] = []
        going: dict[str, list[Asked]] = {}
        for each in batch:
            if isinstance(each, AskedRows):
                self._begin_rows(each)
                going.setdefault(each.model, []).append(each)
            elif isinstance(each, AskedMessage):
                if self._goes(each):
                    going.setdefault(each.model, []).append(each)
                elif each.turn is None or each.turn.work is None:
                    finished.append(each)
        for name, some in going.items():
            finished += self._step(self.models[name], some)
        return self._acknowledged(finished)

    def _goes(self, asked: AskedMessage) -> bool:
        """Begin a message that has not begun; return whether it goes a step, or is at its end and has no error."""
        if asked.turn is not None or asked.error is not None:
            return asked.error is None
        try:
            return self._begun(asked)
        except Exception as error:
            asked.error = self._said(error)
            return False

    def _begun(self, asked: AskedMessage) -> bool:
        """Load a session and begin its message; return whether there are steps to go, or an answer to be stored."""
        session, message = asked.session, asked.message
        if asked.call is not None:
            if not asked.opens:
                self._load(session, fresh=True)
            asked.result = asked.call()
            return False
        # what was told cannot be run again, if it turns out that another worker has gone on meanwhile
        self._load(session, fresh=asked.tell is not None)
        assert message is not None
        if message.at is not None and message.at != session.version:
            self._load(session, fresh=True)
        if message.at is not None and message.at != session.version:
            raise Refusal(409, "at", f"the session has seen {session.version} messages, and not {message.at}")
        model = self.models[session.model]
        turn = model.turn(message, {} if message.reset else session.notes)
        if turn.steps > self.options.steps:
            raise Refusal(413, "steps", f"the message makes {turn.steps} steps; expected at most {self.options.steps}")
        if turn.work is not None and turn.steps > (most := self.options.again):
            raise Refusal(413, "again", f"{model.name} reads all of a session again at each message, and it would have "
                          f"{turn.steps} tokens or rows; expected at most {most} (--again): reset it")  # fmt: skip
        if message.reset and model.stream is not None:
            model.stream.copy_rows([0], [session.row])
        asked.turn, asked.next = turn, turn.inputs()
        return turn.work is None

    def _begin_rows(self, asked: AskedRows) -> None:
        """Load the sessions of a frame that have not gone their step; those that can go are `going` then."""
        asked.going.clear()
        for place in asked.left:
            session, at, is_new = asked.sessions[place], asked.at[place], asked.new[place]
            try:
                if is_new and at <= 0 and not session.is_loaded:
                    self._begin(session, None)
                elif not is_new:
                    self._load(session)
                    if at >= 0 and at != session.version:
                        self._load(session, fresh=True)
                if at >= 0 and at != session.version:
                    asked.refuse(place, 409)
                else:
                    asked.going.append(place)
            except Exception as error:
                said = self._said(error)
                asked.refuse(place, said.status if isinstance(said, Refusal) else 500)
        asked.left.clear()

    def _step(self, model: ServedModel, going: Sequence[Asked]) -> list[Asked]:
        """Go one step of a model with each that has one; return those that are at their end."""
        messages = [each for each in going if isinstance(each, AskedMessage)]
        active = [(each, each.next) for each in messages if each.next is not None]
        frames = [each for each in going if isinstance(each, AskedRows) and each.going]
        rows = [each.session.row for each, _ in active]
        rows += [frame.sessions[place].row for frame in frames for place in frame.going]
        if rows:
            stream = model.stream
            assert stream is not None
            parts = [[np.stack(each) for each in zip(*(inputs for _, inputs in active), strict=True)]] if active else []
            parts += [[array[frame.going] for array in frame.arrays] for frame in frames]
            x, *further = (np.concatenate(each) for each in zip(*parts, strict=True))
            named = dict(zip(stream.further, further, strict=True))
            outputs = model.finished(stream.step_many(x, np.array(rows), **named))
            for (each, _), output in zip(active, outputs, strict=False):
                assert each.turn is not None
                each.turn.take(output)
                each.next = each.turn.inputs()
            begin = len(active)
            for frame in frames:
                frame.outputs[frame.going] = outputs[begin : begin + len(frame.going)]
                begin += len(frame.going)
            self.metrics.count("ticks")
            self.metrics.count("steps", len(rows))
            self.metrics.observe("tick_rows", len(rows))
        now = time.monotonic()
        for frame in frames:
            gone = [frame.sessions[place] for place in frame.going]
            for session in gone:
                session.version += 1
                session.used = now
            frame.versions[frame.going] = [session.version for session in gone]
        finished = [each for each in messages if each.next is None]
        for each in finished:
            assert each.turn is not None
            session = each.session
            session.notes = each.turn.notes
            session.version += 1
            session.used = now
            each.result = {**each.turn.answer(), "version": session.version}
        return [*finished, *(each for each in going if isinstance(each, AskedRows))]

    def _acknowledged(self, finished: Sequence[Asked]) -> list[Asked]:
        """Store the states of those that are finished, if that comes before the answer; return those to be answered."""
        if not self.options.durable:
            return list(finished)
        written: dict[Session, tuple[Asked, int]] = {}
        for each in finished:
            if isinstance(each, AskedRows):
                written |= {each.sessions[place]: (each, place) for place in each.going}
            elif isinstance(each, AskedMessage) and each.error is None and self._is_dirty(each.session):
                written[each.session] = each, 0
        try:
            refused = self._store(written)
        except StorageError as error:
            self.metrics.count("storage_errors")
            self.on_trouble("the storage does not answer", error)
            for session, (each, place) in written.items():
                if isinstance(each, AskedMessage):
                    each.error = Refusal(503, "storage", f"{error}; the session is as it was before the message")
                elif isinstance(each, AskedRows):
                    each.refuse(place, 503)
                self._unload(session)  # to what is stored
            return list(finished)
        again = set[Asked]()
        for session in refused:
            each, place = written[session]
            self._unload(session)
            self.metrics.count("conflicts")
            is_left = each.again < _AGAIN
            if isinstance(each, AskedRows):
                if is_left:
                    each.left.append(place)
                else:
                    each.refuse(place, 409)
            elif isinstance(each, AskedMessage):
                is_left = is_left and each.message is not None and not each.is_told
                if is_left:  # nobody has been told anything: it is run again, from what the other worker has left
                    each.turn, each.result = None, None
                else:
                    each.error = Refusal(409, "conflict", "another worker has used the session meanwhile; ask again")
            if is_left:
                again.add(each)
        for each in again:
            each.again += 1
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

    def _load(self, session: Session, *, fresh: bool = False) -> None:
        """Bring a session's state into memory, if it is not there; if `fresh`, also if another worker has gone on."""
        session.used = time.monotonic()
        fresh = fresh and self.options.durable and self.storage.has_workers
        if session.is_loaded and not fresh:
            return
        found = self.storage.get(session.key)
        if session.is_loaded:
            if found is not None and found[0] == session.stored:
                return
            self._unload(session)
        if found is None:
            raise Refusal(404, "unknown_session", f"{session.model} has no session {session.id!r}, or it has expired")
        try:
            value = StateValue.read(found[1], self._stored_key)
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

    def _blobs(self, sessions: Sequence[Session], key: bytes | None) -> list[bytes]:
        """Return the states of sessions that are in memory, as values that are signed with a key."""
        rows: dict[Session, bytes] = {}
        for name in {each.model for each in sessions}:
            stream, some = self.models[name].stream, [each for each in sessions if each.model == name]
            if stream is not None:
                chosen = [each.row for each in some]
                joined = np.concatenate([matrix[chosen] for matrix in stream.matrices], 1)
                joined = joined.astype(joined.dtype.newbyteorder("<"), copy=False)
                content, size = joined.tobytes(), joined.shape[1] * joined.itemsize
                rows |= {each: content[place * size : (place + 1) * size] for place, each in enumerate(some)}
        models = self.models
        return [
            StateValue(model.digest, model.shape, each.version, each.notes, rows.get(each, b"")).signed(key)
            for each, model in ((each, models[each.model]) for each in sessions)
        ]

    def _store(self, sessions: Iterable[Session]) -> list[Session]:
        """Store states that are not stored yet; return the sessions that another worker has used meanwhile."""
        dirty = [each for each in sessions if self._is_dirty(each)]
        if not dirty:
            return []
        blobs = self._blobs(dirty, self._stored_key)
        records = [Stored(each.key, each.version, each.stored, blob) for each, blob in zip(dirty, blobs, strict=True)]
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


def _tell(asked: AskedMessage) -> None:
    """Tell what is known of an answer."""
    if asked.tell is not None and asked.turn is not None and asked.error is None:
        for piece in asked.turn.pieces:
            asked.tell(piece)
        asked.is_told |= bool(asked.turn.pieces)
        asked.turn.pieces.clear()
