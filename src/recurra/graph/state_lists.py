"""Lists of states: an argument of a cell's function that stands for several states alike, such as a memory's slots.

`states={"C": 16}` makes of the argument C a tuple of the states C_1 to C_16; behind a star, `*C`, they are arguments
one by one. Everything that knows a cell knows these states by their own names, and no list.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from recurra.errors import CellError
from recurra.graph.symbol import MisuseError

__all__ = ["one_by_one", "spread", "state_names", "unlisted"]

_MOST = 1000
"""States in a list."""


def state_names(name: str, lists: Mapping[str, int]) -> tuple[str, ...]:
    """Return the states that an argument stands for.

    Examples
    --------
    >>> state_names("C", {"C": 3}), state_names("h", {"C": 3})
    (('C_1', 'C_2', 'C_3'), ('h',))
    """
    return tuple(f"{name}_{number + 1}" for number in range(lists[name])) if name in lists else (name,)


def spread(given: Mapping[str, Any], lists: Mapping[str, int]) -> dict[str, Any]:
    """Return what was said by arguments, by states; what is said of a state itself goes before."""
    of_lists = {state: said for name, said in given.items() if name in lists for state in state_names(name, lists)}
    return of_lists | {name: said for name, said in given.items() if name not in lists}


def one_by_one(function: Callable[..., Any], lists: Mapping[str, int]) -> Callable[..., Any]:
    """Return a cell's function that takes and returns its states one by one.

    Raises
    ------
    CellError
        If a list has no length, or is none of the arguments.
    """
    arguments = [a for a in inspect.signature(function).parameters.values() if a.kind is not a.KEYWORD_ONLY][2:]
    _check(function.__name__, arguments, lists)
    if not lists:
        return function
    names = [state for argument in arguments for state in state_names(argument.name, lists)]
    counts = [lists.get(argument.name) for argument in arguments]
    starred = [argument.kind is argument.VAR_POSITIONAL for argument in arguments]

    @functools.wraps(function)
    def run(p: Any, x: Any, *states: Any, **inputs: Any) -> Any:
        if len(states) != len(names):
            raise CellError(
                f"{function.__name__}: got {len(states)} states, expected {len(names)}, one by one: {', '.join(names)}"
            )
        rest, given = iter(states), []
        for count, is_starred in zip(counts, starred, strict=True):
            taken = tuple(next(rest) for _ in range(count or 1))
            given += taken if count is None or is_starred else (_States(taken),)
        return unlisted(function(p, x, *given, **inputs), counts)

    return run


class _States(tuple[Any, ...]):
    """The states of a list: no value that could be computed with."""

    def _refuse(self, *_: object) -> NoReturn:
        raise MisuseError(
            f"a list of {len(self)} states is computed with: each is a value by itself, as in `for state in states`"
        )

    __mul__ = __rmul__ = __matmul__ = __rmatmul__ = __sub__ = __rsub__ = _refuse
    __truediv__ = __rtruediv__ = __neg__ = __pow__ = __abs__ = _refuse


def _check(cell: str, arguments: Sequence[inspect.Parameter], lists: Mapping[str, int]) -> None:
    names = [argument.name for argument in arguments if argument.kind is not argument.VAR_KEYWORD]
    for name, count in lists.items():
        said = f"{cell}: states={{{name!r}: {count!r}}}"
        if name not in names:
            raise CellError(f"{said}: there is no such state; the arguments behind p and x are {names}")
        if type(count) is not int or not 1 <= count <= _MOST:
            raise CellError(f"{said}: expected how many states the list has, a whole number from 1 to {_MOST}")
    for argument in arguments:
        if argument.kind is argument.VAR_POSITIONAL and argument.name not in lists:
            name = argument.name
            raise CellError(f"{cell}: *{name}: how many states are these? Say it: states={{{name!r}: 4}}")


def unlisted(result: Any, counts: Sequence[int | None]) -> Any:
    """Return what a function with lists of states returned with these one by one: `states`, or `(states), y`.

    What does not fit is returned as it is, or as far as it fits: whoever takes the states says so.
    """
    values = tuple(result) if isinstance(result, list) else result
    if isinstance(values, tuple) and len(values) == 2 and isinstance(values[0], (tuple, list)):
        states = tuple(_leaves(values[0]))
        if len(states) == sum(count or 1 for count in counts) and not isinstance(values[1], (tuple, list)):
            return states, values[1]
    return tuple(_leaves(values)) if isinstance(values, tuple) else values


def _leaves(values: Any) -> Iterator[Any]:
    """Yield the values in tuples and lists, in their order."""
    for value in values:
        if isinstance(value, (tuple, list)):
            yield from _leaves(value)
        else:
            yield value
