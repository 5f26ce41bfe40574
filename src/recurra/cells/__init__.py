"""The cells: equations only, a family a file. `all_cells` maps a name to its cell, `find` knows other names too.

A cell with constants that its paper fixes by hand has a maker beside it, such as `antisymmetric(step=0.05)`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from recurra.cells.antisymmetric import AntisymmetricRNN, GatedAntisymmetricRNN, antisymmetric, gated_antisymmetric
from recurra.cells.bistable import BR, NBR
from recurra.cells.conserving import MassConservingLSTM
from recurra.cells.context import SCRN, scrn
from recurra.cells.delayed import DilatedGRU, tauGRU
from recurra.cells.depth import IntersectionRNN
from recurra.cells.dynamical import LEM, UnICORNN, coRNN, cornn, unicornn
from recurra.cells.exponential import sLSTM
from recurra.cells.fast import FastGRNN, FastRNN
from recurra.cells.gated import (
    ATR,
    CFN,
    JANET,
    MGU,
    MUT1,
    MUT2,
    MUT3,
    RAN,
    SGRN,
    STAR,
    UGRNN,
    LightRU,
    LiGRU,
    MinimalRNN,
)
from recurra.cells.gru import GRU, OriginalGRU
from recurra.cells.independent import IndRNN
from recurra.cells.irregular import CTRNN, GRUD, CfC, ctrnn
from recurra.cells.linear import MinGRU, MinLSTM
from recurra.cells.lstm import (
    LSTM,
    MCLSTM,
    WMCLSTM,
    CoupledLSTM,
    FullPeepholeLSTM,
    MultiplicativeLSTM,
    OriginalLSTM,
    PeepholeLSTM,
    ProjectedLSTM,
    ResLSTM,
)
from recurra.cells.minion import MiRU1, MiRU2, miru1, miru2
from recurra.cells.quasi import QRNN, SRU
from recurra.cells.searched import NAS
from recurra.cells.simple import IRNN, Elman, ElmanReLU
from recurra.cells.simple_gated import DSGU, SGU
from recurra.cells.typed import TGRU, TLSTM, TRNN
from recurra.spec import Cell

__all__ = [
    "ALIASES",
    "ATR", "BR", "CFN", "CTRNN", "DSGU", "GRU", "GRUD", "IRNN", "JANET", "LEM", "LSTM", "MCLSTM", "MGU", "MUT1", "MUT2",
    "MUT3", "NAS", "NBR", "QRNN", "RAN", "SCRN", "SGRN", "SGU", "SRU", "STAR", "TGRU", "TLSTM", "TRNN", "UGRNN",
    "WMCLSTM", "AntisymmetricRNN", "CfC", "CoupledLSTM", "DilatedGRU", "Elman", "ElmanReLU", "FastGRNN", "FastRNN",
    "FullPeepholeLSTM", "GatedAntisymmetricRNN", "IndRNN", "IntersectionRNN", "LiGRU", "LightRU", "MassConservingLSTM",
    "MiRU1", "MiRU2", "MinGRU", "MinLSTM", "MinimalRNN", "MultiplicativeLSTM", "OriginalGRU", "OriginalLSTM",
    "PeepholeLSTM", "ProjectedLSTM", "ResLSTM", "UnICORNN", "all_cells", "antisymmetric", "coRNN", "cornn", "ctrnn",
    "find",
    "gated_antisymmetric", "miru1", "miru2", "sLSTM", "scrn", "tauGRU", "unicornn",
]  # fmt: skip

_CELLS = (
    Elman, ElmanReLU, IRNN, IndRNN, FastRNN, FastGRNN, SCRN, IntersectionRNN,
    LSTM, OriginalLSTM, CoupledLSTM, PeepholeLSTM, FullPeepholeLSTM, ProjectedLSTM, MultiplicativeLSTM, ResLSTM,
    WMCLSTM, MCLSTM, MassConservingLSTM, sLSTM, JANET,
    GRU, OriginalGRU, DilatedGRU, tauGRU, GRUD, MGU, MiRU1, MiRU2, UGRNN, MinimalRNN, LiGRU, LightRU,
    MUT1, MUT2, MUT3, SGU, DSGU, SGRN, ATR, STAR, CFN, RAN,
    NAS, BR, NBR, LEM, coRNN, UnICORNN, AntisymmetricRNN, GatedAntisymmetricRNN, CTRNN, CfC,
    TRNN, TGRU, TLSTM, SRU, QRNN, MinGRU, MinLSTM,
)  # fmt: skip

all_cells: Mapping[str, Cell] = MappingProxyType({cell.name: cell for cell in _CELLS})

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "RNN": "Elman", "SimpleRNN": "Elman", "VanillaRNN": "Elman", "BasicRNN": "Elman", "ElmanRNN": "Elman",
        "RNNTanh": "Elman", "RNNReLU": "ElmanReLU", "VanillaLSTM": "LSTM", "BasicLSTM": "LSTM", "CIFG": "CoupledLSTM",
        "LSTMP": "ProjectedLSTM", "LSTMProjected": "ProjectedLSTM", "MC-LSTM": "MassConservingLSTM",
        "ResidualLSTM": "ResLSTM", "GatedRecurrentUnit": "GRU", "LongShortTermMemory": "LSTM",
        "IndependentRNN": "IndRNN", "IdentityRNN": "IRNN", "MinimalGatedUnit": "MGU", "BRC": "BR", "NBRC": "NBR",
        "ClosedFormContinuous": "CfC", "QuasiRNN": "QRNN", "SimpleRecurrentUnit": "SRU",
    }
)  # fmt: skip
"""Other names of cells, from papers and other libraries -> the name here."""


def find(name: str, /) -> Cell | None:
    """Return the cell of a name or an alias, None if there is none.

    Upper and lower case do not matter, nor do hyphens, underscores, spaces, and "Cell" or "Layer" at the end.
    """
    by_name = {known.lower(): cell for known, cell in all_cells.items()}
    by_name |= {alias.lower(): all_cells[known] for alias, known in ALIASES.items()}
    wanted = name.lower()
    letters = re.sub(r"[-_ ]", "", wanted)
    for candidate in (wanted, letters, re.sub("(cell|layer)$", "", letters)):
        if candidate in by_name:
            return by_name[candidate]
    return None


def __dir__() -> list[str]:
    return sorted(__all__)
