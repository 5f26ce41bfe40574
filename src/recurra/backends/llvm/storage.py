"""Storage: how the weights of a product lie in memory, and how they become vectors of the numbers that are multiplied.

A product of few rows takes as long as its weights take to be read. In half or a quarter of the bits they are read in
half or a quarter of the time, and become float32 in registers; operands and sums stay as they are. Weights are read in
words, each as wide as a number of the run: of a column, a word has as many rows as fit, the first in its lowest bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recurra.backends.llvm.vectors import Vectors

__all__ = ["AS_COMPUTED", "STORAGES", "Operand", "Storage"]

Value = Any


@dataclass(frozen=True)
class Operand:
    """The left side of a product: the address of its first row, the row stride and the number of columns."""

    address: Value
    stride: Value
    columns: Value


@dataclass(frozen=True)
class Storage:
    """A kind of storage.

    Attributes
    ----------
    name : str, as in `recurra.backends.parameters.Part`; None for the numbers with which is computed
    per_word : int
        How many rows of a column a word has.
    is_scaled : bool
        Whether each column has a scale, by which its sums are multiplied.
    """

    name: str | None
    per_word: int = 1
    is_scaled: bool = False

    @property
    def bits(self) -> int:
        """The bits of a stored number, of a word of 32."""
        return 32 // self.per_word

    @property
    def bytes(self) -> int:
        """The bytes of a stored number."""
        return self.bits // 8

    def words(self, rows: int) -> int:
        """Return how many words the rows of a column fill."""
        return -(-rows // self.per_word)

    def depth(self, rows: Sequence[int]) -> int:
        """Return the rows of words of a panel: what its sums begin with, each operand's weights, and their scales."""
        return 1 + sum(self.words(each) + self.is_scaled for each in rows)

    def number(self, vectors: Vectors, words: Value, row: int) -> Value:
        """Return the numbers of one of the rows that words have."""
        b = vectors.builder
        if self.per_word == 1:
            return words
        if self.per_word == 2:  # a bfloat16 is the upper half of a float32
            half = b.and_(words, vectors.whole(0xFFFF0000)) if row else b.shl(words, vectors.whole(16))
            return b.bitcast(half, vectors.type)
        # to the top of its lane and back: that extends its sign
        byte = b.ashr(b.shl(words, vectors.whole(24 - 8 * row)), vectors.whole(24))
        return b.sitofp(byte, vectors.type)

    def load(self, vectors: Vectors, pointer: Value, mask: Value | None = None) -> Value:
        """Return a vector of numbers, one after the other in memory; zero where a mask leaves one out."""
        if self.per_word == 1:
            return vectors.load(pointer, mask)
        b = vectors.builder
        stored = vectors.load_whole(pointer, self.bits, mask)
        if self.per_word == 2:
            return b.bitcast(b.shl(b.zext(stored, vectors.integers), vectors.whole(16)), vectors.type)
        return b.sitofp(b.sext(stored, vectors.integers), vectors.type)


AS_COMPUTED = Storage(None)

STORAGES = {each.name: each for each in (AS_COMPUTED, Storage("bfloat16", 2), Storage("int8", 4, is_scaled=True))}
