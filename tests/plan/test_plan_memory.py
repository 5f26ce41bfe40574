"""Memory: the arrays by hand, the growth with each size, and a real process."""

from __future__ import annotations

import dataclasses

import pytest

from recurra.cells import GRU, LSTM, QRNN, Elman
from recurra.plan import Workload, memory_of
from recurra.plan.memory import Ledger

LARGE = Workload(cell=LSTM, input_size=16, hidden_size=128, lengths=(60,) * 32)
"""Rows of 7 values of 128 floats each: four gates, h and c, and the output that is handed out."""

MB = 1 << 20


def test_an_lstm_keeps_seven_values_by_hand() -> None:
    found = memory_of(LARGE)
    kept = LARGE.rows * 128 * 4 * 7
    assert kept <= found.saved < 1.05 * kept
    assert found.parameters == 4 * 4 * 128 * (16 + 128 + 1)
    assert found.inputs == 4 * LARGE.rows * 16


def test_what_is_most_holds_all_the_rest() -> None:
    found = memory_of(LARGE)
    assert found.peak > found.saved + 2 * found.parameters + found.inputs


@pytest.mark.parametrize("cell", [LSTM, GRU, Elman])
@pytest.mark.parametrize("changed", [{"lengths": (120,) * 32}, {"layers": 2}, {"dtype": "float64"}])
def test_twice_as_much_takes_about_twice_as_much(cell: object, changed: dict[str, object]) -> None:
    base = dataclasses.replace(LARGE, cell=cell)  # pyright: ignore[reportArgumentType]
    before, after = memory_of(base).saved, memory_of(dataclasses.replace(base, **changed)).saved  # pyright: ignore
    assert 1.9 < after / before < 2.1


def test_an_inference_takes_less_and_keeps_nothing() -> None:
    training, inference = memory_of(LARGE), memory_of(LARGE, kind="inference")
    assert inference.saved == 0
    assert inference.peak < 0.5 * training.peak


def test_ragged_sequences_take_what_their_rows_take() -> None:
    ragged = dataclasses.replace(LARGE, lengths=tuple(range(119, 55, -2)))
    padded = memory_of(dataclasses.replace(LARGE, lengths=(ragged.rows // 32,) * 32))
    assert memory_of(ragged).peak == pytest.approx(padded.peak, rel=0.05)


def test_a_state_that_is_an_input_of_the_step_before_is_kept_as_one() -> None:
    """A layer shifts the rows itself: they are kept beside what the kernel keeps, once for each layer."""
    one, two = (dataclasses.replace(LARGE, cell=QRNN, input_size=128, layers=layers) for layers in (1, 2))
    shifted = 4 * one.rows * 128
    assert one.shifted_bytes(one.stack.layers[0][0].sizes) == shifted
    assert LARGE.shifted_bytes(LARGE.stack.layers[0][0].sizes) == 0
    assert [two.wanted(layer) for layer in (0, 1)] == [(False, False), (True, True)]
    assert memory_of(two).saved == pytest.approx(2 * memory_of(one).saved, rel=0.05)
    assert memory_of(one).saved > shifted + memory_of(one).inputs  # the output and what the gates need


def test_a_large_block_is_taken_again() -> None:
    ledger = Ledger(0)
    ledger.give(ledger.take(6 * MB))
    assert (ledger.live, ledger.peak) == (0, 6 * MB)
    ledger.take(4 * MB)
    assert (ledger.live, ledger.peak) == (6 * MB, 6 * MB)


def test_a_block_that_is_too_large_waits() -> None:
    ledger = Ledger(0)
    ledger.give(ledger.take(6 * MB))
    ledger.take(2 * MB)
    assert ledger.peak == 8 * MB
