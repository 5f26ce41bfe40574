"""Initialisation by role, by the cell, and by the person."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor

from recurra import Cell
from recurra.cells import GRU, LSTM, all_cells
from recurra.nn import Recurrent

INPUT_SIZE, HIDDEN_SIZE = 40, 60


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda c: c.name)
def test_by_role(cell: Cell) -> None:
    """Xavier for matrices on the input, orthogonal for matrices on a state, zero for biases."""
    torch.manual_seed(0)
    sizes = {name: 20 for name in cell.sizes if name not in ("input_size", "hidden_size")}
    layer = Recurrent(cell, INPUT_SIZE, HIDDEN_SIZE, sizes=sizes)
    roles = {parameter.name: parameter for parameter in cell.parameters}
    for name, role in roles.items():
        value = getattr(layer, f"{name}_l0").detach()
        if name.startswith("W_x"):
            bound = math.sqrt(6 / sum(value.shape))
            assert 0.95 * bound < value.abs().max() <= bound
            assert value.std() == pytest.approx(bound / math.sqrt(3), rel=0.1)
        elif name.startswith("W_h"):
            small = value if value.shape[0] <= value.shape[1] else value.T
            torch.testing.assert_close(small @ small.T, torch.eye(len(small)), atol=1e-5, rtol=0)
        elif name == "b" or name.startswith("b_"):
            assert (value == (1.0 if role.init == 1.0 else 0.0)).all()


def test_the_forget_gate_starts_open() -> None:
    """Jozefowicz et al. (2015): its bias is 1, the others 0."""
    layer = Recurrent(LSTM, 3, 5)
    assert [float(getattr(layer, f"b_{gate}_l0").detach().unique()) for gate in "ifoc"] == [0, 1, 0, 0]


SCHEMES = {
    "xavier": lambda w: w.std() / math.sqrt(2 / sum(w.shape)),
    "he": lambda w: w.std() / math.sqrt(2 / w.shape[0]),
    "uniform": lambda w: w.std() / (w.shape[1] ** -0.5 / math.sqrt(3)),
    "normal": lambda w: w.std() / w.shape[0] ** -0.5,
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_named_schemes_have_their_spread(scheme: str) -> None:
    torch.manual_seed(0)
    value = Recurrent(GRU, 80, 120, init={"W_xr": scheme}).W_xr_l0.detach()
    assert float(SCHEMES[scheme](value)) == pytest.approx(1, rel=0.05)
    assert abs(value.mean()) < 0.01


def test_identity_orthogonal_and_numbers() -> None:
    layer = Recurrent(GRU, 3, 5, init={"W_hr": "identity", "W_xz": "orthogonal", "b_n": 0.25})
    assert torch.equal(layer.W_hr_l0, torch.eye(5))
    torch.testing.assert_close(layer.W_xz_l0 @ layer.W_xz_l0.T, torch.eye(3))
    assert (layer.b_n_l0 == 0.25).all()


def test_reset_parameters_draws_anew_from_torchs_seed() -> None:
    layer = Recurrent(LSTM, 3, 5, num_layers=2, bidirectional=True)

    def drawn(seed: int) -> list[Tensor]:
        torch.manual_seed(seed)
        layer.reset_parameters()
        return [parameter.detach().clone() for parameter in layer.parameters()]

    first, again, other = drawn(1), drawn(1), drawn(2)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, other, strict=True))
    matrices = [parameter for parameter in first if parameter.dim() == 2]
    assert all(not torch.equal(a, b) for a, b in itertools.pairwise(matrices) if a.shape == b.shape)


def test_printing_shows_what_differs_from_the_defaults() -> None:
    assert repr(Recurrent(GRU, 3, 5)) == "Recurrent(GRU, 3, 5)"
    layer = Recurrent(GRU, 3, 5, num_layers=2, bidirectional=True, backend="numpy")
    assert repr(layer) == "Recurrent(GRU, 3, 5, num_layers=2, bidirectional=True, backend=numpy)"
