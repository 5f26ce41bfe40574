"""A list of functions that are no cells, each with what its error says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from recurra import cell
from recurra.errors import CellError

__all__ = ["BadCells"]

Function = Callable[..., Any]


class BadCells:
    """Functions listed by a decorator, and the check of their errors."""

    def __init__(self) -> None:
        self.listed: dict[str, tuple[Function, dict[str, Any], tuple[str, ...]]] = {}

    @property
    def names(self) -> list[str]:
        return list(self.listed)

    def add(self, *message: str, **declaration: Any) -> Callable[[Function], Function]:
        """List a function with the arguments of `@cell` and what the error says, in order."""

        def listed(function: Function) -> Function:
            self.listed[function.__name__] = function, declaration, message
            return function

        return listed

    def check(self, name: str) -> None:
        """The error comes when the cell is defined, begins with its name, and says the parts in order."""
        function, declaration, message = self.listed[name]
        with pytest.raises(CellError) as caught:
            cell(**declaration)(function)
        text = str(caught.value)
        assert text.startswith(name)
        place = 0
        for part in message:
            assert part in text[place:], f"{part!r} is not in, or not after the part before it in:\n{text}"
            place = text.index(part, place) + len(part)
