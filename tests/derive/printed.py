"""Reads the text of equations and derivations as a person would, and computes what it says, in NumPy.

A value of a step has a first axis for its one row; what is made of parameters alone has none. What stands side by side
is a product with a matrix, ᵀ transposes, ⊙ is elementwise. `flatten` and `split` are not written: of two values with
as many numbers one takes the shape of the other, and a number for each head goes with all that the head has.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf

__all__ = ["alike", "lines_of", "names_in", "value_of"]

Array = np.ndarray
Read = Callable[[str], Any]
"""A name with its time, such as `h[t-1]` or `∂L/∂y[t]` -> its value."""


def _softmax(a: Array, axis: int) -> Array:
    e = np.exp(a - a.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def _cumsum(a: Array) -> Array:
    return np.cumsum(a, -1 if a.shape[-1] > 1 else -2)  # down a column


def _where(condition: Array, a: Array, b: Array) -> Array:
    condition, a = alike(condition, a)
    condition, b = alike(condition, b)
    return np.where(condition, a, b)


_FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "σ": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
    "sin": np.sin, "cos": np.cos, "erf": erf, "sign": np.sign, "floor": np.floor, "relu": lambda a: np.maximum(a, 0),
    "softplus": lambda a: np.logaddexp(0, a), "sg": lambda a: a, "H": lambda a: np.where(a > 0, 1.0, 0.0),
    "surrogate": lambda a, b: a, "where": lambda condition, a, b: _where(condition, *alike(a, b)),
    "col": lambda a: a[..., None], "row": lambda a: a[..., None, :],
    "cumsum": _cumsum, "reverse_cumsum": lambda a: _cumsum(a[..., ::-1, ::-1])[..., ::-1, ::-1],
    "Bernoulli": lambda rate: rate, "Normal": lambda mean, _: mean, "Uniform": lambda low, high: (low + high) / 2,
}  # fmt: skip

_ALONG: Mapping[str, Callable[[Array, int], Array]] = {
    "sum": lambda a, axis: a.sum(axis, keepdims=True), "max": lambda a, axis: a.max(axis, keepdims=True),
    "min": lambda a, axis: a.min(axis, keepdims=True), "softmax": _softmax,
}  # fmt: skip

_BETWEEN: Mapping[str, Callable[[Array, Array], Array]] = {
    "+": np.add, "-": np.subtract, "⊙": np.multiply, "·": np.multiply, "/": np.divide, "mod": np.mod,
    "<": np.less, ">": np.greater, "≤": np.less_equal, "≥": np.greater_equal, "max": np.maximum, "min": np.minimum,
}  # fmt: skip

_LEVELS = (("<", ">", "≤", "≥"), ("+", "-"), ("⊙", "·", "/", "mod"))
"""What stands between values, from what binds least."""

_INSIDE = functools.reduce(lambda inside, _: rf"(?:[^()]|\({inside}\))*", range(6), "[^()]*")
"""What stands in brackets, which may have brackets in it."""

_TOKEN = re.compile(
    r"(?P<number>\d+(\.\d+)?(e-?\d+)?|∞)"
    rf"|(?P<function>({'|'.join([*_ALONG, *_FUNCTIONS])})(\[-\d\])?)(?=\()"
    r"|(?P<sign>mod\b|[²ᵀ]|[^\w\s∂])"
    rf"|(?P<name>∂L/∂\({_INSIDE}\)"
    r"|(∂L/∂)?([^\W²ᵀ]|')+(\[(t(-\d+)?|0)\])?)"
)


class _Transposed(NamedTuple):
    """What has the mark ᵀ."""

    value: Array


def alike(a: Any, b: Any) -> tuple[Array, Array]:
    """Return two values in shapes that go together: the features of one are split as those of the other, or stretch."""
    a, b = _plain(a), _plain(b)
    axes = max(_features(a), _features(b), key=len)
    return _split(a, axes), _split(b, axes)


def _features(a: Array) -> tuple[int, ...]:
    return a.shape[1:] if a.ndim > 1 and len(a) == 1 else a.shape


def _split(a: Array, axes: tuple[int, ...]) -> Array:
    """Return a value with so many axes where its features can be split so, such as 6 into (2, 3), or 2 into (2, 1)."""
    own = _features(a)
    if not own or len(own) == len(axes):
        return a
    before = a.shape[: a.ndim - len(own)]
    if math.prod(own) == math.prod(axes) and own[0] <= axes[0]:
        return a.reshape(*before, *axes)
    return a if own[0] % axes[0] else _split(a.reshape(*before, axes[0], -1, *own[1:]), axes)


def _plain(a: Any) -> Array:
    return np.swapaxes(a.value, -1, -2) if isinstance(a, _Transposed) else np.asarray(a)


def _product(a: Any, b: Any) -> Array:
    """Return a b, aᵀ b or a bᵀ; a vector is split or flat as what is beside it."""
    if isinstance(a, _Transposed):
        left, right = a.value, b if a.value.ndim == b.ndim else b.reshape(*a.value.shape[:-1], -1)
        return left.T @ right if left.ndim == 2 else left[..., :, None] * right[..., None, :]
    matrix = _plain(b)
    if a.shape[-1] != matrix.shape[-2]:
        a = a.reshape(len(a), *matrix.shape[1:-2], -1)
    return a @ matrix if matrix.ndim == 2 else np.einsum("...i,...ij->...j", a, matrix)


class _Reader:
    """One expression, from its tokens to its value."""

    def __init__(self, text: str, read: Read) -> None:
        self.tokens = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(text)]
        self.read = read

    def ahead(self) -> tuple[str | None, str]:
        return self.tokens[0] if self.tokens else (None, "")

    def take(self, expected: str = "") -> str:
        _, token = self.tokens.pop(0)
        assert expected in ("", token), f"{token} where {expected} was expected"
        return token

    def expression(self, level: int = 0) -> Any:
        if level == len(_LEVELS):
            return self.side_by_side()
        if level == 2 and self.ahead()[1] == "-":
            self.take()
            return -_plain(self.expression(level))
        value = self.expression(level + 1)
        while self.ahead()[1] in _LEVELS[level]:
            value = _BETWEEN[self.take()](*alike(value, self.expression(level + 1)))
        return value

    def side_by_side(self) -> Any:
        value = self.power()
        if isinstance(value, _Transposed) and self.is_product():
            return _product(value, self.side_by_side())
        while self.is_product():
            value = _product(value, self.power())
        return value

    def is_product(self) -> bool:
        kind, token = self.ahead()
        return kind in ("number", "function", "name") or token == "("

    def power(self) -> Any:
        value = self.atom()
        while self.ahead()[1] in ("²", "^"):
            value = value ** (2 if self.take() == "²" else self.atom())
        return _Transposed(value) if self.ahead()[1] == "ᵀ" and self.take() else value

    def atom(self) -> Any:
        kind, token = self.ahead()
        self.take()
        if kind == "number":
            return np.float64(np.inf if token == "∞" else token)
        if kind == "function":
            return self.call(*token.removesuffix("]").partition("[-")[::2])
        if token in ("(", "|"):
            value = self.expression()
            self.take(")" if token == "(" else "|")
            return np.abs(value) if token == "|" else value
        assert kind == "name", f"{token} is no value"
        return self.read(token)

    def call(self, name: str, axis: str) -> Array:
        self.take("(")
        arguments = [self.expression()]
        while self.ahead()[1] == ",":
            self.take()
            arguments.append(self.expression())
        self.take(")")
        if name in _ALONG and len(arguments) == 1:
            return _ALONG[name](arguments[0], -int(axis or 1))
        return _BETWEEN[name](*alike(*arguments)) if name in _BETWEEN else _FUNCTIONS[name](*arguments)


def value_of(text: str, read: Read) -> Array:
    """Return what an expression says."""
    reader = _Reader(text, read)
    value = reader.expression()
    assert not reader.tokens, f"{text}: {reader.tokens[0][1]} is left over"
    return np.asarray(value)


def names_in(text: str) -> set[str]:
    """Return the names in an expression, with their times."""
    return {match[0] for match in _TOKEN.finditer(text) if match.lastgroup == "name"}


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return the equations of a text, left and right side, in order."""
    lines = [line for line in text.splitlines() if not line.startswith(("For t", "Δ is", "a_v is"))]
    pairs = [line.partition(" = ") for line in lines if line]
    return [(left.strip(), right) for left, _, right in pairs]
