"""Arrays of NumPy as tensors, and back: what a kernel on tensors does with a call on either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recurra.backends.kernel import Call

__all__ = ["in_rows", "like_call", "number_beside", "tensor_of"]


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
