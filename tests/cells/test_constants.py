"""Cells with constants that a paper fixes by hand: their makers, what these refuse, and that a made cell is as any."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from recurra import Cell
from recurra.cells import (
    AntisymmetricRNN,
    all_cells,
    antisymmetric,
    cornn,
    ctrnn,
    gated_antisymmetric,
    miru1,
    miru2,
    scrn,
    unicornn,
)
from recurra.errors import CellError
from recurra.testing import check_cell

MADE: dict[str, tuple[Callable[..., Cell], dict[str, float], str]] = {
    "AntisymmetricRNN": (antisymmetric, {"step": 0.5, "diffusion": 0.25}, "0.5 · tanh(h[t-1] (W - Wᵀ) - 0.25 · h[t-1]"),
    "GatedAntisymmetricRNN": (gated_antisymmetric, {"step": 0.5, "diffusion": 0.25}, "(W - Wᵀ) - 0.25 · h[t-1]"),
    "coRNN": (cornn, {"step": 0.5, "gamma": 2.5, "epsilon": 4.5}, "- 2.5 · y[t-1] - 4.5 · z[t-1]"),
    "UnICORNN": (unicornn, {"step": 0.5, "alpha": 2.5}, "+ 2.5 · y[t-1]"),
    "SCRN": (scrn, {"keep": 0.75}, "s[t] = 0.25 · x[t] B + 0.75 · s[t-1]"),
    "MiRU1": (miru1, {"keep": 0.75}, "= 0.75 · h[t-1] + 0.25 · candidate[t]"),
    "MiRU2": (miru2, {"keep": 0.75, "reset": 0.125}, "(0.125 · h[t-1]) W_hh"),
    "CTRNN": (ctrnn, {"step": 0.5, "tau": 2.0}, "+ 0.25 · (tanh("),
}


@pytest.mark.parametrize("name", MADE)
def test_the_constants_stand_in_the_equations(name: str) -> None:
    make, constants, part = MADE[name]
    made = make(**constants)
    assert made.name == name
    assert part in made.equations()
    assert make().equations() == all_cells[name].equations()
    assert make().to_json() == all_cells[name].to_json()


@pytest.mark.parametrize("name", MADE)
def test_a_made_cell_goes_through_json_pickle_and_copy(name: str) -> None:
    """Not as the built-in cell of the same name, which has other constants."""
    make, constants, _ = MADE[name]
    made = make(**constants)
    check_cell(made)
    for again in (Cell.from_json(made.to_json()), pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
        assert again.equations() == made.equations()
        assert again.equations() != all_cells[name].equations()
    assert pickle.loads(pickle.dumps(AntisymmetricRNN)) is AntisymmetricRNN


BAD: list[tuple[Callable[[], Cell], str]] = [
    (lambda: antisymmetric(step=0), "AntisymmetricRNN: step=0: expected a finite number above 0"),
    (lambda: antisymmetric(diffusion=-0.1), "AntisymmetricRNN: diffusion=-0.1: expected a finite number from 0 on"),
    (lambda: gated_antisymmetric(step=float("nan")), "GatedAntisymmetricRNN: step=nan: expected a finite number"),
    (lambda: cornn(gamma=True), "coRNN: gamma=True: expected a finite number above 0"),
    (lambda: unicornn(alpha=float("inf")), "UnICORNN: alpha=inf: expected a finite number from 0 on"),
    (lambda: miru1(keep=1.5), "MiRU1: keep=1.5: expected a number from 0 to 1"),
    (lambda: miru2(reset="0.5"), "MiRU2: reset='0.5': expected a number from 0 to 1"),  # pyright: ignore
    (lambda: scrn(keep=-1), "SCRN: keep=-1: expected a number from 0 to 1"),
    (lambda: ctrnn(tau=0.0), "CTRNN: tau=0.0: expected a finite number above 0"),
    (lambda: ctrnn(step=2.0, tau=1.0), "CTRNN: step / tau=2.0: expected a number from 0 to 1"),
]


@pytest.mark.parametrize(("make", "message"), BAD, ids=[message.partition(": expected")[0] for _, message in BAD])
def test_constants_out_of_range(make: Callable[[], Cell], message: str) -> None:
    with pytest.raises(CellError) as caught:
        make()
    assert message in str(caught.value)
