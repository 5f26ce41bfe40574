"""What the backend asks of the machine: a device with Triton, or Triton's interpreter."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import importlib.util
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from recurra.backends.kernel import Call
from recurra.errors import BackendError

__all__ = [
    "DTYPES",
    "check",
    "check_together",
    "compiler",
    "is_installed",
    "is_interpreted",
    "is_too_big",
    "out_of_memory",
    "precision",
]

DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)

INSTALL = "`pip install triton` gives the fused kernels, and backend='torch' runs an eager loop without them"


@functools.cache
def is_installed() -> bool:
    """Return whether there is a triton to import."""
    return importlib.util.find_spec("triton") is not None


def is_interpreted() -> bool:
    """Return whether Triton runs its kernels on the CPU, as TRITON_INTERPRET=1 makes it do."""
    if not is_installed():
        return False
    from triton import knobs

    return bool(knobs.runtime.interpret)


def check(device: torch.device, dtype: torch.dtype) -> None:
    """Raise `BackendError` unless tensors of this kind can be run; the message says what can."""
    if not is_installed():
        raise BackendError(f"a tensor on {device} needs triton, which is not installed: {INSTALL}")
    if dtype not in DTYPES:
        names = ", ".join(str(each).removeprefix("torch.") for each in DTYPES)
        raise BackendError(f"backend='triton' runs {names}; got {dtype}: convert it with .to(...), or take 'torch'")
    if device.type != "cuda" and not (device.type == "cpu" and is_interpreted()):
        raise BackendError(
            f"backend='triton' runs on CUDA devices, got a tensor on {device}; on the CPU 'llvm' is fast, and with "
            "TRITON_INTERPRET=1 in the environment Triton's interpreter runs, slowly, for tests"
        )
    if device.type == "cuda" and torch.cuda.is_available() and torch.cuda.get_device_capability(device) < (8, 0):
        major, minor = torch.cuda.get_device_capability(device)
        raise BackendError(
            f"backend='triton' needs compute capability 8.0 (A100) or newer, {device} has {major}.{minor}; "
            "backend='torch' runs an eager loop"
        )


def check_together(tensors: Iterable[Tensor]) -> None:
    """Raise `BackendError` unless all tensors are on one device."""
    devices = sorted({str(tensor.device) for tensor in tensors})
    if len(devices) > 1:
        raise BackendError(f"tensors on {' and '.join(devices)}: a kernel runs on one device; move them with .to(...)")


@contextlib.contextmanager
def out_of_memory(call: Call) -> Iterator[None]:
    """Turn torch's error for a device without memory left into one that says what would take less."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise BackendError(
            f"the device has no memory left for {sum(call.batch_sizes)} rows ({call.batch_sizes[0]} sequences, "
            f"{len(call.batch_sizes)} steps): take fewer sequences at a time, or shorter ones with the state carried, "
            f"or bfloat16 ({error})"
        ) from error


def is_too_big(error: Exception) -> bool:
    """Return whether a kernel asks for more shared memory or registers than a program can have."""
    from triton.runtime.errors import OutOfResources

    return isinstance(error, OutOfResources)


def precision(dtype: torch.dtype) -> str:
    """Return how float32 is multiplied in the loop: as torch lets cuDNN's recurrent layers do it.

    Outside of the loop torch multiplies, as its own switch for products says: that is the process's, and is left alone.
    """
    return "tf32" if dtype == torch.float32 and _allows_tf32() else "ieee"


def _allows_tf32() -> bool:
    recurrent = getattr(
        torch.backends.cudnn, "rnn", None
    )  # of torch 2.9 on; the older switch may not be read beside it
    return recurrent.fp32_precision == "tf32" if recurrent else torch.backends.cudnn.allow_tf32


def compiler() -> tuple[str, str]:
    """Return the kind of this machine's GPU and how float32 is multiplied there, and the version of the compiler."""
    major, minor = torch.cuda.get_device_capability()
    return f"sm_{major}{minor}, {precision(torch.float32)}", f"triton {importlib.metadata.version('triton')}"
