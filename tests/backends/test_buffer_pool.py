"""Large memory that is used again."""

from __future__ import annotations

import copy
import gc
import subprocess
import sys

import pytest
import torch

from recurra.backends import buffer_pool
from recurra.backends.buffer_pool import take
from recurra.cells import LSTM
from recurra.nn import Recurrent

LENGTH = 1 << 19


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits, and what a test leaves goes with it."""
    gc.collect()
    monkeypatch.setattr(buffer_pool, "_waiting", {})


def place(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def test_a_block_comes_again_when_nobody_holds_it() -> None:
    first = take((LENGTH,), torch.float32)
    where, view = place(first), first[5:]
    del first
    other = take((LENGTH,), torch.float32)
    assert place(other) != where  # a view holds it
    del view
    assert place(take((LENGTH - 5,), torch.float32)) == where


def test_it_goes_to_who_needs_about_as_much_of_any_kind() -> None:
    where = place(take((LENGTH,), torch.float32))
    assert place(take((LENGTH // 2 - 1,), torch.float32)) != where
    assert place(take((LENGTH + 1,), torch.float32)) != where
    found = take((LENGTH // 4, 2), torch.float64)
    assert (place(found), found.shape, found.dtype) == (where, (LENGTH // 4, 2), torch.float64)
    assert where % 64 == 0


def test_little_waits_and_nothing_that_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    take((10,), torch.float32)
    assert not buffer_pool._waiting
    monkeypatch.setattr(buffer_pool, "MOST", 3 * 4 * LENGTH)
    held = [take((LENGTH,), torch.float32) for _ in range(4)]
    newest = place(held[3])
    while held:
        held.pop(0)
    assert len(buffer_pool._waiting) == 2
    again = [take((LENGTH,), torch.float32) for _ in range(2)]
    assert newest in {place(tensor) for tensor in again}


@pytest.mark.parametrize("inference", [False, True])
def test_training_is_the_same_whatever_others_left(inference: bool) -> None:
    layer, x = Recurrent(LSTM, 32, 64, backend="llvm"), torch.randn(50, 40, 32)
    layer(x)[0].sum().backward()
    expected = {name: parameter.grad for name, parameter in layer.named_parameters()}
    layer.zero_grad()
    for doubled in range(18, 23):
        with torch.inference_mode(inference):
            take((1 << doubled,), torch.float32).fill_(torch.nan)
        layer.zero_grad()
        layer(x)[0].sum().backward()
        for name, parameter in layer.named_parameters():
            torch.testing.assert_close(parameter.grad, expected[name])


def test_an_output_that_is_kept_stays_as_it_is() -> None:
    """Also one that was kept as a view, or that a copy was made of."""
    layer, x = Recurrent(LSTM, 8, 128, backend="llvm"), torch.randn(100, 40, 8)
    with torch.no_grad():
        output, view = layer(x)[0], layer(x)[0][1:, 3]
    expected, twin = output.clone(), copy.deepcopy(output)
    for _ in range(3):
        layer(torch.randn(100, 40, 8))[0].sum().backward()
    assert torch.equal(output, expected)
    assert torch.equal(twin, expected)
    assert torch.equal(view, expected[1:, 3])


def test_a_program_ends_with_memory_in_use() -> None:
    """The last tensors go when modules are half gone."""
    program = (
        "import torch, recurra.nn\n"
        "layer = recurra.nn.LSTM(8, 256)\n"
        "kept = [layer(torch.randn(100, 40, 8))[0]]\n"
        "kept.append(kept)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
