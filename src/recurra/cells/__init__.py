"""The cells: equations only, a family a file. `all_cells` maps a name to its cell."""

from collections.abc import Mapping
from types import MappingProxyType

from recurra.cells.elman import Elman, ElmanReLU
from recurra.cells.gru import GRU, OriginalGRU
from recurra.cells.lstm import LSTM, CoupledLSTM, FullPeepholeLSTM, PeepholeLSTM, ProjectedLSTM
from recurra.spec import Cell

__all__ = [
    "GRU", "LSTM", "CoupledLSTM", "Elman", "ElmanReLU", "FullPeepholeLSTM", "OriginalGRU", "PeepholeLSTM",
    "ProjectedLSTM", "all_cells",
]  # fmt: skip

_CELLS = (Elman, ElmanReLU, LSTM, CoupledLSTM, PeepholeLSTM, FullPeepholeLSTM, ProjectedLSTM, GRU, OriginalGRU)

all_cells: Mapping[str, Cell] = MappingProxyType({cell.name: cell for cell in _CELLS})
