from .accounts import memory_of as memory_of
from .budget import (
    Affordable as Affordable,
    Budget as Budget,
    affordable_cells as affordable_cells,
    largest_hidden_size as largest_hidden_size,
)
from .calibration import (
    Calibration as Calibration,
    calibrate as calibrate,
    calibration_for as calibration_for,
    stored_calibration as stored_calibration,
)
from .machine import Machine as Machine, gpu_here as gpu_here
from .measure import Times as Times, measured as measured
from .prediction import Prediction as Prediction, bytes_of as bytes_of, flops_of as flops_of, predict as predict
from .questions import Growth as Growth, best_batch as best_batch, best_threads as best_threads, growth as growth
from .work import Memory as Memory
from .workload import Workload as Workload
