"""What a cell cannot say: each error comes when the cell is defined, quotes the equation, and says what would fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from recurra import Cell, bernoulli, cell, mean, sigmoid, sum, tanh, where
from recurra.errors import CellError

BAD: list[tuple[dict[str, Any], Callable[..., Any], list[str]]] = []


def bad(*message: str, **declaration: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """List a function with what its error says, in order."""

    def listed(function: Callable[..., Any]) -> Callable[..., Any]:
        BAD.append((declaration, function, list(message)))
        return function

    return listed


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


@bad("a NumPy function is unknown in a cell", "sigmoid", "tanh")
def NumpyUfunc(p, x, h):
    return np.tanh(h)


@bad("NumPy's concatenate is unknown in a cell: use recurra's functions")
def NumpyFunction(p, x, h):
    return np.concatenate([h, x])


@bad("torch's tanh is unknown in a cell: use recurra's functions")
def TorchFunction(p, x, h):
    return torch.tanh(h)  # pyright: ignore[reportArgumentType]


@bad("must be real number, not Symbol. A cell has operators and recurra's functions: bernoulli, exp")
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


@bad("array([1., 1.]) of type ndarray in an equation: numbers, states, inputs and parameters fit")
def AnArray(p, x, h):
    return h * np.ones(2)


@bad("a power of 2.5: a cell has whole powers from 1 to 8, and 0.5")
def Power(p, x, h):
    return h**2.5


@bad("`p.W = 3`", "p.W is assigned to: a cell reads its parameters and does not change them")
def Assigned(p, x, h):
    p.W = 3
    return h


@bad("next states: got 1, expected 2, for ['h', 'c']; return them in the order of the arguments")
def TooFewStates(p, x, h, c):
    return h


@bad("next states: got 3, expected 1, for ['h']", "an output that is no state as `return (states), y`")
def TooManyStates(p, x, h):
    return h, h, h


@bad("None is returned: expected values of the step")
def Nothing(p, x, h):
    tanh(h)


@bad("'parameter' is returned: expected values of the step")
def AParameter(p, x, h):
    return p.b


@bad("'less' is returned: expected values of the step")
def ATruth(p, x, h):
    return h < 0


@bad("NoState(p, x): a cell takes p, x and at least one state, as in `def Elman(p, x, h)`")
def NoState(p, x):
    return x


@bad("Default(p, x, h=0): a cell's arguments are named one by one, without defaults")
def Default(p, x, h=0):
    return h


@bad("Starred(p, x, *states): a cell's arguments are named one by one")
def Starred(p, x, *states):
    return states


@bad("NoSize(p, x, h, *, dt): the further input 'dt' has no size; say it, e.g. sizes={'dt': 1}")
def NoSize(p, x, h, *, dt):
    return h * dt


@bad("'beta' is declared and not used; the parameters are ['W']", scalars=("beta",))
def UnusedScalar(p, x, h):
    return tanh(x @ p.W)


@bad("sizes={'h': ('a', 'b')}: a value of the step is a vector, give one size", sizes={"h": ("a", "b")})
def MatrixState(p, x, h):
    return h


@bad("'dt' is declared but is no keyword-only argument; those are []", per_sequence=("dt",))
def PerSequenceUnknown(p, x, h):
    return h


@bad("the delay 'h_old' of 2 steps of 's': expected a state of ['h']", delays={"h_old": ("s", 2)})
def DelayOfNothing(p, x, h, *, h_old):
    return h_old


@bad("the delay 'h_old' of 0 steps of 'h'", "at least 1 step", delays={"h_old": ("h", 0)})
def DelayOfZero(p, x, h, *, h_old):
    return h_old


@bad("init={'b_z': ...}: there is no such parameter; there are ['W']", init={"b_z": 1.0})
def InitUnknown(p, x, h):
    return tanh(x @ p.W)


@bad("init={'W': 'magic'}: expected a number or one of ['xavier'", init={"W": "magic"})
def InitScheme(p, x, h):
    return tanh(x @ p.W)


@bad("rate", "1.5")
def NoiseRate(p, x, h):
    return h * bernoulli(1.5, like=h)


@bad("per", "'batch'")
def NoisePer(p, x, h):
    return h * bernoulli(0.5, like=h, per="batch")


@pytest.mark.parametrize(("declaration", "function", "message"), BAD, ids=[function.__name__ for _, function, _ in BAD])
def test_a_bad_cell(declaration: dict[str, Any], function: Callable[..., Any], message: list[str]) -> None:
    with pytest.raises(CellError) as caught:
        cell(**declaration)(function)
    text = str(caught.value)
    assert text.startswith(function.__name__)
    place = 0
    for part in message:
        assert part in text[place:], f"{part!r} is not in, or not after the part before it in:\n{text}"
        place = text.index(part, place) + len(part)


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
