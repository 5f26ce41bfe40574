"""The cell as an object: how it is made, what it says, how it travels."""

from __future__ import annotations

import copy
import pickle
import runpy
from dataclasses import FrozenInstanceError
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from recurra import Cell, bernoulli, cell, mean, sigmoid, tanh
from recurra.cells import GRU, LSTM, OriginalGRU, all_cells
from recurra.derive.plan import EVALUATION
from recurra.errors import CellError
from recurra.testing import check_cell
from recurra.transforms import zoneout


@cell
def Here(p, x, h):
    """A cell of this module.

    With a second paragraph.
    """
    return tanh(x @ p.W + h @ p.U + p.b)


def test_with_and_without_arguments() -> None:
    """`@cell` and `@cell(...)` make the same kind of object."""
    bare, called = cell(Here.function), cell(init={"b": 1.0})(Here.function)
    assert isinstance(bare, Cell)
    assert [p.init for p in bare.parameters] == ["xavier", "orthogonal", 0.0]
    assert [p.init for p in called.parameters] == ["xavier", "orthogonal", 1.0]
    assert (bare.name, bare.doc.splitlines()[0]) == ("Here", "A cell of this module.")


def test_it_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Here.name = "Other"  # pyright: ignore[reportAttributeAccessIssue]


def test_it_prints_as_what_it_is() -> None:
    assert repr(LSTM) == "<cell LSTM: states h, c; 12 parameters>"


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize("as_mapping", [True, False])
def test_it_runs_as_it_stands(library: str, as_mapping: bool) -> None:
    """On arrays, on tensors, with a batch or without: its meaning."""
    rng = np.random.default_rng(0)
    p = {"W": rng.standard_normal((3, 4)), "U": rng.standard_normal((4, 4)), "b": rng.standard_normal(4)}
    x, h = rng.standard_normal((5, 3)), rng.standard_normal((5, 4))
    expected = np.tanh(x @ p["W"] + h @ p["U"] + p["b"])
    if library == "torch":
        p, x, h = {k: torch.tensor(v) for k, v in p.items()}, torch.tensor(x), torch.tensor(h)
    given = p if as_mapping else SimpleNamespace(**p)
    found, alone = Here(given, x, h), Here(given, x[0], h[0])
    assert type(found) is type(x)
    np.testing.assert_allclose(np.asarray(found), expected)
    np.testing.assert_allclose(np.asarray(alone), expected[0])


@pytest.mark.parametrize("made", [Here, *all_cells.values()], ids=lambda c: c.name)
def test_a_cell_of_a_module_is_pickled_by_reference(made: Cell) -> None:
    assert pickle.loads(pickle.dumps(made)) is made
    assert copy.deepcopy(made) is made


@pytest.mark.parametrize("made", all_cells.values(), ids=lambda c: c.name)
def test_a_cell_that_was_made_of_a_cell_of_the_catalogue_is_pickled(made: Cell) -> None:
    changed = zoneout(made, 0.1)
    back = pickle.loads(pickle.dumps(changed))
    assert back.equations() == changed.equations()
    assert [*back.init, *back.fixed, *back.initial] == [*changed.init, *changed.fixed, *changed.initial]


def test_a_local_cell_is_pickled_as_its_equations() -> None:
    @cell(init={"b": 0.5})
    def Local(p, x, h):
        return sigmoid(x @ p.W + p.b) * h

    back = pickle.loads(pickle.dumps(Local))
    assert back.equations() == Local.equations()
    assert back.parameters == Local.parameters


def test_a_cell_of_a_file_that_is_no_module_is_pickled_as_its_equations(tmp_path: Path) -> None:
    """As with `--cell file.py:Name`: nobody could import it under the name that it was given."""
    (tmp_path / "own.py").write_text("from recurra import cell\n@cell\ndef Own(p, x, h):\n    return x @ p.W + h\n")
    own = runpy.run_path(str(tmp_path / "own.py"), run_name="no_such_module")["Own"]
    assert pickle.loads(pickle.dumps(own)).equations() == own.equations()


def test_an_initialisation_may_be_any_number() -> None:
    """A NumPy number too, and it comes back from JSON."""
    made = cell(init={"b": np.float32(0.5)})(Here.function)
    assert Cell.from_json(made.to_json()).parameters == made.parameters
    assert made.init == {"b": 0.5}


def test_names_of_states_parameters_and_sizes() -> None:
    assert LSTM.states == ("h", "c")
    assert [p.name for p in GRU.parameters][:3] == ["W_xr", "W_hr", "b_r"]
    assert LSTM.sizes == ("input_size", "hidden_size")
    assert LSTM.output_size == "hidden_size"
    assert all_cells["ProjectedLSTM"].output_size == "proj_size"


def test_without_biases_keeps_everything_else() -> None:
    bare = OriginalGRU.without_biases()
    assert {p.name for p in OriginalGRU.parameters} - {p.name for p in bare.parameters} == {"b_r", "b_z", "b_n"}
    assert "b_" not in bare.equations()
    assert bare.equations().splitlines()[0] == "r[t] = σ(x[t] W_xr + h[t-1] W_hr)"
    assert LSTM.without_biases().init == {}


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda p, x, h: tanh(x @ p.W + (p.b + p.c)), "h[t] = tanh(x[t] W)"),
        (lambda p, x, h: tanh(x @ p.W + -p.b), "h[t] = tanh(x[t] W)"),
        (lambda p, x, h: p.b - tanh(x @ p.W), "h[t] = -tanh(x[t] W)"),
        (lambda p, x, h: mean(h) + p.b, "h[t] = sum(h[t-1]) / hidden_size"),
        (lambda p, x, h: 1 - tanh(x @ p.W) * h - p.b, "h[t] = 1 - tanh(x[t] W) ⊙ h[t-1]"),
        (lambda p, x, h: x @ p.W * h + 2 * p.b, "h[t] = x[t] W ⊙ h[t-1] + 2 · b"),
    ],
)  # fmt: skip
def test_a_bias_goes_with_its_sum(function, expected: str) -> None:
    """Wherever it is added; what is scaled is no bias and stays. The sizes are the same as before."""
    bare = cell(function).without_biases()
    assert bare.equations() == expected
    assert bare.step.next_states[0].shape == ("hidden_size",)
    check_cell(bare)


@cell(delays={"h_old": ("h", 3)})
def Delayed(p, x, h, *, h_old):
    return tanh(x @ p.W + h_old @ p.U)


def test_delays_are_registers() -> None:
    assert Delayed.states == ("h", "h_lag1", "h_lag2")
    assert Delayed.delayed({"h_old": 1}).states == ("h",)
    assert Delayed.delayed({"h_old": 5}).equations() == "h[t] = tanh(x[t] W + h[t-5] U)"


@pytest.mark.parametrize("lags", [{"h_old": 0}, {"other": 2}])
def test_a_delay_that_cannot_be(lags: dict[str, int]) -> None:
    with pytest.raises(
        CellError, match=r"Delayed: a delay of \d steps for '.*': expected at least 1 and one of \['h_old'\]"
    ):
        Delayed.delayed(lags)


def test_noise_is_a_fact() -> None:
    @cell
    def Noisy(p, x, h):
        return tanh(x @ p.W) * bernoulli(0.5, like=h)

    assert Noisy.random
    assert not Here.random
    assert Noisy.plans() is not Noisy.plans(EVALUATION)
    assert Here.plans() is Here.plans(EVALUATION)
    assert "Bernoulli(0.5)" in Noisy.show_plans()
    assert "Bernoulli" not in Noisy.show_plans(training=False)


def test_every_listed_cell_has_its_source() -> None:
    """Each built-in cell says where it is from, with a year, and is listed under its own name."""
    for name, made in all_cells.items():
        assert made.name == name
        assert any(part.strip("(),.:;").isdigit() and len(part.strip("(),.:;")) == 4 for part in made.doc.split()), name
