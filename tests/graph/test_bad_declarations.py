"""What cannot be declared: arguments, sizes, delays and initialisations; the error says what is expected."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bad_cells import BadCells

from recurra import Cell, cell, flatten, split, sum, tanh, vecmat
from recurra.errors import CellError

BAD = BadCells()
bad = BAD.add


@bad("NoState(p, x): a cell takes p, x and at least one state, as in `def Elman(p, x, h)`")
def NoState(p, x):
    return x


@bad("Default(p, x, h=0): a cell's arguments are named one by one, without defaults")
def Default(p, x, h=0):
    return h


@bad("Starred: *states: how many states are these? Say it: states={'states': 4}")
def Starred(p, x, *states):
    return states


@bad(
    "NoSize(p, x, h, *, dt): the further input 'dt' has no size; say it: sizes={'dt': 1} for one number a step",
    "{'dt': 'input_size'} for as many as x has",
    "an older state is a delay: delays={'dt': ('h', 2)}",
)
def NoSize(p, x, h, *, dt):
    return h * dt


@bad("'beta' is declared and not used; the parameters are ['W']", scalars=("beta",))
def UnusedScalar(p, x, h):
    return tanh(x @ p.W)


@bad("line 3: `return h`", "the output `h` has the shape (a, b)", "flatten(value)", sizes={"h": ("a", "b")})
def MatrixOutput(p, x, h):
    return h


@bad("sizes={'x': ('a', 'b')}: an input is a vector, give one size; split(x, n)", sizes={"x": ("a", "b")})
def MatrixInput(p, x, h):
    return h


@bad("expected a shape of one to 4 sizes", "got 5", sizes={"h": ("a", "b", "c", "d", "e")})
def TooManyAxes(p, x, h):
    return h


@bad("expected a name", "a product or quotient of these", sizes={"h": "hidden_size//heads"})
def NoQuotient(p, x, h):
    return h


@bad("a value of shape (n) beside one of (m, n)", "column(a) scales row by row", sizes={"S": ("m", "n"), "h": "n"})
def VectorBesideMatrix(p, x, S, h):
    return (S * h, h), h


@bad(
    "`vecmat(h, S)`: the vector has the shape (m) and the matrix (n); expected a matrix (m, ?)",
    sizes={"S": "n", "h": "m"},
)
def VectorAsMatrix(p, x, S, h):
    return (S, vecmat(h, S)), h


@bad("`@` with a value of shape (m, n) on its left", "flatten(value) @ p.W", sizes={"S": ("m", "n")})
def MatrixTimesWeights(p, x, S):
    return (S,), S @ p.W


@bad("`@` with a value of the step on its right", "vecmat(a, C)", sizes={"S": ("input_size", "n")})
def ValueOnTheRight(p, x, S):
    return (S,), x @ S


@bad("split(..., 'a b'): expected the name of a size")
def NoName(p, x, h):
    return (h,), flatten(split(h, "a b"))


@bad("split(..., 0): expected the name of a size")
def NoParts(p, x, h):
    return (h,), split(h, 0)


@bad("sum(..., axis=-3): expected -1, the last, to -2", sizes={"S": ("m", "n")})
def NoSuchAxis(p, x, S):
    return (S,), flatten(sum(S, -3))


@bad("'dt' is declared but is no keyword-only argument; those are []", per_sequence=("dt",))
def PerSequenceUnknown(p, x, h):
    return h


@bad("the delay 'h_old' of 2 steps of 's': expected a state of ['h']", delays={"h_old": ("s", 2)})
def DelayOfNothing(p, x, h, *, h_old):
    return h_old


@bad("the delay 'h_old' of 0 steps of 'h'", "at least 1 step", delays={"h_old": ("h", 0)})
def DelayOfZero(p, x, h, *, h_old):
    return h_old


@bad("the delay 'h_old': expected (state, whole number of steps)", delays={"h_old": ("h", 1.5)})
def DelayOfAFraction(p, x, h, *, h_old):
    return h_old


@bad("the delay 'h_old'", "no size of its own", delays={"h_old": ("h", 2)}, sizes={"h_old": 3})
def DelayWithASize(p, x, h, *, h_old):
    return h_old


@bad("delays={'h_old': 'h'}: expected (state, steps), such as ('h', 2)", delays={"h_old": "h"})
def DelayWithoutSteps(p, x, h, *, h_old):
    return h_old


@bad("sizes={'h': 0}: expected a name, such as 'inner_size', a whole number from 1 on", sizes={"h": 0})
def SizeOfZero(p, x, h):
    return h


@bad("sizes={'U': ('hidden_size', 1.5)}: expected a name", sizes={"U": ("hidden_size", 1.5)})
def SizeOfAFraction(p, x, h):
    return h @ p.U


@bad("'h' is declared and not used; the parameters are ['W'] and the arguments ['x', 'h']", scalars=("h",))
def ScalarState(p, x, h):
    return tanh(x @ p.W) + h


@bad("the further input 'u' is not used: nothing that is returned depends on it", sizes={"u": 2})
def FurtherUnread(p, x, h, *, u):
    return tanh(x @ p.W + h)


@bad("the delayed state 'old' is not used: nothing that is returned depends on it", delays={"old": ("h", 2)})
def DelayUnread(p, x, h, *, old):
    return tanh(x @ p.W) + h


@bad("init={'b_z': 1.0}: there is no such parameter; there are ['W']", init={"b_z": 1.0})
def InitUnknown(p, x, h):
    return tanh(x @ p.W)


@bad("init={'W': 'magic'}: expected a finite number, one of ['xavier'", init={"W": "magic"})
def InitScheme(p, x, h):
    return tanh(x @ p.W)


@bad("init={'W': ...}: its shape is (3,): expected (input_size, hidden_size)", init={"W": np.ones(3)})
def InitArray(p, x, h):
    return tanh(x @ p.W)


@bad("init={'W': ...}: inf is in it: expected finite numbers", init={"W": [[1.0, float("inf")]]})
def InitList(p, x, h):
    return tanh(x @ p.W)


@bad(
    "init={'W': ...}: its function takes ['rank']; the sizes are ['input_size'", init={"W": lambda rank: np.ones(rank)}
)
def InitCallable(p, x, h):
    return tanh(x @ p.W)


@bad("init={'W': nan}: expected a finite number", init={"W": float("nan")})
def InitNaN(p, x, h):
    return tanh(x @ p.W)


@bad("init={'W': True}: expected a finite number", init={"W": True})
def InitTruth(p, x, h):
    return tanh(x @ p.W)


@pytest.mark.parametrize("name", BAD.names)
def test_a_bad_declaration(name: str) -> None:
    BAD.check(name)


@pytest.mark.parametrize("given", [3, len, Cell, type], ids=repr)
def test_what_is_no_function(given: Any) -> None:
    with pytest.raises(CellError, match=r"@cell on .*: expected a function, as in `def Elman\(p, x, h\)`"):
        cell(given)


@pytest.mark.parametrize("option", ["scalars", "per_sequence"])
def test_a_name_where_a_tuple_is_needed(option: str) -> None:
    """The comma of `("alpha",)` is soon forgotten."""
    with pytest.raises(CellError, match=rf"{option}='alpha': expected a tuple of names, such as \('alpha',\)"):
        cell(**{option: "alpha"})  # pyright: ignore[reportArgumentType, reportCallIssue]


@pytest.mark.parametrize("option", ["sizes", "delays", "init"])
def test_a_mapping_that_is_none(option: str) -> None:
    with pytest.raises(CellError, match=rf"{option}=\['h'\]: expected a mapping from names"):
        cell(**{option: ["h"]})
