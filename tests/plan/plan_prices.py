"""A calibration that was not measured: the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping

from recurra.backends.kernel import units_of
from recurra.plan import Calibration, Machine

PRICES: Mapping[str, float] = dict.fromkeys(units_of("llvm").counted, 1e-09) | {
    "array bytes": 1e-11, "torch product": 1e-11, "tensor": 4e-6, "forward start": 1e-4, "backward start": 1e-4,
}  # fmt: skip


def invented(threads: int = 1) -> Calibration:
    """Return a calibration of this machine with those prices."""
    return Calibration(machine=Machine.here(threads), prices=PRICES, runs=0, error=0.0, pace=0.001)
