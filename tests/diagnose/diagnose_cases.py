"""What the tests of diagnoses share: cells with known answers, and layers' runs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from recurra import cell
from recurra.diagnose.rerun import Rerun, recorded_runs
from recurra.nn import Recurrent
from recurra.nn.stack import ForwardPass

__all__ = ["Linear", "linear_layer", "rerun", "run_of", "weight"]


@cell
def Linear(p: Any, x: Any, h: Any) -> Any:
    """A linear recurrence: what it does to a gradient is known in closed form."""
    return x @ p.W + h @ p.U


def weight(layer: torch.nn.Module, name: str) -> Tensor:
    return dict(layer.named_parameters())[name]


def linear_layer(radius: float, size: int = 8, **options: Any) -> Recurrent:
    """Return a layer whose matrix on the state is `radius` times an orthogonal one."""
    layer = Recurrent(Linear, 2, size, **options)
    with torch.no_grad():
        torch.nn.init.orthogonal_(weight(layer, "U_l0")).mul_(radius)
    return layer.eval()


def run_of(layer: torch.nn.Module, x: Any, **arguments: Any) -> ForwardPass:
    """Return what a layer of one place runs on."""
    with recorded_runs(layer) as recorded, torch.no_grad():
        layer(x, **arguments)
    return next(iter(recorded.runs.values()))


def rerun(layer: torch.nn.Module, x: Tensor, **arguments: Any) -> Rerun:
    return Rerun(run_of(layer, x, **arguments))
