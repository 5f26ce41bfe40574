"""Progress: where a prediction that takes long says how far it is; nothing is said unless somebody asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["Progress", "progress_to", "watched"]

_Item = TypeVar("_Item")

Progress = Callable[[int, int, str], None]
"""Is told how many of how many are done, and of what; with all done at the end."""

_told: ContextVar[Progress | None] = ContextVar("recurra.progress", default=None)

_BETWEEN = 0.2
"""Seconds between two times that it is told."""


@contextmanager
def progress_to(tell: Progress, /) -> Iterator[None]:
    """Have everything in the block that goes on for long tell how far it is.

    Examples
    --------
    >>> from recurra.tasks.progress import progress_to, watched
    >>> with progress_to(lambda done, of, what: print(done, "of", of, what)):
    ...     for _ in watched(range(3), what="windows", each=10):
    ...         pass
    0 of 30 windows
    30 of 30 windows
    """
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def watched(items: Sequence[_Item], /, *, what: str, each: int = 1) -> Iterator[_Item]:
    """Yield items, and tell how far it is.

    Parameters
    ----------
    items
        What is gone through.
    what, each
        What an item stands for, in the plural, and how many of them.
    """
    tell = _told.get()
    if tell is None or len(items) < 2:
        yield from items
        return
    said = float("-inf")
    for done, item in enumerate(items):
        if time.monotonic() - said >= _BETWEEN:
            tell(done * each, len(items) * each, what)
            said = time.monotonic()
        yield item
    tell(len(items) * each, len(items) * each, what)
