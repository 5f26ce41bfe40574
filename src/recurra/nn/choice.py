"""Which backend runs a layer, and why; and on how many threads torch does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.kernel import (
    COMPILED,
    KERNELS,
    Call,
    check_runs,
    compiled_kernel_of,
    empty_cache,
    flush_denormals,
    without_kernel,
)
from recurra.backends.parameters import Parameters
from recurra.derive.plan import Plans
from recurra.errors import BackendError
from recurra.nn.guards import obstacle, say_once

__all__ = [
    "BACKENDS", "EAGER", "Explanation", "backend_for", "check_name", "choose", "computed_in", "empty_cache",
    "flushed_denormals", "on_threads", "runs_on", "source",
]  # fmt: skip

EAGER = ("torch", "newton")
"""The backends that are torch code, which may see any tensor."""

BACKENDS = ("auto", *EAGER, *KERNELS)


@dataclass(frozen=True)
class Explanation:
    """The answer of `layer.explain()`.

    Attributes
    ----------
    backend : str
        ``"llvm"``, ``"triton"``, ``"torch"``, ``"newton"`` or ``"numpy"``.
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
    "newton": "all steps at once by Newton's method, in eager torch; experimental",
    "llvm": "machine code of the plans, forward and derived backward: the time loop is one call",
    "numpy": "the plans, forward and derived backward, step by step in NumPy",
    "triton": "Triton kernels of the plans, forward and derived backward",
}
_ON_THE_CPU = (torch.float32, torch.float64)


def check_name(backend: str) -> str:
    """Return the name of a backend; raise `BackendError` if there is none of that name."""
    if backend not in BACKENDS:
        raise BackendError(f"backend={backend!r}: expected one of {list(BACKENDS)}")
    return backend


def choose(
    backend: str,
    *,
    like: Tensor,
    plans: Plans | None = None,
    sizes: Mapping[str, int] | None = None,
    batch: int = 1,
) -> Explanation:
    """Return which backend runs tensors like this one, and why; see `backend_for`.

    On a GPU the form depends on the plans, the sizes and the batch too.
    """
    chosen = backend_for(backend, like=like)
    reason = "asked for by name" if backend != "auto" else _reason(chosen, like)
    told = None
    if chosen in COMPILED and plans is not None and sizes is not None:
        if (missing := without_kernel(plans, chosen, sizes)) and backend == "auto":
            return Explanation("torch", _FORMS["torch"], missing)
        told = compiled_kernel_of(plans, chosen).explain(sizes, batch=batch, like=like)
    if told is None:
        return Explanation(chosen, _FORMS[chosen], reason)
    form, because = told
    return Explanation(chosen, f"{_FORMS[chosen]}: {form}", f"{reason}; {because}")


def _reason(chosen: str, like: Tensor) -> str:
    if chosen in EAGER:
        return f"there is no fused kernel for {like.dtype} on {like.device.type}"
    return f"the fastest for {like.dtype} on {'the CPU' if like.is_cpu else like.device.type}"


def backend_for(backend: str, *, like: Tensor) -> str:
    """Return the backend for tensors like this one; raise `BackendError` if the one asked for cannot run them.

    A tensor on a CUDA device never runs elsewhere, or as an eager loop, unless that is asked for by name.
    """
    on_the_cpu = like.is_cpu and like.dtype in _ON_THE_CPU
    if backend == "auto":
        backend = "triton" if like.device.type == "cuda" else "llvm" if on_the_cpu else "torch"
    if backend in KERNELS:
        check_runs(backend, device=like.device, dtype=like.dtype)
    return backend


def runs_on(backend: str, call: Call, plans: Plans, /) -> str:
    """Return the backend that runs a call: `"torch"` where no kernel may; raise `BackendError` if one was asked for."""
    chosen = backend_for(backend, like=call.states[0])
    if chosen in EAGER:
        return chosen
    missing = without_kernel(plans, chosen, call.sizes)
    if missing and backend == "auto":
        say_once(f"recurra runs its eager loop over the steps, many times slower than a kernel, because {missing}")
        return "torch"
    reason = obstacle([*Parameters.of(call.parameters).tensors, *call.inputs, *call.states])
    if not reason:
        return chosen
    if backend != "auto":
        raise BackendError(
            f"backend={backend!r} runs kernels on plain tensors, and {reason}; backend='torch' can run this, and "
            "backend='auto' takes it by itself"
        )
    if reason.startswith("a tensor is"):
        say_once(f"recurra runs its eager loop over the steps, many times slower than a kernel, because {reason}")
    return "torch"


def computed_in(backend: str, *, like: Tensor) -> torch.dtype:
    """Return the dtype of inputs and outputs: under autocast on a GPU its own, where states keep the parameters'."""
    if like.is_cuda and torch.is_autocast_enabled("cuda") and backend in ("auto", "triton"):
        return torch.get_autocast_dtype("cuda")
    return like.dtype


def source(
    plans: Plans, backend: str, *, like: Tensor, stage: str, which: str, sizes: Mapping[str, int] | None = None
) -> str:
    """Return what a backend makes of plans for tensors like this one, as text; an empty stage is its own."""
    chosen = backend_for(backend, like=like)
    dtype = str(like.dtype).removeprefix("torch.")
    return compiled_kernel_of(plans, chosen).source(stage, which=which, dtype=dtype, sizes=sizes)


@contextmanager
def on_threads(count: int, /) -> Iterator[None]:
    """Let torch use so many threads, and give the caller's number back afterwards."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(count)
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Take numbers too small for full precision, below 1.2e-38 in float32, for zero meanwhile, as our kernels do.

    The moments that Adam keeps decay through them for an embedding that has no gradient any more, and stay there: a
    step on 8,000 x 256 of them took 24 ms in place of 1.6. `torch.set_flush_denormal` tells the calling thread alone.
    """
    smallest = torch.full((), 1e-310, dtype=torch.float64, device="cpu")
    if bool(smallest * 1 == 0):
        yield
        return
    flush_denormals(is_wanted=True)
    try:
        yield
    finally:
        flush_denormals(is_wanted=False)
