"""Compound sizes: products and exact quotients of sizes, such as ``"heads*key_size"`` and ``"hidden_size/heads"``.

A compound size is a string in one spelling: its number, if it is not 1, its names in their order, then what it is
divided by; what stands above and below cancels. So equal sizes are equal strings.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

__all__ = ["Size", "divisible", "factors_of", "named_in", "number_of", "product_of", "quotient_of", "read_size"]

Size = str | int
"""A named size (``"hidden_size"``), a compound one, or a number."""


def product_of(sizes: Iterable[Size]) -> Size:
    """Return the size of an array of these sizes laid out flat: their product, 1 for none.

    Examples
    --------
    >>> product_of(["heads", "key_size"]), product_of(["heads", "hidden_size/heads"]), product_of([2, 3])
    ('heads*key_size', 'hidden_size', 6)
    """
    sizes = tuple(sizes)
    if len(sizes) == 1:
        return sizes[0]
    above, below = zip(*map(factors_of, sizes), strict=True) if sizes else ((), ())
    return _spelled([part for each in above for part in each], [part for each in below for part in each])


def quotient_of(size: Size, by: Size) -> Size:
    """Return a size divided by another; that it divides is known once sizes have numbers, of numbers at once.

    Examples
    --------
    >>> quotient_of("hidden_size", "heads"), quotient_of("heads*key_size", "heads"), quotient_of(6, 3)
    ('hidden_size/heads', 'key_size', 2)
    """
    (above, below), (over, under) = factors_of(size), factors_of(by)
    return _whole(_spelled([*above, *under], [*below, *over]))


def read_size(text: str) -> Size:
    """Return the size that a text spells; raise `ValueError` if it spells none."""
    above, below = factors_of(text)
    for part in (*above, *below):
        if not (part.isidentifier() if isinstance(part, str) else part > 0):
            raise ValueError(f"the size {text!r}: expected a name, or names and numbers with * and / between them")
    return _whole(_spelled(above, below))


def _whole(size: Size) -> Size:
    """Return a size; raise `ValueError` where it is a number that is not whole."""
    if isinstance(size, str) and not named_in(size):
        raise ValueError(_no_number(size))
    return size


def _no_number(size: Size) -> str:
    return f"the size {size} is no whole number"


def named_in(size: Size) -> tuple[str, ...]:
    """Return the names that a size is made of."""
    above, below = factors_of(size)
    return tuple(part for part in (*above, *below) if isinstance(part, str))


def number_of(size: Size, sizes: Mapping[str, int]) -> int:
    """Return the number of a size; raise `ValueError` where a quotient is no whole number."""
    if isinstance(size, int):
        return size
    if size in sizes:
        return sizes[size]
    sides = ((part if isinstance(part, int) else sizes[part] for part in side) for side in factors_of(size))
    above, below = map(math.prod, sides)
    number, rest = divmod(above, below)
    if rest or not number:
        said = ", ".join(f"{name}={sizes[name]}" for name in named_in(size))
        raise ValueError(f"the size {size} is no whole number for {said}" if said else _no_number(size))
    return number


def divisible(sizes: Iterable[Size], numbers: Mapping[str, int], *, fixed: Collection[str] = ()) -> dict[str, int]:
    """Return numbers for which all sizes are whole: names that are divided become the next multiple.

    Those of `fixed` stay as they are; what divides them becomes 1.
    """
    found = dict(numbers)
    for size in sizes:
        above, below = factors_of(size)
        by = math.prod(part if isinstance(part, int) else found[part] for part in below)
        whole = math.prod(part if isinstance(part, int) else found[part] for part in above)
        free = [part for part in above if isinstance(part, str) and part not in fixed]
        if whole % by and free:
            found[free[0]] = -(-found[free[0]] // by) * by
        elif whole % by:
            found |= {part: 1 for part in below if isinstance(part, str) and part not in fixed}
    return found


def factors_of(size: Size) -> tuple[list[Size], list[Size]]:
    """Return what a size is a product of, and what that is divided by: names and numbers."""
    if isinstance(size, int):
        return [size], []
    first, *below = size.split("/")
    return [_part(text) for text in first.split("*")], [_part(text) for text in below]


def _part(text: str) -> Size:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else text


def _spelled(above: list[Size], below: list[Size]) -> Size:
    number, divisor = (math.prod(part for part in side if isinstance(part, int)) for side in (above, below))
    common = math.gcd(number, divisor) or 1
    number, divisor = number // common, divisor // common
    names, under = (Counter(part for part in side if isinstance(part, str)) for side in (above, below))
    names, under = names - under, under - names
    if not names and not under and divisor == 1:
        return number
    factors = [*([str(number)] if number != 1 or not names else []), *sorted(names.elements())]
    return "/".join(["*".join(factors), *sorted(under.elements()), *([str(divisor)] if divisor != 1 else [])])
