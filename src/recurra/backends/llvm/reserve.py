"""Memory that one run leaves behind and the next one takes.

A large piece from the system comes without pages; to get them takes as long as an elementwise pass over it.
"""

from __future__ import annotations

import threading
from collections import deque

import torch
from torch import Tensor

__all__ = ["give", "take"]

_LEAST = 1 << 18  # elements; smaller pieces torch's allocator keeps by itself
_MOST = 4  # pieces that wait

_lock = threading.Lock()
_waiting: deque[Tensor] = deque(maxlen=_MOST)


def take(length: int, dtype: torch.dtype) -> Tensor:
    """Return memory for so many elements, with anything in it: a waiting piece, at most twice as long, or a new one.

    What was made in inference mode stays there: autograd cannot keep it.
    """
    if length >= _LEAST:
        mode = torch.is_inference_mode_enabled()
        with _lock:
            for number, piece in enumerate(_waiting):
                alike = piece.dtype == dtype and piece.is_inference() == mode
                if alike and length <= len(piece) <= 2 * length:
                    del _waiting[number]
                    return piece
    return torch.empty(length, dtype=dtype)


def give(piece: Tensor) -> None:
    """Let the next run take memory that nothing reads any more; of many pieces the oldest go back to the system."""
    if len(piece) >= _LEAST:
        with _lock:
            _waiting.append(piece)
