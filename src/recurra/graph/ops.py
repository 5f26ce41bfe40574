"""The closed table of operations: one row each, with its derivative and its contract.

A row says how an adjoint passes through (`derivative`, graph to graph), what it costs, and in one line what it
computes. Below stand how NumPy and torch spell each operation, which is also what a cell computes when its function is
called on arrays or tensors as it stands. To add an operation, add a row and a spelling for each backend; what makes its
node, and works out the shape, stands in `recurra.graph.node`, the check of it in `recurra.graph.verify`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from recurra.graph.node import (
    Node,
    accumulated,
    batch_mean,
    broadcast,
    constant,
    div,
    matmul,
    mul,
    neg,
    outer,
    pointwise,
    reduced_to,
    reshape,
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


def _erf_slope(a: Node) -> Node:
    return mul(constant(2 / math.sqrt(math.pi)), pointwise("exp", neg(mul(a, a))))


def _mod(node: Node, g: Node) -> tuple[Node, Node]:
    a, b = node.args
    return g, neg(mul(g, pointwise("floor", div(a, b))))


def _pow(node: Node, g: Node) -> tuple[Node, Node]:
    """As torch: what is 0 to the 0 is flat, and so is 0 in its exponent."""
    a, b = node.args
    by_base, by_exponent = mul(b, pointwise("pow", a, sub(b, ONE))), mul(node, pointwise("log", a))
    return mul(g, _unless_zero(b, by_base)), mul(g, _unless_zero(a, by_exponent))


def _unless_zero(a: Node, value: Node) -> Node:
    if a.op == "constant" and a["value"]:
        return value
    return where(pointwise("less_equal", pointwise("abs", a), ZERO), ZERO, value)


def _of_features(node: Node, g: Node) -> tuple[Node]:
    """Give the adjoint to the largest or the smallest of the features; equal ones share it evenly, as in torch.amax."""
    a = node.args[0]
    chosen = where(pointwise("greater_equal" if node.op == "max" else "less_equal", a, node), ONE, ZERO)
    return (mul(chosen, div(g, sum_features(chosen))),)


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
    Op("sin", 1, lambda y, g: (mul(g, pointwise("cos", y.args[0])),), "sine", flops=5, cheap=False),
    Op("cos", 1, lambda y, g: (neg(mul(g, pointwise("sin", y.args[0]))),), "cosine", flops=5, cheap=False),
    Op(
        "erf", 1, lambda y, g: (mul(g, _erf_slope(y.args[0])),),
        "the error function: 2 / sqrt(pi) times the integral of exp(-t²) from 0 to a", flops=8, cheap=False,
    ),
    Op("abs", 1, lambda y, g: (mul(g, pointwise("sign", y.args[0])),), "the absolute value"),
    Op("sign", 1, _no_derivative, "1 where a > 0, -1 where a < 0, else a"),
    Op("floor", 1, _no_derivative, "the largest whole number that is not above a"),
    Op("mod", 2, _mod, "a - b * floor(a / b), which has the sign of b as in Python", flops=4),
    Op("pow", 2, _pow, "a to the b; of a < 0, NaN unless b is whole", flops=12, cheap=False),
    Op("maximum", 2, _choice("greater"), "the larger of a and b; NaN if either is"),
    Op("minimum", 2, _choice("less"), "the smaller of a and b; NaN if either is"),
    Op("less", 2, _no_derivative, "a < b, a truth value"),
    Op("less_equal", 2, _no_derivative, "a <= b, a truth value"),
    Op("greater", 2, _no_derivative, "a > b, a truth value"),
    Op("greater_equal", 2, _no_derivative, "a >= b, a truth value"),
    Op("where", 3, _where, "b where a is true, else c"),
    Op("sum", 1, lambda y, g: (broadcast(g, y.args[0].shape),), "the sum over the features or another axis, 1 wide"),
    Op("max", 1, _of_features, "the largest of the features, 1 wide; NaN if any is"),
    Op("min", 1, _of_features, "the smallest of the features, 1 wide; NaN if any is"),
    Op(
        "cumsum", 1, lambda y, g: (accumulated(g, reverse=True),), "the sum over the features up to each, as wide as a"
    ),
    Op("reverse_cumsum", 1, lambda y, g: (accumulated(g),), "the sum over the features from each on, as wide as a"),
    Op("heaviside", 1, _no_derivative, "1 where a > 0, else 0; NaN if a is"),
    Op("surrogate", 2, lambda y, g: (None, g), "a, with the gradient of b in place of its own", flops=0),
    Op("stop_gradient", 1, _no_derivative, "a, which no gradient goes through", flops=0),
    Op(
        "broadcast", 1, lambda y, g: (reduced_to(g, y.args[0].shape or (1,)),),
        "stretched along the axes where it is 1 wide", flops=0,
    ),
    Op(
        "reshape", 1, lambda y, g: (reshape(g, y.args[0].shape),), "the same numbers in another shape of as many",
        flops=0,
    ),
    Op("batch_mean", 1, lambda y, g: (batch_mean(g),), "the mean over the rows of a step, in every row", cheap=False),
    Op("transpose", 1, lambda y, g: (transpose(g),), "a matrix with its axes exchanged", flops=0),
    Op("sum_rows", 1, _no_derivative, "the sum over all rows: a vector parameter's gradient"),
    Op("outer", 2, _no_derivative, "the sum over all rows of a's outer product with b: a matrix's gradient"),
]  # fmt: skip

OPS: dict[str, Op] = {row.name: row for row in _ROWS}

Spelling = Mapping[str, Callable[..., Any]]


def _erf(x: Any) -> Any:
    """Return the error function of NumPy's arrays, which NumPy does not have."""
    import numpy as np

    return np.vectorize(math.erf, otypes=[float])(x).astype(np.result_type(x), copy=False)


def _reverse_cumsum(x: Any) -> Any:
    return x[..., ::-1].cumsum(axis=-1)[..., ::-1]


def _sigmoid(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)) without overflow on either side."""
    import numpy as np

    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(np.result_type(x), copy=False)


@functools.cache
def numpy_spelling() -> Spelling:
    """Return the table in NumPy: the reference. Beside it stand `stretch`, `join` and `split`, which move data."""
    import numpy as np

    return {
        "matmul": np.matmul, "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide,
        "neg": np.negative, "sigmoid": _sigmoid, "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0),
        "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "softplus": lambda a: np.logaddexp(a, 0).astype(
            np.result_type(a), copy=False),
        "sin": np.sin, "cos": np.cos, "erf": _erf, "abs": np.abs, "sign": np.sign, "floor": np.floor, "mod": np.mod,
        "pow": np.power, "maximum": np.maximum, "minimum": np.minimum, "less": np.less, "less_equal": np.less_equal,
        "greater": np.greater, "greater_equal": np.greater_equal, "where": np.where,
        "sum": lambda a, axis=-1: np.sum(a, axis=axis, keepdims=True),
        "max": lambda a: np.max(a, axis=-1, keepdims=True), "min": lambda a: np.min(a, axis=-1, keepdims=True),
        "cumsum": lambda a: np.cumsum(a, axis=-1), "reverse_cumsum": _reverse_cumsum, "stop_gradient": lambda a: a,
        "heaviside": lambda a: np.heaviside(a, 0), "surrogate": lambda a, b: np.broadcast_arrays(a, b)[0],
        "batch_mean": lambda a: np.broadcast_to(np.mean(a, axis=0, keepdims=True), np.shape(a)),
        "transpose": np.transpose,
        "sum_rows": lambda a: np.sum(a, axis=0), "outer": lambda a, b: np.matmul(a.T, b),
        "stretch": lambda a, widths, leading: np.broadcast_to(a, (*np.shape(a)[:leading], *widths)),
        "join": lambda parts, axis: parts[0] if len(parts) == 1 else np.concatenate(parts, axis),
        "split": lambda a, widths: np.split(a, np.cumsum(widths)[:-1], axis=-1),
    }  # fmt: skip


@functools.cache
def _surrogate() -> Callable[[Any, Any], Any]:
    """Return the function that gives one tensor forward, and hands its gradient to another."""
    import torch

    class Surrogate(torch.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(value: Any, like: Any) -> Any:
            return value.clone()

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            pass

        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            return None, *gradients

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            return tangents[1].clone()

    return lambda value, like: Surrogate.apply(*torch.broadcast_tensors(value, like))


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
        "sin": torch.sin, "cos": torch.cos, "erf": torch.erf, "abs": torch.abs, "floor": torch.floor,
        "sign": lambda a: torch.where(torch.isnan(a), a, torch.sign(a)), "mod": pair(torch.remainder),
        "pow": pair(torch.pow), "maximum": pair(torch.maximum), "minimum": pair(torch.minimum),
        "less": lambda a, b: a < b, "less_equal": lambda a, b: a <= b,
        "greater": lambda a, b: a > b, "greater_equal": lambda a, b: a >= b,
        "where": torch.where, "sum": lambda a, axis=-1: a.sum(axis, keepdim=True),
        "max": lambda a: a.amax(-1, keepdim=True), "min": lambda a: a.amin(-1, keepdim=True),
        "cumsum": lambda a: a.cumsum(-1), "reverse_cumsum": lambda a: a.flip(-1).cumsum(-1).flip(-1),
        "stop_gradient": lambda a: a.detach() if torch.is_tensor(a) else a,
        "heaviside": lambda a: torch.where(torch.isnan(a), a, (a > 0).to(a.dtype)), "surrogate": pair(_surrogate()),
        "batch_mean": lambda a: a.mean(0, keepdim=True).expand_as(a), "transpose": lambda a: a.T,
        "sum_rows": lambda a: a.sum(0), "outer": lambda a, b: a.T @ b,
        "stretch": lambda a, widths, leading: a.expand(*a.shape[:leading], *widths),
        "join": lambda parts, axis: parts[0] if len(parts) == 1 else torch.cat(parts, axis),
        "split": lambda a, widths: (a,) if len(widths) == 1 else torch.split(a, widths, dim=-1),
    }  # fmt: skip


def spelling_for(*values: Any) -> Spelling:
    """Return the table for these arguments: torch's if any is a tensor, otherwise NumPy's."""
    if any(hasattr(value, "__torch_function__") for value in values):
        return torch_spelling()
    return numpy_spelling()
