"""Least squares without negative solutions."""

from __future__ import annotations

import numpy as np
import pytest

from recurra.plan.calibration import not_negative, relative_fit


@pytest.mark.parametrize("seed", range(5))
def test_known_prices_are_found(seed: int) -> None:
    random = np.random.default_rng(seed)
    amounts, prices = random.random((60, 8)) * 10.0 ** np.arange(8), random.random(8) / 10.0 ** np.arange(8)
    found = relative_fit(amounts, amounts @ prices, usual=prices * random.uniform(0.5, 2, 8), trust=1e-6)
    assert found == pytest.approx(prices, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_no_neighbour_is_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    matrix, wanted = random.standard_normal((30, 6)), random.standard_normal(30)
    x = not_negative(matrix, wanted)
    best = np.linalg.norm(matrix @ x - wanted)
    assert x.min() >= 0
    for _ in range(200):
        near = np.maximum(x + 0.01 * random.standard_normal(6), 0)
        assert np.linalg.norm(matrix @ near - wanted) >= best - 1e-12


def test_a_disturbed_run_counts_little() -> None:
    random = np.random.default_rng(0)
    amounts, prices = random.random((60, 4)), np.array([1.0, 2.0, 3.0, 4.0])
    seconds = amounts @ prices
    seconds[7] *= 5
    assert relative_fit(amounts, seconds, usual=np.ones(4), trust=0.01) == pytest.approx(prices, rel=0.02)


def test_a_unit_that_never_occurs_keeps_its_usual_price_on_this_machine() -> None:
    amounts, usual = np.array([[1.0, 0.0], [2.0, 0.0]]), np.array([2.0, 5.0])
    assert relative_fit(amounts, np.array([6.0, 12.0]), usual=usual) == pytest.approx([6.0, 15.0])
