"""A worker on a search: `worker.py FOLDER STORAGE TRIALS EPOCHS`; "-" is the storage of the folder."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from tune_cases import FIXED, SERIES, SIZES, forecaster

from recurra.tune import TuneOptions, tune

if __name__ == "__main__":
    folder, storage, trials, epochs = sys.argv[1:]
    torch.set_num_threads(1)
    options = TuneOptions(
        trials=int(trials), search=(SIZES,), storage=None if storage == "-" else storage, name="together"
    )
    tune(forecaster(epochs=int(epochs)), SERIES, options=options, fixed=FIXED, folder=Path(folder), progress=True)
