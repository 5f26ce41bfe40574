"""Errors of a cell's function: each quotes the line of the equation that does not fit, and says what does."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from recurra.errors import CellError
from recurra.graph import functions
from recurra.graph.formula import formula
from recurra.graph.sizes import SizeError
from recurra.graph.symbol import MisuseError, Symbol, Tracing

__all__ = ["Quote"]

_FUNCTIONS = ", ".join(sorted({"abs", *functions.__all__} - {"sizes_known"}))


class Quote:
    """Makes the `CellError`s of one cell's function."""

    def __init__(self, function: Callable[..., Any], name: str, tracing: Tracing) -> None:
        self.code = function.__code__
        self.name = name
        self.tracing = tracing

    def line(self, number: int) -> str:
        """Return "Name, line 3: `h = ...`"; where Python keeps no source, what was traced of the line."""
        source = linecache.getline(self.code.co_filename, number).strip() if number else ""
        source = source or self._traced(number)
        place = f"{self.name}, line {number - self.code.co_firstlineno + 1}" if number else self.name
        return f"{place}: `{source}`" if source else place

    def _traced(self, number: int) -> str:
        """Return the longest expression that was traced on a line."""
        on_line = (symbol for symbol in self.tracing.symbols if symbol.line == number and symbol.args)
        return max((formula(symbol.op, symbol.args) for symbol in on_line), key=len, default="")

    def at(self, symbol: Symbol, message: str) -> CellError:
        """Return an error about a symbol."""
        return CellError(f"{self.line(symbol.line)}\n  {message}")

    def at_return(self, message: str) -> CellError:
        """Return an error about what the function returned."""
        return CellError(f"{self.line(self._last_line())}\n  {message}")

    def _last_line(self) -> int:
        return max((line for _, _, line in self.code.co_lines() if line), default=0)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what goes wrong while the function runs into a `CellError` with the line that it happened in."""
        try:
            yield
        except CellError:
            raise
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.name == self.code.co_name]
            number = next((f.lineno for f in frames if f.filename == self.code.co_filename and f.lineno), 0)
            raise CellError(f"{self.line(number)}\n  {_explain(error)}") from error

    def free_size(self, symbol: Symbol) -> CellError:
        """Return the error for a size that nothing determines, naming the parameter that has it."""
        parameter = next(iter(self._open_parameters()), None)
        if parameter is None:
            return self.at(symbol, "the size of this value follows from nothing")
        name, shape = parameter.attributes["name"], parameter.shape
        known = [size.value or "inner_size" for size in shape.sizes or ()]
        hint = tuple(known) if len(known) > 1 else known[0]
        return self.at(
            parameter,
            f"a size of p.{name} {shape} follows from nothing: name it, e.g. sizes={{{name!r}: {hint!r}}}",
        )

    def _open_parameters(self) -> list[Symbol]:
        return [p for p in self.tracing.parameters.values() if p.shape.resolved() is None]


def _explain(error: Exception) -> str:
    if isinstance(error, SizeError):
        return f"the sizes do not fit: {error}"
    if isinstance(error, MisuseError):
        return str(error)
    if "__array_ufunc__" in str(error):
        return (
            "NumPy's functions are unknown in a cell: they work on numbers, and a value of the step has none yet. A "
            f"cell has operators and recurra's functions: {_FUNCTIONS}"
        )
    if "Symbol" in str(error):
        return f"{error}. A cell has operators and recurra's functions: {_FUNCTIONS}"
    return f"{type(error).__name__}: {error}"
