"""What the units of work cost on a server's core of 2023: this decides where the runs of a calibration do not."""

from __future__ import annotations

from collections.abc import Mapping

from recurra.plan.cpu.work import UNITS

__all__ = ["USUAL_PRICES"]

_NANOSECONDS: Mapping[str, float] = {
    "tile": 0.36, "narrow tile": 0.42, "tile call": 10, "weights from L2": 0.01, "weights from afar": 0.025,
    "function": 5.5, "operation": 0.25, "row": 2, "step": 6, "barrier": 300, "array bytes": 0.006,
    "array bytes from afar": 0.035, "array bytes from memory": 0.025, "torch product": 0.007, "torch bytes": 0.03,
    "torch call": 9000, "packing": 0.8, "team": 3000, "tensor": 3000, "inference call": 40_000, "forward call": 100_000,
    "backward call": 100_000, "stream call": 700, "inference start": 20_000, "forward start": 60_000,
    "backward start": 20_000, "stream start": 500,
}  # fmt: skip

USUAL_PRICES: Mapping[str, float] = {unit: 1e-9 * _NANOSECONDS[unit] for unit in UNITS}
"""Unit -> seconds."""
