"""Guards around the time loop: autocast is off inside, and torch.compile does not trace into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch

__all__ = ["outside_transforms"]

P = ParamSpec("P")
R = TypeVar("R")


def outside_transforms(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in the parameters' own precision, and as one opaque call for torch.compile.

    Under autocast a recurrent layer computes in float32: its state would lose precision at every step. Under
    torch.compile the loop is left as it is (a graph break): unrolled, a hundred steps take minutes to compile.
    """
    if torch.compiler.is_compiling():
        function = _opaque(function)
    if not (torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda")):
        return function(*args, **kwargs)
    with torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
        return function(*args, **kwargs)


def _opaque(function: Callable[P, R]) -> Any:
    return torch.compiler.disable(function)
