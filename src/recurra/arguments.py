"""Argument checks: what a public function is given, held against its annotations or against what it says it takes.

torch and NumPy take much that is wrong without a word (`bias="no"` counts as true), or fail far from where it was said.
What is named and put together by hand (a layer, a cell, options) is checked by its annotations; what a person's data go
into says in its own words what it takes, as the type alone would not tell: a path of a folder, a table with a column.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import inspect
import math
import numbers
import operator
import reprlib
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from recurra.errors import InputError, RecurraError, nearest

__all__ = [
    "check_fields", "check_number", "check_whole", "checked", "kind_of", "path_argument", "shown", "whole_number",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")
Kind = TypeVar("Kind")

_MOST_SHOWN = 60
"""Characters of a wrong value in a message."""

_WORDS: Mapping[Any, str] = {
    bool: "True or False", int: "a whole number", float: "a number", str: "a text", type(None): "None",
}  # fmt: skip

_CONTAINERS: Mapping[Any, str] = {
    collections.abc.Mapping: "a mapping", dict: "a mapping", tuple: "a tuple", list: "a list",
    collections.abc.Sequence: "a list or tuple", collections.abc.Iterable: "a list or another iterable",
}  # fmt: skip


def checked(error: type[RecurraError], /) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function refuse arguments that are not what its annotations say, with an error of recurra.

    Flags, numbers, texts, `Literal`, unions, mappings, sequences, callables and classes are looked at, the elements of
    what can be gone through twice too; an annotation of another form says nothing. A class may say in `_expected` how
    an error calls it. It is for what is called seldom: constructors and analyses, no layer's `forward`.

    Examples
    --------
    >>> from recurra.errors import InputError
    >>> @checked(InputError)
    ... def repeated(text: str, *, times: int = 2) -> str:
    ...     return text * times
    >>> repeated("ab", times=2.5)
    Traceback (most recent call last):
        ...
    recurra.errors.InputError: repeated: times: got 2.5, expected a whole number
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        where = function.__qualname__.removesuffix(".__init__")
        signature = inspect.signature(function)
        # get_type_hints needs all names of the module, so not before it has been imported
        kinds = functools.cache(lambda: _kinds(signature, _hints_of_arguments(function)))

        @functools.wraps(function)
        def with_checks(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                given = signature.bind(*args, **kwargs).arguments
            except TypeError:
                given = {}  # a wrong number or name of arguments: the call itself says so, as Python does
            for name, value in given.items():
                _check(value, kinds().get(name, Any), f"{where}: {name}", error)
            return function(*args, **kwargs)

        return with_checks

    return decorate


def _kinds(signature: inspect.Signature, hints: Mapping[str, Any]) -> dict[str, Any]:
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        name: hints[name] for name, each in signature.parameters.items() if name in hints and each.kind not in several
    }


def _hints_of_arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Return what annotations say of arguments; what it says of the result need not be known when the program runs."""
    said = {name: each for name, each in function.__annotations__.items() if name != "return"}
    return get_type_hints(types.SimpleNamespace(__annotations__=said, __globals__=inspect.unwrap(function).__globals__))


def check_fields(record: Any, error: type[RecurraError], /) -> None:
    """Raise an error unless each field of a dataclass is what its annotation says; for `__post_init__`."""
    kinds = _hints_of(type(record))
    for field in dataclasses.fields(record):
        _check(getattr(record, field.name), kinds[field.name], f"{type(record).__name__}: {field.name}", error)


_hints_of = functools.cache(get_type_hints)


def check_whole(name: str, value: object, error: type[RecurraError], /, *, least: int = 1) -> None:
    """Raise an error unless an option is a whole number from `least` on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise error(f"{name}: got {_quoted(value)}, expected a whole number, at least {least}")


def check_number(
    name: str, value: object, error: type[RecurraError], /, *, least: float = -math.inf, most: float = math.inf
) -> None:
    """Raise an error unless an option is a finite number between two bounds, both included."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not least <= value <= most:  # pyright: ignore[reportOperatorIssue]
        bounds = {
            (False, False): "a finite number", (True, False): f"a number from {least:g} on",
            (False, True): f"a number up to {most:g}", (True, True): f"a number between {least:g} and {most:g}",
        }[least > -math.inf, most < math.inf]  # fmt: skip
        raise error(f"{name}: got {_quoted(value)}, expected {bounds}")


def _check(value: object, kind: Any, where: str, error: type[RecurraError]) -> None:
    if not _fits(value, kind):
        similar = (
            nearest(value, map(str, get_args(kind))) if get_origin(kind) is Literal and isinstance(value, str) else ""
        )
        raise error(f"{where}: got {_quoted(value)}, expected {_described(kind)}{similar}")


def _quoted(value: object) -> str:
    """Return a value as an error quotes it: a tensor or a module by its kind, for neither fits on a line."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and not isinstance(value, type):
        return f"{type(value).__name__} of shape {tuple(shape)}"
    text = reprlib.repr(value)
    return text if "\n" not in text else type(value).__name__


def _fits(value: Any, kind: Any) -> bool:
    """Return whether a value is what an annotation says, as far as it says it in a way that is known here."""
    origin = get_origin(kind)
    if kind is Any:
        return True
    if kind is bool:
        return isinstance(value, bool) or (
            type(value).__module__ == "numpy" and type(value).__name__.startswith("bool")
        )
    if kind in (int, float):
        number = numbers.Integral if kind is int else numbers.Real
        return isinstance(value, number) and not isinstance(value, bool)
    if origin in (Union, types.UnionType):
        return any(_fits(value, each) for each in get_args(kind))
    if origin is Literal:
        return any(type(value) is type(each) and value == each for each in get_args(kind))
    if origin is collections.abc.Callable:
        return callable(value)
    if origin is type:
        return isinstance(value, type)
    if origin is None:
        return not isinstance(kind, type) or getattr(kind, "_is_protocol", False) or isinstance(value, kind)
    return _fits_container(value, origin, get_args(kind))


def _fits_container(value: Any, origin: Any, of: tuple[Any, ...]) -> bool:
    if origin not in _CONTAINERS:
        return isinstance(value, origin) if isinstance(origin, type) else True
    if not isinstance(value, origin) or isinstance(value, (str, bytes)):
        return False
    if isinstance(value, Mapping):
        return all(_fits(key, of[0]) and _fits(each, of[1]) for key, each in value.items())
    if origin is tuple and Ellipsis not in of:
        return len(value) == len(of) and all(map(_fits, value, of))
    if not isinstance(value, (list, tuple)):
        return True  # it may be gone through once only
    # of numbers and texts the type decides, and a batch is long
    elements = {type(each): each for each in value}.values() if of[0] in _WORDS else value
    return all(_fits(each, of[0]) for each in elements)


def _described(kind: Any) -> str:
    """Return what an error says was expected."""
    origin, of = get_origin(kind), get_args(kind)
    if kind in _WORDS:
        return _WORDS[kind]
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(_described, of)))
    if origin is Literal:
        return f"one of {list(of)}"
    if origin is collections.abc.Callable:
        return "a function"
    if origin in _CONTAINERS:
        return _described_container(origin, of)
    kind = origin or kind
    name = getattr(kind, "__name__", str(kind))
    where = getattr(kind, "__module__", "")
    name = name if "." in where else f"{where}.{name}"
    return getattr(kind, "_expected", f"an {name}" if name[0] in "AEIOU" else f"a {name}")


def _described_container(origin: Any, of: tuple[Any, ...]) -> str:
    known = [_described(each) for each in of if each is not Ellipsis and each is not Any]
    what = _CONTAINERS[origin]
    if not known:
        return what
    if len(known) == len(of) == 2 and issubclass(origin, Mapping):
        return f"{what} from {known[0]} to {known[1]}"
    if origin is tuple and Ellipsis not in of:
        return f"({', '.join(known)})"
    return f"{what} whose elements are each {known[0]}"


def kind_of(value: Any, kind: type[Kind], /, *, name: str, expected: str) -> Kind:
    """Return a value that has to be of a type.

    Raises
    ------
    InputError
        If it is of another; the message says what `name` is to be: `expected`.
    """
    if not isinstance(value, kind):
        raise InputError(f"{name}: got {shown(value)}; expected {expected}")
    return value


def path_argument(value: Any, /, *, name: str, expected: str) -> Path:
    """Return the path that an argument is, as text or as `Path`; `InputError` if it is none."""
    return value if isinstance(value, Path) else Path(kind_of(value, str, name=name, expected=expected))


def whole_number(value: Any, /, *, name: str, minimum: int = 1) -> int:
    """Return the whole number that an argument is, of any integer type; `InputError` if it is none, or is less."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < minimum:
        raise InputError(f"{name} = {shown(value)}: expected a whole number from {minimum} on")
    return number


def shown(value: Any, /) -> str:
    """Return a value, which may be a person's data, as a message shows it: numbers and texts, of all else the type.

    Examples
    --------
    >>> from recurra.arguments import shown
    >>> shown("3"), shown(2.5), shown({"horizon": 3}), shown(None), shown(dict)
    ("'3'", '2.5', 'a dict', 'None', 'the class dict')
    """
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if value is not None and not isinstance(value, bool | int | float | str | bytes):
        return f"a{'n' * (type(value).__name__[0] in 'AEIOaeio')} {type(value).__name__}"
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
