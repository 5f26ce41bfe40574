"""Programs of a grid that wait for each other, in Triton's interpreter: they take turns at their barriers.

The interpreter runs one program after another, so that a barrier would never be passed. Here each program is a thread,
one of which runs at a time, until its next barrier; in either order, what is read before it is written, or written
before it is read, comes out wrong.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from triton.runtime import interpreter

from recurra.backends.triton import run
from recurra.backends.triton.program import load

__all__ = ["take_turns"]


class Program:
    """One program of a grid, which runs from barrier to barrier."""

    def __init__(self, function: Callable[[], object], place: tuple[int, ...]) -> None:
        self.function, self.place = function, place
        self.go, self.stopped = threading.Semaphore(0), threading.Semaphore(0)
        self.error: BaseException | None = None
        self.is_over = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self.go.acquire()
        try:
            with np.errstate(all="ignore"):
                self.function()
        except BaseException as error:
            self.error = error
        self.is_over = True
        self.stopped.release()

    def turn(self) -> None:
        """Run until the next barrier, or to the end."""
        interpreter.interpreter_builder.set_grid_idx(*self.place)
        self.go.release()
        self.stopped.acquire()
        if self.error:
            raise self.error

    def wait(self) -> None:
        """Let others run until the next turn; called by the program itself."""
        self.stopped.release()
        self.go.acquire()


class Together:
    """A generated function that runs when the last of its programs is called, all of them in turns."""

    def __init__(self, function: Any, grid: tuple[int, ...], *, backwards: bool) -> None:
        self.function, self.count, self.backwards = function, int(np.prod(grid)), backwards
        self.waiting: list[tuple[Callable[[], object], tuple[int, ...]]] = []
        self.__globals__, self.__name__ = function.__globals__, function.__name__
        self.__signature__ = inspect.signature(function)

    def __call__(self, **given: Any) -> None:
        self.waiting.append((lambda: self.function(**given), interpreter.interpreter_builder.grid_idx))
        if len(self.waiting) == self.count:
            self._run()

    def _run(self) -> None:
        programs = [Program(*each) for each in (self.waiting[::-1] if self.backwards else self.waiting)]
        RUNNING.update((program.thread, program) for program in programs)
        while alive := [program for program in programs if not program.is_over]:
            for program in alive:
                program.turn()


RUNNING: dict[threading.Thread, Program] = {}


def cross_barrier(arrived: Any, expected: Any) -> None:
    """Let the others run."""
    RUNNING[threading.current_thread()].wait()


def take_turns(monkeypatch: pytest.MonkeyPatch, *, backwards: bool) -> None:
    """Make programs of generated functions take turns, the last one first if `backwards`."""

    def loaded(text: str) -> Any:
        module = load(text)
        monkeypatch.setattr(module, "cross_barrier", cross_barrier)
        return module

    class Executor(interpreter.GridExecutor):
        def __call__(self, *args: Any, **kwargs: Any) -> None:
            self.fn = Together(self.fn, self.grid, backwards=backwards)
            super().__call__(*args, **kwargs)

    monkeypatch.setattr(run, "load", loaded)
    monkeypatch.setattr(interpreter, "GridExecutor", Executor)
