"""The cells: equations only, a family a file. `all_cells` maps a name to its cell, `find` knows other names too.

A cell with constants that its paper fixes by hand has a maker beside it, such as `antisymmetric(step=0.05)`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from recurra.cells.dynamical import (
    BR,
    LEM,
    NBR,
    AntisymmetricRNN,
    GatedAntisymmetricRNN,
    UnICORNN,
    antisymmetric,
    coRNN,
    cornn,
    gated_antisymmetric,
    unicornn,
)
from recurra.cells.gated import (
    ATR,
    CFN,
    DSGU,
    JANET,
    MGU,
    MUT1,
    MUT2,
    MUT3,
    NAS,
    RAN,
    SGRN,
    SGU,
    STAR,
    UGRNN,
    IntersectionRNN,
    LightRU,
    LiGRU,
    MinimalRNN,
)
from recurra.cells.gru import GRU, DilatedGRU, MiRU1, MiRU2, OriginalGRU, miru1, miru2, tauGRU
from recurra.cells.irregular import CTRNN, GRUD, CfC, ctrnn
from recurra.cells.linear import QRNN, SRU, TGRU, TLSTM, TRNN, MinGRU, MinLSTM
from recurra.cells.lstm import (
    LSTM,
    MCLSTM,
    WMCLSTM,
    CoupledLSTM,
    FullPeepholeLSTM,
    MassConservingLSTM,
    MultiplicativeLSTM,
    OriginalLSTM,
    PeepholeLSTM,
    ProjectedLSTM,
    ResLSTM,
    sLSTM,
)
from recurra.cells.simple import IRNN, SCRN, Elman, ElmanReLU, FastGRNN, FastRNN, IndRNN, scrn
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
