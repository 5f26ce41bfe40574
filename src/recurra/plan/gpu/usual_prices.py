"""What the units of work cost on an H100, from its data sheet and what is known of launches and barriers.

This decides where the runs of a calibration do not: they are scaled to the device that is measured.
"""

from __future__ import annotations

from collections.abc import Mapping

from recurra.plan.gpu.work import UNITS

__all__ = ["USUAL_PRICES"]

_NANOSECONDS: Mapping[str, float] = {
    "torch product": 4e-6, "torch half product": 2e-6, "torch call": 8_000, "array bytes": 4e-4, "tile": 5e-4,
    "half tile": 2.5e-4, "operand bytes": 0.01, "weight bytes": 0.01, "loop bytes": 4e-4, "function": 4,
    "operation": 0.6, "phase": 600, "barrier": 1_000, "launch": 15_000, "inference call": 60_000,
    "forward call": 150_000, "backward call": 150_000, "inference start": 20_000, "forward start": 60_000,
    "backward start": 30_000,
}  # fmt: skip

USUAL_PRICES: Mapping[str, float] = {unit: 1e-9 * _NANOSECONDS[unit] for unit in UNITS}
"""Unit -> seconds."""
