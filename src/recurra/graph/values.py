"""Numbers that a cell is given beside its equations: fixed arrays, and the states that sequences begin with.

Each is an array, or a function of the sizes that makes one when they are known, such as ``lambda hidden_size:
np.eye(hidden_size)``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from recurra.graph.node import Shape, number_of
from recurra.graph.verify import LARGEST_NUMBER

__all__ = ["Given", "checked_array", "checked_function", "made", "sizes_read"]

if TYPE_CHECKING:
    import numpy as np

    Given = np.ndarray | Callable[..., Any]
else:  # a cell whose numbers are all in its equations needs no NumPy
    Given = Any
"""An array of float64 that nobody writes to, or a function of the sizes, whose arguments are their names."""


def checked_array(value: Any) -> np.ndarray:
    """Return numbers as an array; raise `ValueError` unless they are real, finite, a number, a vector or a matrix."""
    import numpy as np

    if value is None or isinstance(value, bool):
        raise ValueError(f"{value}: expected an array of numbers, or a function of the sizes")
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
            value = value if value.is_complex() else value.double()  # NumPy has no bfloat16
        given = np.asarray(value)
        array = np.array(np.real(given), dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{type(value).__name__}: expected an array of numbers, or a function of the sizes") from error
    if np.iscomplexobj(given):
        raise ValueError("complex numbers: expected real ones, such as the real and the imaginary part as two arrays")
    if array.ndim > 2 or not array.size:
        raise ValueError(f"an array of shape {array.shape}: expected a number, a vector or a matrix")
    if not (np.abs(array) <= LARGEST_NUMBER).all():  # nor is NaN
        wrong = array[~(np.abs(array) <= LARGEST_NUMBER)][0]
        raise ValueError(f"{wrong:g} is in it: expected finite numbers of up to {LARGEST_NUMBER:g}")
    array.flags.writeable = False
    return array


def checked_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of sizes; raise `ValueError` unless it can be called with them by their names."""
    try:
        arguments = inspect.signature(function).parameters.values()
    except (TypeError, ValueError) as error:
        raise ValueError(f"{function!r} does not say its arguments, which are to be names of sizes") from error
    for argument in arguments:
        if argument.kind not in (argument.POSITIONAL_OR_KEYWORD, argument.KEYWORD_ONLY):
            raise ValueError(
                f"a function with the argument {argument}: expected names of sizes, as in `lambda hidden_size:`"
            )
    return function


def sizes_read(function: Callable[..., Any]) -> list[str]:
    """Return the sizes that a function needs; an argument with a default need not be one."""
    return [a.name for a in inspect.signature(function).parameters.values() if a.default is a.empty]


def _called(function: Callable[..., Any], sizes: Mapping[str, int]) -> Any:
    """Return what a function gives for these sizes; raise `ValueError` where it raises anything."""
    try:
        return function(**sizes)
    except Exception as error:
        said = ", ".join(f"{name}={number}" for name, number in sizes.items())
        raise ValueError(f"its function, called with ({said}), raised {type(error).__name__}: {error}") from error


def made(given: Given, sizes: Mapping[str, int], shape: Shape) -> np.ndarray:
    """Return the array for these sizes; raise `ValueError` unless it has its shape and is finite."""
    if callable(given):
        known = {name: sizes[name] for name in inspect.signature(given).parameters if name in sizes}
        array = checked_array(_called(given, known))
    else:
        array = given
    expected = tuple(number_of(size, sizes) for size in shape)
    if array.shape != expected:
        named = ", ".join(map(str, shape))
        raise ValueError(f"its shape is {array.shape}: expected {expected}, which is ({named})")
    return array
