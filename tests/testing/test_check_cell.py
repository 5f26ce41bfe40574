"""`check_cell` over all cells, over a cell that uses the whole language, and what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cell_ranges import ranges_of
from recurra import Cell, bernoulli, cell, exp, log, maximum, mean, minimum, sigmoid, softplus, sqrt, sum, tanh, where
from recurra.cells import GRU, LSTM, all_cells
from recurra.errors import InputError
from recurra.testing import CheckError, check_cell
from recurra.testing.cases import draw_case


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
@pytest.mark.parametrize("seed", [0, 1])
def test_a_cell_passes(checked: Cell, seed: int) -> None:
    """Every check is made and is within its tolerance; a cell with noise has two checks more."""
    report = check_cell(checked, seed=seed, ranges=ranges_of(checked))
    assert len(report.rows) == (63 if checked.random else 59)
    assert all(row.error <= row.allowed for row in report.rows)


@pytest.mark.parametrize("checked", all_cells.values(), ids=lambda c: c.name)
def test_a_cell_passes_with_sizes_of_one(checked: Cell) -> None:
    """Sizes of one are where a broadcast in the wrong place would hide or show."""
    check_cell(checked, sizes=dict.fromkeys(checked.sizes, 1), ranges=ranges_of(checked))


def test_a_cell_made_of_another_passes() -> None:
    """A transformed cell and one read from JSON are held to the same."""
    check_cell(LSTM.without_biases())
    check_cell(Everything.delayed({"h_old": 5}))
    check_cell(Cell.from_json(Everything.to_json()))


def test_the_report_reads_as_a_table() -> None:
    """A line for each check, with its error and what is allowed."""
    title, header, *lines = str(check_cell(GRU)).splitlines()
    assert title == "GRU: 59 checks passed"
    assert header.split() == ["error", "allowed"]
    assert len(lines) == 59
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
    assert len(check_cell(Decaying, ranges={"dt": (0.1, 1), "h": (-1, 1)}).rows) == 59


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
