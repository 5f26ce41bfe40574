"""Numbers in LLVM's intermediate representation (IR) with Python's operators: scalars, or vectors lane by lane.

There are no `fast` flags, and nothing is contracted: each operation is rounded once, on every processor alike.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

__all__ = ["BYTE", "DOUBLE", "FLOAT", "POINTER", "WORD", "Lanes", "Number", "where"]

FLOAT, DOUBLE, POINTER = ir.FloatType(), ir.DoubleType(), ir.PointerType()
BYTE, WORD, _LONG, _TRUTH = (ir.IntType(bits) for bits in (8, 32, 64, 1))


class Lanes:
    """So many numbers that are computed together, where a builder is; one is a scalar.

    Parameters
    ----------
    builder : llvmlite IRBuilder
    count : int
    """

    def __init__(self, builder: ir.IRBuilder, count: int) -> None:
        self.builder, self.count = builder, count

    def kind(self, scalar: Any) -> Any:
        """Return the type of numbers of a scalar type."""
        return scalar if self.count == 1 else ir.VectorType(scalar, self.count)

    def constant(self, scalar: Any, value: float) -> Number:
        """Return a number in all lanes."""
        one = ir.Constant(scalar, value)
        return Number(self, one if self.count == 1 else ir.Constant(self.kind(scalar), [one] * self.count))

    def splat(self, value: Any) -> Number:
        """Return a scalar in all lanes."""
        if self.count == 1:
            return Number(self, value)
        none = ir.Constant(self.kind(value.type), ir.Undefined)
        first = self.builder.insert_element(none, value, ir.Constant(WORD, 0))
        return Number(self, self.builder.shuffle_vector(first, none, self.constant(WORD, 0).value))

    def gathered(self, values: list[Any]) -> Number:
        """Return a scalar for each lane."""
        if self.count == 1:
            return Number(self, values[0])
        vector: Any = ir.Constant(self.kind(values[0].type), ir.Undefined)
        for lane, value in enumerate(values):
            vector = self.builder.insert_element(vector, value, ir.Constant(WORD, lane))
        return Number(self, vector)


class Number:
    """A value in each lane: float32, float64, a whole number without a sign, or a truth."""

    def __init__(self, lanes: Lanes, value: Any) -> None:
        self.lanes, self.value = lanes, value

    @property
    def scalar(self) -> Any:
        """The type of one lane."""
        return self.value.type if self.lanes.count == 1 else self.value.type.element

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number or a truth."""
        return isinstance(self.scalar, ir.IntType)

    def of_lane(self, lane: int) -> Any:
        """Return the scalar of one lane."""
        if self.lanes.count == 1:
            return self.value
        return self.lanes.builder.extract_element(self.value, ir.Constant(WORD, lane))

    def _other(self, other: Number | float) -> Number:
        return other if isinstance(other, Number) else self.lanes.constant(self.scalar, other)

    def _applied(self, name: str, other: Number | float, *, is_swapped: bool = False) -> Number:
        a, b = self.value, self._other(other).value
        return Number(self.lanes, getattr(self.lanes.builder, name)(*((b, a) if is_swapped else (a, b))))

    def _arithmetic(self, name: str, other: Number | float, *, is_swapped: bool = False) -> Number:
        return self._applied(name if self.is_whole else f"f{name}", other, is_swapped=is_swapped)

    def __add__(self, other: Number | float) -> Number:
        return self._arithmetic("add", other)

    def __sub__(self, other: Number | float) -> Number:
        return self._arithmetic("sub", other)

    def __mul__(self, other: Number | float) -> Number:
        return self._arithmetic("mul", other)

    def __truediv__(self, other: Number | float) -> Number:
        return self._applied("fdiv", other)

    def __radd__(self, other: float) -> Number:
        return self._arithmetic("add", other, is_swapped=True)

    def __rsub__(self, other: float) -> Number:
        return self._arithmetic("sub", other, is_swapped=True)

    def __rmul__(self, other: float) -> Number:
        return self._arithmetic("mul", other, is_swapped=True)

    def __neg__(self) -> Number:
        return Number(self.lanes, self.lanes.builder.fneg(self.value))

    def __and__(self, other: Number | int) -> Number:
        return self._applied("and_", other)

    def __or__(self, other: Number | int) -> Number:
        return self._applied("or_", other)

    def __xor__(self, other: Number | int) -> Number:
        return self._applied("xor", other)

    def __invert__(self) -> Number:
        return Number(self.lanes, self.lanes.builder.not_(self.value))

    def __lshift__(self, places: int) -> Number:
        return self._applied("shl", places)

    def __rshift__(self, places: int) -> Number:
        return self._applied("lshr", places)

    def _compared(self, relation: str, other: Number | float) -> Number:
        """Return whether a relation holds, false where there is a NaN."""
        found = self.lanes.builder.fcmp_ordered(relation, self.value, self._other(other).value)
        return Number(self.lanes, found)

    def __lt__(self, other: Number | float) -> Number:
        return self._compared("<", other)

    def __le__(self, other: Number | float) -> Number:
        return self._compared("<=", other)

    def __gt__(self, other: Number | float) -> Number:
        return self._compared(">", other)

    def __ge__(self, other: Number | float) -> Number:
        return self._compared(">=", other)

    def equals(self, other: Number | float) -> Number:
        """Return whether two floats are equal."""
        return self._compared("==", other)

    @property
    def is_nan(self) -> Number:
        """Whether a float is NaN."""
        return Number(self.lanes, self.lanes.builder.fcmp_unordered("uno", self.value, self.value))

    def has_bit(self, bit: int) -> Number:
        """Return whether a bit of a whole number is set."""
        return Number(self.lanes, self.lanes.builder.icmp_unsigned("!=", (self & bit).value, self._other(0).value))

    def _converted(self, name: str, scalar: Any) -> Number:
        return Number(self.lanes, getattr(self.lanes.builder, name)(self.value, self.lanes.kind(scalar)))

    @property
    def bits(self) -> Number:
        """The bits of a float, as a whole number."""
        return self._converted("bitcast", _LONG if self.scalar == DOUBLE else WORD)

    @property
    def as_float(self) -> Number:
        """The float that has these bits."""
        return self._converted("bitcast", DOUBLE if self.scalar == _LONG else FLOAT)

    @property
    def word(self) -> Number:
        """The lowest 32 bits of 64."""
        return self._converted("trunc", WORD)

    @property
    def long(self) -> Number:
        """32 bits as the lowest ones of 64."""
        return self._converted("zext", _LONG)

    @property
    def single(self) -> Number:
        """A float64 rounded to float32, or the float32 of a whole number with a sign."""
        return self._converted("sitofp" if self.is_whole else "fptrunc", FLOAT)

    @property
    def double(self) -> Number:
        """A float32 as float64, or the float64 of a whole number with a sign."""
        return self._converted("sitofp" if self.is_whole else "fpext", DOUBLE)


def where(condition: Number, yes: Number | float, no: Number | float) -> Number:
    """Return a choice in each lane; one of both may be a plain number."""
    known = yes if isinstance(yes, Number) else no
    assert isinstance(known, Number)
    chosen = condition.lanes.builder.select(condition.value, known._other(yes).value, known._other(no).value)
    return Number(condition.lanes, chosen)
