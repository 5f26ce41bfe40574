"""Tests of denormal numbers: zero in machine code and in a training, and as before around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from recurra.backends.llvm.threads import openmp
from recurra.nn import GRU
from recurra.nn.choice import flushed_denormals, on_threads

SMALLEST = torch.finfo(torch.float32).tiny
COUNT = 200_000
"""Numbers of which torch gives each of two threads half."""


def kept() -> float:
    """Return the share of products that are denormal, and are not taken for zero, on all threads of torch."""
    return float((torch.full((COUNT,), 1e-30) * torch.full((COUNT,), 1e-9) != 0).float().mean())


@contextmanager
def torch_flushing(is_wanted: bool) -> Iterator[None]:
    torch.set_flush_denormal(is_wanted)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@pytest.mark.parametrize("is_flushing", [False, True])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_gradient_that_vanishes_is_zero_from_where_it_is_denormal(threads: int, is_flushing: bool) -> None:
    torch.manual_seed(0)
    layer, x = GRU(3, 64), torch.randn(1200, 4, 3, requires_grad=True)
    with torch.no_grad():
        for name, weights in layer.named_parameters():
            if name.startswith("bias_ih"):
                weights[64:128] = -2.0  # the update gate: it keeps an eighth of the state
    with on_threads(threads), torch_flushing(is_flushing):
        gradient = torch.autograd.grad(layer(x)[0][-1].sum(), x)[0]
        now = torch.full((), 1e-30) * 1e-9
    sizes = gradient.abs()
    assert sizes[0].max() == 0
    assert sizes[-1].min() > 0
    assert not ((sizes > 0) & (sizes < SMALLEST)).any()
    assert bool(now == 0) == is_flushing, "the caller has denormals as before"


def test_a_state_that_decays_is_zero_from_where_it_is_denormal() -> None:
    layer = GRU(1, 2, bias=False)
    stream = layer.stream()
    stream.state = torch.full((1, 1, 2), 1e-37)
    with torch.no_grad():
        for weights in layer.parameters():
            weights.zero_()
    found = stream.run(torch.zeros(8, 1)).abs().amax(1)  # each step halves the state
    assert (found[:3] > 0).all()
    assert (found[4:] == 0).all()


@pytest.mark.skipif(not openmp(), reason="torch has no threads of OpenMP here")
def test_all_threads_of_a_training_take_denormals_for_zero_and_then_no_more() -> None:
    with on_threads(2):
        assert kept() == 1
        with flushed_denormals():
            assert kept() == 0
            with flushed_denormals():
                assert kept() == 0
            assert kept() == 0
        assert kept() == 1
        with pytest.raises(RuntimeError, match="in between"), flushed_denormals():
            raise RuntimeError("in between")
        assert kept() == 1
