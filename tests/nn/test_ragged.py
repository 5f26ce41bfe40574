"""Packed rows: where they belong, and back to a padded batch."""

from __future__ import annotations

import pytest
import torch
from ragged_cases import LENGTHS, batch, drawn, packed
from torch.nn.utils.rnn import pad_packed_sequence

from recurra.errors import InputError
from recurra.nn.checks import check_named
from recurra.nn.ragged import Ragged, check_lengths, pack, padded, softmax_rows


def test_every_row_knows_its_sequence_and_step() -> None:
    lengths = torch.tensor([3, 1, 2])
    rows = packed(torch.tensor([[10, 11, 12], [20, 0, 0], [30, 31, 0]]), lengths)
    ragged = Ragged.of(rows)
    assert rows.data.tolist() == [10, 30, 20, 11, 31, 12]
    assert ragged.sequence.tolist() == [0, 1, 2, 0, 1, 0]
    assert ragged.step.tolist() == [0, 0, 0, 1, 1, 2]
    assert rows.data[ragged.first].tolist() == [10, 30, 20]
    assert rows.data[ragged.last].tolist() == [12, 31, 20]
    assert ragged.restore(ragged.lengths).tolist() == lengths.tolist()
    assert rows.data[ragged.previous].tolist() == [10, 30, 11]


@pytest.mark.parametrize("lengths", [LENGTHS, torch.tensor([4]), torch.tensor([1, 1]), torch.tensor([5, 5, 2])])
def test_padding_is_torchs_and_its_gradient_too(lengths: torch.Tensor) -> None:
    leaf = batch(lengths=lengths).requires_grad_()
    rows = packed(leaf, lengths)
    expected = pad_packed_sequence(rows, batch_first=True)[0]
    found = padded(rows.data, Ragged.of(rows))
    torch.testing.assert_close(found, expected)
    weight = drawn(*found.shape, seed=1)
    (mine,) = torch.autograd.grad((found * weight).sum(), leaf, retain_graph=True)
    (theirs,) = torch.autograd.grad((expected * weight).sum(), leaf)
    torch.testing.assert_close(mine, theirs)


def test_softmax_of_scores_of_any_size() -> None:
    scores = torch.tensor([1000.0, -1000.0, 999.0, -1001.0], dtype=torch.float64)
    ragged = Ragged.of(packed(torch.zeros(2, 2, 1), torch.tensor([2, 2])))
    expected = scores.view(2, 2).softmax(0).flatten()
    torch.testing.assert_close(softmax_rows(scores, ragged), expected)


def test_without_lengths_all_are_full() -> None:
    assert pack(torch.zeros(3, 5, 2)).batch_sizes.tolist() == [3] * 5


WRONG = {
    "zero": (torch.tensor([3, 0, 2]), r"sequence 1 has length 0, expected 1 to 5"),
    "beyond": (torch.tensor([3, 1, 6]), r"sequence 2 has length 6, expected 1 to 5"),
    "count": (torch.tensor([3, 1]), r"got torch.int64 \(2,\), expected a tensor of 3 whole numbers"),
    "floats": (torch.tensor([3.0, 1.0, 2.0]), r"got torch.float32 \(3,\)"),
    "list": ([3, 1, 2], r"got list, expected a tensor of 3"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_lengths(wrong: str) -> None:
    lengths, message = WRONG[wrong]
    with pytest.raises(InputError, match=message):
        check_lengths(lengths, batch=3, steps=5)


@pytest.mark.parametrize("given", [torch.zeros(3), torch.zeros(3, 0, 2), [1.0]], ids=["rank 1", "no steps", "list"])
def test_what_cannot_be_packed(given: object) -> None:
    with pytest.raises(InputError, match=r"states: got .*, expected a tensor \(batch, time, ...\)"):
        pack(given, name="states")  # pyright: ignore[reportArgumentType]


def test_packed_sequences_have_their_own_lengths() -> None:
    with pytest.raises(InputError, match="got lengths beside a PackedSequence"):
        pack(packed(batch(), LENGTHS), LENGTHS)


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(InputError, match=r"kind: got 'aditive', expected one of .*; did you mean 'additive'\?"):
        check_named("kind", "aditive", known=("dot", "additive"))
    with pytest.raises(InputError, match=r"expected one of \['dot', 'additive'\]$"):
        check_named("kind", 7, known=("dot", "additive"))
