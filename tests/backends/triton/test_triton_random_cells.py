"""A few random cells as Triton kernels against autograd; `python tests/random_cells.py --triton` runs more."""

from __future__ import annotations

import random

import pytest
import torch

from random_cells import check_form, random_cell, random_triton_form
from triton_cases import compile_for


@pytest.mark.parametrize("seed", range(8))
def test_a_random_cell_in_a_random_form(seed: int, device: torch.device) -> None:
    """A layer takes a device's tensors as `test_triton_layers.py` says; here it runs in the interpreter alone."""
    chance = random.Random(seed)
    drawn = random_cell(chance)
    how = random_triton_form(chance, ("inference", "training", "layer")[: 3 if device.type == "cpu" else 2])
    check_form(drawn, how, compile=compile_for(device, only=how.only))
