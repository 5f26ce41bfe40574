"""Tensors that lie side by side in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

import torch
from torch import Tensor

__all__ = ["joined"]


@overload
def joined(parts: Sequence[Tensor], axis: int, *, or_copy: Literal[True]) -> Tensor: ...
@overload
def joined(parts: Sequence[Tensor], axis: int) -> Tensor | None: ...
def joined(parts: Sequence[Tensor], axis: int, *, or_copy: bool = False) -> Tensor | None:
    """Return the tensor of which these are neighbouring slices along an axis; otherwise None, or a joined copy."""
    first = parts[0]
    if len(parts) == 1:
        return first
    strides, step = first.stride(), first.element_size() * first.stride(axis)
    expected, total = first.data_ptr(), 0
    memory = first.untyped_storage().data_ptr()
    for part in parts:
        if part.data_ptr() != expected or part.stride() != strides or part.untyped_storage().data_ptr() != memory:
            return torch.cat([*parts], axis) if or_copy else None
        expected += part.shape[axis] * step
        total += part.shape[axis]
    shape = list(first.shape)
    shape[axis] = total
    return first.as_strided(shape, strides)
