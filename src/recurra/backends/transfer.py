"""Small tables for a device: the host goes on while they are copied, and what is running there is not waited for."""

from __future__ import annotations

import torch
from torch import Tensor

from recurra.errors import BackendError

__all__ = ["on_device"]


def on_device(table: Tensor, device: torch.device) -> Tensor:
    """Return a tensor of the CPU on a device.

    Raises
    ------
    BackendError
        While a CUDA graph is captured: each replay would copy what has taken the table's place on the host.
    """
    if device.type != "cuda":
        return table.to(device)
    if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
        raise BackendError(
            "a CUDA graph is being captured of a batch whose step sizes were not seen before: run it a few times "
            "first, as torch asks"
        )
    return table.pin_memory().to(device, non_blocking=True)
