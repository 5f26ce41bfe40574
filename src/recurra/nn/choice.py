"""Which backend runs a layer, and why."""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from recurra.backends.kernels import KERNELS, kernel_of
from recurra.derive.plan import Plans
from recurra.errors import BackendError

__all__ = ["BACKENDS", "Explanation", "backend_for", "choose", "source"]

BACKENDS = ("auto", "torch", *KERNELS)


@dataclass(frozen=True)
class Explanation:
    """The answer of `layer.explain()`.

    Attributes
    ----------
    backend : str
        ``"llvm"``, ``"torch"`` or ``"numpy"``.
    form : str
        How it runs.
    reason : str
        Why this one was taken.
    """

    backend: str
    form: str
    reason: str


_FORMS = {
    "torch": "an eager loop over the steps, input projections hoisted, the products of a stage as one",
    "llvm": "machine code of the plans, forward and derived backward: the time loop is one call",
    "numpy": "the plans, forward and derived backward, step by step in NumPy",
}


def check_name(backend: str) -> str:
    """Return the name of a backend; raise `BackendError` if there is none of that name."""
    if backend not in BACKENDS:
        raise BackendError(f"backend={backend!r}: expected one of {list(BACKENDS)}")
    return backend


def choose(backend: str, *, like: Tensor) -> Explanation:
    """Return which backend runs tensors like this one, and why; see `backend_for`."""
    chosen = backend_for(backend, like=like)
    if backend != "auto":
        reason = "asked for by name"
    elif chosen == "llvm":
        reason = f"the fastest for {like.dtype} on the CPU"
    else:
        reason = f"there is no fused kernel for {like.dtype} on {like.device.type}"
    return Explanation(chosen, _FORMS[chosen], reason)


def backend_for(backend: str, *, like: Tensor) -> str:
    """Return the backend for tensors like this one; raise `BackendError` if the one asked for cannot run them."""
    kernel_can = like.is_cpu and like.dtype in (torch.float32, torch.float64)
    if backend in KERNELS and not kernel_can:
        raise BackendError(
            f"backend={backend!r} runs float32 and float64 on the CPU, got {like.dtype} on {like.device}; "
            "backend='torch' can"
        )
    if backend != "auto":
        return backend
    if kernel_can:
        return "llvm"
    if like.device.type == "cuda":
        _say_that_cuda_is_eager()
    return "torch"


def source(plans: Plans, backend: str, *, like: Tensor, stage: str, which: str) -> str:
    """Return what a backend makes of plans for tensors like this one, as text."""
    chosen = choose(backend, like=like).backend
    kernel: Any = kernel_of(plans, chosen) if chosen in KERNELS else None
    if not hasattr(kernel, "source"):
        raise BackendError(f"backend {chosen!r} runs the plans as they are and compiles nothing; 'llvm' does")
    return kernel.source(stage, which=which, dtype=str(like.dtype).removeprefix("torch."))


@functools.cache
def _say_that_cuda_is_eager() -> None:
    warnings.warn(
        "recurra has no fused CUDA kernel yet: layers on a CUDA device run an eager loop over the steps",
        stacklevel=2,
    )
