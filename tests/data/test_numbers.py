"""A column of numbers: what is no finite number is named by its row."""

from __future__ import annotations

import numpy as np
import polars
import pytest

from recurra.data.numbers import numbers
from recurra.errors import DataError


@pytest.mark.parametrize("values", [["1", " 2.5", "-3e2"], [1, 2.5, -300]])
def test_texts_and_numbers(values: list[str | float]) -> None:
    column = polars.Series("x", values, strict=False)
    np.testing.assert_array_equal(numbers(column, source="x.csv"), [1.0, 2.5, -300.0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["1", "two", "3"], r"column 'x', data row 2: 'two' is not a number"),
        (["1", "2", "3,5"], r"row 3: '3,5' is not a number.* give the option decimal"),
        (["1", "", "3"], r"row 2: the value is missing;"),
        (["1", None, None], r"row 2: the value is missing \(2 such rows in all\)"),
        (["1", "2", "NA"], r"row 3: the value is missing \('NA'\)"),
        (["NaN", "2", "3"], r"row 1: the value is missing \('NaN'\)"),
        (["1", "inf", "3"], r"row 2: the value is infinite \('inf'\)"),
        ([1.0, float("nan")], r"row 2: the value is missing"),
        ([1.0, float("-inf")], r"row 2: the value is infinite \('-inf'\)"),
        (["1", "1e101"], r"row 2: 1e101 is too large; expected 1e\+100 at most"),
        ([-1e300, 1.0], r"row 1: -1e\+300 is too large"),
        ([None, None], r"row 1: the value is missing"),
        ([True, False], r"expected numbers, got Boolean"),
    ],
)
def test_the_first_bad_row_is_named(values: list[object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        numbers(polars.Series("x", values), source="x.csv")
