"""Small tables for a device: the host goes on while they are copied, and what is running there is not waited for."""

from __future__ import annotations

import torch
from torch import Tensor

from recurra.errors import BackendError

__all__ = ["Table"]


class Table:
    """A small tensor of the CPU on a device, where every stream can read it.

    Raises
    ------
    BackendError
        While a CUDA graph is captured: each replay would copy what has taken the table's place on the host.
    """

    def __init__(self, values: Tensor, device: torch.device, /) -> None:
        self._there, self._copied, self._home = _on_device(values, device), None, None
        if device.type == "cuda":
            self._home = torch.cuda.current_stream(device)
            self._copied = torch.cuda.Event()
            self._copied.record(self._home)

    def read(self) -> Tensor:
        """Return it; the current stream waits for a copy that another one has not ended, and the host does not."""
        # before a graph is captured, torch waits for everything
        if self._copied is not None and not torch.cuda.is_current_stream_capturing():
            if self._copied.query():
                self._copied = None
            else:
                torch.cuda.current_stream(self._there.device).wait_event(self._copied)
        if self._home is not None and not torch.cuda.is_current_stream_capturing():
            stream = torch.cuda.current_stream(self._there.device)
            if stream != self._home:  # its memory may not be used anew before what is queued there has read it
                self._there.record_stream(stream)
        return self._there


def _on_device(table: Tensor, device: torch.device) -> Tensor:
    if device.type != "cuda":
        return table.to(device)
    if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
        raise BackendError(
            "a CUDA graph is being captured of a batch whose step sizes were not seen before: run it a few times "
            "first, as torch asks"
        )
    return table.pin_memory().to(device, non_blocking=True)
