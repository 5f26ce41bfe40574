"""What recurrent layers cost before they are run: time, memory, operations, and what a budget affords."""

from recurra.backends.cost import Limits
from recurra.plan.budget import Affordable, Budget, affordable_cells, largest_hidden_size
from recurra.plan.calibration import Calibration, calibrate, calibration_for, stored_calibration
from recurra.plan.machine import Machine, gpu_here
from recurra.plan.measure import Times, measured
from recurra.plan.memory import Memory, memory_of
from recurra.plan.prediction import Prediction, bytes_of, flops_of, predict
from recurra.plan.questions import Growth, best_batch, best_threads, growth
from recurra.plan.workload import Workload

__all__ = [
    "Affordable",
    "Budget",
    "Calibration",
    "Growth",
    "Limits",
    "Machine",
    "Memory",
    "Prediction",
    "Times",
    "Workload",
    "affordable_cells",
    "best_batch",
    "best_threads",
    "bytes_of",
    "calibrate",
    "calibration_for",
    "flops_of",
    "gpu_here",
    "growth",
    "largest_hidden_size",
    "measured",
    "memory_of",
    "predict",
    "stored_calibration",
]


def __dir__() -> list[str]:
    return sorted(__all__)
