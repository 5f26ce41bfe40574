"""The table of all cells, in the order of their families, and their other names."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from recurra.cells.attention import RWKV4, Aaren, AFTSimple
from recurra.cells.clocked import ClockworkRNN, PhasedLSTM, SkipGRU
from recurra.cells.deep import (
    DeepTransitionGRU,
    DeepTransitionRNN,
    FastSlowLSTM,
    GatedFeedbackLSTM,
    GatedFeedbackRNN,
    HyperLSTM,
    NestedLSTM,
    RecurrentHighway,
)
from recurra.cells.dynamical import (
    BR,
    LEM,
    NBR,
    AntisymmetricRNN,
    GatedAntisymmetricRNN,
    LinOSS,
    LinOSSIMEX,
    MomentumRNN,
    UnICORNN,
    coRNN,
)
from recurra.cells.gated import (
    ATR,
    CARU,
    CFN,
    DSGU,
    JANET,
    LRN,
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
    EleAttGRU,
    IntersectionRNN,
    LightRU,
    LiGRU,
    MinimalRNN,
)
from recurra.cells.gru import GRU, DilatedGRU, MiRU1, MiRU2, OriginalGRU, tauGRU
from recurra.cells.irregular import (
    CTLSTM,
    CTRNN,
    GRUD,
    GRUODE,
    LTC,
    ODELSTM,
    ODERNN,
    CfC,
    GRUODEBayes,
    TimeAwareLSTM,
    TimeLSTM1,
    TimeLSTM2,
    TimeLSTM3,
)
from recurra.cells.linear import (
    GILRLSTM,
    HGRN,
    LRU,
    QRNN,
    RCNN,
    RGLRU,
    SRU,
    TGRU,
    TLSTM,
    TRNN,
    LogSpaceMinGRU,
    LogSpaceMinLSTM,
    MinGRU,
    MinLSTM,
)
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
from recurra.cells.lstm_variants import (
    ONLSTM,
    SCLSTM,
    ArrayLSTM,
    FactorisedLSTM,
    FullGateRecurrenceLSTM,
    GroupedLSTM,
    MogrifierLSTM,
    MomentumLSTM,
    NoInputActivationLSTM,
    NoInputGateLSTM,
    NoOutputActivationLSTM,
    NoOutputGateLSTM,
    SubLSTM,
)
from recurra.cells.matrix import (
    GLA,
    HGRN2,
    RWKV6,
    RWKV7,
    S6,
    SSD,
    DeltaNet,
    FastWeights,
    GatedDeltaNet,
    LinearAttention,
    RetNet,
    mLSTM,
    sLSTMHeads,
)
from recurra.cells.multiplicative import MIGRU, MILSTM, MIRNN, DeltaRNN, MultiplicativeRNN
from recurra.cells.orthogonal import LipschitzRNN, OrthogonalRNN, SpectralRNN
from recurra.cells.simple import (
    IRNN,
    MTRNN,
    RIN,
    SCRN,
    Elman,
    ElmanReLU,
    FastGRNN,
    FastRNN,
    HigherOrderRNN,
    IndRNN,
    Jordan,
    StatisticalRU,
)
from recurra.cells.spiking import ALIF, LIF
from recurra.cells.state_space import LMU, S4D, S5
from recurra.cells.wired import NCP, EchoState
from recurra.spec import Cell

__all__ = ["ALIASES", "all_cells", "find"]

_CELLS = (
    Elman, ElmanReLU, IRNN, RIN, IndRNN, FastRNN, FastGRNN, Jordan, HigherOrderRNN, SCRN, MTRNN, StatisticalRU,
    IntersectionRNN,
    MultiplicativeRNN, MIRNN, MIGRU, MILSTM, DeltaRNN,
    OrthogonalRNN, SpectralRNN, LipschitzRNN,
    LSTM, OriginalLSTM, CoupledLSTM, PeepholeLSTM, FullPeepholeLSTM, ProjectedLSTM, MultiplicativeLSTM, ResLSTM,
    WMCLSTM, MCLSTM, MassConservingLSTM, sLSTM, JANET,
    NoInputGateLSTM, NoOutputGateLSTM, NoInputActivationLSTM, NoOutputActivationLSTM, FullGateRecurrenceLSTM,
    MogrifierLSTM, SubLSTM, ArrayLSTM, SCLSTM, MomentumLSTM,
    ONLSTM, GroupedLSTM, FactorisedLSTM,
    GRU, OriginalGRU, DilatedGRU, tauGRU, EleAttGRU, MGU, MiRU1, MiRU2, UGRNN, MinimalRNN, LiGRU, LightRU, CARU,
    MUT1, MUT2, MUT3, SGU, DSGU, SGRN, ATR, LRN, STAR, CFN, RAN, NAS,
    RecurrentHighway, DeepTransitionRNN, DeepTransitionGRU, GatedFeedbackRNN, GatedFeedbackLSTM, FastSlowLSTM,
    NestedLSTM, HyperLSTM,
    ClockworkRNN, PhasedLSTM, SkipGRU, LIF, ALIF, EchoState,
    BR, NBR, LEM, coRNN, UnICORNN, LinOSS, LinOSSIMEX, AntisymmetricRNN, GatedAntisymmetricRNN, MomentumRNN,
    CTRNN, CfC, LTC, NCP, GRUD, GRUODE, GRUODEBayes, ODERNN, ODELSTM, TimeAwareLSTM, TimeLSTM1, TimeLSTM2, TimeLSTM3,
    CTLSTM,
    TRNN, TGRU, TLSTM, SRU, QRNN, GILRLSTM, RCNN, LRU, MinGRU, MinLSTM, LogSpaceMinGRU, LogSpaceMinLSTM, RGLRU, HGRN,
    LMU, S4D, S5,
    AFTSimple, Aaren, RWKV4,
    LinearAttention, FastWeights, GLA, RetNet, HGRN2, DeltaNet, GatedDeltaNet, mLSTM, sLSTMHeads, RWKV6, RWKV7, S6,
    SSD,
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
        "RHN": "RecurrentHighway", "Mogrifier": "MogrifierLSTM", "LiquidTimeConstant": "LTC", "oRNN": "OrthogonalRNN",
        "SvdRNN": "SpectralRNN", "NeuralHawkes": "CTLSTM", "FSLSTM": "FastSlowLSTM", "DifferentialStateRNN": "DeltaRNN",
        "Hawk": "RGLRU", "LinOSSIM": "LinOSS",
        "GatedLinearAttention": "GLA", "Mamba": "S6", "Mamba2": "SSD", "Finch": "RWKV6", "Goose": "RWKV7",
        "Retention": "RetNet", "CWRNN": "ClockworkRNN", "Clockwork": "ClockworkRNN", "ESN": "EchoState",
        "EchoStateNetwork": "EchoState", "LegendreMemoryUnit": "LMU", "OrderedNeurons": "ONLSTM", "SkipRNN": "SkipGRU",
        "NeuralCircuitPolicy": "NCP", "LSNN": "ALIF", "GLSTM": "GroupedLSTM", "FLSTM": "FactorisedLSTM",
    }
)  # fmt: skip
"""Other names of cells, from papers and other libraries -> the name here."""


def find(name: str, /) -> Cell | None:
    """Return the cell of a name or an alias, None if there is none.

    Upper and lower case do not matter, nor do hyphens, underscores, spaces, and "Cell" or "Layer" at the end.

    Examples
    --------
    >>> find("gru"), find("vanilla RNN"), find("nothing")
    (<cell GRU: states h; 10 parameters>, <cell Elman: states h; 3 parameters>, None)
    >>> from recurra.cells import ALIASES, all_cells
    >>> ALIASES["CIFG"], all_cells["CoupledLSTM"].states
    ('CoupledLSTM', ('h', 'c'))
    """
    by_name = {known.lower(): cell for known, cell in all_cells.items()}
    by_name |= {alias.lower(): all_cells[known] for alias, known in ALIASES.items()}
    wanted = name.lower()
    letters = re.sub(r"[-_ ]", "", wanted)
    for candidate in (wanted, letters, re.sub("(cell|layer)$", "", letters)):
        if candidate in by_name:
            return by_name[candidate]
    return None
