"""Cells with constants that a paper fixes by hand: their makers, what these refuse, and that a made cell is as any."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from cell_ranges import ranges_of
from recurra import Cell, cells
from recurra.cells import (
    AntisymmetricRNN,
    alif,
    all_cells,
    antisymmetric,
    clockwork,
    cornn,
    ctrnn,
    deep_transition_gru,
    echo_state,
    gated_antisymmetric,
    gru_ode,
    gru_ode_bayes,
    lif,
    lipschitz,
    lmu,
    ltc,
    miru1,
    miru2,
    mogrifier,
    momentum_lstm,
    momentum_rnn,
    mtrnn,
    ncp,
    ode_lstm,
    ode_rnn,
    orthogonal,
    phased_lstm,
    recurrent_highway,
    sclstm,
    scrn,
    spectral,
    unicornn,
)
from recurra.errors import CellError
from recurra.testing import check_cell
from recurra.testing.cases import numbers_for

MADE: dict[str, tuple[Callable[..., Cell], dict[str, float], str]] = {
    "AntisymmetricRNN": (antisymmetric, {"step": 0.5, "diffusion": 0.25}, "0.5 · tanh(h[t-1] (W - Wᵀ) - 0.25 · h[t-1]"),
    "GatedAntisymmetricRNN": (gated_antisymmetric, {"step": 0.5, "diffusion": 0.25}, "(W - Wᵀ) - 0.25 · h[t-1]"),
    "coRNN": (cornn, {"step": 0.5, "gamma": 2.5, "epsilon": 4.5}, "- 2.5 · y[t-1] - 4.5 · z[t-1]"),
    "UnICORNN": (unicornn, {"step": 0.5, "alpha": 2.5}, "+ 2.5 · y[t-1]"),
    "SCRN": (scrn, {"keep": 0.75}, "s[t] = 0.25 · x[t] B + 0.75 · s[t-1]"),
    "MiRU1": (miru1, {"keep": 0.75}, "= 0.75 · h[t-1] + 0.25 · candidate[t]"),
    "MiRU2": (miru2, {"keep": 0.75, "reset": 0.125}, "(0.125 · h[t-1]) W_hh"),
    "CTRNN": (ctrnn, {"step": 0.5, "tau": 2.0}, "+ 0.25 · (tanh("),
    "RecurrentHighway": (recurrent_highway, {"depth": 2}, "h[t]  = u'[t] ⊙ t'[t]"),
    "DeepTransitionGRU": (deep_transition_gru, {"depth": 1}, "h[t] = (1 - z[t]) ⊙ n[t]"),
    "OrthogonalRNN": (orthogonal, {"reflections": 1}, "a[t]  = h'[t] + x[t] V + b"),
    "SpectralRNN": (spectral, {"reflections": 1, "radius": 0.25}, "(1 + 0.5 · (σ(s) - 0.5))"),
    "LipschitzRNN": (
        lipschitz,
        {"step": 0.5, "beta": 0.25, "gamma": 0.125},
        "h[t-1] A - 0.125 · h[t-1]",
    ),
    "MogrifierLSTM": (mogrifier, {"rounds": 2}, "h'[t] = 2 · σ(x'[t] R_2) ⊙ h[t-1]"),
    "SCLSTM": (sclstm, {"alpha": 0.25}, "0.25 · h[t-1] W_hr"),
    "MomentumLSTM": (momentum_lstm, {"momentum": 0.5, "step": 0.25}, "v[t] = 0.5 · v[t-1] + 0.25 · x[t]"),
    "MomentumRNN": (momentum_rnn, {"momentum": 0.5, "step": 0.25}, "v[t] = 0.5 · v[t-1] + 0.25 · x[t] W"),
    "MTRNN": (mtrnn, {"fast": 2.0, "slow": 4.0}, "s[t] = 0.75 · s[t-1] + 0.25 · ("),
    "LTC": (ltc, {"unfolds": 2}, "dt[t] / 2 · f[t]"),
    "NCP": (ncp, {"motors": 2, "density": 0.25, "unfolds": 2, "seed": 1}, "+ dt[t] / 2 · pulled[t]) / ("),
    "ClockworkRNN": (clockwork, {"modules": 3}, "(t[t-1] + 1) mod 4"),
    "PhasedLSTM": (phased_lstm, {"leak": 0.25}, "0.25 · phase[t]"),
    "LIF": (lif, {"membrane": 0.75, "synapse": 0.5, "slope": 4.0}, "0.75 · v[t-1] + i[t-1]"),
    "ALIF": (
        alif,
        {"membrane": 0.75, "adaptation": 0.5, "threshold": 0.25, "strength": 2.0, "damping": 0.125},
        "0.25 + 2 · a[t]",
    ),
    "EchoState": (
        echo_state,
        {"radius": 0.5, "leak": 0.25, "density": 0.5, "scale": 0.5, "seed": 3},
        "0.75 · h[t-1] + 0.25 · tanh(",
    ),
    "LMU": (lmu, {"theta": 10.0}, "m[t-1] A + "),
    "GRUODE": (gru_ode, {"steps": 2}, "dt[t] / 2 · (1 - σ("),
    "GRUODEBayes": (gru_ode_bayes, {"steps": 1, "prepared": 1}, "r'[t]           = σ(new'[t] W_r1 + h'[t] V_r + b_r)"),
    "ODERNN": (ode_rnn, {"steps": 2}, "= h[t-1] + dt[t] / 2 · ("),
    "ODELSTM": (ode_lstm, {"steps": 2}, "dt[t] / 2 · ("),
}


def test_every_maker_is_here() -> None:
    makers = {name for name in cells.__all__ if name.islower()} - {"all_cells", "find"}
    assert {make.__name__ for make, _, _ in MADE.values()} == makers


@pytest.mark.parametrize("name", MADE)
def test_the_constants_stand_in_the_equations(name: str) -> None:
    make, constants, part = MADE[name]
    made = make(**constants)
    assert made.name == name
    assert part in made.equations()
    assert make().equations() == all_cells[name].equations()
    sizes = numbers_for(made, {})
    assert make().to_json(sizes=sizes) == all_cells[name].to_json(sizes=sizes)


@pytest.mark.parametrize("name", MADE)
def test_a_made_cell_goes_through_json_pickle_and_copy(name: str) -> None:
    """Not as the built-in cell of the same name, which has other constants."""
    make, constants, _ = MADE[name]
    made = make(**constants)
    sizes = numbers_for(made, {})
    text, builtin = made.to_json(sizes=sizes), all_cells[name].to_json(sizes=sizes)
    for again in (Cell.from_json(text), pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
        assert again.to_json(sizes=sizes) == text != builtin
    assert pickle.loads(pickle.dumps(AntisymmetricRNN)) is AntisymmetricRNN


@pytest.mark.parametrize("name", MADE)
def test_a_made_cell_is_the_same_on_all_backends(name: str) -> None:
    make, constants, _ = MADE[name]
    made = make(**constants)
    check_cell(made, ranges=ranges_of(made))


BAD: list[tuple[Callable[[], Cell], str]] = [
    (lambda: lmu(theta=0), "LMU: theta=0: expected a finite number above 0"),
    (lambda: ncp(seed=-1), "NCP: seed=-1: expected a whole number from 0 on"),
    (lambda: echo_state(radius=0), "EchoState: radius=0: expected a finite number above 0"),
    (lambda: clockwork(modules=0), "ClockworkRNN: modules=0: expected a whole number from 1 on"),
    (lambda: antisymmetric(step=0), "AntisymmetricRNN: step=0: expected a finite number above 0"),
    (lambda: antisymmetric(diffusion=-0.1), "AntisymmetricRNN: diffusion=-0.1: expected a finite number from 0 on"),
    (lambda: gated_antisymmetric(step=float("nan")), "GatedAntisymmetricRNN: step=nan: expected a finite number"),
    (lambda: cornn(gamma=True), "coRNN: gamma=True: expected a finite number above 0"),
    (lambda: unicornn(alpha=float("inf")), "UnICORNN: alpha=inf: expected a finite number from 0 on"),
    (lambda: miru1(keep=1.5), "MiRU1: keep=1.5: expected a number from 0 to 1"),
    (lambda: miru2(reset="0.5"), "MiRU2: reset='0.5': expected a number from 0 to 1"),  # pyright: ignore
    (lambda: scrn(keep=-1), "SCRN: keep=-1: expected a number from 0 to 1"),
    (lambda: ctrnn(tau=0.0), "CTRNN: tau=0.0: expected a finite number above 0"),
    (lambda: recurrent_highway(depth=0), "RecurrentHighway: depth=0: expected a whole number from 1 on"),
    (lambda: deep_transition_gru(depth=-1), "DeepTransitionGRU: depth=-1: expected a whole number from 1 on"),
    (lambda: orthogonal(reflections=True), "OrthogonalRNN: reflections=True: expected a whole number from 1 on"),
    (lambda: spectral(radius=2), "SpectralRNN: radius=2: expected a number from 0 to 1"),
    (lambda: lipschitz(gamma=0), "LipschitzRNN: gamma=0: expected a finite number above 0"),
    (lambda: mogrifier(rounds=2.5), "MogrifierLSTM: rounds=2.5: expected a whole number from 1 on"),  # pyright: ignore
    (lambda: sclstm(alpha=-1), "SCLSTM: alpha=-1: expected a finite number from 0 on"),
    (lambda: momentum_lstm(step=-1), "MomentumLSTM: step=-1: expected a finite number from 0 on"),
    (lambda: momentum_rnn(momentum=1.5), "MomentumRNN: momentum=1.5: expected a number from 0 to 1"),
    (lambda: mtrnn(fast=0.5), "MTRNN: 1 / fast=2.0: expected a number from 0 to 1"),
    (lambda: mtrnn(slow=0), "MTRNN: slow=0: expected a finite number above 0"),
    (lambda: ltc(unfolds=0), "LTC: unfolds=0: expected a whole number from 1 on"),
    (lambda: gru_ode(steps=0), "GRUODE: steps=0: expected a whole number from 1 on"),
    (lambda: gru_ode_bayes(prepared=0), "GRUODEBayes: prepared=0: expected a whole number from 1 on"),
    (lambda: ode_rnn(steps=0), "ODERNN: steps=0: expected a whole number from 1 on"),
    (lambda: ode_lstm(steps=0), "ODELSTM: steps=0: expected a whole number from 1 on"),
    (lambda: ctrnn(step=2.0, tau=1.0), "CTRNN: step / tau=2.0: expected a number from 0 to 1"),
]


@pytest.mark.parametrize(("make", "message"), BAD, ids=[message.partition(": expected")[0] for _, message in BAD])
def test_constants_out_of_range(make: Callable[[], Cell], message: str) -> None:
    with pytest.raises(CellError) as caught:
        make()
    assert message in str(caught.value)
