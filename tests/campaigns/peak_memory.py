"""The most memory that this process had: how much something takes, whatever was taken before."""

from __future__ import annotations

from pathlib import Path

__all__ = ["most_memory"]

_RESET = Path("/proc/self/clear_refs")


def most_memory(*, since_now: bool = False) -> int:
    """Return the most memory that this process had, in kB; with `since_now`, from here on alone.

    `ru_maxrss` never falls, so that it is blind below an earlier peak, and begins with that of the process which
    started this one. A system that does not say it (all but Linux) is said to take none.
    """
    if not _RESET.exists():
        return 0
    if since_now:
        _RESET.write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])
