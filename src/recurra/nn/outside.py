"""Guards around a layer: torch.compile does not trace into it, and autocast is off inside."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import torch

__all__ = ["opaque_to_compile", "without_autocast"]

P = ParamSpec("P")
R = TypeVar("R")


def opaque_to_compile(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one opaque call for torch.compile, which breaks its graph there.

    Traced, the loop would be unrolled: a hundred steps take minutes to compile.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if torch.compiler.is_compiling():  # `disable` as a decorator would import dynamo: more than a second
            return torch.compiler.disable(function)(*args, **kwargs)  # pyright: ignore[reportCallIssue]
        return function(*args, **kwargs)

    return guarded


def without_autocast(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in the parameters' own precision: in less, a state would lose some at every step."""
    if not (torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda")):
        return function(*args, **kwargs)
    with torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
        return function(*args, **kwargs)
