"""What tests of direct calls share: results with gradients of everything, and whether a call was direct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

__all__ = ["assert_same", "dtype_of", "flat", "is_direct", "outcome", "packed"]


def flat(result: Any) -> list[Tensor]:
    if isinstance(result, PackedSequence):
        return [result.data]
    parts = result.values() if isinstance(result, dict) else result
    return [result] if isinstance(result, Tensor) else [each for part in parts for each in flat(part)]


def outcome(module: nn.Module, *args: Any, wanted: Sequence[Tensor], **options: Any) -> list[Tensor]:
    """Return what a module gives, and the gradients of a loss that weighs every number differently."""
    results = flat(module(*args, **options))
    loss = sum((out * torch.linspace(0.5, 1.5, out.numel()).view(out.shape).to(out)).sum() for out in results)
    return [*(out.detach().clone() for out in results), *torch.autograd.grad(loss, wanted)]


def dtype_of(module: nn.Module) -> torch.dtype:
    return next(module.parameters()).dtype


def is_direct(module: Any, *, is_taped: bool = True) -> bool:
    """Return whether a module has passes for the last call that it made, of those with a tape or without."""
    known = [each for (*_, is_differentiated), each in module._direct._known.items() if is_differentiated == is_taped]
    return any(way.stack is not None for way in known[-1].ways[-1:])


def assert_same(found: Sequence[Tensor], expected: Sequence[Tensor]) -> None:
    for one, other in zip(found, expected, strict=True):
        # in float64 layers are run whose weights are expressions: what computed them at first was torch
        assert torch.equal(one, other) or (one.dtype == torch.float64 and torch.allclose(one, other, rtol=1e-9))


def packed(*lengths: int, is_sorted: bool = False, dtype: torch.dtype = torch.float32) -> PackedSequence:
    return pack_sequence([torch.randn(length, 3, dtype=dtype) for length in lengths], enforce_sorted=is_sorted)
