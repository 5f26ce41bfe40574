"""What threads share is made once: under one lock, whoever asks first, while the others wait.

Cells, plans, kernels and machine code are made at their first use and shared by all layers of a process. Two threads
that made one of them at once would hold two, of which the shared one replaces the other; and LLVM is not meant to be
entered twice. There is one lock for all of it, so that no two threads can wait for each other. Nothing is imported
while it is held: a thread that is importing a module of cells holds that module's lock, and may wait for this one.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, overload

__all__ = ["Recent", "cached", "lock", "made_once", "making"]

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

_all: list[Any] = []


def lock() -> Any:
    """Return a lock of the process that a fork waits for: a child never inherits it locked by a thread it lacks.

    It is reentrant, as a collection of garbage may run anything at any time. Whoever holds several takes them in the
    order in which they were made here.
    """
    made = threading.RLock()
    _all.append(made)
    return made


def _before_fork() -> None:
    for each in _all:
        each.acquire()


def _after_fork() -> None:
    for each in reversed(_all):
        each.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)

making = lock()
"""Held while a shared thing is made."""

_counting = lock()
"""Held for a moment, while something is noted as used."""


class made_once(Generic[T]):  # noqa: N801  # used as `functools.cached_property` is
    """A property that is computed at its first use, by one thread."""

    def __init__(self, function: Callable[[Any], T]) -> None:
        self.function, self.__doc__ = function, function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> made_once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...
    def __get__(self, instance: object | None, owner: type | None = None) -> made_once[T] | T:
        if instance is None:
            return self
        known = instance.__dict__  # from then on it is found there first
        with making:
            if self.name not in known:
                known[self.name] = self.function(instance)
            return known[self.name]


def cached(maxsize: int | None = None) -> Callable[[F], F]:
    """Return a decorator like `functools.lru_cache` under which a value is made by one thread."""

    def decorate(function: F) -> F:
        inner = functools.lru_cache(maxsize)(function)

        @functools.wraps(function)
        def found(*args: Any, **options: Any) -> Any:
            with making:
                return inner(*args, **options)

        found.cache_clear = inner.cache_clear  # pyright: ignore[reportAttributeAccessIssue]
        return found  # pyright: ignore[reportReturnType]

    return decorate


class Recent(Generic[T]):
    """What was made for a key, at most `most` of them: those longest unused are dropped."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._made: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what belongs to a key, made at the first time. It never waits for others' keys that are known."""
        found = self._used(key)
        if found is not None:
            return found
        with making:
            found = self._used(key)
            if found is None:
                found = make()
                with _counting:
                    self._made[key] = found
                    while len(self._made) > self.most:
                        self._made.pop(next(iter(self._made)))
        return found

    def _used(self, key: Hashable) -> T | None:
        with _counting:
            found = self._made.pop(key, None)
            if found is not None:
                self._made[key] = found
        return found

    def values(self) -> list[T]:
        """Return all of them."""
        with _counting:
            return list(self._made.values())

    def clear(self) -> None:
        """Drop all of them."""
        with _counting:
            self._made.clear()
