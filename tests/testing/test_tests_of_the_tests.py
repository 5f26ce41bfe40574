"""The checks are checked: each of these faults, put in on purpose, must be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from recurra import cell, sigmoid, tanh
from recurra.backends import numpy as numpy_backend
from recurra.backends.kernel import Call, Gradients, Result
from recurra.cells import GRU, LSTM
from recurra.derive.plan import Plans
from recurra.graph.node import Node, constant, mul
from recurra.graph.ops import OPS
from recurra.testing import CheckError, check_cell, check_gradient
from recurra.testing.runs import KERNELS
from recurra.testing.tolerances import error_of

Spoil = Callable[[Any], Any]


class SpoiltKernel:
    """The NumPy kernel, with its results or its gradients changed."""

    def __init__(self, plans: Plans, *, result: Spoil = lambda r: r, gradients: Spoil = lambda g: g) -> None:
        self.right = numpy_backend.compile(plans)
        self.result, self.gradients = result, gradients

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run, then spoil."""
        return self.result(self.right.forward(call, tape=tape))

    def backward(self, call: Call, tape: Any, *, outputs: Any, states: Any) -> Gradients:
        """Run, then spoil."""
        return self.gradients(self.right.backward(call, tape, outputs=outputs, states=states))


def constant_output(result: Result) -> Result:
    """Give ones in place of the output."""
    return replace(result, outputs=(np.ones_like(result.outputs[0]),))


def stale_state(result: Result) -> Result:
    """Give the last state of one sequence as NaN, as a buffer that was never written would."""
    state = result.states[0].copy()
    state[-1] = np.nan
    return replace(result, states=(state, *result.states[1:]))


def poisoned(gradients: Gradients) -> Gradients:
    """Give one element of one weight's gradient as NaN."""
    first = np.array(gradients.parameters[0])
    first.flat[-1] = np.nan
    return replace(gradients, parameters=(first, *gradients.parameters[1:]))


def no_gradient_of_the_state(gradients: Gradients) -> Gradients:
    """Give zeros as the gradient of the initial state."""
    return replace(gradients, states=tuple(np.zeros_like(state) for state in gradients.states))


def of_the_first_step_only(gradients: Gradients) -> Gradients:
    """Give the input's gradient with its last row missing."""
    x = np.array(gradients.inputs[0])
    x[-1] = 0
    return replace(gradients, inputs=(x, *gradients.inputs[1:]))


SPOILT: dict[str, dict[str, Spoil]] = {
    "a constant output": {"result": constant_output},
    "a NaN-poisoned state": {"result": stale_state},
    "a NaN-poisoned gradient": {"gradients": poisoned},
    "no gradient of the state": {"gradients": no_gradient_of_the_state},
    "a row without a gradient": {"gradients": of_the_first_step_only},
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_wrong_kernel_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that passes is spoilt, and then fails."""
    monkeypatch.setitem(KERNELS, "numpy", lambda plans: SpoiltKernel(plans))
    check_cell(GRU)
    monkeypatch.setitem(KERNELS, "numpy", lambda plans: SpoiltKernel(plans, **SPOILT[fault]))
    with pytest.raises(CheckError, match=r"GRU: .*, backend numpy: relative error"):
        check_cell(GRU)


@pytest.mark.parametrize("op", ["tanh", "sigmoid", "mul", "matmul"])
def test_a_derivative_wrong_by_a_thousandth_is_found(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table's derivative of one operation is scaled by 1.001: `derive` then disagrees with autograd."""
    right = OPS[op].derivative

    def wrong(node: Node, adjoint: Node) -> tuple[Node | None, ...]:
        return right(node, mul(adjoint, constant(1.001)))

    monkeypatch.setitem(OPS, op, replace(OPS[op], derivative=wrong))  # pyright: ignore[reportArgumentType]
    with pytest.raises(CheckError, match="gradients, "):
        check_cell(replace(LSTM))  # a copy: LSTM itself keeps the plans that it has


@cell(init={"b_f": 1.0})
def SwappedLSTM(p, x, h, c):
    """An LSTM that takes its input gate for its forget gate."""
    f = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    i = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    h = o * tanh(c)
    return h, c


def test_a_swapped_gate_is_found() -> None:
    """Plans of a graph whose gates are swapped do not pass for the LSTM's function."""
    with pytest.raises(CheckError, match="outputs, one step"):
        check_cell(replace(LSTM, written=SwappedLSTM.written))


class WrongSquare(torch.autograd.Function):
    """A square whose derivative is off by a factor."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, factor: float) -> torch.Tensor:
        """Return the square."""
        ctx.save_for_backward(x)
        ctx.factor = factor
        return x**2

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return the derivative times the factor."""
        return 2 * ctx.saved_tensors[0] * gradient * ctx.factor, None


@pytest.mark.parametrize("factor", [1.001, 0.999, 0.0, -1.0, float("nan")])
def test_check_gradient_finds_a_wrong_derivative(factor: float) -> None:
    """The right derivative passes, one that is off by a thousandth does not."""
    x = torch.linspace(1, 2, 5, dtype=torch.float64)
    assert check_gradient(lambda x: WrongSquare.apply(x, 1.0), [x]) < 1e-8
    with pytest.raises(CheckError, match="central differences give"):
        check_gradient(lambda x: WrongSquare.apply(x, factor), [x])


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "reference", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.5], [1.0, 2.0], 0.25),
        ([1.0], [1.0, 2.0], INF),
        ([1.0, NAN], [1.0, 2.0], INF),
        ([1.0, 2.0], [1.0, NAN], INF),
        ([1.0, INF], [1.0, 2.0], INF),
        ([1.0, -INF], [1.0, INF], INF),
        ([1.0, INF, NAN], [1.0, INF, NAN], 0.0),
        ([], [], 0.0),
    ],
)
def test_error_of(value: list[float], reference: list[float], error: float) -> None:
    """The measure itself: relative to the reference's scale, and infinite where NaN or infinity stand alone."""
    assert error_of(np.array(value), np.array(reference)) == error
