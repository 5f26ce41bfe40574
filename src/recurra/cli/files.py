"""Files that a command writes for a person."""

from __future__ import annotations

from recurra.data.writing import write_whole

__all__ = ["write_whole"]
