"""Batches of sequences: each once, like lengths together, the same again from the same seed; packed as torch packs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence, pad_sequence

from recurra.data import BatchOptions, batches, packed, padded, truncated
from recurra.errors import DataError

LENGTHS = np.random.default_rng(0).integers(1, 1000, 997)


@pytest.mark.parametrize(
    "options",
    [
        BatchOptions(),
        BatchOptions(shuffle=False),
        BatchOptions(rows=3000, batch_size=20),
        BatchOptions(rows=1, batch_size=7),
        BatchOptions(batch_size=5000, pool=1),
    ],
)
def test_each_sequence_is_in_one_batch(options: BatchOptions) -> None:
    found = batches(LENGTHS, options)
    assert sorted(np.concatenate(found).tolist()) == list(range(997))
    assert max(map(len, found)) <= options.batch_size
    assert all((np.diff(LENGTHS[batch]) <= 0).all() for batch in found)
    if options.rows:
        assert all(LENGTHS[batch].sum() <= options.rows or len(batch) == 1 for batch in found)


def test_a_budget_of_rows_is_used() -> None:
    found = batches(LENGTHS, BatchOptions(rows=5000, batch_size=1000))
    assert np.mean([LENGTHS[batch].sum() for batch in found]) > 4000


def test_lengths_of_a_batch_are_alike_and_the_order_is_not_by_length() -> None:
    found = batches(LENGTHS, BatchOptions(batch_size=16))
    assert np.mean([np.ptp(LENGTHS[batch]) for batch in found]) < 40
    means = [LENGTHS[batch].mean() for batch in found]
    assert abs(np.corrcoef(means, np.arange(len(means)))[0, 1]) < 0.4
    longest = batches(LENGTHS, BatchOptions(batch_size=16, shuffle=False))
    assert LENGTHS[longest[0][0]] == LENGTHS.max()


def test_the_seed_and_the_epoch_give_the_batches() -> None:
    def drawn(seed: int, epoch: int) -> list[list[int]]:
        return [batch.tolist() for batch in batches(LENGTHS, BatchOptions(seed=seed), epoch=epoch)]

    assert drawn(1, 2) == drawn(1, 2)
    assert drawn(1, 2) != drawn(1, 3) != drawn(2, 3)


@pytest.mark.parametrize("options", [{"batch_size": 0}, {"rows": 0}, {"pool": 0}])
def test_sizes_are_from_one_on(options: dict[str, int]) -> None:
    with pytest.raises(DataError, match="is 0; expected a whole number from 1 on"):
        BatchOptions(**options)


def test_batches_are_alike_in_what_is_said() -> None:
    sizes = LENGTHS[::-1].copy()
    for batch in batches(LENGTHS, BatchOptions(batch_size=16, rows=5000, pool=4), sizes=sizes):
        assert sizes[batch].tolist() == sorted(sizes[batch].tolist(), reverse=True)
        assert len(batch) == 1 or LENGTHS[batch].sum() <= 5000


def test_no_sequences_are_no_batches() -> None:
    assert batches(np.array([], np.int64), BatchOptions()) == []


@pytest.mark.parametrize("shape", [(), (1,), (3,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_packed_is_what_torch_packs(shape: tuple[int, ...], dtype: type) -> None:
    random = np.random.default_rng(0)
    lengths = random.permutation(np.arange(1, 30))  # of equal lengths torch may put any first
    sequences = [random.integers(0, 99, (length, *shape)).astype(dtype) for length in lengths]
    ours, theirs = packed(sequences), pack_sequence(list(map(torch.from_numpy, sequences)), enforce_sorted=False)
    for name, one, other in zip(ours._fields, ours, theirs, strict=True):
        assert torch.equal(one, other), name


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_packed_sequences_come_back(lengths: list[int]) -> None:
    sequences = [np.arange(length, dtype=np.float32) + 10 * place for place, length in enumerate(lengths)]
    back, found = pad_packed_sequence(packed(sequences), batch_first=True)
    assert found.tolist() == lengths
    assert torch.equal(back, pad_sequence(list(map(torch.from_numpy, sequences)), batch_first=True))
    ours, ours_lengths = padded(sequences)
    assert torch.equal(back, torch.from_numpy(ours))
    assert ours_lengths.tolist() == lengths


def test_padding_and_truncation_where_they_are_asked_for() -> None:
    sequences = [np.array([1, 2, 3]), np.array([4])]
    assert padded(sequences, value=-1)[0].tolist() == [[1, 2, 3], [4, -1, -1]]
    assert [part.tolist() for part in truncated(sequences, length=2)] == [[1, 2], [4]]
    assert [part.tolist() for part in truncated(sequences, length=2, keep="last")] == [[2, 3], [4]]
    with pytest.raises(DataError, match="length is 0"):
        truncated(sequences, length=0)


@pytest.mark.parametrize("batch", [packed, padded])
def test_empty_sequences_are_refused(batch) -> None:
    with pytest.raises(DataError, match="sequence 2 of 2 is empty"):
        batch([np.ones(2), np.ones(0)])
    with pytest.raises(DataError, match="at least one sequence"):
        batch([])
