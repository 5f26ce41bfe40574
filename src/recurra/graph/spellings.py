"""How NumPy and torch spell each operation of the table.

These are also what a cell computes when its function is called on arrays or tensors as it stands.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["Spelling", "numpy_spelling", "spelling_for", "torch_spelling"]

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
