"""Looks at steps of a training while it goes on: the gradient's way through time, and how fast parameters learn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

import torch

from recurra.diagnose import FlowCurve, GradientFlow, gradient_flow, update_sizes
from recurra.nn.layer import Layer

__all__ = ["observed_step"]

_MOST = 60
"""Points of a curve that are kept."""

Found = TypeVar("Found")


def observed_step(network: torch.nn.Module, take: Callable[[], Found], /) -> tuple[Found, dict[str, Any]]:
    """Take a step of a training and look at it; the step is the same as without.

    Returns
    -------
    found
        What `take` returned.
    seen : dict
        "gradient": for each state of each layer its "name" and "layer", and the "norms" of the loss's gradient at so
        many "steps" before the end of a sequence; "updates": parameter -> |change| / |weight|.
    """
    states = _state_names(network)
    flowing = gradient_flow(network) if states else nullcontext(GradientFlow())
    with flowing as flow, update_sizes(network) as sizes:
        found = take()
    curves = [curve for curve in flow.curves(along="distance") if curve.name in states]
    return found, {"gradient": [_thinned(curve) for curve in curves], "updates": sizes}


def _state_names(network: torch.nn.Module) -> set[str]:
    layers = (module for module in network.modules() if isinstance(module, Layer))
    return {name for layer in layers for name in layer.stack().cell.states}


def _thinned(curve: FlowCurve) -> dict[str, Any]:
    """Return a curve at few of its steps."""
    count = len(curve.norms)
    steps = torch.linspace(0, count - 1, min(count, _MOST)).round().long()
    norms = curve.norms[steps].tolist()
    return {"layer": str(curve.place), "name": curve.name, "steps": steps.tolist(), "norms": norms}
