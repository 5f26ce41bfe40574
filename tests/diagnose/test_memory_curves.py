"""Memory, singular values and Lyapunov exponents of cells whose answers are known."""

from __future__ import annotations

import math

import pytest
import torch
from diagnose_cases import linear_layer, rerun, weight

from recurra.cells import IRNN, LSTM
from recurra.diagnose.gates import retentions
from recurra.diagnose.jacobian import memory_of, singular_bands
from recurra.nn import Recurrent


@pytest.mark.parametrize(("radius", "horizon"), [(0.5, 7), (0.9, 44), (1.0, None), (1.1, None)])
def test_a_linear_recurrence_forgets_by_its_radius(radius: float, horizon: int | None) -> None:
    again = rerun(linear_layer(radius), torch.randn(60, 2, 2))
    memory = memory_of(again)
    assert memory.is_whole
    assert memory.horizon == horizon
    torch.testing.assert_close(memory.gains, radius ** torch.arange(61.0, dtype=torch.float64), rtol=1e-5, atol=0.0)
    torch.testing.assert_close(memory.exponents, torch.full((8,), math.log(radius), dtype=torch.float64), atol=1e-6,
                               rtol=0.0)  # fmt: skip
    bands = singular_bands(again)
    for values in (bands.largest, bands.median, bands.smallest):
        torch.testing.assert_close(values, torch.full_like(values, radius), rtol=1e-5, atol=0.0)


def test_exponents_are_told_apart_over_hundreds_of_decades() -> None:
    layer = linear_layer(1.0, size=3)
    rates = torch.tensor([1.2, 0.9, 0.1])
    with torch.no_grad():
        weight(layer, "U_l0").copy_(torch.diag(rates))
    memory = memory_of(rerun(layer, torch.zeros(300, 1, 2)))
    torch.testing.assert_close(memory.exponents, rates.double().log(), rtol=0.02, atol=1e-3)
    torch.testing.assert_close(memory.gains[-1].log(), torch.tensor(300 * math.log(1.2) - math.log(3) / 2).double(),
                               rtol=1e-5, atol=0.0)  # fmt: skip


def test_a_product_that_overflows_is_followed_all_the_same() -> None:
    memory = memory_of(rerun(linear_layer(30.0, size=2), torch.zeros(400, 1, 2)))
    assert float(memory.exponents[0]) == pytest.approx(math.log(30.0), rel=1e-4)


def test_a_large_state_is_followed_in_some_directions() -> None:
    memory = memory_of(rerun(linear_layer(0.9, size=80), torch.randn(20, 1, 2)))
    assert not memory.is_whole
    torch.testing.assert_close(memory.gains, 0.9 ** torch.arange(21.0, dtype=torch.float64), rtol=1e-5, atol=0.0)
    torch.testing.assert_close(memory.by_state[0][1][10], memory.gains[10], rtol=0.2, atol=0.0)


def test_the_identity_of_an_irnn_keeps_all() -> None:
    layer = Recurrent(IRNN, 2, 6).eval()
    with torch.no_grad():
        weight(layer, "W_x_l0").abs_()
    again = rerun(layer, torch.rand(30, 2, 2) + 0.1)  # all units are on
    memory = memory_of(again)
    torch.testing.assert_close(memory.gains, torch.ones(31, dtype=torch.float64))
    torch.testing.assert_close(singular_bands(again).smallest, torch.ones(30, dtype=torch.float64))


@pytest.mark.parametrize("bias", [-2.0, 0.0, 2.0, 5.0])
def test_a_forget_bias_is_a_time_constant(bias: float) -> None:
    layer = Recurrent(LSTM, 2, 5, init={"W_xf": 0.0, "W_hf": 0.0, "b_f": bias}).eval()
    again = rerun(layer, torch.randn(50, 2, 2))
    (kept,) = retentions(again)
    share = 1 / (1 + math.exp(-bias))
    assert (kept.state, kept.factor) == ("c", "f")
    torch.testing.assert_close(kept.time_constants, torch.full((5,), -1 / math.log(share), dtype=torch.float64),
                               rtol=1e-6, atol=0.0)  # fmt: skip


def test_a_larger_forget_bias_reaches_further() -> None:
    torch.manual_seed(0)
    x = torch.randn(100, 2, 2)
    reach = []
    for bias in (-2.0, 0.0, 2.0, 5.0):
        torch.manual_seed(1)
        reach.append(float(memory_of(rerun(Recurrent(LSTM, 2, 8, init={"b_f": bias}).eval(), x)).gains[40]))
    assert reach == sorted(reach)
    assert reach[3] > 1e3 * reach[1]


def test_a_gain_beyond_what_was_measured_goes_on_at_its_rate() -> None:
    memory = memory_of(rerun(linear_layer(0.5), torch.randn(10, 1, 2)))
    assert memory.gain_at(20) == pytest.approx(0.5**20, rel=1e-3)


def test_ragged_sequences_drop_out_at_their_beginning() -> None:
    from torch.nn.utils.rnn import pack_sequence

    layer = linear_layer(0.8)
    memory = memory_of(rerun(layer, pack_sequence([torch.randn(9, 2), torch.randn(4, 2)])))  # pyright: ignore
    torch.testing.assert_close(memory.gains, 0.8 ** torch.arange(10.0, dtype=torch.float64), rtol=1e-5, atol=0.0)
