"""Split of data: every row in one part, shares that hold, seeds, and leaks."""

from __future__ import annotations

import numpy as np
import pytest

from recurra.data import Split, repeated_rows, split_at_random, split_by_file, split_by_flag, split_by_time
from recurra.errors import DataError


def sizes(parts: Split) -> tuple[int, int, int]:
    return len(parts.train), len(parts.validation), len(parts.test)


def rows(parts: Split) -> list[int]:
    return sorted(np.concatenate([parts.train, parts.validation, parts.test]).tolist())


@pytest.mark.parametrize("labels", [None, "abc"])
@pytest.mark.parametrize("count", [10, 99, 1000])
@pytest.mark.parametrize("seed", [0, 1])
def test_at_random_every_row_is_in_one_part_and_the_shares_hold(count: int, seed: int, labels: str | None) -> None:
    given = None if labels is None else [labels[row % 3] for row in range(count)]
    parts = split_at_random(count, seed=seed, validation_fraction=0.1, test_fraction=0.2, labels=given)
    assert rows(parts) == list(range(count))
    np.testing.assert_allclose(sizes(parts), [0.7 * count, 0.1 * count, 0.2 * count], atol=1.01)
    again = split_at_random(count, seed=seed, validation_fraction=0.1, test_fraction=0.2, labels=given)
    assert again.test.tolist() == parts.test.tolist()
    assert parts.description.endswith(f"seed {seed}")


def test_another_seed_gives_other_parts_and_rows_are_mixed() -> None:
    first, second = (split_at_random(1000, seed=seed).test for seed in (0, 1))
    assert first.tolist() != second.tolist()
    assert 400 < first.mean() < 600


def test_each_label_has_its_share_and_one_row_to_train_on() -> None:
    labels = np.repeat([0, 1, 2, 3], [1, 2, 97, 900])
    parts = split_at_random(1000, seed=4, labels=labels, validation_fraction=0.1, test_fraction=0.3)
    assert set(labels[parts.train]) == {0, 1, 2, 3}
    counts = np.bincount(labels[parts.test], minlength=4)
    assert counts[0] == 0
    np.testing.assert_allclose(counts[2:], [29.1, 270], atol=1.5)
    assert not (np.diff(parts.test) < 0).any()


def test_by_flag() -> None:
    parts = split_by_flag(["train", "dev", "Test", "valid", "training"], source="x.csv")
    assert (parts.train.tolist(), parts.validation.tolist(), parts.test.tolist()) == ([0, 4], [1, 3], [2])
    assert parts.description == "2 rows train, 2 validate, 1 test; as a column of x.csv says"
    with pytest.raises(DataError, match=r"x\.csv, data row 2: 'tset' is no part; .*did you mean 'test'"):
        split_by_flag(["train", "tset"], source="x.csv")
    with pytest.raises(DataError, match="no row is left to train on"):
        split_by_flag(["test"], source="x.csv")


def test_by_file() -> None:
    parts = split_by_file(2, test=3)
    assert (parts.train.tolist(), parts.validation.tolist(), parts.test.tolist()) == ([0, 1], [], [2, 3, 4])


def test_by_time_the_last_rows_test() -> None:
    times = np.array(["2020-03", "2020-01", "2020-04", "2020-02", "2020-05"], "datetime64[M]")
    parts = split_by_time(times, validation_fraction=0.2, test_fraction=0.2)
    assert (parts.train.tolist(), parts.validation.tolist(), parts.test.tolist()) == ([0, 1, 3], [2], [4])
    assert sizes(split_by_time(np.arange(100), validation_fraction=0.1, test_fraction=0.3)) == (60, 10, 30)


def test_rows_of_one_time_stay_together() -> None:
    times = np.repeat(np.arange(10), 7)
    parts = split_by_time(times, validation_fraction=0.25, test_fraction=0.25)
    held = [set(times[part]) for part in (parts.train, parts.validation, parts.test)]
    assert sum(map(len, held)) == 10
    assert max(held[0]) < min(held[1]) <= max(held[1]) < min(held[2])


@pytest.mark.parametrize("fractions", [(0.5, 0.5), (-0.1, 0.1), (0.0, 1.0)])
def test_fractions_leave_something_to_train_on(fractions: tuple[float, float]) -> None:
    validation, test = fractions
    for part in (lambda **shares: split_at_random(10, seed=0, **shares), lambda **s: split_by_time(np.arange(9), **s)):
        with pytest.raises(DataError, match="whose sum is below 1"):
            part(validation_fraction=validation, test_fraction=test)


def test_rows_that_are_in_the_training_part_too_are_found() -> None:
    keys = ["same", "b", "same", "c", "b", "c"]
    repeats = repeated_rows(split_by_file(2, validation=2, test=2), keys)
    assert (repeats.validation.tolist(), repeats.test.tolist()) == ([2], [4])
    assert repeats.description == (
        "2 of 4 rows of validation and test are in the training part too, the first is data row 3: 'same'"
    )
    assert repeated_rows(split_by_file(1, test=1), ["a", "b"]).description.startswith("0 of 1 rows")
