"""The functions that a cell may use. Each works on symbols, on NumPy arrays and on torch tensors alike."""

from __future__ import annotations

from typing import Any

from recurra.graph import symbol as symbols
from recurra.graph.spellings import spelling_for
from recurra.graph.symbol import Symbol, apply

__all__ = [
    "bernoulli", "exp", "log", "maximum", "mean", "minimum", "relu", "sigmoid", "softmax", "softplus", "sqrt", "sum",
    "tanh", "where",
]  # fmt: skip


def _call(op: str, *values: Any) -> Any:
    if any(isinstance(value, Symbol) for value in values):
        return apply(op, *values)
    return spelling_for(*values)[op](*values)


def _reduced(op: str, x: Any) -> Any:
    return symbols.reduce_features(op, x) if isinstance(x, Symbol) else spelling_for(x)[op](x)


def sigmoid(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)), elementwise."""
    return _call("sigmoid", x)


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent, elementwise."""
    return _call("tanh", x)


def relu(x: Any) -> Any:
    """Return x where it is positive, else 0."""
    return _call("relu", x)


def exp(x: Any) -> Any:
    """Return e to the x, elementwise."""
    return _call("exp", x)


def log(x: Any) -> Any:
    """Return the natural logarithm, elementwise."""
    return _call("log", x)


def sqrt(x: Any) -> Any:
    """Return the square root, elementwise."""
    return _call("sqrt", x)


def softplus(x: Any) -> Any:
    """Return log(1 + exp(x)), elementwise and without overflow."""
    return _call("softplus", x)


def maximum(a: Any, b: Any) -> Any:
    """Return the larger of two values, elementwise."""
    return _call("maximum", a, b)


def minimum(a: Any, b: Any) -> Any:
    """Return the smaller of two values, elementwise."""
    return _call("minimum", a, b)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the comparison `condition` holds, else `no`."""
    return _call("where", condition, yes, no)


def sum(x: Any) -> Any:
    """Return the sum over the features (the last axis), which stays, 1 wide."""
    return _reduced("sum", x)


def mean(x: Any) -> Any:
    """Return the mean over the features (the last axis), which stays, 1 wide."""
    return sum(x) / (symbols.size_of(x) if isinstance(x, Symbol) else x.shape[-1])


def softmax(x: Any) -> Any:
    """Return exp(x) over its sum over the features (the last axis), without overflow."""
    e = exp(x - _reduced("max", x))
    return e / sum(e)


def bernoulli(rate: float, *, like: Any, per: str = "step") -> Any:
    """Return a random 0 or 1 for every feature of `like`, 1 with probability `rate`; in evaluation, `rate` itself.

    Parameters
    ----------
    rate : float between 0 and 1
    like : a value of the step, for its size
    per : ``"step"`` (a new draw at every step) or ``"sequence"`` (one for all steps of a sequence)

    Notes
    -----
    Called on arrays or tensors it gives its value in evaluation: a cell's function is its deterministic meaning.
    Kernels and layers in training mode draw from a counter-based generator seeded from torch's.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"bernoulli(rate={rate}): a probability lies between 0 and 1")
    if per not in ("step", "sequence"):
        raise ValueError(f"bernoulli(per={per!r}): per is 'step' or 'sequence'")
    return symbols.noise(like, rate, per) if isinstance(like, Symbol) else rate + 0 * like
