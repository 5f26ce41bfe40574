"""The symbol: what a cell's function is run on, to learn its equations; and the functions that a cell may use.

Each function works on symbols, on NumPy arrays and on torch tensors alike.
"""

from __future__ import annotations

import builtins
import numbers
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import CodeType
from typing import Any, NamedTuple, NoReturn

from recurra.graph.compound import Size, named_in, number_of
from recurra.graph.node import COMPARISONS
from recurra.graph.ops import spelling_for
from recurra.graph.sizes import ShapeVariable, SizeError, SizeVariable, broadcast

__all__ = [
    "MisuseError", "ParameterSymbols", "Symbol", "Tracing", "apply", "bernoulli", "column", "cos", "cumsum", "erf",
    "exp", "flatten", "floor", "formula", "heaviside", "log", "matvec", "max", "maximum", "mean", "min", "minimum",
    "normal", "outer", "relu", "row", "sigmoid", "sign", "sin", "size", "sizes_known", "softmax", "softplus", "split",
    "sqrt", "stop_gradient", "sum", "surrogate", "tanh", "uniform", "vecmat", "where",
]  # fmt: skip


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
        return _matmul(self, _symbol(self.tracing, other))

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
        return _term(self, 9)

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


def _symbol(tracing: Tracing, value: Any) -> Symbol:
    if isinstance(value, Symbol):
        if value.tracing is not tracing:
            raise MisuseError("a symbol of another cell is used: a cell sees its own arguments only")
        return value
    if isinstance(value, numbers.Real):
        return Symbol(tracing, "constant", (), ShapeVariable(()), rows=False, value=float(value))
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
    args = tuple(_symbol(tracing, value) for value in values)
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


def _reduce_features(op: str, a: Symbol, axis: int = -1) -> Symbol:
    """Return the sum over an axis, or the largest along it, 1 wide."""
    sizes = list(a.shape.sizes or a.shape.expect_rank(1))
    _check_axis(op, axis, len(sizes))
    sizes[axis] = SizeVariable(1)
    attributes = {} if axis == -1 else {"axis": axis}
    return Symbol(a.tracing, op, (a,), ShapeVariable(tuple(sizes)), rows=a.rows, **attributes)


def _check_slope(x: Symbol, slope: Symbol) -> None:
    """Refuse a chosen derivative that is wider than what it is the derivative of."""
    written = formula("heaviside", (x,), depth=2)
    try:
        common = broadcast(x.shape, slope.shape)
    except SizeError as conflict:
        raise SizeError(f"the derivative of `{written}`, `{slope!r}`, is {slope.shape}: {conflict}") from None
    widths = [shape.sizes[-1].value for shape in (common, x.shape) if shape.sizes]
    if len(widths) == 2 and widths[0] != widths[1]:
        raise SizeError(f"the derivative of `{written}`, `{slope!r}`, is {slope.shape}, and that is {x.shape}")


def _scan(op: str, a: Symbol) -> Symbol:
    """Return the sums over the last axis up to each place, or from it on."""
    a.shape.expect_rank(1)
    return Symbol(a.tracing, op, (a,), a.shape, rows=a.rows)


def _check_axis(op: str, axis: object, rank: int) -> None:
    if type(axis) is not int or not -rank <= axis <= -1:
        expected = "-1" if rank == 1 else f"-1, the last, to {-rank}"
        raise MisuseError(f"{op}(..., axis={axis!r}): expected {expected}: axes are counted from a value's end")


def _size_of(a: Symbol, axis: int = -1) -> Symbol:
    """Return the width of a value along an axis, as a number."""
    sizes = a.shape.sizes or a.shape.expect_rank(1)
    return Symbol(a.tracing, "size", (), ShapeVariable(()), rows=False, size=sizes[axis])


def _reshaped(a: Symbol, sizes: tuple[SizeVariable, ...]) -> Symbol:
    """Return the same numbers in another shape."""
    return Symbol(a.tracing, "reshape", (a,), ShapeVariable(sizes), rows=a.rows)


def _axes(a: Symbol) -> tuple[SizeVariable, ...]:
    """Return the sizes of a value; a parameter of which nothing is known yet is a vector."""
    return a.shape.sizes or a.shape.expect_rank(1)


def _noise(like: Symbol, rate: float, per: str, **kind: str) -> Symbol:
    """Return a random number for every element of a value, which is `rate` in the mean: 0 or 1, or of another kind."""
    like.tracing.noises += 1
    index = like.tracing.noises - 1
    sizes = like.shape.expect_rank(1)
    return Symbol(
        like.tracing, "noise", (), ShapeVariable(sizes), rows=True, rate=float(rate), per=per, index=index, **kind
    )


_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%", "pow": "**", "matmul": "@",
    "less": "<", "less_equal": "<=", "greater": ">",
    "greater_equal": ">=",
}  # fmt: skip


def formula(op: str, args: tuple[Symbol, ...], *, depth: int = 9) -> str:
    """Return an operation as Python, nested so deep and no deeper."""
    written = [_term(argument, depth - 1) for argument in args]
    if op in _OPERATORS:
        left, right = (f"({w})" if a.op in _OPERATORS and depth > 1 else w for w, a in zip(written, args, strict=True))
        return f"{left} {_OPERATORS[op]} {right}"
    return f"{written[0]}.T" if op == "transpose" else f"{op}({', '.join(written)})"


def _term(symbol: Symbol, depth: int) -> str:
    if symbol.op == "constant":
        return f"{symbol.attributes['value']:g}"
    if not symbol.args:
        name = symbol.attributes.get("name", symbol.op)
        return f"p.{name}" if symbol.op == "parameter" else name
    return formula(symbol.op, symbol.args, depth=depth) if depth > 0 else "..."


def _call(op: str, *values: Any) -> Any:
    if any(isinstance(value, Symbol) for value in values):
        return apply(op, *values)
    return spelling_for(*values)[op](*values)


def _reduced(op: str, x: Any, *axis: int) -> Any:
    return _reduce_features(op, x, *axis) if isinstance(x, Symbol) else spelling_for(x)[op](x, *axis)


class _OfArrays(NamedTuple):
    """What is known where a cell's function runs on arrays: the numbers of its sizes, and how many axes rows have."""

    sizes: Mapping[str, int]
    batch_axes: int


_NOTHING = _OfArrays({}, 1)
_KNOWN: ContextVar[_OfArrays] = ContextVar("of arrays", default=_NOTHING)


@contextmanager
def sizes_known(sizes: Mapping[str, int], *, batch_axes: int) -> Iterator[None]:
    """Let a cell's function that runs on arrays know how many axes stand before those of a row, and how long these are.

    What was known before stays known.
    """
    before = _KNOWN.set(_OfArrays({**_KNOWN.get().sizes, **sizes}, batch_axes))
    try:
        yield
    finally:
        _KNOWN.reset(before)


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


def sin(x: Any) -> Any:
    """Return the sine, elementwise."""
    return _call("sin", x)


def cos(x: Any) -> Any:
    """Return the cosine, elementwise."""
    return _call("cos", x)


def erf(x: Any) -> Any:
    """Return the error function, elementwise."""
    return _call("erf", x)


def sign(x: Any) -> Any:
    """Return 1 where x is positive, -1 where it is negative, else x; no gradient flows through it."""
    return _call("sign", x)


def floor(x: Any) -> Any:
    """Return the largest whole number that is not above x, elementwise; no gradient flows through it."""
    return _call("floor", x)


def stop_gradient(x: Any) -> Any:
    """Return x, as a constant to all derivatives."""
    return _call("stop_gradient", x)


def surrogate(value: Any, like: Any) -> Any:
    """Return `value`, whose gradient goes to `like`, as if it were that: a chosen derivative, in place of its own.

    A straight-through estimator (Bengio et al. 2013, arXiv:1308.3432) is ``surrogate(sign(x), x)``.
    """
    return _call("surrogate", value, like)


def heaviside(x: Any, *, derivative: Callable[[Any], Any] | None = None) -> Any:
    """Return 1 where x is positive, else 0; its derivative is the one that is chosen, or none.

    Parameters
    ----------
    x : a value of the step
    derivative : function
        x -> what stands for the derivative there, in the same language and as wide: a surrogate gradient (Neftci et al.
        2019, arXiv:1901.09948), such as ``lambda v: 1 / (1 + abs(v)) ** 2``. No gradient flows through it.
    """
    step = _call("heaviside", x)
    if derivative is None:
        return step
    if not callable(derivative):
        raise MisuseError(
            f"heaviside(derivative={derivative!r}): expected a function of one value, as in `lambda v: ...`"
        )
    slope = derivative(x)
    if isinstance(x, Symbol):
        slope = _symbol(x.tracing, slope)
        _check_slope(x, slope)
    return surrogate(step, stop_gradient(slope) * x)


def maximum(a: Any, b: Any) -> Any:
    """Return the larger of two values, elementwise."""
    return _call("maximum", a, b)


def minimum(a: Any, b: Any) -> Any:
    """Return the smaller of two values, elementwise."""
    return _call("minimum", a, b)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the comparison `condition` holds, else `no`."""
    return _call("where", condition, yes, no)


def sum(x: Any, axis: int = -1) -> Any:
    """Return the sum over the features, the last axis, or over another one, counted from the end; it stays, 1 wide."""
    return _reduced("sum", x) if axis == -1 else _reduced("sum", x, axis)


def mean(x: Any, axis: int = -1) -> Any:
    """Return the mean over the features (the last axis), or over another axis; it stays, 1 wide."""
    return sum(x, axis) / size(x, axis)


def size(x: Any, axis: int = -1) -> Any:
    """Return the number of the features of a value, its last axis, or of its places along another, as a number."""
    if not isinstance(x, Symbol):
        return x.shape[axis]
    _check_axis("size", axis, len(_axes(x)))
    return _size_of(x, axis)


def max(x: Any) -> Any:
    """Return the largest of the features (the last axis), 1 wide; equal ones share its gradient evenly."""
    return _reduced("max", x)


def min(x: Any) -> Any:
    """Return the smallest of the features (the last axis), 1 wide; equal ones share its gradient evenly."""
    return _reduced("min", x)


def cumsum(x: Any, *, reverse: bool = False) -> Any:
    """Return, for each feature (of the last axis), the sum of those up to it; with `reverse` of those from it on."""
    op = "reverse_cumsum" if reverse else "cumsum"
    return _scan(op, x) if isinstance(x, Symbol) else spelling_for(x)[op](x)


def softmax(x: Any) -> Any:
    """Return exp(x) over its sum over the features (the last axis), without overflow."""
    e = exp(x - max(stop_gradient(x)))  # the shift makes no difference, so that nothing goes through it
    return e / sum(e)


def column(x: Any) -> Any:
    """Return a value (..., m) as (..., m, 1): what it is multiplied with, it scales row by row."""
    return _reshaped(x, (*_axes(x), SizeVariable(1))) if isinstance(x, Symbol) else x[..., None]


def row(x: Any) -> Any:
    """Return a value (..., n) as (..., 1, n): what it is multiplied with, it scales column by column."""
    if isinstance(x, Symbol):
        *leading, last = _axes(x)
        return _reshaped(x, (*leading, SizeVariable(1), last))
    return x[..., None, :]


def flatten(x: Any) -> Any:
    """Return a value (m, n), or with more axes, as a vector (m * n,), row after row."""
    if isinstance(x, Symbol):
        axes = _axes(x)
        return x if len(axes) == 1 else _reshaped(x, (SizeVariable(factors=axes),))
    return x.reshape(*x.shape[: _KNOWN.get().batch_axes], -1)


def split(x: Any, parts: Size) -> Any:
    """Return a vector (parts * n,) as a matrix (parts, n), such as the heads of an attention.

    Parameters
    ----------
    x : a value of the step, a vector
    parts : the name of a size, such as ``"heads"``, or a number
    """
    if not isinstance(parts, str | int) or parts == 0 or isinstance(parts, bool):
        raise MisuseError(f"split(..., {parts!r}): expected the name of a size, such as 'heads', or a number")
    if not isinstance(x, Symbol):
        known = _KNOWN.get().sizes
        if isinstance(parts, str) and not known.keys() >= {*named_in(parts)}:
            raise MisuseError(f"split(..., {parts!r}): no array that the cell is called with shows how many these are")
        return x.reshape(*x.shape[:-1], number_of(parts, known), -1)
    (whole,) = x.shape.expect_rank(1)
    first, rest = SizeVariable(parts), SizeVariable()
    whole.unify(SizeVariable(factors=(first, rest)))
    return _reshaped(x, (first, rest))


def outer(a: Any, b: Any) -> Any:
    """Return the outer product of (..., m) and (..., n), (..., m, n): ``a[i] * b[j]``."""
    return column(a) * row(b)


def vecmat(a: Any, matrix: Any) -> Any:
    """Return the product of a vector (..., m) and a matrix (..., m, n): (..., n), the sum over i of ``a[i] * M[i, j]``.

    The matrix is a value of the step, or a parameter with a matrix for each row of `a`.
    """
    if isinstance(a, Symbol) and isinstance(matrix, Symbol):
        _check_matrix("vecmat(a, M)", a, matrix)
        if not matrix.rows and len(_axes(a)) == 1:
            return a @ matrix
        product = sum(column(a) * matrix, -2)
        *leading, _, last = _axes(product)
        return _reshaped(product, (*leading, last))
    return (a[..., :, None] * matrix).sum(-2)


def matvec(matrix: Any, b: Any) -> Any:
    """Return the product of a matrix (..., m, n) and a vector (..., n): (..., m), the sum over j of ``M[i, j] * b[j]``.

    The matrix is a value of the step, or a parameter with a matrix for each row of `b`.
    """
    if isinstance(b, Symbol) and isinstance(matrix, Symbol):
        _check_matrix("matvec(M, b)", b, matrix)
        if not matrix.rows and len(_axes(b)) == 1:
            return b @ matrix.T
        product = sum(matrix * row(b))
        return _reshaped(product, _axes(product)[:-1])
    return (matrix * b[..., None, :]).sum(-1)


def _check_matrix(said: str, vector: Symbol, matrix: Symbol) -> None:
    """Refuse a vector as a matrix; of a parameter of which nothing is known, the axes follow."""
    rank = len(_axes(vector)) + 1
    found = matrix.shape.sizes
    if found is None:
        matrix.shape.expect_rank(rank)
    elif len(found) != rank and not (len(found) == 2 and not matrix.rows):
        raise SizeError(f"`{said}`: the matrix has the shape {matrix.shape} and the vector {vector.shape}")


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
    _check_draw("bernoulli", like, per)
    return _noise(like, rate, per) if isinstance(like, Symbol) else rate + 0 * like


def normal(*, like: Any, per: str = "step") -> Any:
    """Return a random number from N(0, 1) for every feature of `like`; in evaluation 0, its mean.

    Parameters and draws are those of `bernoulli`.
    """
    _check_draw("normal", like, per)
    return _noise(like, 0.0, per, kind="normal") if isinstance(like, Symbol) else 0 * like


def uniform(*, like: Any, per: str = "step") -> Any:
    """Return a random number between 0 and 1 for every feature of `like`; in evaluation 0.5, its mean.

    Parameters and draws are those of `bernoulli`.
    """
    _check_draw("uniform", like, per)
    return _noise(like, 0.5, per, kind="uniform") if isinstance(like, Symbol) else 0.5 + 0 * like


def _check_draw(function: str, like: Any, per: str) -> None:
    if per not in ("step", "sequence"):
        raise ValueError(f"{function}(per={per!r}): per is 'step' or 'sequence'")
    if isinstance(like, int | float):
        raise MisuseError(f"{function}(like={like!r}): a number has no features; expected a value of the step")
