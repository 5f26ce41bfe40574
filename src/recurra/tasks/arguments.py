"""Arguments: what the verbs of estimators are called with, checked as it comes in, before anything is read or begun."""

from __future__ import annotations

import operator
from pathlib import Path
from typing import Any, TypeVar

from recurra.errors import InputError

__all__ = ["is_path", "kind_of", "path_argument", "shown", "text_argument", "whole_number"]

_Kind = TypeVar("_Kind")

_MOST_SHOWN = 60
"""Characters of a wrong value in a message."""


def shown(value: Any, /) -> str:
    """Return a value as a message quotes it: numbers and texts as they are, of anything else its type.

    Examples
    --------
    >>> from recurra.tasks.arguments import shown
    >>> shown("3"), shown(2.5), shown({"horizon": 3}), shown(None), shown(dict)
    ("'3'", '2.5', 'a dict', 'None', 'the class dict')
    """
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if value is not None and not isinstance(value, bool | int | float | str | bytes):
        return f"a{'n' * (type(value).__name__[0] in 'AEIOaeio')} {type(value).__name__}"
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def kind_of(value: Any, kind: type[_Kind], /, *, name: str, expected: str) -> _Kind:
    """Return a value that has to be of a type.

    Raises
    ------
    InputError
        If it is of another; the message says what `name` is to be: `expected`.
    """
    if not isinstance(value, kind):
        raise InputError(f"{name}: got {shown(value)}; expected {expected}")
    return value


def is_path(value: Any, /) -> bool:
    """Say whether a value names a file or a folder."""
    return isinstance(value, str | Path)


def path_argument(value: Any, /, *, name: str, expected: str = "a path") -> Path:
    """Return the path that an argument is; `InputError` if it is none."""
    if not is_path(value):
        raise InputError(f"{name}: got {shown(value)}; expected {expected}")
    return Path(value)


def text_argument(value: Any, /, *, name: str) -> str:
    """Return the text that an argument is; `InputError` if it is none."""
    return kind_of(value, str, name=name, expected="a text")


def whole_number(value: Any, /, *, name: str, minimum: int = 1) -> int:
    """Return the whole number that an argument is, of any integer type.

    Raises
    ------
    InputError
        If it is none, or less than the minimum.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < minimum:
        raise InputError(f"{name} = {shown(value)}: expected a whole number from {minimum} on")
    return number
