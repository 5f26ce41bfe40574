"""Looks at steps of a training while it goes on: the gradient's way through time, and how fast parameters learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor

from recurra.diagnose import FlowCurve, update_sizes
from recurra.diagnose.flow import last_step_flow
from recurra.nn.layer import Layer

__all__ = ["observed_step"]

_MOST = 60
"""Points of a curve that are kept."""

Found = TypeVar("Found")


def observed_step(
    network: torch.nn.Module, take: Callable[[], Found], /, *, loss: Callable[[], Tensor]
) -> tuple[Found, dict[str, Any]]:
    """Take a step of a training and look at it; the step is the same as without.

    Parameters
    ----------
    network
        What learns.
    take
        Takes the step.
    loss
        Runs the network on the step's batch, and leaves nothing changed; both passes run once more for it.

    Returns
    -------
    found
        What `take` returned.
    seen : dict
        "gradient": for each state of each layer its "name" and "layer", and the "norms" of what comes back of the
        loss's gradient from the last step at so many "steps" before it; "updates": parameter -> |change| / |weight|.
    """
    states = _state_names(network)
    curves = last_step_flow(network, loss).curves(along="distance") if states else ()
    with update_sizes(network) as sizes:
        found = take()
    return found, {"gradient": [_thinned(each) for each in curves if each.name in states], "updates": sizes}


def _state_names(network: torch.nn.Module) -> set[str]:
    layers = (module for module in network.modules() if isinstance(module, Layer))
    return {name for layer in layers for name in layer.stack().cell.states}


def _thinned(curve: FlowCurve) -> dict[str, Any]:
    """Return a curve at few of its steps."""
    count = len(curve.norms)
    steps = torch.linspace(0, count - 1, min(count, _MOST)).round().long()
    norms = curve.norms[steps].tolist()
    return {"layer": str(curve.place), "name": curve.name, "steps": steps.tolist(), "norms": norms}
