"""The cells that use the whole language by Triton kernels: in one program, in slices of columns, and step by step."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from language_cells import LANGUAGE
from recurra import Cell, cell, normal, tanh, uniform
from triton_cases import assert_agrees, case_of


@pytest.mark.parametrize("only", ["persistent", "step-wise"])
@pytest.mark.parametrize("cell", LANGUAGE, ids=lambda cell: cell.name)
def test_values_and_gradients(cell: Cell, only: str, device: torch.device) -> None:
    assert_agrees(case_of(cell, (3, 3, 2, 1)), device, only=only)


@pytest.mark.parametrize("cell", LANGUAGE, ids=lambda cell: cell.name)
def test_several_slices_of_columns(cell: Cell, device: torch.device) -> None:
    """A sum up to a feature goes on from those of the slices before."""
    wide = {name: size for name, size in {"hidden_size": 37, "chunks": 70}.items() if name in cell.sizes}
    assert_agrees(case_of(cell, (2, 2, 1), **wide), device, only="step-wise")


@cell
def Noisy(p, x, h):
    """Normal and uniform noise, elementwise and as the operand of a product."""
    u = x @ p.W + normal(like=x) @ p.V + 0.1 * normal(like=h) * h
    return tanh(u + uniform(like=h, per="sequence"))


@pytest.mark.parametrize("only", ["persistent", "step-wise"])
def test_noise_is_that_of_the_other_backends(only: str, device: torch.device) -> None:
    assert_agrees(case_of(Noisy, (3, 3, 2, 1)), device, only=only, training=True)


def test_a_fixed_array_is_read_and_gets_no_gradient(device: torch.device) -> None:
    @cell(fixed={"A": lambda hidden_size: np.eye(hidden_size)[::-1] * 0.5})
    def Turned(p, x, h):
        return tanh(x @ p.W + h @ p.A)

    assert_agrees(case_of(Turned, (3, 3, 2, 1)), device)
