"""GRUs whose gates are constants."""

from recurra.cells.constants import share
from recurra.spec import Cell, cell, sigmoid, tanh

__all__ = ["MiRU1", "MiRU2", "miru1", "miru2"]


def miru1(*, keep: float = 0.5) -> Cell:
    """Make a MiRU1; `keep` is the paper's lambda, the share of the state that stays, from 0 to 1 (else `CellError`)."""
    share("MiRU1", keep=keep)

    @cell
    def MiRU1(p, x, h):
        """Minion recurrent unit: a GRU whose update gate is a constant.

        Zyarah & Kudithipudi (2026), Neurocomputing, doi:10.1016/j.neucom.2026.132847. `recurra.cells.miru1` makes
        the cell with another constant.
        """
        r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
        candidate = tanh(x @ p.W_xh + (r * h) @ p.W_hh + p.b_h)
        h = keep * h + (1 - keep) * candidate
        return h

    return MiRU1


def miru2(*, keep: float = 0.5, reset: float = 0.5) -> Cell:
    """Make a MiRU2; `keep` is the paper's lambda and `reset` its theta, each from 0 to 1 (else `CellError`)."""
    share("MiRU2", keep=keep, reset=reset)

    @cell
    def MiRU2(p, x, h):
        """Minion recurrent unit: a GRU both of whose gates are constants.

        Zyarah & Kudithipudi (2026), Neurocomputing, doi:10.1016/j.neucom.2026.132847. `recurra.cells.miru2` makes
        the cell with other constants.
        """
        candidate = tanh(x @ p.W_xh + (reset * h) @ p.W_hh + p.b_h)
        h = keep * h + (1 - keep) * candidate
        return h

    return MiRU2


MiRU1 = miru1()
MiRU2 = miru2()
