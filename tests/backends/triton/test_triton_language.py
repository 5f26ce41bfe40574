"""The cells that use the whole language by Triton kernels: in one program, in slices of columns, and step by step."""

from __future__ import annotations

import pytest
import torch

from language_cells import LANGUAGE
from recurra import Cell
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
