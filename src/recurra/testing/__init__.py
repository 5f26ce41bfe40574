"""Checks for a person's own cells, the same that recurra's own cells pass: `check_cell`, `check_gradient`."""

from recurra.testing.checks import CheckReport, check_cell, check_gradient
from recurra.testing.tolerances import CheckError, Tolerance, tolerance

__all__ = ["CheckError", "CheckReport", "Tolerance", "check_cell", "check_gradient", "tolerance"]


def __dir__() -> list[str]:
    return sorted(__all__)
