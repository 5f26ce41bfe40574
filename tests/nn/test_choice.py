"""Which backend runs, and what is said of a CUDA device (a fake one: no GPU is needed)."""

from __future__ import annotations

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import recurra.nn.choice as choice
from recurra.backends.triton import device
from recurra.cells import LSTM
from recurra.errors import BackendError
from recurra.nn import Recurrent


def on_cuda(dtype: torch.dtype = torch.float32) -> torch.Tensor:
    with FakeTensorMode():
        return torch.empty(2, device="cuda", dtype=dtype)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "is_installed", lambda: True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
def test_a_cuda_tensor_runs_triton(dtype: torch.dtype) -> None:
    found = choice.choose("auto", like=on_cuda(dtype))
    assert (found.backend, found.reason) == ("triton", f"the fastest for {dtype} on cuda")


def test_without_triton_a_cuda_tensor_is_refused_and_not_run_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "is_installed", lambda: False)
    with pytest.raises(BackendError, match=r"on cuda:0 needs triton, which is not installed: `pip install triton`"):
        choice.choose("auto", like=on_cuda())
    assert choice.choose("torch", like=on_cuda()).reason == "asked for by name"


def test_a_dtype_without_a_kernel_is_refused() -> None:
    with pytest.raises(BackendError, match=r"runs float32, bfloat16, float16, float64; got torch.complex64"):
        choice.choose("auto", like=on_cuda(torch.complex64))


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
def test_a_backend_asked_for_by_name_refuses_a_device_that_it_cannot_run(backend: str) -> None:
    expected = f"backend='{backend}' runs float32 and float64 on the CPU, got torch.float32 on cuda:0; backend='triton'"
    with pytest.raises(BackendError, match=expected):
        choice.choose(backend, like=on_cuda())


def test_triton_refuses_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "is_interpreted", lambda: False)
    layer = Recurrent(LSTM, 2, 3, backend="triton")
    with pytest.raises(BackendError, match=r"runs on CUDA devices, got a tensor on cpu; on the CPU 'llvm' is fast"):
        layer(torch.randn(4, 1, 2))


def test_what_no_kernel_runs_on_the_cpu_runs_eagerly() -> None:
    found = choice.choose("auto", like=torch.empty(2, dtype=torch.bfloat16))
    assert (found.backend, found.reason) == ("torch", "there is no fused kernel for torch.bfloat16 on cpu")
