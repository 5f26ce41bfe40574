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


@pytest.mark.parametrize(
    "gate",
    [
        lambda p, x, h: x @ p.W_g + p.b_g,
        lambda p, x, h: p.b_g + x @ p.W_g,
        lambda p, x, h: x @ p.W_g - p.b_g,
        lambda p, x, h: 0.5 * (x @ p.W_g) + p.b_g,
        lambda p, x, h: x @ p.W_g + h @ p.U_g + p.b_g,
        lambda p, x, h: h @ p.U_g + p.b_g + x @ p.W_g,
        lambda p, x, h: x @ p.W_g - (p.b_g + h @ p.U_g),
        lambda p, x, h: x @ p.W_g + (p.b_g + p.c_g),
        lambda p, x, h: x @ p.W_g + sigmoid(p.b_g),
        lambda p, x, h: (x @ p.W_g) / 2 + p.b_g,
    ],
)
def test_what_is_added_to_a_scalar_gate_is_one_wide(gate: Any) -> None:
    """One gate for a whole state stays one: neither a bias nor a second product makes it a vector."""

    @cell(sizes={"W_g": ("input_size", 1)})
    def C(p, x, h):
        g = sigmoid(gate(p, x, h))
        return g * h + (1 - g) * tanh(x @ p.W + p.b)

    found = shapes(C)
    gates = {name: shape[-1] for name, shape in found.items() if name.endswith("_g")}
    assert set(gates.values()) == {1}
    assert found["b"] == ("hidden_size",)
    g = next(node for node, name in C.written.names.items() if name == "g")
    assert g.shape == (1,)


def test_the_bias_of_an_inner_product_is_one_wide() -> None:
    @cell
    def C(p, x, h):
        g = sigmoid(sum(h * p.v) + p.b_g)
        return g * h + (1 - g) * tanh(x @ p.W)

    assert shapes(C)["b_g"] == (1,)


def test_widening_is_said() -> None:
    @cell(sizes={"W_g": ("input_size", 1), "b_g": "hidden_size"})
    def C(p, x, h):
        return sigmoid(x @ p.W_g + p.b_g) * h + tanh(x @ p.W)

    assert shapes(C)["b_g"] == ("hidden_size",)


def test_a_scalar_gate_chooses_between_vectors() -> None:
    """Beside a gate, and beside a mean, an open size stays open."""

    @cell(sizes={"W_g": ("input_size", 1)})
    def C(p, x, h):
        g = sigmoid(x @ p.W_g)
        n = tanh(x @ p.W + mean(h))
        return (1 - g) * n + g * p.start + 0 * h

    assert shapes(C) == {
        "W_g": ("input_size", 1),
        "W": ("input_size", "hidden_size"),
        "start": ("hidden_size",),
    }


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
