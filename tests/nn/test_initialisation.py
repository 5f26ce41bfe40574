"""Initialisation by role, by the cell, and by the person."""

from __future__ import annotations

import copy
import itertools
import math
import pickle

import numpy as np
import pytest
import torch
from cell_cases import stackable_input_size
from torch import Tensor

from cell_kinds import own_sizes
from recurra import Cell, spec
from recurra.cells import GRU, LSTM, MGU, S6, all_cells
from recurra.errors import InputError
from recurra.nn import Recurrent, chrono
from recurra.nn.initialise import _DRAW, Negated
from recurra.spec import SCHEMES as CELL_SCHEMES

INPUT_SIZE, HIDDEN_SIZE = 40, 60


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda c: c.name)
def test_by_role(cell: Cell) -> None:
    """Xavier for matrices on the input, orthogonal for those on a state, zero for biases or what the cell says."""
    torch.manual_seed(0)
    sizes = own_sizes(cell, 20)
    layer = Recurrent(cell, INPUT_SIZE, HIDDEN_SIZE, sizes=sizes)
    begins = cell.initial_parameters({"input_size": INPUT_SIZE, "hidden_size": HIDDEN_SIZE, **sizes})
    for name, begin in begins.items():
        value = getattr(layer, f"{name}_l0").detach()
        value = value.flatten(0, -3)[0] if value.dim() > 2 else value  # of one head
        if name.startswith("W_x"):
            bound = math.sqrt(6 / sum(value.shape))
            assert 0.95 * bound < value.abs().max() <= bound
            assert value.std() == pytest.approx(bound / math.sqrt(3), rel=0.1)
        elif name.startswith("W_h"):
            small = value if value.shape[0] <= value.shape[1] else value.T
            torch.testing.assert_close(small @ small.T, torch.eye(len(small)), atol=1e-5, rtol=0)
        elif name == "b" or name.startswith("b_"):
            assert torch.equal(value, torch.tensor(begin, dtype=torch.float32).expand(value.shape))


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


def first(layer: Recurrent, name: str) -> Tensor:
    return getattr(layer, f"{name}_l0").detach()


def test_patterns_name_several_parameters_at_once() -> None:
    """`W_h*` is every matrix on the state; a name beats a pattern, and a later pattern an earlier one."""
    init = {"b_f": 3.0, "W_h*": "identity", "b_*": 0.5, "b_[io]": -1, "W_?c": "normal"}
    layer = Recurrent(LSTM, 4, 6, init=init)
    assert [first(layer, f"b_{gate}").unique().tolist() for gate in "ifoc"] == [[-1], [3], [-1], [0.5]]
    assert all(torch.equal(first(layer, f"W_h{gate}"), torch.eye(6)) for gate in "ifo")
    assert layer.init["W_hc"] == layer.init["W_xc"] == "normal"
    assert layer.init["W_xi"] == "xavier"


@pytest.mark.parametrize("cell", all_cells.values(), ids=lambda c: c.name)
def test_a_pattern_for_every_matrix_of_every_cell(cell: Cell) -> None:
    """Orthogonal: the rows or the columns of each matrix on a state, whichever are fewer, are orthonormal."""
    sizes = own_sizes(cell, 4)
    matrices = {p.name: "orthogonal" for p in cell.parameters if len(p.shape) == 2}
    layer = Recurrent(cell, stackable_input_size(cell, 5, 6), 6, sizes=sizes, init=matrices, num_layers=2)
    for name, value in layer.named_parameters():
        if value.dim() == 2:
            small = value.detach() if value.shape[0] <= value.shape[1] else value.detach().T
            torch.testing.assert_close(small @ small.T, torch.eye(len(small)), msg=name)


SPAN = 100


def test_chrono_draws_the_logarithm_of_a_uniform_number() -> None:
    """Tallec & Ollivier (2018): exp(b_f) is uniform from 1 to span - 1, and b_i is -b_f unit by unit."""
    torch.manual_seed(0)
    matrices = {parameter.name: 0.0 for parameter in LSTM.parameters if len(parameter.shape) == 2}  # none is orthogonal
    layer = Recurrent(LSTM, 2, 2000, init={**matrices, **chrono(SPAN, forget="b_f", input="b_i")})
    spans = first(layer, "b_f").double().exp()
    assert 1 <= spans.min() < 1.5
    assert SPAN - 1.5 < spans.max() <= SPAN - 1 + 1e-4
    deciles = torch.quantile(spans, torch.linspace(0.1, 0.9, 9, dtype=torch.float64))
    torch.testing.assert_close(
        deciles, torch.linspace(0.1, 0.9, 9, dtype=torch.float64) * (SPAN - 2) + 1, atol=5, rtol=0
    )
    assert torch.equal(first(layer, "b_i"), -first(layer, "b_f"))
    assert first(layer, "b_o").unique().tolist() == [0]


def test_chrono_of_one_gate() -> None:
    """A GRU's z multiplies the old state, so it stays open; an MGU's f multiplies what is new, so it stays shut."""
    assert first(Recurrent(GRU, 2, 50, init=chrono(SPAN, forget="b_z")), "b_z").min() >= 0
    shut = first(Recurrent(MGU, 2, 50, init=chrono(SPAN, input="b_f")), "b_f")
    assert -math.log(SPAN - 1) - 1e-4 <= shut.min() < -2
    assert shut.max() <= 0


def test_chrono_in_layers_and_directions_and_drawn_anew() -> None:
    """Each layer and direction draws its own; `reset_parameters` draws all anew, from torch's generator."""
    init = {**chrono(SPAN, forget="b_f", input="b_i"), "b_o": 1.0}
    layer = Recurrent(LSTM, 2, 8, num_layers=2, bidirectional=True, init=init)

    def drawn(seed: int) -> list[Tensor]:
        torch.manual_seed(seed)
        layer.reset_parameters()
        pairs = [(getattr(layer, f"b_f_{where}"), getattr(layer, f"b_i_{where}"))
                 for where in ("l0", "l0_reverse", "l1", "l1_reverse")]  # fmt: skip
        assert all(torch.equal(forget, -input) for forget, input in pairs)
        return [forget.detach().clone() for forget, _ in pairs]

    one, again, other = drawn(1), drawn(1), drawn(2)
    assert all(torch.equal(a, b) for a, b in zip(one, again, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert not any(torch.equal(a, b) for a, b in itertools.combinations(one, 2))


def test_a_layer_with_schemes_is_copied_and_pickled() -> None:
    layer = Recurrent(LSTM, 2, 3, init=chrono(SPAN, forget="b_f", input="b_i"))
    for again in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert again.init == layer.init
        again.reset_parameters()
        assert torch.equal(again.b_i_l0, -again.b_f_l0)


def test_arrays_and_functions_of_sizes() -> None:
    """A function is called for each layer's sizes; what the layer is given goes before what its cell says."""
    rising = {"W_xi": lambda input_size, hidden_size: np.arange(input_size * hidden_size).reshape(input_size, -1)}
    layer = Recurrent(LSTM, 2, 3, num_layers=2, init={"b_f": np.array([1.0, 2, 3]), "b_i": torch.ones(3), **rising})
    assert first(layer, "b_f").tolist() == [1, 2, 3]
    assert first(layer, "b_i").tolist() == [1, 1, 1]
    assert layer.W_xi_l0.flatten().tolist() == list(range(6))
    assert layer.W_xi_l1.flatten().tolist() == list(range(9))
    with pytest.raises(InputError, match=r"LSTM: init={'b_f': ...}: its shape is \(2,\): expected \(3,\)"):
        Recurrent(LSTM, 2, 3, init={"b_f": np.ones(2)})


def test_a_cells_functions_of_sizes_need_not_be_pickled() -> None:
    """Mamba's decays are 1, 2, 3, ... for each channel (Gu & Dao 2023), and its steps are from 0.001 to 0.1."""
    layer = Recurrent(S6, 2, 3, sizes={"state_size": 4, "dt_rank": 1})
    for again in (layer, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        again.reset_parameters()
        torch.testing.assert_close(again.A_l0.exp(), torch.arange(1.0, 5).expand(3, 4))
        steps = torch.nn.functional.softplus(again.b_dt_l0.detach())
        assert (steps > 0.001).all()
        assert (steps < 0.1).all()


BAD = {
    "no such parameter": (LSTM, {"b_z": 0.0}, "the parameter 'b_z' fits nothing in LSTM; its parameters are \\['W_xi'"),
    "no such names": (LSTM, {"U_*": 0.0}, "the pattern 'U_\\*' fits nothing in LSTM"),
    "no such scheme": (
        LSTM,
        {"W_h*": "glorot"},
        "init={'W_h\\*': 'glorot'}: expected a finite number, one of \\['xavier'",
    ),
    "for matrices": (LSTM, {"*": "he"}, "'he' is for matrices, and b_i is \\(hidden_size\\)"),
    "negative of nothing": (GRU, chrono(9, forget="b_z", input="b_i"), "the parameter 'b_i' fits nothing in GRU"),
    "negative of another shape": (LSTM, {"b_i": Negated("W_xi")}, "with the shape of b_i, one of \\['b_i', 'b_f'"),
    "negative of itself": (LSTM, {"b_i": Negated("b_i")}, "b_i is the negative of b_i, which is the negative of"),
}


@pytest.mark.parametrize("bad", BAD)
def test_schemes_that_do_not_fit(bad: str) -> None:
    cell, init, message = BAD[bad]
    with pytest.raises(InputError, match=message):
        Recurrent(cell, 3, 5, init=init)


def test_a_cell_whose_own_scheme_does_not_fit() -> None:
    @spec.cell(init={"b": "orthogonal"})
    def Bad(p, x, h):
        return spec.tanh(x @ p.W + h @ p.U + p.b)

    with pytest.raises(InputError, match=r"Bad: init={'b': 'orthogonal'}: 'orthogonal' is for matrices"):
        Recurrent(Bad, 3, 5)


@pytest.mark.parametrize("span", [1.9, -5, math.nan, math.inf, "784"])
def test_chrono_without_a_span(span: float) -> None:
    with pytest.raises(InputError, match=r"chrono: span: got .*, expected a number"):
        chrono(span, forget="b_f")


def test_chrono_without_a_gate() -> None:
    with pytest.raises(InputError, match="no gate was named; expected forget= or input="):
        chrono(784)


def test_every_scheme_that_a_cell_may_name_can_be_drawn() -> None:
    assert set(_DRAW) == set(CELL_SCHEMES)


def test_printing_shows_what_differs_from_the_defaults() -> None:
    assert repr(Recurrent(GRU, 3, 5)) == "Recurrent(GRU, 3, 5)"
    layer = Recurrent(GRU, 3, 5, num_layers=2, bidirectional=True, backend="numpy")
    assert repr(layer) == "Recurrent(GRU, 3, 5, num_layers=2, bidirectional=True, backend=numpy)"
