"""Peers that run in a Python of their own: the protocol on the process's pipes, and both ends of it.

A request and an answer are a line of JSON each. What it says under `arrays`, a name, a type and a shape for each,
follows as bytes. There are two requests:

- `load`, with `job` and arrays (weights, inputs, a model): the peer prepares what the job names and calls it once. It
  answers with the seconds of that first call, in which it may compile, its version, and the results as arrays;
- `run`, with `calls`: the peer calls it so often, and answers with the seconds of all calls and the processor's.

So a peer's repetitions can be timed in turn with ours, without what the pipes cost. A peer keeps to as many processors
as it was given threads. This file needs nothing but NumPy, for it is imported in both environments.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

__all__ = ["Arrays", "Job", "Loaded", "Peer", "PeerError", "Prepare", "serve"]

Arrays = Mapping[str, np.ndarray]
Job = Mapping[str, Any]
Prepare = Callable[[Job, Arrays], tuple[Callable[[], Any], Callable[[Any], Arrays]]]
"""From a job and its arrays: the call that is timed, and what names the arrays of its value."""

ROOT = Path(__file__).resolve().parent.parent


class PeerError(Exception):
    """A peer failed; the message says with what."""


def send(stream: IO[bytes], message: Mapping[str, Any], arrays: Arrays | None = None) -> None:
    """Write a message and its arrays."""
    given = {name: np.ascontiguousarray(array) for name, array in (arrays or {}).items()}
    shapes = [[name, array.dtype.str, array.shape] for name, array in given.items()]
    stream.write(json.dumps({**message, "arrays": shapes}).encode() + b"\n")
    for array in given.values():
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the next message and its arrays; raise EOFError if there is none, or if it breaks off."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    message = json.loads(line)
    arrays = {}
    for name, kind, shape in message.pop("arrays"):
        dtype = np.dtype(kind)
        size = dtype.itemsize * int(np.prod(shape))
        content = stream.read(size)
        if len(content) < size:
            raise EOFError
        arrays[name] = np.frombuffer(content, dtype).reshape(shape)
    return message, arrays


# the peer's end ----------------------------------------------------------------------------------------------------


def serve(prepare: Prepare, *, version: str) -> None:
    """Answer requests until there are no more; what the peer prints goes to its errors, not between the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    run: Callable[[], Any] | None = None
    with contextlib.suppress(EOFError):
        while True:
            message, arrays = receive(sys.stdin.buffer)
            try:
                if message["request"] == "load":
                    run, named = prepare(message["job"], arrays)
                    start = time.perf_counter()
                    value = run()
                    first = time.perf_counter() - start
                    send(answers, {"first call": first, "version": version}, named(value))
                elif run is None:
                    raise ValueError("run: nothing was loaded")
                else:
                    send(answers, timed(run, message["calls"]))
            except Exception:
                send(answers, {"error": traceback.format_exc()})


def timed(run: Callable[[], Any], calls: int) -> dict[str, float]:
    """Return the seconds of so many calls, and those of the processor, all threads' together."""
    processor, start = time.process_time(), time.perf_counter()
    for _ in range(calls):
        run()
    return {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor}


# our end -----------------------------------------------------------------------------------------------------------


class Peer:
    """A peer's process: a module of this folder, run by the Python of another environment.

    Parameters
    ----------
    python : str
        The path of that Python.
    module : str
        The module's name, without the folder's.
    threads : int
        How many processors the process may use, from its start on.
    environment : mapping
        Variables that it has beside ours.
    """

    def __init__(self, python: str, module: str, *, threads: int, environment: Mapping[str, str] | None = None) -> None:
        self.threads = threads
        command = [python, "-m", f"{__package__}.{module}"]
        with _processors(threads):
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it is open as long as the process)
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=self._errors,
            )  # fmt: skip

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()
        self._errors.close()

    def load(self, job: Job, arrays: Arrays) -> Loaded:
        """Have the peer prepare a job and call it once; `PeerError` if it fails."""
        return Loaded(self, *self._ask({"request": "load", "job": job}, arrays))

    def run(self, calls: int) -> dict[str, float]:
        """Have the peer call so often what was loaded last."""
        return self._ask({"request": "run", "calls": calls})[0]

    def _ask(self, request: Mapping[str, Any], arrays: Arrays | None = None) -> tuple[dict[str, Any], Arrays]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            send(stdin, request, arrays)
            answer, found = receive(stdout)
        except (BrokenPipeError, EOFError):
            status = self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace")
            raise PeerError(f"{self._process.args}: the process ended with status {status}\n{said}") from None
        if "error" in answer:
            raise PeerError(f"{self._process.args}, asked for {dict(request)}:\n{answer['error']}")
        return answer, found


class Loaded:
    """What a peer has prepared, until it prepares something else: called, it runs once.

    Attributes
    ----------
    first_call : float
        Seconds of the first call.
    version : str
        The peer's.
    results : mapping
        The arrays that the first call gave.
    """

    def __init__(self, peer: Peer, answer: Mapping[str, Any], results: Arrays) -> None:
        self.first_call, self.version, self.results = float(answer["first call"]), str(answer["version"]), results
        self._peer, self._seconds, self._processor = peer, 0.0, 0.0

    def __call__(self) -> None:
        self._peer.run(1)

    def seconds(self, calls: int) -> float:
        """Return the seconds of so many calls, without the pipes."""
        found = self._peer.run(calls)
        self._seconds += found["seconds"]
        self._processor += found["processor"]
        return found["seconds"]

    @property
    def processors(self) -> float:
        """How many processors were busy in the calls that were timed, on average."""
        return self._processor / self._seconds


@contextlib.contextmanager
def _processors(count: int) -> Iterator[None]:
    """Keep this thread, and with it the processes that it starts, to the first so many of its processors."""
    if sys.platform != "linux":
        raise OSError(f"{sys.platform}: a peer is kept to its processors as Linux does it")
    ours = os.sched_getaffinity(0)
    if len(ours) < count:
        raise ValueError(f"{count} threads: this process may use {len(ours)} processors")
    os.sched_setaffinity(0, sorted(ours)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)
