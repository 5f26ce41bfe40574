"""Sessions of a pool: right values however they are batched, evicted, shared and moved; and nothing lost."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recurra.errors import InputError, StorageError
from recurra.nn import GRU, LSTM, Sequential
from recurra.serve import ServeOptions
from recurra.serve.blobs import StateValue, read_key
from recurra.serve.messages import LayerMessage, Refusal
from recurra.serve.metrics import ServerMetrics
from recurra.serve.models import ServedLayer, Turn
from recurra.serve.sessions import SessionPool
from recurra.serve.storage import (
    NEVER,
    LogStorage,
    MemoryStorage,
    RedisStorage,
    SessionStorage,
    SQLiteStorage,
    Stored,
    open_storage,
)

KEY = b"k" * 32


def pool_of(layer: torch.nn.Module, storage: SessionStorage, key: bytes = KEY, **options: Any) -> SessionPool:
    chosen = ServeOptions(storage="memory", **options)
    return SessionPool({"it": ServedLayer("it", layer)}, storage, key=key, options=chosen, metrics=ServerMetrics())


def run(use: Callable[..., Awaitable[None]], *pools: Callable[[], SessionPool]) -> None:
    async def main() -> None:
        made = [make() for make in pools]
        for pool in made:
            await pool.start()
        await use(*made)
        for pool in made:
            await pool.stop()

    asyncio.run(main())


def message(x: np.ndarray, **further: Any) -> LayerMessage:
    return LayerMessage(x=x.tolist(), **further)


def samples(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def whole(layer: Any, x: np.ndarray) -> np.ndarray:
    """Return what a layer gives for sequences (batch, steps, features)."""
    with torch.no_grad():
        return layer(torch.from_numpy(x).transpose(0, 1))[0].transpose(0, 1).numpy()


def test_sessions_are_the_layer_whatever_is_evicted() -> None:
    """Thirty sessions with room for seven; messages of one step and of several."""
    layer, x = Sequential(LSTM(3, 5, num_layers=2), torch.nn.Linear(5, 2)), samples(30, 6, 3)
    expected = whole(layer, x)

    async def use(pool: SessionPool) -> None:
        names = [await pool.open("it") for _ in range(30)]

        async def talk(number: int) -> list[Any]:
            first = await pool.ask("it", names[number], message(x[number, 0]))
            rest = await pool.ask("it", names[number], message(x[number, 1:4]))
            last = await pool.ask("it", names[number], message(x[number, 4:]))
            assert (first["version"], last["version"]) == (1, 3)
            return [first["y"], *(step["y"] for answer in (rest, last) for step in answer["steps"])]

        found = []
        for begin in range(0, 30, 6):
            found += await asyncio.gather(*(talk(number) for number in range(begin, begin + 6)))
        np.testing.assert_allclose(np.array(found), expected, rtol=1e-4, atol=1e-6)
        assert "recurra_sessions_evicted_total 0" not in pool.metrics.text()
        # one that was evicted goes on where it was
        again = await pool.ask("it", names[0], message(x[0, 0]))
        one = layer.stream()
        one.run(x[0])
        np.testing.assert_allclose(again["y"], one.step(x[0, 0]), rtol=1e-4, atol=1e-6)

    for durable in (True, False):
        run(use, lambda durable=durable: pool_of(layer, MemoryStorage(), resident=7, durable=durable))


def test_a_frame_steps_each_of_its_sessions() -> None:
    """Frames of sessions that are new, known, evicted, busy and refused: each answer is the layer's."""
    layer, x, storage = LSTM(3, 5), samples(9, 4, 3), Failing()
    expected = whole(layer, x)

    async def use(pool: SessionPool) -> None:
        one = await pool.open("it")
        names, versions, y = await pool.ask_rows("it", [one, *[""] * 4], x[:5, 0], [-1] * 5)
        assert (names[0], versions.tolist()) == (one, [1] * 5)
        assert len({*names}) == 5
        np.testing.assert_allclose(y, expected[:5, 0], rtol=1e-4, atol=1e-6)
        more = [await pool.open("it") for _ in range(4)]  # there is room for seven
        # a message and two frames at once, which overlap
        first = asyncio.ensure_future(pool.ask("it", names[0], message(x[0, 1])))
        second = asyncio.ensure_future(pool.ask_rows("it", [*names[1:4], more[0]], x[[1, 2, 3, 5], 1], [1, 1, 1, 0]))
        third = asyncio.ensure_future(pool.ask_rows("it", [names[3], names[0]], x[[3, 0], 2], [2, 2]))
        np.testing.assert_allclose((await first)["y"], expected[0, 1], rtol=1e-4, atol=1e-6)
        _, versions, y = await second
        assert versions.tolist() == [2, 2, 2, 1]
        np.testing.assert_allclose(y[:3], expected[1:4, 1], rtol=1e-4, atol=1e-6)
        _, versions, y = await third
        assert versions.tolist() == [3, 3]
        np.testing.assert_allclose(y, expected[[3, 0], 2], rtol=1e-4, atol=1e-6)
        # what is refused is refused for that session alone
        wrong = x[:5, 2].copy()
        wrong[0, 1] = np.nan
        asked = [names[1], names[2], "nowhere", names[4], ""]
        _, versions, y = await pool.ask_rows("it", asked, wrong, [2, 7, -1, 1, -1])
        assert versions.tolist() == [-422, -409, -404, 2, 1]
        storage.fails = True
        _, versions, _ = await pool.ask_rows("it", names[1:3], x[1:3, 2], [-1, -1])
        assert versions.tolist() == [-503, -503]
        storage.fails = False
        _, versions, y = await pool.ask_rows("it", names[1:3], x[1:3, 2], [-1, -1])
        assert versions.tolist() == [3, 3]
        np.testing.assert_allclose(y, expected[1:3, 2], rtol=1e-4, atol=1e-6)
        assert (await pool.ask_rows("it", [names[1]] * 30, x[[1] * 30, 2], [-1] * 30))[1].tolist() == [-429] * 30

    run(use, lambda: pool_of(layer, storage, resident=7, pending=20))


class _Waits(ServedLayer):
    """A model that takes its time for each message, outside of the ticks."""

    def turn(self, message: Any, notes: Any, /) -> Turn:
        found = super().turn(message, notes)
        if message.reset:
            found.work = lambda: time.sleep(0.3)
        return found


def test_what_takes_long_holds_nobody_up() -> None:
    async def use(pool: SessionPool) -> None:
        pool.models["it"] = _Waits("it", GRU(3, 5))
        slow, quick = await pool.open("it"), await pool.open("it")
        asked = asyncio.ensure_future(pool.ask("it", slow, message(samples(3), reset=True)))
        for _ in range(5):
            await pool.ask("it", quick, message(samples(3)))
        assert not asked.done()
        assert (await asked)["version"] == 1
        with pytest.raises(Refusal, match="it would have 2 tokens or rows; expected at most 1"):
            await pool.ask("it", slow, message(samples(2, 3), reset=True))

    run(use, lambda: pool_of(GRU(3, 5), MemoryStorage(), again=1))


def test_state_is_a_value() -> None:
    layer, x = GRU(3, 5), samples(1, 6, 3)
    expected = whole(layer, x)[0]

    async def use(one: SessionPool, other: SessionPool) -> None:
        name = await one.open("it")
        await one.ask("it", name, message(x[0, :4]))
        state = await one.state("it", name)
        for pool, id in ((one, await one.open("it", state)), (other, await other.open("it", state)), (one, name)):
            found = await pool.ask("it", id, message(x[0, 4:]))
            np.testing.assert_allclose([step["y"] for step in found["steps"]], expected[4:], rtol=1e-4, atol=1e-6)
        await one.set_state("it", name, state)
        found = await one.ask("it", name, message(x[0, 4]))
        np.testing.assert_allclose(found["y"], expected[4], rtol=1e-4, atol=1e-6)
        begun = await one.ask("it", name, message(x[0, 0], reset=True))
        np.testing.assert_allclose(begun["y"], expected[0], rtol=1e-4, atol=1e-6)
        # a message that is sent twice counts once
        seen = begun["version"]
        await one.ask("it", name, message(x[0, 1], at=seen))
        with pytest.raises(Refusal, match=f"has seen {seen + 1} messages, and not {seen}"):
            await one.ask("it", name, message(x[0, 1], at=seen))
        await one.delete("it", name)
        with pytest.raises(Refusal, match="no session"):
            await one.seen("it", name)
        for wrong, status, said in (
            (state[:-1] + bytes([state[-1] ^ 1]), 422, "signature"),
            (state[:60] + b"\1" + state[61:], 422, "signature"),
            (b"not a state", 422, "11 bytes that are no state"),
            (state[:80], 422, "80 bytes that are no state"),
            (state[:-4], 422, "signature"),
            (state[:4] + b"\0\7" + state[6:], 422, "in version 7"),
            (StateValue.read(state, KEY).signed(b"another key of 32 bytes, or more"), 422, "signature"),
        ):
            with pytest.raises(Refusal, match=said) as refused:
                await one.open("it", wrong)
            assert refused.value.status == status

    run(use, *[lambda: pool_of(layer, MemoryStorage())] * 2)

    async def foreign(one: SessionPool, other: SessionPool) -> None:
        with pytest.raises(Refusal, match="the state is of the model"):
            await other.open("it", await one.state("it", await one.open("it")))

    run(foreign, lambda: pool_of(layer, MemoryStorage()), lambda: pool_of(GRU(3, 5), MemoryStorage()))


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        pytest.skip("there is no redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


def opened(url: str) -> SessionStorage:
    for _ in range(100):
        try:
            return open_storage(url, expire=100)
        except StorageError:
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")


def shared_by_two(url: str) -> None:
    """Two workers behind a load balancer: each message of a session goes to another, and both hold its state."""
    layer, x = GRU(3, 5), samples(4, 8, 3)
    expected = whole(layer, x)

    async def use(*workers: SessionPool) -> None:
        names = [await workers[number % 2].open("it") for number in range(4)]
        for step in range(8):
            asked = [workers[(step + k) % 2].ask("it", names[k], message(x[k, step])) for k in range(4)]
            found = await asyncio.gather(*asked)
            np.testing.assert_allclose([each["y"] for each in found], expected[:, step], rtol=1e-4, atol=1e-6)
        # whoever is asked knows what the other has done
        assert {await worker.seen("it", name) for worker in workers for name in names} == {8}
        assert await workers[0].state("it", names[0]) == await workers[1].state("it", names[0])
        assert "recurra_conflicts_total 0" not in workers[0].metrics.text()
        # at once to both: each counts once
        both = [worker.ask("it", names[0], message(x[0, 0])) for worker in workers]
        assert sorted(answer["version"] for answer in await asyncio.gather(*both)) == [9, 10]
        # now to one and now to the other, with how many it has seen; what is told as it comes cannot be run again
        for step in range(4):
            told: list[Any] = []
            found = await workers[step % 2].ask("it", names[1], message(x[1, :2], at=8 + step), tell=told.append)
            assert (found["version"], len(told)) == (9 + step, 2)
        _, versions, _ = await workers[0].ask_rows("it", [names[1], names[2], ""], x[1:4, 0], [12, 7, 3])
        assert versions.tolist() == [13, -409, -409]
        with pytest.raises(Refusal, match="has seen 13 messages, and not 12"):
            await workers[1].ask("it", names[1], message(x[1, 0], at=12))
        await workers[1].delete("it", names[3])
        with pytest.raises(Refusal, match="no session"):
            await workers[0].seen("it", names[3])

    run(use, *[lambda: pool_of(layer, opened(url))] * 2)


def test_workers_share_sessions_in_sqlite(tmp_path: Path) -> None:
    shared_by_two(f"sqlite:{tmp_path / 'sessions.sqlite'}")


def test_workers_share_sessions_in_redis(redis_url: str) -> None:
    shared_by_two(redis_url)
    storage = opened(redis_url)
    assert isinstance(storage, RedisStorage)
    assert storage.count() == 3


class Failing(SessionStorage):
    """A storage that does not answer while it is told not to."""

    def __init__(self) -> None:
        self.inner, self.fails = MemoryStorage(), False

    def _asked(self) -> MemoryStorage:
        if self.fails:
            raise StorageError("the test's storage does not answer")
        return self.inner

    def put(self, records: Any, /) -> set[str]:
        return self._asked().put(records)

    def get(self, key: str, /) -> tuple[int, bytes] | None:
        return self._asked().get(key)

    def delete(self, key: str, /) -> bool:
        return self._asked().delete(key)

    def count(self) -> int:
        return self._asked().count()

    def expire(self, seconds: float, /) -> int:
        return self._asked().expire(seconds)

    def close(self) -> None:
        pass


def test_a_storage_that_does_not_answer_loses_nothing() -> None:
    layer, x, storage = GRU(3, 5), samples(1, 3, 3), Failing()
    expected = whole(layer, x)[0]

    async def use(pool: SessionPool) -> None:
        name = await pool.open("it")
        await pool.ask("it", name, message(x[0, 0]))
        storage.fails = True
        for _ in range(2):
            with pytest.raises(Refusal, match="does not answer") as refused:
                await pool.ask("it", name, message(x[0, 1]))
            assert (refused.value.status, refused.value.code) == (503, "storage")
        with pytest.raises((Refusal, StorageError)):
            await pool.check()
        storage.fails = False
        found = await pool.ask("it", name, message(x[0, 1]))
        assert found["version"] == 2
        np.testing.assert_allclose(found["y"], expected[1], rtol=1e-4, atol=1e-6)

    run(use, lambda: pool_of(layer, storage))


def test_limits_and_what_does_not_fit() -> None:
    layer, x = GRU(3, 5), samples(1, 3, 3)

    async def use(pool: SessionPool) -> None:
        name = await pool.open("it")
        before = await pool.state("it", name)
        for wrong, said in (
            (LayerMessage(x=[1.0, 2.0]), "x: step 1 has 2 numbers, expected 3"),
            (LayerMessage(x=[[1.0] * 3, [1.0] * 4]), "x: step 2 has 4 numbers"),
            (LayerMessage(x=[1.0, float("nan"), 2.0]), "x: step 1, number 2 is not finite"),
            (LayerMessage(x=[1.0, 1e300, 2.0]), "too large"),
            (LayerMessage(x=[1.0] * 3, inputs={"dt": [[1.0]]}), r"inputs: got \['dt'\]"),
            (LayerMessage(x=[[1.0] * 3] * 9), "9 steps; expected at most 8"),
        ):
            with pytest.raises(Refusal, match=said):
                await pool.ask("it", name, wrong)
        assert await pool.state("it", name) == before
        asked = [asyncio.ensure_future(pool.ask("it", name, message(x[0]))) for _ in range(5)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        assert [isinstance(each, Refusal) and each.status for each in done] == [False, False, False, 429, 429]
        await asyncio.gather(pool.open("it"), pool.open("it"))
        with pytest.raises(Refusal, match="as many as there may be"):
            await pool.open("it")
        with pytest.raises(Refusal, match="there is no model 'other'; expected it"):
            await pool.open("other")
        with pytest.raises(Refusal, match="no session 'nowhere'"):
            await pool.ask("it", "nowhere", message(x[0]))
        assert ("it", "nowhere") not in pool._sessions

    run(use, lambda: pool_of(layer, MemoryStorage(), queue=3, sessions=3, steps=8))


def test_sessions_go_on_with_a_new_model_of_the_same_shape(tmp_path: Path) -> None:
    old, new, x = GRU(3, 5), GRU(3, 5), samples(2, 3)
    file = tmp_path / "sessions.sqlite"

    async def use(pool: SessionPool) -> None:
        names = [await pool.open("it"), await pool.open("it")]
        await pool.ask("it", names[0], message(x[0]))
        stream = old.stream()
        stream.step(x[0])
        await pool.replace(ServedLayer("it", new))
        with torch.no_grad():
            expected = new(torch.from_numpy(x[None, 1:]), stream.state)[0][0, 0]
        found = await pool.ask("it", names[0], message(x[1]))
        np.testing.assert_allclose(found["y"], expected, rtol=1e-4, atol=1e-6)
        with pytest.raises(Refusal, match="states of another shape"):
            await pool.replace(ServedLayer("it", GRU(3, 6)))
        assert await pool.seen("it", names[1]) == 0

    run(use, lambda: pool_of(old, SQLiteStorage(file)))


def test_idle_states_leave_memory_and_sessions_expire() -> None:
    storage = MemoryStorage()

    async def use(pool: SessionPool) -> None:
        name = await pool.open("it")
        await pool.ask("it", name, message(samples(3)))
        while pool._sessions:
            await asyncio.sleep(0.01)
        assert await pool.seen("it", name) == 1
        while storage.count():
            await asyncio.sleep(0.01)
        while pool._sessions:
            await asyncio.sleep(0.01)
        with pytest.raises(Refusal, match="expired"):
            await pool.seen("it", name)

    run(use, lambda: pool_of(GRU(3, 5), storage, idle=0.05, expire=0.4))


def test_storages_write_over_what_was_read_alone(tmp_path: Path) -> None:
    for storage in (MemoryStorage(), LogStorage(tmp_path / "a.log"), SQLiteStorage(tmp_path / "a.sqlite")):
        assert storage.put([Stored("a", 0, NEVER, b"0"), Stored("b", 0, NEVER, b"0")]) == set()
        assert storage.put([Stored("a", 1, 0, b"1"), Stored("b", 2, 1, b"2"), Stored("c", 1, 0, b"")]) == {"b", "c"}
        assert storage.put([Stored("a", 0, NEVER, b"9")]) == {"a"}
        assert storage.put([Stored("a", 1, 0, b"1")]) == {"a"}  # what another has written, were it the same
        assert (storage.get("a"), storage.get("b"), storage.get("c")) == ((1, b"1"), (0, b"0"), None)
        assert (storage.count(), storage.expire(100), storage.delete("a"), storage.delete("a")) == (2, 0, True, False)
        storage.close()
    with pytest.raises(StorageError, match="does not answer: Cannot operate on a closed"):
        storage.count()
    with pytest.raises(StorageError, match=r"sqlite:.*cannot be opened"):
        open_storage(f"sqlite:{tmp_path}/nowhere/a.sqlite", expire=1)
    with pytest.raises(StorageError, match=r"127\.0\.0\.1:1/0 does not answer"):
        open_storage("redis://:secret@127.0.0.1:1/0", expire=1)
    with pytest.raises(InputError, match="expected memory, sqlite:FILE, log:FILE or redis"):
        open_storage("mysql://x", expire=1)


def test_a_log_is_read_again_as_it_was_left(tmp_path: Path) -> None:
    """Also when its process was killed in the middle of a write, and when it is written anew."""
    path = tmp_path / "a.log"
    storage = LogStorage(path, garbage=3000)
    storage.put([Stored(name, 0, NEVER, name.encode() * 50) for name in "abc"])
    for version in range(1, 40):
        assert not storage.put([Stored("a", version, version - 1, b"%d" % version * 50)])
    assert path.stat().st_size < 7000  # of 39 states and more
    assert storage.delete("b")
    with pytest.raises(StorageError, match=r"a\.log is used by another process"):
        LogStorage(path)
    storage.close()
    whole = path.read_bytes()
    for damaged, lost in ((whole, b""), (whole + b"\1" * 90, b"\1" * 90), (whole + whole[19:60], whole[19:60])):
        path.write_bytes(damaged)
        again = open_storage(f"log:{path}", expire=1)
        assert (again.get("a"), again.get("b"), again.get("c")) == ((39, b"39" * 50), None, (0, b"c" * 50))
        assert again.put([Stored("a", 9, 8, b"x")]) == {"a"}
        again.close()
        assert path.read_bytes() == whole
        cut = tmp_path / "a.log.cut"
        assert (cut.read_bytes() if cut.exists() else b"") == lost
    path.write_bytes(b"something else")
    with pytest.raises(StorageError, match="no file of sessions"):
        LogStorage(path)
    with pytest.raises(StorageError, match=r"log:.*cannot be opened"):
        LogStorage(tmp_path / "nowhere" / "a.log")


def test_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECURRA_SERVE_KEY", raising=False)
    beside = tmp_path / "key"
    made = read_key(None, beside=beside, shared=False)
    assert read_key(None, beside=beside, shared=False) == made
    assert beside.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="one key for all servers"):
        read_key(None, beside=None, shared=True)
    (tmp_path / "short").write_text("abc")
    with pytest.raises(InputError, match="has 3 bytes; expected 16"):
        read_key(str(tmp_path / "short"), beside=None, shared=True)
    monkeypatch.setenv("RECURRA_SERVE_KEY", "0123456789abcdef")
    assert read_key(None, beside=beside, shared=True) == b"0123456789abcdef"
