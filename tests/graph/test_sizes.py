"""The rules by which sizes follow, one test each."""

from __future__ import annotations

from typing import Any

import pytest

from recurra import Cell, cell, mean, sigmoid, sum, tanh


def shapes(made: Cell) -> dict[str, tuple[Any, ...]]:
    return {parameter.name: parameter.shape for parameter in made.parameters}


def test_a_matrix_goes_from_its_operand_to_the_size_of_the_sum() -> None:
    @cell
    def C(p, x, h):
        return tanh(x @ p.W + h @ p.U + p.b)

    assert shapes(C) == {"W": ("input_size", "hidden_size"), "U": ("hidden_size", "hidden_size"), "b": ("hidden_size",)}
    assert C.sizes == ("input_size", "hidden_size")


def test_a_product_with_a_state_is_a_diagonal() -> None:
    @cell
    def C(p, x, h):
        return tanh(x @ p.W + p.w * h)

    assert shapes(C)["w"] == ("hidden_size",)


def test_a_state_of_another_size() -> None:
    @cell(sizes={"s": "slow_size"})
    def C(p, x, h, s):
        s = 0.9 * s + 0.1 * (x @ p.B)
        return tanh(x @ p.W + s @ p.P + h @ p.U), s

    assert shapes(C) == {
        "B": ("input_size", "slow_size"),
        "W": ("input_size", "hidden_size"),
        "P": ("slow_size", "hidden_size"),
        "U": ("hidden_size", "hidden_size"),
    }
    assert C.sizes == ("input_size", "hidden_size", "slow_size")


def test_an_inner_size_is_named() -> None:
    """A low rank, or a bottleneck."""

    @cell(sizes={"U": ("hidden_size", "rank")})
    def C(p, x, h):
        return tanh(x @ p.W + (h @ p.U) @ p.V)

    assert shapes(C) == {"W": ("input_size", "hidden_size"), "U": ("hidden_size", "rank"), "V": ("rank", "hidden_size")}


def test_a_product_of_parameters() -> None:
    @cell(sizes={"U": ("hidden_size", "rank")})
    def C(p, x, h):
        return tanh(x @ p.W + h @ (p.U @ p.V))

    assert shapes(C)["V"] == ("rank", "hidden_size")


def test_a_size_that_is_a_number() -> None:
    @cell(sizes={"dt": 1, "m": 3})
    def C(p, x, h, *, dt, m):
        return tanh(x @ p.W + dt * h + m @ p.M)

    assert shapes(C)["M"] == (3, "hidden_size")
    assert [leaf.shape for leaf in C.further_inputs] == [(1,), (3,)]


def test_one_wide_values_stretch() -> None:
    @cell
    def C(p, x, h):
        return tanh(x @ p.W) * sigmoid(sum(h * p.a)) - mean(h)

    assert shapes(C)["a"] == ("hidden_size",)


def test_a_free_size_never_becomes_one_by_itself() -> None:
    """A gain beside a 1-wide time gap is as wide as what it is used with."""

    @cell(sizes={"dt": 1})
    def C(p, x, h, *, dt):
        return tanh(x @ p.W + (dt * p.a) * h)

    assert shapes(C)["a"] == ("hidden_size",)


def test_scalars_are_declared() -> None:
    @cell(scalars=("alpha",))
    def C(p, x, h):
        return p.alpha * tanh(x @ p.W) + (1 - p.alpha) * h

    assert shapes(C)["alpha"] == ()


def test_an_undeclared_number_is_a_diagonal() -> None:
    """Never guessed to be a scalar."""

    @cell
    def C(p, x, h):
        return p.alpha * tanh(x @ p.W) + h

    assert shapes(C)["alpha"] == ("hidden_size",)


def test_an_expression_of_parameters_has_the_size_of_its_use() -> None:
    @cell
    def C(p, x, h):
        return tanh(x @ p.W + h @ (p.A - p.A.T))

    assert shapes(C)["A"] == ("hidden_size", "hidden_size")
    assert [leaf.name for leaf in C.plans().forward.prelude.leaves] != []


def test_an_input_as_wide_as_the_state() -> None:
    """`x` may be said to be of the state's size, where the equations add them."""

    @cell(sizes={"x": "hidden_size"})
    def C(p, x, h):
        return tanh(x + h @ p.U)

    assert shapes(C) == {"U": ("hidden_size", "hidden_size")}


@pytest.mark.parametrize("order", [0, 1])
def test_the_order_of_use_does_not_matter(order: int) -> None:
    """What a later equation says about a size holds for an earlier one."""

    @cell
    def C(p, x, h):
        first = p.a * sum(h)
        second = p.a * h
        return tanh(x @ p.W + (first + second if order else second + first))

    assert shapes(C)["a"] == ("hidden_size",)
