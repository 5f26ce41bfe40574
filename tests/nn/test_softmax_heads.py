"""Tied and adaptive softmax: against their equations; what is tied stays tied."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from ragged_cases import DTYPES, check_gradient, drawn
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from recurra.errors import InputError
from recurra.nn import AdaptiveSoftmax, Softmax, SoftmaxHead, TiedLinear


class Model(nn.Module):
    """An embedding and a layer tied to it."""

    def __init__(self, features: int | None = None) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.scores = TiedLinear(self.embedding, features=features)

    def forward(self, words: Tensor) -> Tensor:
        return self.scores(self.embedding(words))


@pytest.mark.parametrize("features", [None, 5])
def test_scores_are_products_with_the_vectors_of_words(features: int | None) -> None:
    model = Model(features).double()
    model.scores.bias.data = drawn(7)  # pyright: ignore[reportOptionalMemberAccess]
    hidden = drawn(4, features or 3)
    projected = hidden if features is None else hidden @ model.scores.projection.weight.T  # pyright: ignore
    expected = projected @ model.embedding.weight.T + model.scores.bias
    torch.testing.assert_close(model.scores(hidden), expected)
    assert TiedLinear(model.embedding, bias=False)(drawn(4, 3)).shape == (4, 7)


def test_the_weight_is_one_and_learns_from_both_sides() -> None:
    model, words = Model(), torch.tensor([2, 4])
    assert [name for name, _ in model.named_parameters()] == ["embedding.weight", "scores.bias"]
    model(words)[:, 5].sum().backward()
    gradient = model.embedding.weight.grad
    assert gradient is not None
    assert (gradient.abs().sum(1) > 0).tolist() == [False, False, True, False, True, True, False]


def test_a_copy_is_tied_to_its_own_embedding() -> None:
    model = Model()
    other = copy.deepcopy(model)
    other.embedding.weight.data.zero_()
    assert (other(torch.tensor([1])) == 0).all()
    assert (model(torch.tensor([1])) != 0).any()


def test_it_goes_through_a_file_and_to_another_dtype(tmp_path: Path) -> None:
    model, other = Model(), Model()
    save_file(model.state_dict(), tmp_path / "weights.safetensors")
    other.load_state_dict(load_file(tmp_path / "weights.safetensors"))
    words = torch.tensor([0, 6])
    torch.testing.assert_close(other(words), model(words))
    assert model.double()(words).dtype == torch.float64


def test_a_tied_layer_has_the_gradient_of_its_equation() -> None:
    model = Model(5).double()
    check_gradient(lambda h, *_: model.scores(h), drawn(2, 5).requires_grad_(), *model.parameters())


def heads(dtype: torch.dtype = torch.float64) -> dict[str, SoftmaxHead]:
    torch.manual_seed(0)
    return {
        "softmax": Softmax(nn.Linear(8, 20, dtype=dtype)),
        "adaptive": AdaptiveSoftmax(8, 20, cutoffs=[4, 10], divisor=2.0, dtype=dtype),
    }


every_head = pytest.mark.parametrize("kind", ["softmax", "adaptive"])
TARGETS = torch.tensor([0, 3, 4, 9, 10, 19])


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@every_head
def test_the_loss_is_minus_the_log_probability(kind: str, dtype: torch.dtype) -> None:
    head, hidden = heads(dtype)[kind], drawn(6, 8, dtype=dtype)
    log_prob = head.log_prob(hidden)
    torch.testing.assert_close(head(hidden), log_prob)
    torch.testing.assert_close(log_prob.exp().sum(1), torch.ones(6, dtype=dtype))
    expected = -log_prob[torch.arange(6), TARGETS]
    torch.testing.assert_close(head.loss(hidden, TARGETS, reduction="none"), expected)
    torch.testing.assert_close(head.loss(hidden, TARGETS), expected.mean())
    torch.testing.assert_close(head.loss(hidden, TARGETS, reduction="sum"), expected.sum())


@every_head
def test_gradients(kind: str) -> None:
    head, hidden = heads()[kind], drawn(6, 8).requires_grad_()
    check_gradient(lambda h, *_: head.loss(h, TARGETS), hidden, *head.parameters())


@pytest.mark.parametrize("cutoffs", [[], [0], [20], [10, 10], [10, 4], [4, 25]])
def test_cutoffs_that_do_not_rise(cutoffs: list[int]) -> None:
    with pytest.raises(InputError, match=r"cutoffs: got .*, expected rising numbers from 1 to 19"):
        AdaptiveSoftmax(8, 20, cutoffs=cutoffs)


@every_head
def test_an_unknown_reduction(kind: str) -> None:
    wrong: Any = "average"
    with pytest.raises(InputError, match="reduction: got 'average', expected one of"):
        heads()[kind].loss(drawn(6, 8), TARGETS, reduction=wrong)


def test_a_tied_layer_says_what_it_takes() -> None:
    with pytest.raises(InputError, match=r"hidden: got 4 features, expected 3"):
        Model().scores(torch.zeros(2, 4))
    with pytest.raises(InputError, match=r"features: got 0"):
        Model(0)
