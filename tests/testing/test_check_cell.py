"""`check_cell` over all cells, over a cell that uses the whole language, and what it says."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cell_kinds import smallest_sizes
from cell_ranges import ranges_of
from recurra import (
    Cell,
    bernoulli,
    cell,
    column,
    exp,
    log,
    maximum,
    mean,
    minimum,
    outer,
    sigmoid,
    softplus,
    sqrt,
    sum,
    tanh,
    vecmat,
    where,
)  # fmt: skip
from recurra.cells import GRU, LSTM, all_cells
from recurra.errors import InputError
from recurra.graph.node import topological
from recurra.testing import CheckError, check_cell
from recurra.testing.cases import Case, Restarts, draw_case
from recurra.testing.runs import RunResult, run_plans


@cell(
    sizes={"dt": 1, "V": ("hidden_size", "readout"), "place": "place"},
    scalars=("a",),
    per_sequence=("place",),
    delays={"h_old": ("h", 3), "h_last": ("h", 1)},
)
def Everything(p, x, h, c, *, dt, place, h_old, h_last):
    """A cell with everything that a cell may have."""
    u = tanh(x @ p.W + h @ (p.A - p.A.T) + p.b + place @ p.C + h_old @ p.D + where(h_last > 0.1, h_last, 0.3))
    m = bernoulli(0.1, like=h)
    c = sigmoid(c) * p.w / (1 + exp(-c)) + minimum(h, u) - log(1 + exp(u)) * mean(h)
    h = 0.5 * m * h + (1 - m) * (0.1 * h + dt * p.a * u) + maximum(c, u) / sqrt(1 + sum(h * h)) + softplus(u)
    return (h, c), h @ p.V + x @ p.Q


@cell
def Counter(p, x, h):
    """A cell whose state does not depend on its input, and whose parameters are none."""
    return (0.5 * h,), x + 0


@cell(sizes={"V": ("hidden_size", "readout")})
def LateOutput(p, x, h, c):
    """A cell whose output needs a product after the time loop."""
    c = tanh(x @ p.W + c @ p.U)
    h = 0.9 * h + c
    return (h, c), tanh(c @ p.V) * sigmoid(x @ p.R)


@cell(sizes={"b": "readout"})
def OnlyInput(p, x, h):
    """A cell whose output has no state in it."""
    return (tanh(x @ p.W + h @ p.U),), x @ p.V + p.b


@cell
def NoiseTimesWeights(p, x, h):
    """Noise as the operand of a product."""
    return tanh(bernoulli(0.5, like=x) @ p.W + bernoulli(0.3, like=h) @ p.U + h)


@cell
def NoGradient(p, x, h):
    """A cell through which no gradient flows."""
    return where(h > 0, 1.0, 0.0)


@cell(sizes={"h": "input_size", "W": ("input_size", "input_size")})
def Unread(p, x, h):
    """A cell whose only parameter decides between equals: simplified, nothing reads it."""
    return tanh(x + where(h < x @ p.W, h, h))


@cell
def Overflowing(p, x, h):
    """A cell that grows without bound."""
    return exp(exp(exp(x @ p.W + h + 3)))


OWN = (Everything, Counter, LateOutput, OnlyInput, NoiseTimesWeights, NoGradient, Unread)


@pytest.mark.parametrize("checked", [*all_cells.values(), *OWN], ids=lambda c: c.name)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_cell_passes(checked: Cell, seed: int) -> None:
    """Every check is made and is within its tolerance; a cell with noise has two checks more."""
    report = check_cell(checked, seed=seed, ranges=ranges_of(checked))
    # differences know nothing of a chosen derivative
    is_chosen = any(node.op == "surrogate" for node in topological(checked.step.roots))
    assert len(report.rows) == (67 if checked.random else 63) - is_chosen
    assert all(row.error <= row.allowed for row in report.rows)


@pytest.mark.parametrize("checked", all_cells.values(), ids=lambda c: c.name)
def test_a_cell_passes_with_sizes_of_one(checked: Cell) -> None:
    """Sizes of one are where a broadcast in the wrong place would hide or show."""
    check_cell(checked, sizes=smallest_sizes(checked), ranges=ranges_of(checked))


@cell(
    initial={"h": "learnt", "c": 0.5, "m": lambda hidden_size: np.linspace(-1, 1, hidden_size)},
    delays={"m_old": ("m", 3)},
)
def Begun(p, x, h, c, m, *, m_old):
    f = sigmoid(x @ p.W_f + h @ p.U_f + p.b_f)
    c = f * c + (1 - f) * tanh(x @ p.W_c + m @ p.V)
    return tanh(c), c, f * m + m_old @ p.Q


@cell(sizes={"S": ("hidden_size", "memory")}, initial={"S": lambda hidden_size, memory: np.eye(hidden_size, memory)})
def BegunMatrix(p, x, S):
    S = column(sigmoid(x @ p.W_f)) * S + outer(x @ p.W_k, x @ p.W_v)
    return (S,), vecmat(x @ p.W_q, S)


@pytest.mark.parametrize("begun", [Begun, BegunMatrix], ids=lambda c: c.name)
def test_resets_begin_anew_with_initial_states(begun: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    """In values and gradients, of numbers, arrays, matrices and what is learnt; what begins with zeros is found."""
    checks = {row.check for row in check_cell(begun).rows}
    assert {f"{of} with resets, backend {b}" for of in ("outputs", "gradients") for b in ("llvm", "numpy")} <= checks

    def from_zeros(case: Case, compile: Any, *, resets: Restarts | None = None, **options: Any) -> RunResult:
        zeros = resets and replace(resets, begins=tuple(0 * begin for begin in resets.begins))
        return run_plans(case, compile, resets=zeros, **options)

    monkeypatch.setattr(importlib.import_module("recurra.testing.checks"), "run_plans", from_zeros)
    with pytest.raises(CheckError, match="outputs with resets"):
        check_cell(begun)


def test_a_cell_made_of_another_passes() -> None:
    """A transformed cell and one read from JSON are held to the same."""
    check_cell(LSTM.without_biases())
    check_cell(Everything.delayed({"h_old": 5}))
    check_cell(Cell.from_json(Everything.to_json()))


def test_the_report_reads_as_a_table() -> None:
    """A line for each check, with its error and what is allowed."""
    title, header, *lines = str(check_cell(GRU)).splitlines()
    assert title == "GRU: 63 checks passed"
    assert header.split() == ["error", "allowed"]
    assert len(lines) == 63
    assert all(float(line.split()[-2]) <= float(line.split()[-1]) for line in lines)


def test_a_cell_that_overflows_is_refused() -> None:
    """Where the function itself gives infinity nothing could be compared: that is said, and is no pass."""
    with pytest.raises(CheckError, match=r"Overflowing: .*: the function itself gives NaN or infinity"):
        check_cell(Overflowing)


def test_an_unknown_size_is_refused() -> None:
    """The message names what was given and what the cell has."""
    with pytest.raises(
        InputError, match=r"got \['width'\]; the cell GRU has the sizes \['input_size', 'hidden_size'\]"
    ):
        check_cell(GRU, sizes={"width": 3})


@cell(sizes={"dt": 1})
def Decaying(p, x, h, *, dt):
    """A cell that needs a positive time gap: the root of a negative number is NaN."""
    return exp(-sqrt(dt)) * h + tanh(x @ p.W)


def test_ranges_of_inputs_and_states() -> None:
    """A further input that has to be positive is drawn from its range; without one the error says how to give it."""
    with pytest.raises(CheckError, match=r"Decaying: .* give its range, e\.g\. ranges=\{'dt': \(0, 1\)\}"):
        check_cell(Decaying)
    assert len(check_cell(Decaying, ranges={"dt": (0.1, 1), "h": (-1, 1)}).rows) == 63


def test_numbers_are_drawn_within_their_range() -> None:
    case = draw_case(Decaying, {"input_size": 3, "hidden_size": 4}, (5,) * 40, ranges={"dt": (2, 3), "h": (-0.5, 0)})
    x, dt = case.call.inputs
    assert 2 <= dt.min() < 2.1
    assert 2.9 < dt.max() <= 3
    assert case.call.states[0].min() >= -0.5
    assert case.call.states[0].max() <= 0
    assert np.abs(x).max() > 2


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"gap": (0, 1)}, r"ranges: got 'gap'; the inputs and states of Decaying are \['x', 'dt', 'h'\]"),
        ({"dt": (1, 0)}, r"ranges\['dt'\]: got \(1, 0\), expected \(low, high\)"),
        ({"dt": 1}, r"ranges: got \{'dt': 1\}, expected a mapping from a text to \(a number, a number\)"),
        ({"dt": (0, float("nan"))}, r"ranges\['dt'\]: got \(0, nan\)"),
    ],
)
def test_ranges_that_are_none(ranges: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_cell(Decaying, ranges=ranges)
