"""Tensors: arrays of NumPy as tensors and back, tensors that lie side by side, small tables for a device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recurra.backends.kernel import Call
from recurra.errors import BackendError

__all__ = ["DeviceTable", "in_rows", "joined", "like_call", "number_beside", "tensor_of"]


def tensor_of(value: Any, /) -> Tensor:
    """Return a tensor with the memory of an array."""
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value


def in_rows(value: Any, /) -> Tensor:
    """Return a tensor whose rows follow each other in memory."""
    return tensor_of(value).contiguous()


def like_call(call: Call, values: Sequence[Any], /) -> tuple[Any, ...]:
    """Return tensors, or None, as the call's are: arrays of NumPy, or tensors."""
    if isinstance(call.states[0], Tensor):
        return tuple(values)
    return tuple(value if value is None else value.numpy() for value in values)


def number_beside(tensor: Tensor, /) -> Callable[[float], Tensor]:
    """Return what makes a number on a tensor's device, without a copy from the host."""
    return lambda value: torch.full((), value, dtype=tensor.dtype, device=tensor.device)


def joined(parts: Sequence[Tensor], axis: int) -> Tensor:
    """Return tensors one after the other along an axis: as they lie if they are neighbours, otherwise a copy."""
    first = parts[0]
    if len(parts) == 1:
        return first
    strides, step = first.stride(), first.element_size() * first.stride(axis)
    expected, total = first.data_ptr(), 0
    memory = first.untyped_storage().data_ptr()
    for part in parts:
        if part.data_ptr() != expected or part.stride() != strides or part.untyped_storage().data_ptr() != memory:
            return torch.cat([*parts], axis)
        expected += part.shape[axis] * step
        total += part.shape[axis]
    shape = list(first.shape)
    shape[axis] = total
    return first.as_strided(shape, strides)


class DeviceTable:
    """A small tensor of the CPU on a device, where every stream can read it.

    Raises
    ------
    BackendError
        While a CUDA graph is captured: each replay would copy what has taken the table's place on the host.
    """

    def __init__(self, values: Tensor, device: torch.device, /) -> None:
        self._there, self._copied, self._home = _on_device(values, device), None, None
        if device.type == "cuda":
            self._home = torch.cuda.current_stream(device)
            self._copied = torch.cuda.Event()
            self._copied.record(self._home)

    def read(self) -> Tensor:
        """Return it; the current stream waits for a copy that another one has not ended, and the host does not."""
        # before a graph is captured, torch waits for everything
        if self._copied is not None and not torch.cuda.is_current_stream_capturing():
            if self._copied.query():
                self._copied = None
            else:
                torch.cuda.current_stream(self._there.device).wait_event(self._copied)
        if self._home is not None and not torch.cuda.is_current_stream_capturing():
            stream = torch.cuda.current_stream(self._there.device)
            if stream != self._home:  # its memory may not be used anew before what is queued there has read it
                self._there.record_stream(stream)
        return self._there


def _on_device(table: Tensor, device: torch.device) -> Tensor:
    if device.type != "cuda":
        return table.to(device)
    if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
        raise BackendError(
            "a CUDA graph is being captured of a batch whose step sizes were not seen before: run it a few times "
            "first, as torch asks"
        )
    return table.pin_memory().to(device, non_blocking=True)
