"""The printed equations: for the LSTM, the GRU and the simple network the known backpropagation through time."""

from __future__ import annotations

import pytest

from recurra import Cell, cell, column, exp, flatten, outer, row, sigmoid, split, sum, tanh, vecmat, where
from recurra.cells import GRU, LSTM, EchoState, Elman, ProjectedLSTM, RecurrentHighway, all_cells

LSTM_FORWARD = """\
i[t] = σ(x[t] W_xi + h[t-1] W_hi + b_i)
f[t] = σ(x[t] W_xf + h[t-1] W_hf + b_f)
o[t] = σ(x[t] W_xo + h[t-1] W_ho + b_o)
g[t] = tanh(x[t] W_xc + h[t-1] W_hc + b_c)
c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
h[t] = o[t] ⊙ tanh(c[t])"""

# Graves (2012), "Supervised Sequence Labelling with Recurrent Neural Networks", section 4.6, without peepholes.
LSTM_BACKWARD = """\
δh[t]    = ∂L/∂h[t] + Δh[t]
δc[t]    = Δc[t] + δh[t] ⊙ o[t] ⊙ (1 - tanh(c[t])²)
δg[t]    = δc[t] ⊙ i[t]
δa_g[t]  = δg[t] ⊙ (1 - g[t]²)
δi[t]    = δc[t] ⊙ g[t]
δa_i[t]  = δi[t] ⊙ i[t] ⊙ (1 - i[t])
δf[t]    = δc[t] ⊙ c[t-1]
δa_f[t]  = δf[t] ⊙ f[t] ⊙ (1 - f[t])
δo[t]    = δh[t] ⊙ tanh(c[t])
δa_o[t]  = δo[t] ⊙ o[t] ⊙ (1 - o[t])
Δh[t-1]  = δa_g[t] W_hcᵀ + δa_i[t] W_hiᵀ + δa_f[t] W_hfᵀ + δa_o[t] W_hoᵀ
Δc[t-1]  = δc[t] ⊙ f[t]"""


def test_the_lstm() -> None:
    assert LSTM.equations() == LSTM_FORWARD
    text = LSTM.backward_equations()
    assert LSTM_BACKWARD in text
    for gate, delta in zip("ifoc", "ifog", strict=True):
        assert f"∂L/∂W_x{gate} = Σ_t x[t]ᵀ δa_{delta}[t]\n" in text
        assert f"∂L/∂W_h{gate} = Σ_t h[t-1]ᵀ δa_{delta}[t]\n" in text
        assert f"∂L/∂b_{gate}  = Σ_t δa_{delta}[t]" in text


def test_the_simple_network() -> None:
    """Werbos (1990)."""
    assert Elman.backward_equations().splitlines()[4:] == [
        "δh[t]    = ∂L/∂h[t] + Δh[t]",
        "δa_h[t]  = δh[t] ⊙ (1 - h[t]²)",
        "Δh[t-1]  = δa_h[t] W_hᵀ",
        "∂L/∂x[t] = δa_h[t] W_xᵀ",
        "∂L/∂W_x  = Σ_t x[t]ᵀ δa_h[t]",
        "∂L/∂W_h  = Σ_t h[t-1]ᵀ δa_h[t]",
        "∂L/∂b    = Σ_t δa_h[t]",
    ]


def test_the_gru() -> None:
    """The state's gradient has its direct way through z, and its ways through the three gates."""
    lines = dict(line.split("= ", 1) for line in GRU.backward_equations().splitlines() if "= " in line)
    lines = {name.strip(): value for name, value in lines.items()}
    assert lines["δn[t]"] == "δh[t] ⊙ (1 - z[t])"
    assert lines["δz[t]"] == "δh[t] ⊙ h[t-1] - δh[t] ⊙ n[t]"
    way = lines["Δh[t-1]"]
    assert "δh[t] ⊙ z[t]" in way
    assert all(f"W_h{gate}ᵀ" in way for gate in "rzn")


def test_a_projected_state() -> None:
    assert ProjectedLSTM.equations().splitlines()[-1] == "h[t] = (o[t] ⊙ tanh(c[t])) W_r"


@cell(sizes={"V": ("hidden_size", "readout")}, delays={"h_old": ("h", 2)})
def Own(p, x, h, *, h_old):
    h = tanh(x @ p.W + where(h > 0, h, h_old) @ p.U)
    return (h,), h @ p.V


def test_delays_and_outputs_are_written_as_they_are_meant() -> None:
    assert Own.equations() == ("h[t] = tanh(x[t] W + where(h[t-1] > 0, h[t-1], h[t-2]) U)\ny[t] = h[t] V")
    assert "∂L/∂y[t]" in Own.backward_equations()


def test_an_output_of_another_name_is_said_to_be_the_output() -> None:
    """The backward equations begin with the derivative by y, so the forward ones end with it."""

    @cell(sizes={"V": ("hidden_size", "readout")})
    def Named(p, x, h):
        h = tanh(x @ p.W + h @ p.U)
        logits = h @ p.V
        return (h,), logits

    assert Named.equations().splitlines()[1:] == ["logits[t] = h[t] V", "y[t]      = logits[t]"]
    assert "∂L/∂y[t]" in Named.backward_equations()


def test_every_parameter_and_state_has_its_gradient() -> None:
    for made in (LSTM, GRU, Elman, Own):
        text, latex = made.backward_equations(), made.backward_equations(latex=True)
        for parameter in made.parameters:
            assert f"∂L/∂{parameter.name} " in text
        for state in made.states:
            assert f"Δ{state}[t-1]" in text
        assert r"\frac{\partial L}{\partial x_{t}}" in latex


def squared(a, times: int):
    """A function of its own, whose values have no names in the cell."""
    for _ in range(times):
        a = a @ a
    return a


def doubled(a, times: int):
    for _ in range(times):
        a = tanh(a) * a + a
    return a


@cell
def Powered(p, x, h):
    return tanh(x @ p.W + h @ squared(p.A, 5))


@cell
def HighlyPowered(p, x, h):
    return tanh(x @ p.W + h @ squared(p.A, 40))


@cell
def Doubled(p, x, h):
    return tanh(doubled(x @ p.W + h @ p.U, 40))


def test_what_is_long_and_used_twice_has_a_name() -> None:
    power = " ".join(16 * "A")
    assert Powered.equations() == f"v_1  = {power}\nh[t] = tanh(x[t] W + h[t-1] v_1 v_1)"
    text = Powered.backward_equations()
    assert f"u_1 = {power}\n" in text
    assert "Δh[t-1]       = δa_h[t] (u_1 u_1)ᵀ\n" in text
    assert "∂L/∂(u_1 u_1) = Σ_t h[t-1]ᵀ δa_h[t]\n" in text
    assert text.endswith("\n∂L/∂A         = u_3 Aᵀ + Aᵀ u_3")
    assert (
        "u_3           = (u_2 (A A A A)ᵀ + (A A A A)ᵀ u_2) (A A)ᵀ + (A A)ᵀ (u_2 (A A A A)ᵀ + (A A A A)ᵀ u_2)\n" in text
    )


@pytest.mark.parametrize("made", [HighlyPowered, Doubled], ids=lambda made: made.name)
def test_what_is_used_again_and_again_is_written_once(made: Cell) -> None:
    for latex in (False, True):
        assert len(made.equations(latex=latex)) < 8000
        assert len(made.backward_equations(latex=latex)) < 60_000
    assert len(made.show_plans()) < 30_000
    assert len(made.diagram()) < 300_000


def of_heads(scaled) -> Cell:
    """A matrix for each head, of values that `split` makes in the equations, scaled in a way."""

    @cell(sizes={"S": ("heads", "hidden_size/heads", "hidden_size/heads")})
    def Heads(p, x, S):
        S = scaled(split(x @ p.G, "heads")) * S + outer(split(x @ p.K, "heads"), split(x @ p.V, "heads"))
        return (S,), flatten(vecmat(split(x @ p.Q, "heads"), S))

    return Heads


def test_what_split_made_is_a_row_or_a_column_in_the_backward_equations_too() -> None:
    lines = dict(line.split("= ", 1) for line in of_heads(column).backward_equations().splitlines() if "= " in line)
    lines = {name.strip(): value for name, value in lines.items()}
    assert lines["u_5[t]"] == "sum[-2](col(u_4[t]) ⊙ S[t])"
    assert lines["δu_5[t]"] == "row(∂L/∂y[t])"
    assert lines["δS[t]"] == "δu_5[t] ⊙ col(u_4[t]) + ΔS[t]"  # an outer product: dS = q dyᵀ
    assert lines["δu_2[t]"] == "sum[-2](δS[t] ⊙ col(u_1[t]))"  # dv = k dS
    assert lines["δu_1[t]"] == "u_2[t] δS[t]ᵀ"  # dk = dS v
    assert lines["δu_3[t]"] == "sum[-1](δS[t] ⊙ S[t-1])"
    assert lines["ΔS[t-1]"] == "δS[t] ⊙ col(u_3[t])"


@pytest.mark.parametrize("latex", [False, True])
def test_different_cells_have_different_derivations(latex: bool) -> None:
    assert of_heads(column).equations(latex=latex) != of_heads(row).equations(latex=latex)
    by_rows, by_columns = (of_heads(each).backward_equations(latex=latex) for each in (column, row))
    assert by_rows != by_columns


def backward_lines(made: Cell) -> dict[str, str]:
    """Name -> what its one line says."""
    lines = [line.split("= ", 1) for line in made.backward_equations().splitlines() if "= " in line]
    names = [name.strip() for name, _ in lines]
    assert len(names) == len(set(names))
    return {name: value for name, (_, value) in zip(names, lines, strict=True)}


@pytest.mark.parametrize("made", list(all_cells.values()), ids=list(all_cells))
def test_every_name_has_one_line(made: Cell) -> None:
    assert backward_lines(made)


def test_values_called_alike_are_told_apart() -> None:
    lines = backward_lines(RecurrentHighway)
    assert lines["∂L/∂b_t1"] == "Σ_t δa_t[t]"
    assert lines["∂L/∂b_t2"] == "Σ_t δa_t'[t]"
    assert lines["∂L/∂b_t3"] == "Σ_t δa_t''[t]"
    assert lines["δa_t'[t]"] == "δt'[t] ⊙ t'[t] ⊙ (1 - t'[t])"


def test_a_value_may_be_called_as_the_argument_of_another() -> None:
    @cell
    def Squared(p, x, h):
        a_f = x @ p.W + h @ p.U
        f = sigmoid(a_f * a_f)
        return f * h + (1 - f) * tanh(x @ p.V)

    lines = backward_lines(Squared)
    half = "δf[t] ⊙ f[t] ⊙ (1 - f[t]) ⊙ a_f[t]"
    assert lines["δa_f[t]"] == f"{half} + {half}"


def test_what_holds_for_a_sequence_has_the_sum_over_its_steps() -> None:
    @cell(sizes={"k": "hidden_size"}, per_sequence=("k",), initial={"h": "learnt"})
    def Begun(p, x, h, *, k):
        return tanh(x @ p.W + h @ p.U + k)

    lines = backward_lines(Begun)
    assert lines["∂L/∂k"] == "Σ_t δa_h[t]"
    assert lines["∂L/∂initial_h"] == "Δh[0]"


def test_a_parameter_in_the_step_and_in_an_expression_has_the_sum_of_both() -> None:
    @cell
    def Both(p, x, h):
        return tanh(x @ p.W + exp(p.a) * h) + p.a

    lines = backward_lines(Both)
    assert lines["∂L/∂a"] == "∂L/∂(exp(a)) ⊙ exp(a) + Σ_t δh[t]"


def test_what_is_fixed_has_no_gradient() -> None:
    assert not [name for name in backward_lines(EchoState) if name in ("∂L/∂W", "∂L/∂W_in")]


def test_the_adjoint_behind_split_is_the_whole_one() -> None:
    @cell(sizes={"S": ("heads", "hidden_size/heads", "n"), "W": ("input_size", "hidden_size")})
    def Gated(p, x, S):
        a = split(sigmoid(x @ p.W), "heads")
        S = column(a) * S + outer(1 - a, split(x @ p.V, "heads"))
        return (S,), flatten(sum(S))

    assert Gated.equations().splitlines()[:2] == [
        "a[t] = σ(x[t] W)",
        "S[t] = col(a[t]) ⊙ S[t-1] + (1 - a[t])ᵀ x[t] V",
    ]
    lines = backward_lines(Gated)
    assert lines["δa[t]"] == "sum[-1](δS[t] ⊙ S[t-1]) + -u_1[t] δS[t]ᵀ"
    assert lines["δa_a[t]"] == "δa[t] ⊙ a[t] ⊙ (1 - a[t])"


def test_an_output_beside_a_state_called_y_has_another_name() -> None:
    @cell
    def Named(p, x, y):
        y = tanh(x @ p.W + y @ p.U)
        return (y,), y * 2

    assert Named.equations().splitlines() == ["y[t]      = tanh(x[t] W + y[t-1] U)", "output[t] = y[t] · 2"]
    assert backward_lines(Named)["δy[t]"] == "∂L/∂output[t] · 2 + Δy[t]"
    assert "▶ output[t]" in Named.diagram()


def test_lines_come_after_what_they_read() -> None:
    @cell(states={"g": 2}, sizes={"W": ("input_size", "hidden_size")})
    def Later(p, x, g):
        after = [0.5 * each + x @ getattr(p, f"V_{number}") for number, each in enumerate(g)]
        a = x @ p.W
        for number, each in enumerate(after):
            a = a + each @ getattr(p, f"W_{number}")
        return tuple(after), tanh(a)

    names = [line.split("[t]")[0] for line in Later.equations().splitlines()]
    assert names.index("g_1") < names.index("a'") < names.index("a''")
