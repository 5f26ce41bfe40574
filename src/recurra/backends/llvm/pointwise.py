"""The operation table on LLVM vectors: one spelling of `recurra.graph.ops`, as NumPy and torch have theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from recurra.backends.llvm.vectors import Vectors

__all__ = ["SPELLING"]

Value = Any
Spelled = Callable[..., Value]

SPELLING: Mapping[str, Spelled] = {
    "add": lambda v, a, b: v.builder.fadd(a, b),
    "sub": lambda v, a, b: v.builder.fsub(a, b),
    "mul": lambda v, a, b: v.builder.fmul(a, b),
    "div": lambda v, a, b: v.builder.fdiv(a, b),
    "neg": lambda v, a: v.builder.fneg(a),
    "sigmoid": Vectors.sigmoid,
    "tanh": Vectors.tanh,
    "relu": Vectors.relu,
    "exp": Vectors.exp,
    "log": Vectors.log,
    "sqrt": lambda v, a: v.call("sqrt", a),
    "softplus": Vectors.softplus,
    "maximum": Vectors.maximum,
    "minimum": Vectors.minimum,
    "less": lambda v, a, b: v.compare("<", a, b),
    "less_equal": lambda v, a, b: v.compare("<=", a, b),
    "greater": lambda v, a, b: v.compare(">", a, b),
    "greater_equal": lambda v, a, b: v.compare(">=", a, b),
    "where": Vectors.select,
    "broadcast": lambda v, a: a,
}
"""Operation -> a function of the vectors and the arguments; sums and products are loops, see `loops`, `products`."""
