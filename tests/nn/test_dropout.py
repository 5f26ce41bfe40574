"""Locked and embedding dropout: what shares a mask, how much is dropped, and that what is kept is made up for it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from ragged_cases import DTYPES, LENGTHS, drawn, packed
from torch import Tensor, nn

from recurra.errors import InputError
from recurra.nn import EmbeddingDropout, LockedDropout
from recurra.nn.dropout import dropout
from recurra.nn.ragged import Ragged, padded

FORMS = ["time first", "batch first", "packed"]


def masks(form: str, p: float = 0.4, *, features: int = 1000) -> list[Tensor]:
    """Return, for each of four sequences, the mask of each of its steps (steps, features)."""
    torch.manual_seed(0)
    ones = torch.ones(4, 6, features)
    if form == "packed":
        dropped = LockedDropout(p)(packed(ones, LENGTHS))
        batch = padded(dropped.data, Ragged.of(dropped))
        return [mask[:length] for mask, length in zip(batch, LENGTHS.tolist(), strict=True)]
    if form == "batch first":
        return list(LockedDropout(p, batch_first=True)(ones))
    return list(LockedDropout(p)(ones.transpose(0, 1)).transpose(0, 1))


@pytest.mark.parametrize("form", FORMS)
def test_a_mask_is_a_sequences_own_for_all_its_steps(form: str) -> None:
    found = masks(form)
    for mask in found:
        assert (mask == mask[0]).all()
        assert set(mask.unique().tolist()) == {0.0, torch.tensor(1 / 0.6).item()}
        assert (mask[0] == 0).float().mean().item() == pytest.approx(0.4, abs=0.06)
    assert not torch.equal(found[0][0], found[1][0])


@pytest.mark.parametrize("form", FORMS)
def test_in_evaluation_and_at_zero_it_does_nothing(form: str) -> None:
    x: Any = drawn(6, 4, 3) if form != "packed" else packed(drawn(4, 6, 3), LENGTHS)
    assert LockedDropout(0.5, batch_first=form == "batch first").eval()(x) is x
    assert LockedDropout(0.0)(x) is x


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_the_gradient_is_the_mask(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    leaf = drawn(5, 2, 8, dtype=dtype).requires_grad_()
    dropped = LockedDropout(0.5)(leaf)
    assert dropped.dtype == dtype
    gradient = torch.autograd.grad(dropped.sum(), leaf)[0]
    torch.testing.assert_close(dropped, gradient * leaf)
    assert set(gradient.unique().tolist()) == {0.0, 2.0}


def test_everything_dropped_is_zero() -> None:
    assert (LockedDropout(1.0)(drawn(5, 2, 8)) == 0).all()


@pytest.mark.parametrize("is_packed", [False, True])
def test_words_are_dropped_wherever_they_stand(is_packed: bool) -> None:
    torch.manual_seed(0)
    embedding = nn.Embedding(200, 3)
    words = torch.arange(200).repeat(4, 2)
    given: Any = packed(words, torch.tensor([400, 400, 400, 400])) if is_packed else words
    found = EmbeddingDropout(embedding, 0.3)(given)
    vectors, rows = (found.data, given.data) if is_packed else (found, words)
    ratio = (vectors / embedding(rows)).detach()
    by_word = ratio.reshape(-1, 3)[rows.flatten().argsort(stable=True)].view(200, 8 * 3)
    torch.testing.assert_close(by_word, by_word[:, :1].expand_as(by_word))
    assert (by_word[:, 0] == 0).float().mean().item() == pytest.approx(0.3, abs=0.1)
    torch.testing.assert_close(by_word.max(), torch.tensor(1 / 0.7))


def test_words_are_all_there_in_evaluation() -> None:
    embedding, words = nn.Embedding(9, 3), torch.arange(9)
    torch.testing.assert_close(EmbeddingDropout(embedding, 0.5).eval()(words), embedding(words))


def test_a_dropped_word_learns_nothing() -> None:
    torch.manual_seed(0)
    embedding = nn.Embedding(50, 3)
    found = EmbeddingDropout(embedding, 0.5)(torch.arange(50))
    found.sum().backward()
    assert embedding.weight.grad is not None
    dropped = (found == 0).all(1)
    assert 0 < dropped.sum() < 50
    assert (embedding.weight.grad[dropped] == 0).all()
    assert (embedding.weight.grad[~dropped] == 2).all()


@pytest.mark.parametrize("p", [-0.1, 1.1, "0.5", True])
def test_what_is_no_share(p: Any) -> None:
    with pytest.raises(InputError, match=r"p: got .*, expected a number"):
        LockedDropout(p)
    with pytest.raises(InputError, match=r"p: got .*, expected a number"):
        EmbeddingDropout(nn.Embedding(2, 2), p)


def test_what_has_no_sequences() -> None:
    with pytest.raises(InputError, match=r"input: got shape \(4, 3\), expected \(time, batch, features\) or packed"):
        LockedDropout(0.5)(drawn(4, 3))


def test_single_numbers_are_dropped_and_what_is_kept_is_made_up_for() -> None:
    torch.manual_seed(0)
    values = torch.full((301, 333), 2.0, dtype=torch.float64, requires_grad=True)
    found = dropout(values, 0.25, training=True)
    assert set(found.unique().tolist()) == {0.0, 2 / 0.75}
    is_gone = found == 0
    assert is_gone.double().mean().item() == pytest.approx(0.25, abs=0.01)
    neighbours = (is_gone[:, 1:] & is_gone[:, :-1]).double().mean().item()  # which come of one whole number
    assert neighbours == pytest.approx(0.25**2, abs=0.01)
    (gradient,) = torch.autograd.grad(found.sum(), values)
    assert torch.equal(gradient * 2, found)
    assert dropout(values, 0.25, training=False) is values
    assert not dropout(values, 1.0, training=True).any()
