"""Small tables for a device: the host goes on while they are copied, and what is running there is not waited for."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["on_device"]


def on_device(table: Tensor, device: torch.device) -> Tensor:
    """Return a tensor of the CPU on a device."""
    if device.type != "cuda":
        return table.to(device)
    return table.pin_memory().to(device, non_blocking=True)
