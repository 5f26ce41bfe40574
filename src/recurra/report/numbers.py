"""Numbers as a reader sees them."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized

from recurra.errors import InputError

__all__ = [
    "MISSING",
    "aligned",
    "check_as_many",
    "counted",
    "in_line",
    "percent",
    "plain",
    "shortened",
]

MISSING = "–"
"""What stands where there is no number."""

_DIGITS = 4
_LARGE, _SMALL = 1e12, 1e-4


def plain(value: float | None, /, *, digits: int = _DIGITS) -> str:
    """Write a number with so many digits at most; `MISSING` if it is none.

    Examples
    --------
    >>> from recurra.report import plain
    >>> plain(0.70812), plain(1234567), plain(3.2e-7), plain(float("nan"))
    ('0.7081', '1,234,567', '3.2e-7', '–')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if value and not _SMALL <= abs(value) < _LARGE:
        return _short(f"{value:.{digits}g}")
    if isinstance(value, int):
        return _short(f"{value:,}")
    text = f"{value:,.{_decimals(abs(value), digits)}f}"
    return _short(text.rstrip("0").rstrip(".") if "." in text else text)


def aligned(values: Sequence[float | None], /, *, digits: int = _DIGITS) -> tuple[str, ...]:
    """Write a column of numbers with the same decimals, so many digits of the largest.

    Examples
    --------
    >>> from recurra.report import aligned
    >>> aligned([24.531, 3.0, None])
    ('24.53', '3.00', '–')
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    largest = max(map(abs, known), default=0.0)
    if all(isinstance(value, int) for value in known):
        return tuple(plain(value) for value in values)
    style = f".{digits - 1}e" if largest and not _SMALL <= largest < _LARGE else f",.{_decimals(largest, digits)}f"
    return tuple(
        MISSING if value is None or not math.isfinite(value) else _short(format(value, style)) for value in values
    )


def counted(count: int, thing: str, /, *, several: str = "") -> str:
    """Write how many there are of something; `several` is its plural where that is not `thing` with an s.

    Examples
    --------
    >>> from recurra.report import counted
    >>> counted(1, "epoch"), counted(2400, "epoch"), counted(2, "batch", several="batches")
    ('1 epoch', '2,400 epochs', '2 batches')
    """
    return f"{count:,} {thing if count == 1 else several or f'{thing}s'}"


def percent(share: float | None, /) -> str:
    """Write a share of 1 as a percentage.

    Examples
    --------
    >>> from recurra.report import percent
    >>> percent(0.8149), percent(1.0), percent(None)
    ('81.5 %', '100 %', '–')
    """
    if share is None or not math.isfinite(share):
        return MISSING
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def shortened(text: str, /, *, most: int = 40) -> str:
    """Return a text in one line of so many letters at most, with an ellipsis for what is left out; see `in_line`.

    Examples
    --------
    >>> from recurra.report import shortened
    >>> shortened("the price of a barrel", most=12)
    'the price o…'
    """
    line = in_line(text)
    return line if len(line) <= most else line[: most - 1] + "…"


def in_line(text: str, /) -> str:
    """Return a text in one line, with "�" for control characters, which SVG does not allow."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))


def _decimals(value: float, digits: int) -> int:
    before_point = math.floor(math.log10(value)) + 1 if value else 1
    return max(0, digits - before_point)


def _short(number: str) -> str:
    """Return a number with a true minus sign, and an exponent without zeros in front."""
    mantissa, _, exponent = number.partition("e")
    power = f"e{int(exponent)}" if exponent else ""
    return f"{mantissa.replace('-', '−')}{power}"


def check_as_many(**given: Sized) -> None:
    """Refuse arrays and lists of different lengths.

    Raises
    ------
    InputError
        If their lengths differ; the message has all of them.
    """
    if len({len(values) for values in given.values()}) > 1:
        lengths = ", ".join(f"{len(values)} {name}" for name, values in given.items())
        raise InputError(f"got {lengths}; expected as many of each")
