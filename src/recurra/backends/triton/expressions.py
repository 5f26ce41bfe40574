"""The operation table in Triton: each row as a piece of source."""

from __future__ import annotations

from recurra.graph.node import Node

__all__ = ["SPELLING", "bracketed", "is_atomic", "is_inline", "number"]

SPELLING: dict[str, str] = {
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0} * {1}",
    "div": "{0} / {1}",
    "neg": "-{0}",
    "sigmoid": "sigmoid({0})",
    "tanh": "tanh({0})",
    "relu": "rectified({0})",
    "exp": "tl.exp({0})",
    "log": "tl.log({0})",
    "sqrt": "tl.sqrt({0})",
    "softplus": "softplus({0})",
    "maximum": "larger({0}, {1})",
    "minimum": "smaller({0}, {1})",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
    "where": "tl.where({0}, {1}, {2})",
    "broadcast": "{0}",
}

_ATOMIC = frozenset({"sigmoid", "tanh", "relu", "exp", "log", "sqrt", "softplus", "maximum", "minimum", "where"})
_OF_NUMBERS = frozenset({"constant", "size", "broadcast", "add", "sub", "mul", "div", "neg"})


def number(node: Node) -> str:
    """Return a constant as the source has it."""
    value = node["value"]
    return f"float({str(value)!r})" if value != value or value in (float("inf"), float("-inf")) else repr(value)


def is_inline(node: Node) -> bool:
    """Return whether a value without rows is written where it is used: arithmetic of numbers and sizes."""
    return node.op in _OF_NUMBERS and all(map(is_inline, node.args))


def is_atomic(node: Node) -> bool:
    """Return whether an operation is spelled as a call, which needs no brackets around it or its arguments."""
    return node.op in _ATOMIC


def bracketed(node: Node, text: str) -> str:
    """Return an expression as it may stand inside of another one."""
    return text if is_atomic(node) or not node.args or node.op == "broadcast" else f"({text})"
