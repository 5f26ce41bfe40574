"""Parameter counts against the papers' equations, written down by hand for every cell.

`m` is the number of a block of one gate: a matrix on the input, one on the state, a bias.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recurra.cells import all_cells

I, H, P = 7, 11, 3  # input, state, and any size of a cell's own  # noqa: E741


def m(i: int, h: int) -> int:
    return i * h + h * h + h


COUNTS: dict[str, Callable[[int, int], int]] = {
    "Elman": m,
    "ElmanReLU": m,
    "IRNN": m,
    "IndRNN": lambda i, h: i * h + 2 * h,
    "FastRNN": lambda i, h: m(i, h) + 2,
    "FastGRNN": lambda i, h: m(i, h) + h + 2,
    "SCRN": lambda i, h: i * P + P * h + i * h + h * h + h * P + P * P,  # B, P, A, R, U, V
    "IntersectionRNN": lambda i, h: 2 * m(i, h) + 2 * (i * i + h * i + i),
    "LSTM": lambda i, h: 4 * m(i, h),
    "OriginalLSTM": lambda i, h: 3 * m(i, h),
    "CoupledLSTM": lambda i, h: 3 * m(i, h),
    "PeepholeLSTM": lambda i, h: 4 * m(i, h) + 3 * h,
    "FullPeepholeLSTM": lambda i, h: 4 * m(i, h) + 3 * h * h,
    "ProjectedLSTM": lambda i, h: 4 * (i * h + P * h + h) + h * P,
    "MultiplicativeLSTM": lambda i, h: 4 * m(i, h) + i * h + h * h,
    "ResLSTM": lambda i, h: 4 * m(i, h) + 3 * h + h * h + i * h,
    "WMCLSTM": lambda i, h: 4 * m(i, h) + 3 * h * h,
    "MCLSTM": lambda i, h: 5 * m(i, h),
    "MassConservingLSTM": lambda i, h: 2 * m(i, h) + h * h,
    "sLSTM": lambda i, h: 4 * m(i, h),
    "JANET": lambda i, h: 2 * m(i, h),
    "GRU": lambda i, h: 3 * m(i, h) + h,
    "OriginalGRU": lambda i, h: 3 * m(i, h),
    "DilatedGRU": lambda i, h: 3 * m(i, h),
    "tauGRU": lambda i, h: 4 * (i * h + h * h),
    "GRUD": lambda i, h: 3 * (m(i, h) + i * h) + (i * h + h) + 2 * i,  # masks; decay of the state; of the input
    "MGU": lambda i, h: 2 * m(i, h),
    "MiRU1": lambda i, h: 2 * m(i, h),
    "MiRU2": m,
    "UGRNN": lambda i, h: 2 * m(i, h),
    "MinimalRNN": lambda i, h: (i * h + h) + (2 * h * h + h),
    "LiGRU": lambda i, h: 2 * m(i, h),
    "LightRU": lambda i, h: m(i, h) + i * h + h,
    "MUT1": lambda i, h: m(i, h) + (i * h + h) + m(i, h),  # r; z, which reads no state; the candidate
    "MUT2": lambda i, h: 3 * m(i, h),
    "MUT3": lambda i, h: 3 * m(i, h),
    "SGU": lambda i, h: 2 * m(i, h),
    "DSGU": lambda i, h: 2 * m(i, h) + h * h,
    "SGRN": m,
    "ATR": lambda i, h: i * h + h * h,
    "STAR": lambda i, h: m(i, h) + i * h + h,
    "CFN": lambda i, h: 2 * m(i, h) + i * h,
    "RAN": lambda i, h: 2 * m(i, h) + i * h,
    "NAS": lambda i, h: 8 * (i * h + h * h),
    "BR": lambda i, h: 3 * (i * h + h) + 2 * h,
    "NBR": lambda i, h: 3 * (i * h + h) + 2 * h * h,
    "LEM": lambda i, h: 4 * m(i, h),
    "coRNN": lambda i, h: m(i, h) + h * h,
    "UnICORNN": lambda i, h: i * h + 3 * h,
    "AntisymmetricRNN": m,
    "GatedAntisymmetricRNN": lambda i, h: m(i, h) + i * h + h,
    "CTRNN": m,
    "CfC": lambda i, h: (i * P + h * P + P) + 3 * (P * h + h),
    "TRNN": lambda i, h: 2 * i * h + h,
    "TGRU": lambda i, h: 3 * (2 * i * h + h),
    "TLSTM": lambda i, h: 3 * (2 * i * h + h),
    "SRU": lambda i, h: 4 * i * h + 4 * h,
    "QRNN": lambda i, h: 6 * i * h,
    "MinGRU": lambda i, h: 2 * (i * h + h),
    "MinLSTM": lambda i, h: 3 * (i * h + h),
}


@pytest.mark.parametrize("name", all_cells)
def test_parameters_are_those_of_the_equations(name: str) -> None:
    cell = all_cells[name]
    own = {size: P for size in cell.sizes if size not in ("input_size", "hidden_size")}
    assert cell.parameter_count(input_size=I, hidden_size=H, sizes=own) == COUNTS[name](I, H)


def test_no_count_is_left_over() -> None:
    assert set(COUNTS) == set(all_cells)
