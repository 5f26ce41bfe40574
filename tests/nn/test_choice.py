"""Which backend runs, and what is said of a CUDA device (a fake one: no GPU is needed)."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import recurra.nn.choice as choice
from recurra.errors import BackendError


@pytest.fixture
def on_cuda(monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    choice._say_that_cuda_is_eager.cache_clear()
    with FakeTensorMode():
        return torch.empty(2, device="cuda")


def test_a_cuda_tensor_runs_the_eager_loop_and_says_so_once(on_cuda: torch.Tensor) -> None:
    with pytest.warns(UserWarning, match="no fused CUDA kernel yet: layers on a CUDA device run an eager loop"):
        found = choice.choose("auto", like=on_cuda)
    assert (found.backend, found.reason) == ("torch", "there is no fused kernel for torch.float32 on cuda")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert choice.choose("auto", like=on_cuda) == found


def test_a_backend_asked_for_by_name_refuses_a_device_that_it_cannot_run(on_cuda: torch.Tensor) -> None:
    with pytest.raises(
        BackendError, match=r"backend='numpy' runs .* on the CPU, got torch.float32 on cuda:0; .*'torch' can"
    ):
        choice.choose("numpy", like=on_cuda)
    assert choice.choose("torch", like=on_cuda).reason == "asked for by name"
