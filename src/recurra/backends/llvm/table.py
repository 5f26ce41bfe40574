"""A table of whole numbers in the making: some are known, to others a run adds an address."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

__all__ = ["Table"]


class Table:
    """Numbers, and what is to be added to them.

    Attributes
    ----------
    numbers : list of int, while the table is made
    array : int64 array
        The same when it is settled.
    names : list
        The pieces of memory whose addresses a run adds.
    sources : int64 array
        A run adds the address of `names[sources[k]]` to `array[k]`, or nothing where that is `len(names)`.
    """

    def __init__(self, bytes: int) -> None:
        self.bytes = bytes
        self.numbers: list[int] = []
        self.added: list[tuple[int, Hashable]] = []
        self._kept: list[np.ndarray] = []  # what numbers point to

    def begin(self, length: int) -> int:
        """Return where so many further numbers begin."""
        self.numbers += [0] * length
        return len(self.numbers) - length

    def add(self, at: int, name: Hashable, elements: int = 0) -> None:
        """Let a number be the address of an element of a piece of memory."""
        self.numbers[at] = elements * self.bytes
        self.added.append((at, name))

    def of(self, values: np.ndarray) -> int:
        """Return the address of whole numbers that live as long as the table."""
        self._kept.append(np.ascontiguousarray(values, dtype=np.int64))
        return self._kept[-1].ctypes.data

    def settle(self) -> None:
        """Turn what was collected into arrays."""
        self.names = list(dict.fromkeys(name for _, name in self.added))
        index = {name: k for k, name in enumerate(self.names)}
        self.array = np.array(self.numbers, dtype=np.int64)
        self.sources = np.full(len(self.array), len(self.names))
        for at, name in self.added:
            self.sources[at] = index[name]
