"""Numbers as texts: digits, signs, what is missing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recurra.report import aligned, percent, plain, shortened
from recurra.report.blocks import shares
from recurra.report.drawing import thinned


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.0, "0"), (1.0, "1"), (0.70812, "0.7081"), (0.0001, "0.0001"), (0.001234567, "0.001235"),
        (12.34567, "12.35"), (123456.7, "123,457"), (100.0, "100"), (-2.5, "−2.5"),
        (3.21e-7, "3.21e-7"), (1.5e15, "1.5e15"),
        (math.nan, "–"), (math.inf, "–"), (None, "–"), (1234567, "1,234,567"),
    ],
)  # fmt: skip
def test_a_number_has_no_digit_too_many(value: float | None, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([24.531, 3.0, None], ("24.53", "3.00", "–")),
        ([0.00123, 0.1], ("0.0012", "0.1000")),
        ([1, 20000], ("1", "20,000")),
        ([-1e-7, 0.0], ("−1.000e-7", "0.000e0")),
        ([math.nan, -1.0], ("–", "−1.000")),
        ([], ()),
    ],
)
def test_a_column_has_the_same_decimals(values: list[float | None], texts: tuple[str, ...]) -> None:
    assert aligned(values) == texts


@pytest.mark.parametrize(("share", "text"), [(0.8149, "81.5 %"), (1.0, "100 %"), (0.0, "0 %"), (math.nan, "–")])
def test_percentages(share: float, text: str) -> None:
    assert percent(share) == text


def test_long_names_are_cut_and_stay_in_one_line() -> None:
    assert shortened("a\nb", most=5) == "a b"
    assert shortened("a\x00\x1b\ud800") == "a���"
    assert shortened("123456", most=6) == "123456"
    assert shortened("1234567", most=6) == "12345…"


@pytest.mark.parametrize("count", [0, 1, 2, 240, 241, 479, 5000, 100_003])
def test_buckets_keep_the_extremes_and_the_mean(count: int) -> None:
    values = np.random.default_rng(count).standard_normal(count)
    buckets = thinned(np.arange(count), values)
    assert len(buckets.x) <= 240
    assert len(buckets.x) == len(buckets.low) == len(buckets.middle) == len(buckets.high)
    if count:
        assert buckets.low.min() == values.min()
        assert buckets.high.max() == values.max()
        assert (np.diff(buckets.x) > 0).all()
        assert (buckets.low <= buckets.middle).all()
        assert (buckets.middle <= buckets.high).all()


def test_buckets_leave_out_what_is_not_finite() -> None:
    values = np.array([np.nan, np.inf, 2.0, 4.0, np.nan, np.nan])
    buckets = thinned(np.arange(6), values, most=3)
    np.testing.assert_array_equal(buckets.middle, [np.nan, 3.0, np.nan])
    np.testing.assert_array_equal(buckets.high, [np.nan, 4.0, np.nan])


def test_shares_of_the_largest() -> None:
    assert shares(np.array([-1.0, 0.0, 2.0, np.inf])) == [0.0, 0.0, 1.0, 0.0]
    assert shares(np.array([1.0, 8.0]), largest=4.0) == [0.25, 1.0]
    assert shares(np.zeros(2)) == [0.0, 0.0]
