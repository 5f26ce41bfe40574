"""Sizes that are not known yet, and how they become one.

While a cell is traced, every size is a `SizeVariable` and every shape a `ShapeVariable`; an operation unifies
those of its arguments (Robinson 1965, without nested terms). What is still free at the end is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from recurra.graph.compound import Size, product_of, quotient_of
from recurra.graph.node import Shape

__all__ = ["ShapeVariable", "SizeError", "SizeVariable", "Sizes", "broadcast", "unify"]

_NO_NUMBER = "sizes have names and no numbers while a cell is defined; a number that depends on one is a parameter"


class SizeError(Exception):
    """Two sizes or shapes that would have to be equal and are not."""


class SizeVariable:
    """A size: known, or bound to another variable, or a product of others, or free."""

    def __init__(self, value: Size | None = None, factors: Sequence[SizeVariable] = ()) -> None:
        self._value, self._factors = value, tuple(factors)
        self._bound: SizeVariable | None = None

    def root(self) -> SizeVariable:
        """Return the variable that stands for all that were unified with this one."""
        variable = self
        while variable._bound is not None:
            variable = variable._bound
        return variable

    @property
    def value(self) -> Size | None:
        """The size, None while it is free."""
        root = self.root()
        if root._value is None and root._factors:
            known = [factor.value for factor in root._factors]
            return None if None in known else product_of(size for size in known if size is not None)
        return root._value

    @property
    def factors(self) -> tuple[SizeVariable, ...]:
        """What it is known to be a product of, while its value is not known."""
        root = self.root()
        return root._factors if self.value is None else ()

    def unify(self, other: SizeVariable) -> None:
        """Make two sizes one."""
        a, b = self.root(), other.root()
        if a is b:
            return
        # what is free points to the other, so that what is learned of one later holds for both
        if a.value is None and not a._factors:
            a._bound = b
        elif b.value is None and not b._factors:
            b._bound = a
        elif a.value is None:
            a._solve(b)
        elif b.value is None:
            b._solve(a)
        elif a.value != b.value:
            raise SizeError(f"{a.value} beside {b.value}")

    def _solve(self, other: SizeVariable) -> None:
        """Make a product of which a factor is free equal to a size, or to another product."""
        free = [factor for factor in self._factors if factor.value is None]
        if other.value is not None and len(free) == 1:
            known = product_of(factor.value for factor in self._factors if factor.value is not None)
            try:
                quotient = quotient_of(other.value, known)
            except ValueError as error:
                raise SizeError(str(error)) from None
            free[0].unify(SizeVariable(quotient))
        elif len(other.factors) == len(self._factors):
            for mine, its in zip(self._factors, other.factors, strict=True):
                mine.unify(its)
        else:
            raise SizeError(f"{self} beside {other}")

    def narrow(self) -> None:
        """Make a free size 1; leave a known one."""
        root = self.root()
        if root.value is None and not root._factors:
            root._value = 1

    def __str__(self) -> str:
        if self.factors:
            return "*".join(map(str, self.factors))
        return "?" if self.value is None else str(self.value)


Sizes = tuple[SizeVariable, ...]


class ShapeVariable:
    """A shape: a tuple of sizes, or free (a parameter of which not even the rank is known yet)."""

    def __init__(self, sizes: Sizes | None = None) -> None:
        self._sizes = sizes
        self._bound: ShapeVariable | None = None

    @classmethod
    def of(cls, *sizes: Size) -> ShapeVariable:
        """Return a known shape."""
        return cls(tuple(SizeVariable(size) for size in sizes))

    def __getitem__(self, place: object) -> NoReturn:
        raise SizeError(f"`.shape[{place!r}]`: {_NO_NUMBER}")

    def __iter__(self) -> NoReturn:
        raise SizeError(f"`.shape` is gone through: {_NO_NUMBER}")

    def root(self) -> ShapeVariable:
        """Return the variable that stands for all that were unified with this one."""
        variable = self
        while variable._bound is not None:
            variable = variable._bound
        return variable

    @property
    def sizes(self) -> Sizes | None:
        """The sizes, None while the rank is free."""
        return self.root()._sizes

    def bind(self, other: ShapeVariable) -> None:
        """Make a free shape the same as another."""
        if self.root() is not other.root():
            self.root()._bound = other.root()

    def expect_rank(self, rank: int) -> Sizes:
        """Return the sizes of a shape of this rank; a free shape becomes one with free sizes."""
        if self.sizes is None:
            self.bind(ShapeVariable(tuple(SizeVariable() for _ in range(rank))))
        sizes = self.sizes
        assert sizes is not None
        if len(sizes) != rank:
            found = f"{_kind(len(sizes))} {self}"
            raise SizeError(f"{found} where {_kind(rank)} is needed")
        return sizes

    def resolved(self) -> Shape | None:
        """Return the shape once all of it is known, else None."""
        values = None if self.sizes is None else tuple(size.value for size in self.sizes)
        return None if values is None or None in values else tuple(v for v in values if v is not None)

    def __str__(self) -> str:
        return "of any shape" if self.sizes is None else f"({', '.join(map(str, self.sizes))})"


def _kind(rank: int) -> str:
    return ("a scalar", "a vector", "a matrix")[rank] if rank < 3 else f"an array of {rank} axes"


def unify(first: ShapeVariable, second: ShapeVariable) -> None:
    """Make two shapes one."""
    if first.sizes is None:
        first.bind(second)
    elif second.sizes is None:
        second.bind(first)
    else:
        for a, b in zip(first.sizes, second.expect_rank(len(first.sizes)), strict=True):
            a.unify(b)


def broadcast(first: ShapeVariable, second: ShapeVariable) -> ShapeVariable:
    """Return the shape of an elementwise operation, unifying what has to be equal.

    A known size of 1 stretches; a free size does not become 1 here. A parameter of unknown rank takes the other's
    shape (a 1-wide neighbour leaves its size free; what is added to a 1-wide product was made 1 wide before).
    """
    for shape, other in ((first, second), (second, first)):
        if shape.sizes is None and other.sizes != ():
            _adopt(shape, other)
    if first.sizes is None or second.sizes is None:
        return second if first.sizes == () else first
    longer, shorter = sorted((first.sizes, second.sizes), key=len, reverse=True)
    head = longer[: len(longer) - len(shorter)]
    pairs = zip(longer[len(head) :], shorter, strict=True)
    return ShapeVariable((*head, *(_common(a, b) for a, b in pairs)))


def _adopt(free: ShapeVariable, other: ShapeVariable) -> None:
    if other.sizes is None:
        free.bind(other)
    else:
        free.bind(ShapeVariable(tuple(SizeVariable() if s.value == 1 else s for s in other.sizes)))


def _common(a: SizeVariable, b: SizeVariable) -> SizeVariable:
    if a.value == 1:
        return b
    if b.value == 1:
        return a
    a.unify(b)
    return a
