"""The cells: equations only, a family a file. `all_cells` maps a name to its cell."""

from collections.abc import Mapping
from types import MappingProxyType

from recurra.cells.bistable import BR, NBR
from recurra.cells.elman import Elman, ElmanReLU
from recurra.cells.fast import FastGRNN, FastRNN
from recurra.cells.gru import GRU, OriginalGRU
from recurra.cells.independent import IndRNN
from recurra.cells.linear import MinGRU, MinLSTM
from recurra.cells.lstm import (
    LSTM,
    CoupledLSTM,
    FullPeepholeLSTM,
    MultiplicativeLSTM,
    OriginalLSTM,
    PeepholeLSTM,
    ProjectedLSTM,
    ResLSTM,
)
from recurra.cells.minimal import (
    ATR,
    CFN,
    JANET,
    MGU,
    MUT1,
    MUT2,
    MUT3,
    RAN,
    STAR,
    UGRNN,
    LightRU,
    LiGRU,
    MinimalRNN,
)
from recurra.cells.oscillators import LEM
from recurra.cells.searched import NAS
from recurra.cells.typed import TRNN
from recurra.spec import Cell

__all__ = [
    "ATR", "BR", "CFN", "GRU", "JANET", "LEM", "LSTM", "MGU", "MUT1", "MUT2", "MUT3", "NAS", "NBR", "RAN", "STAR",
    "TRNN", "UGRNN", "CoupledLSTM", "Elman", "ElmanReLU", "FastGRNN", "FastRNN", "FullPeepholeLSTM", "IndRNN",
    "LiGRU", "LightRU", "MinGRU", "MinLSTM", "MinimalRNN", "MultiplicativeLSTM", "OriginalGRU", "OriginalLSTM",
    "PeepholeLSTM", "ProjectedLSTM", "ResLSTM", "all_cells",
]  # fmt: skip

_CELLS = (
    Elman, ElmanReLU, IndRNN, FastRNN, FastGRNN,
    LSTM, OriginalLSTM, CoupledLSTM, PeepholeLSTM, FullPeepholeLSTM, ProjectedLSTM, MultiplicativeLSTM, ResLSTM, JANET,
    GRU, OriginalGRU, MGU, UGRNN, MinimalRNN, LiGRU, LightRU, MUT1, MUT2, MUT3, ATR, STAR, CFN, RAN,
    NAS, BR, NBR, LEM, TRNN, MinGRU, MinLSTM,
)  # fmt: skip

all_cells: Mapping[str, Cell] = MappingProxyType({cell.name: cell for cell in _CELLS})
