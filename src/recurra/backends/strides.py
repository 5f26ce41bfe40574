"""Tensors that lie side by side in memory."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["joined"]


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
