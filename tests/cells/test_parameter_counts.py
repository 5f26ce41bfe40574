"""Parameter counts against the papers' equations, written down by hand for every cell, and those that are published.

A cell with a statement (`papers.py`) has its count there.
"""

from __future__ import annotations

from collections.abc import Callable

import papers_further  # noqa: F401  (enters its statements)
import papers_gated  # noqa: F401
import papers_lstm  # noqa: F401
import papers_time  # noqa: F401
import pytest
from papers import STATEMENTS
from papers import square as m

from cell_kinds import own_sizes
from recurra import Cell
from recurra.cells import (
    LEM,
    LMU,
    LSTM,
    ONLSTM,
    FactorisedLSTM,
    FastSlowLSTM,
    HyperLSTM,
    LipschitzRNN,
    all_cells,
    coRNN,
    recurrent_highway,
)

I, H, P = 7, 11, 3  # input, state, and any size of a cell's own  # noqa: E741

COUNTS: dict[str, Callable[[int, int], int]] = {
    "Elman": m,
    "ElmanReLU": m,
    "IRNN": m,
    "IndRNN": lambda i, h: i * h + 2 * h,
    "FastRNN": lambda i, h: m(i, h) + 2,
    "FastGRNN": lambda i, h: m(i, h) + h + 2,
    "IntersectionRNN": lambda i, h: 2 * m(i, h) + 2 * (i * i + h * i + i),
    "LSTM": lambda i, h: 4 * m(i, h),
    "OriginalLSTM": lambda i, h: 3 * m(i, h),
    "PeepholeLSTM": lambda i, h: 4 * m(i, h) + 3 * h,
    "ProjectedLSTM": lambda i, h: 4 * (i * h + P * h + h) + h * P,
    "MultiplicativeLSTM": lambda i, h: 4 * m(i, h) + i * h + h * h,
    "ResLSTM": lambda i, h: 4 * m(i, h) + 3 * h + h * h + i * h,
    "WMCLSTM": lambda i, h: 4 * m(i, h) + 3 * h * h,
    "MCLSTM": lambda i, h: 5 * m(i, h),
    "JANET": lambda i, h: 2 * m(i, h),
    "GRU": lambda i, h: 3 * m(i, h) + h,
    "DilatedGRU": lambda i, h: 3 * m(i, h),
    "tauGRU": lambda i, h: 4 * (i * h + h * h),
    "MGU": lambda i, h: 2 * m(i, h),
    "MiRU1": lambda i, h: 2 * m(i, h),
    "MiRU2": m,
    "UGRNN": lambda i, h: 2 * m(i, h),
    "MinimalRNN": lambda i, h: (i * h + h) + (2 * h * h + h),
    "LiGRU": lambda i, h: 2 * m(i, h),
    "LightRU": lambda i, h: m(i, h) + i * h + h,
    "MUT1": lambda i, h: m(i, h) + (i * h + h) + m(i, h),  # r; z, which reads no state; the candidate
    "MUT2": lambda i, h: 3 * m(i, h),
    "ONLSTM": lambda i, h: 4 * m(i, h) + 2 * (i + h + 1),  # with one chunk
    "GroupedLSTM": lambda i, h: 4 * m(i, h),  # with one group
    "SGU": lambda i, h: 2 * m(i, h),
    "DSGU": lambda i, h: 2 * m(i, h) + h * h,
    "SGRN": m,
    "ATR": lambda i, h: i * h + h * h,
    "STAR": lambda i, h: m(i, h) + i * h + h,
    "CFN": lambda i, h: 2 * m(i, h) + i * h,
    "RAN": lambda i, h: 2 * m(i, h) + i * h,
    "BR": lambda i, h: 3 * (i * h + h) + 2 * h,
    "NBR": lambda i, h: 3 * (i * h + h) + 2 * h * h,
    "coRNN": lambda i, h: m(i, h) + h * h,
    "UnICORNN": lambda i, h: i * h + 3 * h,
    "AntisymmetricRNN": m,
    "GatedAntisymmetricRNN": lambda i, h: m(i, h) + i * h + h,
    "TRNN": lambda i, h: 2 * i * h + h,
    "TGRU": lambda i, h: 3 * (2 * i * h + h),
    "TLSTM": lambda i, h: 3 * (2 * i * h + h),
    # with one head
    "LinearAttention": lambda i, h: 3 * i * h,
    "FastWeights": lambda i, h: 2 * i * P + i * h,
    "GLA": lambda i, h: 4 * i * h + h,
    "RetNet": lambda i, h: 4 * i * P + i * h,
    "HGRN2": lambda i, h: 3 * i * h + h,
    "DeltaNet": lambda i, h: 3 * i * h + i,
    "GatedDeltaNet": lambda i, h: 3 * i * h + 2 * (i + 1),
    "mLSTM": lambda i, h: 4 * i * h + h + 2 * (i + 1),
    "sLSTMHeads": lambda i, h: 4 * m(i, h),
    "RWKV6": lambda i, h: 4 * i * h + 2 * h,
    "RWKV7": lambda i, h: 5 * i * h + 4 * h,
    "S6": lambda i, h: i * h + 5 * h * P + 2 * h,
    "SSD": lambda i, h: i * h + i + 2 * i * P + 3,
}


@pytest.mark.parametrize("name", all_cells)
def test_parameters_are_those_of_the_equations(name: str) -> None:
    cell = all_cells[name]
    own = own_sizes(cell, P)
    expected = STATEMENTS[name].parameters(I, H, P) if name in STATEMENTS else COUNTS[name](I, H)
    assert cell.parameter_count(input_size=I, hidden_size=H, sizes=own) == expected


def test_no_count_is_left_over() -> None:
    assert not set(COUNTS) & set(STATEMENTS)
    assert set(COUNTS) | set(STATEMENTS) == set(all_cells)


def _linear(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


HIGHWAY = recurrent_highway(depth=10)
WORDS = 10_000 * 830  # the Penn Treebank's embedding
PUBLISHED: dict[str, tuple[Cell, int, int, dict[str, int], int, float, int]] = {
    "recurrent highway, Penn Treebank, tied": (HIGHWAY, 830, 830, {}, WORDS + 10_000, 23e6, 1_000_000),
    "recurrent highway, Penn Treebank": (HIGHWAY, 830, 830, {}, 2 * WORDS + 10_000, 32e6, 1_000_000),
    "LSTM, characters of the Penn Treebank": (LSTM, 50, 1000, {}, _linear(1000, 50), 4.25e6, 10_000),
    "HyperLSTM, characters of the Penn Treebank": (
        HyperLSTM, 50, 1000, {"hyper_size": 128, "embedding_size": 4}, _linear(1000, 50), 4.91e6, 10_000,
    ),
    "FS-LSTM-2, characters of the Penn Treebank": (
        FastSlowLSTM, 128, 700, {"slow_size": 400}, _linear(700, 50) + 50 * 128, 7.2e6, 100_000,
    ),
    "Legendre memory unit, permuted pixels": (LMU, 1, 212, {"memory_size": 256}, _linear(212, 10), 102_027, 1),
    "factorised LSTM, one billion words": (
        FactorisedLSTM, 1024, 8192, {"proj_size": 1024, "rank": 512},
        FactorisedLSTM.parameter_count(input_size=1024, hidden_size=8192, sizes={"proj_size": 1024, "rank": 512}),
        52.5e6, 50_000,
    ),
    "ordered neurons, Penn Treebank": (
        ONLSTM, 400, 1150, {"chunks": 115},
        ONLSTM.parameter_count(input_size=1150, hidden_size=1150, sizes={"chunks": 115})
        + ONLSTM.parameter_count(input_size=1150, hidden_size=400, sizes={"chunks": 40}) + 10_000 * 400 + 10_000,
        25e6, 1_000_000,
    ),
    "coRNN, pixels": (coRNN, 1, 256, {}, _linear(256, 10), 134e3, 1_000),
    "LEM, pixels": (LEM, 1, 128, {}, _linear(128, 10), 68e3, 1_000),
    "Lipschitz RNN, pixels": (LipschitzRNN, 1, 128, {}, _linear(128, 10), 34e3, 1_000),
}  # fmt: skip
"""Model -> cell, sizes, parameters around it (embedding, output), and what its paper says, to which last digit."""


@pytest.mark.parametrize("model", PUBLISHED)
def test_published_counts(model: str) -> None:
    cell, inputs, units, own, around, published, digit = PUBLISHED[model]
    counted = around + cell.parameter_count(input_size=inputs, hidden_size=units, sizes=own)
    assert abs(counted - published) < digit
