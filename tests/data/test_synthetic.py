"""The made problems: each answer found again from the question alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recurra.data import (
    ADDING_BASELINE,
    NOT_ASKED,
    adding_problem,
    associative_recall,
    copy_memory,
    copy_memory_baseline,
    selective_copying,
)
from recurra.errors import InputError


@pytest.mark.parametrize("length", [2, 3, 10, 101])
def test_adding_is_the_sum_of_the_two_marked_values(length: int) -> None:
    inputs, targets = adding_problem(50, length, 0)
    assert (inputs.shape, targets.shape) == ((50, length, 2), (50, 1))
    assert inputs.dtype == targets.dtype == np.float32
    for sequence, target in zip(inputs, targets, strict=True):
        marked = [(step, float(value)) for step, (value, mark) in enumerate(sequence) if mark]
        (first, a), (second, b) = marked
        assert first < length // 2 <= second
        assert target[0] == pytest.approx(a + b, rel=1e-6)
        assert set(sequence[:, 1].tolist()) <= {0.0, 1.0}


def test_every_place_is_marked_and_values_are_uniform() -> None:
    inputs, _ = adding_problem(4000, 8, 0)
    shares = inputs[..., 1].mean(0)
    np.testing.assert_allclose(shares, 1 / 4, atol=0.03)
    np.testing.assert_allclose(np.quantile(inputs[..., 0], [0, 0.25, 0.5, 0.75, 1]), [0, 0.25, 0.5, 0.75, 1], atol=0.02)


def test_guessing_one_has_the_baselines_error() -> None:
    _, targets = adding_problem(20000, 10, 0)
    assert np.square(targets - 1).mean() == pytest.approx(ADDING_BASELINE, rel=0.03)
    assert np.var(targets) == pytest.approx(ADDING_BASELINE, rel=0.03)


def test_what_is_recalled_is_the_value_that_followed_the_key() -> None:
    inputs, targets = associative_recall(200, 32, 0, pairs=4, vocabulary=20)
    for sequence, target in zip(inputs.tolist(), targets.tolist(), strict=True):
        values = dict(zip(sequence[0:8:2], sequence[1:8:2], strict=True))
        assert len(values) == len(set(values.values())) == 4
        assert all(1 <= key < 10 <= value < 20 for key, value in values.items())
        asked = [step for step, value in enumerate(target) if value != NOT_ASKED]
        assert [values[sequence[step]] for step in asked] == [target[step] for step in asked]
        assert sorted(sequence[step] for step in asked) == sorted(values)
        assert all(step >= 8 and step % 2 == 0 for step in asked)


def test_keys_come_again_soon_by_a_power_law() -> None:
    """One key in places with weights of 1, 1/2, 1/3, 1/4, as its power is 0; they are uniform for a power of 1."""
    for power, weights in ((0.0, 1 / np.arange(1, 5)), (1.0, np.ones(4))):
        _, targets = associative_recall(2000, 10, 0, pairs=1, power=power)
        shares = (targets != NOT_ASKED).mean(0)[2::2]
        np.testing.assert_allclose(shares, weights / weights.sum(), atol=0.04)


def test_what_is_copied_are_the_symbols_in_their_order_wherever_they_stood() -> None:
    inputs, targets = selective_copying(300, 20, 0, symbols=5, words=3)
    assert inputs.shape == targets.shape == (300, 23)
    for sequence, target in zip(inputs.tolist(), targets.tolist(), strict=True):
        assert [symbol for symbol in sequence if symbol < 5] == target[20:]
        assert sequence[20:] == [6] * 3
        assert set(target[:20]) == {NOT_ASKED}
    np.testing.assert_allclose((inputs[:, :20] < 5).mean(0), 3 / 20, atol=0.08)


@pytest.mark.parametrize(("delay", "symbols", "length"), [(1, 8, 10), (30, 8, 10), (5, 2, 3), (4, 1, 1)])
def test_copying_repeats_the_symbols_after_the_sign(delay: int, symbols: int, length: int) -> None:
    inputs, targets = copy_memory(20, delay, 0, symbols=symbols, length=length)
    assert inputs.shape == targets.shape == (20, delay + 2 * length)
    blank, sign = symbols, symbols + 1
    for sequence, target in zip(inputs.tolist(), targets.tolist(), strict=True):
        words = [symbol for symbol in sequence if symbol < blank]
        assert words == sequence[:length]
        assert sequence[length:] == [blank] * (delay - 1) + [sign] + [blank] * length
        assert target == [blank] * (delay + length) + words
        assert target.count(blank) == sequence.index(sign) + 1  # silent up to the sign, the sign's step included


def test_a_memoryless_guess_has_the_baselines_loss() -> None:
    """Arjovsky et al. (2016): 10 log 8 / (T + 20)."""
    assert copy_memory_baseline(100) == 10 * math.log(8) / 120
    _, targets = copy_memory(50, 30, 0)
    guess = np.where(np.arange(targets.shape[1]) < 40, 0.0, math.log(8))  # -log of the probability given to the target
    assert np.broadcast_to(guess, targets.shape).mean() == pytest.approx(copy_memory_baseline(30))
    assert (targets[:, :40] == 8).all()
    assert set(targets[:, 40:].ravel()) == set(range(8))


@pytest.mark.parametrize("problem", [adding_problem, copy_memory])
def test_a_seed_decides_all_and_a_generator_goes_on(problem) -> None:
    def same(one, other) -> bool:
        return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))

    assert same(problem(5, 12, 3), problem(5, 12, 3))
    assert not same(problem(5, 12, 3), problem(5, 12, 4))
    random = np.random.default_rng(3)
    assert same(problem(5, 12, random), problem(5, 12, 3))
    assert not same(problem(5, 12, random), problem(5, 12, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adding_problem(3, 1, 0), "length: got 1, expected a whole number from 2 on"),
        (lambda: adding_problem(0, 5, 0), "count: got 0, expected a whole number from 1 on"),
        (lambda: copy_memory(1, 0, 0), "delay: got 0, expected"),
        (lambda: copy_memory(1, 5, 0, symbols=0), "symbols: got 0, expected"),
    ],
)
def test_what_does_not_fit(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()
