"""`python -m benchmarks.serving`: a server and many sessions that step at a steady rate, both ends on this machine.

Sessions are spread over WebSocket connections, by default one each. A session steps so many times a second, whether the
answer before has come or not later than the next step is due; what is measured is the time from when a step was due to
its answer, which counts what waited. The answers of some sessions are compared with the layer itself at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.alternate import write
from recurra.nn import GRU

SERVER = """
import sys, torch
torch.manual_seed(0)
torch.set_num_threads(1)
from recurra.nn import GRU
from recurra.serve import ServeOptions, serve
width, hidden, storage, durable = sys.argv[1:]
options = ServeOptions(port=0, storage=storage, durable=durable == "True", resident=100_000)
serve({"gru": GRU(int(width), int(hidden))}, options=options)
"""
COMPARED = 20
RAMP = 2.0
"""Seconds that are not counted: code is compiled, connections are warm."""


async def session(address: str, number: int, options: argparse.Namespace, start: float, found: list[Any]) -> None:
    """Step a session at its times; add its latencies, and its last answers for the check."""
    from websockets.asyncio.client import connect

    random = np.random.default_rng(number)
    period, latencies, x, y = 1 / options.rate, [], [], []
    async with connect(address, compression=None, max_size=None) as socket:
        await socket.recv()
        due = start + random.random() * period
        until = start + RAMP + options.seconds
        while due < until:
            values = random.standard_normal(options.width).round(4)
            if (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            await socket.send(json.dumps({"x": values.tolist()}))
            answer = json.loads(await socket.recv())
            if due > start + RAMP:
                latencies.append(time.perf_counter() - due)
            if number < COMPARED:
                x.append(values)
                y.append(answer["y"])
            due += period
        found.append((number, latencies, answer["version"], x, y))


async def load(address: str, numbers: range, options: argparse.Namespace) -> list[Any]:
    """Run sessions until their time is over."""
    found: list[Any] = []
    start = time.perf_counter() + 1 + len(numbers) / 400
    await asyncio.gather(*(session(address, number, options, start, found) for number in numbers))
    return found


def status(pid: int, name: str) -> int:
    """Return a line of /proc/PID/status, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return the point of one server under load."""
    with tempfile.TemporaryDirectory() as folder:
        storage = options.storage if options.storage != "sqlite" else f"sqlite:{folder}/sessions.sqlite"
        arguments = [str(options.width), str(options.hidden), storage, str(options.durable)]
        log = Path(folder, "log")
        with log.open("w") as file:
            server = subprocess.Popen([sys.executable, "-c", SERVER, *arguments], stderr=file)
        try:
            while '"ready"' not in log.read_text():
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
            address = json.loads(log.read_text().splitlines()[0])["address"].replace("http", "ws")
            before, begun = status(server.pid, "VmRSS"), time.process_time()
            found = asyncio.run(load(f"{address}/v1/models/gru/stream", range(options.sessions), options))
            after, mine = status(server.pid, "VmHWM"), time.process_time() - begun
            used = sum(os.times()[:2])
        finally:
            server.terminate()
            server.wait(30)
    check(found, options)
    latencies = np.concatenate([each[1] for each in found]) * 1e3
    state = options.hidden * 4 / 1024
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    point = {
        "kind": "GRU", "size": [options.width, options.hidden], "sessions": options.sessions, "rate": options.rate,
        "seconds": options.seconds, "storage": options.storage, "durable": options.durable, "steps": len(latencies),
        "a second": len(latencies) / options.seconds,
        "ms": {f"p{share:g}": round(float(np.percentile(latencies, share)), 3) for share in (50, 90, 99, 99.9)},
        "kB a session beside the state": round((after - before) / options.sessions - state, 2),
        "processor seconds": {"server": round(theirs.ru_utime + theirs.ru_stime, 1), "clients": round(mine, 1)},
    }  # fmt: skip
    assert used > 0
    sys.stdout.write(f"{point}\n")
    return point


def check(found: list[Any], options: argparse.Namespace) -> None:
    """Raise AssertionError unless each session has had each step once, and some gave the layer's numbers."""
    torch.manual_seed(0)
    layer = GRU(options.width, options.hidden)
    assert len(found) == options.sessions
    for number, _, version, x, y in found:
        if number < COMPARED:
            assert version == len(x)
            expected = layer(torch.tensor(np.array(x), dtype=torch.float32))[0].detach().numpy()
            np.testing.assert_allclose(y, expected, rtol=1e-3, atol=1e-5)


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=20.0, help="steps a second of a session")
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--width", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--storage", default="sqlite", help="sqlite, memory or a URL")
    parser.add_argument("--durable", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--dry", action="store_true", help="write no file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    point = measure(options)
    if not options.dry:
        write("serving", "python -m benchmarks.serving", [point])


if __name__ == "__main__":
    main()
