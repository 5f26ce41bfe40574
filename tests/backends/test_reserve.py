"""Memory that runs leave to each other."""

from __future__ import annotations

import pytest
import torch

from recurra.backends.llvm import reserve
from recurra.backends.llvm.reserve import give, take
from recurra.cells import LSTM
from recurra.nn import Recurrent

LENGTH = 1 << 19


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits, and what a test leaves goes with it."""
    monkeypatch.setattr(reserve, "_waiting", type(reserve._waiting)(maxlen=reserve._MOST))


def test_a_piece_is_taken_once_by_who_needs_about_as_much() -> None:
    piece = torch.empty(LENGTH)
    give(piece)
    assert take(LENGTH // 2 - 1, torch.float32) is not piece
    assert take(LENGTH + 1, torch.float32) is not piece
    assert take(LENGTH, torch.float64) is not piece
    assert take(LENGTH - 5, torch.float32) is piece
    assert take(LENGTH, torch.float32) is not piece


def test_few_pieces_wait_and_none_that_are_small() -> None:
    pieces = [torch.empty(LENGTH + k) for k in range(reserve._MOST + 1)]
    for piece in pieces:
        give(piece)
    assert all(waiting is not pieces[0] for waiting in reserve._waiting)
    assert len(reserve._waiting) == reserve._MOST
    reserve._waiting.clear()
    give(torch.empty(10))
    assert not reserve._waiting


def test_memory_of_inference_mode_stays_there() -> None:
    """Autograd cannot keep it."""
    with torch.inference_mode():
        give(torch.empty(LENGTH))
    assert not take(LENGTH, torch.float32).is_inference()
    with torch.inference_mode():
        assert take(LENGTH, torch.float32) is not None


@pytest.mark.parametrize("inference", [False, True])
def test_training_is_the_same_whatever_others_left(inference: bool) -> None:
    layer, x = Recurrent(LSTM, 32, 64, backend="llvm"), torch.randn(50, 40, 32)
    layer(x)[0].sum().backward()
    expected = {name: parameter.grad for name, parameter in layer.named_parameters()}
    layer.zero_grad()
    for doubled in range(18, 23):
        with torch.inference_mode(inference):
            give(torch.full((1 << doubled,), torch.nan))
        layer.zero_grad()
        layer(x)[0].sum().backward()
        for name, parameter in layer.named_parameters():
            torch.testing.assert_close(parameter.grad, expected[name])
