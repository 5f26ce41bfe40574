"""A few random cells as Triton kernels against autograd, and what such cells have found: each was wrong once.

`python tests/random_cells.py --triton` runs more.
"""

from __future__ import annotations

import random

import pytest
import torch

from random_cells import Form, check_form, made_from, random_cell, random_triton_form
from triton_cases import compile_for


@pytest.mark.parametrize("seed", range(8))
def test_a_random_cell_in_a_random_form(seed: int, device: torch.device) -> None:
    """A layer takes a device's tensors as `test_triton_layers.py` says; here it runs in the interpreter alone."""
    chance = random.Random(seed)
    drawn = random_cell(chance)
    how = random_triton_form(chance, ("inference", "training", "layer")[: 3 if device.type == "cpu" else 2])
    check_form(drawn, how, compile=compile_for(device, only=how.only))


FOUND = {
    "a product 1 wide": """
@cell(sizes={"u": 1, "W": ("hidden_size", 1)})
def Random(p, x, h, *, u):
    return tanh(x @ p.V + ((h @ p.W) * u) @ p.R)
""",
    "an operand of two products before the loop": """
@cell(sizes={"V": ("input_size", "hidden_size")})
def Random(p, x, h):
    v = relu(x @ p.V)
    return tanh(v @ p.W + v @ p.Q + h @ p.U)
""",
}


@pytest.mark.parametrize("only", ["persistent", "step-wise"])
@pytest.mark.parametrize("kind", ["inference", "training"])
@pytest.mark.parametrize("what", FOUND)
def test_what_random_cells_have_found(what: str, kind: str, only: str, device: torch.device) -> None:
    how = Form(kind, (3, 2), (3, 5, 2), backend="triton", only=only)
    check_form(made_from(FOUND[what].lstrip("\n")), how, compile=compile_for(device, only=only))
