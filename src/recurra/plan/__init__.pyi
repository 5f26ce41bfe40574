from .budget import (
    Affordable as Affordable,
    Budget as Budget,
    affordable_cells as affordable_cells,
    largest_hidden_size as largest_hidden_size,
)
from .calibration import (
    Calibration as Calibration,
    Limits as Limits,
    Machine as Machine,
    calibrate as calibrate,
    calibration_for as calibration_for,
    gpu_here as gpu_here,
    stored_calibration as stored_calibration,
)
from .clock import Times as Times, measured as measured
from .memory import Memory as Memory, memory_of as memory_of
from .prediction import Prediction as Prediction, bytes_of as bytes_of, flops_of as flops_of, predict as predict
from .sweeps import Growth as Growth, best_batch as best_batch, best_threads as best_threads, growth as growth
from .workload import Workload as Workload
