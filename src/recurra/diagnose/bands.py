"""The singular values of a step's Jacobian along real sequences: whether a step shrinks or stretches."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.diagnose.jacobian import step_jacobians
from recurra.diagnose.rerun import Rerun

__all__ = ["SingularBands", "singular_bands"]

_WORK = 4e10
"""Multiplications that may go into the singular values."""


@dataclass(frozen=True)
class SingularBands:
    """Singular values of d states_t / d states_(t-1) at some steps, the mean over sequences.

    Attributes
    ----------
    steps : tensor (count,) of whole numbers
        How many steps of its sequence were run before.
    largest, upper, median, lower, smallest : tensor (count,)
        Upper and lower are the quarter and three-quarter points.
    """

    steps: Tensor
    largest: Tensor
    upper: Tensor
    median: Tensor
    lower: Tensor
    smallest: Tensor


def singular_bands(again: Rerun, /, *, most: int = 60) -> SingularBands:
    """Measure the singular values at up to `most` steps spread over the longest sequence; fewer for a large state.

    Only the first states are those of the caller: where they are zero, so is what multiplies them.
    """
    size, lengths = sum(again.sizes), torch.tensor([len(path) for path in again.paths])
    count = max(2, min(most, int(_WORK / (20 * size**3 * len(lengths)))))
    steps = torch.linspace(0, int(lengths.max()) - 1, min(count, int(lengths.max()))).round().long().unique()
    found = torch.stack([_at(again, int(step)) for step in steps])
    return SingularBands(steps, *found.unbind(1))


def _at(again: Rerun, step: int) -> Tensor:
    """Return the five points (5,) at a step."""
    rows = torch.stack([path[step] for path in again.paths if len(path) > step])
    values = torch.linalg.svdvals(step_jacobians(again, rows))
    points = torch.tensor([1.0, 0.75, 0.5, 0.25, 0.0], dtype=values.dtype)
    return values.quantile(points, dim=1).mean(1)
