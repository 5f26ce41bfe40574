"""A gradient check by random projection, in a dozen lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from recurra.testing.tolerances import CheckError, tolerance

__all__ = ["check_gradient", "directional_derivatives", "gradient_error"]


def check_gradient(function: Callable[..., Tensor], inputs: Sequence[Tensor], *, seed: int = 0) -> float:
    """Compare a function's derivative along a random direction with central differences.

    Parameters
    ----------
    function : callable
        Takes the inputs, returns a tensor.
    inputs : sequence of float64 tensors
    seed : int

    Returns
    -------
    float
        The relative error of the directional derivative.

    Raises
    ------
    CheckError
        If it is larger than the tolerance, or not a number.
    """
    derived, difference = directional_derivatives(function, inputs, seed=seed)
    error = gradient_error(derived, difference)
    if not error <= tolerance("float64").difference:
        raise CheckError(
            f"the gradient along a random direction is {derived:.8g}, central differences give {difference:.8g}: "
            f"relative error {error:.1e}, at most {tolerance('float64').difference:.0e} is allowed"
        )
    return error


def gradient_error(derived: float, difference: float) -> float:
    """Return the error of a derivative relative to the difference's magnitude (at least 1)."""
    return abs(derived - difference) / max(1.0, abs(difference))


def directional_derivatives(
    function: Callable[..., Tensor], inputs: Sequence[Tensor], *, seed: int
) -> tuple[float, float]:
    """Return a function's derivative along a random direction by autograd and by central differences."""
    generator = torch.Generator().manual_seed(seed)
    inputs = [value.detach().double().requires_grad_() for value in inputs]
    directions = [torch.randn(value.shape, dtype=torch.float64, generator=generator) for value in inputs]
    output = function(*inputs)
    weights = torch.randn(output.shape, dtype=torch.float64, generator=generator)
    gradients = torch.autograd.grad(output, inputs, weights, allow_unused=True) if output.requires_grad else ()
    derived = sum(float((g * d).sum()) for g, d in zip(gradients, directions, strict=False) if g is not None)
    step = 1e-6
    with torch.no_grad():
        ahead, behind = (
            function(*(v + sign * step * d for v, d in zip(inputs, directions, strict=True))) for sign in (1, -1)
        )
    return derived, float(((ahead - behind) * weights).sum()) / (2 * step)
