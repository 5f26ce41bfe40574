"""Checks for a person's own cells, the same that recurra's own cells pass, and exercises that check themselves."""

from recurra.testing.checks import CheckReport, check_cell, check_gradient
from recurra.testing.exercise_list import check_exercise, exercises
from recurra.testing.exercises import Exercise, ExerciseReport
from recurra.testing.tolerances import CheckError, Tolerance, tolerance

__all__ = [
    "CheckError", "CheckReport", "Exercise", "ExerciseReport", "Tolerance", "check_cell", "check_exercise",
    "check_gradient", "exercises", "tolerance",
]  # fmt: skip


def __dir__() -> list[str]:
    return sorted(__all__)
