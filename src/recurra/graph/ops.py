"""The closed table of operations: one row each, with its derivative and its contract.

A row says how an adjoint passes through (`derivative`, graph to graph), what it costs, and in one line what it
computes. Below stand how NumPy and torch spell each operation, which is also what a cell computes when its function is
called on arrays or tensors as it stands. To add an operation, add a row and a spelling for each backend; what makes its
node, and works out the shape, stands in `recurra.graph.node`, the check of it in `recurra.graph.verify`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.graph.node import (
    Node,
    batch_mean,
    broadcast,
    constant,
    div,
    matmul,
    mul,
    neg,
    outer,
    pointwise,
    sub,
    sum_features,
    transpose,
    where,
)

__all__ = ["OPS", "Op", "Spelling", "numpy_spelling", "spelling_for", "torch_spelling"]

Derivative = Callable[[Node, Node], tuple[Node | None, ...]]


@dataclass(frozen=True)
class Op:
    """One operation.

    Attributes
    ----------
    name : str
    arity : int
    derivative : callable
        (node, adjoint of node) -> adjoint of each argument, None where there is none. The result may still be
        wider than an argument that was broadcast; `recurra.derive.backward` sums it.
    contract : str
        What it computes, in a line.
    flops : int
        Floating-point operations an element; products are counted by their sizes.
    cheap : bool
        Whether the backward pass computes it again rather than reading a saved value.
    """

    name: str
    arity: int
    derivative: Derivative
    contract: str
    flops: int = 1
    cheap: bool = True


ONE = constant(1.0)
ZERO = constant(0.0)
HALF = constant(0.5)


def _no_derivative(node: Node, g: Node) -> tuple[None, ...]:
    return (None,) * len(node.args)


def _matmul(node: Node, g: Node) -> tuple[Node, Node]:
    a, w = node.args
    return matmul(g, transpose(w)), outer(a, g) if a.rows else matmul(transpose(a), g)


def _choice(stronger: str) -> Derivative:
    """Maximum or minimum: the chosen argument takes the adjoint, equal ones half each, as in torch."""

    def derivative(node: Node, g: Node) -> tuple[Node, Node]:
        a, b = node.args
        tie = mul(g, HALF)

        def share(mine: Node, other: Node) -> Node:
            beaten = where(pointwise(stronger, other, mine), ZERO, tie)
            return where(pointwise(stronger, mine, other), g, beaten)

        return share(a, b), share(b, a)

    return derivative


def _where(node: Node, g: Node) -> tuple[Node | None, ...]:
    return None, where(node.args[0], g, ZERO), where(node.args[0], ZERO, g)


_ROWS = [
    Op("matmul", 2, _matmul, "rows (n, k) times a matrix (k, j): (n, j)", cheap=False),
    Op("add", 2, lambda y, g: (g, g), "a + b"),
    Op("sub", 2, lambda y, g: (g, neg(g)), "a - b"),
    Op("mul", 2, lambda y, g: (mul(g, y.args[1]), mul(g, y.args[0])), "a * b, elementwise"),
    Op("div", 2, lambda y, g: (div(g, y.args[1]), neg(div(mul(g, y), y.args[1]))), "a / b, elementwise"),
    Op("neg", 1, lambda y, g: (neg(g),), "-a"),
    Op("sigmoid", 1, lambda y, g: (mul(g, mul(y, sub(ONE, y))),), "1 / (1 + exp(-a))", flops=4, cheap=False),
    Op("tanh", 1, lambda y, g: (mul(g, sub(ONE, mul(y, y))),), "hyperbolic tangent", flops=5, cheap=False),
    Op("relu", 1, lambda y, g: (where(pointwise("greater", y, ZERO), g, ZERO),), "a where a > 0, else 0"),
    Op("exp", 1, lambda y, g: (mul(g, y),), "e to the a", flops=3, cheap=False),
    Op("log", 1, lambda y, g: (div(g, y.args[0]),), "natural logarithm", flops=3, cheap=False),
    Op("sqrt", 1, lambda y, g: (div(mul(g, HALF), y),), "square root", flops=1, cheap=False),
    Op(
        "softplus", 1, lambda y, g: (mul(g, pointwise("sigmoid", y.args[0])),), "log(1 + exp(a)), without overflow",
        flops=6, cheap=False,
    ),
    Op("maximum", 2, _choice("greater"), "the larger of a and b; NaN if either is"),
    Op("minimum", 2, _choice("less"), "the smaller of a and b; NaN if either is"),
    Op("less", 2, _no_derivative, "a < b, a truth value"),
    Op("less_equal", 2, _no_derivative, "a <= b, a truth value"),
    Op("greater", 2, _no_derivative, "a > b, a truth value"),
    Op("greater_equal", 2, _no_derivative, "a >= b, a truth value"),
    Op("where", 3, _where, "b where a is true, else c"),
    Op("sum", 1, lambda y, g: (broadcast(g, y.args[0].shape),), "the sum over the features, 1 wide"),
    Op("max", 1, _no_derivative, "the largest of the features, 1 wide, NaN if any is; what a softmax is shifted by"),
    Op("broadcast", 1, lambda y, g: (sum_features(g),), "1 wide, stretched over the features", flops=0),
    Op("batch_mean", 1, lambda y, g: (batch_mean(g),), "the mean over the rows of a step, in every row", cheap=False),
    Op("transpose", 1, lambda y, g: (transpose(g),), "a matrix with its axes exchanged", flops=0),
    Op("sum_rows", 1, _no_derivative, "the sum over all rows: a vector parameter's gradient"),
    Op("outer", 2, _no_derivative, "the sum over all rows of a's outer product with b: a matrix's gradient"),
]  # fmt: skip

OPS: dict[str, Op] = {row.name: row for row in _ROWS}

Spelling = Mapping[str, Callable[..., Any]]


def _sigmoid(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)) without overflow on either side."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(np.result_type(x), copy=False)


@functools.cache
def numpy_spelling() -> Spelling:
    """Return the table in NumPy: the reference. Beside it stand `stretch`, `join` and `split`, which move data."""
    return {
        "matmul": np.matmul, "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide,
        "neg": np.negative, "sigmoid": _sigmoid, "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0),
        "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "softplus": lambda a: np.logaddexp(a, 0).astype(
            np.result_type(a), copy=False),
        "maximum": np.maximum, "minimum": np.minimum, "less": np.less, "less_equal": np.less_equal,
        "greater": np.greater, "greater_equal": np.greater_equal, "where": np.where,
        "sum": lambda a: np.sum(a, axis=-1, keepdims=True), "max": lambda a: np.max(a, axis=-1, keepdims=True),
        "batch_mean": lambda a: np.broadcast_to(np.mean(a, axis=0, keepdims=True), np.shape(a)),
        "transpose": np.transpose,
        "sum_rows": lambda a: np.sum(a, axis=0), "outer": lambda a, b: np.matmul(a.T, b),
        "stretch": lambda a, widths, rows: np.broadcast_to(a, (*np.shape(a)[: int(rows)], *widths)),
        "join": lambda parts, axis: parts[0] if len(parts) == 1 else np.concatenate(parts, axis),
        "split": lambda a, widths: np.split(a, np.cumsum(widths)[:-1], axis=-1),
    }  # fmt: skip


@functools.cache
def torch_spelling() -> Spelling:
    """Return the table in torch: any device, any dtype, every order of derivative."""
    import torch

    def number(like: Any, other: Any) -> Any:
        return like if torch.is_tensor(like) else torch.as_tensor(like, dtype=other.dtype, device=other.device)

    def pair(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda a, b: function(number(a, b), number(b, a))

    return {
        "matmul": torch.matmul, "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b, "neg": lambda a: -a, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
        "relu": torch.relu, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt,
        "softplus": lambda a: torch.nn.functional.softplus(a, threshold=50.0),
        "maximum": pair(torch.maximum), "minimum": pair(torch.minimum), "less": lambda a, b: a < b,
        "less_equal": lambda a, b: a <= b, "greater": lambda a, b: a > b, "greater_equal": lambda a, b: a >= b,
        "where": torch.where, "sum": lambda a: a.sum(-1, keepdim=True),
        "max": lambda a: a.detach().amax(-1, keepdim=True),  # as the table says, it has no derivative
        "batch_mean": lambda a: a.mean(0, keepdim=True).expand_as(a), "transpose": lambda a: a.T,
        "sum_rows": lambda a: a.sum(0), "outer": lambda a, b: a.T @ b,
        "stretch": lambda a, widths, rows: a.expand(*a.shape[: int(rows)], *widths),
        "join": lambda parts, axis: parts[0] if len(parts) == 1 else torch.cat(parts, axis),
        "split": lambda a, widths: (a,) if len(widths) == 1 else torch.split(a, widths, dim=-1),
    }  # fmt: skip


def spelling_for(*values: Any) -> Spelling:
    """Return the table for these arguments: torch's if any is a tensor, otherwise NumPy's."""
    if any(hasattr(value, "__torch_function__") for value in values):
        return torch_spelling()
    return numpy_spelling()
