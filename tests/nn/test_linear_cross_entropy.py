"""Cross-entropy with its gradient made in place: against torch's, in one part and in several."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from recurra.nn import softmax_heads
from recurra.nn.softmax_heads import linear_cross_entropy


def case(*, bias: bool) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None, torch.Tensor]:
    torch.manual_seed(0)
    hidden, weight = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((7, 3), (11, 3)))
    added = torch.randn(11, dtype=torch.float64, requires_grad=True) if bias else None
    return hidden, weight, added, torch.randint(11, (7,))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("most", [1 << 23, 30])
@pytest.mark.parametrize(("factor", "smoothing"), [(1.0, 0.0), (-2.5, 0.3)])
def test_it_is_torchs(bias: bool, most: int, factor: float, smoothing: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softmax_heads, "_MOST_SCORES", most)
    hidden, weight, added, targets = case(bias=bias)
    leaves = [each for each in (hidden, weight, added) if each is not None]
    ours = linear_cross_entropy(hidden, weight, bias=added, targets=targets, label_smoothing=smoothing)
    theirs = functional.cross_entropy(functional.linear(hidden, weight, added), targets, label_smoothing=smoothing)
    torch.testing.assert_close(ours, theirs)
    expected = torch.autograd.grad(theirs * factor, leaves)
    torch.testing.assert_close(torch.autograd.grad(ours * factor, leaves), expected)
    with torch.no_grad():
        again = linear_cross_entropy(hidden, weight, bias=added, targets=targets, label_smoothing=smoothing)
    torch.testing.assert_close(again, theirs)


def test_scores_far_apart_stay_finite() -> None:
    hidden, weight = torch.tensor([[1000.0]], requires_grad=True), torch.tensor([[1.0], [-1.0]], requires_grad=True)
    loss = linear_cross_entropy(hidden, weight, bias=None, targets=torch.tensor([1]))
    assert loss.item() == 2000
    loss.backward()
    assert bool(torch.isfinite(weight.grad).all())  # pyright: ignore[reportArgumentType]


def test_there_is_no_second_derivative() -> None:
    hidden, weight, added, targets = case(bias=True)
    loss = linear_cross_entropy(hidden, weight, bias=added, targets=targets)
    (gradient,) = torch.autograd.grad(loss, hidden, create_graph=True)
    with pytest.raises(RuntimeError):
        gradient.sum().backward()
