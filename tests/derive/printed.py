"""Reads the text of equations and derivations as a person would, and computes what it says, in NumPy.

A value is one row without a batch. What stands side by side is a product of a row and a matrix, ᵀ transposes, ⊙ is
elementwise; `flatten` and `split` are not written, so of two values with other axes and as many numbers one takes the
shape of the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf

Read = Callable[[str], Any]
"""A name with its time, such as `h[t-1]` or `∂L/∂y[t]` -> its value."""


class Transposed(NamedTuple):
    """What has the mark ᵀ."""

    value: np.ndarray


_NAME = r"(?:∂L/∂)?[^\W\dᵀ²](?:[^\Wᵀ²]|')*(?:\[t(?:-\d+)?\]|\[0\])?"


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "σ": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
    "sin": np.sin, "cos": np.cos, "erf": erf, "sign": np.sign, "floor": np.floor, "relu": lambda a: np.maximum(a, 0),
    "softplus": lambda a: np.logaddexp(0, a), "sg": lambda a: a, "H": lambda a: (a > 0) * 1.0,
    "surrogate": lambda a, _: a, "where": np.where,
    "col": lambda a: a[..., None], "row": lambda a: a[..., None, :],
    "cumsum": lambda a: np.cumsum(a, -1), "reverse_cumsum": lambda a: np.cumsum(a[..., ::-1], -1)[..., ::-1],
    "Bernoulli": lambda rate: rate, "Normal": lambda mean, _: mean, "Uniform": lambda low, high: (low + high) / 2,
}  # fmt: skip


def _softmax(a: np.ndarray, axis: int) -> np.ndarray:
    e = np.exp(a - a.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


_ALONG: Mapping[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "sum": lambda a, axis: a.sum(axis, keepdims=True), "max": lambda a, axis: a.max(axis, keepdims=True),
    "min": lambda a, axis: a.min(axis, keepdims=True), "softmax": _softmax,
}  # fmt: skip


def _plain(a: Any) -> np.ndarray:
    return np.swapaxes(a.value, -1, -2) if isinstance(a, Transposed) else np.asarray(a)


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Return two values, one in the shape of the other where both have as many numbers and other axes."""
    a, b = _plain(a), _plain(b)
    if a.ndim != b.ndim and a.size == b.size > 1:
        return (a.reshape(b.shape), b) if a.ndim > b.ndim else (a, b.reshape(a.shape))
    return a, b


def _product(a: Any, b: Any) -> Any:
    """Return a b, aᵀ b or a bᵀ."""
    if isinstance(a, Transposed):
        left, right = a.value, b.value if isinstance(b, Transposed) else b
        if left.ndim != right.ndim:
            left, right = left.reshape(-1), right.reshape(-1)
        if left.ndim == 2 and left.shape[0] == right.shape[0] and left.shape[0] > 1:
            return left.T @ right  # of two matrices of parameters
        return left[..., :, None] * right[..., None, :]
    matrix = _plain(b)
    if matrix.ndim == 2 and a.ndim > 1 and a.shape[-1] != matrix.shape[0]:
        a = a.reshape(-1)
    return a @ matrix if matrix.ndim == 2 else np.einsum("...i,...ij->...j", a, matrix)


class _Reader:
    """One expression, from its tokens to its value."""

    def __init__(self, text: str, read: Read, compound: Collection[str]) -> None:
        names = "|".join([*map(re.escape, sorted(compound, key=len, reverse=True)), _NAME])
        token = re.compile(rf"\s*(?:(\d+(?:\.\d+)?(?:e-?\d+)?|∞)|({names})|(\[-\d\])|(.))")
        found = [match for match in token.finditer(text) if match.lastindex]
        self.tokens = [(match.lastindex, match[match.lastindex or 0]) for match in found]
        self.place, self.read, self.inside_bars = 0, read, False

    @property
    def ahead(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.ahead
        assert token, "the text ends too early"
        assert expected in ("", token), f"{token} where {expected} was expected"
        self.place += 1
        return token

    def comparison(self) -> Any:
        left = self.sum()
        if self.ahead in ("<", ">", "≤", "≥"):
            sign, (left, right) = self.take(), (left, self.sum())
            left, right = _alike(left, right)
            return {"<": left < right, ">": left > right, "≤": left <= right, "≥": left >= right}[sign]
        return left

    def sum(self) -> Any:
        value = self.term()
        while self.ahead in ("+", "-"):
            sign, right = self.take(), self.term()
            left, right = _alike(value, right)
            value = left + right if sign == "+" else left - right
        return value

    def term(self) -> Any:
        if self.ahead == "-":
            self.take()
            return -_plain(self.term())
        value = self.side_by_side()
        while self.ahead in ("⊙", "·", "/", "mod"):
            sign, right = self.take(), self.side_by_side()
            left, right = _alike(value, right)
            value = left / right if sign == "/" else np.mod(left, right) if sign == "mod" else left * right
        return value

    def side_by_side(self) -> Any:
        value = self.power()
        while self.place < len(self.tokens) and (self.tokens[self.place][0] in (1, 2) or self.ahead in "(|"):
            if self.ahead == "mod" or (self.ahead == "|" and self.inside_bars):
                break
            value = _product(value, self.power())
        return value

    def power(self) -> Any:
        value = self.atom()
        while self.ahead in ("²", "^", "ᵀ"):
            sign = self.take()
            value = Transposed(value) if sign == "ᵀ" else value * value if sign == "²" else value ** self.atom()
        return value

    def atom(self) -> Any:
        kind, token = self.tokens[self.place]
        self.take()
        if kind == 1:
            return np.float64(np.inf if token == "∞" else token)
        if token == "(":
            value = self.comparison()
            self.take(")")
            return value
        if token == "|":
            self.inside_bars = True
            value = np.abs(self.comparison())
            self.inside_bars = False
            self.take("|")
            return value
        if token in _FUNCTIONS or token in _ALONG:
            return self.call(token)
        assert kind == 2, f"{token} is no value"
        return self.read(token)

    def call(self, name: str) -> Any:
        axis = int(self.take()[1:-1]) if self.ahead.startswith("[-") else -1
        self.take("(")
        bars, self.inside_bars = self.inside_bars, False
        arguments = [self.comparison()]
        while self.ahead == ",":
            self.take()
            arguments.append(self.comparison())
        self.take(")")
        self.inside_bars = bars
        if name in _ALONG and len(arguments) == 1:
            return _ALONG[name](np.asarray(arguments[0]), axis)
        if name in ("max", "min"):
            return {"max": np.maximum, "min": np.minimum}[name](*_alike(*arguments))
        return _FUNCTIONS[name](*arguments)


def value_of(text: str, read: Read, *, compound: Collection[str] = ()) -> Any:
    """Return what an expression says; `compound` are names with brackets in them, such as `∂L/∂(exp(a))`."""
    reader = _Reader(text, read, compound)
    value = reader.comparison()
    assert not reader.ahead, f"{text}: {reader.ahead} is left over"
    return value


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return the equations of a text, left and right side, in order."""
    lines = [line for line in text.splitlines() if not line.startswith(("For t", "Δ is", "a_v is"))]
    return [tuple(side.strip() for side in line.split(" = ", 1)) for line in lines if " = " in line]  # pyright: ignore[reportReturnType]
