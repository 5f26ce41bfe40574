"""Batches of unequal lengths: padded with zeros, padded with NaN, packed; and what must not depend on the padding."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import gradcheck
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

LENGTHS = torch.tensor([3, 6, 1, 4])
DTYPES = [torch.float32, torch.float64]


def drawn(*shape: int, dtype: torch.dtype = torch.float64, seed: int = 0) -> Tensor:
    """Return normal numbers, always the same."""
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def batch(width: int = 3, *, lengths: Tensor = LENGTHS, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return a padded batch (batch, time, width) with numbers behind the ends too."""
    return drawn(len(lengths), int(lengths.max()), width, dtype=dtype)


def behind(lengths: Tensor, steps: int) -> Tensor:
    """Return (batch, steps), True behind the ends."""
    return torch.arange(steps) >= lengths.unsqueeze(1)


def poisoned(padded: Tensor, lengths: Tensor) -> Tensor:
    """Return a padded batch with NaN behind the ends, as a leaf."""
    return padded.detach().masked_fill(behind(lengths, padded.shape[1]).unsqueeze(-1), torch.nan).requires_grad_()


def packed(padded: Tensor, lengths: Tensor) -> PackedSequence:
    """Return a padded batch packed."""
    return pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)


def check_gradient(function: Callable[..., object], *leaves: Tensor) -> None:
    """Assert that gradients are those of differences, to six digits: by default gradcheck allows an error of 0.1 %."""
    assert gradcheck(function, leaves, fast_mode=True, rtol=1e-6, atol=1e-8)


def check_poison(found: Tensor, leaf: Tensor, lengths: Tensor) -> None:
    """Assert that a result and the gradient of a poisoned leaf are finite, and the padding's gradient is zero."""
    assert found.isfinite().all()
    gradient = torch.autograd.grad(found.square().sum(), leaf)[0]
    assert gradient.isfinite().all()
    padding = behind(lengths, leaf.shape[1])
    assert (gradient[padding] == 0).all()
    assert (gradient[~padding] != 0).any()
