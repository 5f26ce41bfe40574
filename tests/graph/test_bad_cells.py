"""What equations cannot say: the error comes when the cell is defined, quotes the equation, says what would fit."""

from __future__ import annotations

import builtins
import math

import numpy as np
import pytest
import torch
from bad_cells import BadCells

from recurra import (
    Cell,
    bernoulli,
    cell,
    cumsum,
    flatten,
    heaviside,
    matvec,
    max,
    mean,
    minimum,
    normal,
    outer,
    sigmoid,
    size,
    softmax,
    split,
    sum,
    tanh,
    vecmat,
    where,
)  # fmt: skip
from recurra.errors import CellError

BAD = BadCells()
bad = BAD.add


@bad("WrongSize, line 3: `return h @ p.W + x`", "the next value of h has the wrong size: hidden_size beside input_size")
def WrongSize(p, x, h):
    return h @ p.W + x


@bad("WrongSum, line 3: `return tanh(h * x)`", "the sizes do not fit: `h * x`: hidden_size beside input_size")
def WrongSum(p, x, h):
    return tanh(h * x)


@bad("`u = x @ p.A`", "a size of p.A (input_size, ?) follows from nothing", "sizes={'A': ('input_size', 'inner_size')}")
def FreeSize(p, x, h):
    u = x @ p.A
    return tanh(u @ p.B + h @ p.W)


@bad("a size of p.alpha (?) follows from nothing: name it, e.g. sizes={'alpha': 'inner_size'}")
def FreeVector(p, x, h):
    return tanh(x @ p.W) * mean(h * mean(p.alpha))


@bad("`return tanh(x @ p.W + h @ p.W)`", "`h @ p.W`: hidden_size beside input_size")
def OneMatrixForTwoSizes(p, x, h):
    return tanh(x @ p.W + h @ p.W)


@bad("the sizes do not fit", "`p.W * h`: a matrix beside a value of the step: was a product `@` meant?")
def MatrixAndBias(p, x, h):
    return tanh(x @ p.W + h @ p.U + p.W * h)


@bad("`return h * p.U + h @ p.U`", "a vector (hidden_size) where a matrix is needed")
def VectorAndMatrix(p, x, h):
    return h * p.U + h @ p.U


@bad("`@` with a value of the step on its right", "sum(a * b)")
def InnerProduct(p, x, h):
    return h @ h


@bad("`.T` of a value of the step: a cell has no batch axis")
def TransposedState(p, x, h):
    return h.T


@bad("`if h > 0:`", "a symbol has no truth value", "where(condition, yes, no)")
def Branch(p, x, h):
    if h > 0:
        return h
    return x @ p.W


@bad("a comparison is used as a number: choose with where(condition, 1.0, 0.0)")
def TruthAsNumber(p, x, h):
    return h * (h > 0)


@bad("the first argument of where is to be a comparison, such as `h > 0`")
def NumberAsTruth(p, x, h):
    return where(h, h, -h)


@bad("NumPy's functions are unknown in a cell: they work on numbers", "abs, bernoulli, column", "outer", "vecmat")
def NumpyUfunc(p, x, h):
    return np.tanh(h)


@bad("NumPy's concatenate is unknown in a cell: use a @ p.W + b @ p.V")
def NumpyFunction(p, x, h):
    return np.concatenate([h, x])


@bad("torch's tanh is unknown in a cell: use recurra's tanh")
def TorchFunction(p, x, h):
    return torch.tanh(h)  # pyright: ignore[reportArgumentType]


@bad("NumPy's flip is unknown in a cell: use recurra's functions")
def NumpyFunctionWithoutCounterpart(p, x, h):
    return np.flip(h)


@bad("NumPy's sum is unknown in a cell: use recurra's sum")
def NumpySum(p, x, h):
    return np.sum(h)


@bad("tanh(x @ p.W) * np.random.rand()", "another number each time it runs: 0.", " and then 0.", "use bernoulli(")
def RandomNumber(p, x, h):
    return tanh(x @ p.W) * np.random.rand()


_clock = iter((1796050000.25, 1796050000.5))


@bad("another number each time it runs: 1796050000.25 and then 1796050000.5. It runs once")
def Clock(p, x, h):
    return tanh(x @ p.W) * next(_clock)


@bad("sum: got a list, expected one value of the step, or an array; several are added")
def SumOfList(p, x, h):
    return sum([h, x @ p.W])


_counter = iter(range(100))


@bad("another number each time it runs: 0 and then 1. It runs once, when the cell is defined")
def CountedNumber(p, x, h):
    return tanh(x @ p.W) * next(_counter)


@bad(
    "array([",
    "of type ndarray in an equation",
    "numbers of one size are a parameter",
    "a single number is float(value)",
)
def RandomArray(p, x, h):
    return tanh(x @ p.W) * np.random.rand(3)


@bad("a constant of this equation is NaN: expected a number")
def NaNConstant(p, x, h):
    return tanh(x @ p.W) + math.nan


@bad("a constant of this equation is inf: expected a number of up to 3e+38")
def InfiniteConstant(p, x, h):
    return minimum(tanh(x @ p.W), math.inf)


@bad("the parameter 'W b': expected letters, digits and underscores")
def NameWithASpace(p, x, h):
    return tanh(x @ getattr(p, "W b"))


@bad("a number of this equation is beyond those of a float, up to 2e+308")
def HugeNumber(p, x, h):
    return tanh(x @ p.W) + h * 10**400


@bad("outer: 2 is a number, which has no axes; expected a value of the step")
def OuterOfNumbers(p, x, h):
    return tanh(x @ p.W) + h * outer(2, 3)


@bad("flatten: 3 is a number, which has no axes")
def FlatNumber(p, x, h):
    return tanh(x @ p.W) + h * flatten(3)


@bad("size: 3 is a number, which has no axes")
def SizeOfANumber(p, x, h):
    return tanh(x @ p.W) + h * size(3)


@bad("vecmat: 2.5 is a number, which has no axes")
def NumberAsAMatrix(p, x, h):
    return tanh(x @ p.W) + vecmat(h, 2.5)


@bad("array([", "of type ndarray in an equation")
def ArrayAsAMatrix(p, x, h):
    return tanh(x @ p.W) + vecmat(h, np.ones((3, 3)))


@bad("max(..., axis=-2): expected -1: it is along the last axis alone; sum and mean are along any")
def LargestAlongAnotherAxis(p, x, h):
    return h * max(outer(h, h), axis=-2)


@bad("softmax(..., axis=0): expected -1")
def SoftmaxAlongAnotherAxis(p, x, h):
    return softmax(h, 0)


@bad("`cumsum(a)`: a is `", "of shape (hidden_size, hidden_size); running sums are over vectors, and flatten(a) is one")
def RunningSumOfAMatrix(p, x, h):
    return flatten(cumsum(outer(h, h)))


@bad("`normal(like=a)`: a is `", "noise is drawn for vectors, and flatten(a) is one")
def NoiseOfAMatrix(p, x, h):
    return h + sum(flatten(normal(like=outer(h, h))))


@bad("`vecmat(x, ", "the vector has the shape (input_size) and the matrix (hidden_size, hidden_size)",
     "expected a matrix (input_size, ?)")  # fmt: skip
def MatrixForAnotherVector(p, x, h):
    return vecmat(x, outer(h, h))


@bad("`matvec(", "the vector has the shape (input_size)", "expected a matrix (?, input_size)")
def VectorForAnotherMatrix(p, x, h):
    return matvec(outer(h, h), x)


@bad("`vecmat(h, x)`: the vector has the shape (hidden_size) and the matrix (input_size)", "expected a matrix (hidden")
def VectorAsAMatrix(p, x, h):
    return vecmat(h, x)


@bad("bernoulli(like=3): a number has no features; expected a value of the step")
def NoiseLikeANumber(p, x, h):
    return tanh(x @ p.W) * bernoulli(0.5, like=3)


@bad("line 3: `unused = x @ p.V", "p.V is read and not used: nothing that is returned depends on it")
def UnusedParameter(p, x, h):
    unused = x @ p.V  # noqa: F841
    return tanh(x @ p.W)


@bad("must be real number, not Symbol. A cell has operators and recurra's functions: abs, bernoulli, column, cos")
def MathFunction(p, x, h):
    return math.tanh(h)


@bad("NameError: name 'swish' is not defined")
def UnknownName(p, x, h):
    return swish(h)  # noqa: F821  # pyright: ignore[reportUndefinedVariable]


@bad("`.sum`: a value in a cell has operators and recurra's functions, no methods but `.T`")
def Method(p, x, h):
    return h * h.sum()


@bad("[0]: a cell has no indexing; give each part its own parameters and equation")
def Indexed(p, x, h):
    return h[0]


@bad("`.shape[0]`: sizes have names and no numbers while a cell is defined")
def Sized(p, x, h):
    return h * h.shape[0]


@bad("`.shape` is gone through: sizes have names")
def UnpackedShape(p, x, h):
    (width,) = h.shape
    return h * width


@bad("`==` and `!=` between values of a step: compare with <, <=, > or >=")
def Equality(p, x, h):
    return where(h == 0, x @ p.W, h)


@bad("`==` and `!=` between values of a step")
def EqualityInABranch(p, x, h):
    return h if h != 0 else -h


@bad("`h * x` is gone through (by `for`, `in`, unpacking, or Python's own sum", "recurra has sum", sizes={"x": 1})
def PythonsSum(p, x, h):
    return builtins.sum(h * x)


@bad("`h` is gone through")
def Unpacked(p, x, h):
    first, second = h
    return first + second


@bad("float() argument must be a string or a real number, not 'Symbol'. A cell has operators and")
def AsFloat(p, x, h):
    return float(h) * h


@bad("object of type 'Symbol' has no len(). A cell has operators and recurra's functions")
def Length(p, x, h):
    return h / len(h)


@bad("'Symbol' object does not support item assignment. A cell has operators and recurra's functions")
def InPlace(p, x, h):
    h[0] = 0.0
    return h


@bad("'Symbol' and 'int'. A cell has operators and recurra's functions")
def WholeQuotient(p, x, h):
    return h // 2


@bad("`h @ 3`: a scalar () where a matrix is needed")
def ProductWithANumber(p, x, h):
    return h @ 3


@bad("array([1., 1.]) of type ndarray in an equation: numbers, states, inputs and parameters fit")
def AnArray(p, x, h):
    return h * np.ones(2)


@bad("`x ** h`: input_size beside hidden_size")
def PowerOfState(p, x, h):
    return x**h


@bad("'2' of type str in an equation")
def Power(p, x, h):
    return h ** "2"


@bad("`s = heaviside(x @ p.W - 1, derivative=lambda v: 1 / (1 + abs(u)) ** 2)", "name 'u' is not defined")
def DerivativeOfWhatIsNotThere(p, x, h):
    s = heaviside(x @ p.W - 1, derivative=lambda v: 1 / (1 + abs(u)) ** 2)  # noqa: F821
    return s + h @ p.U


@bad("the derivative of `heaviside(h)`, `x`, is (input_size): hidden_size beside input_size")
def DerivativeOfAnotherWidth(p, x, h):
    return heaviside(h, derivative=lambda v: x)


@bad("the derivative of `heaviside(sum(h))`, `h`, is (hidden_size), and that is (1)")
def WiderDerivative(p, x, h):
    return heaviside(sum(h), derivative=lambda v: h) + x @ p.W


@bad("got a function of other arguments, expected one of one value, as in `lambda v: ...`")
def DerivativeOfTwoValues(p, x, h):
    return heaviside(h, derivative=lambda v, w: v)


@bad("heaviside(derivative=...): got 0.5, expected one of one value, as in `lambda v: ...`")
def DerivativeThatIsNoFunction(p, x, h):
    return heaviside(h, derivative=0.5)


@bad("a comparison is used as a number")
def DerivativeThatIsNoNumber(p, x, h):
    return heaviside(h, derivative=lambda v: v > 0)


@bad("None of type NoneType in an equation")
def DerivativeOfNothing(p, x, h):
    return heaviside(h, derivative=lambda v: None)


@bad("`p.W = 3`", "p.W is assigned to: a cell reads its parameters and does not change them")
def Assigned(p, x, h):
    p.W = 3
    return h


@bad("next states: got 1, expected 2, for ['h', 'c']; return them in the order of the arguments")
def TooFewStates(p, x, h, c):
    return h


@bad("next states: got 3, expected 1, for ['h']", "an output y that is no state as `return (h,), y`")
def TooManyStates(p, x, h):
    return h, h, h


@bad("`None` is returned: expected values of the step")
def Nothing(p, x, h):
    tanh(h)


@bad("`p.b` is returned: expected values of the step")
def AParameter(p, x, h):
    return p.b


@bad("`h < 0` is returned: expected values of the step")
def ATruth(p, x, h):
    return h < 0


@bad("the output is a tuple of 2: a cell has one output", "layer(x, return_states=True) gives it at every step")
def TwoOutputs(p, x, h):
    return (h,), (h, x @ p.W)


@bad("a list is returned: expected a tuple, as in `return h, c` or `return (h, c), y`")
def AList(p, x, h, c):
    return [h, c]


@bad("`split(a, 3)`: a is `tanh((x @ p.W) + h)`, of shape (4): the size 4/3 is no whole number", sizes={"h": 4})
def PartsThatDoNotDivide(p, x, h):
    return flatten(split(tanh(x @ p.W + h), 3))


@bad("the output `S * outer(x @ p.k, vecmat(x @ p.q, S))` has the shape (a, b)", sizes={"S": ("a", "b")})
def QuotedAsWritten(p, x, S):
    return S * outer(x @ p.k, vecmat(x @ p.q, S))


@bad("bernoulli(rate=p.r): expected a number between 0 and 1", "where(uniform(like=a) < rate, 1.0, 0.0) draws")
def LearntRate(p, x, h):
    return h * bernoulli(p.r, like=h)


@bad("rate", "1.5")
def NoiseRate(p, x, h):
    return h * bernoulli(1.5, like=h)


@bad("per", "'batch'")
def NoisePer(p, x, h):
    return h * bernoulli(0.5, like=h, per="batch")


@pytest.mark.parametrize("name", BAD.names)
def test_a_bad_cell(name: str) -> None:
    BAD.check(name)


def test_a_symbol_of_another_cell() -> None:
    kept = []

    @cell
    def First(p, x, h):
        kept.append(h)
        return tanh(x @ p.W)

    with pytest.raises(CellError, match="a symbol of another cell is used: a cell sees its own arguments only"):

        @cell
        def Second(p, x, h):
            return h + kept[0]


def test_an_error_in_the_middle_leaves_nothing_behind() -> None:
    """After a cell that fails, the next one traces as if nothing had been."""
    with pytest.raises(CellError):
        cell(WrongSum)

    @cell
    def Right(p, x, h):
        return sigmoid(x @ p.W) * h + sum(h) * 0.1

    assert isinstance(Right, Cell)
    assert Right.equations() == "h[t] = σ(x[t] W) ⊙ h[t-1] + sum(h[t-1]) · 0.1"
