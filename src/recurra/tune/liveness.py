"""Who trains a trial, so that one whose worker was killed can be told from one that runs."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["is_gone", "this_worker"]


def this_worker() -> dict[str, Any]:
    """Return this process and its machine."""
    return {"machine": socket.gethostname(), "process": os.getpid()}


def is_gone(worker: Mapping[str, Any], /) -> bool:
    """Say whether a worker is a process of this machine that has ended; of another machine nobody here knows."""
    if worker.get("machine") != socket.gethostname() or sys.platform == "win32":  # there a signal 0 ends a process
        return False
    try:
        os.kill(int(worker["process"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
