"""The symbol: what a cell's function is run on, to learn its equations."""

from __future__ import annotations

import builtins
import numbers
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn

from recurra.graph.formula import formula, term
from recurra.graph.node import COMPARISONS
from recurra.graph.sizes import ShapeVariable, SizeError, broadcast

__all__ = ["MisuseError", "ParameterSymbols", "Symbol", "Tracing", "apply", "as_symbol"]


class MisuseError(TypeError):
    """Something that a cell cannot say."""


class Tracing:
    """One run of a cell's function on symbols: it knows the parameters met and the line that is being run."""

    def __init__(self, code: CodeType, declared: dict[str, ShapeVariable]) -> None:
        self.code = code
        self.declared = declared
        self.parameters: dict[str, Symbol] = {}
        self.symbols: list[Symbol] = []
        self.noises = 0

    def line(self) -> int:
        """Return the number of the line of the cell that is being run, 0 if none is."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code is not self.code:
            frame = frame.f_back
        return 0 if frame is None else frame.f_lineno

    def parameter(self, name: str) -> Symbol:
        """Return the parameter of this name; its first use declares it."""
        if name not in self.parameters:
            shape = self.declared.get(name) or ShapeVariable()
            self.parameters[name] = Symbol(self, "parameter", (), shape, rows=False, name=name)
        return self.parameters[name]


class ParameterSymbols:
    """The `p` of a cell's function: an attribute is a parameter."""

    def __init__(self, tracing: Tracing) -> None:
        object.__setattr__(self, "_tracing", tracing)

    def __getattr__(self, name: str) -> Symbol:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._tracing.parameter(name)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise MisuseError(f"p.{name} is assigned to: a cell reads its parameters and does not change them")


class Symbol:
    """A value of a step that is being traced. Its operators build the graph; its shape is found by unification."""

    __slots__ = ("args", "attributes", "line", "op", "product", "rows", "shape", "tracing")
    __array_ufunc__ = None  # NumPy leaves the operators to us and refuses its own functions

    def __init__(
        self,
        tracing: Tracing,
        op: str,
        args: tuple[Symbol, ...],
        shape: ShapeVariable,
        *,
        rows: bool,
        **attributes: Any,
    ) -> None:
        self.tracing, self.op, self.args, self.shape, self.rows = tracing, op, args, shape, rows
        self.attributes = attributes
        self.product = _product(op, args) if rows else ""
        self.line = tracing.line()
        tracing.symbols.append(self)

    def __add__(self, other: Any) -> Symbol:
        return apply("add", self, other)

    def __radd__(self, other: Any) -> Symbol:
        return apply("add", other, self)

    def __sub__(self, other: Any) -> Symbol:
        return apply("sub", self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return apply("sub", other, self)

    def __mul__(self, other: Any) -> Symbol:
        return apply("mul", self, other)

    def __rmul__(self, other: Any) -> Symbol:
        return apply("mul", other, self)

    def __truediv__(self, other: Any) -> Symbol:
        return apply("div", self, other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return apply("div", other, self)

    def __neg__(self) -> Symbol:
        return apply("neg", self)

    def __pos__(self) -> Symbol:
        return self

    def __abs__(self) -> Symbol:
        return apply("abs", self)

    def __pow__(self, exponent: Any) -> Symbol:
        if exponent.__class__ not in (int, float) or exponent not in _SIMPLE_POWERS:
            return apply("pow", self, exponent)
        if exponent < 0:
            return 1 / self**-exponent
        if exponent == 0.5:
            return apply("sqrt", self)
        if exponent == 1:
            return self
        half = self ** (exponent // 2)
        return half * half * self if exponent % 2 else half * half

    def __rpow__(self, base: Any) -> Symbol:
        return apply("pow", base, self)

    def __mod__(self, other: Any) -> Symbol:
        return apply("mod", self, other)

    def __rmod__(self, other: Any) -> Symbol:
        return apply("mod", other, self)

    def __matmul__(self, other: Any) -> Symbol:
        return _matmul(self, as_symbol(self.tracing, other))

    def __lt__(self, other: Any) -> Symbol:
        return apply("less", self, other)

    def __le__(self, other: Any) -> Symbol:
        return apply("less_equal", self, other)

    def __gt__(self, other: Any) -> Symbol:
        return apply("greater", self, other)

    def __ge__(self, other: Any) -> Symbol:
        return apply("greater_equal", self, other)

    def __eq__(self, other: object) -> NoReturn:
        raise MisuseError("`==` and `!=` between values of a step: compare with <, <=, > or >=")

    __hash__ = object.__hash__  # a symbol is itself: in sets and mappings `==` is not asked

    @property
    def T(self) -> Symbol:
        """A parameter matrix, transposed."""
        if self.rows:
            raise MisuseError(
                "`.T` of a value of the step: a cell has no batch axis, only a parameter matrix has a transpose"
            )
        rows, columns = self.shape.expect_rank(2)
        return Symbol(self.tracing, "transpose", (self,), ShapeVariable((columns, rows)), rows=False)

    def __bool__(self) -> NoReturn:
        raise MisuseError("a symbol has no truth value (for `if`, `and`, `or`, `not`): use where(condition, yes, no)")

    def __iter__(self) -> NoReturn:
        raise MisuseError(
            f"`{self!r}` is gone through (by `for`, `in`, unpacking, or Python's own sum, max or min): a value of a "
            "step is one whole; recurra has sum, mean, max and min over its features, and maximum and minimum of two"
        )

    def __repr__(self) -> str:
        return term(self, 9)

    def __getitem__(self, key: object) -> NoReturn:
        raise MisuseError(f"[{key!r}]: a cell has no indexing; give each part its own parameters and equation")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise MisuseError(f"`.{name}`: a value in a cell has operators and recurra's functions, no methods but `.T`")

    def __array_function__(self, function: Callable[..., Any], *_: Any) -> NoReturn:
        raise MisuseError(_foreign("NumPy", function))

    @classmethod
    def __torch_function__(cls, function: Callable[..., Any], *_: Any) -> NoReturn:
        raise MisuseError(_foreign("torch", function))


_SIMPLE_POWERS = frozenset(s * p for p in (0.5, 1, 2, 3, 4, 5, 6, 7, 8) for s in (1, -1))
"""The powers that are made of products, a square root and a quotient."""

_INSTEAD = {
    "absolute": "abs(a)", "abs": "abs(a)", "amax": "recurra's max", "amin": "recurra's min", "power": "a ** b",
    "pow": "a ** b", "remainder": "a % b", "fmod": "a % b", "clip": "minimum(maximum(a, low), high)",
    "clamp": "minimum(maximum(a, low), high)", "concatenate": "a @ p.W + b @ p.V", "cat": "a @ p.W + b @ p.V",
    "dot": "a @ p.W, or sum(a * b)", "inner": "sum(a * b)", "matmul": "a @ p.W",
    "square": "a ** 2", "expit": "sigmoid(a)",
}  # fmt: skip
_OWN = (
    "cos", "cumsum", "erf", "exp", "floor", "log", "max", "maximum", "mean", "min", "minimum", "relu", "sigmoid",
    "sign", "sin", "softmax", "softplus", "sqrt", "sum", "tanh", "where",
)  # fmt: skip


def _foreign(library: str, function: Callable[..., Any]) -> str:
    """Return why another library's function does not work on symbols, and what says the same."""
    name = getattr(function, "__name__", str(function))
    instead = f"recurra's {name}" if name in _OWN else _INSTEAD.get(name, "recurra's functions")
    return f"{library}'s {name} is unknown in a cell: use {instead}"


def as_symbol(tracing: Tracing, value: Any) -> Symbol:
    """Return a value of an equation as a symbol; raise `MisuseError` if it can be none."""
    if isinstance(value, Symbol):
        if value.tracing is not tracing:
            raise MisuseError("a symbol of another cell is used: a cell sees its own arguments only")
        return value
    if isinstance(value, numbers.Real):
        try:
            number = float(value)
        except OverflowError:
            raise MisuseError(
                f"a number of this equation is beyond those of a float, up to {sys.float_info.max:.0e}"
            ) from None
        return Symbol(tracing, "constant", (), ShapeVariable(()), rows=False, value=number)
    message = f"{value!r} of type {type(value).__name__} in an equation: numbers, states, inputs and parameters fit"
    if hasattr(value, "__array__"):
        message += (
            "; sizes have names only while a cell is defined, so numbers of one size are a parameter, filled in the "
            "layer, or a further input, and a single number is float(value)"
        )
    raise MisuseError(message)


def apply(op: str, *values: Any) -> Symbol:
    """Return an elementwise operation on symbols and numbers."""
    tracing = next(value.tracing for value in values if isinstance(value, Symbol))
    args = tuple(as_symbol(tracing, value) for value in values)
    _check_truth(op, args)
    rows = any(argument.rows for argument in args)
    shape = ShapeVariable(())
    try:
        _check_ranks(args)
        if op in ("add", "sub"):
            _take_width_of_product(*args)
        for argument in args:
            shape = broadcast(shape, argument.shape)
        if rows and len(shape.sizes or ()) > builtins.max(len(a.shape.sizes or ()) for a in args if a.rows):
            raise SizeError("a matrix beside a value of the step: was a product `@` meant?")
    except SizeError as conflict:
        raise SizeError(f"`{formula(op, args, depth=1)}`: {conflict}") from None
    return Symbol(tracing, op, args, shape, rows=rows)


def _check_ranks(args: tuple[Symbol, ...]) -> None:
    """Refuse a vector beside a matrix of the step: on arrays, its batch axis would meet the matrix's rows."""
    shapes = {len(argument.shape.sizes or ()): argument.shape for argument in args if argument.rows}
    if len(shapes) > 1:
        fewer, *_, more = (str(shapes[rank]) for rank in sorted(shapes))
        raise SizeError(
            f"a value of shape {fewer} beside one of {more}: column(a) scales row by row, row(a) column by column"
        )


def _take_width_of_product(*terms: Symbol) -> None:
    """Give a bias, and a product of open width, the width of the 1-wide product that it is added to.

    Without this the 1 would stretch, as that of a further input such as `dt` does, and a gate that was meant to be
    one number for a state would become one for each feature.
    """
    for narrow, other in (terms, terms[::-1]):
        if narrow.product and narrow.shape.sizes and narrow.shape.sizes[-1].value == 1:
            is_bias = not other.rows and (other.shape.sizes is None or len(other.shape.sizes) == 1)
            if is_bias or narrow.product == other.product == "matmul":
                other.shape.expect_rank(1)[0].narrow()


def _product(op: str, args: tuple[Symbol, ...]) -> str:
    """Return of which products a value is a sum of multiples: ``"matmul"``, ``"inner"`` or, if it is none, ``""``."""
    if op == "matmul":
        return op
    if op == "sum":
        return "inner" if args[0].op == "mul" else ""
    if op in ("add", "sub", "neg"):
        return sorted(argument.product for argument in args)[-1]
    if op in ("mul", "div"):
        scaled = [argument.product for argument in args if argument.shape.sizes != ()]
        return scaled[0] if len(scaled) == 1 else ""
    return ""


def _check_truth(op: str, args: tuple[Symbol, ...]) -> None:
    for position, argument in enumerate(args):
        truth, wanted = argument.op in COMPARISONS, op == "where" and position == 0
        if truth and not wanted:
            raise MisuseError("a comparison is used as a number: choose with where(condition, 1.0, 0.0)")
        if wanted and not truth:
            raise MisuseError("the first argument of where is to be a comparison, such as `h > 0`")


def _matmul(a: Symbol, weight: Symbol) -> Symbol:
    if weight.rows:
        raise MisuseError(
            "`@` with a value of the step on its right: a product is `value @ p.W`; for an inner product use "
            "sum(a * b), with a matrix of the step vecmat(a, C) or matvec(C, b)"
        )
    if a.rows and len(a.shape.sizes or ()) > 1:
        raise MisuseError(
            f"`@` with a value of shape {a.shape} on its left: flatten(value) @ p.W takes all of it, and "
            "vecmat(value, p.W), with the shape of W in sizes=, one matrix for all of its rows or one for each"
        )
    try:
        inner, columns = weight.shape.expect_rank(2)
        sizes = a.shape.expect_rank(1 if a.rows else 2)
        sizes[-1].unify(inner)
    except SizeError as conflict:
        raise SizeError(f"`{formula('matmul', (a, weight), depth=1)}`: {conflict}") from None
    return Symbol(a.tracing, "matmul", (a, weight), ShapeVariable((*sizes[:-1], columns)), rows=a.rows)
