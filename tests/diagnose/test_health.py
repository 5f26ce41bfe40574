"""Gates, dead units, forget gates found in the equations, and where numbers end."""

from __future__ import annotations

import math

import pytest
import torch
from diagnose_cases import rerun, run_of, weight

from recurra import cell, exp, log
from recurra.cells import GRU, IRNN, LEM, LSTM, MGU, ElmanReLU, OriginalLSTM, all_cells
from recurra.diagnose.gates import forget_bias, gates, retentions, state_units
from recurra.diagnose.layer import where_numbers_end
from recurra.nn import Recurrent


def layer_of(made: object, **options: object) -> Recurrent:
    torch.manual_seed(0)
    return Recurrent(made, 2, 4, **options).eval()  # pyright: ignore


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (LSTM, [("c", "f")]),
        (GRU, [("h", "z")]),
        (MGU, [("h", "1 - f[t]")]),
        (LEM, [("y", "1 - dt_y[t]"), ("z", "1 - dt[t]")]),
        (all_cells["MinLSTM"], [("h", "f")]),
        (all_cells["CTRNN"], [("h", "0.9")]),
        (all_cells["JANET"], [("h", "σ(s[t])")]),
        (IRNN, []),
    ],
)
def test_forget_gates_are_found_in_the_equations(made: object, expected: list[tuple[str, str]]) -> None:
    found = retentions(rerun(layer_of(made), torch.randn(6, 2, 2)))
    assert [(each.state, each.factor) for each in found] == expected


def test_what_is_kept_whole_is_never_forgotten() -> None:
    (kept,) = retentions(rerun(layer_of(OriginalLSTM), torch.randn(6, 2, 2)))
    assert bool(kept.time_constants.isinf().all())
    assert bool((kept.time_constants > 0).all())


def test_the_bias_of_a_forget_gate() -> None:
    assert forget_bias(LSTM) == ("b_f", 1)
    assert forget_bias(MGU) == ("b_f", -1)
    assert forget_bias(LSTM.without_biases()) is None
    assert forget_bias(all_cells["CTRNN"]) is None


@pytest.mark.parametrize(("bias", "low", "high"), [(-9.0, 1.0, 0.0), (0.0, 0.0, 0.0), (9.0, 0.0, 1.0)])
def test_a_gate_at_its_end(bias: float, low: float, high: float) -> None:
    layer = layer_of(LSTM, init={"W_xi": 0.0, "W_hi": 0.0, "b_i": bias})
    gate = next(each for each in gates(rerun(layer, torch.randn(9, 3, 2))) if each.name == "i")
    assert (gate.low, gate.high, gate.dead) == (low, high, low + high)
    assert gate.equation == "i[t] = σ(x[t] W_xi + b_i + h[t-1] W_hi)"
    assert float(gate.histogram.sum()) == pytest.approx(1.0)
    assert int(gate.histogram.argmax()) == (10 if not bias else 0 if bias < 0 else 19)


def test_every_gate_of_a_cell_is_measured() -> None:
    found = gates(rerun(layer_of(LSTM), torch.randn(9, 3, 2)))
    assert {each.name for each in found} == {"i", "f", "o", "g", "tanh(c[t])"}


def test_a_unit_that_is_never_on_is_dead() -> None:
    layer = layer_of(ElmanReLU)
    with torch.no_grad():
        weight(layer, "b_l0")[1] = -1e3
    again = rerun(layer, torch.randn(9, 3, 2))
    (gate,) = gates(again)
    assert gate.function == "relu"
    assert gate.dead == 0.25
    assert state_units(again)[0].constant == 0.25


def test_norms_of_a_state_step_by_step() -> None:
    layer, x = layer_of(GRU), torch.randn(5, 3, 2)
    (units,) = state_units(rerun(layer, x))
    expected = layer(x)[0].square().mean((1, 2)).sqrt().double().detach()
    torch.testing.assert_close(units.norms, expected, rtol=1e-5, atol=0.0)


@cell
def Bursting(p, x, h):
    """Overflows where the input is large, and is NaN where it is negative."""
    a = exp(x @ p.W)
    b = log(x @ p.W + 1.0)
    return 0.5 * h + a + b


def with_identity(made: object) -> Recurrent:
    layer = Recurrent(made, 2, 2).eval()  # pyright: ignore
    with torch.no_grad():
        weight(layer, "W_l0").copy_(torch.eye(2))
    return layer


def test_an_overflow_is_traced_to_its_equation() -> None:
    x = torch.zeros(6, 3, 2)
    x[4, 2, 1] = 1000.0
    found = where_numbers_end(run_of(with_identity(Bursting), x))
    assert found is not None
    assert (found.step, found.sequence, found.feature, found.value) == (4, 2, 1, math.inf)
    assert found.equation == "a[t] = exp(x[t] W)"


def test_a_nan_is_traced_to_its_equation_or_input() -> None:
    x = torch.zeros(6, 3, 2)
    x[3, 0, 0] = -5.0
    found = where_numbers_end(run_of(with_identity(Bursting), x))
    assert found is not None
    assert math.isnan(found.value)
    assert found.equation == "b[t] = log(x[t] W + 1)"
    x[1, 1, 0] = math.nan
    found = where_numbers_end(run_of(with_identity(Bursting), x))
    assert found is not None
    assert (found.step, found.sequence, found.equation) == (1, 1, "the input x")


def test_finite_numbers_have_no_end() -> None:
    assert where_numbers_end(run_of(layer_of(LSTM), torch.randn(5, 2, 2))) is None
