"""A traced value as the Python that it was written in: what errors quote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from recurra.graph.sizes import ShapeVariable

__all__ = ["formula", "term"]


class Traced(Protocol):
    """A value of a step, as far as it is written: a `Symbol`."""

    op: str
    attributes: dict[str, Any]
    shape: ShapeVariable

    @property
    def args(self) -> Sequence[Traced]: ...


_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%", "pow": "**", "matmul": "@",
    "less": "<", "less_equal": "<=", "greater": ">",
    "greater_equal": ">=",
}  # fmt: skip


def formula(op: str, args: Sequence[Traced], *, depth: int = 9) -> str:
    """Return an operation as Python, nested so deep and no deeper."""
    if op == "mul" and (factors := _of_outer(*args)):
        op, args = "outer", factors
    written = [term(argument, depth - 1) for argument in args]
    if op in _OPERATORS:
        left, right = (f"({w})" if depth > 1 and _is_infix(a) else w for w, a in zip(written, args, strict=True))
        return f"{left} {_OPERATORS[op]} {right}"
    return f"{written[0]}.T" if op == "transpose" else f"{op}({', '.join(written)})"


def term(symbol: Traced, depth: int) -> str:
    """Return a value as Python, nested so deep and no deeper."""
    if symbol.op == "constant":
        return f"{symbol.attributes['value']:g}"
    if not symbol.args:
        name = symbol.attributes.get("name", symbol.op)
        return f"p.{name}" if symbol.op == "parameter" else name
    if depth <= 0:
        return "..."
    return _reshaped(symbol, depth) if symbol.op == "reshape" else formula(symbol.op, symbol.args, depth=depth)


def _reshaped(symbol: Traced, depth: int) -> str:
    """Return a reshape by the function that makes it."""
    (value,), (before, after) = symbol.args, (symbol.args[0].shape.sizes or (), symbol.shape.sizes or ())
    if len(after) < len(before) and value.op == "sum" and value.args[0].op == "mul":
        left, right = value.args[0].args
        if _added_axis(left) == "column":
            return formula("vecmat", (left.args[0], right), depth=depth)
        if _added_axis(right) == "row":
            return formula("matvec", (left, right.args[0]), depth=depth)
    if len(before) == 1 and len(after) == 2 and not _added_axis(symbol):
        return f"split({term(value, depth - 1)}, {after[0].value!r})"
    return formula(_added_axis(symbol) or "flatten", symbol.args, depth=depth)


def _added_axis(symbol: Traced) -> str:
    """Return which function gave a value an axis: column, row, or ""."""
    before, after = (symbol.args[0].shape.sizes or (), symbol.shape.sizes or ()) if symbol.op == "reshape" else ((), ())
    if len(after) != len(before) + 1:
        return ""
    was, now = ([size.root() for size in sizes] for sizes in (before, after))
    return "column" if now[:-1] == was else "row" if [*now[:-2], now[-1]] == was else ""


def _is_infix(symbol: Traced) -> bool:
    return symbol.op in _OPERATORS and not (symbol.op == "mul" and _of_outer(*symbol.args))


def _of_outer(left: Traced, right: Traced) -> Sequence[Traced]:
    """Return the vectors of an outer product, nothing of another one."""
    is_outer = (_added_axis(left), _added_axis(right)) == ("column", "row")
    return (left.args[0], right.args[0]) if is_outer else ()
