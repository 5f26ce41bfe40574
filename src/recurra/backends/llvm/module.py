"""Module: functions that are compiled together. Their text is written when it is first asked for.

Python takes several times as long to write a text as to load what it was compiled to. So a note on disk says, of all
that decides a text, the key of its machine code and the arrays that the functions are given: where both are there,
nothing is written. A note holds for the sources that wrote it alone.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from recurra import __version__
from recurra.backends import cache
from recurra.backends.llvm.call_table import Kind, Slots
from recurra.backends.llvm.compiler import MachineCode, Target, compiled, key_of, loaded
from recurra.derive.stages import Product
from recurra.graph.node import Node, topological
from recurra.locks import Recent, made_once

__all__ = ["CODE", "Description", "Module", "Written"]

CODE: Recent[MachineCode] = Recent(512)
"""What the process has compiled or loaded, by its key."""

_WRITERS = ("backends", "derive", "graph")
"""The packages that decide what is written."""


@dataclass(frozen=True)
class Written:
    """LLVM IR, and the arrays that its functions are given, by their names."""

    text: str
    slots: Mapping[str, Slots]


class Description:
    """Values as a text that is the same in each process; nodes and products are numbered as they are met.

    A set says which of those it has; what else is in it is never read.
    """

    def __init__(self, *values: Any) -> None:
        self._numbers: dict[Node | Product, int] = {}
        self._lines: list[str] = []
        self._lines += [self._said(value) for value in values]

    def __str__(self) -> str:
        return "\n".join(self._lines)

    @functools.cached_property
    def _met(self) -> Sequence[Node | Product]:
        return tuple(self._numbers)

    def number(self, met: Node | Product) -> int:
        """Return the number of a node or a product."""
        return self._numbers[met]

    def of(self, number: int) -> Node | Product:
        """Return what has a number."""
        return self._met[number]

    def _said(self, value: Any) -> str:
        if isinstance(value, Node):
            return f"%{self._of_node(value)}"
        if isinstance(value, frozenset):
            return f"{{{sorted(self._numbers[each] for each in value if each in self._numbers)}}}"
        if isinstance(value, tuple):
            return f"({', '.join(map(self._said, value))})"
        if is_dataclass(value):
            said = f"{type(value).__name__}{self._said(tuple(getattr(value, each.name) for each in fields(value)))}"
            if isinstance(value, Product):
                self._numbers.setdefault(value, len(self._numbers))
            return said
        if value is None or isinstance(value, str | int | float):
            return repr(value)
        raise TypeError(f"cannot describe {value!r}")

    def _of_node(self, root: Node) -> int:
        for node in topological([root], stop=self._numbers.__contains__):
            if node not in self._numbers:
                number = self._numbers[node] = len(self._numbers)
                args = [self._numbers[each] for each in node.args]
                self._lines.append(f"%{number} {node.op} {args} {node.shape} {node.rows} {node.attributes}")
        return self._numbers[root]


class Module:
    """Functions for a target: what they are called, how they are written, and all that decides what is written.

    Sets stand last in the description: they say which of the values before them they have.
    """

    def __init__(
        self, names: Sequence[str], target: Target, description: Callable[[], Description], write: Callable[[], Written]
    ) -> None:
        self.names, self.target, self._describe, self._write = tuple(names), target, description, write

    @property
    def text(self) -> str:
        """The module as LLVM IR."""
        return self._written.text

    @property
    def key(self) -> str:
        """The key of its machine code."""
        return self._noted[0]

    def slots(self, function: str) -> Slots:
        """Return the arrays that a function is given."""
        return self._noted[1][function]

    def code(self) -> MachineCode:
        """Return its machine code, from disk or compiled; a process does it once for a key."""
        return CODE.get(self.key, self._loaded)

    def _loaded(self) -> MachineCode:
        code = cache.fetch(self.key)
        if code is None:
            code = compiled(self.text, self.target)
            cache.store(self.key, code)
        return loaded(code, self.target, self.names)

    @made_once
    def _written(self) -> Written:
        with _collecting_nothing():
            return self._write()

    @made_once
    def _noted(self) -> tuple[str, Mapping[str, Slots]]:
        """The key and the slots, from the note on disk or of what is written then."""
        sources = _sources()
        if sources is None or cache.folder() is None:
            return key_of(self.text, self.target), self._written.slots
        description = self._describe()
        about = f"{description}\n{self.names} {key_of(sources, self.target)}"
        name = hashlib.sha256(about.encode()).hexdigest()
        note = cache.fetch(name)
        if note is not None:
            key, slots = json.loads(note)
            return key, {name: _slots(sizes, places, description) for name, (sizes, places) in slots.items()}
        key, slots = key_of(self.text, self.target), self._written.slots
        places = {function: (list(each.sizes), _places(each, description)) for function, each in slots.items()}
        cache.store(name, json.dumps((key, places)).encode())
        return key, slots


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Let no garbage collection in: code is many small objects, and each collection would go through all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _places(slots: Slots, description: Description) -> list[tuple[Kind, int]]:
    return [(slot.kind, description.number(slot.node)) for slot in slots.slots.values()]


def _slots(sizes: Sequence[str], places: Sequence[tuple[Kind, int]], description: Description) -> Slots:
    slots = Slots(tuple(sizes))
    for kind, number in places:
        slots.slot(kind, description.of(number))
    return slots


@functools.cache
def _sources() -> str | None:
    """Return what tells the sources of what writes from others, as Python tells whether bytecode is of a source.

    It is None where they are no files.
    """
    root = Path(__file__).parents[2]
    try:
        found = [each for package in _WRITERS for each in _files(root / package)]
    except OSError:
        return None
    return f"{__version__} {sorted(found)}" if found else None


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the path, the size and the time of the last change of each source of a package."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(folder / entry.name)
            elif entry.name.endswith(".py"):
                state = entry.stat()
                yield entry.path, state.st_size, state.st_mtime_ns
