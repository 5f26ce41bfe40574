"""The functions that a cell may use, beside its operators.

Each works on symbols, on NumPy arrays and on torch tensors alike: a cell is still a function.
"""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from recurra.graph.compound import Size, named_in, number_of, read_size
from recurra.graph.formula import formula
from recurra.graph.ops import Spelling, spelling_for
from recurra.graph.sizes import ShapeVariable, SizeError, Sizes, SizeVariable, broadcast
from recurra.graph.symbol import MisuseError, Symbol, apply, as_symbol

__all__ = [
    "bernoulli", "column", "cos", "cumsum", "erf", "exp", "flatten", "floor", "heaviside", "log", "matvec", "max",
    "maximum", "mean", "min", "minimum", "normal", "outer", "relu", "row", "sigmoid", "sign", "sin", "size",
    "sizes_known", "softmax", "softplus", "split", "sqrt", "stop_gradient", "sum", "surrogate", "tanh", "uniform",
    "vecmat", "where",
]  # fmt: skip


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
    """Return the sums over the features up to each place, or from it on."""
    _expect_vector("cumsum(a)", "running sums are over vectors", a)
    return Symbol(a.tracing, op, (a,), a.shape, rows=a.rows)


def _check_axis(op: str, axis: object, rank: int) -> None:
    if type(axis) is not int or not -rank <= axis <= -1:
        expected = "-1" if rank == 1 else f"-1, the last, to {-rank}"
        raise MisuseError(f"{op}(..., axis={axis!r}): expected {expected}: axes are counted from a value's end")


def _check_last(op: str, axis: object) -> None:
    if axis != -1:
        raise MisuseError(
            f"{op}(..., axis={axis!r}): expected -1: it is along the last axis alone; sum and mean are along any"
        )


def _expect_vector(said: str, what: str, a: Symbol) -> Sizes:
    """Return the size of a vector; refuse values of other axes and say how they become vectors."""
    if a.shape.sizes is not None and len(a.shape.sizes) != 1:
        raise SizeError(f"`{said}`: a is `{a!r}`, of shape {a.shape}; {what}, and flatten(a) is one")
    return a.shape.expect_rank(1)


def _refuse_numbers(function: str, *values: Any) -> None:
    """Refuse numbers where a function looks at the axes of what it is given."""
    for value in values:
        if isinstance(value, numbers.Number):
            raise MisuseError(f"{function}: {value!r} is a number, which has no axes; expected a value of the step")


def _symbols(*values: Any) -> tuple[Any, ...]:
    """Return values as symbols if any is one, as they are otherwise."""
    tracing = next((value.tracing for value in values if isinstance(value, Symbol)), None)
    return values if tracing is None else tuple(as_symbol(tracing, value) for value in values)


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
    sizes = _expect_vector(f"{kind.get('kind', 'bernoulli')}(like=a)", "noise is drawn for vectors", like)
    return Symbol(
        like.tracing, "noise", (), ShapeVariable(sizes), rows=True, rate=float(rate), per=per, index=index, **kind
    )


def _call(op: str, *values: Any) -> Any:
    if any(isinstance(value, Symbol) for value in values):
        return apply(op, *values)
    return _spelling(op, *values)[op](*values)


def _spelling(function: str, *values: Any) -> Spelling:
    """Return the table for these arguments, which are numbers and arrays, and none of them several values of a step."""
    for value in values:
        of_numbers = isinstance(value, (list, tuple)) and not any(isinstance(each, Symbol) for each in value)
        if not (of_numbers or isinstance(value, numbers.Number) or hasattr(value, "__array__")):
            raise MisuseError(
                f"{function}: got a {type(value).__name__}, expected one value of the step, or an array; several are "
                "added as a + b"
            )
    return spelling_for(*values)


def _reduced(op: str, x: Any, *axis: int) -> Any:
    _refuse_numbers(op, x)
    return _reduce_features(op, x, *axis) if isinstance(x, Symbol) else _spelling(op, x)[op](x, *axis)


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
    """Return 1 / (1 + exp(-x)), elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid(np.array([-2.0, 0.0, 2.0])).round(4)
    array([0.1192, 0.5   , 0.8808])
    """
    return _call("sigmoid", x)


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> tanh(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.7616,  0.    ,  0.7616])
    """
    return _call("tanh", x)


def relu(x: Any) -> Any:
    """Return x where it is positive, else 0.

    Examples
    --------
    >>> import numpy as np
    >>> relu(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    return _call("relu", x)


def exp(x: Any) -> Any:
    """Return e to the x, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> exp(np.array([0.0, 1.0])).round(4)
    array([1.    , 2.7183])
    """
    return _call("exp", x)


def log(x: Any) -> Any:
    """Return the natural logarithm, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> log(np.array([1.0, np.e]))
    array([0., 1.])
    """
    return _call("log", x)


def sqrt(x: Any) -> Any:
    """Return the square root, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> sqrt(np.array([4.0, 9.0]))
    array([2., 3.])
    """
    return _call("sqrt", x)


def softplus(x: Any) -> Any:
    """Return log(1 + exp(x)), elementwise and without overflow.

    Examples
    --------
    >>> import numpy as np
    >>> softplus(np.array([-1.0, 0.0, 1000.0])).round(4)
    array([3.133e-01, 6.931e-01, 1.000e+03])
    """
    return _call("softplus", x)


def sin(x: Any) -> Any:
    """Return the sine, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> sin(np.array([0.0, np.pi / 2]))
    array([0., 1.])
    """
    return _call("sin", x)


def cos(x: Any) -> Any:
    """Return the cosine, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> cos(np.array([0.0, np.pi]))
    array([ 1., -1.])
    """
    return _call("cos", x)


def erf(x: Any) -> Any:
    """Return the error function, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> erf(np.array([0.0, 1.0])).round(4)
    array([0.    , 0.8427])
    """
    return _call("erf", x)


def sign(x: Any) -> Any:
    """Return 1 where x is positive, -1 where it is negative, else x; no gradient flows through it.

    Examples
    --------
    >>> import numpy as np
    >>> sign(np.array([-3.0, 0.0, 3.0]))
    array([-1.,  0.,  1.])
    """
    return _call("sign", x)


def floor(x: Any) -> Any:
    """Return the largest whole number that is not above x, elementwise; no gradient flows through it.

    Examples
    --------
    >>> import numpy as np
    >>> floor(np.array([-0.5, 1.5]))
    array([-1.,  1.])
    """
    return _call("floor", x)


def stop_gradient(x: Any) -> Any:
    """Return x, as a constant to all derivatives.

    Examples
    --------
    >>> import torch
    >>> x = torch.tensor([2.0], requires_grad=True)
    >>> (stop_gradient(x) * x).backward()  # x * x, of which one x is a constant
    >>> x.grad
    tensor([2.])
    """
    return _call("stop_gradient", x)


def surrogate(value: Any, like: Any) -> Any:
    """Return `value`, whose gradient goes to `like`, as if it were that: a chosen derivative, in place of its own.

    A straight-through estimator (Bengio et al. 2013, arXiv:1308.3432) is ``surrogate(sign(x), x)``.

    Examples
    --------
    >>> import torch
    >>> x = torch.tensor([-0.3, 0.7], requires_grad=True)
    >>> y = surrogate(sign(x), x)
    >>> y.sum().backward()
    >>> y.tolist(), x.grad.tolist()
    ([-1.0, 1.0], [1.0, 1.0])
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
    if not _takes_one(derivative):
        said = "a function of other arguments" if callable(derivative) else repr(derivative)
        raise MisuseError(f"heaviside(derivative=...): got {said}, expected one of one value, as in `lambda v: ...`")
    slope = derivative(x)
    if isinstance(x, Symbol):
        slope = as_symbol(x.tracing, slope)
        _check_slope(x, slope)
    return surrogate(step, stop_gradient(slope) * x)


def _takes_one(function: object) -> bool:
    """Return whether something can be called with one value; what does not say its arguments is taken to."""
    if not callable(function):
        return False
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        return False
    except ValueError:  # it does not say
        return True
    return True


def maximum(a: Any, b: Any) -> Any:
    """Return the larger of two values, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> maximum(np.array([1.0, 5.0]), np.array([3.0, 2.0]))
    array([3., 5.])
    """
    return _call("maximum", a, b)


def minimum(a: Any, b: Any) -> Any:
    """Return the smaller of two values, elementwise.

    Examples
    --------
    >>> import numpy as np
    >>> minimum(np.array([1.0, 5.0]), np.array([3.0, 2.0]))
    array([1., 2.])
    """
    return _call("minimum", a, b)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the comparison `condition` holds, else `no`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([-1.0, 2.0])
    >>> where(x > 0, x, 0.0)
    array([0., 2.])
    """
    return _call("where", condition, yes, no)


def sum(x: Any, axis: int = -1) -> Any:
    """Return the sum over the features, the last axis, or over another one, counted from the end; it stays, 1 wide.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> sum(x)
    array([[3.],
           [7.]])
    >>> sum(x, axis=-2)
    array([[4., 6.]])
    """
    return _reduced("sum", x) if axis == -1 else _reduced("sum", x, axis)


def mean(x: Any, axis: int = -1) -> Any:
    """Return the mean over the features (the last axis), or over another axis; it stays, 1 wide.

    Examples
    --------
    >>> import numpy as np
    >>> mean(np.array([1.0, 2.0, 6.0]))
    array([3.])
    """
    return sum(x, axis) / size(x, axis)


def size(x: Any, axis: int = -1) -> Any:
    """Return the number of the features of a value, its last axis, or of its places along another, as a number.

    Examples
    --------
    >>> import numpy as np
    >>> size(np.zeros((4, 3)))
    3
    """
    _refuse_numbers("size", x)
    if not isinstance(x, Symbol):
        return x.shape[axis]
    _check_axis("size", axis, len(_axes(x)))
    return _size_of(x, axis)


def max(x: Any, axis: int = -1) -> Any:
    """Return the largest of the features (of the last axis alone), 1 wide; equal ones share its gradient evenly.

    Examples
    --------
    >>> import numpy as np
    >>> max(np.array([1.0, 3.0, 2.0]))
    array([3.])
    """
    _check_last("max", axis)
    return _reduced("max", x)


def min(x: Any, axis: int = -1) -> Any:
    """Return the smallest of the features (of the last axis alone), 1 wide; equal ones share its gradient evenly.

    Examples
    --------
    >>> import numpy as np
    >>> min(np.array([1.0, 3.0, 2.0]))
    array([1.])
    """
    _check_last("min", axis)
    return _reduced("min", x)


def cumsum(x: Any, axis: int = -1, *, reverse: bool = False) -> Any:
    """Return, for each feature of a vector, the sum of those up to it; with `reverse` of those from it on.

    Examples
    --------
    >>> import numpy as np
    >>> cumsum(np.array([1.0, 2.0, 3.0]))
    array([1., 3., 6.])
    >>> cumsum(np.array([1.0, 2.0, 3.0]), reverse=True)
    array([6., 5., 3.])
    """
    _refuse_numbers("cumsum", x)
    _check_last("cumsum", axis)
    op = "reverse_cumsum" if reverse else "cumsum"
    return _scan(op, x) if isinstance(x, Symbol) else _spelling(op, x)[op](x)


def softmax(x: Any, axis: int = -1) -> Any:
    """Return exp(x) over its sum over the features (of the last axis alone), without overflow.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([0.0, 1.0, 1000.0]))
    array([0., 0., 1.])
    """
    _refuse_numbers("softmax", x)
    _check_last("softmax", axis)
    e = exp(x - max(stop_gradient(x)))  # the shift makes no difference, so that nothing goes through it
    return e / sum(e)


def column(x: Any) -> Any:
    """Return a value (..., m) as (..., m, 1): what it is multiplied with, it scales row by row.

    Examples
    --------
    >>> import numpy as np
    >>> np.ones((2, 3)) * column(np.array([1.0, 2.0]))
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    _refuse_numbers("column", x)
    return _reshaped(x, (*_axes(x), SizeVariable(1))) if isinstance(x, Symbol) else x[..., None]


def row(x: Any) -> Any:
    """Return a value (..., n) as (..., 1, n): what it is multiplied with, it scales column by column.

    Examples
    --------
    >>> import numpy as np
    >>> np.ones((2, 3)) * row(np.array([1.0, 2.0, 3.0]))
    array([[1., 2., 3.],
           [1., 2., 3.]])
    """
    _refuse_numbers("row", x)
    if isinstance(x, Symbol):
        *leading, last = _axes(x)
        return _reshaped(x, (*leading, SizeVariable(1), last))
    return x[..., None, :]


def flatten(x: Any) -> Any:
    """Return a value (m, n), or with more axes, as a vector (m * n,), row after row."""
    _refuse_numbers("flatten", x)
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
    _refuse_numbers("split", x)
    said = parts
    try:
        parts = read_size(parts) if isinstance(parts, str) else parts
    except ValueError:
        parts = 0
    if not isinstance(parts, str) and (type(parts) is not int or parts < 1):
        raise MisuseError(f"split(..., {said!r}): expected the name of a size, such as 'heads', or a number from 1 on")
    if not isinstance(x, Symbol):
        known = _KNOWN.get().sizes
        if isinstance(parts, str) and not known.keys() >= {*named_in(parts)}:
            raise MisuseError(f"split(..., {parts!r}): no array that the cell is called with shows how many these are")
        return x.reshape(*x.shape[:-1], number_of(parts, known), -1)
    (whole,) = _expect_vector(f"split(a, {said!r})", "a vector is split", x)
    first, rest = SizeVariable(parts), SizeVariable()
    try:
        whole.unify(SizeVariable(factors=(first, rest)))
    except SizeError as conflict:
        raise SizeError(f"`split(a, {said!r})`: a is `{x!r}`, of shape {x.shape}: {conflict}") from None
    return _reshaped(x, (first, rest))


def outer(a: Any, b: Any) -> Any:
    """Return the outer product of (..., m) and (..., n), (..., m, n): ``a[i] * b[j]``.

    Examples
    --------
    >>> import numpy as np
    >>> outer(np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]))
    array([[ 3.,  4.,  5.],
           [ 6.,  8., 10.]])
    """
    _refuse_numbers("outer", a, b)
    a, b = _symbols(a, b)
    return column(a) * row(b)


def vecmat(a: Any, matrix: Any) -> Any:
    """Return the product of a vector (..., m) and a matrix (..., m, n): (..., n), the sum over i of ``a[i] * M[i, j]``.

    The matrix is a value of the step, or a parameter with a matrix for each row of `a`.

    Examples
    --------
    >>> import numpy as np
    >>> vecmat(np.array([1.0, 1.0]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    _refuse_numbers("vecmat", a, matrix)
    a, matrix = _symbols(a, matrix)
    if isinstance(a, Symbol):
        _check_matrix("vecmat", (a, matrix), a, matrix, axis=-2)
        if not matrix.rows and len(_axes(a)) == 1:
            return a @ matrix
        product = sum(column(a) * matrix, -2)
        *leading, _, last = _axes(product)
        return _reshaped(product, (*leading, last))
    return (a[..., :, None] * matrix).sum(-2)


def matvec(matrix: Any, b: Any) -> Any:
    """Return the product of a matrix (..., m, n) and a vector (..., n): (..., m), the sum over j of ``M[i, j] * b[j]``.

    The matrix is a value of the step, or a parameter with a matrix for each row of `b`.

    Examples
    --------
    >>> import numpy as np
    >>> matvec(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0]))
    array([3., 7.])
    """
    _refuse_numbers("matvec", matrix, b)
    matrix, b = _symbols(matrix, b)
    if isinstance(b, Symbol):
        _check_matrix("matvec", (matrix, b), b, matrix, axis=-1)
        if not matrix.rows and len(_axes(b)) == 1:
            return b @ matrix.T
        product = sum(matrix * row(b))
        return _reshaped(product, _axes(product)[:-1])
    return (matrix * b[..., None, :]).sum(-1)


def _check_matrix(op: str, args: tuple[Symbol, ...], vector: Symbol, matrix: Symbol, *, axis: int) -> None:
    """Refuse a matrix with other axes than go with a vector; of a parameter of which nothing is known, they follow.

    `axis` is the one along which the matrix is as long as the vector.
    """
    *leading, inner = _axes(vector)
    found = matrix.shape.sizes
    if found is None:
        found = matrix.shape.expect_rank(len(leading) + 2)
    try:
        if len(found) != len(leading) + 2 and not (len(found) == 2 and not matrix.rows):
            raise SizeError("other axes")
        inner.unify(found[axis])
        for one, other in zip(leading, found[:-2], strict=False):
            broadcast(ShapeVariable((one,)), ShapeVariable((other,)))
    except SizeError:
        expected = ", ".join([*map(str, leading), str(inner) if axis == -2 else "?", "?" if axis == -2 else str(inner)])
        raise SizeError(
            f"`{formula(op, args, depth=2)}`: the vector has the shape {vector.shape} and the matrix {matrix.shape}; "
            f"expected a matrix ({expected})"
        ) from None


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
    if not isinstance(rate, numbers.Real):
        raise MisuseError(
            f"bernoulli(rate={rate!r}): expected a number between 0 and 1; with a rate that is computed, "
            "where(uniform(like=a) < rate, 1.0, 0.0) draws"
        )
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

    Examples
    --------
    >>> from recurra import cell
    >>> @cell
    ... def Mixed(p, x, h):
    ...     u = uniform(like=h)
    ...     return u * h + (1 - u) * tanh(x @ p.W)
    ...
    >>> print(Mixed.equations())
    u[t] = Uniform(0, 1)
    h[t] = u[t] ⊙ h[t-1] + (1 - u[t]) ⊙ tanh(x[t] W)
    """
    _check_draw("uniform", like, per)
    return _noise(like, 0.5, per, kind="uniform") if isinstance(like, Symbol) else 0.5 + 0 * like


def _check_draw(function: str, like: Any, per: str) -> None:
    if per not in ("step", "sequence"):
        raise ValueError(f"{function}(per={per!r}): per is 'step' or 'sequence'")
    if isinstance(like, int | float):
        raise MisuseError(f"{function}(like={like!r}): a number has no features; expected a value of the step")
