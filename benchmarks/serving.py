"""`python -m benchmarks.serving`: a server and many sessions that step at a steady rate, both ends on this machine.

Each session has a WebSocket of its own; or, with `--connections 8`, sessions are spread over so many WebSockets, whose
frames have the steps that are due, as a gateway before many clients sends them. A session steps so many times a second,
whether the answer before has come or not later than the next step is due; what is measured is the time from when a step
was due to its answer, which counts what waited. The answers of some sessions are compared with the layer itself.

With `--kills 200`, sessions step as fast as they can while the server is killed (`kill -9`) and started again so many
times; no session may have seen fewer steps afterwards than were acknowledged, and the answers have to be the layer's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.alternate import write
from recurra.nn import GRU
from recurra.serve import ServeOptions, serve
from recurra.serve.frames import FrameLayout

COMPARED = 20
RAMP = 2.0
"""Seconds that are not counted: code is compiled, connections are warm."""

Step = tuple[int, list[float], list[float]]
"""The messages that a session had seen after a step, what the step read, and what was answered."""


def layer_of(options: argparse.Namespace) -> GRU:
    """Return the layer that is served."""
    torch.manual_seed(0)
    return GRU(options.width, options.hidden)


def run_server(options: argparse.Namespace, storage: str, log: str) -> None:
    """Serve, in a process of its own."""
    sys.stderr = Path(log).open("w")  # noqa: SIM115 -- until the process ends
    torch.set_num_threads(1)
    chosen = ServeOptions(port=0, storage=storage, durable=options.durable, resident=100_000)
    serve({"gru": layer_of(options)}, options=chosen)


class Server:
    """A server process, of which only what is imported is there already."""

    context = multiprocessing.get_context("forkserver")

    def __init__(self, options: argparse.Namespace, storage: str, folder: str) -> None:
        self.context.set_forkserver_preload(["benchmarks.serving"])
        log = Path(folder, "log")
        log.write_text("")
        self._process = self.context.Process(target=run_server, args=(options, storage, str(log)))
        self._process.start()
        while '"ready"' not in log.read_text():
            assert self._process.is_alive(), log.read_text()
            time.sleep(0.02)
        self.address = json.loads(log.read_text().splitlines()[0])["address"].replace("http", "ws") + "/v1/models/gru"
        assert self._process.pid is not None
        self.pid = self._process.pid

    def kilobytes(self, name: str) -> int:
        """Return a line of /proc/PID/status."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))

    def seconds(self) -> float:
        """Return the processor's time that it has taken."""
        ticks = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, unless it is at its end already."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)
        self._process.join(30)


# a load ------------------------------------------------------------------------------------------------------------


async def socket_session(
    address: str, number: int, options: argparse.Namespace, start: float, found: dict[int, Any]
) -> None:
    """Step a session at its times by a WebSocket of its own; add its latencies, and some answers for the check."""
    random = np.random.default_rng(number)
    period, latencies, steps = 1 / options.rate, [], list[Step]()
    async with connect(f"{address}/stream", compression=None, max_size=None) as socket:
        await socket.recv()
        due = start + random.random() * period
        until = start + RAMP + options.seconds
        while due < until:
            x = random.standard_normal(options.width).round(4).tolist()
            if (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            await socket.send(json.dumps({"x": x}))
            answer = json.loads(await socket.recv())
            if due > start + RAMP:
                latencies.append(time.perf_counter() - due)
            if number < COMPARED:
                steps.append((answer["version"], x, answer["y"]))
            due += period
        found[number] = latencies, steps


async def gateway(
    address: str, numbers: range, options: argparse.Namespace, start: float, found: dict[int, Any]
) -> None:
    """Step sessions at their times by one WebSocket: once a frame is answered, the next has the steps that are due."""
    random, count, period = np.random.default_rng(numbers.start), len(numbers), 1 / options.rate
    phases = np.sort(random.random(count)) * period
    layout, compared = FrameLayout(options.width, options.hidden), range(max(0, COMPARED - numbers.start))
    latencies, steps = list[np.ndarray](), {place: list[Step]() for place in compared}
    async with connect(f"{address}/frames", compression=None, max_size=None) as socket:
        await socket.recv()
        await socket.send(layout.rows([b""] * count, np.zeros((count, options.width)), -1))
        begun = layout.read_answer(await socket.recv())
        names = begun["session"].copy()
        for place in compared:
            steps[place].append((1, [0.0] * options.width, begun["y"][place].tolist()))
        step, until = 0, start + RAMP + options.seconds
        while (now := time.perf_counter()) < until:
            # step number s is of session s % count, due at its phase in round s // count
            rounds, since = divmod(max(0.0, now - start), period)
            last = min(int(rounds) * count + int(np.searchsorted(phases, since, side="right")), step + count)
            if last == step:
                await asyncio.sleep(options.gather / 1e3)
                continue
            asked = np.arange(step, last)
            places, due = asked % count, start + asked // count * period + phases[asked % count]
            x = random.standard_normal((len(places), options.width)).astype(np.float32)
            await socket.send(layout.rows(names[places].tolist(), x, -1))
            rows = layout.read_answer(await socket.recv())
            latencies.append((time.perf_counter() - due)[due > start + RAMP])
            assert (rows["version"] > 0).all(), rows["version"].min()
            assert (rows["session"] == names[places]).all()
            for row, place in enumerate(places.tolist()):
                if place in steps:
                    steps[place].append((int(rows["version"][row]), x[row].tolist(), rows["y"][row].tolist()))
            step = last
            await asyncio.sleep(max(0.0, now + options.gather / 1e3 - time.perf_counter()))
    for place, number in enumerate(numbers):
        found[number] = np.concatenate(latencies) if place == 0 else [], steps.get(place, [])


async def load(address: str, options: argparse.Namespace) -> dict[int, Any]:
    """Run sessions until their time is over."""
    found: dict[int, Any] = {}
    start = time.perf_counter() + 1 + (0 if options.connections else options.sessions / 400)
    if options.connections:
        bounds = np.linspace(0, options.sessions, options.connections + 1).astype(int).tolist()
        shares = [range(*each) for each in pairwise(bounds)]
        await asyncio.gather(*(gateway(address, share, options, start, found) for share in shares))
    else:
        numbers = range(options.sessions)
        await asyncio.gather(*(socket_session(address, number, options, start, found) for number in numbers))
    return found


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return the point of one server under load."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(options, storage_of(options, folder), folder)
        try:
            before, begun = server.kilobytes("VmRSS"), time.process_time()
            found = asyncio.run(load(server.address, options))
            after, mine, theirs = server.kilobytes("VmHWM"), time.process_time() - begun, server.seconds()
        finally:
            server.end()
    assert len(found) == options.sessions
    for number in range(min(COMPARED, options.sessions)):
        check(found[number][1], options)
    latencies = np.concatenate([each for each, _ in found.values()]) * 1e3
    state = options.hidden * 4 / 1024
    return {
        "kind": "GRU", "size": [options.width, options.hidden], "sessions": options.sessions,
        "connections": options.connections or options.sessions, "rate": options.rate,
        "seconds": options.seconds, "storage": options.storage, "durable": options.durable, "steps": len(latencies),
        "a second": len(latencies) / options.seconds,
        "ms": {f"p{share:g}": round(float(np.percentile(latencies, share)), 3) for share in (50, 90, 99, 99.9, 100)},
        "kB a session beside the state": round((after - before) / options.sessions - state, 2),
        "processor seconds": {"server": round(theirs, 1), "clients": round(mine, 1)},
    }  # fmt: skip


def storage_of(options: argparse.Namespace, folder: str) -> str:
    """Return the URL of the storage."""
    return f"{options.storage}:{folder}/sessions" if options.storage in ("sqlite", "log") else options.storage


def check(steps: list[Step], options: argparse.Namespace) -> None:
    """Raise AssertionError unless a session has had each step once, in order, and the layer's answers."""
    assert [version for version, _, _ in steps] == list(range(1, len(steps) + 1))
    x, y = np.array([x for _, x, _ in steps]), np.array([y for _, _, y in steps])
    with torch.no_grad():
        expected = layer_of(options)(torch.tensor(x, dtype=torch.float32)[:, None])[0][:, 0].numpy()
    np.testing.assert_allclose(y, expected, rtol=1e-3, atol=1e-5)


# kills -------------------------------------------------------------------------------------------------------------


_SEEN_OTHERS = -409
"""What a row is answered whose session has not seen as many messages as it says."""


class Witness:
    """What some sessions of one connection were asked, and what of it was acknowledged.

    What a killed server has not answered is asked again, as the step that it was: one that was done is refused then.
    """

    def __init__(self, count: int, seed: int) -> None:
        self.names, self._random = [b""] * count, np.random.default_rng(seed)
        self.steps = [list[Step]() for _ in range(count)]
        self.acknowledged, self.lost, self.unsaid = 0, 0, 0
        self._unanswered: np.ndarray | None = None

    async def talk(self, address: str, options: argparse.Namespace) -> None:
        """Step the sessions again and again until the server is gone."""
        layout = FrameLayout(options.width, options.hidden)
        try:
            async with connect(f"{address}/frames", compression=None, max_size=None) as socket:
                await socket.recv()
                while True:
                    x, is_again = self._unanswered, self._unanswered is not None
                    if x is None:
                        x = self._random.standard_normal((len(self.names), options.width)).astype(np.float32)
                        self._unanswered = x
                    seen = np.array([len(steps) for steps in self.steps])
                    await socket.send(layout.rows(self.names, x, seen))
                    self._note(layout.read_answer(await socket.recv()), x, is_again=is_again)
                    self._unanswered = None
        except (ConnectionClosed, OSError):
            return

    def _note(self, rows: np.ndarray, x: np.ndarray, *, is_again: bool) -> None:
        self.names = rows["session"].tolist()
        for place, (version, y) in enumerate(zip(rows["version"].tolist(), rows["y"].tolist(), strict=True)):
            steps = self.steps[place]
            if is_again and version == _SEEN_OTHERS:  # it was done, and not acknowledged
                steps.append((len(steps) + 1, x[place].tolist(), []))
                self.unsaid += 1
                continue
            self.lost += version != len(steps) + 1
            steps.append((version, x[place].tolist(), y))
            self.acknowledged += 1

    def check(self, options: argparse.Namespace) -> None:
        """Raise AssertionError unless the answers are the layer's."""
        for steps in self.steps:
            with torch.no_grad():
                x = torch.tensor([x for _, x, _ in steps], dtype=torch.float32)
                expected = layer_of(options)(x[:, None])[0][:, 0].numpy()
            said = [place for place, (_, _, y) in enumerate(steps) if y]
            np.testing.assert_allclose([steps[place][2] for place in said], expected[said], rtol=1e-3, atol=1e-4)


def kill(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was lost of what was acknowledged when a server was killed so many times."""
    connections, random = options.connections or 4, np.random.default_rng(0)
    witnesses = [Witness(options.sessions // connections, seed) for seed in range(connections)]

    async def round_of(server: Server, seconds: float) -> None:
        talks = [asyncio.ensure_future(each.talk(server.address, options)) for each in witnesses]
        await asyncio.sleep(seconds)
        os.kill(server.pid, signal.SIGKILL)
        await asyncio.gather(*talks)

    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.kills):
            server = Server(options, storage_of(options, folder), folder)
            asyncio.run(round_of(server, 0.2 + 0.4 * random.random()))
            server.end(signal.SIGKILL)
    for each in witnesses:
        each.check(options)
    return {
        "kills": options.kills, "size": [options.width, options.hidden], "storage": options.storage,
        "durable": options.durable, "sessions": options.sessions, "connections": connections,
        "acknowledged steps": sum(each.acknowledged for each in witnesses),
        "done, not acknowledged": sum(each.unsaid for each in witnesses),
        "acknowledged steps lost": sum(each.lost for each in witnesses),
    }  # fmt: skip


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=0, help="WebSockets, by frames; 0: one a session")
    parser.add_argument("--gather", type=float, default=2.0, help="milliseconds in which a gateway gathers a frame")
    parser.add_argument("--rate", type=float, default=20.0, help="steps a second of a session")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--width", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--storage", default="sqlite", help="sqlite, log, memory or a URL")
    parser.add_argument("--durable", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--kills", type=int, default=0, help="kill the server so many times in place of the load")
    parser.add_argument("--dry", action="store_true", help="write no file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    point = kill(options) if options.kills else measure(options)
    sys.stdout.write(f"{point}\n")
    assert not options.kills or point["acknowledged steps lost"] == 0
    if not options.dry:
        name = "serving_kills" if options.kills else "serving"
        write(name, "python -m " + " ".join(["benchmarks.serving", *sys.argv[1:]]), [point])


if __name__ == "__main__":
    main()
