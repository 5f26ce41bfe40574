"""The options of `recurra plan`: which layers, which batch, which budget."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from recurra.training.option_fields import Described, check_options

__all__ = ["PlanOptions"]

_LAYERS, _BATCH, _BUDGET, _MACHINE = "Layers", "Batch", "Budget", "Machine"


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """What is asked about recurrent layers.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.
    """

    cell: Annotated[str, Described(help="Name of a cell, or your own as file.py:Name.", panel=_LAYERS)] = "LSTM"
    input_size: Annotated[int, Described(help="Features of an input.", panel=_LAYERS, minimum=1, maximum=65_536)] = 32
    hidden_size: Annotated[int, Described(help="Size of the state.", panel=_LAYERS, minimum=1, maximum=65_536)] = 64
    layers: Annotated[
        int, Described(help="Layers, one on top of the other.", panel=_LAYERS, minimum=1, maximum=100)
    ] = 1
    bidirectional: Annotated[
        bool, Described(help="Whether a second direction reads the sequences backwards.", panel=_LAYERS)
    ] = False
    dtype: Annotated[
        Literal["float32", "float64", "bfloat16", "float16"],
        Described(
            help="Type of the numbers: half precision only on a GPU, float64 only on a processor.", panel=_LAYERS
        ),
    ] = "float32"
    batch: Annotated[int, Described(help="Sequences in a batch.", panel=_BATCH, minimum=1, maximum=1_000_000)] = 32
    length: Annotated[int, Described(help="Steps of a sequence.", panel=_BATCH, minimum=1, maximum=1_000_000)] = 100
    ragged: Annotated[bool, Described(help="Whether lengths spread evenly from 1 to --length.", panel=_BATCH)] = False
    what: Annotated[
        Literal["training", "inference", "stream"],
        Described(help="What the budget's seconds are of: a training step, a forward pass, a step.", panel=_BUDGET),
    ] = "training"
    budget_seconds: Annotated[
        float | None,
        Described(help="Seconds at most: prints the largest hidden size.", panel=_BUDGET, above=0, maximum=1e9),
    ] = None
    budget_memory: Annotated[
        float | None, Described(help="MB at the peak of a training step at most.", panel=_BUDGET, above=0, maximum=1e12)
    ] = None
    budget_parameters: Annotated[
        int | None, Described(help="Parameters at most.", panel=_BUDGET, minimum=1, maximum=1_000_000_000_000)
    ] = None
    cells: Annotated[
        str | None,
        Described(help="Cells to compare under the budget, separated by commas, or all.", panel=_BUDGET),
    ] = None
    confirm: Annotated[bool, Described(help="Run sizes near the answer and correct it.", panel=_BUDGET)] = True
    device: Annotated[
        Literal["cpu", "cuda"], Described(help="The processor, or this machine's GPU.", panel=_MACHINE)
    ] = "cpu"
    threads: Annotated[
        int | None,
        Described(help="Threads; by default as many as torch takes.", panel=_MACHINE, minimum=1, maximum=1024),
    ] = None
    compare_threads: Annotated[
        bool, Described(help="Compare 1, 2, 4, ... threads; each needs a calibration.", panel=_MACHINE)
    ] = False
    calibrate: Annotated[bool, Described(help="Measure this machine anew, about 10 s.", panel=_MACHINE)] = False
    calibration: Annotated[
        Path | None, Described(help="Calibration of this machine, as --export writes it.", panel=_MACHINE)
    ] = None
    export: Annotated[Path | None, Described(help="File for the calibration.", panel=_MACHINE)] = None

    def __post_init__(self) -> None:
        check_options(self)
